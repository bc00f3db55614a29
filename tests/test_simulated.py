"""A simulated day is plausible, the same for a seed, and loses only what is taken out."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from math import cos, hypot, radians
from statistics import mean
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.events import (
    CalendarChanged,
    Input,
    ListChanged,
    LocationMeasured,
    SampleMeasured,
    SourceSynced,
)
from sensors.simulated import (
    PARTS,
    Watch,
    nights,
    places,
    simulate,
)

ZONE = ZoneInfo("Europe/Berlin")
DAY = date(2026, 3, 3)
MIDNIGHT = datetime(2026, 3, 3, tzinfo=ZONE)
HOUR = timedelta(hours=1)
SEEDS = range(20)
Batches = Sequence[tuple[datetime, Sequence[Input]]]


@cache
def day(seed: int, without: frozenset[str] = frozenset()) -> Batches:
    # Fewer samples than by default: the same day, in half the time.
    watch = Watch(heart_rate_every_s=20, beats_for_s=40, beats_every_s=600)
    return tuple(watch.days(seed, start=DAY, zone="Europe/Berlin", without=without))


@cache
def events(seed: int, without: frozenset[str] = frozenset()) -> tuple[Input, ...]:
    return tuple(event for _, batch in day(seed, without) for event in batch)


def hour(event: Input) -> float:
    return (event.at - MIDNIGHT) / HOUR


class Curves:
    """The samples of each signal, by hour since midnight."""

    def __init__(self, found: Iterable[Input]) -> None:
        self._curves = dict[str, list[tuple[float, float]]]()
        for event in found:
            if isinstance(event, SampleMeasured):
                self._curves.setdefault(event.signal, []).append((hour(event), event.value))

    def within(self, signal: str, since_h: float, until_h: float) -> list[tuple[float, float]]:
        curve = self._curves[signal]
        low, high = (bisect_left(curve, (edge,)) for edge in (since_h, until_h))
        return curve[low:high]

    def average(self, signal: str, since_h: float, until_h: float) -> float:
        return mean(value for _, value in self.within(signal, since_h, until_h))

    def rmssd_ms(self, since_h: float, until_h: float) -> float:
        beats = self.within("ibi", since_h, until_h)
        squares = [
            (b - a) ** 2
            for (before_h, a), (at_h, b) in pairwise(beats)
            if abs((at_h - before_h) * 3_600_000 - b) < 2
        ]
        return float(mean(squares) ** 0.5)


@cache
def curves(seed: int, without: frozenset[str] = frozenset()) -> Curves:
    return Curves(events(seed, without))


def within_m(event: LocationMeasured, place: tuple[str, str, float, float, float]) -> float:
    north = (event.latitude_deg - place[2]) * 111_320
    east = (event.longitude_deg - place[3]) * 111_320 * cos(radians(place[2]))
    return hypot(north, east)


def inside(found: Iterable[Input], place: tuple[str, str, float, float, float]) -> list[Input]:
    return [
        event
        for event in found
        if isinstance(event, LocationMeasured) and within_m(event, place) <= place[4]
    ]


def calendar(found: Iterable[Input]) -> CalendarChanged:
    return next(event for event in found if isinstance(event, CalendarChanged))


def test_a_seed_gives_the_same_day_every_time() -> None:
    first, again = (simulate(seed=7, start=DAY) for _ in range(2))
    count = 0
    for one, other in zip(first, again, strict=True):
        assert one == other
        count += len(one[1])
    assert 40_000 < count < 55_000
    assert day(7) != day(8)


@given(seed=st.integers(-(2**70), 2**70), days=st.integers(1, 2))
@settings(max_examples=3, deadline=None)
def test_whatever_the_seed_batches_come_in_order_and_carry_the_past_half_minute(
    seed: int, days: int
) -> None:
    before, end = MIDNIGHT, MIDNIGHT + timedelta(days=days)
    slow = Watch(heart_rate_every_s=60, beats_for_s=10)
    for arrival, batch in slow.days(seed, start=DAY, zone="Europe/Berlin", days=days):
        assert before <= arrival <= end
        assert batch
        for event in batch:
            assert arrival - timedelta(seconds=30) < event.at <= arrival
            assert getattr(event, "quality", "good") == "good"
        before = arrival
    assert before > end - timedelta(minutes=1)


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_day_on_which_the_clocks_change_has_its_true_length(change: date) -> None:
    found = list(simulate(seed=1, start=change))
    lasts = found[-1][0] - found[0][0]
    assert round(lasts / timedelta(hours=1)) == (23 if change.month == 3 else 25)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_heart_is_slow_at_night_and_fast_on_the_run(seed: int) -> None:
    found = curves(seed)
    night, desk = found.average("heart_rate", 2, 5), found.average("heart_rate", 14.5, 15.5)
    run = found.average("heart_rate", 19.0, 19.25)
    assert 45 < night < desk - 5 < 75
    assert 145 < run < 185
    assert found.average("motion", 2, 5) < 5 < found.average("motion", 14.5, 15.5) < 40
    assert found.average("motion", 19, 19.25) > 400
    assert 155 < found.average("cadence", 19, 19.25) < 172


@pytest.mark.parametrize("seed", SEEDS)
def test_the_last_ninety_minutes_of_the_morning_strain_the_heart_but_not_the_limbs(
    seed: int,
) -> None:
    found = curves(seed)
    morning = [
        m for m in calendar(events(seed)).meetings if m.start < MIDNIGHT + timedelta(hours=13)
    ]
    ends_h = (morning[-1].end - MIDNIGHT).total_seconds() / 3600
    usual, strained = (14.5, 15.5), (ends_h - 1.5, ends_h)
    raised = found.average("heart_rate", *strained) - found.average("heart_rate", *usual)
    assert 13 < raised < 23
    assert found.rmssd_ms(*strained) < 0.7 * found.rmssd_ms(*usual)
    assert found.average("motion", *strained) < 40


@pytest.mark.parametrize("seed", SEEDS)
def test_beats_agree_with_the_heart_rate(seed: int) -> None:
    found = curves(seed)
    for window in ((2, 5), (9, 10), (11.8, 13), (14.5, 15.5), (19.0, 19.25)):
        beats = 60_000 / found.average("ibi", *window)
        assert abs(beats - found.average("heart_rate", *window)) < 4


@pytest.mark.parametrize("seed", SEEDS)
def test_the_morning_has_four_hours_of_meetings_with_at_most_ten_minutes_between(seed: int) -> None:
    meetings = [m for m in calendar(events(seed)).meetings if m.start.date() == DAY]
    morning = [m for m in meetings if m.start < MIDNIGHT + timedelta(hours=13)]
    assert morning[-1].end - morning[0].start >= timedelta(hours=4)
    gaps = [b.start - a.end for a, b in pairwise(morning)]
    assert all(timedelta() <= gap <= timedelta(minutes=10) for gap in gaps)
    assert not any(m.declined for m in morning)
    assert any(m.start > MIDNIGHT + timedelta(days=1) for m in calendar(events(seed)).meetings)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_wearer_stays_in_one_grocery_and_at_most_passes_the_other(seed: int) -> None:
    known = {place[0]: place for place in places(seed)}
    grocery, shop = (inside(events(seed), known[name]) for name in ("Grüner Markt", "Eckladen"))
    assert 14 <= len(grocery) <= 24
    assert 17.5 < hour(grocery[0]) < hour(grocery[-1]) < 18.1
    assert len(shop) <= 2
    assert hour(inside(events(seed), known["office"])[0]) < 9
    assert hour(inside(events(seed), known["home"])[-1]) > 23.9


def test_on_some_days_another_shop_is_passed_and_on_others_not() -> None:
    passed = {bool(inside(events(seed), places(seed)[3])) for seed in SEEDS}
    assert passed == {True, False}


def test_one_position_is_far_off_and_says_so() -> None:
    for seed in SEEDS:
        found = [event for event in events(seed) if isinstance(event, LocationMeasured)]
        assert sum(event.accuracy_m > 100 for event in found) == 1
        assert 1400 < len(found) < 1440


def changed(seed: int, part: str) -> list[Input]:
    """Return the events of the whole day and of the other that are not in both."""
    whole = {(hour(e), e.kind, getattr(e, "signal", e)): e for e in events(seed)}
    less = {(hour(e), e.kind, getattr(e, "signal", e)): e for e in events(seed, frozenset({part}))}
    return [
        event
        for key in whole.keys() | less.keys()
        if whole.get(key) != less.get(key)
        for event in (whole.get(key), less.get(key))
        if event is not None
    ]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("part", ["meetings", "stress"])
def test_without_strain_only_the_heart_of_the_strained_hours_changes(seed: int, part: str) -> None:
    differs = changed(seed, part)
    hearts = [event for event in differs if isinstance(event, SampleMeasured)]
    assert {event.signal for event in hearts} == {"heart_rate", "ibi"}
    assert all(10 < hour(event) < 13.6 for event in hearts)
    others = {event.kind for event in differs} - {"sample_measured"}
    assert others == ({"calendar_changed"} if part == "meetings" else set())
    calm = curves(seed, frozenset({part}))
    assert abs(calm.average("heart_rate", 11.8, 13) - calm.average("heart_rate", 14.5, 16)) < 4


def test_without_meetings_the_calendar_is_empty() -> None:
    assert calendar(events(3, frozenset({"meetings"}))).meetings == ()


@pytest.mark.parametrize("seed", range(2))
def test_without_the_dwell_only_the_way_home_changes(seed: int) -> None:
    less = events(seed, frozenset({"dwell"}))
    assert 1 <= len(inside(less, places(seed)[2])) <= 2
    differs = changed(seed, "dwell")
    moved = [event for event in differs if getattr(event, "signal", "") != "skin_temperature"]
    assert all(17.55 < hour(event) < 18.4 for event in moved)
    assert all(17.55 < hour(event) < 20 for event in differs)


@pytest.mark.parametrize("seed", range(2))
def test_without_the_list_nothing_else_changes(seed: int) -> None:
    differs = changed(seed, "list")
    lists = [event for event in differs if isinstance(event, ListChanged)]
    assert len(differs) == len(lists) == 2
    assert sorted(bool(event.items) for event in lists) == [False, True]


def test_the_list_is_in_the_order_of_the_aisles() -> None:
    found = next(event for event in events(5) if isinstance(event, ListChanged))
    aisles = [item.aisle or 0 for item in found.items]
    assert found.name == "grocery"
    assert len(aisles) == 9
    assert aisles == sorted(aisles)


def test_an_unknown_part_cannot_be_taken_out() -> None:
    with pytest.raises(ValueError, match="'lunch' cannot be taken out"):
        list(simulate(seed=1, start=DAY, without=frozenset({"lunch"})))
    assert {"meetings", "stress", "dwell", "list"} == PARTS


@pytest.mark.parametrize("seed", range(5))
def test_seven_nights_and_an_evening_lead_up_to_the_day(seed: int) -> None:
    found = list(nights(seed=seed, until=DAY))
    arrivals = [arrival for arrival, _ in [*found, day(seed)[0]]]
    assert arrivals == sorted(arrivals)
    flat = [event for _, batch in found for event in batch]
    rates = Curves(flat).within("heart_rate", -24 * 9, 0)
    assert sum(isinstance(event, SourceSynced) for event in flat) == 7
    assert 7 * 600 < len(rates) < 7 * 602 + 122
    clocks = {event.at.astimezone(ZONE).hour for event in flat}
    assert clocks == {22, 23, 0, 1, 2, 3, 4, 5, 6, 7, 8}
    assert all(getattr(event, "quality", "good") == "good" for event in flat)


def test_nights_differ_and_some_last_ones_are_short() -> None:
    mine = Curves(event for _, batch in nights(seed=2, until=DAY) for event in batch)
    windows = [(24 * night - 2, 24 * night + 8) for night in range(-7, 0)]
    lasted = [sum(value < 4 for _, value in mine.within("motion", *w)) / 60 for w in windows]
    assert min(lasted) > 5
    assert max(lasted) - min(lasted) > 0.3
    awake_at_midnight = {curves(seed).average("motion", 0, 0.4) > 7 for seed in SEEDS}
    assert awake_at_midnight == {True, False}
