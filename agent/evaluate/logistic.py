"""Logistic regression with a ridge, learned by Newton's method, without a library."""

from collections.abc import Sequence
from math import exp
from operator import mul

RIDGE = 10.0  # on the squared weights: the columns are in spreads, so all of them alike
STEPS = 25
DONE = 1e-9

Row = Sequence[float]


def fit(rows: Sequence[Row], labels: Sequence[bool]) -> tuple[float, tuple[float, ...]]:
    """Return the constant and the weights under which *labels* are likeliest.

    Iteratively reweighted least squares (Hastie, Tibshirani and Friedman 2009, The Elements of
    Statistical Learning, 4.4.1), each class weighing half of the whole however common it is, the
    constant free of the ridge.  *rows* hold at least one of each class.
    """
    yes = sum(labels)
    worth = (len(labels) / (2 * (len(labels) - yes)), len(labels) / (2 * yes))
    weighed = [worth[label] for label in labels]
    wide = [(1.0, *row) for row in rows]
    weights = [0.0] * len(wide[0])
    for _ in range(STEPS):
        step = _step(wide, labels, weighed, weights)
        weights = [w + s for w, s in zip(weights, step, strict=True)]
        if max(abs(one) for one in step) < DONE:
            break
    return weights[0], tuple(weights[1:])


def _step(
    rows: Sequence[Row], labels: Sequence[bool], weighed: Row, weights: Sequence[float]
) -> list[float]:
    size = len(weights)
    slope = [0.0] + [-RIDGE * w for w in weights[1:]]
    bend = [[RIDGE if i == j and i else 0.0 for j in range(size)] for i in range(size)]
    for row, label, weight in zip(rows, labels, weighed, strict=True):
        odds = max(-35.0, min(35.0, sum(map(mul, weights, row))))
        chance = 1 / (1 + exp(-odds))
        for i, value in enumerate(row):
            slope[i] += weight * (label - chance) * value
            scaled = weight * chance * (1 - chance) * value
            for j in range(i + 1):
                bend[i][j] += scaled * row[j]
    for i in range(size):
        for j in range(i):
            bend[j][i] = bend[i][j]
    return _solve(bend, slope)


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Return the solution of a symmetric positive definite system, by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for pivot in range(size):
        rows[pivot][pivot] += 1e-9  # a column that is 0 throughout keeps the weight 0
        for below in range(pivot + 1, size):
            factor = rows[below][pivot] / rows[pivot][pivot]
            for column in range(pivot, size + 1):
                rows[below][column] -= factor * rows[pivot][column]
    found = [0.0] * size
    for pivot in reversed(range(size)):
        rest = sum(rows[pivot][column] * found[column] for column in range(pivot + 1, size))
        found[pivot] = (rows[pivot][size] - rest) / rows[pivot][pivot]
    return found
