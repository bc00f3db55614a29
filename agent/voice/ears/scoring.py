"""How sure the wake detector is of some recordings: `python -m agent.voice.ears.scoring …`, sealed.

For `carpal voice enroll`: the libraries of the detectors stay out of the command's own process.
"""

import base64
import binascii
from typing import Any

import numpy as np

from agent.errors import ModelError
from agent.models.serving import Turn, serve
from agent.voice.ears.detectors import detector_of
from agent.voice.ears.heard import Heard
from agent.voice.ears.trials import score_of, threshold_of

Message = dict[str, Any]  # what a frame holds


class Scoring:
    """One detector; told which at the start: {wake, folder}."""

    def __init__(self, begin: Message) -> None:
        detector = detector_of(Heard(wake=str(begin["wake"]), folder=str(begin["folder"])))
        if detector is None:
            raise ModelError("no wake phrase is set: there is nothing to enroll")
        self._detector = detector

    def handle(self, op: str, arguments: Message, cancelled: Turn) -> Message:
        """Answer `score` {pcm} by {score}, and `threshold` {trials, others} by {threshold}."""
        if op == "score" and not cancelled():
            try:
                pcm = base64.b64decode(arguments["pcm"], validate=True)
            except binascii.Error as error:
                raise ModelError("there is no sound to score") from error
            said = np.frombuffer(pcm[: len(pcm) & ~1], dtype=np.int16)
            return {"score": score_of(self._detector, said)}
        if op == "threshold":
            return {"threshold": threshold_of(arguments["trials"], arguments["others"])}
        raise ModelError(f"scoring cannot {op[:64]!r}")


if __name__ == "__main__":
    serve(Scoring)
