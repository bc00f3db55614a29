"""Apple Health's export: `export.xml`, its folder, or the zip archive that the phone makes.

Heart rate, beats, oxygen, breathing, steps, temperatures and sound come from the records, and the
places of workouts from the GPX files beside them.  It is read once from end to end, whatever its
length, and each device or program that wrote into it is a source of its own.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol
from zipfile import BadZipFile, ZipFile

from agent.errors import DecodeError
from agent.events import EPOCH, Input, InputQuarantined
from agent.sensor import REASON_LENGTH_MAX, SILENT, Progress, salvaged
from sensors.apple_health.records import NAME, Records

CHUNK_BYTES = 1 << 16
BYTES_MAX = 16 << 30
HEAD_BYTES = 4096
MEMBERS_MAX = 50_000
EVENTS_A_STEP = 500
ROUTES_SOURCE = "apple-workout"
_ROOT = b"HealthData"
_NONE = "is of Apple Health, but holds no sample"
_FAULTS = (OSError, BadZipFile, zlib.error, EOFError, RuntimeError)  # the last: a password


class Route(Protocol):
    """What reads a GPX file."""

    def __call__(self, file: BinaryIO, name: str, *, source: str) -> Iterator[Input]:
        """Yield what *file*, shown as *name*, says; raise DecodeError if it is damaged."""


class _Part(NamedTuple):
    """One file of an export."""

    name: str
    bytes_: int
    opened: Callable[[], BinaryIO]


class AppleHealth:
    """The importer of such exports; what reads their routes comes from outside."""

    name = NAME

    def __init__(self, route: Route) -> None:
        self._route = route

    def recognise(self, path: Path) -> bool:
        """Return whether *path* is such an export, by the root of its XML."""
        try:
            with ExitStack() as stack:
                return any(_is_records(part) for part in _parts(path, stack))
        except _FAULTS:
            return False

    def read(self, path: Path, *, progress: Progress = SILENT) -> Iterator[Sequence[Input]]:
        """Yield what its records and routes say, and what was left out and why.

        A damaged file takes nothing from the others.  Raise DecodeError where there is nothing.
        """
        try:
            with ExitStack() as stack:
                events = self._events(_parts(path, stack), progress)
                yield from salvaged(events, path=path, kind=NAME, holds_none=_NONE)
        except _FAULTS as error:
            raise DecodeError(str(path), f"cannot be read: {error}"[:200]) from error
        progress(1)

    def _events(self, parts: Sequence[_Part], progress: Progress) -> Iterator[Input]:
        whole = max(1, sum(part.bytes_ for part in parts))
        before, last = 0, EPOCH
        for part in parts:
            try:
                with part.opened() as file:
                    for number, event in enumerate(self._part(file, part.name)):
                        last = event.at
                        yield event
                        if number % EVENTS_A_STEP == 0:
                            progress(min(1.0, (before + file.tell()) / whole))
            except (DecodeError, *_FAULTS) as error:
                named = error if isinstance(error, DecodeError) else f"{part.name}: {error}"
                reason = f"{named}; what came before it is kept"[:REASON_LENGTH_MAX]
                yield InputQuarantined(at=last, source=NAME, reason=reason)
            before += part.bytes_

    def _part(self, file: BinaryIO, name: str) -> Iterator[Input]:
        if name.endswith(".gpx"):
            return self._route(file, name, source=ROUTES_SOURCE)
        return records(file, name)


def records(file: BinaryIO, name: str) -> Iterator[Input]:
    """Yield what the export in *file*, shown as *name*, says; raise DecodeError if damaged."""
    reader, read = Records(name), 0
    damage: DecodeError | None = None
    while damage is None:
        piece = file.read(CHUNK_BYTES)
        read += len(piece)
        try:
            reader.markup.feed(piece, last=not piece)
            if read > BYTES_MAX:
                raise DecodeError(name, f"is longer than {BYTES_MAX} bytes")  # noqa: TRY301
        except DecodeError as error:
            damage = error
        yield from reader.taken()
        if not piece:
            break
    yield from reader.left_out()
    if damage is not None:
        raise damage


def _parts(path: Path, stack: ExitStack) -> Sequence[_Part]:
    """Return the records and then the routes in a file, a folder or an archive."""
    if path.is_dir():
        inside = sorted(islice(path.glob("**/*"), MEMBERS_MAX))
        found = [_file(each) for each in inside if each.is_file()]
    elif _is_archive(path):
        archive = stack.enter_context(ZipFile(path))
        found = [
            _Part(f"{path}/{each.filename}", each.file_size, _member(archive, each.filename))
            for each in archive.infolist()[:MEMBERS_MAX]
        ]
    else:
        return [_file(path)]
    whole = [part for part in found if part.name.endswith(".xml") and _is_records(part)]
    return whole + [part for part in found if part.name.endswith(".gpx")] if whole else []


def _file(path: Path) -> _Part:
    return _Part(str(path), path.stat().st_size, lambda: path.open("rb"))


def _member(archive: ZipFile, name: str) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        return archive.open(name)  # type: ignore[return-value]  # it is one in all but name

    return opened


def _is_archive(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PK\3\4"


def _is_records(part: _Part) -> bool:
    with part.opened() as file:
        head = file.read(HEAD_BYTES)
    return b"<!DOCTYPE " + _ROOT in head or b"<" + _ROOT in head
