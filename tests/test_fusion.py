"""Estimators of what is around: meetings, place, motion; and the histograms under all."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.events import CalendarChanged, LocationMeasured, Meeting
from agent.fusion.meetings import Calendar
from agent.fusion.motion import Motion
from agent.fusion.place import DWELL, Place, distance_m
from agent.quantiles import Histogram, histogram
from tests.days import HOME, SHOP, at, calendar, fix, sample

PLACES = (SHOP, HOME)
MINUTE = timedelta(minutes=1)


# Meetings.


def planned(*meetings: tuple[str, float, float]) -> Calendar:
    return Calendar().fold(calendar(0, *meetings))


def test_overlapping_meetings_count_once_and_the_later_is_the_one_now() -> None:
    both = planned(("long", 0, 60), ("inside", 10, 30), ("over the end", 50, 80))
    assert both.load(at(80), window=timedelta(hours=4)) == 80 * MINUTE
    assert both.load(at(80), window=timedelta(minutes=30)) == 30 * MINUTE
    meeting = both.meeting_at(at(20))
    assert meeting is not None
    assert meeting.title == "inside"
    assert len(both.runs) == 1


def test_two_meetings_at_once_are_one_in_a_row() -> None:
    planned_ = planned(("a", 0, 60), ("b", 0, 60), ("c", 60, 120), ("d", 90, 100))
    assert [planned_.in_a_row(at(minute)) for minute in (30, 70, 95, 130)] == [1, 2, 2, 0]


def test_ten_minutes_between_two_meetings_are_no_pause_and_eleven_are() -> None:
    assert len(planned(("a", 0, 30), ("b", 40, 60)).runs) == 1
    assert len(planned(("a", 0, 30), ("b", 41, 60)).runs) == 2


def test_fifty_thousand_meetings_without_a_pause_are_one_run() -> None:
    """A copy of the run for each meeting took seconds."""
    many = planned(*(("m", 2 * n, 2 * n + 1) for n in range(50_000)))
    (run,) = many.runs
    assert (run.start, run.end, len(run.meetings)) == (at(0), at(99_999), 50_000)


def test_what_is_declined_or_lasts_all_day_claims_no_attention() -> None:
    kept = Meeting(uid="k", title="kept", start=at(0), end=at(30))
    others = (
        Meeting(uid="d", title="declined", start=at(0), end=at(60), declined=True),
        Meeting(uid="a", title="holiday", start=at(-300), end=at(1140), all_day=True),
        Meeting(uid="e", title="empty", start=at(10), end=at(10)),
    )
    told = CalendarChanged(
        at=at(0), source="c", since=at(-600), until=at(2000), meetings=(*others, kept)
    )
    folded = Calendar().fold(told)
    assert [m.title for m in folded.between(at(-600), at(2000))] == ["kept"]
    assert folded.meeting_at(at(45)) is None


def test_a_calendar_that_is_told_anew_replaces_its_own_meetings_only() -> None:
    first = planned(("a", 0, 30))
    other = CalendarChanged(
        at=at(1), source="other", since=at(0), until=at(60),
        meetings=(Meeting(uid="o", title="o", start=at(40), end=at(50)),),
    )  # fmt: skip
    both = first.fold(other)
    assert len(both.runs) == 1
    assert [m.title for m in both.fold(calendar(2)).between(at(0), at(60))] == ["o"]


SPANS = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 90)), max_size=12)


@given(SPANS, st.integers(0, 400), st.integers(1, 300))
def test_the_load_is_the_number_of_minutes_in_any_meeting(
    spans: list[tuple[int, int]], now: int, window: int
) -> None:
    found = planned(*((f"m{n}", start, start + long) for n, (start, long) in enumerate(spans)))
    busy = {minute for start, long in spans for minute in range(start, start + long)}
    counted = len(busy & set(range(now - window, now)))
    assert found.load(at(now), window=window * MINUTE) == counted * MINUTE
    assert (found.meeting_at(at(now)) is not None) == (now in busy)
    nexts = [start for start, _ in spans if now < start < now + 60]
    after = found.next_after(at(now), within=timedelta(hours=1))
    assert (after.start if after else None) == (at(min(nexts)) if nexts else None)


# Place.


def arrived(*fixes: LocationMeasured) -> Place:
    place = Place()
    for one in fixes:
        place = place.fold(one, PLACES)
    return place


def test_a_place_is_entered_after_a_stay_and_since_its_first_fix() -> None:
    coming = arrived(fix(0, SHOP), fix(1.9, SHOP))
    assert (coming.here, coming.coming, coming.due) == (None, SHOP, at(0) + DWELL)
    here = arrived(fix(0, SHOP), fix(3, SHOP))
    assert (here.here, here.since) == (SHOP, at(0))
    assert coming.look(at(3)).here == SHOP, "a stay becomes a dwell without a new fix"
    assert coming.look(at(60)).here is None, "a fix that is long past says nothing"


def test_one_fix_outside_or_one_at_the_edge_is_not_leaving() -> None:
    here = arrived(fix(0, SHOP), fix(3, SHOP))
    assert here.fold(fix(4, SHOP, north_m=72), PLACES).fold(fix(9, SHOP, north_m=72), PLACES).here
    once = here.fold(fix(4, SHOP, north_m=300), PLACES)
    assert once.fold(fix(5, SHOP), PLACES).fold(fix(9, SHOP, north_m=300), PLACES).here == SHOP
    gone = once.fold(fix(7, SHOP, north_m=300), PLACES)
    assert (gone.here, gone.last, gone.left_at) == (None, SHOP, at(4))


def test_a_coarse_or_an_old_fix_changes_nothing() -> None:
    here = arrived(fix(0, SHOP), fix(3, SHOP))
    coarse = LocationMeasured.model_validate(
        fix(4, HOME).model_dump() | {"accuracy_m": 101},
    )
    assert here.fold(coarse, PLACES) is here
    assert here.fold(fix(1, HOME), PLACES) is here
    assert not here.known_at(at(30))


def test_passing_between_two_places_enters_the_one_that_was_stayed_at() -> None:
    place = arrived(fix(0, SHOP), fix(1, HOME), fix(2, SHOP), fix(3, HOME), fix(6, HOME))
    assert (place.here, place.since) == (HOME, at(3))


@given(st.floats(-85, 85), st.floats(-179, 179), st.floats(0, 5000))
def test_a_distance_to_the_north_is_what_it_is(
    latitude: float, east: float, north_m: float
) -> None:
    spot = SHOP.model_validate(
        SHOP.model_dump() | {"latitude_deg": latitude, "longitude_deg": east}
    )
    assert distance_m(fix(0, spot, north_m=north_m), spot) == pytest.approx(north_m, abs=1)


# Motion.


def test_motion_is_unknown_without_samples_and_after_they_stop() -> None:
    moving = Motion().fold(sample(0, "motion", 150))
    assert Motion().at(at(0)) == "unknown"
    assert (moving.at(at(1)), moving.at(at(3))) == ("walking", "unknown")


@pytest.mark.parametrize(
    ("signal", "value", "state"),
    [("motion", 99, "still"), ("motion", 100, "walking"), ("motion", 430, "running"),
     ("cadence", 59, "still"), ("cadence", 60, "walking"), ("cadence", 130, "running")],
)  # fmt: skip
def test_the_state_follows_the_thresholds(signal: str, value: float, state: str) -> None:
    assert Motion().fold(sample(0, signal, value)).at(at(0)) == state


def test_effort_is_remembered_and_what_is_late_is_not_the_state() -> None:
    motion = Motion().fold(sample(0, "cadence", 170)).fold(sample(1, "cadence", 0))
    assert (motion.vigorous_at, motion.effort_at, motion.state) == (at(0), at(0), "still")
    assert motion.fold(sample(0.5, "motion", 900)) is motion
    since = motion.fold(sample(2, "cadence", 10)).since
    assert since == at(1)


# Histograms.


@given(
    st.lists(st.floats(30, 129.9), min_size=1, max_size=120),
    st.sampled_from((0.1, 0.25, 0.5, 0.75, 0.9)),
)
def test_a_quantile_is_that_of_the_sorted_values_to_within_a_bin(
    values: list[float], share: float
) -> None:
    held = filled(values)
    ordered = sorted(values)
    below = ordered[max(0, int(share * len(values)) - 1)]
    above = ordered[min(len(values) - 1, int(share * len(values)) + 1)]
    assert below - 1.01 <= held.quantile(share) <= above + 1.01
    assert held.quantile(0.1) <= held.quantile(0.5) <= held.quantile(0.9)


@given(st.lists(st.floats(30, 129.9), min_size=5, max_size=120))
def test_the_spread_is_that_of_the_sorted_values_to_within_a_bin(values: list[float]) -> None:
    held = filled(values)
    middle = held.quantile(0.5)
    far = sorted(abs(value - middle) for value in values)
    assert held.spread() / 1.4826 == pytest.approx(far[(len(far) - 1) // 2], abs=1.01)


def filled(values: Iterable[float]) -> Histogram:
    held = histogram(low=30, high=130, width=1)
    for value in values:
        held = held.add(value)
    return held


def test_old_values_are_forgotten_and_odd_ones_fall_into_the_edges() -> None:
    held = histogram(low=0, high=10, width=1)
    for _ in range(50):
        held = held.add(2, keep=0.9)
    for _ in range(50):
        held = held.add(8, keep=0.9)
    assert held.quantile(0.1) >= 8
    assert filled([-1e9, 1e9]).count == 2
