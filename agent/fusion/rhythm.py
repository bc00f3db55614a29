"""Whether the heart beats irregularly, from the intervals between its beats.  Pure.

Langley et al. 2012 (Med Eng Phys 34(10)) tell atrial fibrillation in seconds to a minute of beats
by the coefficient of variation, or by the successive difference over the mean interval.  Here both
must be large.  Of the difference we take the median for their mean, so that single ectopic, lost
or doubled beats do not count, and the least of those from each beat to the one, two, three and
four before: what repeats (bigeminy, trigeminy) resembles itself after some beats, and in slow
breathing a beat resembles the one before; what is irregular does neither.

Only intervals that are of no heart are left out.  The filter of artefacts in `beats` holds each
interval against its neighbours, so it would take an irregular rhythm away; and it is not needed,
for the median bears what it removes.  A window that is not well covered with beats, or in which the
wearer moved, or may have moved, is not judged.

One window says little: a healthy but restless heart has such half minutes too.  The verdict is that
of the last six minutes of windows, as consumer devices hold theirs (Perez et al. 2019, N Engl
J Med 381: five of six; Lubitz et al. 2022, Circulation 146: thirty minutes).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import sqrt
from statistics import median
from typing import Literal, NamedTuple

from agent.events import EPOCH, SampleMeasured
from agent.fusion.beats import Beat, follows, in_range
from agent.signals import IBI

Grade = Literal["none", "watch", "doctor"]

WINDOW = timedelta(seconds=30)
# The two thresholds are ours, between the usual of atrial fibrillation (0.24, Tateno & Glass 2001,
# Med Biol Eng Comput 39) and of rest (0.05); see `agent/evaluate/rhythm.py` for what they cost.
VARIATION_MIN = 0.13
DIFFERENCE_MIN = 0.09
LAGS = (1, 2, 3, 4)
BEATS_MIN = 15
BEATS_MAX = 120  # what is beyond is no heart, and the state is bounded
COVERED_MIN = 0.75  # of the window must be intervals of a heart
HELD, HELD_IRREGULAR = 12, 8  # six minutes of windows, two thirds of them irregular
HELD_WITHIN = timedelta(minutes=30)
OVER_IRREGULAR = 5  # with fewer of the twelve the spell is over
LONG, LONG_IRREGULAR = 60, 40  # half an hour of windows
LONG_WITHIN = timedelta(hours=6)
FRESH = timedelta(minutes=10)


class Judged(NamedTuple):
    """One window that could be judged."""

    end: datetime
    irregular: bool


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The verdict of the last minutes, and the windows that it rests on."""

    grade: Grade = "none"
    """`watch`: irregular for six minutes; `doctor`: for half an hour."""
    since: datetime | None = None
    """The end of the first irregular window of the spell; None while there is none."""
    windows: tuple[Judged, ...] = ()
    """The last LONG that could be judged, in order of time."""
    start: datetime = EPOCH
    """Of the open window."""
    beats: tuple[Beat, ...] = ()
    gated: bool = False

    def fold(self, sample: SampleMeasured, *, gated: bool, known: bool) -> "Rhythm":
        """Return the estimate after *sample*; one older than the open window changes nothing.

        *gated*: the wearer moves or has just moved; *known*: motion is measured at all, without
        which no window is judged.
        """
        passed = sample.at - self.start
        if sample.signal != IBI.id or passed < timedelta(0):
            return self
        after = self
        if passed >= WINDOW:
            after = replace(self._close(), start=_half_minute(sample.at), beats=(), gated=False)
        if gated or not known:
            return after if after.gated else replace(after, gated=True)
        if len(after.beats) >= BEATS_MAX:
            return after
        beat = Beat((sample.at - after.start).total_seconds(), sample.value)
        return replace(after, beats=(*after.beats, beat))

    @property
    def measured_at(self) -> datetime:
        """Return the end of the newest window that was judged."""
        return self.windows[-1].end if self.windows else EPOCH

    def at(self, now: datetime) -> Grade | None:
        """Return the grade at *now*; None where too few windows were judged lately."""
        enough = len(self._lately(HELD, HELD_WITHIN)) == HELD
        return self.grade if enough and now - self.measured_at <= FRESH else None

    def irregular_min(self) -> float:
        """Return how many of the minutes judged since the spell began were irregular."""
        if self.since is None:
            return 0.0
        since = self.since
        found = sum(one.irregular for one in self.windows if one.end >= since)
        return found * (WINDOW / timedelta(minutes=1))

    def add(self, one: Judged) -> "Rhythm":
        """Return the estimate after one more window that was judged."""
        return replace(self, windows=(*self.windows, one)[-LONG:])._graded()

    def _close(self) -> "Rhythm":
        verdict = None if self.gated else irregular(self.beats)
        if verdict is None:
            return self
        return self.add(Judged(self.start + WINDOW, verdict))

    def _graded(self) -> "Rhythm":
        lately, long = self._lately(HELD, HELD_WITHIN), self._lately(LONG, LONG_WITHIN)
        found = sum(one.irregular for one in lately)
        if len(lately) == HELD and found >= HELD_IRREGULAR:
            lasting = len(long) == LONG and sum(one.irregular for one in long) >= LONG_IRREGULAR
            first = next(one.end for one in lately if one.irregular)
            return replace(self, grade="doctor" if lasting else "watch", since=self.since or first)
        if self.grade != "none" and found >= OVER_IRREGULAR:
            return self
        return self if self.grade == "none" else replace(self, grade="none", since=None)

    def _lately(self, count: int, within: timedelta) -> tuple[Judged, ...]:
        begin = self.measured_at - within
        return tuple(one for one in self.windows[-count:] if one.end > begin)


def irregular(beats: Sequence[Beat]) -> bool | None:
    """Return whether the *beats* of a window are irregular; None where they are too few to say."""
    plausible = in_range([beat.interval_ms for beat in beats])
    good = [beat.interval_ms for beat, ok in zip(beats, plausible, strict=True) if ok]
    covered = sum(good) >= COVERED_MIN * (WINDOW / timedelta(milliseconds=1))
    if len(good) < BEATS_MIN or not covered:
        return None
    if variation(good) < VARIATION_MIN:
        return False
    difference_ms = _least_difference_ms(beats, plausible)
    if difference_ms is None:
        return None
    return difference_ms >= DIFFERENCE_MIN * sum(good) / len(good)


def variation(intervals_ms: Sequence[float]) -> float:
    """Return the coefficient of variation: standard deviation over mean."""
    mean = sum(intervals_ms) / len(intervals_ms)
    return sqrt(sum((one - mean) ** 2 for one in intervals_ms) / len(intervals_ms)) / mean


def _least_difference_ms(beats: Sequence[Beat], plausible: Sequence[bool]) -> float | None:
    """Return the least median difference to an earlier beat; None where beats do not follow."""
    runs = _runs(beats, plausible)
    medians = list[float]()
    for lag in LAGS:
        differences = [
            abs(beats[index].interval_ms - beats[index - lag].interval_ms)
            for index in range(lag, len(beats))
            if runs[index] is not None and runs[index] == runs[index - lag]
        ]
        if len(differences) < BEATS_MIN - max(LAGS):
            return None
        medians.append(median(differences))
    return min(medians)


def _runs(beats: Sequence[Beat], plausible: Sequence[bool]) -> list[int | None]:
    """Return for each beat the number of its unbroken run; None for one of no heart."""
    found, number = list[int | None](), 0
    for index, beat in enumerate(beats):
        unbroken = index > 0 and plausible[index - 1] and follows(beats[index - 1], beat)
        number += not unbroken
        found.append(number if plausible[index] else None)
    return found


def _half_minute(at: datetime) -> datetime:
    return at.replace(second=30 * (at.second // 30), microsecond=0)
