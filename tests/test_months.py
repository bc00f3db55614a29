"""A made-up month has no gap, is the same for its seed, and keeps the truth from the sensors."""

from datetime import timedelta
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.evaluate.persons import built_in
from agent.events import CalendarChanged, LocationMeasured, SampleMeasured
from sensors.simulated.diary import Activity
from sensors.simulated.month import Month, Mood, month
from sensors.simulated.person import Person
from sensors.simulated.planning import DAY
from sensors.simulated.worn_month import lived

PEOPLE = built_in()
NAMES = [one.name for one in PEOPLE]
MINUTE = timedelta(minutes=1)


@cache
def lived_by(name: str, *, seed: int = 1) -> Month:
    return month(PEOPLE[NAMES.index(name)], seed=seed)


@pytest.mark.parametrize("name", NAMES)
def test_a_month_has_no_gap_and_enough_sleep(name: str) -> None:
    latent = lived_by(name).latent
    assert all(one.end == other.start for one, other in pairwise(latent.spells))
    slept = sum((one.end - one.start for one in latent.sleeps), timedelta())
    assert 5.5 < slept / timedelta(hours=30) < 9.5
    assert all(one.end <= other.start for one, other in pairwise(latent.sleeps))


@given(seed=st.integers(-(2**70), 2**70), which=st.sampled_from(PEOPLE))
@settings(max_examples=12, deadline=None)
def test_whatever_the_seed_time_goes_on(seed: int, which: Person) -> None:
    found = month(which, seed=seed, days=9)
    assert all(one.end == other.start for one, other in pairwise(found.latent.spells))
    assert all(one.start < one.end for one in found.latent.visits)


def test_a_seed_gives_the_same_days_however_the_month_is_cut() -> None:
    one, other = lived_by("commuter"), month(PEOPLE[NAMES.index("commuter")], seed=1)
    since, until = one.midnight(2) + 20 * 60 * MINUTE, one.midnight(3) + 9 * 60 * MINUTE
    whole = list(lived(one, since=since, until=until))
    middle = since + 5 * 60 * MINUTE
    parts = [*lived(other, since=since, until=middle), *lived(other, since=middle, until=until)]
    assert whole == parts
    assert all(a.at <= b.at for a, b in pairwise(whole))
    assert list(lived(lived_by("commuter", seed=2), since=since, until=middle)) != whole


def test_a_day_lived_in_another_mood_leaves_the_days_before_as_they_were() -> None:
    usual, person = lived_by("office worker"), PEOPLE[NAMES.index("office worker")]
    day = usual.start + 8 * DAY
    bad = month(person, seed=1, moods={day: Mood(short=True, strained=True, ill_bpm=8)})
    good = month(person, seed=1, moods={day: Mood(short=False, strained=False)})
    noon = usual.midnight(7) + 12 * 60 * MINUTE
    before = [list(lived(m, since=noon, until=noon + 60 * MINUTE)) for m in (usual, bad, good)]
    assert before[0] == before[1] == before[2]
    night = usual.midnight(8) + 60 * MINUTE
    assert not bad.latent.asleep(night - 30 * MINUTE)
    assert good.latent.asleep(night)
    assert len(bad.latent.rises) > len(good.latent.rises)


def test_the_commuter_walks_past_shops_more_often_than_they_go_in() -> None:
    found = lived_by("commuter")
    shops = {name: found.own.sites[name] for name, kind in found.own.kinds.items()
             if kind == "grocery"}  # fmt: skip
    assert len(shops) == 3
    near = 0
    for spell in found.latent.spells:
        if spell.activity is Activity.WALKING and not spell.place:
            ends = spell.way.points[-1]
            near += any(abs(ends[0] - x) + abs(ends[1] - y) < 50 for x, y in shops.values())
    went_in = [one for one in found.latent.visits if one.kind == "grocery"]
    assert 5 <= len(went_in) <= 12
    assert near > 5 * len(went_in)


def test_the_night_shift_sleeps_by_day() -> None:
    latent, zone = lived_by("night shift").latent, lived_by("night shift").zone
    noon = lived_by("night shift").midnight(2) + 12 * 60 * MINUTE
    assert latent.asleep(noon)
    assert noon.astimezone(zone).hour == 12
    assert latent.spell(noon + 16 * 60 * MINUTE).place == "office"


def test_what_is_measured_follows_what_is_done() -> None:
    found = lived_by("athlete")
    since = found.midnight(1)
    events = list(lived(found, since=since, until=since + timedelta(days=1)))
    rates = [e for e in events if isinstance(e, SampleMeasured) and e.signal == "heart_rate"]
    asleep = [e.value for e in rates if found.latent.asleep(e.at)]
    running = [e.value for e in rates
               if found.latent.spell(e.at).activity is Activity.RUNNING]  # fmt: skip
    assert sum(asleep) / len(asleep) < 65
    assert sum(running[60:]) / len(running[60:]) > 135
    assert sum(isinstance(e, LocationMeasured) for e in events) > 1300
    assert sum(isinstance(e, CalendarChanged) for e in events) == 1
    assert 12_000 < len(events) < 20_000
