"""Is this a voice?  Silero VAD, the file that comes inside faster-whisper, by onnxruntime."""

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi.onnxruntime_pybind11_state import (
    Fail,
    InvalidArgument,
    InvalidGraph,
    InvalidProtobuf,
    NotImplemented,
    RuntimeException,
)

from agent.errors import ModelError
from agent.voice.ears.gate import FRAME

Floats = NDArray[np.float32]

FILE = "assets/silero_vad_v6.onnx"
CONTEXT = 64  # samples of the frame before, which the model sees again
STATE = (1, 1, 128)
DAMAGED = (Fail, InvalidArgument, InvalidGraph, InvalidProtobuf, NotImplemented, RuntimeException)
"""What onnxruntime says of a file that it cannot use: these have no common class."""


class Silero:
    """The chance that each frame of 32 ms is a voice (Silero Team 2024, release 6)."""

    def __init__(self) -> None:
        self._session = session_of(silero_file())
        self._seen = np.zeros((1, CONTEXT + FRAME), dtype=np.float32)
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        self._hidden = np.zeros(STATE, dtype=np.float32)
        self._cell = np.zeros(STATE, dtype=np.float32)
        self._seen[:] = 0

    def feed(self, frame: Floats) -> float:
        """Return the chance (0-1) that *frame*, 512 samples in [-1, 1], is a voice."""
        self._seen[0, :CONTEXT] = self._seen[0, -CONTEXT:]
        self._seen[0, CONTEXT:] = frame
        told = {"input": self._seen, "h": self._hidden, "c": self._cell}
        chance, self._hidden, self._cell = self._session.run(None, told)
        return float(chance.reshape(-1)[0])


def silero_file() -> Path:
    """Return where the model lies; raise ModelError.  Its package is not imported: 200 MB."""
    found = importlib.util.find_spec("faster_whisper")
    path = Path(found.origin).parent / FILE if found is not None and found.origin else None
    if path is None or not path.is_file():
        raise ModelError("voices cannot be told from noise: faster-whisper is not installed")
    return path


def session_of(path: Path) -> Any:
    """Return an onnxruntime session of *path* on one thread that never spins."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it would keep the largest answer for ever
    options.enable_mem_pattern = False
    options.log_severity_level = 4
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror}") from error
    try:
        return onnxruntime.InferenceSession(
            content, sess_options=options, providers=["CPUExecutionProvider"]
        )
    except DAMAGED as error:
        raise ModelError(f"{path} is damaged or of another kind") from error
