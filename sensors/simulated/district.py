"""Where a person lives, works and shops, and the ways between.  Pure."""

from dataclasses import dataclass, field
from math import cos, hypot, pi, radians, sin

from sensors.simulated.chance import stream
from sensors.simulated.diary import Activity
from sensors.simulated.person import By, Outing, Person
from sensors.simulated.town import Ground, Place, Point, Way, stay

HOME, WORK = "home", "office"
STATION_M, FAR_STATION_M = 900.0, 450.0
KMH: dict[By, float] = {"walk": 4.9, "bicycle": 16.0, "train": 42.0, "car": 34.0}
RIDES: dict[By, Activity] = {
    "walk": Activity.WALKING,
    "bicycle": Activity.CYCLING,
    "train": Activity.RIDING,
    "car": Activity.DRIVING,
}
WAIT_H = 4 / 60
RADIUS_M = {"grocery": 40.0, "home": 60.0, "work": 80.0, "other": 60.0}


@dataclass(frozen=True)
class Leg:
    """A part of a way: gone at one speed, or waited for (hours) where the way is a point."""

    activity: Activity
    way: Way
    hours: float
    place: str = ""


@dataclass(frozen=True)
class District:
    """The ground, and each place by its name."""

    ground: Ground
    sites: dict[str, Point] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    passed: tuple[tuple[Point, float], ...] = ()
    """The shops on the way to work, from home on, and how many hours one stands there."""
    by: By = "walk"

    def places(self) -> tuple[Place, ...]:
        """Return the places that the person would have told the agent of."""
        return tuple(
            (name, kind, *self.ground.degrees(self.sites[name]), RADIUS_M[kind])
            for name, kind in self.kinds.items()
        )

    def to_work(self) -> tuple[Leg, ...]:
        """Return the way to work, past the shops that lie on it."""
        home, work = self.sites[HOME], self.sites[WORK]
        if self.by != "train":
            return self._past(home, work, self.by)
        near, far = _along(home, work, STATION_M), _along(work, home, FAR_STATION_M)
        ride = Way((near, far))
        return (
            *self._past(home, near, "walk"),
            Leg(Activity.LIGHT, stay(near), WAIT_H),
            _gone(ride, "train"),
            _gone(Way((far, work)), "walk"),
        )

    def to(self, name: str, by: By) -> tuple[Leg, ...]:
        """Return the way from home to a place that is no work."""
        home, there = self.sites[HOME], self.sites[name]
        bend = (home[0] + there[0]) / 2 + 40, (home[1] + there[1]) / 2 - 40
        return (_gone(Way((home, bend, there)), by),)

    def between(self, start: str, end: str) -> tuple[Leg, ...]:
        """Return the straight way on foot between two places."""
        return (_gone(Way((self.sites[start], self.sites[end])), "walk"),)

    def _past(self, start: Point, end: Point, by: By) -> tuple[Leg, ...]:
        found, here = list[Leg](), start
        for point, pause_h in self.passed:
            found.append(_gone(Way((here, point)), by))
            if pause_h:
                found.append(Leg(Activity.LIGHT, stay(point), pause_h))
            here = point
        return (*found, _gone(Way((here, end)), by))


def back(legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
    """Return the same way in the other direction."""
    return tuple(Leg(one.activity, one.way.back(), one.hours, one.place) for one in legs[::-1])


def hours(legs: tuple[Leg, ...]) -> float:
    """Return how long a way takes."""
    return sum(one.hours for one in legs)


def district(person: Person, seed: int) -> District:
    """Return where the person of *seed* lives: work to the east, all else around home."""
    random = stream(seed, "district")
    ground = Ground(52.5 + random.uniform(-0.05, 0.05), 13.4 + random.uniform(-0.1, 0.1))
    home = (0.0, 0.0)
    work = _at(person.work.km * 1000, random.uniform(-25, 25))
    sites: dict[str, Point] = {HOME: home}
    kinds = {HOME: "home"}
    if person.work.days:
        sites[WORK], kinds[WORK] = work, "work"
    walked = STATION_M if person.work.by == "train" else person.work.km * 1000
    way = [one for one in person.shops if one.where == "way"]
    passed = []
    for index, shop in enumerate(person.shops):
        if shop.where == "way":
            share = (way.index(shop) + 1) / (len(way) + 1)
            # A shop lies at the street, not in its middle: most of all where one stands and waits.
            east, north = _along(home, work, min(share * walked, 0.9 * person.work.km * 1000))
            passed.append(((east, north), shop.pause_s / 3600))
            sites[shop.name] = east + random.uniform(-12, 12), north + random.uniform(15, 25)
        elif shop.where == "work" and person.work.days:
            sites[shop.name] = work[0] + random.uniform(170, 230), work[1] - 150
        else:
            sites[shop.name] = _at(random.uniform(330, 420), -80 - 35 * index)
        kinds[shop.name] = "grocery"
    for index, outing in enumerate(person.outings):
        sites[outing.name] = _at(outing.km * 1000, 70 + 30 * index)
        kinds[outing.name] = "other"
    return District(ground, sites, kinds, tuple(passed), person.work.by)


def way_to(outing: Outing, own: District) -> tuple[Leg, ...]:
    """Return the way from home to an outing."""
    return own.to(outing.name, outing.by)


def _gone(way: Way, by: By) -> Leg:
    return Leg(RIDES[by], way, max(way.length_m, 1.0) / 1000 / KMH[by])


def _at(metres: float, bearing_deg: float) -> Point:
    turn = radians(bearing_deg)
    return metres * cos(turn), metres * sin(turn)


def _along(start: Point, end: Point, metres: float) -> Point:
    length = hypot(end[0] - start[0], end[1] - start[1])
    share = min(1.0, metres / max(length, 1.0))
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def loop(minutes: float, kmh: float) -> Way:
    """Return a round through the country west of home."""
    radius = minutes / 60 * kmh * 1000 / (2 * pi)
    corners = [2 * pi * corner / 72 for corner in range(73)]
    return Way(tuple((radius * (cos(turn) - 1), radius * sin(turn)) for turn in corners))
