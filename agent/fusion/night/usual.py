"""One night against the person's own before it, by median and median deviation.  Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

NIGHTS_MIN = 5
MAD_TO_SD = 1.4826  # of a normal distribution (Rousseeuw & Croux 1993, JASA 88, section 1)


@dataclass(frozen=True, slots=True)
class Compared:
    """A value of one night, and what is usual for this person."""

    value: float
    usual: float
    spread: float
    """A robust standard deviation of the nights before."""
    nights: int

    @property
    def deviation(self) -> float:
        """Return by how many spreads the night is over the usual."""
        return (self.value - self.usual) / self.spread


def compared(value: float, before: Sequence[float], *, spread_min: float) -> Compared | None:
    """Return *value* against those *before*; None of fewer than NIGHTS_MIN: not enough yet.

    No spread is below *spread_min*: a person of very regular nights is not alarmed by minutes.
    """
    if len(before) < NIGHTS_MIN:
        return None
    usual = median(before)
    spread = MAD_TO_SD * median(abs(one - usual) for one in before)
    return Compared(value, usual, max(spread, spread_min), len(before))
