"""Stress: against the person's own usual, by whatever of heart and skin is measured."""

import random
from collections.abc import Iterable
from datetime import timedelta
from math import log
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from agent.app.days import made_up
from agent.core import Core
from agent.evaluate.strained import read_people
from agent.events import SampleMeasured
from agent.fusion.beats import measure, series
from agent.fusion.stress import BASELINE_MIN, RAISED, Look, Minute, Stress, judged
from agent.fusion.stress.model import HEART_ALONE, WITH_ELECTRODERMAL
from agent.fusion.stress.strain import Columns, columns_of
from agent.fusion.stress.usual import Usual
from agent.sensor import measured
from agent.state import State
from data.stress.train import MODEL, module
from skills import SKILLS
from tests.days import at, sample

MINUTE = timedelta(minutes=1)
KEPT = TypeAdapter(Stress)
NOTHING = Columns(0, 0, 0, 0, 0, 0)


def rested(
    minutes: Iterable[float],
    *,
    beats: bool = False,
    known: bool = True,
    conductance_us: float | None = None,
    stress: Stress | None = None,
) -> Stress:
    """Fold a minute of rest at each heart rate."""
    chance = random.Random(5)  # noqa: S311  # a repeatable choice
    stress, start = stress or Stress(), 0
    if stress.open.start.year > 2000:
        start = (stress.open.start - at(0)) // MINUTE + 1
    for minute, rate in enumerate(minutes, start):
        folded = _beats(minute, rate, chance) if beats else [sample(minute, "heart_rate", rate)]
        if conductance_us is not None:
            value = conductance_us * chance.uniform(0.95, 1.05)
            folded.append(measured("electrodermal", value, at=at(minute + 0.5), source="band"))
        for one in folded:
            stress = stress.fold(one, gated=False, known=known)
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
    assert raised.score > RAISED > calm.score
    assert raised.raised_since is not None
    assert 5 <= raised.raised_min <= 15
    assert rested([69.0] * 15, stress=raised).raised_since is None


def test_a_usual_minute_scores_about_thirty_with_and_without_the_skin() -> None:
    for conductance_us in (None, 1.0):
        calm = rested(USUAL, conductance_us=conductance_us)
        assert calm.score is not None
        assert 20 <= calm.score <= 50


def test_skin_that_conducts_better_than_usual_raises_the_score_at_the_same_heart_rate() -> None:
    calm = rested(USUAL, conductance_us=1.0)
    sweating = rested(USUAL[:12], conductance_us=2.5, stress=calm)
    assert calm.score is not None
    assert sweating.score is not None
    assert sweating.score > RAISED > calm.score + 20


def test_without_conductance_the_heart_alone_is_judged_and_it_is_less_sure() -> None:
    calm = rested(USUAL, conductance_us=1.0)
    dry = rested(USUAL[:25], stress=calm)
    yardstick = dry.usual.yardstick()
    newest = dry.looks[-1].minute
    both = judged(calm.looks, calm.looks[-1].minute, yardstick)
    alone = judged(dry.looks, newest, yardstick)
    assert both is not None
    assert alone is not None
    assert both[1] is WITH_ELECTRODERMAL
    assert alone[1] is HEART_ALONE
    assert calm.confidence < 1
    assert dry.confidence == pytest.approx(0.5 * dry.usual.rate.count / 120, abs=0.01)
    assert rested(USUAL).confidence < calm.confidence


def test_what_follows_within_two_minutes_is_taken_into_account() -> None:
    looks = tuple(
        Look(minute, 70.0, log_electrodermal=log(3.0 if minute >= 41 else 1.0))
        for minute in range(43)
    )
    usual = Usual()
    for index, look in enumerate(looks[:40]):
        usual = usual.add(look, looks[:index])
    prompt = columns_of(looks[:41], 40, usual.yardstick())
    later = columns_of(looks, 40, usual.yardstick())
    beyond = columns_of((*looks, Look(43, 180.0)), 40, usual.yardstick())
    assert prompt is not None
    assert later is not None
    assert later.electrodermal_rise > prompt.electrodermal_rise == 0
    assert beyond == later


def test_the_weights_have_the_signs_that_physiology_gives_them() -> None:
    for weights in (WITH_ELECTRODERMAL, HEART_ALONE):
        skin, heart, (rmssd, warmth) = weights.each[:3], weights.each[3], weights.each[4:]
        assert heart > 0 > max(rmssd, warmth)
        assert all(one > 0 for one in skin) == (weights is WITH_ELECTRODERMAL)
        assert weights.score(NOTHING._replace(heart=3.0)) > RAISED > weights.score(NOTHING)


def test_a_band_that_measures_every_ten_minutes_has_a_score_between_its_samples() -> None:
    stress, told = Stress(), list[float | None]()
    for number in range(40):
        at_min = 10 * number + (number % 3) / 60  # now and then a second late
        stress = stress.fold(sample(at_min, "heart_rate", 66 + number % 5), gated=False, known=True)
        told.append(stress.at(at(at_min + 2)))
    assert all(score is not None for score in told[-10:])
    assert stress.at(at(420)) is None, "and none once it is silent"


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


@given(st.lists(st.floats(250, 2400), min_size=11, max_size=70))
def test_a_minute_s_rmssd_is_that_of_its_clean_beats(intervals: list[float]) -> None:
    minute, passed_ms = Minute(start=at(0)), 0.0
    for value_ms in intervals:
        passed_ms += value_ms
        when = at(0) + timedelta(milliseconds=passed_ms)
        minute = minute.add(measured("ibi", value_ms, at=when, source="band"))
    found, look = measure(series(intervals)), minute.add(sample(0, "heart_rate", 70)).look
    assert look is not None
    if found is None or found.pairs < 10 or not found.rmssd_ms:
        assert look.log_rmssd is None
        return
    assert look.log_rmssd == pytest.approx(log(found.rmssd_ms), rel=1e-4, abs=1e-4)


def test_averaged_rates_give_no_rmssd() -> None:
    minute = Minute(start=at(0))
    for second in range(60):
        minute = minute.add(sample(second / 60, "heart_rate", 60 + second % 7))
    look = minute.look
    assert look is not None
    assert look.log_rmssd is None
    assert look.heart_bpm == pytest.approx(63, abs=1)


def test_the_skin_opens_no_minute_and_belongs_to_the_one_that_is_open() -> None:
    alone = Stress().fold(sample(0, "skin_temperature", 33), gated=False, known=True)
    assert alone == Stress()
    stress = rested([70.0])
    warm = stress.fold(sample(0.5, "skin_temperature", 33), gated=False, known=True)
    assert warm.open.skin.value == 33
    assert warm.fold(sample(5, "skin_temperature", 30), gated=False, known=True) is warm


@pytest.mark.parametrize(("conductance_us", "heard"), [(0.0, False), (0.04, False), (0.06, True)])
def test_electrodes_that_touch_no_skin_say_nothing(conductance_us: float, heard: bool) -> None:
    minute = Minute(start=at(0)).add(sample(0, "heart_rate", 70))
    look = minute.add(sample(0, "electrodermal", conductance_us)).look
    assert look is not None
    assert (look.log_electrodermal is not None) == heard


SAMPLES = st.builds(
    sample,
    st.floats(0, 300),
    st.sampled_from(("heart_rate", "ibi", "electrodermal", "skin_temperature")),
    st.floats(0, 100),
)


@given(st.lists(SAMPLES, max_size=60))
def test_whatever_is_measured_the_score_is_one_and_comes_back_from_a_checkpoint(
    samples: list[SampleMeasured],
) -> None:
    stress = rested(USUAL[:25], conductance_us=1.0)
    for one in samples:
        if one.quality == "good":
            stress = stress.fold(one, gated=False, known=True)
    assert stress.score is not None
    assert 0 <= stress.score <= 100
    assert KEPT.validate_json(KEPT.dump_json(stress)) == stress


def test_what_is_kept_of_a_day_with_everything_measured_is_small() -> None:
    rates = [50 + n * 7 % 90 for n in range(1000)]
    day = rested(rates[:600], beats=True, conductance_us=1.0)
    for n in range(600):
        value = 0.05 * 1.016 ** (n * 7 % 400)
        for one in (
            sample(600 + n, "heart_rate", rates[n]),
            sample(600 + n, "electrodermal", value),
            sample(600 + n, "skin_temperature", 28 + n * 7 % 9),
        ):
            day = day.fold(one, gated=False, known=True)
    for _ in range(2000):
        day = day.fold(sample(1200, "ibi", 800.123), gated=False, known=True)
    assert len(KEPT.dump_json(day)) <= 60_000


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_an_hour_s_run_raises_no_stress_nudge(seed: int) -> None:
    inputs = [event for _, batch in made_up(seed) for event in batch]
    core, state = Core(SKILLS), State()
    ran = 0
    wrong: list[str] = []
    for event in inputs:
        state, judged_ = core.step(state, event)
        context = state.context
        after_run = context.now - context.motion.vigorous_at < 60 * MINUTE
        ran += after_run
        wrong += [f"{one.at} {one.text}" for one in judged_ if one.skill == "break" and after_run]
        if after_run and context.stress.raised_since is not None:
            assert context.stress.raised_since < context.motion.vigorous_at
    assert ran > 1000
    assert wrong == []


@pytest.mark.reference
def test_the_shipped_weights_are_those_that_the_script_makes(reference: Path) -> None:
    made = "\n".join(module(read_people(reference / "stress"))) + "\n"
    assert made == MODEL.read_text()
