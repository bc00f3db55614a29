"""The worder: asks the model for a sentence around facts, lets the guard read it, fills it in.

Whatever goes wrong, the template is said instead, and why is kept.  A sentence depends on the names
of the facts alone, so one that was good is good again: it is kept, and costs nothing the next time.
"""

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from zlib import crc32

from agent.errors import ModelError
from agent.events import Fact, ProposalJudged
from agent.ports import LanguageModel, Prompt
from agent.wording import prompts
from agent.wording.guard import fault

FACTS_MAX = 8
GLANCE_MAX = 40
TOKENS_MAX = 48
TOKENS_PER_FACT = 14
GIVE_UP = 6  # so many faults in a row, and a model is not asked again until the next start
UNASKED = "no model is asked to word this"
KEPT_MAX = 256
VARIANTS_MAX = 8  # of one situation: after so many the kept ones are said in turn
WARMTH = 0.7  # of a nudge, so that it is not the same sentence every day
_NAMED = re.compile(r"\{([^{}]+)\}")
_PLAIN = re.compile(r"[^{}<>|]{1,64}")
By = Literal["model", "template"]


@dataclass(frozen=True, slots=True)
class Worded:
    """What is to be said, by whom it was worded, and why."""

    text: str
    by: By
    reason: str
    glance: str = ""
    tokens: int = 0
    first_ms: float = 0.0
    ms: float = 0.0


@dataclass(slots=True)
class Counts:
    """What became of the sentences so far."""

    worded: int = 0
    kept: int = 0
    missing: int = 0
    refused: int = 0
    failed: int = 0

    def shown(self) -> dict[str, int]:
        """Return them by name."""
        return {
            "worded": self.worded,
            "said again": self.kept,
            "facts missing": self.missing,
            "refused by the guard": self.refused,
            "model failed": self.failed,
        }


@dataclass(frozen=True, slots=True)
class _Ask:
    """One thing asked of the model; with a seed a nudge, which has a glance before a bar."""

    prompt: str
    names: tuple[str, ...]
    said: tuple[str, ...] = ()
    seed: int | None = None

    def asked(self) -> Prompt:
        """Return it as the model is asked."""
        return Prompt(
            text=self.prompt,
            tokens_max=TOKENS_MAX + TOKENS_PER_FACT * len(self.names),
            temperature=0.0 if self.seed is None else WARMTH,
            seed=self.seed or 0,
            stop=(prompts.TURN_END,),
        )

    def fault(self, text: str) -> str | None:
        """Return why *text* may not be said in reply; None if it may.

        A nudge's glance is read apart: without a good one it is the template's.
        """
        sentence = text if self.seed is None else text.partition(prompts.GLANCE_END)[2] or text
        return fault(sentence, self.names, said=self.said)


class Worder:
    """Words answers, nudges and entries with one model; without one it returns the templates."""

    def __init__(self, model: LanguageModel | None) -> None:
        self._model = model
        self._kept: OrderedDict[str, list[str]] = OrderedDict()
        self._faults = 0
        self.counts = Counts()

    async def answer(
        self, question: str, template: str, facts: Sequence[Fact], *, said: Sequence[str] = ()
    ) -> Worded:
        """Return a sentence on what *question* asks; *said*: names that it may not leave out."""
        names = [fact.name for fact in facts]
        if not self._asked(facts):
            return Worded(template, "template", UNASKED)
        prompt = prompts.answer(names, question)
        return await self._sentence(prompt, template, facts, said)

    async def nudge(self, judged: ProposalJudged) -> Worded:
        """Return a glance and a sentence on what was judged, another one from day to day."""
        facts, glance = judged.facts, judged.glance
        names = [fact.name for fact in facts]
        if not (judged.situation and self._asked(facts)):
            return Worded(judged.text, "template", UNASKED, glance)
        prompt = prompts.nudge(judged.situation, names)
        ask = _Ask(prompt, tuple(names), seed=crc32(judged.id.encode()))
        reply, reason = await self._reply(ask)
        if reply is None:
            return Worded(judged.text, "template", reason, glance)
        short, bar, sentence = reply.text.partition(prompts.GLANCE_END)
        if bar and fault(short, names) is None and len(filled(short, facts)) <= GLANCE_MAX:
            glance = filled(short, facts)
        return _of(reply, filled(sentence or short, facts), glance=glance)

    async def entry(
        self, job: Literal["journal", "digest"], template: str, facts: Sequence[Fact]
    ) -> Worded:
        """Return some sentences that join all of *facts*: a day's entry, or held messages."""
        names = [fact.name for fact in facts]
        if not self._asked(facts):
            return Worded(template, "template", UNASKED)
        ask = prompts.journal if job == "journal" else prompts.digest
        return await self._sentence(ask(names), template, facts, names)

    def _asked(self, facts: Sequence[Fact]) -> bool:
        """Return whether the model is asked to word these facts.

        A name with a brace or a line break in it could be no name in a sentence or a prompt, and
        a sentence around an empty value says nothing.
        """
        able = self._model is not None and self._faults < GIVE_UP
        names = {fact.name for fact in facts}
        plain = all(name.isprintable() and _PLAIN.fullmatch(name) for name in names)
        told = all(fact.value.strip() for fact in facts)
        return able and plain and told and 0 < len(names) == len(facts) <= FACTS_MAX

    async def _sentence(
        self, prompt: str, template: str, facts: Sequence[Fact], said: Sequence[str]
    ) -> Worded:
        names = tuple(fact.name for fact in facts)
        reply, reason = await self._reply(_Ask(prompt, names, tuple(said)))
        if reply is None:
            return Worded(template, "template", reason)
        return _of(reply, filled(reply.text, facts))

    async def _reply(self, ask: _Ask) -> tuple[Worded | None, str]:
        """Return what the model wrote, with the facts still named, or None and why not."""
        assert self._model is not None
        kept = self._kept.get(ask.prompt, [])
        known = [text for text in kept if ask.fault(text) is None]
        if known and (ask.seed is None or len(kept) >= VARIANTS_MAX):
            self.counts.kept += 1
            self._kept.move_to_end(ask.prompt)
            return Worded(known[(ask.seed or 0) % len(known)], "model", "kept from before"), ""
        try:
            made = await self._model.generate(ask.asked())
        except ModelError as error:
            self.counts.failed += 1
            return None, str(error)
        text = made.text.strip()
        reason = self._read(text, made.finish, ask)
        if reason is not None:
            return None, reason
        self._keep(ask.prompt, text)
        return Worded(
            text, "model", "the guard let it through", "", made.tokens_made, made.first_ms, made.ms
        ), ""

    def _read(self, text: str, finish: str, ask: _Ask) -> str | None:
        """Return why *text* may not be said, and count it; None if it may."""
        if text == prompts.MISSING:
            self.counts.missing += 1
            return "the model found no fact that was asked for"
        reason = "it did not come to an end" if finish != "stop" else ask.fault(text)
        if reason is None:
            self.counts.worded += 1
            self._faults = 0
            return None
        self.counts.refused += 1
        self._faults += 1
        return f"the guard refused the model's sentence: {reason}"

    def _keep(self, prompt: str, text: str) -> None:
        variants = self._kept.setdefault(prompt, [])
        if text not in variants:
            variants.append(text)
        self._kept.move_to_end(prompt)
        while len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)


def filled(sentence: str, facts: Sequence[Fact]) -> str:
    """Return *sentence* with the values of *facts* in it, each sentence with a capital.

    The values are put in at once: what stands in braces in one of them stays as it is.
    """
    values = {fact.name: fact.value for fact in facts}

    def put(match: re.Match[str]) -> str:
        begins = sentence[: match.start()].rstrip()[-1:] in ("", ".", "!", "?")
        return _capital(values[match[1]]) if begins else values[match[1]]

    return _capital(_NAMED.sub(put, sentence))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _of(reply: Worded, text: str, *, glance: str = "") -> Worded:
    return Worded(text, "model", reply.reason, glance, reply.tokens, reply.first_ms, reply.ms)
