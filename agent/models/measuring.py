"""Measure a model where it runs: with one thread and with all, making tokens and reading them."""

import time

from agent.models import speeds
from agent.models.engine import BATCH_TOKENS, Engine

MEASURE_S = 0.4
MEASURE_TOKENS = 24


class NoOne:
    """A turn that no one takes back."""

    def __call__(self) -> bool:
        """Return that it goes on."""
        return False

    def say(self, part: str) -> None:
        """Drop *part*: no one listens."""


no_one = NoOne()


def measured(engine: Engine, token: int) -> speeds.Speed:
    """Return how fast *engine* is with one thread and with all cores, in about a second."""
    counts = sorted({1, speeds.cores()})
    prompt = [token] * min(BATCH_TOKENS, engine.context_tokens - 1)

    def read(threads: int) -> float:
        engine.use_threads(threads, threads)
        engine.read_on(prompt[:2], no_one)  # threads start here, not in what counts
        engine.forget_after(0)
        began = time.perf_counter()
        engine.read_on(prompt, no_one)
        spent_s = time.perf_counter() - began
        engine.forget_after(0)
        return len(prompt) / spent_s

    def make(threads: int) -> float:
        engine.use_threads(threads, threads)
        engine.read_on([token], no_one)
        began, made = time.perf_counter(), 0
        while made < MEASURE_TOKENS and time.perf_counter() - began < MEASURE_S:
            engine.read_on([int(engine.scores().argmax())], no_one)
            made += 1
        spent_s = time.perf_counter() - began
        engine.forget_after(0)
        return made / spent_s

    threads, tokens_s = speeds.choose(make, counts)
    prompt_threads, prompt_tokens_s = speeds.choose(read, counts)
    return speeds.Speed(
        threads=threads,
        tokens_s=tokens_s,
        prompt_threads=prompt_threads,
        prompt_tokens_s=prompt_tokens_s,
    )
