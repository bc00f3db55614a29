"""The threshold of a wake phrase from the wearer's own trials."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agent.voice.ears.ending import samples_of
from agent.voice.ears.wake import WakeDetector

Samples = NDArray[np.int16]

LOWEST, HIGHEST = 0.2, 0.99
MISSED_SHARE = 0.1  # of the trials may be said again: one mumbled trial must not decide
FALSE_COST = 3.0  # a false wake is worse than a phrase that must be repeated
LEAD = samples_of(1.5)
TAIL = samples_of(0.8)
BLOCK = samples_of(0.08)


def threshold_of(trials: Sequence[float], false_scores: Sequence[float]) -> float:
    """Return the threshold for the scores of the wearer's *trials*; raise ValueError if none.

    Where nothing false scores as high as nine trials of ten, it lies between the two.  Where they
    overlap, it is the one with the least cost, a false wake counted as three missed.
    """
    if not trials:
        raise ValueError("a threshold needs at least one trial")
    ordered = sorted(trials)
    low = ordered[int(len(ordered) * MISSED_SHARE)]
    high = max(false_scores, default=0.0)
    if high < low:
        return _bounded((low + high) / 2)
    places = sorted({*trials, *false_scores})
    return _bounded(min(places, key=lambda place: _cost(place, trials, false_scores)))


def _cost(threshold: float, trials: Sequence[float], false_scores: Sequence[float]) -> float:
    missed = sum(one <= threshold for one in trials)
    return missed + FALSE_COST * sum(one > threshold for one in false_scores)


def _bounded(threshold: float) -> float:
    return round(min(HIGHEST, max(LOWEST, threshold)), 3)


def score_of(detector: WakeDetector, said: Samples) -> float:
    """Return how sure (0-1) *detector* is at most that the phrase is in *said*."""
    quiet = np.random.default_rng(0).integers(-3, 4, LEAD).astype(np.int16)
    whole = np.concatenate([quiet, said, quiet[:TAIL]])
    detector.reset()
    for at in range(0, len(whole), BLOCK):
        detector.feed(whole[at : at + BLOCK])
    return detector.score
