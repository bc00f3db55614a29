"""The same model without a worker, for benchmarks: `python -m agent.models.baseline MODEL BEGIN`.

It answers each line of JSON on its input with one on its output.  It runs in a process of its own
only so that the benchmark's stays free of model libraries: nothing is sealed here.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import llama_cpp

from agent.models.engine import Engine
from agent.models.frames import Message


class Baseline:
    """llama-cpp-python's own class, and a bare loop over the C interface."""

    def __init__(self, path: Path, begin: Message) -> None:
        self._llama: Any = llama_cpp.Llama(
            str(path),
            n_ctx=int(begin["context_tokens"]),
            n_threads=int(begin["threads"]),
            n_threads_batch=int(begin["prompt_threads"]),
            verbose=False,
        )
        self._path, self._begin = path, begin
        self._bare: Engine | None = None

    def answer(self, asked: Message) -> Message:
        """Carry out `decode` (by the class), `bare` (without it) or `chat`; return the seconds."""
        if asked["act"] == "bare":
            self._bare = self._bare or self._opened()
        acts = {"decode": self._decode, "bare": self._decode_bare, "chat": self._chat}
        began = time.perf_counter()
        made = acts[asked["act"]](asked)
        return {"seconds": time.perf_counter() - began, "made": made}

    def _opened(self) -> Engine:
        engine = Engine(
            self._path,
            context_tokens=int(self._begin["context_tokens"]),
            threads=int(self._begin["threads"]),
        )
        engine.use_threads(int(self._begin["threads"]), int(self._begin["prompt_threads"]))
        return engine

    def _decode(self, asked: Message) -> int:
        tokens = self._llama.tokenize(asked["text"].encode())
        made = 0
        for _ in self._llama.generate(tokens, temp=0.0, repeat_penalty=1.0):
            made += 1
            if made == asked["tokens"]:
                break
        return made

    def _decode_bare(self, asked: Message) -> int:
        engine = self._bare
        assert engine is not None
        engine.read_prompt(engine.tokens(asked["text"], begin=True), _no)
        for made in range(1, int(asked["tokens"]) + 1):
            token = int(engine.scores().argmax())
            if made == asked["tokens"]:
                break
            engine.read_on([token], _no)
        return int(asked["tokens"])

    def _chat(self, asked: Message) -> int:
        self._llama.create_chat_completion(
            messages=asked["messages"], max_tokens=1, temperature=0.0
        )
        return 1


def _no() -> bool:
    return False


def main() -> None:
    """Answer until the input ends."""
    baseline = Baseline(Path(sys.argv[1]), json.loads(sys.argv[2]))
    for line in sys.stdin:
        sys.stdout.write(json.dumps(baseline.answer(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
