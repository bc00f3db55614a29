"""A whole night looked at again: its trace, its account, and what is usual."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from agent.fusion.night import Trace, account, compared
from agent.fusion.night.account import Epochs, Stage, summed
from agent.fusion.night.columns import NAMES, columns
from agent.fusion.night.trace import EPOCHS_MAX
from agent.fusion.sleep import MINUTE, Night, Sleep
from tests.days import at, sample

rates = st.lists(st.floats(30, 180), min_size=1, max_size=400)
some_trace = st.lists(st.none() | st.floats(30, 180), max_size=50)


def breathing(minutes: int, level_bpm: float, *, chance: Random, swing: float = 1.0) -> list[float]:
    """Return a rate each five seconds that swings as a sleeper's does."""
    made, drift = [], 0.0
    for _ in range(minutes * 12):
        drift = 0.97 * drift + chance.gauss(0, 0.35) * swing
        made.append(level_bpm + drift + chance.gauss(0, 0.5))
    return made


def folded(sleep: Sleep, made: list[float], *, start: float, motion: float | None = None) -> Sleep:
    for place, rate in enumerate(made):
        minute = start + place / 12
        sleep = sleep.fold(sample(minute, "heart_rate", round(rate, 1)))
        if motion is not None and place % 12 == 0:
            sleep = sleep.fold(sample(minute + 0.01, "motion", motion))
    return sleep


def a_night(*, motion: bool) -> Sleep:
    chance, mg = Random(3), (60.0, 4.0) if motion else (None, None)  # noqa: S311  # repeatable
    sleep = folded(Sleep(), breathing(120, 55, chance=chance), start=-900, motion=mg[1])
    sleep = folded(sleep, breathing(1080, 78, chance=chance, swing=3), start=-780, motion=mg[0])
    sleep = folded(sleep, breathing(420, 55, chance=chance), start=300, motion=mg[1])
    return folded(sleep, breathing(60, 82, chance=chance, swing=3), start=720, motion=mg[0])


@pytest.mark.parametrize("motion", [True, False])
def test_a_night_has_bed_efficiency_restlessness_and_stages_that_add_up(*, motion: bool) -> None:
    (night,) = a_night(motion=motion).nights
    assert night.lain_since is not None
    assert abs(night.lain_since - at(300)) <= (2 if motion else 20) * MINUTE
    assert abs(night.onset - at(300)) <= 45 * MINUTE
    assert night.efficiency is not None
    assert 0.5 < night.efficiency <= 1
    assert night.restless is not None
    assert 0 <= night.restless < 0.2
    assert night.stages is not None
    parts = night.stages.light_min + night.stages.deep_min + night.stages.rem_min
    assert abs(parts - night.asleep / MINUTE) <= 3
    assert 0.3 < night.stages.confidence <= 1


def test_a_wake_in_the_night_leaves_one_night_by_the_heart_rate_alone() -> None:
    chance = Random(4)  # noqa: S311  # repeatable
    sleep = folded(Sleep(), breathing(120, 55, chance=chance), start=-900)
    sleep = folded(sleep, breathing(1080, 85, chance=chance, swing=3), start=-780)
    for start, level, length in ((300, 55, 220), (520, 85, 45), (565, 55, 220), (785, 85, 60)):
        sleep = folded(sleep, breathing(length, level, chance=chance), start=start)
    night = sleep.nights[-1]
    assert abs(night.onset - at(300)) <= 60 * MINUTE
    assert abs(night.wake - at(785)) <= 30 * MINUTE
    assert night.stages is not None


def test_a_night_whose_beginning_is_no_longer_kept_is_told_by_the_rules_alone() -> None:
    whole = a_night(motion=False)
    (night,) = whole.nights
    cut = replace(whole, trace=whole.trace.last(300), asleep_since=night.onset)
    assert cut._night(night.onset, at(720)).stages is None


def test_a_heart_rate_that_never_swings_is_like_nothing_known_and_has_no_stages() -> None:
    assert account(Trace(at(0), (52.0,) * 800, (None,) * 800)) is None


def test_a_night_of_which_too_little_was_measured_has_no_stages() -> None:
    made = breathing(420, 55, chance=Random(1))  # noqa: S311  # repeatable
    thin = tuple(rate if place % 20 == 0 else None for place, rate in enumerate(made[::6]))
    assert account(Trace(at(0), thin, (None,) * len(thin))) is None


def test_one_still_half_minute_is_no_onset() -> None:
    awake = [True, False, *[True] * 20, *[False] * 60, True, True, *[False] * 20, *[True] * 10]
    count = len(awake)
    epochs = Epochs([0.0] * count, [Stage.LIGHT] * count, [0.5] * count, [False] * count)
    told = summed(epochs, awake)
    assert told is not None
    assert (told.onset, told.wake) == (22, 104)
    assert (told.awake_min, told.awakenings) == (1, 1)
    assert told.stages.light_min == 40
    assert summed(epochs, [True] * count) is None


@given(rates)
def test_columns_are_finite_and_as_long_as_the_night(made: list[float]) -> None:
    seen = columns(made)
    assert len(seen) == len(NAMES)
    assert all(len(column) == len(made) for column in seen)
    assert all(abs(value) < 10_000 for column in seen for value in column)


@given(rates, st.floats(-20, 20))
def test_columns_do_not_know_how_high_a_person_s_heart_rate_is(
    made: list[float], over: float
) -> None:
    lifted = columns([rate + over for rate in made])
    for one, other in zip(columns(made), lifted, strict=True):
        assert other == pytest.approx(one, abs=1e-6)


@given(some_trace)
def test_a_trace_is_filled_by_what_lies_around_the_gap(made: list[float | None]) -> None:
    filled = Trace(at(0), tuple(made), (None,) * len(made)).filled()
    known = [rate for rate in made if rate is not None]
    assert len(filled) == (len(made) if known else 0)
    for rate, told in zip(made, filled, strict=False):
        assert min(known) - 1e-9 <= told <= max(known) + 1e-9
        assert rate is None or rate == told


def test_a_trace_knows_the_time_of_each_of_its_ends_whatever_is_cut_off() -> None:
    trace = Trace()
    for minute in [*range(10), *range(15, 1200)]:
        trace = trace.add(at(minute), (60.0, None), 3.0)
    assert len(trace.rates_bpm) == len(trace.motions_mg) == EPOCHS_MAX
    assert trace.until == at(1200)
    part = trace.between(at(1000), at(1100))
    assert (part.since, part.until) == (at(1000), at(1100))
    assert trace.between(at(5000), at(6000)).rates_bpm == ()
    assert trace.add(at(1500), (60.0, 60.0), None).since == at(1500), "hours later is another rest"


def test_the_state_of_a_night_is_small_and_survives_a_checkpoint() -> None:
    sleep = Sleep()
    chance = Random(2)  # noqa: S311  # repeatable
    for minute in range(1500):
        sleep = sleep.fold(sample(minute, "heart_rate", 52 + chance.random()))
        sleep = sleep.fold(sample(minute + 0.5, "heart_rate", 52 + chance.random()))
        sleep = sleep.fold(sample(minute + 0.6, "motion", 3 + chance.random()))
    assert sleep.asleep_since is not None
    state = TypeAdapter(Sleep)
    written = state.dump_json(sleep)
    assert len(written) < 60_000
    assert state.validate_json(written) == sleep
    whole = a_night(motion=True)
    assert state.validate_json(state.dump_json(whole)) == whole


def test_awake_only_the_lead_into_the_next_night_is_kept() -> None:
    sleep = Sleep()
    for minute in range(900):
        sleep = sleep.fold(sample(minute, "heart_rate", 74 + minute % 3))
        sleep = sleep.fold(sample(minute + 0.1, "motion", 60))
    assert sleep.trace.until - sleep.trace.since <= 92 * MINUTE


def nights(*asleep_min: float, hours_later: float = 0) -> tuple[Night, ...]:
    made = []
    for day, length in enumerate(asleep_min):
        onset = at(1440 * day)
        rise = onset + length * MINUTE
        bed = Night(onset, rise, 0, lain_since=onset - 20 * MINUTE, risen=rise, restless=0.05)
        made.append(bed)
    last = made[-1]
    late = timedelta(hours=hours_later)
    return (*made[:-1], replace(last, onset=last.onset + late, wake=last.wake + late))


def test_not_enough_nights_is_an_answer() -> None:
    few = Sleep(nights=nights(400, 410, 420, 400, 390))
    assert few.asleep_against_usual() is None
    assert few.onset_against_usual() is None
    assert Sleep().onset_against_usual() is None
    assert Sleep().restless_against_usual() is None


def test_a_short_and_late_night_is_told_from_the_usual() -> None:
    sleep = Sleep(nights=nights(420, 430, 410, 425, 415, 420, 300, hours_later=-13))
    short, late = sleep.asleep_against_usual(), sleep.onset_against_usual()
    assert short is not None
    assert late is not None
    assert (short.value, short.usual, short.nights) == (300, 420, 6)
    assert short.deviation < -5
    assert late.value - late.usual == pytest.approx(-13 * 60 + 24 * 60), "the clock is round"
    assert sleep.restless_against_usual() is not None
    known = replace(sleep, nights=tuple(replace(n, risen=None) for n in sleep.nights))
    assert known.efficiency_against_usual() is None


@given(st.lists(st.floats(0, 600), min_size=5, max_size=28), st.floats(0, 600))
def test_a_higher_value_is_never_less_above_the_usual(before: list[float], value: float) -> None:
    told = [compared(one, before, spread_min=10) for one in (value, value + 1)]
    for low, high in pairwise(told):
        assert low is not None
        assert high is not None
        assert low.deviation < high.deviation
        assert low.spread >= 10
