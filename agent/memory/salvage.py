"""What a damaged file still tells: the inputs up to the first that cannot be read."""

from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from agent.errors import DamageError
from agent.events import SampleMeasured
from agent.memory import rollups
from agent.memory.journal import EVENT, JUDGEMENT, SAMPLE
from agent.store import Database, from_us, survivors, transaction

CHUNK = 5_000
LAST = 1 << 62
Row = tuple[Any, ...]
Run = tuple[int, int]
_WRITE = {
    "sample": SAMPLE,
    "event": EVENT,
    "judgement": JUDGEMENT,
    "checkpoint": "insert into checkpoint values (?, ?, ?, ?)",
}
_ORDER = {"judgement": "sequence, ordinal"}


class Saved(NamedTuple):
    """What was taken over, and whether that was all."""

    inputs: int
    until: datetime | None
    """When the last input that is kept was measured or said; None if there is none."""
    whole: bool


class _Wreck:
    """The tables of a damaged file, each in its order as far as it can be read."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self.met = set[str]()
        """The tables in which damage was met."""

    def rows(self, table: str, *, after: int = 0, until: int = LAST) -> Iterator[Row]:
        order = _ORDER.get(table, "sequence")
        where = f"where sequence > ? and sequence <= ? order by {order}"
        query = f"select * from {table} {where}"  # noqa: S608  # constants
        try:
            yield from survivors(self._path, query, (after, until), key=self._key)
        except DamageError:
            self.met.add(table)

    def sums(self, before_us: int) -> Iterator[Row]:
        query = "select * from rollup where start_us < ? order by signal, grain_s, start_us"
        try:
            yield from survivors(self._path, query, (before_us,), key=self._key)
        except DamageError:
            self.met.add("rollup")


def salvage(db: Database, wreck: Path, *, key: bytes) -> Saved:
    """Add to *db* the inputs of *wreck* that follow its own, with their judgements and rollups.

    They end where the first is missing, so that the journal has no hole.  An empty *db* gets the
    checkpoints too, and what the rollups know of samples that were deleted on purpose: a hole
    that those leave must lie before a checkpoint.  Raise StoreError if nothing was written.
    """
    torn = _Wreck(wreck, key)
    after = _top(db)
    runs, ends = _read(torn, after)
    until = _reach(torn, runs, ends, after)
    with transaction(db):
        count = sum(_copy(db, torn, table, after, until) for table in ("sample", "event"))
        _copy(db, torn, "judgement", after, until)
        last = runs[-1][1] if runs else after
        lost = last > until or not torn.met.isdisjoint({"sample", "event", "judgement"})
        if not after:
            _copy(db, torn, "checkpoint", after, until)
            _older(db, torn, otherwise=0 if lost else LAST)
    return Saved(count, _newest(db), not lost)


def _top(db: Database) -> int:
    tops = (f"select coalesce(max(sequence), 0) from {table}" for table in ("sample", "event"))  # noqa: S608
    return max(int(db.execute(query).fetchone()[0]) for query in tops)


def _read(torn: _Wreck, after: int) -> tuple[list[Run], dict[str, int]]:
    """Return the runs without a hole, and the last sequence that each table yields."""
    runs, ends = list[Run](), {"sample": after, "event": after, "judgement": after}

    def sequences(table: str) -> Iterator[int]:
        for row in torn.rows(table, after=after):
            ends[table] = row[0]
            yield ends[table]

    for sequence in merge(sequences("sample"), sequences("event")):
        begins = runs.pop()[0] if runs and runs[-1][1] == sequence - 1 else sequence
        runs.append((begins, sequence))
    for _ in sequences("judgement"):
        pass
    return runs, ends


def _reach(torn: _Wreck, runs: list[Run], ends: dict[str, int], after: int) -> int:
    """Return the last input that is wanted: up to it none is missing that should be there."""
    solid = _from(runs, after)
    if after:
        until = solid
    else:
        torn_at = [ends[table] for table in ("sample", "event") if table in torn.met]
        until = _from(runs, min(torn_at)) if torn_at else max((end for _, end in runs), default=0)
    if "judgement" in torn.met:  # more may have been judged on the last one
        until = max(after, min(until, ends["judgement"] - 1))
    holes = [begins for begins, _ in runs if solid < begins <= until]
    if holes and not any(torn.rows("checkpoint", after=holes[-1] - 2, until=until)):
        return min(until, solid)
    return until


def _from(runs: list[Run], sequence: int) -> int:
    """Return the end of the run that goes on from *sequence*."""
    return next((end for begins, end in runs if begins <= sequence + 1 <= end + 1), sequence)


def _copy(db: Database, torn: _Wreck, table: str, after: int, until: int) -> int:
    rows, count = torn.rows(table, after=after, until=until), 0
    while chunk := list(islice(rows, CHUNK)):
        db.conn.executemany(_WRITE[table], chunk)
        if table == "sample":
            rollups.add(db, (_sample(row) for row in chunk))
        count += len(chunk)
    return count


def _older(db: Database, torn: _Wreck, *, otherwise: int) -> None:
    """Put in the rollups of what was before the first sample: samples deleted on purpose."""
    first = db.execute("select min(at_us) from sample").fetchone()[0]
    rows = torn.sums(otherwise if first is None else first)
    db.conn.executemany("insert or replace into rollup values (?, ?, ?, ?, ?, ?, ?)", rows)


def _newest(db: Database) -> datetime | None:
    query = """
        select at_us from (select sequence, at_us from sample where sequence = ?1
        union all select sequence, at_us from event where sequence = ?1)
    """
    row = db.execute(query, [_top(db)]).fetchone()
    return from_us(row[0]) if row else None


def _sample(row: Row) -> SampleMeasured:
    _, at_us, signal, value, source, source_sequence, quality = row
    return SampleMeasured(
        at=from_us(at_us),
        signal=signal,
        value=value,
        source=source,
        source_sequence=source_sequence,
        quality=quality,
    )
