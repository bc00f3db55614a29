"""The file: opened for reading only, and trusted in nothing but its plain tables."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from re import ASCII, sub
from typing import NamedTuple
from urllib.parse import quote

from sensors.gadgetbridge.tables import DEVICE, TIMESTAMP

TABLES_MAX = 500
COLUMNS_MAX = 100
DEVICES_MAX = 1_000
CELL_BYTES_MAX = 1 << 20
OPCODES = 1_000_000
OPCODES_MAX = 2_000  # millions of them for one row: a sort of ten million rows takes fewer
SOURCE_LENGTH_MAX, KEY_LENGTH_MAX = 40, 16


class Table(NamedTuple):
    """A plain table, and its columns in upper case."""

    name: str
    columns: tuple[str, ...]

    @property
    def keyed(self) -> bool:
        """Return whether each row has a time and a device."""
        return {TIMESTAMP, DEVICE} <= set(self.columns)


class Database:
    """One such file, open."""

    def __init__(self, path: Path) -> None:
        """Raise sqlite3.Error if *path* is no database."""
        address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
        self._db = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._spent = 0
        # One name that is no UTF-8 must not take the samples with it.
        self._db.text_factory = lambda text: text.decode("utf-8", "replace")
        self._db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, CELL_BYTES_MAX)
        self._db.set_progress_handler(self._spend, OPCODES)
        for name in ("query_only = on", "trusted_schema = off", "cell_size_check = on"):
            self._db.execute(f"pragma {name}")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def tables(self) -> Sequence[Table]:
        """Return every plain table: a view or a virtual table would carry out what is in it."""
        text = (
            "select name from sqlite_master where type = 'table' and rootpage > 0 "
            "and sql not like 'create virtual%' order by name limit ?"
        )
        names = [str(name) for (name,) in self._rows(text, TABLES_MAX)]
        return [Table(name, self._columns(name)) for name in names]

    def rows(
        self, table: Table, columns: Sequence[str], *, sort: Sequence[str]
    ) -> Iterator[Sequence[object]]:
        """Yield *columns* of each row, in the order of those of *sort* that there are."""
        wanted = ", ".join(map(_quoted, columns))
        order = ", ".join(_quoted(name) for name in sort if name in table.columns)
        # All names come from the file's own schema, and are quoted as names.
        yield from self._rows(f"select {wanted} from {_quoted(table.name)} order by {order}")  # noqa: S608

    def count(self, table: Table) -> int:
        """Return how many rows *table* has."""
        text = f"select count(*) from {_quoted(table.name)}"  # noqa: S608  # quoted
        return int(str(next(self._rows(text))[0]))

    def _columns(self, table: str) -> tuple[str, ...]:
        text = "select upper(name) from pragma_table_info(?) limit ?"
        return tuple(str(name) for (name,) in self._rows(text, table, COLUMNS_MAX))

    def _rows(self, text: str, *values: object) -> Iterator[Sequence[object]]:
        try:
            cursor = self._db.execute(text, values)
            self._spent = 0
            for row in cursor:
                yield row
                self._spent = 0
        except UnicodeDecodeError as error:
            # SQLite's own words on a damaged schema hold the bytes that were damaged.
            raise sqlite3.DatabaseError("its schema is damaged") from error

    def _spend(self) -> int:
        """Return whether one row has taken too long: then SQLite gives up."""
        self._spent += 1
        return self._spent > OPCODES_MAX


def devices(db: Database, tables: Sequence[Table]) -> Mapping[object, str]:
    """Return the name of each device as a source: its own, and a number where two share it."""
    found = dict[object, str]()
    for table in tables:
        if table.name != "DEVICE" or not {"_ID", "NAME"} <= set(table.columns):
            continue
        for key, name in db.rows(table, ("_ID", "NAME"), sort=("_ID",)):
            source = _source(name)
            other = f"{source}-{str(key)[:KEY_LENGTH_MAX]}"
            found[key] = other if source in found.values() else source
            if len(found) >= DEVICES_MAX:
                break
    return found


def _source(name: object) -> str:
    plain = sub(r"[^a-z0-9]+", "-", str(name).lower()[:SOURCE_LENGTH_MAX], flags=ASCII).strip("-")
    return plain or "device"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
