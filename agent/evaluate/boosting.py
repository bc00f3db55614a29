"""Training of boosted oblivious trees, without a library: some thousand rows, seconds a model.

Stochastic gradient boosting (Friedman 2002, Computational Statistics & Data Analysis 38) of the
log-loss with Newton leaves (Friedman, Hastie & Tibshirani 2000, Annals of Statistics 28,
"LogitBoost"), shrunk towards nothing by PRIOR; the same seed gives the same trees.
"""

from bisect import bisect_left
from collections.abc import Sequence
from math import log
from random import Random
from typing import NamedTuple

from agent.fusion.night.trees import DEPTH, THRESHOLDS_PER_UNIT, VALUES_PER_UNIT, Trees, chance

TREES = 60
RATE = 0.1
PRIOR = 8.0
"""Added to each leaf's curvature: a leaf of few rows says little."""
BINS = 24
ROWS_SHARE = 0.35
COLUMNS_SHARE = 0.5
SEED = 4


class _Binned(NamedTuple):
    places: list[list[int]]
    limits: list[list[int]]


def boosted(
    columns: Sequence[Sequence[float]], labels: Sequence[bool], *, seed: int = SEED
) -> Trees:
    """Return trees that give the log-odds of *labels* from *columns* (one a feature)."""
    chances = Random(seed)  # noqa: S311  # a repeatable choice
    binned = _binned(columns)
    base = log(max(sum(labels), 1) / max(len(labels) - sum(labels), 1))
    odds = [base] * len(labels)
    rows = []
    for _ in range(TREES):
        chosen = sorted(chances.sample(range(len(labels)), round(ROWS_SHARE * len(labels))))
        asked = chances.sample(range(len(columns)), round(COLUMNS_SHARE * len(columns)))
        row = _tree(binned, labels, odds, chosen=chosen, asked=asked)
        rows.append(row)
        added = Trees(0, (row,)).log_odds(columns)
        odds = [a + b for a, b in zip(odds, added, strict=True)]
    return Trees(round(base * VALUES_PER_UNIT), tuple(rows))


def _binned(columns: Sequence[Sequence[float]]) -> _Binned:
    places, limits = [], []
    for column in columns:
        ordered = sorted(column)
        edges = {
            round(ordered[len(ordered) * step // BINS] * THRESHOLDS_PER_UNIT)
            for step in range(1, BINS)
        }
        kept = sorted(edges)
        parts = [edge / THRESHOLDS_PER_UNIT for edge in kept]
        limits.append(kept)
        places.append([bisect_left(parts, value) for value in column])
    return _Binned(places, limits)


def _tree(
    binned: _Binned,
    labels: Sequence[bool],
    odds: Sequence[float],
    *,
    chosen: Sequence[int],
    asked: Sequence[int],
) -> tuple[int, ...]:
    likely = [chance(odds[row]) for row in chosen]
    pull = [labels[row] - p for row, p in zip(chosen, likely, strict=True)]
    curve = [p * (1 - p) for p in likely]
    bins = {column: [binned.places[column][row] for row in chosen] for column in asked}
    leaf = [0] * len(chosen)
    questions: list[tuple[int, int]] = []
    for depth in range(DEPTH):
        best = (-1.0, asked[0], 0)
        for column in asked:
            gain, limit = _best_limit(bins[column], leaf, pull, curve, leaves=2**depth)
            best = max(best, (gain, column, limit))
        _, column, limit = best
        questions.append((column, limit))
        leaf = [a + 2**depth * (b > limit) for a, b in zip(leaf, bins[column], strict=True)]
    return (
        *(column for column, _ in questions),
        *(binned.limits[column][limit] for column, limit in questions),
        *_values(leaf, pull, curve),
    )


def _best_limit(
    bins: Sequence[int],
    leaf: Sequence[int],
    pull: Sequence[float],
    curve: Sequence[float],
    *,
    leaves: int,
) -> tuple[float, int]:
    """Return the gain of the best limit, and the last bin below it."""
    pulls, curves = [0.0] * (leaves * BINS), [0.0] * (leaves * BINS)
    for place, part, g, h in zip(bins, leaf, pull, curve, strict=True):
        cell = part * BINS + place
        pulls[cell] += g
        curves[cell] += h
    gains = [0.0] * (BINS - 1)
    for part in range(leaves):
        cells = range(part * BINS, (part + 1) * BINS)
        all_g, all_h = sum(pulls[cell] for cell in cells), sum(curves[cell] for cell in cells)
        g = h = 0.0
        for limit, cell in enumerate(cells[:-1]):
            g, h = g + pulls[cell], h + curves[cell]
            gains[limit] += g * g / (h + PRIOR) + (all_g - g) ** 2 / (all_h - h + PRIOR)
    used = max(bins)
    return max((gain, limit) for limit, gain in enumerate(gains[: max(used, 1)]))


def _values(leaf: Sequence[int], pull: Sequence[float], curve: Sequence[float]) -> list[int]:
    pulls, curves = [0.0] * 2**DEPTH, [0.0] * 2**DEPTH
    for part, g, h in zip(leaf, pull, curve, strict=True):
        pulls[part] += g
        curves[part] += h
    return [
        round(VALUES_PER_UNIT * RATE * g / (h + PRIOR)) for g, h in zip(pulls, curves, strict=True)
    ]
