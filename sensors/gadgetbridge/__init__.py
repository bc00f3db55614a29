"""Gadgetbridge's database, as it exports it: bands and watches of many makers, by the minute.

Tables are found by their names and columns, so a schema of another version gives what is known in
it, and tells which tables are not.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from agent.errors import DecodeError
from agent.events import Input
from agent.sensor import SILENT, Progress, salvaged
from sensors.gadgetbridge.database import Database
from sensors.gadgetbridge.reading import NAME, Reading
from sensors.gadgetbridge.tables import SAMPLES

MAGIC = b"SQLite format 3\0"
_NONE = "is a database of Gadgetbridge, but holds no sample"


class Gadgetbridge:
    """The importer of such files."""

    name = NAME

    def recognise(self, path: Path) -> bool:
        """Return whether *path* is a database with Gadgetbridge's devices and samples.

        One that is too damaged to tell is taken for it: reading says what is wrong with it.
        """
        try:
            with path.open("rb") as file:
                if file.read(len(MAGIC)) != MAGIC:
                    return False
            with closing(Database(path)) as db:
                names = [table.name for table in db.tables()]
        except OSError:
            return False
        except sqlite3.Error:
            return True
        return "DEVICE" in names and any(name.endswith(SAMPLES) for name in names)

    def read(self, path: Path, *, progress: Progress = SILENT) -> Iterator[Sequence[Input]]:
        """Yield all samples in order of time, and what was left out and why.

        Raise DecodeError where there is nothing of that.
        """
        try:
            with closing(Database(path)) as db:
                events = Reading(db, str(path), progress).events()
                yield from salvaged(events, path=path, kind=NAME, holds_none=_NONE)
        except sqlite3.Error as error:
            raise DecodeError(str(path), f"cannot be read: {error}") from error
        progress(1)
