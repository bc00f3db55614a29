"""Beats: which intervals between heart beats are clean, and how much they vary.  Pure.

RMSSD, SDNN and pNN50 as the Task Force of the ESC and NASPE defines them (1996, Circulation
93(5), table 1), always from beats and never from averaged rates.  An interval is an artefact if
it is outside 300-2000 ms, or differs by more than 30 % from the median of the two plausible ones
before it and the two after it: the filter of Karlsson et al. 2012 (BioMedical Engineering OnLine
11:2) with a median for the mean, so that one lost beat does not condemn its neighbours.
"""

from collections.abc import Callable, Sequence
from math import sqrt
from statistics import median
from typing import NamedTuple

LOW_MS, HIGH_MS = 300.0, 2000.0  # 200 and 30 beats a minute
ARTEFACT_SHARE = 0.3
AROUND = 2  # intervals on each side that an interval is held against
LATE_MS = 60.0  # two beats follow each other if their times agree with the interval so well
PAIR_MS = 50.0  # the 50 of pNN50


class Beat(NamedTuple):
    """One beat: when it came, in seconds of whatever origin, and the time since the one before."""

    at_s: float
    interval_ms: float


class Variability(NamedTuple):
    """What the clean beats of a window say."""

    rate_bpm: float
    sdnn_ms: float | None
    """Sample standard deviation of the intervals; None with fewer than two."""
    rmssd_ms: float | None
    """None without two clean beats that truly follow each other, as is pNN50."""
    pnn50: float | None
    """Share (0-1) of the differences that are beyond 50 ms."""
    beats: int
    pairs: int
    clean_share: float
    """How many of the beats were clean: what the rest of it is worth."""


def in_range(intervals_ms: Sequence[float]) -> tuple[bool, ...]:
    """Return which intervals are of a living heart: the rule for series that were cleaned before.

    An interval of 0, of 5 s, or given in seconds for milliseconds is not.
    """
    return tuple(LOW_MS <= interval <= HIGH_MS for interval in intervals_ms)


def clean(intervals_ms: Sequence[float]) -> tuple[bool, ...]:
    """Return which intervals are no artefacts: in range, and like those around them."""
    plausible = in_range(intervals_ms)
    found = list(plausible)
    for index, interval in enumerate(intervals_ms):
        if not plausible[index]:
            continue
        around = _around(intervals_ms, plausible, index)
        if around:
            middle = median(around)
            found[index] = abs(interval - middle) <= ARTEFACT_SHARE * middle
    return tuple(found)


def follows(before: Beat, beat: Beat) -> bool:
    """Return whether no beat is missing between the two: their times agree with the interval."""
    return abs((beat.at_s - before.at_s) * 1000 - beat.interval_ms) <= LATE_MS


def series(intervals_ms: Sequence[float]) -> tuple[Beat, ...]:
    """Return the beats of a series without times, one right after another."""
    at_ms, beats = 0.0, list[Beat]()
    for interval in intervals_ms:
        at_ms += interval
        beats.append(Beat(at_ms / 1000, interval))
    return tuple(beats)


def measure(
    beats: Sequence[Beat], *, rule: Callable[[Sequence[float]], Sequence[bool]] = clean
) -> Variability | None:
    """Return what the *beats* of a window say; None if *rule* finds no clean one among them."""
    kept = rule([beat.interval_ms for beat in beats])
    good = [beat.interval_ms for beat, ok in zip(beats, kept, strict=True) if ok]
    if not good:
        return None
    changes = [
        beats[index].interval_ms - beats[index - 1].interval_ms
        for index in range(1, len(beats))
        if kept[index - 1] and kept[index] and follows(beats[index - 1], beats[index])
    ]
    pairs = len(changes)
    return Variability(
        rate_bpm=60_000 * len(good) / sum(good),
        sdnn_ms=_deviation(good),
        rmssd_ms=sqrt(sum(change * change for change in changes) / pairs) if pairs else None,
        pnn50=sum(abs(change) > PAIR_MS for change in changes) / pairs if pairs else None,
        beats=len(good),
        pairs=pairs,
        clean_share=len(good) / len(beats),
    )


def _around(intervals_ms: Sequence[float], plausible: Sequence[bool], index: int) -> list[float]:
    places = range(max(0, index - AROUND), min(len(intervals_ms), index + AROUND + 1))
    return [intervals_ms[place] for place in places if place != index and plausible[place]]


def _deviation(values: Sequence[float]) -> float | None:
    if len(values) < 2:
        return None
    mean = sum(values) / len(values)
    return sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
