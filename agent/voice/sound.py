"""Read a sound file of any format into samples at 16 kHz, one channel.

Only the speech worker imports this: a damaged file may end the process that decodes it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from agent.errors import ModelError

RATE_HZ = 16_000
Samples = NDArray[np.float32]


def read_sound(path: Path, *, file_max_mb: int, audio_max_s: float) -> Samples:
    """Return the samples in [-1, 1]; raise ModelError saying what is wrong with the file."""
    _check_file(path, file_max_mb)
    try:
        # A file object, not a name: a name may be a protocol that opens something else.
        with path.open("rb") as file, av.open(file, metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise ModelError(f"{path} has no sound in it")
            pieces = _pieces(container, int(audio_max_s * RATE_HZ), path)
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror}") from error
    except (av.FFmpegError, ValueError) as error:
        raise ModelError(f"{path} is no sound file, or it is damaged") from error
    whole = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int16)
    return np.asarray(whole, dtype=np.float32) / 32768.0


def _check_file(path: Path, file_max_mb: int) -> None:
    if not path.is_file():
        raise ModelError(f"{path} is no file" if path.exists() else f"there is no file {path}")
    size = path.stat().st_size
    if size == 0:
        raise ModelError(f"{path} is empty")
    if size > file_max_mb << 20:
        raise ModelError(
            f"{path} has {size >> 20} MB; the setting voice.file_max_mb allows {file_max_mb}"
        )


def _pieces(container: Any, samples_max: int, path: Path) -> list[NDArray[np.int16]]:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
    pieces: list[NDArray[np.int16]] = []
    left = samples_max
    for frame in _frames(container):
        for resampled in resampler.resample(frame):
            piece = np.asarray(resampled.to_ndarray(), dtype=np.int16).reshape(-1)
            left -= len(piece)
            if left < 0:
                allowed_s = samples_max // RATE_HZ
                raise ModelError(
                    f"{path} is longer than the {allowed_s} s that voice.audio_max_s allows"
                )
            pieces.append(piece)
    return pieces


def _frames(container: Any) -> Iterator[Any]:
    heard = False
    frames = container.decode(audio=0)
    while True:
        try:
            frame = next(frames)
        except StopIteration:
            break
        except av.error.InvalidDataError:
            if not heard:  # nothing of it is sound
                raise
            break  # the recording was cut off: what came before is kept
        heard = True
        frame.pts = None  # odd times in the file are not ours to mend
        yield frame
    yield None  # flushes what the resampler holds
