"""The wake phrase: the port, and the detectors of microWakeWord that come in a wheel."""

import json
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


class MicroWake:
    """A streaming detector of microWakeWord (Ahrendt 2024), quantized, in TensorFlow Lite."""

    lag_s = 0.12

    def __init__(self, built: MicroWakeWord, threshold: float | None = None) -> None:
        self._built = built
        self._features = MicroWakeWordFeatures()
        self.phrase = str(built.wake_word).lower()
        self.threshold = float(built.probability_cutoff) if threshold is None else threshold
        self.score = 0.0

    def feed(self, samples: Samples) -> list[Hit]:
        """Return a hit where the mean of the last chances is over the threshold."""
        hits: list[Hit] = []
        for features in self._features.process_streaming(samples.tobytes()):
            chance = self._built.process_streaming_prob(features) or 0.0
            self.score = max(self.score, chance)
            if chance > self.threshold and not hits:
                hits.append((self.phrase, float(chance)))
        return hits

    def reset(self) -> None:
        """Forget what was heard."""
        self._built.reset()
        self._features.reset()
        self.score = 0.0


BUILT_IN = {
    "okay nabu": Model.OKAY_NABU,
    "hey jarvis": Model.HEY_JARVIS,
    "hey mycroft": Model.HEY_MYCROFT,
    "alexa": Model.ALEXA,
}


def built_in(phrase: str, threshold: float | None) -> MicroWake:
    """Return the detector of one of the phrases in the wheel."""
    return MicroWake(MicroWakeWord.from_builtin(BUILT_IN[phrase]), threshold)


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
        return MicroWake(MicroWakeWord.from_config(path), threshold)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise ModelError(f"{beside} is damaged or of another kind") from error
