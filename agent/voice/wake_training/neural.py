"""A Piper voice in this process, whose chance is seeded: it says the same again in every run."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from agent.errors import DeliveryError
from agent.voice.speaking import piper
from agent.voice.speaking.piper_child import PiperHandler
from agent.voice.wake_training.voices import resampled, trimmed

Samples = NDArray[np.int16]

USUAL_WPM = 165
LANGUAGE = "en-us"


class Neural:
    """One voice at one speed; raise ModelError where it cannot be loaded."""

    def __init__(self, path: Path, *, speed: float, seed: int) -> None:
        onnxruntime.set_seed(seed)  # what draws in the model is seeded when it is loaded
        wpm = round(USUAL_WPM * speed)
        self._handler = PiperHandler(piper.begin(path, speed_wpm=wpm, usual_wpm=USUAL_WPM))

    async def start(self) -> None:
        """Do nothing: it is loaded."""

    async def call(
        self, op: str, arguments: dict[str, Any], *, deadline_s: float | None = None
    ) -> dict[str, Any]:
        """Answer as the worker of this voice would."""
        del deadline_s
        return self._handler.handle(op, arguments, lambda: False)

    def say(self, text: str) -> Samples:
        """Return *text* at 16 kHz without the silence around it; raise DeliveryError."""
        pieces = asyncio.run(self._pieces(text))
        if not pieces:
            raise DeliveryError(f"the voice says nothing for {text!r}")
        return trimmed(np.concatenate(pieces))

    async def _pieces(self, text: str) -> Sequence[Samples]:
        voice = piper.Piper(self, language=LANGUAGE)
        return [
            resampled(np.frombuffer(piece.pcm, dtype=np.int16), piece.rate_hz)
            async for piece in voice.sound(text)
        ]
