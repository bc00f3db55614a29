"""How loud it is: levels of the last second, computed where the sound is and told as numbers."""

import numpy as np
from numpy.typing import NDArray

from agent.voice.ears.events import RATE_HZ, Loudness
from agent.voice.ears.level import dbfs

Floats = NDArray[np.float32]

NOISE_DBFS = -50.0  # a quiet room lies below; what is over it and no voice is noise


class Meter:
    """Sums the energy of frames; every *seconds* it tells what they were."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._begin()

    def _begin(self) -> None:
        self._frames = self._samples = self._speech = self._noise = 0
        self._squares = self._peak = 0.0

    def add(self, frame: Floats, end: int, *, speech: bool) -> Loudness | None:
        """Take the frame that ends with sample *end*; return what the last while was like."""
        squares = float(frame @ frame)
        self._squares += squares
        self._peak = max(self._peak, float(frame.max()), -float(frame.min()))
        self._frames += 1
        self._samples += len(frame)
        self._speech += speech
        self._noise += not speech and dbfs(squares / len(frame)) > NOISE_DBFS
        return self._told(end) if self._samples >= self._seconds * RATE_HZ else None

    def _told(self, end: int) -> Loudness:
        told = Loudness(
            at_s=end / RATE_HZ,
            seconds=self._samples / RATE_HZ,
            dbfs=round(dbfs(self._squares / self._samples), 1),
            peak_dbfs=round(dbfs(self._peak**2), 1),
            speech=round(self._speech / self._frames, 3),
            noise=round(self._noise / self._frames, 3),
        )
        self._begin()
        return told
