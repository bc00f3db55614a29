"""Calendars on CalDAV servers of the wearer's choice, asked whether they changed."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from agent.errors import ConfigError, DecodeError
from agent.events import CalendarChanged, Input, InputQuarantined
from agent.ports import Clock
from agent.sensor import REASON_LENGTH_MAX
from sensors.calendar.child import asked_of, decoded, midnight
from sensors.calendar.dav import Account, AwayError, Collection, Mark

NAME = "caldav"
_log = logging.getLogger(__name__)


class Settings(BaseModel):
    """Which calendars are asked for, and as whom."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    urls: tuple[str, ...] = Field(
        default=(),
        max_length=16,
        description="addresses of calendars (https); no other host is ever asked",
    )
    username: str = Field(default="", max_length=254, description="name at the server")
    password_file: str = Field(
        default="", description="path of a file whose first line is the password"
    )
    tls_ca: str = Field(
        default="",
        description="path of the CA (PEM) that signed the server's key; empty: the system's",
    )
    address: str = Field(
        default="",
        max_length=254,
        description="your address as invitations name it: what it declined claims no attention",
    )
    poll_s: float = Field(
        default=300, ge=0.05, le=86_400, description="seconds between two questions"
    )
    cpu_s: int = Field(
        default=10, ge=1, le=60, description="seconds of processor time that one calendar may take"
    )


class CalDav:
    """A sensor that yields each calendar at start, when it changes, and once each day.

    Only the days around today are asked for, whatever the calendar holds.  Its source is
    `caldav/HOST/PATH`; while its server is away it stays as it was.
    """

    name = NAME

    def __init__(self, settings: Settings, *, clock: Clock, zone: ZoneInfo) -> None:
        self._settings = settings
        self._clock = clock
        self._zone = zone
        self._collections = {url: _collection(settings, url) for url in settings.urls}
        self._marks = dict[str, Mark]()
        self._why = dict[str, str]()

    async def events(self) -> AsyncIterator[Sequence[Input]]:
        """Yield one calendar at a time, or the record that it cannot be read."""
        day = self._today()
        try:
            while True:
                if day != self._today():
                    day = self._today()
                    self._marks.clear()
                for url, collection in self._collections.items():
                    if batch := await self._looked(url, collection):
                        yield batch
                await asyncio.sleep(self._settings.poll_s)
        finally:
            for collection in self._collections.values():
                collection.close()

    async def _looked(self, url: str, collection: Collection) -> Sequence[Input]:
        """Return the calendar if it changed; what cannot be read is told when that changes."""
        asked = asked_of(
            _source(url),
            now=self._clock.now(),
            zone=self._zone,
            address=self._settings.address,
            cpu_s=self._settings.cpu_s,
        )
        span = {"since": asked.since, "until": asked.until}
        try:
            before = self._marks.get(url, Mark())
            mark = await asyncio.to_thread(collection.changed, before, **span)
            if mark is None:
                self._tell(url, "")
                return ()
            text = await asyncio.to_thread(collection.between, *span.values())
            self._marks[url] = mark
            found = await decoded(asked, text)
        except AwayError as error:
            self._tell(url, str(error))
            return ()
        except DecodeError as error:
            known = self._why.get(url) == str(error)
            self._tell(url, str(error))
            why = f"{asked.source}: {error}"[:REASON_LENGTH_MAX]
            return () if known else [InputQuarantined(at=asked.at, source=NAME, reason=why)]
        self._tell(url, "")
        return [_named(event) for event in found]

    def _today(self) -> datetime:
        return midnight(self._clock.now(), self._zone)

    def _tell(self, url: str, why: str) -> None:
        """Log when a server goes away and when it is back, not each attempt."""
        if why and why != self._why.get(url):
            _log.warning("%s: %s; what was known of it stands", NAME, why)
        elif self._why.get(url) and not why:
            _log.info("%s: %s can be read again", NAME, _source(url))
        self._why[url] = why


def _named(event: Input) -> Input:
    if isinstance(event, InputQuarantined):
        return InputQuarantined(at=event.at, source=NAME, reason=event.reason)
    assert isinstance(event, CalendarChanged)
    return event


def _source(url: str) -> str:
    parts = urlsplit(url)
    return f"{NAME}/{parts.hostname}{parts.path}"[:200]


def _collection(settings: Settings, url: str) -> Collection:
    """Return the collection at *url*; raise ConfigError before anything starts."""
    password = ""
    if settings.password_file:
        try:
            password = Path(settings.password_file).read_text().partition("\n")[0].strip()
        except (OSError, UnicodeDecodeError) as error:
            key = "caldav.password_file"
            raise ConfigError(key, settings.password_file, f"cannot be read: {error}") from error
    try:
        return Collection(Account(url, settings.username, password, settings.tls_ca))
    except (ValueError, OSError, ssl.SSLError) as error:
        raise ConfigError("caldav", url, str(error)) from error
