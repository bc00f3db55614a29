"""Clips as the ears hear them: the phrase somewhere in them, and the windows that hold it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.voice.ears.events import RATE_HZ
from agent.voice.ears.gain import Gain
from agent.voice.ears.head import HOP, Embedder
from agent.voice.wake_training.mixing import (
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

Samples = NDArray[np.int16]
Floats = NDArray[np.float32]

LENGTH = 8  # embeddings, 1.34 s: the slowest phrase and what comes before it
WINDOW_END = 12_480  # samples: where the first embedding ends, of a stream's beginning
EARLY, LATE = -640, 4_480  # a window that ends so near the phrase's end holds it
BEFORE, AFTER = -3_840, 12_000  # one that ends before or after these does not


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
