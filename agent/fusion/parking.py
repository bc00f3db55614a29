"""Where a vehicle was left: the place where driving ended and the wearer went on on foot.  Pure.

A drive is what motion calls driving for some minutes; where it ends is the first fix after the
last fast one, or the last fix before the wearer walked.  A bus that was left looks the same.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import atan2, degrees, hypot
from typing import NamedTuple

from agent.events import EPOCH
from agent.plane import east_north_m

DRIVE_MIN = timedelta(minutes=3)  # a shorter one is a lift across the street, or an error
FIX_MAX = timedelta(minutes=5)  # a fix older than this at the end says not where that was
SLOW_MS_MAX = 2.8  # at more than this the vehicle goes on
POINTS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


class Fix(NamedTuple):
    """Where, and when that was measured."""

    latitude_deg: float
    longitude_deg: float
    at: datetime

    def way_from(self, latitude_deg: float, longitude_deg: float) -> tuple[float, str]:
        """Return how far it is from there, in metres, and in which direction: `north-east`."""
        there = self.latitude_deg, self.longitude_deg
        east, north = east_north_m(there, origin=(latitude_deg, longitude_deg))
        return hypot(east, north), POINTS[round(degrees(atan2(east, north)) / 45) % 8]


@dataclass(frozen=True, slots=True)
class Parking:
    """The drive that goes on, and where the last one ended."""

    driving_since: datetime | None = None
    ended: Fix | None = None
    """The first slow fix after the last fast one, while the drive goes on."""
    newest: Fix | None = None
    parked: Fix | None = None
    """Where and when the last drive ended."""
    drove_since: datetime = EPOCH
    """When the last drive began."""

    def fold(self, state: str, at: datetime, *, fix: Fix, speed_ms: float) -> "Parking":
        """Return the estimate at *at*, when motion is *state* and the newest fix is *fix*."""
        if state == "driving":
            return self._drives(at, fix, slow=speed_ms < SLOW_MS_MAX)
        if self.driving_since is None:
            return self
        if state == "unknown":
            return self
        return self._stops(at)

    def _drives(self, at: datetime, fix: Fix, *, slow: bool) -> "Parking":
        if self.driving_since is None:
            return Parking(at, None, fix, self.parked, self.drove_since)
        if self.newest is not None and fix.at <= self.newest.at:
            return self
        ended = (self.ended or fix) if slow else None
        return replace(self, newest=fix, ended=ended)

    def _stops(self, at: datetime) -> "Parking":
        left = self.ended or self.newest
        assert self.driving_since is not None
        long = at - self.driving_since >= DRIVE_MIN
        if not long or left is None or at - left.at > FIX_MAX:
            # Driven, but nobody knows to where: what was known before does not hold any more.
            if not long:
                return Parking(parked=self.parked, drove_since=self.drove_since)
            return Parking(drove_since=self.driving_since)
        return Parking(parked=left, drove_since=self.driving_since)
