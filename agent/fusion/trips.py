"""How long the ways between known places take, by the trips that were made.  Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from agent.config import KnownPlace

TRIPS_KEPT = 15
WAYS_MAX = 120
TRIP_MAX = timedelta(hours=3)  # whoever takes longer has been somewhere in between
TRIP_MIN = timedelta(minutes=1)
TRIPS_MIN = 2  # one trip is a chance, two are a habit
LATE_SHARE = 0.8  # leave so early that four trips of five arrive in time


@dataclass(frozen=True, slots=True)
class Trips:
    """The last trips on each way."""

    minutes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """By `from > to`, newest last."""

    def fold(self, start: str, end: str, *, left: datetime, came: datetime) -> "Trips":
        """Return the trips after one more, from the place named *start* to *end*."""
        spent = came - left
        if start == end or not TRIP_MIN <= spent <= TRIP_MAX:
            return self
        key = _way(start, end)
        known = {way: times for way, times in self.minutes.items() if way != key}
        if len(known) >= WAYS_MAX:
            known.pop(next(iter(known)))
        times = (*self.minutes.get(key, ()), round(spent / timedelta(minutes=1)))
        return Trips({**known, key: times[-TRIPS_KEPT:]})

    def usual(self, start: str, end: str) -> timedelta | None:
        """Return the median time from *start* to *end*; None of fewer than TRIPS_MIN trips."""
        times = self.minutes.get(_way(start, end), ())
        return timedelta(minutes=median(times)) if len(times) >= TRIPS_MIN else None

    def safe(self, start: str, end: str) -> timedelta | None:
        """Return the time that LATE_SHARE of the trips took at most; None of too few."""
        times = sorted(self.minutes.get(_way(start, end), ()))
        if len(times) < TRIPS_MIN:
            return None
        return timedelta(minutes=times[min(len(times) - 1, int(LATE_SHARE * len(times)))])


def named_in(where: str, places: Sequence[KnownPlace]) -> KnownPlace | None:
    """Return the one of *places* that *where*, the location of a meeting, names; the longest."""
    folded = where.casefold()
    named = [one for one in places if one.name.casefold() in folded] if folded else []
    return max(named, key=lambda one: len(one.name), default=None)


def _way(start: str, end: str) -> str:
    return f"{start} > {end}"
