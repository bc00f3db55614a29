"""Train the head of a wake phrase: windows of embeddings, two layers, a threshold.

numpy alone, minutes on one core, so that it can be done on the device with a few recordings of
the wearer's own.  Adam: Kingma and Ba 2015, algorithm 1.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.evaluate.wake_mixing import (
    VOICE_RMS,
    Chance,
    as_samples,
    in_room,
    loudness,
    mixed,
    noise,
    stretched,
    through_microphone,
)
from agent.voice.ears.events import RATE_HZ
from agent.voice.ears.gain import Gain
from agent.voice.ears.head import HOP, SIZE, Embedder, Head

Samples = NDArray[np.int16]
Floats = NDArray[np.float32]

LENGTH = 8  # embeddings, 1.34 s: the slowest phrase and what comes before it
INNER = 48
WINDOW_END = 12_480  # samples: where the first embedding ends, of a stream's beginning
EARLY, LATE = -640, 4_480  # a window that ends so near the phrase's end holds it
BEFORE, AFTER = -3_840, 12_000  # one that ends before or after these does not
EPOCHS = 10
BATCH = 512
RATE = 1e-3
DECAY = 0.01
JITTER = 0.4  # noise on the scaled embeddings: each synthetic voice is too like itself
YES_SHARE = 0.25  # of each batch


@dataclass(frozen=True, slots=True)
class Windows:
    """Embeddings (n, 96) of several clips, where windows in them begin, and what these hold."""

    embeddings: Floats
    begins: NDArray[np.int64]
    labels: NDArray[np.bool_]

    def rows(self, chosen: NDArray[np.int64]) -> Floats:
        """Return the *chosen* windows (n, LENGTH, 96)."""
        rows: Floats = self.embeddings[self.begins[chosen][:, None] + np.arange(LENGTH)]
        return rows


def heard(samples: Samples, embedder: Embedder) -> Floats:
    """Return the embeddings of *samples* after the gain that the ears apply."""
    gain = Gain()
    gain.reset(samples[: RATE_HZ // 3])
    embedder.reset()
    steps = range(0, len(samples), HOP)
    return embedder.feed(np.concatenate([gain.apply(samples[at : at + HOP]) for at in steps]))


def windows_of(embeddings: Floats, end: int | None) -> Windows:
    """Return the windows of a clip in which the phrase ends with sample *end*; None: nowhere.

    Those that hold only some of it are left out.
    """
    begins = np.arange(max(0, len(embeddings) - LENGTH + 1))
    if end is None:
        return Windows(embeddings, begins, np.zeros(len(begins), np.bool_))
    away = WINDOW_END + HOP * (begins + LENGTH - 1) - end
    yes = (away >= EARLY) & (away <= LATE)
    known = yes | (away < BEFORE) | (away > AFTER)
    return Windows(embeddings, begins[known], yes[known])


def made_up(
    phrase: Samples, others: Sequence[Samples], chance: Chance, *, own: bool = False
) -> tuple[Samples, int]:
    """Return a clip with *phrase* somewhere in it and where it ends; *own*: changed little."""
    voice = stretched(
        phrase, float(chance.uniform(0.94, 1.06) if own else chance.uniform(0.84, 1.2))
    )
    voice *= np.float32(VOICE_RMS / max(1.0, loudness(voice)))
    before = _context(others, chance, chance.uniform(1.3, 1.9), last=True)
    after = _context(others, chance, chance.uniform(0.5, 1.0), last=False)
    end = len(before) + len(voice)
    whole = np.concatenate([before, voice, after])
    return spoiled(whole, others, chance), end


def spoiled(voice: Floats, others: Sequence[Samples], chance: Chance) -> Samples:
    """Return *voice* as a room, a microphone, noise and distance leave it."""
    length = len(voice)
    if chance.random() < 0.5:
        voice = in_room(voice, chance)[:length]
    if chance.random() < 0.7:
        voice = through_microphone(voice, chance)
    if chance.random() < 0.75:
        voice = mixed(voice, noise(length, others, chance), float(chance.uniform(2, 30)))
    floor = chance.standard_normal(length).astype(np.float32) * np.float32(chance.uniform(0.5, 8))
    return as_samples(voice * np.float32(10 ** chance.uniform(-1.3, 0.4)) + floor)


def _context(others: Sequence[Samples], chance: Chance, seconds: float, *, last: bool) -> Floats:
    """Return what is before or behind a phrase: mostly silence, sometimes other words."""
    made = np.zeros(int(seconds * RATE_HZ), dtype=np.float32)
    if chance.random() > 0.35 or not others:
        return made
    words = others[int(chance.integers(len(others)))].astype(np.float32)
    words = words * np.float32(VOICE_RMS / max(1.0, loudness(words)))
    gap = int(chance.uniform(0.05, 0.5) * RATE_HZ)
    words = words[-(len(made) - gap) :] if last else words[: len(made) - gap]
    place = len(made) - gap - len(words) if last else gap
    made[place : place + len(words)] = words
    return made


def joined(several: Iterable[Windows]) -> Windows:
    """Return all windows as one."""
    kept = list(several)
    places = np.cumsum([0, *(len(one.embeddings) for one in kept)])
    return Windows(
        np.concatenate([one.embeddings for one in kept]),
        np.concatenate([one.begins + at for one, at in zip(kept, places, strict=False)]),
        np.concatenate([one.labels for one in kept]),
    )


def fit(windows: Windows, *, phrase: str, seed: int) -> dict[str, Floats]:
    """Return the weights of a head that tells the phrase's windows from the others."""
    chance = np.random.default_rng(seed)
    mean = windows.embeddings.mean(axis=0)
    scale = windows.embeddings.std(axis=0) + np.float32(1e-3)
    weights = _begin(chance)
    moments = [(np.zeros_like(one), np.zeros_like(one)) for one in weights]
    yes = np.nonzero(windows.labels)[0]
    no = np.nonzero(~windows.labels)[0]
    few = int(BATCH * YES_SHARE)
    steps = max(1, len(no) // (BATCH - few))
    turn = 0
    for epoch in range(EPOCHS):
        chance.shuffle(no)
        for part in np.array_split(no, steps):
            turn += 1
            chosen = np.concatenate([part, chance.choice(yes, few)])
            rows = (windows.rows(chosen) - mean) / scale
            rows += chance.standard_normal(rows.shape).astype(np.float32) * JITTER
            labels = windows.labels[chosen].astype(np.float32)
            rate = RATE * min(1.0, 2 * (1 - epoch / EPOCHS))
            _learn(weights, moments, (rows.reshape(len(rows), -1), labels), rate=rate, turn=turn)
    inner, inner_bias, outer, outer_bias = weights
    return {
        "inner": inner.astype(np.float16),
        "inner_bias": inner_bias,
        "outer": outer,
        "outer_bias": outer_bias[0],
        "mean": mean,
        "scale": scale,
        "threshold": np.float32(0.5),
        "phrase": np.array(phrase),
    }


def save(weights: dict[str, Floats], path: Path) -> None:
    """Write a head that `agent.voice.ears.head.head_from` reads."""
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **weights)


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
