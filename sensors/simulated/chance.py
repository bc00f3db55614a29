"""Seeded chance: one independent stream for each thing that varies, and slow noise.  Pure.

Each stream has a name, so what is drawn for one thing never shifts what is drawn for another.
"""

from collections.abc import Iterator
from math import exp, sqrt
from random import Random


def stream(seed: int, *names: object) -> Random:
    """Return the random numbers of one named thing; the same for the same names, on any machine."""
    key = "/".join(str(name) for name in (seed, *names))
    return Random(key)  # noqa: S311 - a made-up day keeps no secret


def drift(random: Random, *, deviation: float, lasts_s: float, step_s: float) -> Iterator[float]:
    """Yield first-order autoregressive noise around 0, one value every *step_s*, for ever.

    Two values *lasts_s* apart are correlated by 1/e (Ornstein-Uhlenbeck, sampled exactly).
    """
    keep = exp(-step_s / lasts_s)
    spread = deviation * sqrt(1 - keep * keep)
    value = random.gauss(0, deviation)
    while True:
        yield value
        value = keep * value + random.gauss(0, spread)
