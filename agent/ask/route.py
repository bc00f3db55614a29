"""The route of a question: the cheapest tier that understands it answers.

Tier 0 is the letter of a tool's example, or what goes on from the last turn; tier 1 its meaning.
The tool's own code makes the answer, so that no number is ever a model's.  A tool that acts needs
more confidence and every argument; where something is missing or in doubt, the wearer is asked.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, assert_never

from pydantic import BaseModel, ValidationError

from agent.ask import cues, evidence, guards, requests, slots, windows
from agent.ask.clocks import PAST
from agent.ask.commands import Commands
from agent.ask.dialogue import Dialogue, Pending, Turn
from agent.ask.follow import Ask, Say, Use, follow
from agent.ask.heard import heard
from agent.ask.letters import NONE, Letters, examples_of, lessons, tools_of
from agent.context import Context
from agent.errors import ModelError
from agent.ports import Recall, Understanding
from agent.skill import Answer, Skill, Tool, Window

__all__ = ["ACT", "MAYBE", "SURE", "Reply", "Route", "examples_of", "tools_of"]
QUESTION_MAX = 2000
SURE = 0.35
MAYBE = 0.2  # below this not even "did you mean" is honest
ELSE = 0.6  # what begins like a request for something else is one below this
ACT = 0.8  # what acts is asked about first below this
_TIMES = frozenset(("window", "period"))
_TELL = re.compile(
    r"^(?:please )?remind me (?=(?:what|which|who|where|how|why|when (?:is|are|do|does|was|my))\b)",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer, and how it came about."""

    answer: Answer
    tier: int
    tool: str
    arguments: dict[str, object]
    reason: str
    wording: Literal["model", "template"] = "template"
    dialogue: Dialogue = field(default_factory=Dialogue)
    """What the next question may go on from."""

    def worded(self, text: str, *, by: Literal["model", "template"]) -> "Reply":
        """Return the same answer in other words."""
        return replace(self, answer=replace(self.answer, text=text), wording=by)


class Route:
    """Answer questions from the tools of the skills."""

    def __init__(self, skills: Iterable[Skill], understandings: Sequence[Understanding]) -> None:
        """Ask each of *understandings* in turn: the first that works gives the meaning."""
        self._tools = tools_of(skills)
        self._commands = Commands(self._tools)
        self._letters = Letters(self._tools)
        self._lessons = lessons(self._tools)
        self._understandings = list(understandings)
        self._fitted: set[int] = set()

    async def answer(
        self,
        question: str,
        *,
        recall: Recall,
        context: Context,
        dialogue: Dialogue | None = None,
    ) -> Reply:
        """Return the reply to *question*, after *dialogue*; one that cannot be told is one too."""
        asked = " ".join(question.split())
        asked = heard(asked) if len(asked) <= QUESTION_MAX else asked
        before = (dialogue or Dialogue()).recent(context.now)
        if not asked:
            text = "I can't tell: nothing was asked."
            return _unknown(text, before, reason="the question was empty")
        if len(asked) > QUESTION_MAX:
            text = f"I can't tell: the question is longer than {QUESTION_MAX} characters."
            return _unknown(text, before, reason="the question was too long")
        here = _Here(recall, context, asked, before)
        step = follow(asked, before, self._tools, context)
        match step:
            case Use():
                return self._use(_how(step), step.said, here._replace(asked=step.asked or asked))
            case Say():
                return _said(step, here)
            case Ask():
                return await self._by_itself(here._replace(asked=step.words))
            case None:
                return await self._by_itself(here)
            case _:
                assert_never(step)

    def use(
        self,
        tool: str,
        phrases: Mapping[str, str],
        *,
        recall: Recall,
        context: Context,
        dialogue: Dialogue | None = None,
    ) -> Reply:
        """Return what *tool* answers, chosen by a model; code reads the words of each argument.

        What acts is asked about first.
        """
        said = slots.read(self._tools[tool].arguments, phrases, context)
        before = (dialogue or Dialogue()).recent(context.now)
        here = _Here(recall, context, " ".join(phrases.values()), before)
        return self._use(_How(tool, 3, "the larger model chose the tool"), said, here)

    async def _by_itself(self, here: "_Here") -> Reply:
        here = here._replace(asked=_TELL.sub("", here.asked))
        refusal = requests.refusal(here.asked)
        if refusal is not None:
            return _unknown(refusal, here.before, reason="it is a request, not a question")
        literal = self._letters.read(here.asked, here.context)
        if literal is not None:
            name, arguments = literal
            how = _How(name, 0, "it is an example of the tool to the letter")
            return self._use(how, arguments, here)
        command = self._commands.read(here.asked)
        if command is not None:
            return self._act(_How(command, 0, "it has the frame of its command", sure=True), here)
        return await self._by_meaning(here)

    async def _by_meaning(self, here: "_Here") -> Reply:
        ranked = await self._rank(here.asked)
        tools = self._possible(ranked, here.asked)
        other = requests.other(here.asked)
        if other is not None and (not tools or tools[0][1] < ELSE):
            return _unknown(other, here.before, reason="it is a request, not a question")
        evident = evidence.evident(here.asked, self._tools, here.context)
        if evident is not None and (not tools or tools[0][1] < SURE):
            return self._act(_How(evident, 1, "it names what that tool is about"), here)
        if not tools or tools[0][1] < MAYBE:
            sure = f"{tools[0][1]:.2f}" if tools else "0"
            return _unknown(
                "I can't tell: no skill of mine answers that.",
                here.before,
                reason=f"the nearest meaning has a confidence of {sure}",
            )
        name, confidence = tools[0]
        if confidence < SURE:
            return self._did_you_mean(tools[:2], here)
        reason = f"its meaning, with a confidence of {confidence:.2f}"
        return self._act(_How(name, 1, reason, sure=confidence >= ACT), here)

    def _act(self, how: "_How", here: "_Here") -> Reply:
        """Use a tool with what the sentence says; one that acts is asked about where in doubt."""
        tool = self._tools[how.tool]
        said = slots.fill(tool.arguments, here.asked, here.context)
        doubt = guards.doubt(here.asked, denials=not tool.removes) if tool.acts else None
        return self._use(how._replace(sure=how.sure and doubt is None), said, here)

    async def _rank(self, asked: str) -> Sequence[tuple[str, float]]:
        for place, understanding in enumerate(self._understandings):
            try:
                if place not in self._fitted:
                    await understanding.fit(self._lessons)
                    self._fitted.add(place)
                return await understanding.rank(asked)
            except ModelError:
                self._fitted.discard(place)
        return ()

    def _possible(self, ranked: Sequence[tuple[str, float]], asked: str) -> list[tuple[str, float]]:
        """Return what *asked* may mean: a question is no command, what denies is no request."""
        tools = [(name, sure) for name, sure in ranked if not name.startswith(NONE)]
        if not guards.is_question(asked):
            return tools
        left = [(name, sure) for name, sure in tools if not self._tools[name].acts]
        dropped = sum(sure for name, sure in tools if self._tools[name].acts)
        return [(name, sure / max(1 - dropped, sure, 0.2)) for name, sure in left]

    def _did_you_mean(self, ranked: Sequence[tuple[str, float]], here: "_Here") -> Reply:
        names = tuple(name for name, sure in ranked if sure >= MAYBE / 2)
        choices = " or ".join(self._tools[name].what for name in names)
        pending = Pending(at=here.context.now, question=here.asked, tool=names[0], choices=names)
        return _unknown(
            f"I am not sure: did you mean {choices}?",
            here.before.asking(pending),
            reason=f"the best meaning has a confidence of {ranked[0][1]:.2f}, under {SURE}",
        )

    def _use(self, how: "_How", said: Mapping[str, object], here: "_Here") -> Reply:
        tool = self._tools[how.tool]
        astray = None if how.settled else _astray(tool, here)
        if astray is not None:
            return _unknown(astray, here.before, reason=f"{how.tool} was meant: {how.reason}")
        try:
            arguments = tool.arguments.model_validate(said)
        except ValidationError as error:
            return self._missing(str(error.errors()[0]["loc"][0]), how, said, here)
        answer = tool.answer(arguments, here.recall, here.context)
        if answer.events and (answer.weighty or not how.sure) and not how.confirmed:
            return _offered(answer, how, (said, arguments), here)
        turn = Turn(
            at=here.context.now, question=here.asked, tool=how.tool, said=said, answer=answer
        )
        return Reply(
            answer=answer,
            tier=how.tier,
            tool=how.tool,
            arguments=arguments.model_dump(mode="json", exclude_defaults=True),
            reason=how.reason,
            dialogue=here.before.after(turn),
        )

    def _missing(self, name: str, how: "_How", said: Mapping[str, object], here: "_Here") -> Reply:
        """Return the question for an argument that was not said."""
        tool = self._tools[how.tool]
        asked = tool.asks.get(name)
        pending = Pending(
            at=here.context.now, question=here.asked, tool=how.tool, said=said, missing=name
        )
        text = asked or f"I can't tell: the question does not say which {name}."
        reason, after = f"{how.tool} needs {name}", here.before.asking(pending)
        unknown = _unknown(text, after, reason=reason)
        return replace(unknown, tool=how.tool, tier=how.tier) if asked else unknown


class _Here(NamedTuple):
    recall: Recall
    context: Context
    asked: str
    before: Dialogue


class _How(NamedTuple):
    tool: str
    tier: int
    reason: str
    sure: bool = False
    """Sure enough to act."""
    confirmed: bool = False
    """Asked about first already."""
    settled: bool = False


def _how(step: Use) -> _How:
    return _How(
        step.tool,
        0,
        step.reason,
        sure=step.sure,
        confirmed=step.confirmed,
        settled=step.settled,
    )


def _said(step: Say, here: _Here) -> Reply:
    """Return the reply about what was said before; what it did can be taken back in turn."""
    before = here.before.asking(None)
    last = before.last
    if step.answer.events and last is not None:
        turn = Turn(
            at=here.context.now, question=here.asked, tool=last.tool, said={}, answer=step.answer
        )
        before = before.after(turn)
    return Reply(
        answer=step.answer, tier=0, tool="", arguments={}, reason=step.reason, dialogue=before
    )


def _offered(
    answer: Answer, how: _How, said: tuple[Mapping[str, object], BaseModel], here: _Here
) -> Reply:
    """Return the question whether to do what *answer* would have done."""
    found, arguments = said
    pending = Pending(at=here.context.now, question=here.asked, tool=how.tool, said=found)
    return Reply(
        answer=Answer(f"Shall I {answer.offer}?", known=False),
        tier=how.tier,
        tool=how.tool,
        arguments=arguments.model_dump(mode="json", exclude_defaults=True),
        reason=f"it is asked about first: {how.reason}",
        dialogue=here.before.asking(pending),
    )


def _astray(tool: Tool[Any], here: _Here) -> str | None:
    """Return why *tool* cannot answer for the person or the time asked about; None if it can."""
    other = guards.of_no_wearer(here.asked) if tool.own else None
    if other is not None:
        return other
    timed = not _TIMES.isdisjoint(tool.arguments.model_fields)
    if not timed and not tool.now_only:
        return None
    ahead = "period" in tool.arguments.model_fields
    found = windows.read(here.asked, here.context, ahead=ahead)
    measured = "window" in tool.arguments.model_fields and "signal" in tool.arguments.model_fields
    if cues.of_time(found.rest) or (measured and cues.of_an_occasion(found.rest)):
        return "I can't tell: I did not understand which time you mean."
    if tool.now_only and found.window is not None and not _of_now(found.window, here):
        return "I can tell that only of now."
    return None


def _of_now(window: Window, here: _Here) -> bool:
    """Return whether a question about *window* asks how it is now."""
    inside = window.since <= here.context.now < window.until
    return inside and not PAST.search(here.asked.lower())


def _unknown(text: str, dialogue: Dialogue, *, reason: str) -> Reply:
    return Reply(
        answer=Answer(text, known=False),
        tier=0,
        tool="",
        arguments={},
        reason=reason,
        dialogue=dialogue,
    )
