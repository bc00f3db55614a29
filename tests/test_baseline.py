"""The personal baseline: the person's own usual, which forgets, and which says when it is young."""

from collections.abc import Iterable
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from agent.fusion.baseline import (
    ALL,
    SAME_ACTIVITY,
    SAME_PART,
    SCALES,
    Activity,
    Baseline,
    Measure,
    part_of_day,
)

KEPT = TypeAdapter(Baseline)


def lived(
    rates: Iterable[float],
    *,
    hour: int | None = 10,
    activity: Activity = "still",
    baseline: Baseline | None = None,
) -> Baseline:
    held = baseline or Baseline()
    for rate in rates:
        held = held.add("heart_rate", rate, hour=hour, activity=activity)
    return held


def around(middle: float, minutes: int) -> list[float]:
    return [middle - 4 + 8 * (n % 9) / 8 for n in range(minutes)]


def test_nothing_is_said_before_enough_is_known() -> None:
    young = lived(around(70, ALL.least_min - 1))
    assert young.z("heart_rate", 90, hour=10, activity="still") is None
    assert lived([70], baseline=young).z("heart_rate", 90, hour=10, activity="still") is not None
    assert young.z("log_rmssd", 3, hour=10, activity="still") is None


def test_it_falls_back_from_the_part_of_the_day_to_the_activity_to_all() -> None:
    def of(baseline: Baseline, hour: int | None, activity: Activity) -> str | None:
        usual = baseline.usual("heart_rate", hour=hour, activity=activity)
        return usual.of if usual else None

    morning = lived(around(70, SAME_PART.least_min))
    assert of(morning, 11, "still") == "still/morning"
    assert of(morning, 12, "still") == "still"
    assert of(morning, None, "still") == "still"
    assert of(morning, 11, "moving") == "all"
    assert of(lived(around(70, SAME_ACTIVITY.least_min)), 10, "still") == "still"


def test_a_rate_that_is_usual_in_the_evening_is_high_in_the_night() -> None:
    held = lived(around(55, 500), hour=3, baseline=lived(around(75, 500), hour=20))
    night = held.z("heart_rate", 75, hour=2, activity="still")
    evening = held.z("heart_rate", 75, hour=19, activity="still")
    assert night is not None
    assert evening is not None
    assert night > 5
    assert abs(evening) < 0.5


def test_an_hour_of_stress_moves_the_usual_by_less_than_a_tenth_of_a_spread() -> None:
    calm = lived(around(70, 1000))
    shaken = lived([130] * 60, baseline=calm)
    before = calm.usual("heart_rate", hour=10, activity="still")
    after = shaken.usual("heart_rate", hour=10, activity="still")
    assert before is not None
    assert after is not None
    assert abs(after.middle - before.middle) < 0.1 * before.spread
    assert after.spread < 1.2 * before.spread


def test_what_is_long_ago_is_forgotten_and_what_is_a_day_ago_is_not() -> None:
    old = lived(around(70, 2 * SAME_PART.most_min))
    soon = lived(around(90, 300), baseline=old).usual("heart_rate", hour=10, activity="still")
    late = lived(around(90, 5000), baseline=old).usual("heart_rate", hour=10, activity="still")
    assert soon is not None
    assert late is not None
    assert soon.middle == pytest.approx(70, abs=1.5)
    assert late.middle == pytest.approx(90, abs=1.5)


def test_an_even_person_is_not_far_from_the_usual_for_a_beat_more() -> None:
    z = lived([70.0] * 500).z("heart_rate", 72, hour=10, activity="still")
    assert z is not None
    assert z < 1


@pytest.mark.parametrize(
    ("hour", "part"),
    [(0, "night"), (5, "night"), (6, "morning"), (12, "afternoon"), (23, "evening")],
)
def test_every_hour_has_its_part_of_the_day(hour: int, part: str) -> None:
    assert part_of_day(hour) == part


@settings(max_examples=10)
@given(st.lists(st.floats(-1e6, 1e6), max_size=50))
def test_it_comes_back_from_a_checkpoint_as_it_was(values: list[float]) -> None:
    held = lived(values, hour=23, activity="asleep")
    assert KEPT.validate_json(KEPT.dump_json(held)) == held


def test_a_life_s_worth_of_it_is_small() -> None:
    full = Baseline()
    for measure in get_args(Measure):
        scale = SCALES[measure]
        bins = round((scale.high - scale.low) / scale.width)
        for activity in get_args(Activity):
            for minute in range(4 * bins):
                value = scale.low + scale.width * (minute % bins)
                full = full.add(measure, value, hour=minute * 24 // (4 * bins), activity=activity)
    cells = {
        key: type(cell)(cell.low, cell.width, tuple(99.0 for _ in cell.weights), cell.count)
        for key, cell in full.cells.items()
    }
    assert len(cells) == 5 * (3 * 4 + 3 + 1)
    assert len(KEPT.dump_json(Baseline(cells))) <= 40_000
