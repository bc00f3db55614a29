"""The route of a question: the cheapest tier that understands it answers.

Tier 0 is the letter of a tool's example, or what goes on from the last turn; tier 1 its meaning.
The tool's own code makes the answer, so that no number is ever a model's.  A tool that acts needs
more confidence and every argument; where something is missing or in doubt, the wearer is asked.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, assert_never

from pydantic import BaseModel, ValidationError

from agent.ask import evidence, guards, requests, slots, upon
from agent.ask.commands import Commands
from agent.ask.dialogue import Dialogue, Pending, Turn
from agent.ask.follow import Ask, Say, Use, follow
from agent.ask.heard import heard
from agent.ask.letters import NONE, Letters, examples_of, lessons, tools_of
from agent.ask.replies import Meant, Reply, astray, unknown
from agent.context import Context
from agent.errors import ModelError
from agent.ports import Recall, Understanding
from agent.skill import Answer, Skill, Tool

__all__ = ["ACT", "MAYBE", "SURE", "Reply", "Route", "examples_of", "tools_of"]
QUESTION_MAX = 2000
# By tests/said.py and tests/questions.py, among 46 tools: 272 of 288 find theirs or none, with 0.2
# as with 0.13; the lower answers more.  No threshold of these does anything that was not meant.
SURE = 0.14
MAYBE = 0.09  # below this not even "did you mean" is honest
ELSEWHERE = 0.5  # as sure as this, a topic is none of ours
ACT = 0.8  # what acts is asked about first below this
PILLS = "medication."  # whoever asks to take a break asks for none of these
_TELL = re.compile(
    r"^(?:please )?remind me (?=(?:what|which|who|where|how|why|when (?:is|are|do|does|was|my))\b)",
    re.I,
)


class Route:
    """Answer questions from the tools of the skills."""

    def __init__(self, skills: Iterable[Skill], understandings: Sequence[Understanding]) -> None:
        """Ask each of *understandings* in turn: the first that works gives the meaning."""
        self._understandings = list(understandings)
        self.teach(skills)

    def teach(self, skills: Iterable[Skill]) -> None:
        """Know the tools of *skills* from here on, and no others; the meaning is learned anew."""
        self._tools = tools_of(skills)
        self._commands = Commands(self._tools)
        self._letters = Letters(self._tools)
        self._lessons = lessons(self._tools)
        self._fitted: set[int] = set()

    async def answer(
        self,
        question: str,
        *,
        recall: Recall,
        context: Context,
        dialogue: Dialogue | None = None,
        spoken: bool = False,
    ) -> Reply:
        """Return the reply to *question*, after *dialogue*; one that cannot be told is one too.

        What a *spoken* one asks to be done is read back first: a recognizer loses words.
        """
        asked = " ".join(question.split())
        asked = heard(asked) if len(asked) <= QUESTION_MAX else asked
        before = (dialogue or Dialogue()).recent(context.now)
        if not asked:
            text = "I can't tell: nothing was asked."
            return unknown(text, before, reason="the question was empty")
        if len(asked) > QUESTION_MAX:
            text = f"I can't tell: the question is longer than {QUESTION_MAX} characters."
            return unknown(text, before, reason="the question was too long")
        here = _Here(recall, context, asked, before, spoken=spoken)
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

    @property
    def tools(self) -> Mapping[str, Tool[Any]]:
        """Return every tool by its full name."""
        return self._tools

    def acts(self, question: str) -> bool:
        """Return whether *question* reads like a command."""
        asked = " ".join(question[:QUESTION_MAX].split())
        return self._commands.read(heard(asked)) is not None

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

    def explained(
        self, question: str, meant: Meant, *, recall: Recall, context: Context, dialogue: Dialogue
    ) -> Reply:
        """Return what the tool answers whose grammar explains a *question* that was heard."""
        here = _Here(recall, context, question, dialogue.recent(context.now), spoken=True)
        how = _How(meant.tool, 0, "its grammar explains it", sure=meant.sure, settled=True)
        return self._use(how, meant.said, here)

    def literal(self, question: str, context: Context) -> bool:
        """Return whether *question* is an example of a tool to the letter."""
        return self._letters.read(heard(" ".join(question.split())), context) is not None

    async def nearest(self, question: str, *, most: int) -> list[str]:
        """Return the tools whose meaning is nearest to that of *question*, the nearest first."""
        ranked = await self._rank(question)
        return [name for name, _ in ranked if name in self._tools][:most]

    async def _by_itself(self, here: "_Here") -> Reply:
        here = here._replace(asked=_TELL.sub("", here.asked))
        refusal = requests.refusal(here.asked)
        if refusal is not None:
            return unknown(refusal, here.before, reason="it is a request, not a question")
        literal = self._letters.read(here.asked, here.context)
        if literal is not None:
            name, arguments = literal
            how = _How(name, 0, "it is an example of the tool to the letter")
            return self._use(how, arguments, here)
        command = self._commands.read(here.asked)
        if command is not None and self._whole(command, here):
            return self._act(_How(command, 0, "it has the frame of its command", sure=True), here)
        return await self._by_meaning(here, command)

    def _whole(self, name: str, here: "_Here") -> bool:
        """Return whether the sentence says every argument that the tool *name* needs."""
        arguments = self._tools[name].arguments
        said = slots.fill(arguments, here.asked, here.context)
        needed = (one for one, field in arguments.model_fields.items() if field.is_required())
        return all(one in said for one in needed)

    async def _by_meaning(self, here: "_Here", command: str | None) -> Reply:
        ranked = await self._rank(here.asked)
        tools = self._possible(ranked, here.asked)
        doubtful = not tools or tools[0][1] < SURE
        if doubtful and requests.other(here.asked):
            other = str(requests.other(here.asked))
            return unknown(other, here.before, reason="it is a request, not a question")
        evident = evidence.evident(here.asked, self._tools, here.context) if doubtful else None
        if doubtful and not evident and ranked and not _elsewhere(ranked):
            evident = evidence.measured(here.asked, self._tools)
        if doubtful and (evident or command):
            how = _How(str(evident or command), 1, "it names what that tool is about")
            return self._act(how, here)
        if not tools or tools[0][1] < MAYBE:
            sure = f"{tools[0][1]:.2f}" if tools else "0"
            nothing = unknown(
                "I can't tell: no skill of mine answers that.",
                here.before,
                reason=f"the nearest meaning has a confidence of {sure}",
            )
            return replace(nothing, open=True)
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
        never = (NONE, PILLS) if guards.of_a_pause(asked) else (NONE,)
        tools = [(name, sure) for name, sure in ranked if not name.startswith(never)]
        if not guards.is_question(asked):
            return tools
        left = [(name, sure) for name, sure in tools if not self._tools[name].acts]
        dropped = sum(sure for name, sure in tools if self._tools[name].acts)
        return [(name, sure / max(1 - dropped, sure, 0.2)) for name, sure in left]

    def _did_you_mean(self, ranked: Sequence[tuple[str, float]], here: "_Here") -> Reply:
        names = tuple(name for name, sure in ranked if sure >= MAYBE / 2)
        choices = " or ".join(self._tools[name].what for name in names)
        pending = Pending(at=here.context.now, question=here.asked, tool=names[0], choices=names)
        return unknown(
            f"I am not sure: did you mean {choices}?",
            here.before.asking(pending),
            reason=f"the best meaning has a confidence of {ranked[0][1]:.2f}, under {SURE}",
        )

    def _use(self, how: "_How", said: Mapping[str, object], here: "_Here") -> Reply:
        tool = self._tools[how.tool]
        strayed = None if how.settled else astray(tool, here.asked, here.context)
        if strayed is not None:
            return unknown(strayed, here.before, reason=f"{how.tool} was meant: {how.reason}")
        try:
            arguments = tool.arguments.model_validate(said)
        except ValidationError as error:
            return self._missing(str(error.errors()[0]["loc"][0]), how, said, here)
        answer = tool.answer(arguments, here.recall, here.context)
        doubted = answer.weighty or not how.sure or here.spoken
        if answer.events and doubted and not how.confirmed:
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
        if asked and name == "due" and upon.names_no_meeting(here.asked, here.context):
            asked = f"I see no such meeting ahead in your calendar. {asked}"
        pending = Pending(
            at=here.context.now, question=here.asked, tool=how.tool, said=said, missing=name
        )
        text = asked or f"I can't tell: the question does not say which {name}."
        reason, after = f"{how.tool} needs {name}", here.before.asking(pending)
        said_back = unknown(text, after, reason=reason)
        return replace(said_back, tool=how.tool, tier=how.tier) if asked else said_back


def _elsewhere(ranked: Sequence[tuple[str, float]]) -> bool:
    return any(name.startswith(NONE) and sure >= ELSEWHERE for name, sure in ranked)


class _Here(NamedTuple):
    recall: Recall
    context: Context
    asked: str
    before: Dialogue
    spoken: bool = False


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
