"""Which meaning a sentence has, by its embedding, its words and some examples of each.  Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from agent.models.tallies import Tallies

Floats = NDArray[np.float64]
Kept = NDArray[np.float32]
"""Vectors that stay in memory: half as large, and as good as what eight-bit weights give."""

# Chosen on CLINC-150's train and validation sentences: 8 is the best of 4, 8, 12 with all examples
# (0.961 in scope; 4: 0.958), and no worse with ten; 1e-5 for 1e-4 is worse, 300 steps for 150 are
# no better.
SCALE = 8.0
PENALTY = 1e-4
STEPS = 150
# A meaning counts as much as another however many examples it has; one of a few counts less.
FULL_EXAMPLES = 8
# A meaning that begins with this is none: a topic that nothing answers.  It yields to a meaning
# that is about it, where so much of it lies so near to that one's examples; one with KEPT stays.
TOPIC = "~"
KEPT = "~!"
NEAR_MIN = 0.62
SHARE_MIN = 0.5

# The words' part in the score: on CLINC-150's validation sentences 0.967 in scope with 0.05, 0.966
# with 0.1, 0.963 with 0.15, 0.961 without; on our own development sentences the right tool is the
# best one of 248 in 0.931 without, 0.964 with 0.1, 0.984 with 0.2 and 0.976 with 0.5.  Among 46
# tools instead of 10, of 198 in 185 with 0.12, 186 with 0.2 and 185 with 0.28.
WORDS = 0.2

# P(the best meaning is right) = logistic(ODDS * logit(p) + NEAR * cosine + OFFSET), where p is the
# head's probability and cosine that of the nearest example of this meaning.  Fitted by logistic
# regression over 42 random sets of 2, 4, 12, 40 and 149 CLINC-150 intents with 4 and 10 examples
# each: half of the weight on validation sentences of those intents, a quarter on out-of-scope
# sentences, a quarter on sentences of the other intents.  Mean confidence against share right, by
# bin: .03/.03, .18/.21, .41/.38, .60/.61, .82/.80, .98/.99.
ODDS = 0.58
NEAR = 6.0
OFFSET = -4.8


@dataclass(frozen=True, slots=True)
class Head:
    """A multinomial logistic regression over unit vectors, and the examples it was fitted on."""

    meanings: tuple[str, ...]
    weights: Floats
    """(width + 1) x meanings; the last row is the bias."""
    examples: Kept
    owners: NDArray[np.int64]
    """Which meaning each example has."""
    tallies: Tallies

    @classmethod
    def fit(
        cls,
        vectors: Floats,
        owners: Sequence[str],
        sentences: Sequence[str],
        *,
        known: Floats | None = None,
    ) -> Self:
        """Return the head for *sentences* with unit *vectors* (examples x width) and their owners.

        The same input gives the same; *known* are the weights that it gave before, if they are.
        """
        left = ~_yielding(vectors, owners)
        vectors, owners = (
            vectors[left],
            [one for one, kept in zip(owners, left, strict=True) if kept],
        )
        sentences = [one for one, kept in zip(sentences, left, strict=True) if kept]
        meanings = tuple(sorted(set(owners)))
        numbers = np.array([meanings.index(owner) for owner in owners], dtype=np.int64)
        truth = np.eye(len(meanings))[numbers]
        counts = np.maximum(np.bincount(numbers), FULL_EXAMPLES)
        shares = (1 / counts)[numbers]
        shape = (vectors.shape[1] + 1, len(meanings))
        if known is None or known.shape != shape:
            known = _descend(_widened(vectors), truth, shares / shares.sum())
        return cls(
            meanings,
            known,
            vectors.astype(np.float32),
            numbers,
            Tallies.count(sentences, numbers),
        )

    def rank(self, vector: Floats, sentence: str) -> list[tuple[str, float]]:
        """Return (meaning, confidence) best first; confidences sum to at most 1."""
        scores = _widened(vector[None, :]) @ self.weights + WORDS * self.tallies.speak(sentence)
        chances = softmax(scores)[0]
        best = int(chances.argmax())
        near = float((self.examples[self.owners == best] @ vector).max())
        # A single meaning competes with nothing: its probability of 1 says nothing.
        chance = float(chances[best]) if len(self.meanings) > 1 else 0.5
        sure = confidence(chance, near)
        rest = min(sure / chance, (1 - sure) / max(1 - chance, 1e-12))
        shares = chances * rest
        shares[best] = sure
        order = np.argsort(-shares, kind="stable")
        return [(self.meanings[i], round(float(shares[i]), 6)) for i in order]


def _yielding(vectors: Floats, owners: Sequence[str]) -> NDArray[np.bool_]:
    """Return which examples are of topics that a meaning is about."""
    names = np.array(owners)
    topical = np.array([one.startswith(TOPIC) and not one.startswith(KEPT) for one in owners])
    meant = np.array([not one.startswith(TOPIC) for one in owners])
    gone = np.zeros(len(owners), dtype=np.bool_)
    if not meant.any():
        return gone
    for topic in sorted(set(names[topical])):
        own = names == topic
        near = (vectors[own] @ vectors[meant].T).max(axis=1)
        if float((near >= NEAR_MIN).mean()) >= SHARE_MIN:
            gone |= own
    return gone


def confidence(chance: float, cosine: float) -> float:
    """Return how probably the best meaning is right, by the calibration above."""
    chance = min(max(chance, 1e-6), 1 - 1e-6)
    odds = ODDS * float(np.log(chance / (1 - chance))) + NEAR * cosine + OFFSET
    return 1 / (1 + float(np.exp(-odds)))


def softmax(scores: Floats) -> Floats:
    """Return the probabilities of each row of *scores*."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _widened(vectors: Floats) -> Floats:
    return np.hstack([vectors * SCALE, np.ones((len(vectors), 1))])


def _descend(inputs: Floats, truth: Floats, shares: Floats) -> Floats:
    """Accelerated gradient descent (Nesterov 1983) on the penalised log loss, from zero.

    *shares*: how much each example counts; they sum to 1.
    """
    steepest = float(np.linalg.norm(inputs * np.sqrt(shares)[:, None], 2)) ** 2
    step = 1 / (0.5 * steepest + PENALTY)
    weights = np.zeros((inputs.shape[1], truth.shape[1]))
    ahead, pace = weights, 1.0
    for _ in range(STEPS):
        off = (softmax(inputs @ ahead) - truth) * shares[:, None]
        slope = inputs.T @ off + PENALTY * ahead
        moved = ahead - step * slope
        next_pace = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        ahead = moved + (pace - 1) / next_pace * (moved - weights)
        weights, pace = moved, next_pace
    return weights
