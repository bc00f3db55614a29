"""A band that delivers every ten minutes: late, averaged, and enough for a nudge all the same."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from agent.app.days import made_up
from agent.events import Input, ProposalJudged, SampleMeasured
from agent.memory.journal import Journal
from agent.sensor import admit, synced
from agent.store import open_store
from sensors.gadgetbridge import Gadgetbridge
from tests.days import KEY, open_bus

SYNC = timedelta(minutes=10)
DAY = date(2026, 3, 3)
BODY = ("heart_rate", "steps", "cadence", "motion", "ibi", "skin_temperature")


def minutes(events: Sequence[Input]) -> Iterator[tuple[int, int, int]]:
    """Yield (time, steps, rate) of each minute, as a plain band counts them."""
    rates, steps = dict[int, list[float]](), dict[int, float]()
    for one in events:
        if isinstance(one, SampleMeasured):
            minute = int(one.at.timestamp()) // 60 * 60
            if one.signal == "heart_rate":
                rates.setdefault(minute, []).append(one.value)
            if one.signal == "steps":
                steps[minute] = steps.get(minute, 0) + one.value
    for minute, found in sorted(rates.items()):
        yield minute, round(steps.get(minute, 0)), round(sum(found) / len(found))


def export(file: Path, rows: Sequence[tuple[int, int, int]]) -> Path:
    """Write the database as Gadgetbridge exports it: all of it, each time."""
    file.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as db:
        db.execute("create table DEVICE (_id integer primary key, NAME text)")
        db.execute("insert into DEVICE values (1, 'Band')")
        db.execute(
            "create table PINE_TIME_ACTIVITY_SAMPLE"
            " (TIMESTAMP integer, DEVICE_ID integer, STEPS integer, HEART_RATE integer)"
        )
        rows_of = [(at, 1, steps, rate) for at, steps, rate in rows]
        db.executemany("insert into PINE_TIME_ACTIVITY_SAMPLE values (?, ?, ?, ?)", rows_of)
        db.commit()
    return file


def lived(folder: Path, *, without: frozenset[str] = frozenset()) -> list[ProposalJudged]:
    """Return what is judged on a day that a band tells of every ten minutes, and no watch."""
    arrivals = list(made_up(1, start=DAY, without=without))
    every = [one for _, batch in arrivals for one in batch]
    others = [one for one in every if getattr(one, "signal", "") not in BODY]
    rows = list(minutes(every))
    bus = open_bus(folder / "journal.db")
    start = datetime.combine(DAY, datetime.min.time(), UTC) - 2 * timedelta(hours=1)
    for tick in range(1, 25 * 6):
        now = start + tick * SYNC
        bus.publish([one for one in others if now - SYNC < one.at <= now])
        told = [row for row in rows if row[0] <= now.timestamp() - 60][-180:]
        if not told:
            continue
        path = export(folder / "Gadgetbridge.db", told)
        for batch in synced(Gadgetbridge().read(path), arrived=now):
            bus.publish([admit(one, source="band", arrived=now) for one in batch])
    return list(Journal(open_store(folder / "journal.db", key=KEY)).judgements())


def test_a_band_that_syncs_every_ten_minutes_still_earns_its_break(tmp_path: Path) -> None:
    spoken = {one.skill for one in lived(tmp_path) if one.verdict == "speak"}
    assert "break" in spoken


def test_and_a_day_without_strain_earns_none(tmp_path: Path) -> None:
    judged = lived(tmp_path, without=frozenset({"stress"}))
    assert "break" not in {one.skill for one in judged if one.verdict == "speak"}
