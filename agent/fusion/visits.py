"""The places where the wearer stays, learned from nothing but fixes: home and work first.  Pure.

A stay is a run of fixes within some metres (stay points: Li et al. 2008, ACM GIS, "Mining user
similarity based on location history"); stays near each other are one place.  Home is where the
nights are, work where the office hours of weekdays are (Isaacman et al. 2011, Pervasive Computing,
"Identifying important places in people's lives").
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo
from math import hypot

from agent.config import KnownPlace
from agent.events import EPOCH, LocationMeasured, PlaceKind
from agent.plane import east_north_m, turned_deg

ACCURACY_M_MAX = 100
STAY_M = 80
STAY_MIN = timedelta(minutes=8)
STRAY_MAX = timedelta(minutes=3)  # fixes that lie outside for less are errors
SILENCE_MAX = timedelta(hours=12)  # a phone that lies still may say nothing for a night
MERGE_M = 120
SPOTS_MAX = 60
MEAN_OVER_MAX = 200
HALF_LIFE_DAYS = 45.0  # who has moved finds the new home within some weeks
NIGHTS_MIN, NIGHT_H_MIN = 3, 12.0
WORKDAYS_MIN, OFFICE_H_MIN = 3, 12.0
NIGHT = (time(0), time(6))
OFFICE = (time(9), time(17))
DAY = timedelta(days=1)
HERE_RADIUS_M = 80.0
HOME: PlaceKind = "home"
WORK: PlaceKind = "work"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place without a name, and what it is used for."""

    latitude_deg: float
    longitude_deg: float
    stays: int = 0
    night_h: float = 0.0
    office_h: float = 0.0
    nights: int = 0
    workdays: int = 0
    stayed_at: datetime = EPOCH
    """When the last stay ended."""

    def faded(self, now: datetime) -> "Spot":
        """Return the spot as its hours count at *now*: the older, the less."""
        kept = 0.5 ** (max(timedelta(), now - self.stayed_at) / DAY / HALF_LIFE_DAYS)
        return replace(self, night_h=self.night_h * kept, office_h=self.office_h * kept)

    def apart_m(self, place: KnownPlace) -> float:
        """Return how far the middle of *place* is from here, in metres."""
        here = self.latitude_deg, self.longitude_deg
        return _apart_m(*here, place.latitude_deg, place.longitude_deg)


@dataclass(frozen=True, slots=True)
class Visits:
    """The stay that goes on, and the spots of those before."""

    latitude_deg: float = 0.0
    longitude_deg: float = 0.0
    """The middle of the stay."""
    fixes: int = 0
    since: datetime = EPOCH
    until: datetime = EPOCH
    astray_since: datetime | None = None
    spots: tuple[Spot, ...] = ()
    anchors: tuple[KnownPlace, ...] = ()
    """Home and work, as far as they can be told."""

    def fold(self, fix: LocationMeasured, zone: tzinfo) -> "Visits":
        """Return the visits after *fix*; *zone* is the wearer's."""
        if fix.accuracy_m > ACCURACY_M_MAX or fix.quality != "good" or fix.at < self.until:
            return self
        if not self.fixes:
            return self._begin(fix)
        if fix.at - self.until > SILENCE_MAX:
            return self._end(zone)._begin(fix)
        if self._far_m(fix) <= STAY_M + min(fix.accuracy_m, STAY_M) / 2:
            return self._stay(fix)
        since = self.astray_since or fix.at
        if fix.at - since < STRAY_MAX and self.until - self.since >= STAY_MIN:
            return replace(self, astray_since=since)
        return self._end(zone)._begin(fix)

    def here(self, now: datetime) -> Spot | None:
        """Return the known spot where the wearer stays at *now*."""
        if now - self.until > SILENCE_MAX or self.until - self.since < STAY_MIN:
            return None
        place = self._nearest()
        return None if place is None else self.spots[place]

    def stayed(self, since: datetime, until: datetime, *, besides: Sequence[KnownPlace]) -> bool:
        """Return whether a stay ended between the two times that was at none of *besides*."""
        return any(
            since < spot.stayed_at < until
            and all(spot.apart_m(place) > place.radius_m + MERGE_M for place in besides)
            for spot in self.spots
        )

    def _begin(self, fix: LocationMeasured) -> "Visits":
        return Visits(
            latitude_deg=fix.latitude_deg,
            longitude_deg=fix.longitude_deg,
            fixes=1,
            since=fix.at,
            until=fix.at,
            spots=self.spots,
            anchors=self.anchors,
        )

    def _stay(self, fix: LocationMeasured) -> "Visits":
        share = 1 / min(self.fixes + 1, MEAN_OVER_MAX)
        east = turned_deg(fix.longitude_deg - self.longitude_deg)
        return replace(
            self,
            latitude_deg=self.latitude_deg + share * (fix.latitude_deg - self.latitude_deg),
            longitude_deg=turned_deg(self.longitude_deg + share * east),
            fixes=self.fixes + 1,
            until=fix.at,
            astray_since=None,
        )

    def _end(self, zone: tzinfo) -> "Visits":
        """Return the visits with the stay that goes on learned, if it was one."""
        if self.until - self.since < STAY_MIN:
            return self
        start, end = self.since.astimezone(zone), self.until.astimezone(zone)
        place, spots = self._nearest(), list(self.spots)
        known = Spot(self.latitude_deg, self.longitude_deg) if place is None else spots.pop(place)
        share = 1 / min(known.stays + 1, 10)
        east = turned_deg(self.longitude_deg - known.longitude_deg)
        night_h, office_h = _overlap_h(start, end, NIGHT), _overlap_h(start, end, OFFICE)
        kept = known.faded(self.until)
        after = Spot(
            latitude_deg=known.latitude_deg + share * (self.latitude_deg - known.latitude_deg),
            longitude_deg=turned_deg(known.longitude_deg + share * east),
            stays=known.stays + 1,
            night_h=round(kept.night_h + night_h, 3),
            office_h=round(kept.office_h + office_h, 3),
            nights=known.nights + (night_h >= 3),
            workdays=known.workdays + (office_h >= 3),
            stayed_at=self.until,
        )
        kept_spots = (*spots, after)[-SPOTS_MAX:]
        return replace(self, spots=kept_spots, anchors=_anchors(kept_spots, self.until))

    def _far_m(self, fix: LocationMeasured) -> float:
        return _apart_m(fix.latitude_deg, fix.longitude_deg, self.latitude_deg, self.longitude_deg)

    def _nearest(self) -> int | None:
        here = self.latitude_deg, self.longitude_deg
        far = [
            (_apart_m(*here, spot.latitude_deg, spot.longitude_deg), index)
            for index, spot in enumerate(self.spots)
        ]
        near = [one for one in far if one[0] <= MERGE_M]
        return min(near)[1] if near else None


def _anchors(spots: Sequence[Spot], now: datetime) -> tuple[KnownPlace, ...]:
    # What was not stayed at fades too: else the home before would be home for ever.
    spots = [spot.faded(now) for spot in spots]
    home = max(spots, key=lambda spot: spot.night_h, default=None)
    if home is not None and (home.nights < NIGHTS_MIN or home.night_h < NIGHT_H_MIN):
        home = None
    others = [spot for spot in spots if spot is not home]
    work = max(others, key=lambda spot: spot.office_h, default=None)
    if work is not None and (work.workdays < WORKDAYS_MIN or work.office_h < OFFICE_H_MIN):
        work = None
    return tuple(
        _named(spot, kind) for spot, kind in ((home, HOME), (work, WORK)) if spot is not None
    )


def _apart_m(latitude: float, longitude: float, other: float, other_longitude: float) -> float:
    """Return the distance of two near points on the tangent plane, in metres."""
    return hypot(*east_north_m((other, other_longitude), origin=(latitude, longitude)))


def _named(spot: Spot, kind: PlaceKind) -> KnownPlace:
    # Coarsened, so that the place is one and the same from day to day.
    return KnownPlace(
        name=kind,
        kind=kind,
        latitude_deg=round(spot.latitude_deg, 4),
        longitude_deg=round(spot.longitude_deg, 4),
        radius_m=HERE_RADIUS_M,
    )


def _overlap_h(start: datetime, end: datetime, hours: tuple[time, time]) -> float:
    """Return how many hours of [start, end) lie in *hours*; office hours on weekdays alone."""
    total, day = 0.0, start.date()
    for _ in range(14):  # a longer stay is known by its first fortnight
        first = datetime.combine(day, hours[0], start.tzinfo)
        last = datetime.combine(day, hours[1], start.tzinfo)
        if (hours is NIGHT or day.weekday() < 5) and last > start and first < end:
            total += max(0.0, (min(last, end) - max(first, start)) / timedelta(hours=1))
        day += DAY
        if first > end:
            break
    return total
