"""How strained one minute is: six columns and their weights.  Pure.

Stress raises the heart rate and lowers RMSSD (Task Force of the ESC and NASPE 1996, Circulation
93(5); Kim et al. 2018, Psychiatry Investig 15(3)), opens the sweat glands, so that the skin
conducts better than just before (Boucsein 2012, Electrodermal Activity, 2nd ed., ch. 3), and
narrows the vessels of the wrist, so that it cools (Vinkers et al. 2013, Stress 16(5)).  The weights
are those of a logistic regression (see data/stress/README.md).  A column that is not known is 0:
as usual.  What follows within two minutes is taken into account, for conductance answers late.
"""

from collections.abc import Sequence
from math import exp, log
from typing import NamedTuple

from agent.fusion.stress.minute import Look
from agent.fusion.stress.usual import Span, Yardstick, mean

HINDSIGHT_MIN = 2
NOW = (0, HINDSIGHT_MIN)  # minutes from that which is judged, both ends counted
JUST_BEFORE = (-5, -1)
EARLIER = (-20, -11)
STEADY = (-2, HINDSIGHT_MIN)  # heart rate of one minute alone is more of posture than of strain
LONG = (-4, HINDSIGHT_MIN)  # RMSSD of one minute at the wrist is noisy
MEMORY_MIN = 20 + 10  # what the oldest minute of the score looks back on
USUAL_SCORE = 30.0


class Columns(NamedTuple):
    """One minute in spreads of the person's usual."""

    electrodermal: float
    electrodermal_rise: float
    """Over the five minutes before."""
    electrodermal_risen: float
    """Over what it was a quarter of an hour before."""
    heart: float
    rmssd: float
    skin_rise: float


class Weights(NamedTuple):
    """A logistic regression: strained if what it returns is above 0."""

    constant: float
    each: tuple[float, ...]
    rest: float
    """What it returns for the middle one of the minutes at rest that it was learned from."""

    def strain(self, columns: Sequence[float]) -> float:
        """Return the logarithm of the odds of strain, strain and rest taken as equally common."""
        return self.constant + sum(w * x for w, x in zip(self.each, columns, strict=True))

    def score(self, columns: Sequence[float]) -> float:
        """Return 0-100: USUAL_SCORE for the middle of rest, 70 for 5.4 times its odds."""
        usual = log(USUAL_SCORE / (100 - USUAL_SCORE))
        return 100 / (1 + exp(self.rest - usual - self.strain(columns)))


def columns_of(looks: Sequence[Look], at: int, yardstick: Yardstick) -> Columns | None:
    """Return the columns of the minute *at*; None while no usual heart rate is known.

    *looks* are in order of time; only those from 20 minutes before to two after it are used.
    """
    near = [one for one in looks if EARLIER[0] <= one.minute - at <= HINDSIGHT_MIN]
    rate = mean([one.heart_bpm for one in _within(near, at, STEADY)])
    if yardstick.heart is None or rate is None:
        return None
    now, before, earlier = (
        mean([one.log_electrodermal for one in _within(near, at, span)])
        for span in (NOW, JUST_BEFORE, EARLIER)
    )
    warm, warm_before = (
        mean([one.skin_degc for one in _within(near, at, span)]) for span in (NOW, JUST_BEFORE)
    )
    variability = mean([one.log_rmssd for one in _within(near, at, LONG)])
    return Columns(
        electrodermal=_far(yardstick.electrodermal, now),
        electrodermal_rise=_far(yardstick.electrodermal_change, _less(now, before)),
        electrodermal_risen=_far(yardstick.electrodermal_change, _less(now, earlier)),
        heart=yardstick.heart.far(rate),
        rmssd=_far(yardstick.rmssd, variability),
        skin_rise=_far(yardstick.skin_change, _less(warm, warm_before)),
    )


def conducts(looks: Sequence[Look], at: int, yardstick: Yardstick) -> bool:
    """Return whether the minute *at* has conductance, and a usual one to hold it against."""
    known = any(one.log_electrodermal is not None for one in _within(looks, at, NOW))
    return known and yardstick.electrodermal is not None


def _within(looks: Sequence[Look], at: int, span: tuple[int, int]) -> list[Look]:
    return [one for one in looks if span[0] <= one.minute - at <= span[1]]


def _less(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else now - before


def _far(span: Span | None, value: float | None) -> float:
    return 0.0 if span is None or value is None else span.far(value)
