"""A sound file, or standard input: any format that av reads, in constant memory.

`python -m agent.voice.ears.sources.file DESCRIPTOR`.
"""

import sys
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Any, ClassVar

import av
import numpy as np
from numpy.typing import NDArray

from agent.errors import DeliveryError
from agent.voice.ears.child import Block, serve
from agent.voice.ears.events import RATE_HZ
from agent.voice.ears.heard import Heard

STANDARD_INPUT = "-"
DAMAGED_MAX = 100  # packets in a row: a file of noise is no sound


class SoundFile:
    """Sound as fast as it is taken, or, in *real_time*, as fast as it was recorded."""

    descriptor: int | None = None
    finite: ClassVar[bool] = True
    pushed: ClassVar[bool] = False
    lost_s = 0.0

    def __init__(self, heard: Heard) -> None:
        self.name = "standard input" if heard.source == STANDARD_INPUT else heard.source
        self.rate_hz = RATE_HZ
        self._due_s = time.monotonic() if heard.real_time else None
        self._file: IO[bytes] | None = None
        self._pieces: Iterator[NDArray[np.int16]]
        try:
            standard = heard.source == STANDARD_INPUT
            # A file object, not a name: a name may be a protocol that opens something else.
            self._file = sys.stdin.buffer if standard else Path(heard.source).open("rb")  # noqa: SIM115 (close() closes it)
            self._container = av.open(self._file, metadata_errors="ignore")
        except (OSError, ValueError) as error:  # av's own errors are of one or the other
            self.close()
            raise DeliveryError(f"{self.name} cannot be heard: {_reason(error)}") from error
        self._pieces = _pieces(self._container) if self._container.streams.audio else iter(())
        first = next(self._pieces, None)  # a head is no sound yet
        if first is None:
            self.close()
            raise DeliveryError(f"{self.name} has no sound in it, or it is damaged")
        self._pieces = chain((first,), self._pieces)

    def read(self) -> Block | None:
        """Return the next piece; None at the end, and where the rest is damaged."""
        samples = next(self._pieces, None)
        if samples is None:
            return None
        if self._due_s is not None:
            self._due_s += len(samples) / RATE_HZ
            time.sleep(max(0.0, self._due_s - time.monotonic()))
        return Block(samples, RATE_HZ)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()


def _pieces(container: Any) -> Iterator[NDArray[np.int16]]:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
    for frame in _frames(container):
        for made in resampler.resample(frame):
            yield np.asarray(made.to_ndarray(), dtype=np.int16).reshape(-1)


def _frames(container: Any) -> Iterator[Any]:
    damaged, frames = 0, container.decode(audio=0)
    while damaged < DAMAGED_MAX:
        try:
            frame = next(frames)
        except StopIteration:
            break
        except av.FFmpegError:
            damaged += 1
            frames = container.decode(audio=0)  # a damaged packet: the next may be whole
            continue
        damaged = 0
        frame.pts = None  # odd times in the file are not ours to mend
        yield frame
    yield None  # flushes what the resampler holds


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return "it is no sound file, or it is damaged"


if __name__ == "__main__":
    serve(SoundFile)
