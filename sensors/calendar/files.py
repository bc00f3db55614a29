"""Calendars as iCalendar files or folders of them, read again when they change."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from agent.errors import DecodeError
from agent.events import CalendarChanged, Input, InputQuarantined
from agent.ports import Clock
from agent.sensor import SILENT, Progress
from sensors.calendar.child import NAME, Asked, asked_of, decoded, midnight, read

FILES_MAX = 200
HEAD_BYTES = 4096
Stat = tuple[int, int, int] | None


class Settings(BaseModel):
    """Which calendars are watched, and as whom."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paths: tuple[Path, ...] = Field(
        default=(), max_length=32, description="iCalendar files, or folders of .ics files"
    )
    address: str = Field(
        default="",
        max_length=254,
        description="your address as invitations name it: what it declined claims no attention",
    )
    poll_s: float = Field(
        default=5, ge=0.05, le=3600, description="seconds between two looks for a change"
    )
    cpu_s: int = Field(
        default=10, ge=1, le=60, description="seconds of processor time that one calendar may take"
    )


class CalendarFiles:
    """A sensor that yields each calendar at start, when its file changes, and once each day.

    It is an importer too.  A calendar's source is `calendar/PATH`; one that cannot be read stays
    as it was, and one whose file is gone is empty.
    """

    name = NAME

    def __init__(self, settings: Settings, *, clock: Clock, zone: ZoneInfo) -> None:
        self._settings = settings
        self._clock = clock
        self._zone = zone

    def recognise(self, path: Path) -> bool:
        """Return whether *path* is an iCalendar file, or a folder that holds .ics files."""
        try:
            if path.is_dir():
                return any(path.glob("*.ics"))
            with path.open("rb") as file:
                head = file.read(HEAD_BYTES).upper()
        except OSError:
            return False
        return b"BEGIN:VCALENDAR" in head or b"BEGIN:VEVENT" in head

    def read(self, path: Path, *, progress: Progress = SILENT) -> Iterator[Sequence[Input]]:
        """Yield the calendar in *path* and what it could not read; raise DecodeError.

        In a folder, a file that cannot be read takes nothing from the others.
        """
        if not path.is_dir():
            yield self._file(path)
            return
        paths = sorted(path.glob("*.ics"))
        for number, each in enumerate(paths[:FILES_MAX], start=1):
            try:
                yield self._file(each)
            except DecodeError as error:
                yield [self._quarantined(str(error))]
            progress(number / len(paths))
        if len(paths) > FILES_MAX:
            why = f"{path}: {len(paths)} calendars, only the first {FILES_MAX} are read"
            yield [self._quarantined(why)]

    def _quarantined(self, why: str) -> InputQuarantined:
        return InputQuarantined(at=self._clock.now(), source=NAME, reason=why[:500])

    def _file(self, path: Path) -> Sequence[Input]:
        return read(self._asked(path), path)

    async def events(self) -> AsyncIterator[Sequence[Input]]:
        """Yield one calendar at a time, or the record that it cannot be read."""
        seen, told, day = dict[Path, Stat](), dict[Path, Stat](), self._today()
        first = True
        while True:
            now = await asyncio.to_thread(_look, self._settings.paths)
            now = dict.fromkeys(told, None) | now
            if day != self._today():
                day = self._today()
                told = {path: stat for path, stat in told.items() if stat is None}
            for path, stat in now.items():
                quiet = first or (path in seen and seen[path] == stat)
                if quiet and (path not in told or told[path] != stat):
                    told[path] = stat
                    yield await self._state(path, stat)
            seen, first = now, False
            await asyncio.sleep(self._settings.poll_s)

    async def _state(self, path: Path, stat: Stat) -> Sequence[Input]:
        asked = self._asked(path)
        if stat is None and path not in self._settings.paths:
            gone = CalendarChanged(
                at=asked.at,
                source=asked.source,
                since=asked.since,
                until=asked.until,
                meetings=(),
            )
            return [gone]
        try:
            return await decoded(asked, path)
        except DecodeError as error:
            return [self._quarantined(str(error))]

    def _today(self) -> datetime:
        return midnight(self._clock.now(), self._zone)

    def _asked(self, path: Path) -> Asked:
        return asked_of(
            f"{NAME}/{path}",
            now=self._clock.now(),
            zone=self._zone,
            address=self._settings.address,
            cpu_s=self._settings.cpu_s,
        )


def _look(paths: Sequence[Path]) -> dict[Path, Stat]:
    """Return the state of each file, without reading any; a named one that is absent is None."""
    found = list[Path]()
    for path in paths:
        found += sorted(path.glob("*.ics")) if path.is_dir() else [path]
    return {path: _stat(path) for path in found[:FILES_MAX]}


def _stat(path: Path) -> Stat:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
