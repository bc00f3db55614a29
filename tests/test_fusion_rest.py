"""Estimators of the body at rest: sleep, and stress."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from math import exp, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.app.days import made_up
from agent.core import Core, State
from agent.events import SampleMeasured
from agent.fusion.sleep import Sleep
from agent.fusion.stress import BASELINE_MIN, Minute, Stress
from agent.sensor import measured
from skills import SKILLS
from tests.days import at, sample

MINUTE = timedelta(minutes=1)


# Sleep.


def slept(*spells: tuple[str, int], alone: bool = False) -> Sleep:
    """Fold minute after minute of (asleep | awake | gone, minutes)."""
    sleep, minute = Sleep(), 0
    for state, length in spells:
        for now in range(minute, minute + length):
            if state == "gone":
                continue
            rate, motion = (52, 4) if state == "asleep" else (74, 60)
            sleep = sleep.fold(sample(now, "heart_rate", rate))
            if not alone:
                sleep = sleep.fold(sample(now + 0.1, "motion", motion))
        minute += length
    return sleep


def test_a_night_has_its_onset_and_its_wake() -> None:
    sleep = slept(("awake", 300), ("asleep", 420), ("awake", 60))
    (night,) = sleep.nights
    assert abs(night.onset - at(300)) <= 3 * MINUTE
    assert abs(night.wake - at(720)) <= 3 * MINUTE
    assert sleep.awake_since == night.wake
    assert sleep.asleep_since is None


def test_a_wake_in_the_night_is_part_of_one_night_and_is_taken_off() -> None:
    sleep = slept(("awake", 300), ("asleep", 200), ("awake", 30), ("asleep", 200), ("awake", 60))
    (night,) = sleep.nights
    assert abs(night.asleep - timedelta(minutes=400)) <= 6 * MINUTE
    assert abs(night.wake - night.onset - timedelta(minutes=430)) <= 6 * MINUTE


def test_a_nap_is_no_night() -> None:
    sleep = slept(("awake", 300), ("asleep", 90), ("awake", 200))
    assert sleep.nights == ()
    assert sleep.awake_since is None


def test_a_night_is_found_by_the_heart_rate_alone() -> None:
    first = (("asleep", 300), ("awake", 900))  # alone, a rate is low or not by what came before
    night = slept(*first, ("asleep", 420), ("awake", 90), alone=True).nights[-1]
    assert abs(night.asleep - timedelta(minutes=420)) <= 10 * MINUTE


def test_a_night_into_which_hours_are_missing_ends_where_they_begin() -> None:
    sleep = slept(("awake", 300), ("asleep", 240), ("gone", 180), ("awake", 30))
    (night,) = sleep.nights
    assert abs(night.wake - at(540)) <= 3 * MINUTE
    assert sleep.asleep_since is None


def test_the_usual_is_the_median_of_the_nights_before_once_there_are_five() -> None:
    spells = [("awake", 600), ("asleep", 400)] * 6 + [("awake", 60)]
    sleep = slept(*spells)
    assert len(sleep.nights) == 6
    usual = sleep.usual_asleep()
    assert usual is not None
    assert abs(usual - timedelta(minutes=400)) <= 10 * MINUTE
    assert replace(sleep, nights=sleep.nights[1:]).usual_asleep() is None


# Stress.


def rested(
    minutes: Iterable[float],
    *,
    beats: bool = False,
    known: bool = True,
    stress: Stress | None = None,
) -> Stress:
    """Fold a minute of rest at each heart rate."""
    chance = random.Random(5)  # noqa: S311  # a repeatable choice
    stress, start = stress or Stress(), 0
    if stress.open.start.year > 2000:
        start = (stress.open.start - at(0)) // MINUTE + 1
    for minute, rate in enumerate(minutes, start):
        for sample_ in (
            _beats(minute, rate, chance) if beats else [sample(minute, "heart_rate", rate)]
        ):
            stress = stress.fold(sample_, gated=False, known=known)
    return stress


def _beats(minute: int, rate: float, chance: random.Random) -> list[SampleMeasured]:
    made, second = [], 0.0
    while second < 59:
        value_ms = 60_000 / rate + chance.uniform(-25, 25)
        second += value_ms / 1000
        made.append(measured("ibi", value_ms, at=at(minute + second / 60), source="band"))
    return made


USUAL = [68 + n % 5 for n in range(60)]


def test_nothing_is_said_of_stress_before_twenty_minutes_of_the_person_are_known() -> None:
    assert rested(USUAL[:BASELINE_MIN]).score is None
    assert rested(USUAL[: BASELINE_MIN + 3]).score is not None


def test_a_raised_heart_rate_at_rest_raises_the_score_and_calm_ends_it() -> None:
    calm = rested(USUAL)
    raised = rested([95.0] * 15, stress=calm)
    assert calm.score is not None
    assert calm.raised_since is None
    assert raised.score is not None
    assert raised.score > 70 > calm.score
    assert raised.raised_since is not None
    assert 5 <= raised.raised_min <= 15
    assert rested([69.0] * 15, stress=raised).raised_since is None


def test_a_minute_with_motion_says_nothing() -> None:
    calm = rested(USUAL).fold(sample(60, "heart_rate", 150), gated=True, known=True)
    moved = calm
    for minute in range(61, 80):
        moved = moved.fold(sample(minute, "heart_rate", 150), gated=True, known=True)
    assert moved.score == calm.score
    assert moved.raised_since is None
    assert moved.at(at(80)) is None, "the score is too old to speak of"


def test_beats_give_more_confidence_than_averaged_rates_and_motion_more_than_none() -> None:
    beats, rates = rested(USUAL, beats=True), rested(USUAL)
    blind = rested(USUAL, known=False)
    assert 1 >= beats.confidence > rates.confidence > blind.confidence > 0


def direct_rmssd(beats: list[float]) -> float:
    """Root mean square of successive differences, pairs with an artefact (a fifth) left out."""
    pairs = [(a, b) for a, b in pairwise(beats) if abs(b - a) <= 0.2 * a]
    return sqrt(sum((b - a) ** 2 for a, b in pairs) / len(pairs))


@given(st.lists(st.floats(700, 1000), min_size=14, max_size=60), st.integers(3, 9))
def test_rmssd_is_that_of_a_direct_computation_without_artefacts(
    beats: list[float], every: int
) -> None:
    beats = [1600.0 if n and n % (every + 3) == 0 else value for n, value in enumerate(beats)]
    minute, passed_ms = Minute(start=at(0)), 0.0
    for value_ms in beats:
        passed_ms += value_ms
        when = at(0) + timedelta(milliseconds=passed_ms)
        minute = minute.add(measured("ibi", value_ms, at=when, source="band"))
    if minute.log_rmssd is None:
        assert minute.pairs < 10 or minute.square_sum <= 0
        return
    assert exp(minute.log_rmssd) == pytest.approx(direct_rmssd(beats), rel=1e-6)


def test_averaged_rates_give_no_rmssd() -> None:
    minute = Minute(start=at(0))
    for second in range(60):
        minute = minute.add(sample(second / 60, "heart_rate", 60 + second % 7))
    assert minute.log_rmssd is None
    assert minute.rate_bpm == pytest.approx(63, abs=1)


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_an_hour_s_run_raises_no_stress_nudge(seed: int) -> None:
    inputs = [event for _, batch in made_up(seed) for event in batch]
    core, state = Core(SKILLS), State()
    ran = 0
    wrong: list[str] = []
    for event in inputs:
        state, judged = core.step(state, event)
        context = state.context
        after_run = context.now - context.motion.vigorous_at < 60 * MINUTE
        ran += after_run
        wrong += [f"{one.at} {one.text}" for one in judged if one.skill == "break" and after_run]
        if after_run and context.stress.raised_since is not None:
            assert context.stress.raised_since < context.motion.vigorous_at
    assert ran > 1000
    assert wrong == []
