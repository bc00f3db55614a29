"""Fit the head of a wake phrase: two layers over windows of embeddings, by numpy alone.

Adam: Kingma and Ba 2015, algorithm 1.  Several heads that begin differently are one of as many
inner units, whose votes are averaged (Breiman 1996, Machine Learning 24, section 4).
"""

import io
from collections.abc import Generator, Iterator

import numpy as np
from numpy.typing import NDArray

from agent.voice.ears.head import SIZE, Head
from agent.voice.wake_training.clips import LENGTH, Windows
from agent.voice.wake_training.mixing import Chance

Floats = NDArray[np.float32]
Weights = dict[str, Floats]

INNER = 96
EPOCHS = 10
BATCH = 512
RATE = 1e-3
DECAY = 0.05
JITTER = 0.4  # noise on the scaled embeddings: each synthetic voice is too like itself
YES_SHARE = 0.25  # of each batch


def fitting(
    windows: Windows, *, phrase: str, seed: int, heads: int = 1
) -> Generator[None, None, Weights]:
    """Return the weights of a head that tells the phrase's windows from the others.

    An epoch of one of *heads* is done each time it yields.
    """
    mean = windows.embeddings.mean(axis=0)
    scale = windows.embeddings.std(axis=0) + np.float32(1e-3)
    fitted = []
    for place in range(heads):
        one = _begin(np.random.default_rng([seed, place]))
        yield from _epochs(windows, one, (mean, scale), np.random.default_rng([seed, place, 1]))
        fitted.append(one)
    inner, inner_bias, outer, outer_bias = zip(*fitted, strict=True)
    return {
        "inner": np.concatenate(inner, axis=1).astype(np.float16),
        "inner_bias": np.concatenate(inner_bias),
        "outer": np.concatenate(outer) / np.float32(heads),
        "outer_bias": np.mean(outer_bias, dtype=np.float32),
        "mean": mean,
        "scale": scale,
        "threshold": np.float32(0.5),
        "phrase": np.array(phrase),
    }


def _epochs(
    windows: Windows, weights: list[Floats], norm: tuple[Floats, Floats], chance: Chance
) -> Iterator[None]:
    moments = [(np.zeros_like(one), np.zeros_like(one)) for one in weights]
    yes, no = np.nonzero(windows.labels)[0], np.nonzero(~windows.labels)[0]
    few = int(BATCH * YES_SHARE)
    steps = max(1, len(no) // (BATCH - few))
    turn = 0
    for epoch in range(EPOCHS):
        chance.shuffle(no)
        rate = RATE * min(1.0, 2 * (1 - epoch / EPOCHS))
        for part in np.array_split(no, steps):
            turn += 1
            chosen = np.concatenate([part, chance.choice(yes, few)])
            rows = (windows.rows(chosen) - norm[0]) / norm[1]
            rows += chance.standard_normal(rows.shape, dtype=np.float32) * np.float32(JITTER)
            labels = windows.labels[chosen].astype(np.float32)
            _learn(weights, moments, (rows.reshape(len(rows), -1), labels), rate=rate, turn=turn)
        yield


def written(weights: Weights) -> bytes:
    """Return the file that `agent.voice.ears.head.head_from` reads; alike for alike weights."""
    file = io.BytesIO()
    # Each entry's date is the ZIP's own beginning (numpy says none), so no clock is in it.
    np.savez_compressed(file, allow_pickle=False, **weights)
    return file.getvalue()


def scores(head: Head, embeddings: Floats) -> Floats:
    """Return for each window of one stream the lower of its chance and that before it."""
    count = len(embeddings) - LENGTH + 1
    if count < 2:
        return np.zeros(0, np.float32)
    stacked = np.stack([embeddings[at : at + LENGTH] for at in range(count)])
    chances = head.chances(stacked)
    return np.minimum(chances[1:], chances[:-1])


def surest(head: Head, embeddings: Floats) -> float:
    """Return the highest chance of any window of a stream."""
    begins = np.arange(max(0, len(embeddings) - LENGTH + 1))
    rows = embeddings[begins[:, None] + np.arange(LENGTH)]
    return float(head.chances(rows).max(initial=0)) if len(begins) else 0.0


def _begin(chance: Chance) -> list[Floats]:
    size = LENGTH * SIZE
    return [
        (chance.standard_normal((size, INNER)) * np.sqrt(2 / size)).astype(np.float32),
        np.zeros(INNER, np.float32),
        (chance.standard_normal(INNER) * np.sqrt(1 / INNER)).astype(np.float32),
        np.zeros(1, np.float32),
    ]


def _learn(
    weights: list[Floats],
    moments: list[tuple[Floats, Floats]],
    rows: tuple[Floats, Floats],
    *,
    rate: float,
    turn: int,
) -> None:
    slopes = _slopes(weights, *rows)
    for place, (first, second) in enumerate(moments):
        first += 0.1 * (slopes[place] - first)  # noqa: PLW2901 (in its place)
        second += 0.001 * (slopes[place] ** 2 - second)  # noqa: PLW2901 (in its place)
        step = first / (1 - 0.9**turn) / (np.sqrt(second / (1 - 0.999**turn)) + 1e-8)
        weights[place] -= (rate * (step + DECAY * weights[place])).astype(np.float32)


def _slopes(weights: list[Floats], rows: Floats, labels: Floats) -> list[Floats]:
    """Return the gradient of the log-loss."""
    inner, inner_bias, outer, outer_bias = weights
    hidden = np.maximum(rows @ inner + inner_bias, 0)
    chances = 1 / (1 + np.exp(-np.clip(hidden @ outer + outer_bias[0], -30, 30)))
    wrong = ((chances - labels) / len(rows)).astype(np.float32)
    back = np.outer(wrong, outer) * (hidden > 0)
    return [rows.T @ back, back.sum(axis=0), hidden.T @ wrong, np.array([wrong.sum()], np.float32)]
