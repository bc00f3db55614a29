"""The town: four places, the ways between them, and where one is on a way.  Pure.

Metres east and north of the home, turned into degrees by the length of a degree on a sphere.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import cos, hypot, pi, radians, sin

from sensors.simulated.chance import stream

METRES_A_DEGREE = 111_320

Point = tuple[float, float]
Place = tuple[str, str, float, float, float]
"""Name, kind, latitude and longitude in degrees, radius in metres."""


@dataclass(frozen=True)
class Way:
    """A line of points, in metres, that is gone along at an even speed."""

    points: tuple[Point, ...]

    @cached_property
    def length_m(self) -> float:
        """Return its length."""
        return sum(hypot(bx - ax, by - ay) for (ax, ay), (bx, by) in pairwise(self.points))

    def at(self, share: float) -> Point:
        """Return the point at *share* (0-1) of its length."""
        left = min(1.0, max(0.0, share)) * self.length_m
        for (ax, ay), (bx, by) in pairwise(self.points):
            leg = hypot(bx - ax, by - ay)
            if left <= leg and leg > 0:
                return ax + (bx - ax) * left / leg, ay + (by - ay) * left / leg
            left -= leg
        return self.points[-1]

    def back(self) -> "Way":
        """Return the same way in the other direction."""
        return Way(self.points[::-1])


def stay(point: Point) -> Way:
    """Return the way of one who stays."""
    return Way((point,))


@dataclass(frozen=True)
class Ground:
    """Where on Earth the home is."""

    latitude: float
    longitude: float

    def degrees(self, point: Point) -> tuple[float, float]:
        """Return *point*, metres east and north of the home, as latitude and longitude."""
        east, north = point
        shrink = cos(radians(self.latitude))
        latitude = self.latitude + north / METRES_A_DEGREE
        return latitude, self.longitude + east / (METRES_A_DEGREE * shrink)


@dataclass(frozen=True)
class Town(Ground):
    """Where everything is, in metres from the home."""

    grocery: Point
    corner_shop: Point
    station: Point
    far_station: Point
    office: Point
    canteen: Point

    home: Point = (0.0, 0.0)

    @property
    def to_station(self) -> Way:
        """Return the way from the home to the train, on a street without shops."""
        return Way((self.home, (430.0, -230.0), self.station))

    @property
    def ride(self) -> Way:
        """Return the way of the train into the city."""
        return Way((self.station, (4200.0, 900.0), (8000.0, 3300.0), self.far_station))

    @property
    def to_office(self) -> Way:
        """Return the way from the train to the office."""
        return Way((self.far_station, self.office))

    @property
    def to_lunch(self) -> Way:
        """Return the way from the office to the canteen."""
        return Way((self.office, self.canteen))

    def to_grocery(self, *, past_shop: bool) -> Way:
        """Return the way from the train to the grocery, past the corner shop or around it."""
        east, north = self.corner_shop
        between = self.corner_shop if past_shop else (east, north - 160)
        return Way((self.station, between, self.grocery))

    @property
    def from_grocery(self) -> Way:
        """Return the way from the grocery home."""
        return Way((self.grocery, self.home))

    def loop(self, length_m: float) -> Way:
        """Return a round of *length_m* through the park behind the home."""
        radius = length_m / (2 * pi)
        corners = [2 * pi * corner / 72 for corner in range(73)]
        return Way(tuple((radius * (cos(turn) - 1), radius * sin(turn)) for turn in corners))


def town(seed: int) -> Town:
    """Return the town in which the wearer of *seed* lives."""
    random = stream(seed, "town")

    def near(east: float, north: float, by: float) -> Point:
        return east + random.uniform(-by, by), north + random.uniform(-by, by)

    far = near(11_400, 4_100, 300)
    office = (far[0] + random.uniform(380, 440), far[1] + random.uniform(180, 240))
    return Town(
        latitude=52.5 + random.uniform(-0.05, 0.05),
        longitude=13.4 + random.uniform(-0.1, 0.1),
        grocery=near(345, 70, 20),
        corner_shop=near(640, 40, 15),
        station=near(900, -60, 15),
        far_station=far,
        office=office,
        canteen=(office[0] + random.uniform(230, 280), office[1] + random.uniform(180, 220)),
    )


def places(seed: int) -> tuple[Place, ...]:
    """Return the places that the wearer of *seed* would have told the agent of."""
    own = town(seed)
    return (
        ("home", "home", *own.degrees(own.home), 60),
        ("office", "work", *own.degrees(own.office), 80),
        ("Grüner Markt", "grocery", *own.degrees(own.grocery), 40),
        ("Eckladen", "grocery", *own.degrees(own.corner_shop), 40),
    )
