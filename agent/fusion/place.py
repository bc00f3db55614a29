"""Which known place the wearer is at.  Pure.

A place is entered only after a stay (dwell), and left only when a fix lies clearly outside it
(hysteresis), so that passing by is not entering and a noisy fix is not leaving.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from agent.config import KnownPlace
from agent.events import EPOCH, LocationMeasured

EARTH_RADIUS_M = 6_371_000
ACCURACY_M_MAX = 100  # a fix worse than this says nothing about a shop
DWELL = timedelta(minutes=3)
LEAVE = timedelta(minutes=2)
MARGIN_M = 30  # how far outside is clearly outside
FRESH = timedelta(minutes=15)
ENTER_M_MAX = 25  # a fix may be this far outside the circle if its accuracy allows it


@dataclass(frozen=True, slots=True)
class Place:
    """Where the wearer is; None is nowhere that has a name."""

    here: KnownPlace | None = None
    since: datetime = EPOCH
    """When the wearer came here (the first fix inside, not the end of the dwell)."""
    measured_at: datetime = EPOCH
    coming: KnownPlace | None = None
    coming_since: datetime = EPOCH
    leaving_since: datetime | None = None
    last: KnownPlace | None = None
    """The place that was left last."""
    left_at: datetime = EPOCH

    def fold(self, fix: LocationMeasured, places: Sequence[KnownPlace]) -> "Place":
        """Return the estimate after *fix*; an old or coarse one changes nothing."""
        if fix.accuracy_m > ACCURACY_M_MAX or fix.at < self.measured_at:
            return self
        moved = replace(self, measured_at=fix.at)
        inside = _nearest(fix, places)
        moved = moved._leave(fix)
        return moved._come(inside, fix.at)

    def look(self, now: datetime) -> "Place":
        """Return the estimate at *now*, when no new fix came: a stay may have become a dwell."""
        if self.coming is None or now - self.measured_at > FRESH:
            return self
        return self._come(self.coming, now)

    @property
    def due(self) -> datetime | None:
        """Return when a stay that has begun becomes a dwell."""
        return None if self.coming is None else self.coming_since + DWELL

    def known_at(self, now: datetime) -> bool:
        """Return whether the newest fix is new enough to speak of a place."""
        return self.measured_at != EPOCH and now - self.measured_at <= FRESH

    def _leave(self, fix: LocationMeasured) -> "Place":
        if self.here is None:
            return self
        outside = distance_m(fix, self.here) > self.here.radius_m + MARGIN_M + fix.accuracy_m / 2
        if not outside:
            return replace(self, leaving_since=None)
        since = self.leaving_since or fix.at
        if fix.at - since < LEAVE:
            return replace(self, leaving_since=since)
        return replace(self, here=None, leaving_since=None, last=self.here, left_at=since)

    def _come(self, inside: KnownPlace | None, at: datetime) -> "Place":
        if inside is None or inside == self.here:
            return replace(self, coming=None)
        since = self.coming_since if inside == self.coming else at
        if at - since < DWELL:
            return replace(self, coming=inside, coming_since=since)
        return replace(self, here=inside, since=since, coming=None, leaving_since=None)


def distance_m(fix: LocationMeasured, place: KnownPlace) -> float:
    """Return the great-circle distance (haversine) in metres."""
    north = radians(place.latitude_deg - fix.latitude_deg)
    east = radians(place.longitude_deg - fix.longitude_deg)
    scale = cos(radians(place.latitude_deg)) * cos(radians(fix.latitude_deg))
    part = sin(north / 2) ** 2 + scale * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(part, 1)))


def _nearest(fix: LocationMeasured, places: Sequence[KnownPlace]) -> KnownPlace | None:
    slack = min(fix.accuracy_m, ENTER_M_MAX)
    near = [(distance_m(fix, place), index) for index, place in enumerate(places)]
    inside = [(far, i) for far, i in near if far <= places[i].radius_m + slack]
    return places[min(inside)[1]] if inside else None
