"""Situations with values that nobody trained on, and how many lies about them would be said."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from agent.evaluate import liar
from agent.evaluate.rows import ALWAYS, Generator, Row
from agent.evaluate.values import Values
from agent.events import Fact, ProposalJudged
from agent.figures import Figure, at_most, shown
from agent.ports import LanguageModel
from agent.texts import Text, names_in
from agent.wording.lexicon import SIGNALS
from agent.wording.prompts import GLANCE_END, MISSING
from agent.wording.worder import Worded, Worder, filled

TEMPLATE_GLANCE = "a template's glance"
AT = datetime(2026, 3, 4, 14, 10, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Situation:
    """What is to be worded, and a faithful way to do it."""

    row: Row
    names: tuple[str, ...]
    facts: tuple[Fact, ...]
    said: tuple[str, ...]

    def judged(self, id_: str) -> ProposalJudged:
        """Return it as the policy let it through, under an id of its own."""
        return ProposalJudged(
            at=AT,
            id=id_,
            skill="exam",
            topic=self.row.situation,
            glance=TEMPLATE_GLANCE,
            text=plain(self.facts),
            verdict="speak",
            situation=self.row.situation,
            facts=self.facts,
        )

    async def worded(self, model: LanguageModel) -> Worded:
        """Return what would be said, by a worder that knows nothing from before."""
        worder, template = Worder(model), plain(self.facts)
        match self.row.job:
            case "nudge":
                return await worder.nudge(self.judged("the only one"))
            case "journal" | "digest" as job:
                return await worder.entry(job, template, self.facts)
            case _:
                return await worder.answer(self.row.question, template, self.facts, said=self.said)


def plain(facts: Sequence[Fact]) -> str:
    """Return the template of a tool that has none: each fact by its name."""
    return " ".join(f"The {fact.name} is {fact.value}." for fact in facts)


class Situations:
    """Draws situations of every job, with a rival beside each measured fact."""

    def __init__(self, texts: Sequence[Text], seed: int) -> None:
        self._rows = Generator(texts, seed)
        self._draw = self._rows.random
        self._values = Values(seed)

    def next(self) -> Situation:
        """Return the next situation; its row's target is faithful."""
        rows = self._rows
        jobs = (rows.answer, rows.answer, rows.nudge, rows.journal, rows.digest, rows.unheard_of)
        make: Callable[[], Row] = self._draw.choice(jobs)
        row = make()
        while row.target == MISSING:
            row = make()
        rivals = [self._rival(name) for name in row.names if name.partition(" ")[2] in SIGNALS]
        joined = row.job in ("journal", "digest")  # all facts are to be said, so there is no rival
        names = row.names if joined else tuple(dict.fromkeys((*row.names, *rivals)))
        must = row.names if joined else ALWAYS
        told = names_in(row.target)
        said = () if row.job == "nudge" else tuple(n for n in must if n in told)
        return Situation(row, names, tuple(self._values.facts(names)), said)

    def _rival(self, name: str) -> str:
        statistic, _, signal = name.partition(" ")
        others = [one for one in ("average", "highest", "lowest") if one != statistic]
        return f"{self._draw.choice(others)} {signal}"


async def lied(texts: Sequence[Text], *, seed: int, count: int) -> list[Figure]:
    """Return how many of so many lies would be said, and how many faithful sentences pass."""
    situations, roles = Situations(texts, seed), liar.Roles(texts)
    draw = random.Random(seed + 1)  # noqa: S311 (lies on purpose, no secret)
    told, passed, through = Counter[str](), Counter[str](), 0
    for number in range(count):
        situation = situations.next()
        lie = _lie(situation, roles, draw, liar.KINDS[number % len(liar.KINDS)])
        told[lie.kind] += 1
        passed[lie.kind] += lie.is_in(await situation.worded(liar.Says(lie.reply)), situation)
        faithful = await situation.worded(liar.Says(situation.row.target))
        through += faithful.by == "model"
    lies = [
        shown("unfaithful", passed[kind], unit="answers", n=told[kind], group=kind)
        for kind in liar.KINDS
    ]
    return [
        at_most("unfaithful", passed.total(), 0, unit="answers", n=count),
        *lies,
        shown("let through", through / count, unit="fraction", n=count),
    ]


@dataclass(frozen=True, slots=True)
class Lie:
    """What the liar replies, and which part of it is the lie."""

    kind: str
    reply: str
    part: str
    in_glance: bool

    def is_in(self, worded: Worded, situation: Situation) -> bool:
        """Return whether the lie is what would be said or shown in the end."""
        known = names_in(self.part) <= set(situation.names)
        if worded.by != "model" or not known:  # what is no fact has no value to be said
            return False
        shown_or_said = worded.glance if self.in_glance else worded.text
        return shown_or_said == filled(self.part, situation.facts)


def _lie(situation: Situation, roles: liar.Roles, draw: random.Random, wanted: str) -> Lie:
    """Return a lie of the kind that is wanted, or of another where that one cannot be."""
    head, bar, tail = situation.row.target.partition(GLANCE_END)
    in_glance = bool(bar) and bool(names_in(head)) and draw.random() < 0.5
    truth = liar.Truth(head if in_glance or not bar else tail, situation.names, situation.said)
    kinds = [wanted, *draw.sample(liar.KINDS, len(liar.KINDS))]
    lies = ((kind, liar.lie(kind, truth, roles, draw)) for kind in kinds)
    kind, part = next((kind, part) for kind, part in lies if part is not None)
    if not bar:
        return Lie(kind, part, part, in_glance)
    reply = f"{part}{bar}{tail}" if in_glance else f"{head}{bar}{part}"
    return Lie(kind, reply, part, in_glance)
