"""An answer, from the question to the words: understand, choose who speaks, word, and say why."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter

from agent.ask.route import Reply, Route
from agent.context import Context
from agent.events import FACT_MAX, Fact
from agent.ports import Recall
from agent.router import Candidate, Choice, Moment, Question, Wanted, choose
from agent.skill import Evidence
from agent.wording.worder import Worded, Worder


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer, who spoke it, and what that took."""

    reply: Reply
    choice: Choice
    worded: Worded
    understood_ms: float
    worded_ms: float

    @property
    def tier(self) -> int:
        """Return the tier that spoke at last."""
        return self.choice.tier if self.worded.by == "model" else self.reply.tier

    def noted(self, note: str) -> "Told":
        """Return the same with *note* behind the words."""
        answer = replace(self.reply.answer, text=self.reply.answer.text + note)
        return replace(self, reply=replace(self.reply, answer=answer))


@dataclass(frozen=True, slots=True)
class Device:
    """How the device is and what is installed, asked anew for each question."""

    moment: Callable[[Wanted, Context], Moment]
    candidate: Callable[[str], Candidate | None]


IDLE = Device(
    lambda wanted, _: Moment(wanted=wanted),
    lambda name: Candidate(size_mb=0) if name == "words" else None,
)
"""A device that spares nothing, for a pipeline that was given no other."""


class Answerer:
    """Answers from the tools, in the words of whom the router chooses."""

    def __init__(self, route: Route, worder: Worder, device: Device = IDLE) -> None:
        self._route, self._worder, self._device = route, worder, device

    async def answer(
        self, question: str, *, recall: Recall, context: Context, wanted: Wanted
    ) -> Told:
        """Return the answer to *question*, and all that `--why` shows."""
        began = perf_counter()
        reply = await self._route.answer(question, recall=recall, context=context)
        understood = perf_counter()
        facts = facts_of(reply)
        asked = Question(tier=reply.tier, understood=bool(reply.tool), facts=len(facts))
        choice = choose(
            asked,
            self._device.moment(wanted, context),
            small=self._device.candidate("words"),
            large=self._device.candidate("large"),
        )
        worded = Worded(reply.answer.text, "template", choice.reason)
        if choice.model == "small":
            said = [one.role for one in reply.answer.evidence if one.said]
            worded = await self._worder.answer(question, reply.answer.text, facts, said=said)
        return Told(
            reply=replace(reply, answer=replace(reply.answer, text=worded.text)),
            choice=choice,
            worded=worded,
            understood_ms=1000 * (understood - began),
            worded_ms=1000 * (perf_counter() - understood),
        )


def facts_of(reply: Reply) -> list[Fact]:
    """Return what a model may word of *reply*: nothing where it is honest that it cannot tell."""
    if not reply.answer.known or any(len(one.value) > FACT_MAX for one in reply.answer.evidence):
        return []
    return [_fact(one) for one in reply.answer.evidence]


def _fact(evidence: Evidence) -> Fact:
    return Fact(name=evidence.role, value=evidence.value)
