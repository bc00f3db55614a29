"""Which known place the wearer is at.  Pure.

A place is entered only after a stay (dwell) that leads nowhere, and left only when a fix lies
clearly outside it (hysteresis), so that passing by is not entering and a noisy fix is not leaving.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import asin, cos, hypot, radians, sin, sqrt

from agent.config import KnownPlace
from agent.events import EPOCH, LocationMeasured, RegionCrossed
from agent.plane import east_north_m

EARTH_RADIUS_M = 6_371_000
ACCURACY_M_MAX = 100  # a fix worse than this says nothing about a shop
DWELL = timedelta(minutes=2)
PASSING_MS_MIN = 0.1  # whoever gets on like that, a red light included, is passing by
NOISE_M = 25  # two fixes of one spot may be so far apart
STRAYS_MAX = 1  # one fix far off ends no stay that has begun
UNSEEN_MAX = timedelta(minutes=20)  # a drop-out so long still tells when the wearer came
PACE_MS_MIN = 1.0  # whoever was slower than that had not left yet
WALK_M_MAX = 1000
STEADY_S_MAX = 90  # a phone that sends so often sends while it lies still, too
LEAVE = timedelta(minutes=2)
MARGIN_M = 30  # how far outside is clearly outside
FRESH = timedelta(minutes=15)
SPARSE_FACTOR = 3
SPARSE_MAX = timedelta(hours=6)
ENTER_M_MAX = 25  # a fix may be this far outside the circle if its accuracy allows it
SPEED_OVER_S_MIN = 20  # between two fixes closer than this, noise is faster than any car
SAME_DEG_MAX = 0.005  # half a kilometre: two shops of one chain are two places


@dataclass(frozen=True, slots=True)
class Place:
    """Where the wearer is; None is nowhere that has a name."""

    here: KnownPlace | None = None
    since: datetime = EPOCH
    """When the wearer came here (the first fix inside, not the end of the dwell)."""
    measured_at: datetime = EPOCH
    coming: KnownPlace | None = None
    coming_since: datetime = EPOCH
    settled_since: datetime = EPOCH
    """Since when the wearer gets on no more."""
    east_m: float = 0.0
    north_m: float = 0.0
    """Where that was, from the centre of the place."""
    strays: int = 0
    """How many of the last fixes lay outside the place that the wearer is coming to."""
    leaving_since: datetime | None = None
    last: KnownPlace | None = None
    """The place that was left last."""
    left_at: datetime = EPOCH
    latitude_deg: float = 0.0
    longitude_deg: float = 0.0
    """The newest good fix."""
    speed_ms: float | None = None
    """Between the last two fixes; None where that is not known."""
    interval_s: float = 0.0
    """The usual time between two fixes."""

    def fold(self, fix: LocationMeasured, places: Sequence[KnownPlace]) -> "Place":
        """Return the estimate after *fix*; an old, coarse or doubtful one changes nothing."""
        if fix.accuracy_m > ACCURACY_M_MAX or fix.at < self.measured_at or fix.quality != "good":
            return self
        inside = _nearest(fix, places)
        came = fix.at if inside is None else self._came(inside, fix)
        moved = replace(
            self,
            measured_at=fix.at,
            latitude_deg=fix.latitude_deg,
            longitude_deg=fix.longitude_deg,
            speed_ms=self._speed_ms(fix),
            interval_s=self._interval_s(fix),
        )
        return moved._leave(fix)._come(inside, fix, came=came)

    def crossed(self, event: RegionCrossed, places: Sequence[KnownPlace]) -> "Place":
        """Return the estimate after a phone's own geofence spoke: it begins or ends a stay."""
        if event.at < self.measured_at:
            return self
        told = replace(self, measured_at=event.at)
        if event.entered:
            known = next((one for one in places if one.name == event.name), None)
            if known is None or is_same(known, self.here) or is_same(known, self.coming):
                return told
            return told._begin(known, event.at, east_north_m=(0.0, 0.0))
        if self.here is not None and self.here.name == event.name:
            return told._left(event.at)
        gone = self.coming is not None and self.coming.name == event.name
        return replace(told, coming=None) if gone else told

    def named(self, place: KnownPlace, at: datetime, *, since: datetime) -> "Place":
        """Return the estimate after *place* got its name of who is there, *since* then."""
        newest = _from(place, self.latitude_deg, self.longitude_deg)
        if self.here is not None or not self.known_at(at) or hypot(*newest) > place.radius_m:
            return self
        return replace(self, coming=place, coming_since=since)._enter(place)

    def forget(self, name: str) -> "Place":
        """Return the estimate without the place *name*, which is none any more."""
        here, coming = self.here, self.coming
        return replace(
            self,
            here=None if here is not None and here.name == name else here,
            coming=None if coming is not None and coming.name == name else coming,
        )

    def look(self, now: datetime) -> "Place":
        """Return the estimate at *now*, when no new fix came: a stay may have become a dwell.

        That of a phone that is silent while it lies still; of another one, silence says nothing.
        """
        fresh = now - self.measured_at <= FRESH
        steady = 0 < self.interval_s <= STEADY_S_MAX
        if self.coming is None or not fresh or self.strays or steady:
            return self
        return self if now - self.settled_since < DWELL else self._enter(self.coming)

    @property
    def due(self) -> datetime | None:
        """Return when a stay that has begun becomes a dwell."""
        return None if self.coming is None else self.settled_since + DWELL

    def known_at(self, now: datetime) -> bool:
        """Return whether the newest fix is new enough to speak of a place.

        A phone that is silent for an hour while it lies still is believed for longer than one
        that sends every minute.
        """
        usual = timedelta(seconds=SPARSE_FACTOR * self.interval_s)
        fresh = min(max(FRESH, usual), SPARSE_MAX) if self.here is not None else FRESH
        return self.measured_at != EPOCH and now - self.measured_at <= fresh

    def _speed_ms(self, fix: LocationMeasured) -> float | None:
        passed_s = (fix.at - self.measured_at).total_seconds()
        if not SPEED_OVER_S_MIN <= passed_s <= FRESH.total_seconds():
            return None
        before = self.latitude_deg, self.longitude_deg
        moved = east_north_m(before, origin=(fix.latitude_deg, fix.longitude_deg))
        # What the error of the fix alone explains is no movement.
        return max(0.0, hypot(*moved) - fix.accuracy_m) / passed_s

    def _interval_s(self, fix: LocationMeasured) -> float:
        """Return a median, nearly: a tenth of a step towards each new interval."""
        if self.measured_at == EPOCH:
            return 0.0
        passed_s = (fix.at - self.measured_at).total_seconds()
        usual_s = self.interval_s or passed_s
        return round(min(max(passed_s, usual_s / 1.1), usual_s * 1.1), 1)

    def _leave(self, fix: LocationMeasured) -> "Place":
        if self.here is None:
            return self
        outside = distance_m(fix, self.here) > self.here.radius_m + MARGIN_M + fix.accuracy_m / 2
        if not outside:
            return replace(self, leaving_since=None)
        since = self.leaving_since or fix.at
        if fix.at - since < LEAVE:
            return replace(self, leaving_since=since)
        return self._left(since)

    def _left(self, since: datetime) -> "Place":
        return replace(self, here=None, leaving_since=None, last=self.here, left_at=since)

    def _came(self, inside: KnownPlace, fix: LocationMeasured) -> datetime:
        """Return when the wearer came where *fix* is: earlier, if the way was not seen.

        Who was on the way when the fixes dropped out came at the pace before; who was not yet
        may have come at any time since the way could be made: the middle of that is nearest.
        """
        if not timedelta(minutes=2) <= fix.at - self.measured_at <= UNSEEN_MAX:
            return fix.at
        if self.speed_ms is None or is_same(inside, self.here):
            return fix.at
        east, north = _from(inside, self.latitude_deg, self.longitude_deg)
        far_m = max(0.0, hypot(east, north) - inside.radius_m)
        moved = self.speed_ms >= PACE_MS_MIN
        pace_ms = self.speed_ms if moved else _pace_ms(far_m)
        first = min(fix.at, self.measured_at + timedelta(seconds=round(far_m / pace_ms)))
        return first if moved else first + (fix.at - first) / 2

    def _come(self, inside: KnownPlace | None, fix: LocationMeasured, *, came: datetime) -> "Place":
        if inside is None and self.coming is not None and self.strays < STRAYS_MAX:
            return replace(self, strays=self.strays + 1)
        if inside is None or is_same(inside, self.here):
            return replace(self, coming=None, strays=0)
        east, north = _from(inside, fix.latitude_deg, fix.longitude_deg)
        if not is_same(inside, self.coming):
            return self._begin(inside, fix.at, east_north_m=(east, north), came=came)
        passed = fix.at - self.settled_since
        gone_m = hypot(east - self.east_m, north - self.north_m)
        if gone_m > NOISE_M + PASSING_MS_MIN * passed.total_seconds():
            return replace(self, settled_since=fix.at, east_m=east, north_m=north, strays=0)
        stays = replace(self, strays=0)
        return stays if passed < DWELL else stays._enter(inside)

    def _begin(
        self,
        place: KnownPlace,
        at: datetime,
        *,
        east_north_m: tuple[float, float],
        came: datetime | None = None,
    ) -> "Place":
        return replace(
            self,
            coming=place,
            coming_since=came or at,
            settled_since=at,
            east_m=east_north_m[0],
            north_m=east_north_m[1],
            strays=0,
        )

    def _enter(self, place: KnownPlace) -> "Place":
        left = self if self.here is None else self._left(self.coming_since)
        return replace(left, here=place, since=self.coming_since, coming=None, leaving_since=None)


def is_same(place: KnownPlace, other: KnownPlace | None) -> bool:
    """Return whether both are one place: a learned one moves by some metres with each stay."""
    if other is None or place.name != other.name:
        return False
    return abs(place.latitude_deg - other.latitude_deg) < SAME_DEG_MAX


def distance_m(fix: LocationMeasured, place: KnownPlace) -> float:
    """Return the great-circle distance (haversine) in metres."""
    north = radians(place.latitude_deg - fix.latitude_deg)
    east = radians(place.longitude_deg - fix.longitude_deg)
    scale = cos(radians(place.latitude_deg)) * cos(radians(fix.latitude_deg))
    part = sin(north / 2) ** 2 + scale * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(part, 1)))


def _pace_ms(far_m: float) -> float:
    """Return how fast most people go so far: on foot, or by what is quicker."""
    return 1.4 if far_m <= WALK_M_MAX else 7.0


def _from(place: KnownPlace, latitude_deg: float, longitude_deg: float) -> tuple[float, float]:
    """Return how far east and north of *place* a point lies, in metres; near it, that is flat."""
    centre = place.latitude_deg, place.longitude_deg
    return east_north_m((latitude_deg, longitude_deg), origin=centre)


def _nearest(fix: LocationMeasured, places: Sequence[KnownPlace]) -> KnownPlace | None:
    slack = min(fix.accuracy_m, ENTER_M_MAX)
    near = [(distance_m(fix, place), index) for index, place in enumerate(places)]
    inside = [(far, i) for far, i in near if far <= places[i].radius_m + slack]
    return places[min(inside)[1]] if inside else None
