"""Estimators of the body at rest: sleep."""

from dataclasses import replace
from datetime import timedelta

from agent.fusion.sleep import Sleep
from tests.days import at, sample

MINUTE = timedelta(minutes=1)


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
