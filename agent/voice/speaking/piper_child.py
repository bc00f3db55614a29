"""The worker of a Piper voice: `python -m agent.voice.speaking.piper_child DESCRIPTOR`, sealed."""

import base64
import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as faults

from agent.errors import ModelError
from agent.models.serving import serve

Message = dict[str, Any]  # what a frame holds

PAD, BEGIN, END = "_", "^", "$"
PHONEMES_MAX = 1000
SPEAKER = 0
DAMAGED = (
    faults.Fail,
    faults.InvalidArgument,
    faults.InvalidGraph,
    faults.InvalidProtobuf,
    faults.NotImplemented,
    faults.RuntimeException,
)


class PiperHandler:
    """One voice, on one thread: a sentence takes a fifth of its own length."""

    def __init__(self, begin: Message) -> None:
        path = Path(begin["path"])
        told = _told(path)
        try:
            self._ids: dict[str, list[int]] = told["phoneme_id_map"]
            self._rate_hz = int(told["audio"]["sample_rate"])
            scales = told["inference"]
            slow = float(scales["length_scale"]) * float(begin["slowness"])
            self._scales = (float(scales["noise_scale"]), slow, float(scales["noise_w"]))
            self._speakers = int(told.get("num_speakers", 1))
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{path}.json does not describe a Piper voice") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except DAMAGED as error:
            raise ModelError(f"{path} is damaged, or no Piper voice") from error

    def handle(self, op: str, arguments: Message, cancelled: Callable[[], bool]) -> Message:
        """Answer `speak`: {phonemes} gives {pcm (base64), rate_hz}."""
        if op != "speak" or cancelled():
            raise ModelError(f"a voice cannot {op[:64]!r}")
        ids = self._sequence(str(arguments["phonemes"])[:PHONEMES_MAX])
        inputs: dict[str, Any] = {
            "input": np.array([ids], dtype=np.int64),
            "input_lengths": np.array([len(ids)], dtype=np.int64),
            "scales": np.array(self._scales, dtype=np.float32),
        }
        if self._speakers > 1:
            inputs["sid"] = np.array([SPEAKER], dtype=np.int64)
        (sound,) = self._session.run(None, inputs)
        samples = np.clip(np.asarray(sound).reshape(-1), -1, 1) * 32767
        pcm = samples.astype("<i2").tobytes()
        return {"pcm": base64.b64encode(pcm).decode(), "rate_hz": self._rate_hz}

    def _sequence(self, phonemes: str) -> list[int]:
        """Return the ids of *phonemes*, a pad behind each; what the voice lacks is left out."""
        ids = [*self._ids[BEGIN], *self._ids[PAD]]
        for one in unicodedata.normalize("NFD", phonemes):
            if one in self._ids:
                ids += [*self._ids[one], *self._ids[PAD]]
        return ids + self._ids[END]


def _told(path: Path) -> Message:
    beside = path.with_name(path.name + ".json")
    if not path.is_file() or not beside.is_file():
        missing = path if not path.is_file() else beside
        raise ModelError(
            f"there is no file {missing}: a Piper voice is two, X.onnx and X.onnx.json"
        )
    try:
        told = json.loads(beside.read_text())
    except (OSError, ValueError) as error:
        raise ModelError(f"{beside} cannot be read") from error
    if not isinstance(told, dict):
        raise ModelError(f"{beside} does not describe a Piper voice")
    return told


if __name__ == "__main__":
    serve(PiperHandler)
