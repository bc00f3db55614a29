"""Boosted oblivious trees: how a trained sum of them is kept and asked.  Pure.

A tree asks three questions, the same at each depth (Kohavi & Li 1995, IJCAI; boosted by Dorogush,
Ershov & Gulin 2018, "CatBoost", section 3), and adds one of eight values to the log-odds.
"""

from collections.abc import Sequence
from math import exp
from typing import NamedTuple

DEPTH = 3
THRESHOLDS_PER_UNIT = 100
VALUES_PER_UNIT = 1000
"""Both are kept as whole numbers, so that a shipped model is small and the same everywhere."""


class Trees(NamedTuple):
    """A trained sum; each row: DEPTH columns, DEPTH thresholds, 2 ** DEPTH values."""

    base: int
    rows: tuple[tuple[int, ...], ...]

    def log_odds(self, columns: Sequence[Sequence[float]]) -> list[float]:
        """Return the log-odds of every place in *columns*, which are in the order of training."""
        total = [self.base] * len(columns[0])
        for row in self.rows:
            one, two, three = (columns[column] for column in row[:DEPTH])
            first, second, third = (limit / THRESHOLDS_PER_UNIT for limit in row[DEPTH : 2 * DEPTH])
            values = row[2 * DEPTH :]
            total = [
                so_far + values[(a > first) + 2 * (b > second) + 4 * (c > third)]
                for so_far, a, b, c in zip(total, one, two, three, strict=True)
            ]
        return [value / VALUES_PER_UNIT for value in total]


def chance(log_odds: float) -> float:
    """Return the probability (0-1) of *log_odds*."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, log_odds))))
