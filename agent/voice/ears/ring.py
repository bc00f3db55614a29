"""The last seconds of sound, by their place in all of it.  Nothing older can be had."""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]


class Ring:
    """Samples *begin* to *end* are there; what comes pushes the oldest out."""

    def __init__(self, size: int) -> None:
        self._samples = np.zeros(size, dtype=np.int16)
        self.end = 0

    @property
    def begin(self) -> int:
        """Return the place of the oldest sample that is kept."""
        return max(0, self.end - len(self._samples))

    def add(self, samples: Samples) -> None:
        """Put *samples* behind what is there."""
        size = len(self._samples)
        kept = samples[-size:]
        self.end += len(samples)
        first = (self.end - len(kept)) % size
        head = min(len(kept), size - first)
        self._samples[first : first + head] = kept[:head]
        self._samples[: len(kept) - head] = kept[head:]

    def part(self, begin: int, end: int) -> Samples:
        """Return a copy of samples *begin* to *end*, as far as they are kept."""
        begin, end = max(begin, self.begin), min(end, self.end)
        if begin >= end:
            return np.zeros(0, dtype=np.int16)
        size = len(self._samples)
        first, last = begin % size, (end - 1) % size + 1
        if first < last:
            return self._samples[first:last].copy()
        return np.concatenate([self._samples[first:], self._samples[:last]])
