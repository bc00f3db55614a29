"""What one wearer does on one day: activities with their ways, meetings, and strain.  Pure.

The day is planned in wall-clock hours and then turned into seconds since local midnight as they
pass, so that a day may have 23 or 25 hours.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sensors.simulated.appointments import Appointment, appointments
from sensors.simulated.chance import stream
from sensors.simulated.night import Night
from sensors.simulated.town import Town, Way, stay, town

MIN_H = 1 / 60
TRAIN_KMH = 45.0


class Activity(Enum):
    """What one may be doing."""

    ASLEEP = "asleep"
    ABED = "abed"
    LIGHT = "light"
    SEATED = "seated"
    RIDING = "riding"
    WALKING = "walking"
    SHOPPING = "shopping"
    RUNNING = "running"
    CYCLING = "cycling"
    DRIVING = "driving"
    SHOWER = "shower"


class Step(NamedTuple):
    """One activity of the plan, from a wall-clock hour until the next step."""

    start_h: float
    activity: Activity
    way: Way


class Segment(NamedTuple):
    """One activity from *start_s* to *end_s*."""

    start_s: float
    end_s: float
    activity: Activity
    way: Way


class Strain(NamedTuple):
    """Strain begins to rise, is full, begins to fall, is gone: seconds since midnight."""

    begins_s: float
    full_s: float
    falls_s: float
    gone_s: float

    def at(self, at_s: float) -> float:
        """Return the strain at *at_s*, 0-1."""
        if not self.begins_s < at_s < self.gone_s:
            return 0.0
        rising = (at_s - self.begins_s) / (self.full_s - self.begins_s)
        falling = (self.gone_s - at_s) / (self.gone_s - self.falls_s)
        return min(1.0, rising, falling)


class Strains(NamedTuple):
    """Several rises of strain in one day."""

    parts: tuple[Strain, ...]

    def at(self, at_s: float) -> float:
        """Return the strain at *at_s*, 0-1: the strongest, where several meet."""
        return max((one.at(at_s) for one in self.parts), default=0.0)


@dataclass(frozen=True)
class Diary:
    """A whole local day."""

    midnight: datetime
    length_s: float
    segments: tuple[Segment, ...]
    strain: Strain | Strains

    def segment(self, at_s: float) -> Segment:
        """Return what is done at *at_s*."""
        index = bisect_right(self.segments, at_s, key=lambda segment: segment.start_s) - 1
        return self.segments[max(0, index)]


class Request(NamedTuple):
    """Whose day, which, between which nights, and what is taken out of it."""

    seed: int
    day: date
    zone: ZoneInfo
    slept: Night
    sleeps: Night
    without: frozenset[str]


def wall(day: date, hour: float, zone: ZoneInfo) -> datetime:
    """Return, in UTC, the wall-clock *hour* of *day*; from 24 on it is the next day's."""
    days, rest = divmod(hour, 24)
    midnight = datetime.combine(day + timedelta(days=days), time(), tzinfo=zone)
    return (midnight + timedelta(seconds=round(rest * 3600))).astimezone(UTC)


def diary(request: Request) -> Diary:
    """Return the day: sleep, a commute, meetings, lunch, meetings, a grocery, a run, sleep."""
    midnight = wall(request.day, 0, request.zone)
    own, random = town(request.seed), stream(request.seed, "diary", request.day)
    meetings = appointments(request.seed, request.day)

    def elapsed_s(hour: float) -> float:
        return (wall(request.day, hour, request.zone) - midnight).total_seconds()

    steps = [
        *_morning(request.slept, own, random),
        *_lunch(meetings, own, random),
        *_way_home(own, random, dwell="dwell" not in request.without),
        *_evening(request.sleeps, own, random),
    ]
    length_s = elapsed_s(24)
    starts = [min(length_s, max(0.0, elapsed_s(step.start_h))) for step in steps]
    starts.append(length_s)
    spans = zip(steps, starts, starts[1:], strict=False)
    calm = not request.without.isdisjoint(("meetings", "stress"))
    hours = (0.0, 0.0, 0.0, 0.0) if calm else _strain_h(meetings, random)
    return Diary(
        midnight=midnight,
        length_s=length_s,
        segments=tuple(Segment(a, b, step.activity, step.way) for step, a, b in spans if b > a),
        strain=Strain(*(elapsed_s(hour) for hour in hours)),
    )


def _pace_kmh(random: Random) -> float:
    return random.uniform(4.6, 5.2)


def _took_h(way: Way, kmh: float) -> float:
    return way.length_m / 1000 / kmh


def _morning(slept: Night, own: Town, random: Random) -> list[Step]:
    home, kmh = stay(own.home), _pace_kmh(random)
    leaves = max(7.7, slept.wake_h + 0.4) + random.uniform(0, 0.12)
    waits = leaves + _took_h(own.to_station, kmh)
    rides = waits + random.uniform(2, 4) * MIN_H
    walks = rides + _took_h(own.ride, TRAIN_KMH)
    arrives = walks + _took_h(own.to_office, kmh)
    return [
        Step(-24, Activity.SEATED, home),
        Step(slept.onset_h - random.uniform(0.15, 0.25), Activity.ABED, home),
        Step(slept.onset_h, Activity.ASLEEP, home),
        Step(slept.wake_h, Activity.LIGHT, home),
        Step(leaves, Activity.WALKING, own.to_station),
        Step(waits, Activity.LIGHT, stay(own.station)),
        Step(rides, Activity.RIDING, own.ride),
        Step(walks, Activity.WALKING, own.to_office),
        Step(arrives, Activity.SEATED, stay(own.office)),
    ]


def _lunch(meetings: tuple[Appointment, ...], own: Town, random: Random) -> list[Step]:
    goes, kmh = _morning_end_h(meetings) + random.uniform(1, 3) * MIN_H, _pace_kmh(random)
    sits = goes + _took_h(own.to_lunch, kmh)
    returns = sits + random.uniform(22, 26) * MIN_H
    back = returns + _took_h(own.to_lunch, kmh)
    return [
        Step(goes, Activity.WALKING, own.to_lunch),
        Step(sits, Activity.SEATED, stay(own.canteen)),
        Step(returns, Activity.WALKING, own.to_lunch.back()),
        Step(back, Activity.SEATED, stay(own.office)),
    ]


def _way_home(own: Town, random: Random, *, dwell: bool) -> list[Step]:
    """Plan backwards from the hour at which the grocery is reached."""
    kmh, past_shop = _pace_kmh(random), random.random() < 0.5
    reaches = 17.0 + random.uniform(35, 38) * MIN_H
    stays = random.uniform(15.5, 21) * MIN_H
    last = own.to_grocery(past_shop=past_shop)
    walks = reaches - _took_h(last, kmh)
    rides = walks - _took_h(own.ride, TRAIN_KMH)
    waits = rides - random.uniform(2, 4) * MIN_H
    leaves = waits - _took_h(own.to_office, kmh)
    goes_on = reaches + (stays if dwell else 0.0)
    return [
        Step(leaves, Activity.WALKING, own.to_office.back()),
        Step(waits, Activity.LIGHT, stay(own.far_station)),
        Step(rides, Activity.RIDING, own.ride.back()),
        Step(walks, Activity.WALKING, last),
        Step(reaches, Activity.SHOPPING, stay(own.grocery)),
        Step(goes_on, Activity.WALKING, own.from_grocery),
        Step(goes_on + _took_h(own.from_grocery, kmh), Activity.LIGHT, stay(own.home)),
    ]


def _evening(sleeps: Night, own: Town, random: Random) -> list[Step]:
    home, kmh = stay(own.home), random.uniform(9.2, 10.2)
    runs = 18.75 + random.uniform(-4, 4) * MIN_H
    lasts = random.choice((36, 40, 44, 60)) * MIN_H
    showers = runs + lasts + random.uniform(4, 6) * MIN_H
    eats = showers + random.uniform(14, 18) * MIN_H
    rests = eats + random.uniform(20, 25) * MIN_H
    onset = 24 + sleeps.onset_h
    return [
        Step(runs, Activity.RUNNING, own.loop(lasts * kmh * 1000)),
        Step(runs + lasts, Activity.LIGHT, home),
        Step(showers, Activity.SHOWER, home),
        Step(eats, Activity.LIGHT, home),
        Step(rests, Activity.SEATED, home),
        Step(onset - random.uniform(0.15, 0.25), Activity.ABED, home),
        Step(onset, Activity.ASLEEP, home),
    ]


def _morning_end_h(meetings: tuple[Appointment, ...]) -> float:
    return max(meeting.end_h for meeting in meetings if meeting.start_h < 13)


def _strain_h(meetings: tuple[Appointment, ...], random: Random) -> tuple[float, ...]:
    ends = _morning_end_h(meetings)
    full = ends - random.uniform(105, 125) * MIN_H
    return full - random.uniform(25, 40) * MIN_H, full, ends, ends + random.uniform(6, 9) * MIN_H
