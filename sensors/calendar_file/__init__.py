"""Calendars as iCalendar files or folders of them, read again when they change.

The text is decoded in a short-lived child, so that neither the library's memory nor a hostile
rule's appetite becomes the daemon's.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from agent.errors import DecodeError
from agent.events import CalendarChanged, Input, InputQuarantined, load
from agent.ports import Clock
from agent.sensor import SILENT, Progress

NAME = "calendar"
FILES_MAX = 200
DAYS_BACK, DAYS_AHEAD = 1, 8
DEADLINE_S = 90  # of wall time: more than the processor time that any setting allows
MEMORY_BYTES_MAX = 1 << 30
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


class Asked(BaseModel):
    """What the child is asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: AwareDatetime
    source: str
    since: AwareDatetime
    until: AwareDatetime
    zone: str
    address: str
    cpu_s: int


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
        command = _command(path, self._asked(path))
        try:
            done = subprocess.run(  # noqa: S603 - our own module; there is no shell
                command, capture_output=True, env=_environment(), timeout=DEADLINE_S, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise _too_slow(path) from error
        return _outcome(path, done.returncode, done.stdout, done.stderr)

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
            return await _decoded(path, asked)
        except DecodeError as error:
            return [self._quarantined(str(error))]

    def _today(self) -> datetime:
        now = self._clock.now().astimezone(self._zone)
        return datetime.combine(now.date(), time(), tzinfo=self._zone)

    def _asked(self, path: Path) -> Asked:
        today = self._today()
        return Asked(
            at=self._clock.now(),
            source=f"{NAME}/{path}",
            since=today - timedelta(days=DAYS_BACK),
            until=today + timedelta(days=DAYS_AHEAD),
            zone=self._zone.key,
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


async def _decoded(path: Path, asked: Asked) -> Sequence[Input]:
    child = await asyncio.create_subprocess_exec(
        *_command(path, asked),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(),
    )
    try:
        async with asyncio.timeout(DEADLINE_S):
            out, err = await child.communicate()
    except TimeoutError as error:
        raise _too_slow(path) from error
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return _outcome(path, child.returncode or 0, out, err)


def _command(path: Path, asked: Asked) -> Sequence[str]:
    module = ("-P", "-m", "sensors.calendar_file")
    return sys.executable, *module, str(path.absolute()), asked.model_dump_json()


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}


def _too_slow(path: Path) -> DecodeError:
    return DecodeError(str(path), f"took more than {DEADLINE_S} s: an entry repeats too often")


def _outcome(path: Path, code: int, out: bytes, err: bytes) -> Sequence[Input]:
    if code == 1 and (said := err.decode(errors="replace").strip().splitlines()):
        raise DecodeError(NAME, said[-1][:500])
    if code:
        raise DecodeError(str(path), f"its reader stopped with {code}: is a rule in it hostile?")
    try:
        return [load(line) for line in out.splitlines()]
    except ValidationError as error:
        raise DecodeError(str(path), "its reader's answer is damaged") from error
