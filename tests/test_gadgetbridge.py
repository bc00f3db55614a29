"""Gadgetbridge's database comes in by the names of its tables, whatever version wrote it."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import DecodeError
from agent.events import EPOCH, Input, InputQuarantined, SampleMeasured
from sensors.gadgetbridge import Gadgetbridge

NOON = 1_772_539_200  # 2026-03-03T12:00:00Z
DEVICES = "create table DEVICE (_id integer primary key, NAME text, IDENTIFIER text)"
KEY = "TIMESTAMP integer, DEVICE_ID integer, USER_ID integer"
ACTIVITY = f"({KEY}, RAW_INTENSITY integer, STEPS integer, RAW_KIND integer, HEART_RATE integer)"
TYPED = "TEMPERATURE, TEMPERATURE_TYPE"
Table = tuple[str, str, Sequence[Sequence[object]]]


def database(path: Path, *tables: Table) -> Path:
    """Write a database with two devices and *tables* of name, columns and rows."""
    file = path / "Gadgetbridge.db"
    file.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as db:
        db.execute(DEVICES)
        db.executemany(
            "insert into DEVICE values (?, ?, ?)", [(1, "Mi Band 5", "a"), (2, "Mi Band 5", "b")]
        )
        for name, columns, rows in tables:
            db.execute(f"create table {name} {columns}")
            for row in rows:
                cells = ", ".join("?" * len(row))
                db.execute(f"insert into {name} values ({cells})", row)  # noqa: S608  # our own
        db.commit()
    return file


def read(file: Path) -> list[Input]:
    return list(chain.from_iterable(Gadgetbridge().read(file)))


def samples(events: Sequence[Input]) -> list[tuple[str, float, float]]:
    return [
        (one.signal, one.value, round((one.at - EPOCH).total_seconds() - NOON, 3))
        for one in events
        if isinstance(one, SampleMeasured)
    ]


def reports(events: Sequence[Input]) -> list[str]:
    return [one.reason for one in events if isinstance(one, InputQuarantined)]


def test_a_band_says_steps_heart_rate_and_whether_it_is_worn(tmp_path: Path) -> None:
    rows = [
        (NOON, 1, 1, 20, 30, 1, 72),
        (NOON + 60, 1, 1, 0, 0, 80, 255),  # the low half is "no change"
        (NOON + 120, 1, 1, 0, 0, 3, 61),
        (NOON + 180, 1, 1, 0, -1, 6, -1),
        (NOON + 240, 1, 1, 20, 25, 1, 0),
        (NOON + 4000, 1, 1, 20, 25, 1, 70),
    ]
    events = read(database(tmp_path, ("MI_BAND_ACTIVITY_SAMPLE", ACTIVITY, rows)))
    assert samples(events) == [
        ("worn", 1, 0), ("steps", 30, 0), ("heart_rate", 72, 0),
        ("steps", 0, 60),
        ("worn", 0, 120), ("steps", 0, 120), ("heart_rate", 61, 120),
        ("worn", 1, 240), ("steps", 25, 240),
        ("worn", 1, 4000), ("steps", 25, 4000), ("heart_rate", 70, 4000),
    ]  # fmt: skip
    assert {one.source for one in events if isinstance(one, SampleMeasured)} == {"mi-band-5"}
    off = [one for one in events if isinstance(one, SampleMeasured) and one.quality != "good"]
    assert [(one.signal, one.quality) for one in off] == [("heart_rate", "off_wrist")]


@pytest.mark.parametrize(
    ("table", "off", "on"),
    [
        ("HUAMI_EXTENDED_ACTIVITY_SAMPLE", 115, 64),
        ("BANGLE_JSACTIVITY_SAMPLE", 8, 1),
        ("PINE_TIME_ACTIVITY_SAMPLE", 8, 32),
        ("GARMIN_ACTIVITY_SAMPLE", 8, 1),
    ],
)
def test_each_maker_says_in_its_own_way_that_a_device_is_not_worn(
    tmp_path: Path, table: str, off: int, on: int
) -> None:
    rows = [(NOON + 60 * n, 1, 1, 0, 0, kind, 0) for n, kind in enumerate((off, -1, on))]
    found = samples(read(database(tmp_path, (table, ACTIVITY, rows))))
    assert [one for one in found if one[0] == "worn"] == [("worn", 0, 0), ("worn", 1, 120)]


@pytest.mark.parametrize(
    ("table", "columns", "value", "signal"),
    [
        ("HUAMI_STRESS_SAMPLE", "TYPE_NUM, STRESS", (1, 34), "stress_score"),
        ("GENERIC_STRESS_SAMPLE", "STRESS", (34,), "stress_score"),
        ("HUAMI_SPO2_SAMPLE", "TYPE_NUM, SPO2", (1, 96), "spo2"),
        ("GARMIN_SPO2_SAMPLE", "SPO2, TYPE_NUM", (96, 1), "spo2"),
        ("HUAMI_HEART_RATE_MANUAL_SAMPLE", "UTC_OFFSET, HEART_RATE", (3600, 71), "heart_rate"),
        ("HUAMI_HEART_RATE_RESTING_SAMPLE", "HEART_RATE", (55,), "resting_heart_rate"),
        ("GENERIC_HEART_RATE_SAMPLE", "HEART_RATE", (71,), "heart_rate"),
        ("HUAMI_SLEEP_RESPIRATORY_RATE_SAMPLE", "UTC_OFFSET, RATE", (0, 14), "respiration"),
        ("GARMIN_RESPIRATORY_RATE_SAMPLE", "RESPIRATORY_RATE", (14.5,), "respiration"),
        ("GENERIC_HRV_VALUE_SAMPLE", "VALUE", (48,), "hrv_rmssd"),
        ("GENERIC_TEMPERATURE_SAMPLE", TYPED, (36.8, 1), "body_temperature"),
        ("GENERIC_TEMPERATURE_SAMPLE", TYPED, (33.1, 2), "skin_temperature"),
        ("HEART_RR_INTERVAL_SAMPLE", "SEQ, RR_MILLIS", (0, 812), "ibi"),
    ],
)  # fmt: skip
def test_rows_of_one_measure_count_milliseconds(
    tmp_path: Path, table: str, columns: str, value: Sequence[float], signal: str
) -> None:
    row = (NOON * 1000 + 500, 2, 1, *value)
    (sample,) = read(database(tmp_path, (table, f"({KEY}, {columns})", [row])))
    assert isinstance(sample, SampleMeasured)
    assert (sample.signal, sample.source) == (signal, "mi-band-5-2")
    assert sample.value in value
    assert (sample.at - EPOCH).total_seconds() == NOON + 0.5


def test_beats_that_came_together_are_one_behind_the_other(tmp_path: Path) -> None:
    rows = [(NOON * 1000, 1, 1, n, rr) for n, rr in enumerate((800, 900))]
    table = ("HEART_RR_INTERVAL_SAMPLE", f"({KEY}, SEQ, RR_MILLIS)", rows)
    found = samples(read(database(tmp_path, table)))
    assert found == [("ibi", 800, 0), ("ibi", 900, 0.9)]


def test_tables_come_in_order_of_time_together_and_progress_is_told(tmp_path: Path) -> None:
    minutes = [(NOON + 60 * n, 1, 1, 0, n, 0, 70) for n in range(3_000)]
    stress = [(1000 * (NOON + 90 * n), 1, 1, 40) for n in range(50)]
    level = [(NOON + 10, 1, 80, 0), (NOON + 10, 1, 20, 1)]
    file = database(
        tmp_path,
        ("MI_BAND_ACTIVITY_SAMPLE", ACTIVITY, minutes),
        ("GENERIC_STRESS_SAMPLE", f"({KEY}, STRESS)", stress),
        ("BATTERY_LEVEL", "(TIMESTAMP, DEVICE_ID, LEVEL, BATTERY_INDEX)", level),
    )
    shares = list[float]()
    batches = list(Gadgetbridge().read(file, progress=shares.append))
    events = list(chain.from_iterable(batches))
    assert max(map(len, batches)) <= 2_000
    assert [one.at for one in events] == sorted(one.at for one in events)
    assert ("battery", 80, 10) in samples(events)
    assert len(events) == 2 * 3_000 + 50 + 1
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_what_another_version_wrote_gives_what_is_known_and_tells_the_rest(
    tmp_path: Path,
) -> None:
    good = ("PINE_TIME_ACTIVITY_SAMPLE", f"({KEY}, STEPS, NEW_COLUMN)", [(NOON, 9, 1, 7, "x")])
    other = ("FUTURE_AURA_SAMPLE", f"({KEY}, AURA)", [(NOON, 1, 1, 3)] * 2)
    renamed = ("GENERIC_SPO2_SAMPLE", "(WHEN_MS, DEVICE_ID, SPO2)", [(NOON, 1, 97)])
    sleep = ("GENERIC_SLEEP_STAGE_SAMPLE", f"({KEY}, STAGE)", [(NOON, 1, 1, 3)])
    empty: Table = ("OTHER_NEW_SAMPLE", f"({KEY}, X)", [])
    ambient = (
        "GENERIC_TEMPERATURE_SAMPLE",
        f"({KEY}, TEMPERATURE, TEMPERATURE_TYPE)",
        [(NOON, 1, 1, 21.5, 3)],
    )
    timeless = ("GENERIC_STRESS_SAMPLE", f"({KEY}, STRESS)", [("noon", 1, 1, 3), (5, 1, 1, 3)])
    file = database(tmp_path, good, other, renamed, sleep, empty, ambient, timeless)
    events = read(file)
    assert samples(events) == [("steps", 7, 0)]
    assert isinstance(events[0], SampleMeasured)
    assert events[0].source == "gadgetbridge-9"
    assert {reason.removeprefix(f"{file}: ") for reason in reports(events)} == {
        "table FUTURE_AURA_SAMPLE is of no known form (2 left out)",
        "table GENERIC_SPO2_SAMPLE is of no known form (1 left out)",
        "table GENERIC_TEMPERATURE_SAMPLE: a temperature that is not of the body (1 left out)",
        "table GENERIC_STRESS_SAMPLE: a row without a time (2 left out)",
    }


def test_values_that_were_not_measured_or_are_no_numbers_are_no_samples(tmp_path: Path) -> None:
    rows = [
        (NOON + n, 1, 1, 0, steps, 0, rate)
        for n, (steps, rate) in enumerate([(-1, 0), (None, 255), ("seven", b"\1"), (1e300, -1)])
    ]
    with pytest.raises(DecodeError, match="holds no sample"):
        read(database(tmp_path, ("MI_BAND_ACTIVITY_SAMPLE", ACTIVITY, rows)))


def test_nothing_in_the_schema_is_carried_out(tmp_path: Path) -> None:
    file = database(tmp_path, ("MI_BAND_ACTIVITY_SAMPLE", ACTIVITY, [(NOON, 1, 1, 0, 5, 0, 70)]))
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select"
    with closing(sqlite3.connect(file)) as db:
        db.execute(
            f"create view EVIL_SPO2_SAMPLE as {endless} i as TIMESTAMP, 1 as DEVICE_ID,"
            " 97 as SPO2 from n"
        )
        db.commit()
    assert len(read(file)) == 2
    before = file.read_bytes()
    assert Gadgetbridge().recognise(file)
    assert file.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == [file.name]


def test_a_device_whose_name_or_key_is_odd_keeps_its_samples(tmp_path: Path) -> None:
    columns = "(TIMESTAMP, DEVICE_ID, STEPS, RAW_KIND, HEART_RATE)"
    rows = [(NOON, key * 90, 3, 1, 70) for key in "ab"]
    file = database(tmp_path, ("MI_BAND_ACTIVITY_SAMPLE", columns, rows))
    with closing(sqlite3.connect(file)) as db:
        db.execute("drop table DEVICE")
        db.execute("create table DEVICE (_ID, NAME)")
        names = [(key * 90, "cast(x'42ff' as text)") for key in "ab"]
        for key, name in names:
            db.execute(f"insert into DEVICE values (?, {name})", [key])  # noqa: S608  # our own
        db.commit()
    sources = {one.source for one in read(file) if isinstance(one, SampleMeasured)}
    assert sources == {"b", f"b-{'b' * 16}"}


def test_another_database_is_not_recognised(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as db:
        db.execute("create table T (x)")
    (tmp_path / "text.db").write_text("SQLite format 3")
    names = ("other.db", "text.db", "absent.db", "")
    assert not any(Gadgetbridge().recognise(tmp_path / name) for name in names)


def test_a_database_that_is_cut_off_is_told_to_be_damaged(tmp_path: Path) -> None:
    rows = [(NOON + 60 * n, 1, 1, 0, n, 1, 70) for n in range(300)]
    file = database(tmp_path, ("MI_BAND_ACTIVITY_SAMPLE", ACTIVITY, rows))
    file.write_bytes(file.read_bytes()[:5_000])
    assert Gadgetbridge().recognise(file)
    with pytest.raises(DecodeError, match="cannot be read: .*malformed"):
        read(file)


def test_a_schema_that_is_no_text_any_more_is_told_to_be_damaged(tmp_path: Path) -> None:
    file = database(tmp_path, ("MI_BAND_ACTIVITY_SAMPLE", ACTIVITY, []))
    file.write_bytes(file.read_bytes().replace(b"NAME text", b"NAME\x80text"))
    file.write_bytes(file.read_bytes().replace(b"CREATE TABLE", b"CREATE \x80ABLE"))
    with pytest.raises(DecodeError, match="cannot be read: its schema is damaged"):
        read(file)


@settings(max_examples=60)
@given(st.integers(0, 20_000), st.binary(min_size=1, max_size=400), st.booleans())
def test_whatever_a_file_holds_only_a_decode_error_is_raised(
    start: int, noise: bytes, cut: bool
) -> None:
    with TemporaryDirectory() as folder:
        rows = [(NOON + 60 * n, 1, 1, 0, n, 1, 70) for n in range(300)]
        file = database(Path(folder), ("MI_BAND_ACTIVITY_SAMPLE", ACTIVITY, rows))
        whole = file.read_bytes()
        file.write_bytes(whole[:start] + noise + (b"" if cut else whole[start + len(noise) :]))
        Gadgetbridge().recognise(file)
        with suppress(DecodeError):
            assert len(read(file)) < 10_000
