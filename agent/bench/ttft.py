"""Time to the first token of a second question, when one line of a long context has changed."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from agent.bench.beside import Pair, beside, random_model
from agent.figures import Table, against, at_most, percentile, shown, table
from agent.models import fetch
from agent.ports import Prompt

RATIO_MAX = 0.25
ROUNDS = 7
CONTEXT_TOKENS = 1000
ROLE = "You are a small computer at your wearer's wrist. Answer in one or two short sentences."
FACT = (
    "Tool number {n}: it looks up what was measured of signal {n} between two times, and says the "
    "mean, the lowest and the highest value, with their unit and how many samples there were."
)
SITUATIONS = (
    "It is {n}:15 on a weekday; the wearer walks, pulse {n}, at the office, {n} % of battery left.",
    "It is {n}:40 in the evening; the wearer sits, pulse 7{n}, at home, {n} steps since noon.",
)
QUESTIONS = ("How did I sleep before day {n}?", "What is on my list for {n} o'clock?")


def run(short: bool) -> Table:
    """Return the ratio of the medians, ours to the library's chat call."""
    return asyncio.run(_measure(short))


async def _measure(short: bool) -> Table:
    rounds = 2 if short else ROUNDS
    async with _model(short=short) as (model, data):
        with tempfile.TemporaryDirectory(prefix="carpal-") as folder:
            context_tokens = 1024 if short else 2048
            async with beside(model, context_tokens=context_tokens, folder=Path(folder)) as pair:
                static = await _static(pair, 40 if short else CONTEXT_TOKENS)
                count = await pair.chat.count(static)
                await _round(pair, static, 0)
                found = [await _round(pair, static, number) for number in range(1, rounds + 1)]
    ours, library = ([1000 * one[side] for one in found] for side in (0, 1))
    own_ms, library_ms = percentile(ours, 0.5), percentile(library, 0.5)
    data += f"; {count} tokens that stay, one situation line and question that change; medians"
    ratio = at_most("ttft", own_ms / library_ms, RATIO_MAX, unit="ratio", n=rounds)
    return table(
        "ttft",
        data,
        rounds,
        [
            ratio,
            against(shown("first token", own_ms, unit="ms", n=rounds), library_ms),
            shown("tokens reused", percentile([one[2] for one in found], 0.5), unit="share", n=1),
        ],
    )


async def _round(pair: Pair, static: str, number: int) -> tuple[float, float, float]:
    """Return the seconds of our worker and of the library, and the share that ours reused."""
    situation = SITUATIONS[number % 2].format(n=10 + number)
    question = QUESTIONS[number % 2].format(n=10 + number)
    last = (("system", f"{ROLE}\n{static}"), ("user", f"{situation}\n{question}"))
    began = time.perf_counter()
    done = await pair.chat.generate(Prompt(messages=last, tokens_max=1))
    own_s = time.perf_counter() - began
    library_s, _ = await pair.ask(
        "chat",
        messages=[
            {"role": "system", "content": f"{ROLE}\n{situation}\n{static}"},
            {"role": "user", "content": question},
        ],
    )
    return own_s, library_s, done.tokens_reused / done.tokens_prompt


async def _static(pair: Pair, tokens: int) -> str:
    lines: list[str] = []
    while await pair.chat.count("\n".join(lines)) < tokens:
        lines.append(FACT.format(n=len(lines) + 1))
    return "\n".join(lines)


@asynccontextmanager
async def _model(*, short: bool) -> AsyncIterator[tuple[Path, str]]:
    found = None if short else fetch.find("chat", fetch.models_folder())
    if found is not None:
        yield found, "the default chat model"
        return
    async with random_model(short=short) as made:
        yield made
