"""The wake phrase as a Piper voice says it, where one is set up: a neural voice, held out too."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from agent.errors import DeliveryError
from agent.models.worker import Limits, Worker
from agent.voice.speaking import piper
from agent.voice.wake_training.voices import HELD_OUT_SPEEDS, Trial, Voice, resampled, trimmed

USUAL_WPM = 165
LANGUAGE = "en-us"
LIMITS = Limits(memory_max_mb=1024, load_s=120, call_s=60)  # it loads in 6 s, on busy cores in 30


async def trials(path: Path, phrases: Sequence[str]) -> list[Trial]:
    """Return each of *phrases* at several speeds by the voice *path*; raise DeliveryError."""
    found = []
    for speed in HELD_OUT_SPEEDS:
        begin = piper.begin(path, speed_wpm=round(USUAL_WPM * speed), usual_wpm=USUAL_WPM)
        worker = Worker("voice", list(piper.COMMAND), begin=begin, limits=LIMITS)
        try:
            for phrase in phrases:
                voice = Voice("piper", phrase, speed)
                found.append(
                    Trial(await _said(piper.Piper(worker, language=LANGUAGE), phrase), voice)
                )
        finally:
            await worker.close()
    return found


async def _said(voice: piper.Piper, phrase: str) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    pieces = [piece async for piece in voice.sound(phrase)]
    if not pieces:
        raise DeliveryError(f"the voice says nothing for {phrase!r}")
    samples = np.concatenate([np.frombuffer(piece.pcm, dtype=np.int16) for piece in pieces])
    return trimmed(resampled(samples, pieces[0].rate_hz))
