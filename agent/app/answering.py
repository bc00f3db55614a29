"""An answer, from the question to the words: understand, choose who speaks, word, and say why."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter
from unicodedata import category

from agent.app import known
from agent.ask.dialogue import Dialogue
from agent.ask.larger import Larger, Opened, Show
from agent.ask.replies import Meant
from agent.ask.route import Reply, Route
from agent.context import Context
from agent.errors import ModelError
from agent.events import FACT_MAX, Fact
from agent.ports import Recall
from agent.router import Candidate, Choice, Moment, Question, Wanted, choose
from agent.skill import Answer, Evidence
from agent.wording.worder import By, Worded, Worder

_TURNS = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))


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


AMONG = 12  # tools that a larger model chooses from: nearly always the right one is there
IDLE = Device(
    lambda wanted, _: Moment(wanted=wanted),
    lambda name: Candidate(size_mb=0) if name == "words" else None,
)
"""A device that spares nothing, for a pipeline that was given no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """What a question is asked in: memory, belief, what is wanted, and who sees parts of it."""

    recall: Recall
    context: Context
    wanted: Wanted = "text"
    show: Show | None = None
    dialogue: Dialogue | None = None
    meant: Meant | None = None
    """What the question is known to mean already."""
    clocked: Context | None = None
    """The context by the clock, where the other is of the last input, long ago."""


class Answerer:
    """Answers from the tools, in the words of whom the router chooses."""

    def __init__(
        self, route: Route, worder: Worder, larger: Larger | None = None, device: Device = IDLE
    ) -> None:
        self._route, self._worder, self._device = route, worder, device
        self._larger = larger
        self._exact = frozenset(
            name for name, tool in route.tools.items() if tool.acts or tool.exact
        )

    async def answer(self, question: str, here: Here) -> Told:
        """Return the answer to *question*, and all that `--why` shows."""
        began = perf_counter()
        reply = await self._understood(question, here)
        understood = perf_counter()
        choice = self._choose(reply, here)
        worded = Worded(reply.answer.text, "template", choice.reason)
        if choice.model == "small":
            worded = await self._worded(question, reply)
        elif self._larger is not None and choice.model == "large":
            reply, worded = await self._open(self._larger, question, reply, choice, here)
        elif self._larger is not None and reply.open:
            worded = _beside(reply, f"Your larger model was not asked: {choice.reason}.")
        return Told(
            reply=replace(reply, answer=replace(reply.answer, text=readable(worded.text))),
            choice=choice,
            worded=worded,
            understood_ms=1000 * (understood - began),
            worded_ms=1000 * (perf_counter() - understood),
        )

    async def _understood(self, question: str, here: Here) -> Reply:
        reply = await self._read(question, here)
        if here.clocked is None or not reply.tool or not self._route.tools[reply.tool].by_clock:
            return reply
        return await self._read(question, replace(here, context=here.clocked))

    async def _read(self, question: str, here: Here) -> Reply:
        if here.meant is not None:
            return self._route.explained(
                question,
                here.meant,
                recall=here.recall,
                context=here.context,
                dialogue=here.dialogue or Dialogue(),
            )
        return await self._route.answer(
            question,
            recall=here.recall,
            context=here.context,
            dialogue=here.dialogue,
            spoken=here.wanted == "voice",
        )

    def _choose(self, reply: Reply, here: Here) -> Choice:
        asked = Question(tier=reply.tier, understood=not reply.open, facts=len(self._facts(reply)))
        return choose(
            asked,
            self._device.moment(here.wanted, here.context),
            small=self._device.candidate("words"),
            large=self._device.candidate("large") if self._larger else None,
        )

    def _facts(self, reply: Reply) -> list[Fact]:
        return facts_of(reply, exact=self._exact)

    async def _worded(self, question: str, reply: Reply) -> Worded:
        said = [one.role for one in reply.answer.evidence if one.said]
        return await self._worder.answer(question, reply.answer.text, self._facts(reply), said=said)

    async def _open(
        self, larger: Larger, question: str, reply: Reply, choice: Choice, here: Here
    ) -> tuple[Reply, Worded]:
        """Return what the larger model's tool found, or else its own words; both were read."""
        try:
            model = self._device.candidate("large")
            chooses = model is None or model.chooses
            among = await self._route.nearest(question, most=AMONG) if chooses else []
            chosen = await larger.choose(question, among=among) if chooses else None
            if chosen is not None:
                found = self._route.use(
                    chosen.tool,
                    chosen.phrases,
                    recall=here.recall,
                    context=here.context,
                    dialogue=here.dialogue,
                )
                return found, Worded(found.answer.text, "template", "the larger model chose a tool")
            parts = _Parts(here.show)
            lines = known.lines(question, here.recall, here.context)
            opened = await larger.answer(
                question, lines, tokens_max=choice.tokens_max, show=parts.show
            )
        except ModelError as error:
            return reply, _beside(reply, f"Your larger model could not help: {_plain(error)}.")
        return _spoken(reply, opened, first_ms=parts.first_ms)


class _Parts:
    """Passes on the parts of an answer, and knows how long the first took."""

    def __init__(self, show: Show | None) -> None:
        self._show, self._began = show, perf_counter()
        self.first_ms = 0.0

    async def show(self, part: str) -> None:
        self.first_ms = self.first_ms or 1000 * (perf_counter() - self._began)
        if self._show is not None:
            await self._show(part)


def _spoken(reply: Reply, opened: Opened, *, first_ms: float) -> tuple[Reply, Worded]:
    """Return what the larger model said, with the lines that it cites as evidence."""
    cited = tuple(
        Evidence(role=f"[{one.id}]", value=one.text, unit=one.source) for one in opened.cited
    )
    text = f"{opened.text} (It broke off: {_plain(opened.broke)}.)" if opened.broke else opened.text
    reason = "; ".join(opened.refused) or "each sentence was read before it was said"
    by: By = "model" if opened.said else "template"
    answered = replace(reply, answer=Answer(text, cited, known=opened.known))
    return answered, Worded(text, by, reason, first_ms=first_ms)


def readable(text: str) -> str:
    """Return *text* without what no line of text has: it could move a cursor or turn words round.

    That is control characters, halves of characters, and marks of the direction of writing.
    """
    odd = (one in _TURNS or category(one) in ("Cc", "Cs") for one in text)
    return "".join(" " if strange else one for one, strange in zip(text, odd, strict=True))


def _plain(fault: object) -> str:
    return str(fault).rstrip(". ")


def _beside(reply: Reply, note: str) -> Worded:
    """Return the honest answer of *reply*, and why no larger model has a better one."""
    return Worded(f"{reply.answer.text} ({note})", "template", note)


def facts_of(reply: Reply, *, exact: frozenset[str] = frozenset()) -> list[Fact]:
    """Return what a model may word of *reply*.

    Nothing where it is honest that it cannot tell, nor of what the tools *exact* did, nor of what
    was said before: that is said exactly.
    """
    evidence = reply.answer.evidence
    if not reply.answer.known or not reply.tool or reply.tool in exact:
        return []
    if any(len(one.value) > FACT_MAX for one in evidence):
        return []
    return [_fact(one) for one in evidence]


def _fact(evidence: Evidence) -> Fact:
    return Fact(name=evidence.role, value=evidence.value)
