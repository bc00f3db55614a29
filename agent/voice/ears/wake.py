"""The wake phrase: the port, and the detectors of microWakeWord that come in a wheel."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures, Model

from agent.errors import ModelError

Samples = NDArray[np.int16]
Hit = tuple[str, float]


class WakeDetector(Protocol):
    """Hears one phrase in a stream of sound."""

    phrase: str
    threshold: float
    lag_s: float
    """How long after the end of the phrase it is usually heard."""
    score: float
    """How sure it was at most since the last reset."""

    def feed(self, samples: Samples) -> list[Hit]:
        """Return the phrases heard in *samples*, with how sure (0-1) it is."""

    def reset(self) -> None:
        """Forget what was heard: other sound comes next."""


GAINS = (3.0, 16.0)
"""Each for itself: a gain that followed the voice would spoil the detector's own estimate of the
noise.  Measured on voices that are held out: 0.95 of the phrases at 12 dB of kitchen noise by
either gain alone, 1.0 by both; a gain of 1 misses one of ten from across a room."""
SETTLED = 100
"""Frames of 10 ms after a reset: a detector that has heard nothing yet is sure of anything."""
THRESHOLD_MAX = 0.75
"""As the models come they want 0.85 to 0.97; in 24 minutes of others' speech none of them is
surer than 0.64 of "okay nabu", and at 0.85 a tenth of the phrases said in noise is missed."""


class MicroWake:
    """A streaming detector of microWakeWord (Ahrendt 2024), quantized, in TensorFlow Lite.

    Two of it listen, to the sound made louder and much louder.
    """

    lag_s = 0.12

    def __init__(self, built: Sequence[MicroWakeWord], threshold: float | None = None) -> None:
        self._pairs = [
            (gain, one, MicroWakeWordFeatures()) for gain, one in zip(GAINS, built, strict=True)
        ]
        self.phrase = str(built[0].wake_word).lower()
        usual = min(THRESHOLD_MAX, float(built[0].probability_cutoff))
        self.threshold = usual if threshold is None else threshold
        self.score = 0.0
        self._heard = 0

    def feed(self, samples: Samples) -> list[Hit]:
        """Return a hit where the mean of the last chances is over the threshold."""
        hits: list[Hit] = []
        floats = samples.astype(np.float32)
        for gain, built, frontend in self._pairs:
            louder = np.clip(floats * np.float32(gain), -32768, 32767).astype(np.int16)
            for features in frontend.process_streaming(louder.tobytes()):
                chance = float(built.process_streaming_prob(features) or 0.0)
                self._heard += 1
                if self._heard < SETTLED * len(self._pairs):
                    continue
                self.score = max(self.score, chance)
                if chance > self.threshold and not hits:
                    hits.append((self.phrase, chance))
        return hits

    def reset(self) -> None:
        """Forget what was heard."""
        for _, built, frontend in self._pairs:
            built.reset()
            frontend.reset()
        self.score = 0.0
        self._heard = 0


BUILT_IN = {
    "okay nabu": Model.OKAY_NABU,
    "hey jarvis": Model.HEY_JARVIS,
    "hey mycroft": Model.HEY_MYCROFT,
    "alexa": Model.ALEXA,
}


def built_in(phrase: str, threshold: float | None) -> MicroWake:
    """Return the detector of one of the phrases in the wheel."""
    return MicroWake([MicroWakeWord.from_builtin(BUILT_IN[phrase]) for _ in GAINS], threshold)


def from_file(path: Path, threshold: float | None) -> MicroWake:
    """Return the detector that the microWakeWord description *path* names; raise ModelError."""
    try:
        described = json.loads(path.read_text("utf-8"))
        beside = path.parent / str(described["model"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} describes no wake phrase") from error
    if not beside.is_file():  # TensorFlow Lite would end the process
        raise ModelError(f"{path} names {beside.name}, which is not beside it")
    try:
        return MicroWake([MicroWakeWord.from_config(path) for _ in GAINS], threshold)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise ModelError(f"{beside} is damaged or of another kind") from error
