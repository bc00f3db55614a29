"""When the wearer was at each known place: four weeks, and the last stay at each.  Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

STAYS_MAX = 400  # four weeks of a busy life; all of it stays below 30 kB
KEPT = timedelta(days=28)
STAY_MIN = timedelta(minutes=2)  # the dwell that entering a place needs


class Stay(NamedTuple):
    """One stay at the place of that name."""

    name: str
    since: datetime
    until: datetime

    def within(self, since: datetime, until: datetime) -> timedelta:
        """Return how much of it lies in [since, until)."""
        return max(timedelta(), min(self.until, until) - max(self.since, since))


@dataclass(frozen=True, slots=True)
class Stays:
    """The stays that ended, oldest first."""

    past: tuple[Stay, ...] = ()

    def fold(self, name: str, *, since: datetime, until: datetime) -> "Stays":
        """Return them after the stay at the place *name* ended."""
        if until - since < STAY_MIN:
            return self
        every = (*self.past, Stay(name, since, until))
        newest = {one.name: one for one in every}
        kept = (one for one in every if until - one.until <= KEPT or newest[one.name] is one)
        return Stays(tuple(kept)[-STAYS_MAX:])

    def last(self, name: str) -> Stay | None:
        """Return the newest stay at the place *name* that has ended."""
        return next((one for one in reversed(self.past) if one.name == name), None)

    def between(self, since: datetime, until: datetime) -> tuple[Stay, ...]:
        """Return those that overlap [since, until), oldest first."""
        return tuple(one for one in self.past if one.since < until and one.until > since)
