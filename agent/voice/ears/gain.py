"""Make quiet speech as loud as what the wake phrase was learnt from."""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]

TARGET = 8_000.0  # of 32,768: the loudest 10 ms of a phrase said close to a microphone
GAIN_MAX = 24.0
GAIN_MIN = 0.5
STEP = 160  # 10 ms
FORGET = 0.9985  # of the level, for each 10 ms: it halves in 4.6 s of talk


class Gain:
    """Follows the peaks: at once when it gets louder, slowly when it gets quieter."""

    def __init__(self) -> None:
        self._level = 0.0

    def reset(self, before: Samples) -> None:
        """Begin with the level of *before*, what was heard last."""
        self._level = _peak(before)

    def apply(self, samples: Samples) -> Samples:
        """Return *samples* with the gain that their own level and the last ones' ask for."""
        for at in range(0, len(samples), STEP):
            self._level = max(self._level * FORGET, _peak(samples[at : at + STEP]))
        gain = min(GAIN_MAX, max(GAIN_MIN, TARGET / max(self._level, 1.0)))
        louder = samples.astype(np.float32) * np.float32(gain)
        limited: Samples = np.clip(np.rint(louder), -32768, 32767).astype(np.int16)
        return limited


def _peak(samples: Samples) -> float:
    """Return the RMS times 3 of the loudest 10 ms: a click counts less than a voice."""
    whole = len(samples) // STEP * STEP
    if not whole:
        return 0.0
    parts = samples[:whole].astype(np.float32).reshape(-1, STEP)
    return 3.0 * float(np.sqrt((parts * parts).mean(axis=1).max()))
