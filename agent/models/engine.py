"""llama.cpp by its C interface: one model, one context, one sequence of tokens that is kept.

Only a worker imports this: llama.cpp ends the whole process on some inputs.  The C interface
saves what the library's own class keeps: a score for every word of every token of a batch.
"""

import ctypes
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
from numpy.typing import NDArray

from agent.errors import ModelError
from agent.models import memory
from agent.models.files import check_file

C: Any = llama_cpp.llama_cpp  # not typed where it is not compiled
BATCH_TOKENS = 128  # prompts run at 90 % of the speed of 256, and a cancellation is seen sooner
PIECE_BYTES = 256
SLOW_S = 0.05  # tokens that take longer are watched for a cancellation while they are made
WATCH_EVERY = 16  # the library asks hundreds of times a token
ABORTED = 2
_said: deque[str] = deque(maxlen=20)


@C.llama_log_callback  # type: ignore[untyped-decorator, unused-ignore]
def _keep_log(level: int, text: bytes, _: object) -> None:
    if level in (3, 4, 5):  # warnings and errors, and how they go on
        _said.append(text.decode("utf-8", "replace").strip())


class Engine:
    """A model that reads tokens and scores the next one; it knows what it has read.

    The file stays mapped, not copied: the system may drop its pages when memory is short.
    """

    def __init__(
        self,
        path: Path,
        *,
        context_tokens: int,
        threads: int,
        adapter: str = "",
        measure: Any = None,
    ) -> None:
        """Load *path*; *measure* is called for each step, and lets `read_scored` score a batch."""
        check_file(path)
        C.llama_log_set(_keep_log, ctypes.c_void_p(0))
        C.llama_backend_init()
        self._model = C.llama_model_load_from_file(
            str(path).encode(), C.llama_model_default_params()
        )
        if not self._model:
            raise ModelError(_refusal(path))
        self._vocab = C.llama_model_get_vocab(self._model)
        self.words = int(C.llama_vocab_n_tokens(self._vocab))
        self._context = C.llama_init_from_model(
            self._model, _wanted(context_tokens, threads, measure)
        )
        if not self._context:
            raise ModelError(
                f"{path.name} needs more memory for {context_tokens} tokens than it may have"
            )
        memory.let_go(path)
        self._memory = C.llama_get_memory(self._context)
        self.context_tokens = int(C.llama_n_ctx(self._context))
        self.read: list[int] = []
        """The tokens whose state is kept."""
        self._token_s = 0.0
        self._adapter = _adapted(self._model, self._context, Path(adapter)) if adapter else None

    def close(self) -> None:
        """Give all memory back."""
        C.llama_free(self._context)
        C.llama_model_free(self._model)

    @property
    def vocabulary(self) -> Any:
        """Return the library's handle of the vocabulary."""
        return self._vocab

    def told(self, key: str) -> str:
        """Return what the file says under *key*, or nothing."""
        size = C.llama_model_meta_val_str(self._model, key.encode(), None, 0)
        if size < 0:
            return ""
        room = ctypes.create_string_buffer(size + 1)
        C.llama_model_meta_val_str(self._model, key.encode(), room, size + 1)
        return room.value.decode("utf-8", "replace")

    def use_threads(self, threads: int, prompt_threads: int) -> None:
        """Make tokens, and read prompts, with so many threads from now on."""
        C.llama_set_n_threads(self._context, threads, prompt_threads)

    def tokens(self, text: str, *, special: bool = False, begin: bool = False) -> list[int]:
        """Return the tokens of *text*: with *special* ones parsed, and what begins a text."""
        packed = text.encode("utf-8", "replace")
        room = (C.llama_token * (len(packed) + 8))()
        count = _split(self._vocab, packed, room, begin, special)
        if count < 0:  # some vocabularies split a byte into several
            room = (C.llama_token * -count)()
            count = _split(self._vocab, packed, room, begin, special)
        return list(room[: max(0, count)])

    def piece(self, token: int, *, special: bool = False) -> bytes:
        """Return the bytes that *token* stands for; none for a special one."""
        room = ctypes.create_string_buffer(PIECE_BYTES)
        size = C.llama_token_to_piece(self._vocab, token, room, PIECE_BYTES, 0, special)
        return room.raw[:size] if size > 0 else b""

    def is_special(self, token: int) -> bool:
        """Return whether *token* steers the model instead of being text."""
        return bool(C.llama_vocab_is_control(self._vocab, token)) or self.ends(token)

    def ends(self, token: int) -> bool:
        """Return whether *token* ends a reply."""
        return bool(C.llama_vocab_is_eog(self._vocab, token))

    def token_of(self, name: str) -> int:
        """Return the token that *name* (`bos`, `eos`) stands for, or -1."""
        return int(getattr(C, f"llama_vocab_{name}")(self._vocab))

    def scores(self) -> NDArray[np.float32]:
        """Return the scores of all words after what was read last; valid until more is read."""
        pointer = C.llama_get_logits_ith(self._context, -1)
        return np.ctypeslib.as_array(pointer, shape=(self.words,))

    def read_prompt(self, prompt: Sequence[int], cancelled: Callable[[], bool]) -> int:
        """Read *prompt* from where it differs from what is known; return how much was known.

        At least one token is read, so that `scores` tells of the end of *prompt*.
        """
        known = min(common(self.read, prompt), len(prompt) - 1)
        known = self.forget_after(known)
        for start in range(known, len(prompt), BATCH_TOKENS):
            self.read_on(prompt[start : start + BATCH_TOKENS], cancelled)
        return known

    def read_on(self, more: Sequence[int], cancelled: Callable[[], bool]) -> None:
        """Read at most a batch of tokens; raise ModelError if it was cancelled."""
        watched = len(more) > 1 or self._token_s > SLOW_S
        self._ask(_abort(cancelled) if watched else C.ggml_abort_callback())
        began = C.llama_time_us()
        room = (C.llama_token * len(more))(*more)
        failed = C.llama_decode(self._context, C.llama_batch_get_one(room, len(more)))
        if len(more) == 1:
            self._token_s = (C.llama_time_us() - began) / 1e6
        if failed:
            self.forget_after(len(self.read))
            raise ModelError(
                "it was cancelled" if failed == ABORTED else "the model could not read this"
            )
        self.read += more

    def _ask(self, abort: Any) -> None:
        C.llama_set_abort_callback(self._context, abort, None)
        self._asked = abort  # the library keeps its address only

    def read_scored(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        """Return the scores after each of *tokens*, at most a batch, read without what was before.

        They are valid until more is read.
        """
        self.forget_after(0)
        self._ask(C.ggml_abort_callback())
        batch = C.llama_batch_init(len(tokens), 0, 1)
        try:
            batch.n_tokens = len(tokens)
            for place, token in enumerate(tokens):
                batch.token[place], batch.pos[place] = token, place
                batch.n_seq_id[place], batch.seq_id[place][0] = 1, 0
                batch.logits[place] = 1
            if C.llama_decode(self._context, batch):
                raise ModelError("the model could not read this")
        finally:
            C.llama_batch_free(batch)
        self.read = list(tokens)
        pointer = C.llama_get_logits(self._context)
        return np.ctypeslib.as_array(pointer, shape=(len(tokens), self.words))

    def forget_after(self, count: int) -> int:
        """Keep only the first *count* tokens that were read; return how many could be kept."""
        if not C.llama_memory_seq_rm(self._memory, 0, count, -1):
            C.llama_memory_clear(self._memory, True)
            count = 0
        del self.read[count:]
        return count

    def state(self) -> bytes:
        """Return what `restore` takes."""
        size = C.llama_state_seq_get_size(self._context, 0)
        room = (ctypes.c_uint8 * size)()
        size = C.llama_state_seq_get_data(self._context, room, size, 0)
        return bytes(memoryview(room)[:size])

    def restore(self, state: bytes, read: Sequence[int]) -> bool:
        """Take over a state after the tokens *read*; return whether it fitted."""
        self.forget_after(0)
        room = (ctypes.c_uint8 * len(state)).from_buffer_copy(state)
        if C.llama_state_seq_set_data(self._context, room, len(state), 0) != len(state):
            self.forget_after(0)
            return False
        self.read = list(read)
        return True


def _split(vocab: Any, packed: bytes, room: Any, begin: bool, special: bool) -> int:
    return int(C.llama_tokenize(vocab, packed, len(packed), room, len(room), begin, special))


def common(known: Sequence[int], wanted: Sequence[int]) -> int:
    """Return how many tokens two sequences share at their beginning."""
    for place, (one, other) in enumerate(zip(known, wanted, strict=False)):
        if one != other:
            return place
    return min(len(known), len(wanted))


def _wanted(context_tokens: int, threads: int, measure: Any) -> Any:
    wanted = C.llama_context_default_params()
    wanted.n_ctx = context_tokens
    wanted.n_batch = wanted.n_ubatch = min(BATCH_TOKENS, context_tokens)
    if measure is None:
        wanted.n_outputs_max = 1  # only the last token of a batch is scored
    else:
        wanted.cb_eval = measure
    wanted.n_threads = wanted.n_threads_batch = threads
    wanted.no_perf = True
    return wanted


def _abort(cancelled: Callable[[], bool]) -> Any:
    asked = 0

    def stop(_: object) -> bool:
        nonlocal asked
        asked += 1
        return asked % WATCH_EVERY == 0 and cancelled()

    return C.ggml_abort_callback(stop)


def _adapted(model: Any, context: Any, path: Path) -> Any:
    check_file(path, what="adapter")
    adapter = C.llama_adapter_lora_init(model, str(path).encode())
    if not adapter:
        said = f" (llama.cpp said: {_last_error()})" if _said else ""
        raise ModelError(
            f"the adapter {path.name} was made for another model, or is no adapter{said}: "
            "train it on this model, or leave `adapter` out"
        )
    one = (C.llama_adapter_lora_p_ctypes * 1)(adapter)
    if C.llama_set_adapters_lora(context, one, 1, (ctypes.c_float * 1)(1.0)):
        raise ModelError(f"the adapter {path.name} cannot be used with this model")
    return adapter


def _refusal(path: Path) -> str:
    said = " ".join(_said)
    if "alloc" in said:
        return (
            f"{path} needs more memory than a worker may have: raise models.memory_max_mb, "
            "or choose a smaller model"
        )
    cause = f" (llama.cpp said: {_last_error()})" if said else ""
    return f"{path} is damaged, incomplete, or of a kind that this llama.cpp does not know{cause}"


def _last_error() -> str:
    # The first line of a failure names its cause; what follows repeats that there was one.
    telling = [line for line in _said if "error" in line or "mismatch" in line or "unknown" in line]
    return (telling or list(_said))[0][:160]
