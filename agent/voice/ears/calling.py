"""Listens for the wake phrase where there is a voice, from a little before it."""

import numpy as np

from agent.voice.ears.ending import samples_of
from agent.voice.ears.events import Woken
from agent.voice.ears.ring import Ring
from agent.voice.ears.wake import WakeDetector

LEAD = samples_of(2.5)  # a detector learns the room's noise from what came before a phrase
TAIL = samples_of(0.8)  # and what comes after it, for the chance is known late
DEAF = samples_of(1.0)  # the same phrase is not heard twice
STEP = samples_of(0.032)
LOOK_BACK = samples_of(0.25)


class Calling:
    """Feeds the detector from the ring, so that a voice which was late to be seen is whole."""

    def __init__(self, detector: WakeDetector, ring: Ring) -> None:
        self._detector = detector
        self._ring = ring
        self._fed = 0
        self._until = 0
        self._deaf_until = 0

    @property
    def until(self) -> int:
        """Return up to where it listens, voice or not: it knows the phrase a little late."""
        return self._until

    def frame(self, end: int, *, voice: bool) -> Woken | None:
        """Listen on to *end* if there is a *voice* or was one just now."""
        if voice:
            self._until = end + TAIL
        if end > self._until:
            return None
        if end - self._fed > LEAD:
            self._fed = end - LEAD
            self._detector.reset()
        samples = self._ring.part(self._fed, end)
        self._fed = end
        for phrase, score in self._detector.feed(samples):
            if end >= self._deaf_until:
                self._deaf_until = end + DEAF
                self._detector.reset()
                return Woken(phrase, round(score, 4), end / 16_000)
        return None

    def end_of_phrase(self, now: int) -> int:
        """Return where the phrase that was just heard ended: the quietest place around there."""
        around = now - samples_of(self._detector.lag_s)
        begin = around - LOOK_BACK
        samples = self._ring.part(begin, now).astype(np.float32)
        whole = len(samples) // STEP
        if not whole:
            return around
        energies = (samples[: whole * STEP].reshape(whole, STEP) ** 2).sum(axis=1)
        quietest = int(len(energies) - 1 - np.argmin(energies[::-1]))
        return begin + quietest * STEP
