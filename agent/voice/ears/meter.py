"""How loud it is: levels of the last second, computed where the sound is and told as numbers."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from agent.voice.ears.events import RATE_HZ, Loudness
from agent.voice.ears.level import dbfs

Floats = NDArray[np.float32]

F1, F2, F3, F4 = 20.6, 107.7, 737.9, 12194.0  # IEC 61672-1:2013, annex E: poles, in Hz
GAIN = 10 ** (2.0 / 10)  # the same: 0 dB at 1 kHz
BLOCK = RATE_HZ  # a second: bins of 1 Hz, and what hums at 50 Hz stays away from what is heard
NOISE_DBFS = -50.0  # a quiet room lies below; what is over it and no voice is noise


class Meter:
    """Sums the A-weighted energy of frames; every *seconds* it tells what they were."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._block = np.zeros(BLOCK, np.float32)
        self._filled = 0
        self._begin()

    def _begin(self) -> None:
        self._frames = self._samples = self._speech = self._noise = 0
        self._squares = self._peak = 0.0

    def add(self, frame: Floats, end: int, *, speech: bool) -> Loudness | None:
        """Take the frame that ends with sample *end*; return what the last while was like."""
        if self._filled + len(frame) > BLOCK:
            self._weigh()
        self._block[self._filled : self._filled + len(frame)] = frame
        self._filled += len(frame)
        self._peak = max(self._peak, float(frame.max()), -float(frame.min()))
        self._frames += 1
        self._samples += len(frame)
        self._speech += speech
        self._noise += not speech and dbfs(float(frame @ frame) / len(frame)) > NOISE_DBFS
        return self._told(end) if self._samples >= self._seconds * RATE_HZ else None

    def _weigh(self) -> None:
        """Add the energy of what was gathered, as an ear weighs it."""
        if self._filled:
            self._squares += weighted(self._block[: self._filled]) * self._filled
        self._filled = 0

    def _told(self, end: int) -> Loudness:
        self._weigh()
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


def weighted(samples: Floats) -> float:
    """Return the A-weighted mean square of *samples* at 16 kHz, under a Hann window."""
    window, weights = _weights(len(samples))
    spectrum = np.fft.rfft(samples * window)
    return float((spectrum.real**2 + spectrum.imag**2) @ weights)


@lru_cache(maxsize=2)  # a whole block, and the rest of what is told
def _weights(count: int) -> tuple[Floats, NDArray[np.float64]]:
    """Return the window of *count* samples, and what the power of each bin counts.

    The weights: IEC 61672-1:2013, annex E, equation (E.1), as powers; 1 at 1 kHz.
    """
    window = np.hanning(count + 2)[1:-1]
    squared = np.fft.rfftfreq(count, 1 / RATE_HZ) ** 2
    heard = (F4**2 * squared**2 / ((squared + F1**2) * (squared + F4**2))) ** 2
    heard *= GAIN / ((squared + F2**2) * (squared + F3**2))
    heard[1:-1] *= 2  # the negative frequencies
    return window.astype(np.float32), heard / (count * (window @ window))
