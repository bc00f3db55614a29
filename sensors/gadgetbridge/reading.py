"""Rows as events: in order of time over all tables, and by whom."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from heapq import merge
from operator import attrgetter

from agent.events import EPOCH, Input, InputQuarantined, SampleMeasured
from agent.sensor import REASON_LENGTH_MAX, Progress, measured
from sensors.gadgetbridge.database import Database, Table, devices
from sensors.gadgetbridge.tables import (
    BATTERY,
    BEATS,
    DEVICE,
    KIND,
    SAMPLES,
    TEMPERATURE,
    TIMESTAMP,
    WORN,
    Measure,
    measures,
    temperature,
)

NAME = "gadgetbridge"
MILLISECONDS_MIN = 100_000_000_000  # seconds reach this in the year 5138
SECONDS_MIN, SECONDS_MAX = 946_684_800, 4_102_444_800  # the years 2000 and 2100
WORN_AGAIN = timedelta(hours=1)
ROWS_A_STEP = 1_000
_TYPE, _INDEX = "TEMPERATURE_TYPE", "BATTERY_INDEX"
_BY_ITSELF = frozenset(("steps", "battery"))  # these hold whether the device is worn or not
Row = Mapping[str, object]


class _State:
    """What a device's rows before said."""

    def __init__(self) -> None:
        self.worn: bool | None = None
        self.told = self.beat = EPOCH


class Reading:
    """One passage through a database."""

    def __init__(self, db: Database, name: str, progress: Progress) -> None:
        self._db = db
        self._name = name
        self._progress = progress
        self._sources: Mapping[object, str] = {}
        self._left = Counter[str]()
        self._rows = self._done = 0

    def events(self) -> Iterator[Input]:
        """Yield what all tables say, and then what was left out; raise sqlite3.Error."""
        tables = self._db.tables()
        self._sources = devices(self._db, tables)
        known = [(table, found) for table in tables if (found := self._measures(table))]
        self._rows = sum(self._db.count(table) for table, _ in known)
        streams = [self._table(table, found) for table, found in known]
        last = EPOCH
        for event in merge(*streams, key=attrgetter("at")):
            last = event.at
            yield event
        for why, count in self._left.items():
            yield self._report(f"{self._name}: {why} ({count} left out)", last)

    def _measures(self, table: Table) -> Sequence[Measure]:
        if not table.name.endswith(SAMPLES) and table.name != BATTERY:
            return ()
        found = measures(table.name, table.columns) if table.keyed else None
        if found is None and (rows := self._db.count(table)):
            self._left[f"table {table.name[:64]} is of no known form"] = rows
        return found or ()

    def _table(self, table: Table, found: Sequence[Measure]) -> Iterator[Input]:
        extra = [name for name in (KIND, _TYPE, _INDEX) if name in table.columns]
        columns = [TIMESTAMP, DEVICE, *(one.column for one in found), *extra]
        states, last = dict[object, _State](), EPOCH
        try:
            for cells in self._db.rows(table, columns, sort=(TIMESTAMP, "SEQ")):
                self._step()
                row = dict(zip(columns, cells, strict=True))
                at = _instant(row[TIMESTAMP])
                if at is None:
                    self._left[f"table {table.name}: a row without a time"] += 1
                    continue
                last = at
                state = states.setdefault(row[DEVICE], _State())
                yield from self._worn(table, row, at, state)
                for one in found:
                    yield from self._value(table, row, one, at, state)
        except sqlite3.Error as error:
            why = f"{self._name}, table {table.name}: {error}; what came before it is kept"
            yield self._report(why, last)

    def _worn(
        self, table: Table, row: Row, at: datetime, state: _State
    ) -> Iterator[SampleMeasured]:
        """Yield that the device was put on or off, and each hour what holds still."""
        kind, told = row.get(KIND), WORN.get(table.name)
        if told is None or not isinstance(kind, int):
            return
        worn = told(kind)
        if worn is None or (worn == state.worn and at - state.told < WORN_AGAIN):
            return
        state.worn, state.told = worn, at
        yield measured("worn", float(worn), at=at, source=self._source(row))

    def _value(  # one row's measure, and all that it depends on
        self, table: Table, row: Row, one: Measure, at: datetime, state: _State
    ) -> Iterator[SampleMeasured]:
        value, signal = row[one.column], one.signal
        if not isinstance(value, int | float) or not one.least <= value <= one.most:
            return  # it was not measured
        if row.get(_INDEX, 0) != 0:
            return  # a second battery is that of a case or of an earplug
        if one.column == TEMPERATURE and _TYPE in row:
            signal = temperature(row[_TYPE]) or ""
            if not signal:
                self._left[f"table {table.name}: a temperature that is not of the body"] += 1
                return
        if table.name == BEATS:  # those that came together are one behind the other
            at = max(at, state.beat + timedelta(milliseconds=value))
            state.beat = at
        sample = measured(signal, value, at=at, source=self._source(row))
        if state.worn is False and signal not in _BY_ITSELF:
            sample = SampleMeasured(
                at=at, signal=signal, value=value, source=sample.source, quality="off_wrist"
            )
        yield sample

    def _source(self, row: Row) -> str:
        key = row[DEVICE]
        return self._sources.get(key, f"{NAME}-{str(key)[:16]}")

    def _step(self) -> None:
        self._done += 1
        if self._done % ROWS_A_STEP == 0:
            self._progress(min(1.0, self._done / max(1, self._rows)))

    def _report(self, reason: str, at: datetime) -> InputQuarantined:
        return InputQuarantined(at=at, source=NAME, reason=reason[:REASON_LENGTH_MAX])


def _instant(value: object) -> datetime | None:
    """Return the time that seconds or milliseconds say, or None if it is none of this century."""
    if not isinstance(value, int | float):
        return None
    milliseconds = value if abs(value) >= MILLISECONDS_MIN else value * 1000
    if not SECONDS_MIN * 1000 <= milliseconds <= SECONDS_MAX * 1000:
        return None
    return EPOCH + timedelta(milliseconds=milliseconds)
