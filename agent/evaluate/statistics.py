"""What several evaluations compute from labels and judgements.  Pure."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from math import ceil
from random import Random
from typing import TypeVar

Person = TypeVar("Person")


def kappa(labels: Sequence[Hashable], told: Sequence[Hashable]) -> float:
    """Return by how much *told* agrees with *labels* beyond chance (Cohen 1960, eq. 1).

    0 where both are one and the same class throughout: agreement then says nothing.
    """
    count = len(labels)
    if not count:
        return 0.0
    agreed = sum(a == b for a, b in zip(labels, told, strict=True)) / count
    first, second = Counter(labels), Counter(told)
    expected = sum(first[name] * second[name] for name in first) / count**2
    return (agreed - expected) / (1 - expected) if expected < 1 else 0.0


def best_threshold(labels: Sequence[bool], scores: Sequence[float]) -> float:
    """Return the score from which on "yes" agrees best with *labels*, by kappa."""
    order = sorted(zip(scores, labels, strict=True), reverse=True)
    count, yes = len(order), sum(labels)
    best, right = (-1.0, order[0][0]), 0
    for told, (score, label) in enumerate(order, 1):
        right += label
        if told < count and order[told][0] == score:
            continue  # equal scores are told alike
        agreed = (right + count - yes - (told - right)) / count
        expected = (told * yes + (count - told) * (count - yes)) / count**2
        if expected < 1:
            best = max(best, ((agreed - expected) / (1 - expected), score))
    return best[1]


def specificity_at(
    sensitivity: float, *, positive: Sequence[float], negative: Sequence[float]
) -> float:
    """Return the share of *negative* scores below that which *sensitivity* of *positive* reach.

    One point of the receiver's curve (Hanley & McNeil 1982, Radiology 143).
    """
    ordered = sorted(positive, reverse=True)
    threshold = ordered[max(1, ceil(sensitivity * len(ordered))) - 1]
    return sum(score < threshold for score in negative) / len(negative)


def bootstrap(
    people: Sequence[Person],
    statistic: Callable[[Sequence[Person]], float],
    *,
    draws: int = 1000,
    seed: int = 4,
) -> tuple[float, float]:
    """Return the 95 % percentile interval of *statistic* over *people* (Efron 1979)."""
    chances = Random(seed)  # noqa: S311  # a repeatable choice
    values = sorted(statistic(chances.choices(people, k=len(people))) for _ in range(draws))
    return values[round(0.025 * (draws - 1))], values[round(0.975 * (draws - 1))]
