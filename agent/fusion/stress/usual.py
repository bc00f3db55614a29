"""The wearer's own usual minutes at rest and awake, against which one of them is measured.  Pure.

A level is held against the median of the person's minutes in robust standard deviations; a change
against how much the person's minutes usually change within ten minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from agent.fusion.stress.minute import Look
from agent.quantiles import Histogram, histogram

BASELINE_MIN = 20  # minutes of a person before anything personal is said
FORGET = 1 - 1 / (7 * 600)  # a minute from seven days of ten waking hours ago weighs 1/e
BEFORE_MIN = 10
FAR = 4.0  # spreads: beyond this, further is no more strained


class Span(NamedTuple):
    """The middle of what is usual, and its robust standard deviation."""

    middle: float
    spread: float

    def far(self, value: float) -> float:
        """Return how far *value* is from the middle, in spreads, at most FAR of them."""
        return max(-FAR, min(FAR, (value - self.middle) / self.spread))


class Yardstick(NamedTuple):
    """What one minute is measured by; None where too little is known."""

    heart: Span | None
    electrodermal: Span | None
    electrodermal_change: Span | None
    rmssd: Span | None
    skin_change: Span | None


@dataclass(frozen=True, slots=True)
class Usual:
    """How the person's minutes are distributed, older ones weighing less."""

    rate: Histogram = field(default_factory=lambda: histogram(low=30, high=200, width=1))
    electrodermal: Histogram = field(default_factory=lambda: histogram(low=-5, high=4, width=0.05))
    electrodermal_change: Histogram = field(
        default_factory=lambda: histogram(low=-3, high=3, width=0.05)
    )
    log_rmssd: Histogram = field(default_factory=lambda: histogram(low=1, high=6, width=0.1))
    skin_change: Histogram = field(default_factory=lambda: histogram(low=-3, high=3, width=0.05))

    def add(self, look: Look, before: Sequence[Look], *, keep: float = FORGET) -> "Usual":
        """Return the usual after one more minute at rest; *before* holds those before it."""
        close = [one for one in before if 0 < look.minute - one.minute <= BEFORE_MIN]
        conductances = [one.log_electrodermal for one in close]
        warmths = [one.skin_degc for one in close]
        change = _change(look.log_electrodermal, conductances)
        warmed = _change(look.skin_degc, warmths)
        return Usual(
            self.rate.add(look.heart_bpm, keep=keep),
            _added(self.electrodermal, look.log_electrodermal, keep),
            _added(self.electrodermal_change, change, keep),
            _added(self.log_rmssd, look.log_rmssd, keep),
            _added(self.skin_change, warmed, keep),
        )

    def yardstick(self) -> Yardstick:
        """Return what a minute is measured by.

        The least spreads keep a very even person from being called strained for next to nothing:
        4 bpm, a tenth of the conductance and half as much of its change, 0.15 of the logarithm
        of RMSSD, a tenth of a degree.
        """
        return Yardstick(
            heart=_span(self.rate, 4.0),
            electrodermal=_span(self.electrodermal, 0.1),
            electrodermal_change=_around_nothing(_span(self.electrodermal_change, 0.05)),
            rmssd=_span(self.log_rmssd, 0.15),
            skin_change=_around_nothing(_span(self.skin_change, 0.1)),
        )


def mean(values: Sequence[float | None]) -> float | None:
    """Return the mean of those *values* that are known, None if none is."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _change(value: float | None, before: Sequence[float | None]) -> float | None:
    middle = mean(before)
    return None if value is None or middle is None else value - middle


def _added(held: Histogram, value: float | None, keep: float) -> Histogram:
    return held if value is None else held.add(value, keep=keep)


def _span(held: Histogram, spread_min: float) -> Span | None:
    """Return middle and spread: of the quartiles, or half that of the tails where it is larger.

    A normal distribution has its quartiles 1.349 and its twentieths 3.29 deviations apart.  The
    tails count for those who rest evenly and then do not: their quartiles alone are too narrow.
    """
    if held.count < BASELINE_MIN:
        return None
    low, first, middle, third, high = (held.quantile(s) for s in (0.05, 0.25, 0.5, 0.75, 0.95))
    return Span(middle, max((third - first) / 1.349, 0.5 * (high - low) / 3.29, spread_min))


def _around_nothing(span: Span | None) -> Span | None:
    """Return *span* as one of changes: no change is the middle."""
    return None if span is None else Span(0.0, span.spread)
