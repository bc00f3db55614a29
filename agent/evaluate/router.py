"""`carpal evaluate router`: a day of questions, answered by three policies on two kinds of day.

"always small" words every answer of a tool with the small model and has no other; "always large"
gives every question to the larger model, which chooses the tool under a grammar; "ours" is the
router.  Once at a full battery, once at 15 % on a device of 44 °C.  The larger model here is the
packaged chat model without the adapter: a stand-in, for there is no other that everyone has; its
right answers say little about a larger model of yours, its tokens and waiting are real.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import time as clock_time
from pathlib import Path
from time import perf_counter

from agent.app.answering import Answerer, Device, Here
from agent.app.pipeline import Pipeline
from agent.ask.larger import Larger
from agent.ask.route import Route, tools_of
from agent.ask.words import WordUnderstanding
from agent.errors import ModelError
from agent.evaluate import lived
from agent.evaluate.utterances import Row
from agent.figures import Figure, Table, at_least, at_most, percentile, shown, table
from agent.ports import Completion, LanguageModel, Prompt, Understanding
from agent.router import Candidate, Moment
from agent.wording.worder import Worder
from skills import SKILLS

SIZE_MB = 98.0  # of the stand-in: too small to be let choose a tool
EVERY = 5  # of the held-out sentences: a day has some sixty questions
AFTERNOON = clock_time(15, 10)
FULL = Moment(battery_pct=100, temperature_c=30)
SCARCE = Moment(battery_pct=14, temperature_c=44)
DAYS = (("full battery", FULL), ("15 % and hot", SCARCE))
POLICIES = ("always large", "always small", "ours")


class Counting:
    """A language model that counts what it read and made."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self.tokens = 0

    async def complete(self, system: str, user: str, *, tokens_max: int) -> str:
        """Return the model's reply; raise ModelError."""
        asked = Prompt(messages=(("system", system), ("user", user)), tokens_max=tokens_max)
        return (await self.generate(asked)).text

    async def generate(self, prompt: Prompt) -> Completion:
        """Return the reply to *prompt*, counted; raise ModelError."""
        made = await self._model.generate(prompt)
        self.tokens += made.tokens_prompt - made.tokens_reused + made.tokens_made
        return made

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """Yield the reply whole, counted; raise ModelError."""
        yield (await self.generate(prompt)).text


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """What answers."""

    understandings: Sequence[Understanding]
    words: LanguageModel
    large: LanguageModel


@dataclass(frozen=True, slots=True)
class Spent:
    """What one question came to."""

    right: bool
    ms: float
    tokens: int


async def evaluate(models: Models, rows: Sequence[Row], folder: Path) -> Table:
    """Return the figures over some of *rows*, asked on a simulated day that *folder* keeps."""
    asked = rows[::EVERY]
    found: dict[tuple[str, str], list[Spent]] = {}
    async with lived.day(folder, until=AFTERNOON) as pipeline:
        for name, moment in DAYS:
            for policy in POLICIES:
                found[policy, name] = await _asked(policy, moment, models, asked, pipeline)
    rest = [one for key, spent in found.items() for one in _figures(spent, group=", ".join(key))]
    return table("router", f"{len(asked)} questions, a day", len(asked), [*_own(found), *rest])


async def _asked(
    policy: str, moment: Moment, models: Models, rows: Sequence[Row], pipeline: Pipeline
) -> list[Spent]:
    words, large = Counting(models.words), Counting(models.large)
    larger, context = Larger(large, tools_of(SKILLS)), pipeline.present()
    route = Route(SKILLS, (*models.understandings, WordUnderstanding()))
    ours = moment if policy == "ours" else Moment()
    device = Device(lambda wanted, _: ours, lambda _: Candidate(size_mb=SIZE_MB, loaded=True))
    answerer = Answerer(route, Worder(words), larger if policy == "ours" else None, device)
    spent = []
    for row in rows:
        before, began = words.tokens + large.tokens, perf_counter()
        if policy == "always large":
            tool = await _chosen(larger, row.say)
        else:
            told = await answerer.answer(row.say, Here(recall=pipeline.memory, context=context))
            tool = told.reply.tool
        ms = 1000 * (perf_counter() - began)
        spent.append(Spent(tool == row.tool, ms, words.tokens + large.tokens - before))
    return spent


async def _chosen(larger: Larger, question: str) -> str:
    try:
        chosen = await larger.choose(question)
    except ModelError:
        return "?"
    return chosen.tool if chosen is not None else ""


def _own(found: dict[tuple[str, str], list[Spent]]) -> list[Figure]:
    """Return what the router is for: as right as ever, and nothing spent where it is scarce."""
    full, scarce = (name for name, _ in DAYS)
    ours, spared, small = found["ours", full], found["ours", scarce], found["always small", full]
    n, share = len(ours), "fraction"
    return [
        at_least("right answers", _right(ours), _right(small) - 0.02, unit=share, n=n),
        at_least("right answers when scarce", _right(spared), _right(ours), unit=share, n=n),
        at_most("tokens when scarce", _tokens(spared), 0.0, unit="tokens a question", n=n),
    ]


def _figures(spent: Sequence[Spent], *, group: str) -> list[Figure]:
    n, ms = len(spent), [one.ms for one in spent]
    return [
        shown("right answers", _right(spent), unit="fraction", n=n, group=group),
        shown("latency p50", percentile(ms, 0.5), unit="ms", n=n, group=group),
        shown("latency p95", percentile(ms, 0.95), unit="ms", n=n, group=group),
        shown("tokens", _tokens(spent), unit="tokens a question", n=n, group=group),
    ]


def _right(spent: Sequence[Spent]) -> float:
    return sum(one.right for one in spent) / len(spent)


def _tokens(spent: Sequence[Spent]) -> float:
    return sum(one.tokens for one in spent) / len(spent)
