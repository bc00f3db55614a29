"""Decode: tokens a second through the sealed worker, against the same model in process."""

import asyncio
import time

from agent.bench.beside import Pair, beside, random_model
from agent.figures import Table, at_least, percentile, shown, table

RATIO_MIN = 0.98
ROUNDS = 8
TOKENS = 48
TEXT = "w1 w2 w3"


def run(short: bool) -> Table:
    """Return the median of the ratios of runs that took turns."""
    return asyncio.run(_measure(short))


async def _measure(short: bool) -> Table:
    rounds = 2 if short else ROUNDS
    async with (
        random_model(short=short) as (model, data),
        beside(model, context_tokens=256, folder=model.parent) as pair,
    ):
        await _round(pair)  # the first one of each warms up
        found = [await _round(pair) for _ in range(rounds)]
        memory_mb = pair.chat.worker.report.memory_mb or 0.0
    worker, library, bare = (sorted(column) for column in zip(*found, strict=True))
    against = [own / other for own, other, _ in found]
    strict = [own / other for own, _, other in found]
    data += f"; {TOKENS} tokens a run, {pair.threads} thread(s), runs in turn, medians"
    return table(
        "decode",
        data,
        rounds,
        [
            at_least("decode", percentile(against, 0.5), RATIO_MIN, unit="ratio", n=rounds),
            shown("decode, bare loop", percentile(strict, 0.5), unit="ratio", n=rounds),
            shown("worker", percentile(worker, 0.5), unit="tokens/s", n=rounds),
            shown("in process", percentile(library, 0.5), unit="tokens/s", n=rounds),
            shown("in process, bare loop", percentile(bare, 0.5), unit="tokens/s", n=rounds),
            shown("worker pss", memory_mb, unit="MB", n=1),
        ],
    )


async def _round(pair: Pair) -> tuple[float, float, float]:
    """Return tokens a second through the worker, by the library's class, and by a bare loop."""
    parts: list[str] = []
    asked = {"prompt": TEXT, "tokens_max": TOKENS, "stream": True}
    began = time.perf_counter()
    told = await pair.chat.worker.call("complete", asked, hear=parts.append)
    worker = int(told["tokens_made"]) / (time.perf_counter() - began)
    library_s, library_made = await pair.ask("decode", text=TEXT, tokens=TOKENS)
    bare_s, bare_made = await pair.ask("bare", text=TEXT, tokens=TOKENS)
    return worker, library_made / library_s, bare_made / bare_s
