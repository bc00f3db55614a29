"""Read sound of any format into samples at 16 kHz, one channel; long files piece by piece.

Only the speech workers import this: a damaged file may end the process that decodes it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from agent.errors import ModelError
from agent.ports import CUT_MAX_S

RATE_HZ = 16_000
PIECE_MAX_S = 30  # what Whisper looks at
QUIETEST_FROM_S = 8  # a piece is cut at the quietest moment from here to its end
QUIET_S = 0.3  # as long as a pause between two phrases
Samples = NDArray[np.float32]
_Whole = NDArray[np.int16]


def samples_of(pcm: bytes, *, audio_max_s: float) -> Samples:
    """Return signed 16 bit samples as [-1, 1]; raise ModelError if they are none or too many."""
    if len(pcm) % 2:
        raise ModelError("a sound of an odd number of bytes is not 16 bit")
    if len(pcm) > audio_max_s * RATE_HZ * 2:
        raise ModelError(_too_long("the sound", audio_max_s))
    return _scaled(np.frombuffer(pcm, dtype="<i2").astype(np.int16))


def read_sound(path: Path, *, file_max_mb: int, audio_max_s: float) -> Samples:
    """Return the samples in [-1, 1]; raise ModelError saying what is wrong with the file."""
    _check_size(path, file_max_mb)
    left = int(audio_max_s * RATE_HZ)
    blocks: list[_Whole] = []
    for block in _blocks(path):
        left -= len(block)
        if left < 0:
            raise ModelError(_too_long(str(path), audio_max_s))
        blocks.append(block)
    return _scaled(np.concatenate(blocks) if blocks else np.zeros(0, dtype=np.int16))


def pieces(path: Path) -> Iterator[tuple[float, Samples]]:
    """Yield (since_s, samples in [-1, 1]) of at most 16 s each, cut where it is quietest.

    However long the file is, one piece of it is held at a time.  Raise ModelError.
    """
    done = 0
    for held, is_last in _windows(path):
        end = len(held) if is_last else _quietest(held)
        yield done / RATE_HZ, _scaled(held[:end])
        done += end


def _windows(path: Path) -> Iterator[tuple[_Whole, bool]]:
    """Yield 16 s from wherever the piece before was cut, and whether nothing follows."""
    held: list[_Whole] = []
    length = 0
    for block in _blocks(path):
        held.append(block)
        length += len(block)
        while length > CUT_MAX_S * RATE_HZ:
            window = np.concatenate(held)
            yield window[: CUT_MAX_S * RATE_HZ], False
            held = [window[_quietest(window[: CUT_MAX_S * RATE_HZ]) :]]
            length = len(held[0])
    if length:
        yield np.concatenate(held), True


def _quietest(piece: _Whole) -> int:
    step = int(QUIET_S * RATE_HZ)
    begin = QUIETEST_FROM_S * RATE_HZ
    tail = piece[begin : begin + (len(piece) - begin) // step * step].astype(np.float64)
    powers = np.square(tail.reshape(-1, step)).mean(axis=1)
    # The last of the quietest: in dead silence a piece is as long as it may be.
    place = len(powers) - 1 - int(np.argmin(powers[::-1]))
    return begin + place * step + step // 2


def _scaled(whole: _Whole) -> Samples:
    return np.asarray(whole, dtype=np.float32) / np.float32(32768.0)


def _too_long(what: str, audio_max_s: float) -> str:
    return f"{what} is longer than the {int(audio_max_s)} s that voice.audio_max_s allows"


def _check_file(path: Path) -> int:
    if not path.is_file():
        raise ModelError(f"{path} is no file" if path.exists() else f"there is no file {path}")
    size = path.stat().st_size
    if size == 0:
        raise ModelError(f"{path} is empty")
    return size


def _check_size(path: Path, file_max_mb: int) -> None:
    size = _check_file(path)
    if size > file_max_mb << 20:
        raise ModelError(
            f"{path} has {size >> 20} MB; the setting voice.file_max_mb allows {file_max_mb}"
        )


def _blocks(path: Path) -> Iterator[_Whole]:
    _check_file(path)
    try:
        # A file object, not a name: a name may be a protocol that opens something else.
        with path.open("rb") as file, av.open(file, metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise ModelError(f"{path} has no sound in it")
            yield from _resampled(container)
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror}") from error
    except (av.FFmpegError, ValueError) as error:
        raise ModelError(f"{path} is no sound file, or it is damaged") from error


def _resampled(container: Any) -> Iterator[_Whole]:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
    for frame in _frames(container):
        for resampled in resampler.resample(frame):
            yield np.asarray(resampled.to_ndarray(), dtype=np.int16).reshape(-1)


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
