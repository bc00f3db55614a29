"""One day of a made-up person: what is done from waking until falling asleep.  Pure.

In hours of the wall clock from the midnight of the day on which the person wakes; from 24 on it is
the next day's.
"""

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import NamedTuple

from sensors.simulated.appointments import Appointment
from sensors.simulated.diary import Activity
from sensors.simulated.district import HOME, WORK, District, Leg, back, hours, loop, way_to
from sensors.simulated.person import WEEK, Outing, Person, Shop
from sensors.simulated.town import Way, stay

MIN_H = 1 / 60
RUN_KMH, CYCLE_KMH = 9.6, 21.0
LATE_H = 0.3  # what cannot be begun within this after its time is left out
BED_H = 0.2


class Doing(NamedTuple):
    """One activity, until the next."""

    start_h: float
    activity: Activity
    way: Way
    place: str


class Kind(NamedTuple):
    """What sort of day it is."""

    day: date
    wake_h: float
    onset_h: float
    """When the person falls asleep after it."""
    works: bool
    sick: bool
    meetings: tuple[Appointment, ...] = ()


@dataclass
class Course:
    """The doings of a day, one after another."""

    own: District
    random: Random
    at_h: float
    doings: list[Doing] = field(default_factory=list)
    talks: list[tuple[float, float]] = field(default_factory=list)
    attended: list[Appointment] = field(default_factory=list)
    place: str = HOME

    def stay(self, activity: Activity, until_h: float) -> None:
        """Do one thing where one is, until then."""
        if until_h > self.at_h:
            spot = stay(self.own.sites[self.place])
            self.doings.append(Doing(self.at_h, activity, spot, self.place))
            self.at_h = until_h

    def go(self, legs: tuple[Leg, ...], *, to: str) -> None:
        """Go a way; afterwards one is at the place *to*."""
        for leg in legs:
            self.doings.append(Doing(self.at_h, leg.activity, leg.way, leg.place))
            self.at_h += leg.hours
        self.place = to

    def shop(self, shop: Shop) -> None:
        """Walk along the shelves."""
        self.place = shop.name
        minutes = shop.minutes * self.random.uniform(0.75, 1.3)
        self.stay(Activity.SHOPPING, self.at_h + minutes * MIN_H)

    def linger(self, until_h: float) -> None:
        """Be at home: sit, and get up again."""
        while self.at_h < until_h:
            sits = self.random.uniform(0.35, 1.3 if self.at_h % 24 < 19 else 2.0)
            self.stay(Activity.SEATED, min(until_h, self.at_h + sits))
            self.rise(min(until_h, self.at_h + self.random.uniform(0.12, 0.6)))

    def rise(self, until_h: float) -> None:
        """Get up: some steps, then whatever there is to do on one's feet."""
        walks_h = min(until_h, self.at_h + self.random.uniform(2.2, 3.2) * MIN_H)
        if walks_h <= self.at_h:
            return
        east, north = self.own.sites[self.place]
        way = Way(((east, north), (east + 12, north + 8), (east, north)))
        self.doings.append(Doing(self.at_h, Activity.WALKING, way, self.place))
        self.at_h = walks_h
        self.stay(Activity.LIGHT, until_h)


def course(person: Person, own: District, kind: Kind, random: Random) -> Course:
    """Return the day from waking until one falls asleep."""
    line = Course(own, random, kind.wake_h)
    line.rise(kind.wake_h + random.uniform(0.4, 0.7))
    if not kind.sick:
        for start_h, what in _fixed(person, own, kind):
            if start_h < line.at_h - LATE_H and not isinstance(what, str):
                continue
            line.linger(start_h)
            _do(line, person, kind, what)
    bed_h = max(line.at_h, kind.onset_h - BED_H)
    line.linger(bed_h)
    line.stay(Activity.ABED, max(bed_h, kind.onset_h))
    return line


What = str | Outing | Shop | None


def _fixed(person: Person, own: District, kind: Kind) -> list[tuple[float, What]]:
    """Return what has its hour, in order: (when one leaves for it, what)."""
    name = WEEK[kind.day.weekday()]
    found: list[tuple[float, What]] = [
        (outing.at_h - hours(way_to(outing, own)) - 2 * MIN_H, outing)
        for outing in person.outings
        if name in outing.days
    ]
    if kind.works:
        found.append((person.work.starts_h - hours(own.to_work()) - 3 * MIN_H, WORK))
    else:
        found += [(shop.at_h, shop) for shop in person.shops if name in shop.days]
    if name in person.sport.days:
        found.append((person.sport.at_h, None))
    after = [(hour if hour >= kind.wake_h else hour + 24, what) for hour, what in found]
    return sorted(after, key=lambda one: one[0])


def _do(line: Course, person: Person, kind: Kind, what: What) -> None:
    match what:
        case Outing():
            _visit(line, what)
        case Shop():
            legs = line.own.to(what.name, "walk")
            line.go(legs, to=what.name)
            line.shop(what)
            line.go(back(legs), to=HOME)
        case None:
            _exercise(line, person)
        case _:
            _work(line, person, kind)


def _visit(line: Course, outing: Outing) -> None:
    legs = way_to(outing, line.own)
    line.go(legs, to=outing.name)
    starts_h = line.at_h
    until_h = line.at_h + outing.minutes * MIN_H * line.random.uniform(0.9, 1.1)
    line.stay(Activity.LIGHT, min(until_h, line.at_h + 0.1))
    line.stay(Activity.SEATED if outing.minutes > 15 else Activity.LIGHT, until_h)
    if outing.in_calendar:
        # The calendar knows the round hour, not when one truly came in.
        begins_h = outing.at_h if outing.at_h > starts_h - 12 else outing.at_h + 24
        ends_h = begins_h + outing.minutes * MIN_H
        line.attended.append(Appointment(outing.name, begins_h, ends_h, outing.name))
    line.go(back(legs), to=HOME)


def _exercise(line: Course, person: Person) -> None:
    runs = person.sport.kind == "run"
    way = loop(person.sport.minutes, RUN_KMH if runs else CYCLE_KMH)
    activity = Activity.RUNNING if runs else Activity.CYCLING
    line.go((Leg(activity, way, person.sport.minutes * MIN_H),), to=HOME)
    line.stay(Activity.LIGHT, line.at_h + 5 * MIN_H)
    line.stay(Activity.SHOWER, line.at_h + 15 * MIN_H)


def _work(line: Course, person: Person, kind: Kind) -> None:
    line.go(line.own.to_work(), to=WORK)
    work = person.work
    ends_h = work.ends_h if work.ends_h > work.starts_h else work.ends_h + 24
    if work.starts_h < kind.wake_h:
        ends_h += 24
    meetings = tuple(one for one in kind.meetings if one.end_h <= ends_h)
    line.attended += [one for one in meetings if not one.declined]
    if work.kind == "desk":
        _sit(line, person, meetings, ends_h)
    else:
        _stand(line, ends_h)
    _home(line, person, kind)


def _sit(line: Course, person: Person, meetings: tuple[Appointment, ...], ends_h: float) -> None:
    """Sit at a desk and in meetings, get up now and then, and eat once there is time."""
    lunch_h, eaten = line.at_h + 3.2, ends_h - line.at_h < 5
    busy = [(one.start_h, one.end_h) for one in meetings if not one.declined]
    while line.at_h < ends_h:
        now = next((end for start, end in busy if start <= line.at_h < end), None)
        if now is not None:
            line.talks.append((line.at_h, now))
            line.stay(Activity.SEATED, min(now, ends_h))
            continue
        free_h = min((start for start, _ in busy if start > line.at_h), default=ends_h)
        if not eaten and line.at_h >= lunch_h and free_h - line.at_h >= 0.5:
            eaten = True
            _lunch(line, min(free_h, line.at_h + line.random.uniform(0.45, 0.65)))
            continue
        long = line.random.random() < person.sits_long_share
        sits = line.random.uniform(1.6, 2.6) if long else line.random.uniform(0.5, 0.95)
        line.stay(Activity.SEATED, min(free_h, ends_h, line.at_h + sits))
        line.rise(min(free_h, ends_h, line.at_h + line.random.uniform(3, 8) * MIN_H))


def _lunch(line: Course, until_h: float) -> None:
    east, north = line.own.sites[WORK]
    walk = Way(((east, north), (east + 55, north + 35)))
    line.doings.append(Doing(line.at_h, Activity.WALKING, walk, WORK))
    line.at_h += 2 * MIN_H
    if line.random.random() < 0.6:
        line.talks.append((line.at_h, until_h))
    line.stay(Activity.SEATED, until_h - 2 * MIN_H)
    line.doings.append(Doing(line.at_h, Activity.WALKING, walk.back(), WORK))
    line.at_h = max(line.at_h, until_h)


def _stand(line: Course, ends_h: float) -> None:
    while line.at_h < ends_h:
        line.rise(min(ends_h, line.at_h + line.random.uniform(0.4, 1.0)))
        sits = line.random.uniform(0.15, 0.45)
        if line.random.random() < 0.3:
            line.talks.append((line.at_h, min(ends_h, line.at_h + sits)))
        line.stay(Activity.SEATED, min(ends_h, line.at_h + sits))


def _home(line: Course, person: Person, kind: Kind) -> None:
    """Go home, into the shops that it is the day for."""
    name = WEEK[kind.day.weekday()]
    today = [shop for shop in person.shops if name in shop.days]
    for shop in (one for one in today if one.where == "work"):
        legs = line.own.between(WORK, shop.name)
        line.go(legs, to=shop.name)
        line.shop(shop)
        line.go(back(legs), to=WORK)
    ways = [one for one in person.shops if one.where == "way"]
    at_end = {point: shop for (point, _), shop in zip(line.own.passed, ways, strict=True)}
    for leg in back(line.own.to_work()):
        line.go((leg,), to=HOME)
        there = at_end.get(leg.way.points[-1])
        if there in today and leg.activity is not Activity.LIGHT and there is not None:
            line.shop(there)
    line.place = HOME
    for shop in (one for one in today if one.where == "home"):
        legs = line.own.to(shop.name, "walk")
        line.go(legs, to=shop.name)
        line.shop(shop)
        line.go(back(legs), to=HOME)
