"""The worker that makes a model smaller: `python -m agent.models.quantizing DESCRIPTOR`, sealed.

It measures how well a model foretells a text, which inputs of each matrix matter (the mean of
their squares, as llama.cpp's importance matrix has it), and writes the smaller file.
"""

import ctypes
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
from numpy.typing import NDArray

from agent.errors import ModelError
from agent.models.engine import BATCH_TOKENS, Engine
from agent.models.files import check_file
from agent.models.frames import Message
from agent.models.layouts import Layout
from agent.models.measuring import measured
from agent.models.serving import Turn, serve

C: Any = llama_cpp.llama_cpp  # not typed where it is not compiled
KINDS = {
    "q4_0": C.LLAMA_FTYPE_MOSTLY_Q4_0,
    "q4_k": C.LLAMA_FTYPE_MOSTLY_Q4_K_M,
    "q5": C.LLAMA_FTYPE_MOSTLY_Q5_K_M,
    "q8": C.LLAMA_FTYPE_MOSTLY_Q8_0,
}
WINDOW_TOKENS = 96
WINDOWS_MAX = 40
TOKENS_MIN = 64
BUFFER_BYTES = 512 << 20


class _Tensor(ctypes.Structure):
    """ggml's own description of a tensor: whoever reads it checks that it still looks so."""


_Tensor._fields_ = [
    ("kind", ctypes.c_int),
    ("buffer", ctypes.c_void_p),
    ("count", ctypes.c_int64 * 4),
    ("step", ctypes.c_size_t * 4),
    ("op", ctypes.c_int),
    ("parameters", ctypes.c_int32 * 16),
    ("flags", ctypes.c_int32),
    ("source", ctypes.POINTER(_Tensor) * 10),
    ("view", ctypes.c_void_p),
    ("view_at", ctypes.c_size_t),
    ("data", ctypes.c_void_p),
    ("name", ctypes.c_char * 64),
]


class Importance:
    """Adds up the squares of what goes into each matrix while a text is read."""

    def __init__(self) -> None:
        self.sums: dict[bytes, NDArray[np.float64]] = {}
        self.rows: dict[bytes, int] = {}
        self._alive: list[object] = []
        self.callback = C.ggml_backend_sched_eval_callback(self._look)

    def _look(self, pointer: int, ask: bool, _: object) -> bool:
        node = ctypes.cast(pointer, ctypes.POINTER(_Tensor)).contents
        if not node.source[0] or not node.source[1]:
            return not ask
        weights, inputs = node.source[0].contents, node.source[1].contents
        wide = int(inputs.count[0])
        wanted = (
            weights.name.startswith(b"blk.")
            and weights.name.endswith(b".weight")
            and weights.count[1] > 1
            and inputs.kind == 0  # float32
            and int(weights.count[0]) == wide
            and int(inputs.step[1]) == 4 * wide
        )
        if ask or not wanted:
            return wanted or not ask
        rows = int(inputs.count[1])
        numbers = (ctypes.c_float * (rows * wide)).from_address(inputs.data)
        squares = np.square(np.ctypeslib.as_array(numbers).reshape(rows, wide), dtype=np.float64)
        name = bytes(weights.name)
        self.sums[name] = self.sums.get(name, np.zeros(wide)) + squares.sum(axis=0)
        self.rows[name] = self.rows.get(name, 0) + rows
        return True

    def array(self) -> Any:
        """Return what llama.cpp takes, or None if nothing that looks right was seen."""
        sane = {n: s / self.rows[n] for n, s in self.sums.items() if np.isfinite(s).all()}
        if not sane:
            return None
        made = (C.llama_model_imatrix_data * (len(sane) + 1))()
        for place, (name, means) in enumerate(sane.items()):
            floats = (ctypes.c_float * len(means))(*means)
            made[place].name, made[place].size = name, len(means)
            made[place].data = ctypes.cast(floats, ctypes.POINTER(ctypes.c_float))
            self._alive.append((name, floats))  # the library is given addresses only
        return made


class Quantizer:
    """Measures models, learns what matters in one, and writes it smaller."""

    def __init__(self, begin: Message) -> None:
        self._importance: Importance | None = None
        self._threads = int(begin.get("threads", 1))

    def handle(self, op: str, arguments: Message, cancelled: Turn) -> Message:
        """Answer `measure`, `calibrate` and `quantize`."""
        match op:
            case "measure":
                return self._measure(Path(arguments["path"]), arguments["text"], cancelled)
            case "calibrate":
                return self._calibrate(Path(arguments["path"]), arguments["text"], cancelled)
            case "quantize":
                return self._quantize(arguments)
            case _:
                raise ModelError(f"a quantizer cannot {op[:64]!r}")

    def _measure(self, path: Path, text: str, cancelled: Turn) -> Message:
        engine = _opened(path, None, self._threads)
        speed = measured(engine, max(0, engine.token_of("bos")))
        engine.use_threads(speed.threads, speed.prompt_threads)
        loss, count = 0.0, 0
        for window in _windows(engine, text):
            _stop(cancelled)
            loss += _loss(engine.read_scored(window)[:-1], window[1:])
            count += len(window) - 1
        engine.close()
        found = float(np.exp(min(loss / count, 700.0)))
        told = {"perplexity": found, "tokens": count, "tokens_s": speed.tokens_s}
        return {**told, "bytes": path.stat().st_size}

    def _calibrate(self, path: Path, text: str, cancelled: Turn) -> Message:
        importance = Importance()
        engine = _opened(path, importance.callback, self._threads)
        for window in _windows(engine, text):
            _stop(cancelled)
            engine.read_scored(window)
        engine.close()
        if importance.array() is None:
            raise ModelError(
                f"{path.name} cannot be calibrated: this llama.cpp does not show what goes into "
                "its matrices; leave --calibrate out"
            )
        self._importance = importance
        return {"matrices": len(importance.sums)}

    def _quantize(self, arguments: Message) -> Message:
        source, target = Path(arguments["path"]), Path(arguments["to"])
        check_file(source)
        wanted = C.llama_model_quantize_default_params()
        wanted.nthread = self._threads
        wanted.ftype = KINDS[arguments["kind"]]
        wanted.allow_requantize = True
        wanted.max_buf_size = BUFFER_BYTES
        matrix = self._importance.array() if self._importance else None
        if matrix is not None:
            wanted.imatrix = ctypes.cast(matrix, ctypes.POINTER(C.llama_model_imatrix_data))
        failed = C.llama_model_quantize(
            str(source).encode(), str(target).encode(), ctypes.byref(wanted)
        )
        if failed:
            raise ModelError(
                f"{source.name} cannot be quantized: it is damaged, or of a kind that this "
                "llama.cpp does not know"
            )
        return {}


def _opened(path: Path, callback: Any, threads: int) -> Engine:
    watch = callback or C.ggml_backend_sched_eval_callback()  # no one is called
    return Engine(path, context_tokens=BATCH_TOKENS * 2, threads=threads, measure=watch)


def _windows(engine: Engine, text: str) -> list[list[int]]:
    layout = Layout(engine)
    tokens = layout.raw(text)
    starts = range(0, min(len(tokens), WINDOW_TOKENS * WINDOWS_MAX), WINDOW_TOKENS)
    windows = [tokens[start : start + WINDOW_TOKENS] for start in starts]
    if len(tokens) < TOKENS_MIN:
        raise ModelError(f"the text is too short to measure a loss: {len(tokens)} tokens")
    return [window for window in windows if len(window) > 1]


def _loss(scores: NDArray[np.float32], wanted: Sequence[int]) -> float:
    """Return the sum of -log P(token), in nats."""
    high = scores.astype(np.float64) - scores.max(axis=1, keepdims=True)
    rows = np.arange(len(wanted))
    return float((np.log(np.exp(high).sum(axis=1)) - high[rows, list(wanted)]).sum())


def _stop(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise ModelError("it was cancelled")


if __name__ == "__main__":
    serve(Quantizer)
