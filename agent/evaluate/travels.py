"""Made-up months of someone's ways: where they truly were, and what their phone measured.  Pure.

The commute leads past a shop, by foot, bicycle, bus or car, with stops at lights that may stand at
its very door.  Fixes err slowly and together (a first-order autoregressive error of some metres,
more indoors), are missing for minutes, and now and then lie far off, mostly with an accuracy that
owns up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import cos, hypot, pi, radians, sin
from random import Random

from agent.config import KnownPlace
from agent.events import LocationMeasured, PlaceKind
from agent.plane import METRES_A_DEGREE

START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
DAY_S = 86_400
FIX_S = 60
SPEEDS_MS = {"foot": 1.35, "bicycle": 4.6, "bus": 7.5, "car": 10.5}
STAY_MIN_S = 300
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stay:
    """A visit that truly was."""

    place: str
    came: datetime
    left: datetime


@dataclass(frozen=True, slots=True)
class Leg:
    """From *start_s* on, the wearer is at *point*, or on the way to the next leg's."""

    start_s: float
    point: Point
    place: str | None


class Month:
    """One person's town and days."""

    def __init__(self, seed: int, *, days: int) -> None:
        self._random = Random(f"travels/{seed}")  # noqa: S311  # a made-up life keeps no secret
        self._days = days
        pick = self._random.uniform
        self._latitude, self._longitude = pick(-55, 60), pick(-170, 170)
        self._mode = self._random.choice(tuple(SPEEDS_MS))
        turn, far_m = pick(0, 2 * pi), pick(900, 1600) if self._mode == "foot" else pick(2500, 9000)
        work = far_m * cos(turn), far_m * sin(turn)
        share = pick(0.35, 0.7)
        aside_m = pick(4, 22)  # the pavement before the shop
        self._by_shop = work[0] * share, work[1] * share
        shop = self._by_shop[0] - aside_m * sin(turn), self._by_shop[1] + aside_m * cos(turn)
        cafe = work[0] + pick(120, 260), work[1] + pick(120, 260)
        self._points: dict[str, Point] = {
            "home": (0.0, 0.0),
            "work": work,
            "shop": shop,
            "cafe": cafe,
            "gym": (pick(-900, -500), pick(400, 900)),
            "friends": (pick(500, 1500), pick(-3000, -1500)),
        }
        self._legs: list[Leg] = [Leg(0, self._points["home"], "home")]
        for day in range(days):
            self._live(day)

    @property
    def places(self) -> tuple[KnownPlace, ...]:
        """Return the places that have a name in the settings, as their owner drew them."""
        kinds: dict[str, tuple[PlaceKind, float]] = {
            "home": ("home", 70),
            "work": ("work", 80),
            "shop": ("grocery", 45),
            "cafe": ("other", 40),
            "gym": ("other", 60),
            "friends": ("other", 60),
        }
        return tuple(
            KnownPlace(
                name=name,
                kind=kinds[name][0],
                radius_m=kinds[name][1],
                latitude_deg=self._degrees(point)[0],
                longitude_deg=self._degrees(point)[1],
            )
            for name, point in self._points.items()
        )

    def stays(self) -> list[Stay]:
        """Return every visit of five minutes and more, in order."""
        ends = [*(leg.start_s for leg in self._legs[1:]), float(self._days * DAY_S)]
        return [
            Stay(leg.place, _at(leg.start_s), _at(end_s))
            for leg, end_s in zip(self._legs, ends, strict=True)
            if leg.place is not None and end_s - leg.start_s >= STAY_MIN_S
        ]

    def fixes(self) -> Iterator[LocationMeasured]:
        """Yield what the phone measures, every minute where it measures at all."""
        random, error = self._random, (0.0, 0.0)
        silent_until_s, index = 0.0, 0
        for at_s in range(0, self._days * DAY_S, FIX_S):
            while index + 1 < len(self._legs) and self._legs[index + 1].start_s <= at_s:
                index += 1
            indoors = self._legs[index].place is not None
            deviation_m = 9.0 if indoors else 6.0
            error = _drifted(error, deviation_m, random)
            if random.random() < 3 / 1440:
                silent_until_s = at_s + random.uniform(180, 900)
            if at_s < silent_until_s:
                continue
            yield self._fix(at_s, self._where(index, at_s), error, indoors=indoors)

    def _live(self, day: int) -> None:
        random, start_s = self._random, day * DAY_S
        if day % 7 < 5:
            self._go("work", at_s=start_s + random.gauss(7.8, 0.5) * 3600, past_shop=True)
            if random.random() < 0.5:
                self._go("cafe", at_s=start_s + random.gauss(12.3, 0.2) * 3600)
                self._go("work", at_s=start_s + random.gauss(13.1, 0.15) * 3600)
            home_s = start_s + random.gauss(17.3, 0.6) * 3600
            if random.random() < 0.4:
                self._go("shop", at_s=home_s)
                home_s = self._legs[-1].start_s + random.uniform(360, 2100)
                self._go("home", at_s=home_s)
            else:
                self._go("home", at_s=home_s, past_shop=True)
            if random.random() < 0.3:
                self._go("gym", at_s=start_s + random.gauss(19.5, 0.2) * 3600)
                self._go("home", at_s=self._legs[-1].start_s + random.uniform(2700, 5400))
        else:
            where = random.choice(("friends", "shop", "gym"))
            self._go(where, at_s=start_s + random.gauss(13, 1) * 3600)
            self._go("home", at_s=self._legs[-1].start_s + random.uniform(900, 9000))

    def _go(self, place: str, *, at_s: float, past_shop: bool = False) -> None:
        """Leave for *place* at *at_s*, in straight lines, with a stop or two at lights."""
        random = self._random
        clock_s = max(at_s, self._legs[-1].start_s + STAY_MIN_S)
        points = [self._legs[-1].point, *([self._by_shop] if past_shop else [])]
        points.append(self._points[place])
        speed_ms = SPEEDS_MS[self._mode] * random.uniform(0.85, 1.15)
        self._legs.append(Leg(clock_s, points[0], None))
        for start, end in pairwise(points):
            clock_s += hypot(end[0] - start[0], end[1] - start[1]) / speed_ms
            self._legs.append(Leg(clock_s, end, None))
            at_the_lights = random.random() < 0.5 and end is not points[-1]
            if at_the_lights:  # right before the shop
                clock_s += random.uniform(20, 90)
                self._legs.append(Leg(clock_s, end, None))
        self._legs[-1] = Leg(clock_s, points[-1], place)

    def _where(self, index: int, at_s: float) -> Point:
        leg = self._legs[index]
        if leg.place is not None or index + 1 == len(self._legs):
            return leg.point
        following = self._legs[index + 1]
        share = (at_s - leg.start_s) / max(1e-9, following.start_s - leg.start_s)
        (ax, ay), (bx, by) = leg.point, following.point
        return ax + (bx - ax) * share, ay + (by - ay) * share

    def _fix(self, at_s: float, point: Point, error: Point, *, indoors: bool) -> LocationMeasured:
        random = self._random
        accuracy_m = max(5.0, random.gauss(22 if indoors else 13, 5))
        kind = random.random()
        if kind < 0.012:  # far off: mostly it says so
            turn, far_m = random.uniform(0, 2 * pi), random.uniform(150, 900)
            error = far_m * cos(turn), far_m * sin(turn)
            accuracy_m = far_m * 1.2 if kind < 0.009 else accuracy_m
        walks = (random.uniform(-12, 12), random.uniform(-12, 12)) if indoors else (0.0, 0.0)
        latitude, longitude = self._degrees(
            (point[0] + error[0] + walks[0], point[1] + error[1] + walks[1])
        )
        return LocationMeasured(
            at=_at(at_s),
            latitude_deg=latitude,
            longitude_deg=longitude,
            accuracy_m=round(accuracy_m, 1),
            source="phone",
        )

    def _degrees(self, point: Point) -> tuple[float, float]:
        east, north = point
        latitude = self._latitude + north / METRES_A_DEGREE
        shrink = cos(radians(self._latitude))
        return round(latitude, 6), round(self._longitude + east / METRES_A_DEGREE / shrink, 6)


def months(seed: int, *, people: int, days: int) -> Sequence[Month]:
    """Return *people* months of *days*, the same for the same *seed*."""
    return [Month(seed * 1000 + index, days=days) for index in range(people)]


def _at(at_s: float) -> datetime:
    return START + timedelta(seconds=round(at_s, 3))


def _drifted(error: Point, deviation_m: float, random: Random) -> Point:
    keep = 0.7  # from one minute to the next
    spread = deviation_m * (1 - keep * keep) ** 0.5
    return keep * error[0] + random.gauss(0, spread), keep * error[1] + random.gauss(0, spread)
