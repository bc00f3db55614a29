"""What is kept of whole days: stays, the parked car, sitting, training."""

from datetime import UTC, timedelta

import pytest
from pydantic import TypeAdapter

from agent.bus import replay
from agent.config import KnownPlace
from agent.context import Context
from agent.core import Core
from agent.events import Input
from agent.fusion.parking import Parking
from agent.fusion.seated import Seated
from agent.fusion.stays import STAYS_MAX, Stay, Stays
from agent.fusion.training import DAYS_MAX, Training
from tests.days import HOME, SHOP, at, fix, rules, sample


def lived(*inputs: Input) -> Context:
    return replay(Core(()), [rules(), *inputs])[0].context


def visit(place: KnownPlace, since: int, until: int) -> list[Input]:
    return [fix(minute, place) for minute in range(since, until)]


# Stays.


def test_a_stay_is_kept_when_it_has_ended_and_not_before() -> None:
    there = visit(SHOP, 0, 20)
    assert lived(*there).stays.past == ()
    after = lived(*there, *visit(HOME, 20, 30))
    assert [one.name for one in after.stays.past] == [SHOP.name]
    (stay,) = after.stays.past
    assert stay.since == at(0)
    assert timedelta(minutes=18) <= stay.until - stay.since <= timedelta(minutes=22)
    assert after.stays.last(SHOP.name) == stay
    assert after.stays.last(HOME.name) is None


def test_stays_are_bounded_and_come_back_from_a_checkpoint() -> None:
    stays = Stays()
    for n in range(STAYS_MAX + 5):
        stays = stays.fold("home", since=at(60 * n), until=at(60 * n + 30))
    assert len(stays.past) == STAYS_MAX
    kept = TypeAdapter(Stays)
    assert kept.validate_json(kept.dump_json(stays)) == stays
    assert len(kept.dump_json(stays)) < 60_000
    assert stays.fold("home", since=at(0), until=at(1)) is stays, "a minute is no stay"
    inside = Stay("home", at(0), at(60)).within(at(30), at(90))
    assert inside == timedelta(minutes=30)


def test_of_long_ago_only_the_last_stay_at_each_place_is_kept() -> None:
    stays = Stays()
    for day in range(60):
        name = "gym" if day < 5 else "home"
        stays = stays.fold(name, since=at(1440 * day), until=at(1440 * day + 60))
    assert [one.name for one in stays.past].count("gym") == 1
    gym = stays.last("gym")
    assert gym is not None
    assert gym.since == at(1440 * 4)
    assert len(stays.past) == 1 + 29


# The parked car.


def drive(since: int, minutes: int) -> list[Input]:
    """Return a drive: fast fixes, then a walk from where it ended."""
    inputs: list[Input] = []
    for minute in range(since, since + minutes):
        inputs.append(sample(minute, "speed", 15))
        inputs.append(fix(minute, HOME, north_m=900.0 * (minute - since)))
    return inputs


def walk(since: int, north_m: float) -> list[Input]:
    inputs: list[Input] = []
    for minute in range(since, since + 4):
        inputs += [sample(minute, "speed", 1.2), sample(minute, "cadence", 100)]
        inputs.append(fix(minute + 0.2, HOME, north_m=north_m + 80 * (minute - since)))
    return inputs


def test_nobody_who_only_walked_has_parked() -> None:
    assert lived(*walk(0, 0)).parking.parked is None


def test_the_car_is_where_the_drive_ended_and_not_where_the_walk_did() -> None:
    parked = lived(*drive(0, 10), *walk(11, 8200)).parking.parked
    assert parked is not None
    north_m = (parked.latitude_deg - HOME.latitude_deg) * 111_195
    assert north_m == pytest.approx(8100, abs=150)
    assert at(9) <= parked.at <= at(11)


def test_while_one_drives_the_place_before_still_holds() -> None:
    context = lived(*drive(0, 10), *walk(11, 8200), *drive(60, 8))
    assert context.parking.parked is not None
    assert context.parking.driving_since is not None


def test_a_drive_without_a_fix_at_its_end_parked_nowhere_known() -> None:
    blind = [sample(minute, "speed", 15) for minute in range(10)]
    after = lived(*blind, sample(10, "cadence", 100))
    assert after.parking.parked is None


# Sitting.


def rest(since: int, until: int, *, motion: float = 20) -> list[Input]:
    inputs: list[Input] = []
    for minute in range(since, until):
        inputs += [sample(minute, "motion", motion), sample(minute, "heart_rate", 75)]
    return inputs


def test_how_long_nobody_walked_is_known_to_the_minute() -> None:
    context = lived(*rest(0, 3, motion=200), *rest(3, 64))
    sat = context.seated.at(context.now)
    assert sat is not None
    assert timedelta(minutes=60) <= sat <= timedelta(minutes=62)
    assert context.seated.longest_min >= 59


def test_two_minutes_on_foot_end_it_and_one_does_not() -> None:
    one = lived(*rest(0, 40), *rest(40, 41, motion=200), *rest(41, 60))
    assert (one.seated.at(one.now) or timedelta()) > timedelta(minutes=50)
    two = lived(*rest(0, 40), *rest(40, 43, motion=200), *rest(43, 60))
    assert (two.seated.at(two.now) or timedelta()) < timedelta(minutes=20)


def test_a_gap_is_no_sitting() -> None:
    context = lived(*rest(0, 40), *rest(90, 95))
    assert (context.seated.at(context.now) or timedelta()) <= timedelta(minutes=6)
    assert Seated().at(at(0)) is None


# Training.


def beats(since: int, minutes: int, bpm: float) -> list[Input]:
    return [
        sample(since + n + part, "heart_rate", bpm) for n in range(minutes) for part in (0.1, 0.6)
    ]


def test_a_day_at_a_desk_is_no_training_and_an_hour_s_run_is() -> None:
    desk = lived(*beats(0, 120, 75)).training.days[-1]
    assert desk.trimp(resting_bpm=55, highest_bpm=190) == 0
    assert desk.minutes == 119
    run = lived(*beats(0, 61, 150)).training.days[-1]
    # x = (152.5 - 55) / 135 = 0.722: 60 * 0.722 * 0.64 * exp(1.92 * 0.722) = 111
    assert run.trimp(resting_bpm=55, highest_bpm=190) == pytest.approx(111, abs=1)
    assert run.hard_min(resting_bpm=55, highest_bpm=190) == 60


def test_the_highest_rate_is_one_that_was_held() -> None:
    assert Training().highest_bpm() is None
    context = lived(*beats(0, 20, 120), *beats(20, 1, 190), *beats(21, 6, 165), *beats(27, 2, 80))
    assert context.training.highest_bpm() == 167.5


def test_training_is_bounded_and_comes_back_from_a_checkpoint() -> None:
    context = lived(*(one for day in range(50) for one in beats(1440 * day, 3, 120)))
    assert len(context.training.days) == DAYS_MAX
    for state in (context.training, context.seated, context.parking):
        kept: TypeAdapter[object] = TypeAdapter(type(state))
        assert kept.validate_json(kept.dump_json(state)) == state
        assert len(kept.dump_json(state)) < 20_000
    assert Parking().parked is None
    assert context.training.days[-1].day == f"{context.now.astimezone(UTC):%Y-%m-%d}"
