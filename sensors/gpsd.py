"""GPS receivers through gpsd: where this device is, and how fast it moves.

gpsd tells in lines of JSON (its `gpsd_json` page); TPV is a fix, the other classes say nothing
of a place.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from math import hypot
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from agent.errors import DecodeError
from agent.events import EPOCH, Input, InputQuarantined, LocationMeasured
from agent.ports import Clock
from agent.sensor import Outage, measured
from agent.signals import SPEED
from agent.wire import WRONG, WrongError, because, instant, number, parse, shown

NAME = "gpsd"
LINE_BYTES_MAX = 64 * 1024
CONNECT_S_MAX = 10
RETRY_S_MAX = 60
ACCURACY_M = 20.0  # where the receiver estimates none
ACCURACY_M_MAX = 100_000.0
ASTRAY = timedelta(days=1)
"""A fix is of now: a receiver that is further off counts its weeks wrong (they begin anew after
1024), or this device's own clock was never set."""
_WATCH = b'?WATCH={"enable":true,"json":true};\n'


class Settings(BaseModel):
    """Where gpsd listens, and how often a fix is kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(default="127.0.0.1", min_length=1, description="name or address of gpsd")
    port: int = Field(default=2947, ge=1, le=65535, description="TCP port")
    socket: Path | None = Field(
        default=None, description="unix socket that speaks gpsd's JSON; wins over host and port"
    )
    every_s: float = Field(
        default=5, ge=0, le=600, description="seconds between two fixes that are kept"
    )
    retry_s: float = Field(
        default=2,
        ge=0.01,
        le=60,
        description="seconds until gpsd is tried again; doubled each time, up to a minute",
    )


def decode(line: bytes, *, arrived: datetime) -> Sequence[Input]:
    """Return the fix in *line*, and the speed if it has one; nothing where it is no fix.

    Raise DecodeError for what is no message of gpsd's, or its word for a fault.
    """
    try:
        return _read(parse(line), arrived)
    except WRONG as error:
        raise DecodeError(NAME, because(error)) from error


def _read(said: JsonValue, arrived: datetime) -> Sequence[Input]:
    if not isinstance(said, dict) or not isinstance(said.get("class"), str):
        raise WrongError(f"{shown(said)} is no message with a class")
    if said["class"] == "ERROR":
        raise WrongError(f"it says {shown(said.get('message'), 120)!r}")
    # Mode 2 is a fix, 3 one with altitude; the first of a receiver has no time, or no place yet.
    fixed = said["class"] == "TPV" and number(said.get("mode", 0), "mode") >= 2
    if not fixed or not said.keys() >= {"time", "lat", "lon"}:
        return ()
    at = instant(said["time"])
    if abs(at - arrived) > ASTRAY:
        raise WrongError(f"a fix of {at:%Y-%m-%d}: the receiver's clock, or ours, is wrong")
    fix = LocationMeasured(
        at=at,
        latitude_deg=number(said["lat"], "lat"),
        longitude_deg=number(said["lon"], "lon"),
        accuracy_m=min(ACCURACY_M_MAX, _accuracy_m(said)),
        source=NAME,
    )
    if "speed" not in said:
        return (fix,)
    return fix, measured(SPEED.id, number(said["speed"], "speed"), at=at, source=NAME)


def _accuracy_m(said: dict[str, JsonValue]) -> float:
    """Return the error that is estimated horizontally, or that of its two directions."""
    if "eph" in said:
        return number(said["eph"], "eph")
    if "epx" in said and "epy" in said:
        return hypot(number(said["epx"], "epx"), number(said["epy"], "epy"))
    return ACCURACY_M


class Gpsd:
    """A sensor that yields a fix now and then, and connects again when gpsd goes away."""

    name = NAME

    def __init__(self, settings: Settings, *, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._every = timedelta(seconds=settings.every_s)
        self._last = EPOCH
        self._bad = ""
        self._outage = Outage(NAME)

    async def events(self) -> AsyncIterator[Sequence[Input]]:
        """Yield each fix that is kept, for ever."""
        failures = 0
        while True:
            try:
                async with asyncio.timeout(CONNECT_S_MAX):
                    reader, writer = await self._open()
                self._outage.tell("")
                try:
                    writer.write(_WATCH)
                    async for line in _lines(reader):
                        failures = 0
                        if batch := self._taken(line):
                            yield batch
                finally:
                    writer.close()
                    with suppress(OSError):
                        await writer.wait_closed()
                self._outage.tell("gpsd ended the connection")
            except (OSError, TimeoutError) as error:
                self._outage.tell(str(error) or "gpsd does not answer")
            await asyncio.sleep(min(RETRY_S_MAX, self._settings.retry_s * 2 ** min(failures, 16)))
            failures += 1

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        where = self._settings
        if where.socket is not None:
            return await asyncio.open_unix_connection(where.socket, limit=LINE_BYTES_MAX)
        return await asyncio.open_connection(where.host, where.port, limit=LINE_BYTES_MAX)

    def _taken(self, line: bytes) -> Sequence[Input]:
        """Return what is kept of *line*; a fault is told once, until a line is good again."""
        now = self._clock.now()
        try:
            events = decode(line, arrived=now)
        except DecodeError as error:
            known, self._bad = self._bad == str(error), str(error)
            return [] if known else [InputQuarantined(at=now, source=NAME, reason=self._bad)]
        if not events:
            return ()
        self._bad = ""
        since = events[0].at - self._last
        if timedelta() <= since < self._every:  # one from before the last follows a clock's jump
            return ()
        self._last = events[0].at
        return events


async def _lines(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Yield each line until the end; raise OSError where one is longer than any of gpsd's."""
    while True:
        try:
            line = await reader.readline()
        except ValueError as error:
            raise OSError(f"it sent a line of more than {LINE_BYTES_MAX} bytes") from error
        if not line:
            return
        yield line
