"""FIT files, as watches and bicycle computers of Garmin and others write them.

Taken in are heart rate, beats, steps, cadence on foot, speed, places, breathing, oxygen, stress,
skin and device temperature, and battery, of activities and of all-day monitoring alike.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from agent.errors import DecodeError
from agent.events import Input
from agent.sensor import SILENT, Progress, salvaged
from sensors.fit.meaning import NAME, Meaning, sessions
from sensors.fit.profile import SPORTS, WANTED
from sensors.fit.protocol import HEADER_BYTES_MIN, MAGIC, Damage, messages

BYTES_MAX = 64 << 20  # a day of everything at 1 Hz is 10 MB
DAMAGES_MAX = 10
_NONE = "is FIT, but holds no sample"


class Fit:
    """The importer of such files."""

    name = NAME

    def recognise(self, path: Path) -> bool:
        """Return whether *path* is a file with the header of FIT."""
        try:
            with path.open("rb") as file:
                head = file.read(HEADER_BYTES_MIN)
        except OSError:
            return False
        return head[8:] == MAGIC

    def read(self, path: Path, *, progress: Progress = SILENT) -> Iterator[Sequence[Input]]:
        """Yield what it holds, and what was damaged or left out, naming file and byte.

        Raise DecodeError where there is nothing of that.
        """
        try:
            with path.open("rb") as file:
                data = file.read(BYTES_MAX + 1)
        except OSError as error:
            raise DecodeError(str(path), f"cannot be read: {error.strerror}") from error
        if len(data) > BYTES_MAX:
            raise DecodeError(str(path), f"is longer than {BYTES_MAX} bytes")
        events = decode(data, name=str(path), progress=progress)
        yield from salvaged(events, path=path, kind=NAME, holds_none=_NONE)


def decode(data: bytes, *, name: str, progress: Progress = SILENT) -> Iterator[Input]:
    """Yield what *data* says; raise DecodeError if that is nothing at all."""
    meaning = Meaning(name, sessions(messages(data, SPORTS)))
    nothing, damages = True, 0
    for found in messages(data, WANTED):
        if isinstance(found, Damage):
            damages += 1
            if damages <= DAMAGES_MAX:
                yield meaning.damaged(found)
            continue
        for event in meaning.events(found):
            nothing = False
            yield event
        progress(found.byte / len(data))
    for report in meaning.left_out():
        nothing = False
        yield report
    if nothing and not damages:
        raise DecodeError(name, f"is FIT of {meaning.kind}: nothing in it is measured here")
    progress(1)
