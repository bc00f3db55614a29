"""How long the heart beat how fast on each day: what training load is reckoned from.  Pure.

A day is kept as minutes by heart rate, not as a load, so that a better known highest or resting
rate tells the past anew.  The load is Banister's TRIMP (Banister 1991, in: Physiological Testing
of the High-Performance Athlete; equation of Morton et al. 1990, J Appl Physiol 69(3)): each minute
counts by the share of the heart rate reserve, x, as x * 0.64 * exp(1.92 x).  Its weights were
found on men; those of women (0.86, 1.67) give a little less for hard minutes.  Only minutes of at
least moderate effort count (40 % of the reserve: Garber et al. 2011, ACSM, table 2): a day at a
desk is no training.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from math import exp
from typing import NamedTuple

from agent.events import EPOCH, SampleMeasured
from agent.signals import HEART_RATE

MINUTE = timedelta(minutes=1)
LOW_BPM, WIDTH_BPM, BINS = 60, 5, 32
DAYS_MAX = 29  # four weeks and today
MODERATE = 0.4  # of the reserve
TRIMP_A, TRIMP_B = 0.64, 1.92
HIGHEST_MIN = 3  # so many minutes at a rate, or over it, before it counts as reached


class Effort(NamedTuple):
    """One day: its date by the wearer's clock, the minutes measured, and those by heart rate."""

    day: str
    minutes: int
    bins: tuple[int, ...]
    """How many minutes in each 5 bpm from 60 on; below that none are counted."""

    def trimp(self, *, resting_bpm: float, highest_bpm: float) -> float:
        """Return the load, by the wearer's reserve."""
        return sum(
            count * _weight((_middle_bpm(place) - resting_bpm) / (highest_bpm - resting_bpm))
            for place, count in enumerate(self.bins)
            if count
        )

    def hard_min(self, *, resting_bpm: float, highest_bpm: float) -> int:
        """Return how many minutes were of at least moderate effort."""
        least = resting_bpm + MODERATE * (highest_bpm - resting_bpm)
        return sum(count for place, count in enumerate(self.bins) if _middle_bpm(place) >= least)


@dataclass(frozen=True, slots=True)
class Training:
    """The days so far, the last of which may not be over, and the minute that is open."""

    days: tuple[Effort, ...] = ()
    minute: datetime = EPOCH
    total_bpm: float = 0.0
    count: int = 0

    def fold(self, sample: SampleMeasured, zone: tzinfo) -> "Training":
        """Return the days after *sample*; one older than the open minute changes nothing."""
        if sample.signal != HEART_RATE.id or sample.at < self.minute:
            return self
        if sample.at - self.minute < MINUTE:
            return replace(self, total_bpm=self.total_bpm + sample.value, count=self.count + 1)
        start = sample.at.replace(second=0, microsecond=0)
        return Training(self._closed(zone), start, sample.value, 1)

    def highest_bpm(self) -> float | None:
        """Return the highest rate that was held for some minutes on any day; None of no day."""
        left = HIGHEST_MIN
        for place in reversed(range(BINS)):
            left -= sum(day.bins[place] for day in self.days)
            if left <= 0:
                return _middle_bpm(place)
        return None

    def _closed(self, zone: tzinfo) -> tuple[Effort, ...]:
        if not self.count:
            return self.days
        day = f"{self.minute.astimezone(zone):%Y-%m-%d}"
        last = self.days[-1] if self.days and self.days[-1].day == day else None
        before = self.days[:-1] if last else self.days
        open_ = last or Effort(day, 0, (0,) * BINS)
        return (*before, _with(open_, self.total_bpm / self.count))[-DAYS_MAX:]


def _with(day: Effort, rate_bpm: float) -> Effort:
    place = int((rate_bpm - LOW_BPM) // WIDTH_BPM)
    if place < 0:
        return day._replace(minutes=day.minutes + 1)
    place = min(place, BINS - 1)
    bins = (*day.bins[:place], day.bins[place] + 1, *day.bins[place + 1 :])
    return Effort(day.day, day.minutes + 1, bins)


def _middle_bpm(place: int) -> float:
    return LOW_BPM + (place + 0.5) * WIDTH_BPM


def _weight(share: float) -> float:
    return share * TRIMP_A * exp(TRIMP_B * min(share, 1.0)) if share >= MODERATE else 0.0
