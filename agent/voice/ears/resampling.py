"""From any rate to 16 kHz, in blocks: a polyphase filter with a windowed sinc.

Crochiere and Rabiner 1983, Multirate Digital Signal Processing, section 3.3: one short filter for
each position between two samples; a Kaiser window (1974) with beta 8 (80 dB of what would fold
back).
"""

from math import gcd

import numpy as np
from numpy.typing import NDArray

from agent.voice.ears.events import RATE_HZ

Samples = NDArray[np.int16]
Floats = NDArray[np.float32]

RATE_MIN_HZ = 4_000
RATE_MAX_HZ = 384_000
LOBES = 16  # zero crossings of the sinc to either side
BETA = 8.0
CUTOFF = 0.92  # of the lower half rate: the filter needs some room to fall


class Resampler:
    """Holds what the next block needs of this one; the delay is half the filter."""

    def __init__(self, rate_hz: int) -> None:
        common = gcd(rate_hz, RATE_HZ)
        self._up, self._down = RATE_HZ // common, rate_hz // common
        self._same = self._up == self._down
        self._filters = _filters(self._up, self._down)
        taps = self._filters.shape[1]
        self._held = np.zeros(taps - 1, dtype=np.float32)
        self._at = 0
        """Where the next sample lies after the first that is new, in parts of *up*."""

    def feed(self, samples: Samples) -> Samples:
        """Return what *samples* (at the source's rate) give at 16 kHz."""
        if self._same:
            return samples
        held = np.concatenate([self._held, samples.astype(np.float32)])
        count = max(0, -(-(len(samples) * self._up - self._at) // self._down))
        places = self._at + self._down * np.arange(count, dtype=np.int64)
        self._at += self._down * count - len(samples) * self._up
        self._held = held[len(samples) :]
        if not count:
            return np.zeros(0, dtype=np.int16)
        windows = np.lib.stride_tricks.sliding_window_view(held, self._filters.shape[1])
        chosen = windows[places // self._up]
        made = np.einsum("ij,ij->i", chosen, self._filters[places % self._up])
        limited: Samples = np.clip(np.rint(made), -32768, 32767).astype(np.int16)
        return limited


def _filters(up: int, down: int) -> Floats:
    cutoff = CUTOFF * min(1.0, up / down)
    half = int(np.ceil(LOBES / min(1.0, up / down)))
    # Filter p serves outputs that lie p/up after the sample in its middle.
    offsets = np.arange(-half + 1, half + 1)[None, :] - (np.arange(up) / up)[:, None]
    window = np.i0(BETA * np.sqrt(np.clip(1 - (offsets / half) ** 2, 0, 1))) / np.i0(BETA)
    made = cutoff * np.sinc(cutoff * offsets) * window
    whole: Floats = (made / made.sum(axis=1, keepdims=True)).astype(np.float32)
    return whole


def mono(block: bytes, channels: int) -> Samples:
    """Return the mean of the channels of interleaved *block*; half a frame at its end is left."""
    whole = len(block) // (2 * channels) * 2 * channels
    samples = np.frombuffer(block[:whole], dtype="<i2").astype(np.int16, copy=False)
    if channels == 1:
        return samples
    mixed: Samples = samples.reshape(-1, channels).mean(axis=1).astype(np.int16)
    return mixed
