"""Early signs over days, and their evaluation."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import exp, log
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from agent.errors import DecodeError
from agent.evaluate.illness import Person, evaluate, false_alarms, plain, raised, read_people
from agent.fusion.illness import (
    ALARM,
    BASELINE_MIN,
    DAY,
    DAYS_MAX,
    SHIPS_ON,
    SUM_MAX,
    Day,
    Illness,
    judged,
)
from agent.sensor import measured

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def days(*rates_bpm: float | None, **signs: float) -> tuple[Day, ...]:
    done: list[Day] = []
    for place, rate in enumerate(rates_bpm):
        day = Day(NOON + place * DAY, resting_heart_rate=rate, **signs)
        done.append(judged(done, day))
    return tuple(done)


def usual(count: int, *, seed: int = 1) -> list[float]:
    chance = Random(seed)  # noqa: S311  # repeatable
    return [55 + chance.gauss(0, 1.5) for _ in range(count)]


def lived(illness: Illness, signal: str, value: float, *, day: float, asleep: bool) -> Illness:
    sample = measured(signal, value, at=NOON + day * DAY, source="band")
    return illness.fold(sample, asleep=asleep)


def test_nothing_is_said_before_ten_days_are_known() -> None:
    known = days(*usual(BASELINE_MIN), 80.0)
    assert {day.grade for day in known[:-1]} == {"unknown"}
    assert known[-1].grade == "likely"
    assert Illness(known[:4]).missing_days() == BASELINE_MIN - 4
    assert Illness().missing_days() == BASELINE_MIN
    assert Illness(known).missing_days() == 0


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland"])
def test_a_night_is_of_one_day_wherever_the_wearer_lives(name: str) -> None:
    zone, illness = ZoneInfo(name), Illness()
    for night in range(6):
        begun = datetime(2026, 10, 22 + night, 23, tzinfo=zone).astimezone(UTC)
        for minute in range(0, 8 * 60, 5):
            at = begun + timedelta(minutes=minute)
            sample = measured("skin_temperature", 33 + night / 10, at=at, source="band")
            illness = illness.fold(sample, asleep=True, zone=zone)
    found = [day.skin_temperature for day in illness.days]
    assert found == pytest.approx([33 + night / 10 for night in range(5)])


def test_who_flies_has_no_day_twice() -> None:
    illness = Illness()
    for hour in range(24 * 12):
        zone = ZoneInfo(("Europe/Berlin", "America/Los_Angeles", "Asia/Tokyo")[hour // 31 % 3])
        at = NOON + timedelta(hours=hour)
        illness = illness.fold(
            measured("heart_rate", 60, at=at, source="band"), asleep=False, zone=zone
        )
        illness = illness.fold(
            measured("resting_heart_rate", 60, at=at, source="band"), asleep=False, zone=zone
        )
    starts = [day.start for day in illness.days]
    assert starts == sorted(set(starts))
    assert len(starts) >= 8


def test_a_few_days_a_little_over_the_usual_add_up_and_pass_again() -> None:
    told = days(*usual(28), *[59.5] * 4, *usual(14, seed=2))
    grades = [day.grade for day in told]
    assert "likely" in grades[28:32]
    assert grades[28] != "likely", "one day alone is no pattern"
    assert grades[-1] == "none"
    assert max(day.sum for day in told) <= SUM_MAX


def test_days_of_illness_do_not_become_the_usual() -> None:
    ill = Illness(days(*usual(28), *[70.0] * 20))
    (reason,) = ill.reasons()
    assert reason.usual < 57
    assert reason.deviation > 3
    assert Illness(days(*usual(28), *[70.0] * 75)).days[-1].grade == "none", "a new usual"
    assert ill.days[-1].grade == "likely"


def test_the_grade_is_of_the_last_day_and_grows_old() -> None:
    ill = Illness(days(*usual(28), 70, 70, 70))
    assert ill.grade_at(NOON + 31 * DAY) == "likely"
    assert ill.grade_at(NOON + 35 * DAY) == "unknown"
    assert ill.raised_since() == NOON + 28 * DAY
    assert Illness(days(*usual(28))).raised_since() is None
    assert Illness().grade_at(NOON) == "unknown"


def test_signs_that_agree_say_more_than_one() -> None:
    beats = [log(45.0)] * 20
    known = [
        judged((), Day(NOON + place * DAY, resting_heart_rate=rate, log_rmssd=beat))
        for place, (rate, beat) in enumerate(zip(usual(20), beats, strict=True))
    ]
    both = judged(known, Day(NOON + 20 * DAY, resting_heart_rate=58, log_rmssd=log(35.0)))
    alone = judged(known, Day(NOON + 20 * DAY, resting_heart_rate=58))
    better = judged(known, Day(NOON + 20 * DAY, resting_heart_rate=58, log_rmssd=log(60.0)))
    assert both.excess is not None
    assert alone.excess is not None
    assert better.excess is not None
    assert both.excess > alone.excess > better.excess


def test_a_sum_does_not_go_on_over_a_week_without_days() -> None:
    told = days(*usual(28), 62, 62, *[None] * 7, 55)
    assert told[29].sum > 0
    assert told[-1].sum < told[29].sum / 2


def test_a_day_is_made_of_its_lowest_minutes_at_night() -> None:
    illness = Illness()
    for day in range(3):
        for minute in range(1440):
            rate = 52 if 600 < minute < 660 else 75
            illness = lived(illness, "heart_rate", rate, day=day + minute / 1440, asleep=False)
    assert [one.resting_heart_rate for one in illness.days] == [52, 52]
    assert illness.days[0].start == NOON


def test_what_a_device_says_of_the_day_comes_before_our_own() -> None:
    illness = Illness()
    for minute in range(1441):
        illness = lived(illness, "heart_rate", 60, day=minute / 1440, asleep=False)
        if minute == 700:
            illness = lived(illness, "resting_heart_rate", 51, day=minute / 1440, asleep=True)
    assert [one.resting_heart_rate for one in illness.days] == [51]


def test_skin_breath_and_beats_count_asleep_alone() -> None:
    illness = Illness()
    for second in range(400):
        asleep, at = second < 300, second / 86_400
        illness = lived(illness, "ibi", 1000 + 40 * (second % 2), day=at, asleep=asleep)
        illness = lived(illness, "skin_temperature", 34 if asleep else 20, day=at, asleep=asleep)
        illness = lived(illness, "respiration", 14 if asleep else 30, day=at, asleep=asleep)
    (day,) = lived(illness, "heart_rate", 60, day=1.1, asleep=False).days
    assert day.log_rmssd is not None
    assert exp(day.log_rmssd) == pytest.approx(40)
    assert (day.skin_temperature, day.respiration) == (34, 14)
    assert day.resting_heart_rate is None


def test_what_is_older_than_the_open_day_changes_nothing() -> None:
    illness = lived(Illness(), "heart_rate", 60, day=5, asleep=False)
    assert lived(illness, "heart_rate", 90, day=4.9, asleep=False) == illness
    assert lived(illness, "steps", 90, day=5.1, asleep=False) == illness


@given(st.lists(st.none() | st.floats(30, 140), max_size=90))
def test_the_state_is_bounded_and_survives_a_checkpoint(rates: list[float | None]) -> None:
    illness = Illness()
    for day, rate in enumerate(rates):
        if rate is not None:
            illness = lived(illness, "resting_heart_rate", rate, day=day, asleep=True)
    state = TypeAdapter(Illness)
    written = state.dump_json(illness)
    assert state.validate_json(written) == illness
    assert len(illness.days) <= DAYS_MAX
    assert len(written) < 20_000
    assert all(0 <= day.sum <= SUM_MAX for day in illness.days)
    assert all((day.grade == "likely") == (day.sum >= ALARM) for day in illness.days)


def test_alarms_close_together_are_one_and_those_near_symptoms_are_not_false() -> None:
    told = days(*[55.0] * 100)
    ill = Person("a", NOON + 40 * DAY, told)
    alarms = [place in (20, 22, 27, 38, 60, 90) for place in range(100)]
    judged_far = len(ill.far(alarms))
    assert judged_far == 100 - BASELINE_MIN - (7 + 28 + 1)
    assert false_alarms([ill], {"a": alarms}) == pytest.approx(60 * 2 / judged_far)
    assert ill.near(alarms) == [place == 38 for place in range(33, 48)]


def test_the_plain_rule_knows_the_mean_and_the_standard_deviation() -> None:
    told = days(*usual(28), 57, 75)
    assert plain(2.0)(told)[-2:] == [False, True]
    assert not any(plain(2.0)(told)[:BASELINE_MIN])
    assert plain(2.0)((replace(told[0], resting_heart_rate=None),)) == [False]
    assert raised(told)[:BASELINE_MIN] == [False] * BASELINE_MIN


PARTICIPANTS = "user_code,symptoms_onset\nann,4/20/2020\nbob,\ncid,3/6/1999\neve,4/20/2020\n"


def write_tables(folder: Path, **spoiled: str) -> Path:
    made = folder / "illness"
    made.mkdir()
    chance = Random(7)  # noqa: S311  # repeatable
    lines = ["user_code,day,resting_pulse"]
    for place in range(110):
        at = datetime(2020, 3, 1, tzinfo=UTC) + timedelta(days=place)
        rate = 66 if 48 <= place < 55 else 55 + chance.gauss(0, 1.5)
        lines += [f"{name},{at:%Y-%m-%d},{rate:.0f}" for name in ("ann", "bob", "cid")]
    tables = {
        "participants": PARTICIPANTS,
        "wearables": "\n".join(lines) + "\n",
        "hrv_measurements": "user_code,measurement_datetime,rmssd\n"
        "ann,2020-03-05 07:00:00,40.5\nann,2020-03-05 09:00:00,\n",
    } | spoiled
    for name, text in tables.items():
        (made / f"{name}.csv").write_text(text)
    return made


def test_the_evaluation_counts_who_can_be_judged(tmp_path: Path) -> None:
    write_tables(tmp_path)
    told = evaluate(tmp_path)
    overall = {f["name"]: f for f in told["figures"] if f["group"] is None}
    assert overall["recall"]["value"] == 1
    assert overall["recall"]["n"] == 1, "ann alone has a date that is one, and days"
    assert overall["false alarms"]["ok"] is not None
    assert {"recall low", "recall high", "difference low", "difference high"} <= set(overall)
    assert {f["group"] for f in told["figures"]} == {None, "ann"}
    (ann,) = read_people(tmp_path / "illness")
    assert ann.days[4].log_rmssd == pytest.approx(log(40.5))


@pytest.mark.parametrize(
    ("table", "text", "why"),
    [
        ("participants", "a,b\n1,2\n", "no table with"),
        ("participants", "user_code,symptoms_onset\nann,soon\n", "no date"),
        ("participants", "user_code,symptoms_onset\nann,\n", "no one with"),
        ("wearables", "user_code,day,resting_pulse\nann,2020-03-01,many\n", "no number"),
        ("wearables", "user_code,day,resting_pulse\nann,2020-03-01,nan\n", "is no pulse"),
        ("hrv_measurements", "user_code,measurement_datetime,rmssd\nann,x,4\n", "no date"),
    ],
)
def test_a_damaged_table_is_named(tmp_path: Path, table: str, text: str, why: str) -> None:
    folder = write_tables(tmp_path, **{table: text})
    with pytest.raises(DecodeError, match=why):
        read_people(folder)


@pytest.mark.reference
def test_the_data_are_too_thin_to_switch_it_on(reference: Path) -> None:
    figures = {f["name"]: f for f in evaluate(reference)["figures"] if f["group"] is None}
    assert figures["false alarms"]["ok"]
    assert (figures["difference low"]["value"] > 0) >= SHIPS_ON
