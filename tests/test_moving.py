"""Motion with a speed, and falls."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from agent.context import Context
from agent.events import LocationMeasured, SampleMeasured
from agent.fold import fold_world
from agent.fusion.fall import ASKS_FOR, Fall
from agent.fusion.motion import STOPS, Motion, MotionState
from tests.days import HOME, RULES, at, fix, sample

SECOND = timedelta(seconds=1)


def moved(*samples: SampleMeasured) -> Motion:
    motion = Motion()
    for one in samples:
        motion = motion.fold(one)
    return motion


def riding(speed_ms: float, *, motion_mg: float, cadence: float = 0) -> list[SampleMeasured]:
    return [
        one
        for second in range(0, 60, 10)
        for one in (
            sample(second / 60, "speed", speed_ms),
            sample(second / 60, "motion", motion_mg),
            sample(second / 60, "cadence", cadence),
        )
    ]


@pytest.mark.parametrize(
    ("speed_ms", "motion_mg", "cadence", "state"),
    [
        (0.2, 8, 0, "still"),
        (1.4, 150, 110, "walking"),
        (3.2, 600, 165, "running"),
        (5.0, 60, 0, "cycling"),
        (5.0, 8, 0, "driving"),
        (25.0, 20, 0, "driving"),
        (25.0, 300, 100, "walking"),
    ],
)
def test_speed_and_motion_together_tell_how_one_moves(
    speed_ms: float, motion_mg: float, cadence: float, state: MotionState
) -> None:
    motion = moved(*riding(speed_ms, motion_mg=motion_mg, cadence=cadence))
    assert motion.at(at(1)) == state
    assert (motion.effort_at > at(0)) == (state in ("walking", "running", "cycling"))


def test_one_fast_fix_is_no_ride() -> None:
    assert moved(sample(0, "motion", 5), sample(0.1, "speed", 40)).at(at(0.1)) == "still"


def test_a_car_at_the_lights_is_a_car_still_and_a_parked_one_is_none() -> None:
    drive = riding(15, motion_mg=10)
    halt = [sample(1 + n / 6, "speed", 0) for n in range(12)]
    assert moved(*drive, *halt).at(at(3)) == "driving"
    assert moved(*drive, sample(1 + STOPS / timedelta(minutes=1), "speed", 0)).state == "still"


def test_who_gets_out_and_walks_is_walking() -> None:
    walked = moved(*riding(15, motion_mg=10), sample(1, "speed", 1.2), sample(1.1, "cadence", 108))
    assert walked.at(at(1.1)) == "walking"


def test_counts_stand_for_acceleration_where_a_band_sends_nothing_else() -> None:
    assert moved(sample(0, "activity_counts", 60)).at(at(0)) == "still"
    assert moved(sample(0, "activity_counts", 1500)).at(at(0)) == "walking"


def test_two_fixes_tell_the_speed_of_a_phone_that_does_not() -> None:
    context = Context(rules=RULES)
    for minute in range(4):
        context = fold_world(context, fix(minute, HOME, north_m=900 * minute))
    assert context.motion.at(at(3)) == "driving"
    measured = fold_world(context, sample(3.1, "speed", 0.0))
    later: LocationMeasured = fix(4, HOME, north_m=5000)
    assert fold_world(measured, later).motion.speed_ms == 0, "what is measured goes before"


def test_a_watch_that_was_put_down_walks_no_more_whatever_else_goes_on() -> None:
    walked = moved(sample(0, "motion", 150), *(sample(n, "speed", 0) for n in range(1, 9)))
    assert walked.at(at(8)) == "still"
    assert walked.motion_mg is None
    stepped = moved(sample(0, "cadence", 105), *(sample(n, "motion", 3) for n in range(1, 9)))
    assert stepped.at(at(8)) == "still"


def test_who_stands_on_the_date_line_does_not_ride() -> None:
    context = Context(rules=RULES)
    for minute in range(4):
        longitude = 179.9999 if minute % 2 else -179.9999
        there = LocationMeasured(
            at=at(minute), latitude_deg=-17, longitude_deg=longitude, accuracy_m=5, source="phone"
        )
        context = fold_world(context, there)
    assert context.place.speed_ms is not None
    assert context.place.speed_ms < 0.5
    assert context.motion.at(at(3)) == "still"


def fell(*, after_mg: float, peak_mg: float = 4500, begins_s: int = 6, lasts_s: int = 60) -> Fall:
    fall = Fall().fold(sample(0, "motion_peak", peak_mg))
    for second in range(begins_s, begins_s + lasts_s):
        fall = fall.fold(sample(second / 60, "motion", after_mg))
    return fall


def test_an_impact_and_stillness_is_asked_about_until_the_wearer_moves() -> None:
    fall = fell(after_mg=3)
    assert fall.open_at(at(1)) == at(0)
    assert fall.fold(sample(2, "motion", 200)).open_at(at(2)) is None
    assert fall.fold(sample(2, "cadence", 40)).open_at(at(2)) is None
    assert fall.open_at(at(0) + ASKS_FOR + SECOND) is None


@pytest.mark.parametrize(
    "fall",
    [
        fell(after_mg=3, peak_mg=2000),
        fell(after_mg=90),
        fell(after_mg=3, lasts_s=20),
        fell(after_mg=3, begins_s=200),
    ],
    ids=["a clap", "gets up", "still for a moment", "sits down later"],
)
def test_what_is_no_fall_is_not_asked_about(fall: Fall) -> None:
    assert fall.open_at(at(1)) is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("motion", "motion_peak", "cadence", "speed", "activity_counts")),
            st.floats(0, 119),
            st.floats(-2, 60),
        ),
        max_size=50,
    )
)
def test_any_order_of_samples_is_taken_and_kept_exactly(
    told: list[tuple[str, float, float]],
) -> None:
    motion, fall = Motion(), Fall()
    for signal, value, minute in told:
        one = sample(minute, signal, value)
        motion, fall = motion.fold(one), fall.fold(one)
    for kind, state in ((Motion, motion), (Fall, fall)):
        adapter = TypeAdapter(kind)
        assert adapter.validate_json(adapter.dump_json(state)) == state
