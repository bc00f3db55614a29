"""Watched folders: what another program exports into them comes in by itself.

A file or folder in one is read when it has stopped changing for one look, by the first importer
that knows its form.  What is unknown or damaged is said once until it changes.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from agent.errors import DecodeError
from agent.events import Input, InputQuarantined
from agent.ports import Clock
from agent.sensor import REASON_LENGTH_MAX, Importer, synced

NAME = "folder"
ENTRIES_MAX = 2_000
FILES_MAX = 1_000
"""So many files of one exported folder are looked at for a change."""
TOLD_MAX = 500
"""So many reports are remembered: an export that comes every ten minutes says each once."""


class Settings(BaseModel):
    """Which folders are watched."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paths: tuple[Path, ...] = Field(
        default=(), max_length=32, description="folders into which other programs export"
    )
    poll_s: float = Field(
        default=5, ge=0.05, le=3600, description="seconds between two looks for a change"
    )


class State(NamedTuple):
    """What tells a changed entry from an unchanged one."""

    files: int
    size_bytes: int
    changed_ns: int


class Folder:
    """A sensor that yields what its importers read, in batches, each source's last one synced."""

    name = NAME

    def __init__(self, settings: Settings, *, importers: Sequence[Importer], clock: Clock) -> None:
        self._settings = settings
        self._importers = importers
        self._clock = clock
        self._told = dict[tuple[str, str], None]()

    async def events(self) -> AsyncIterator[Sequence[Input]]:
        """Yield what came in, for ever."""
        seen, done = dict[Path, State](), dict[Path, State]()
        while True:
            now = await asyncio.to_thread(_look, self._settings.paths)
            done = {path: state for path, state in done.items() if path in now}
            for path, state in now.items():
                if seen.get(path) == state != done.get(path):
                    done[path] = state
                    reading = self._imported(path)
                    while batch := await asyncio.to_thread(next, reading, ()):
                        yield batch
            seen = now
            await asyncio.sleep(self._settings.poll_s)

    def _imported(self, path: Path) -> Iterator[Sequence[Input]]:
        """Yield all that *path* holds, each report once; this runs beside the loop."""
        try:
            batches = self._importer(path).read(path)
            for batch in synced(batches, arrived=self._clock.now()):
                if fresh := [event for each in batch for event in self._arrived(each)]:
                    yield fresh
        except DecodeError as error:
            reason = str(error)[:REASON_LENGTH_MAX]
            yield [InputQuarantined(at=self._clock.now(), source=NAME, reason=reason)]

    def _importer(self, path: Path) -> Importer:
        for importer in self._importers:
            if importer.recognise(path):
                return importer
        known = ", ".join(importer.name for importer in self._importers) or "none"
        raise DecodeError(str(path), f"is of no known kind (known: {known})")

    def _arrived(self, event: Input) -> Iterator[Input]:
        """Yield *event*; a report as of now, and only if it was not told lately."""
        if not isinstance(event, InputQuarantined):
            yield event
            return
        key = (event.source, event.reason)
        if key not in self._told:
            yield InputQuarantined(at=self._clock.now(), source=event.source, reason=event.reason)
        self._told[key] = None
        for oldest in [*self._told][:-TOLD_MAX]:
            del self._told[oldest]


def _look(paths: Sequence[Path]) -> dict[Path, State]:
    """Return the state of each entry, in order of its name, without reading any."""
    found = dict[Path, State]()
    for folder in paths:
        try:
            entries = sorted(islice(folder.iterdir(), ENTRIES_MAX))
        except OSError:
            continue  # it is not there, or not yet
        states = ((entry, _state(entry)) for entry in entries if not entry.name.startswith("."))
        found |= {entry: state for entry, state in states if state is not None}
    return found


def _state(entry: Path) -> State | None:
    try:
        files = list(islice(entry.rglob("*"), FILES_MAX)) if entry.is_dir() else []
        stats = [path.stat() for path in (entry, *files)]
    except OSError:
        return None  # it is just being moved away
    newest = max(stat.st_mtime_ns for stat in stats)
    return State(len(stats), sum(stat.st_size for stat in stats), newest)
