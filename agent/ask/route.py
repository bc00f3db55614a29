"""The route of a question: the cheapest tier that understands it answers.

Tier 0 is the letter of a tool's example, tier 1 its meaning.  The tool's own code makes the
answer, so that no number is ever a model's.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError

from agent.ask import cues, requests, slots, windows
from agent.context import Context
from agent.errors import ModelError
from agent.ports import Recall, Understanding
from agent.skill import Answer, Skill, Tool, Window

QUESTION_MAX = 2000
SURE = 0.5
MAYBE = 0.25  # below this not even "did you mean" is honest
_SLOT = re.compile(r"\\\{(\w+)\\\}")
_FILLED = {
    "signal": (*(said[0] for said in slots.SIGNAL_WORDS.values()), "pulse", "hrv"),
    "window": ("today", "during the last meeting", "last night", "in the last hour", "since 9"),
    "statistic": ("highest", "average", "lowest", "maximum", "minimum"),
    "list_name": ("shopping", "grocery", "packing"),
}
_TIMES = frozenset(("window", "period"))
_PAST = re.compile(r"\b(?:was|were|did|had|been|last|past|since)\b")
WAYS_MAX = 4  # an example with slots is learnt with so many fillings


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer, and how it came about."""

    answer: Answer
    tier: int
    tool: str
    arguments: dict[str, object]
    reason: str
    wording: Literal["model", "template"] = "template"

    def worded(self, text: str, *, by: Literal["model", "template"]) -> "Reply":
        """Return the same answer in other words."""
        return replace(self, answer=replace(self.answer, text=text), wording=by)


def tools_of(skills: Iterable[Skill]) -> dict[str, Tool[Any]]:
    """Return every tool by its full name, `skill.tool`."""
    return {f"{skill.name}.{tool.name}": tool for skill in skills for tool in skill.tools}


def examples_of(tools: dict[str, Tool[Any]]) -> dict[str, list[str]]:
    """Return the examples of each tool with its slots filled in, for an Understanding to learn."""
    return {
        name: [one for n, example in enumerate(tool.examples) for one in _fill_in(example, n)]
        for name, tool in tools.items()
    }


class Route:
    """Answer questions from the tools of the skills."""

    def __init__(self, skills: Iterable[Skill], understandings: Sequence[Understanding]) -> None:
        """Ask each of *understandings* in turn: the first that works gives the meaning."""
        self._tools = tools_of(skills)
        self._understandings = list(understandings)
        self._fitted: set[int] = set()

    async def answer(self, question: str, *, recall: Recall, context: Context) -> Reply:
        """Return the reply to *question*; one that cannot be told is a reply too."""
        asked = " ".join(question.split())
        if not asked:
            return _unknown("I can't tell: nothing was asked.", reason="the question was empty")
        if len(asked) > QUESTION_MAX:
            text = f"I can't tell: the question is longer than {QUESTION_MAX} characters."
            return _unknown(text, reason="the question was too long")
        here = _Here(recall, context, asked)
        refusal = requests.refusal(asked)
        if refusal is not None:
            return _unknown(refusal, reason="it is a request, not a question")
        literal = self._by_letter(asked, context)
        if literal is not None:
            name, arguments = literal
            how = _How(name, 0, "it is an example of the tool to the letter")
            return self._use(how, arguments, here)
        return await self._by_meaning(asked, here)

    def _by_letter(self, asked: str, context: Context) -> tuple[str, dict[str, object]] | None:
        plain = asked.strip(" ?.!").lower()
        for name, tool in self._tools.items():
            for example in tool.examples:
                pattern = _SLOT.sub(_group, re.escape(example.lower()))
                match = re.fullmatch(pattern, plain)
                if match is None:
                    continue
                said = match.groupdict()
                found = {slot: slots.PARSERS[slot](words, context) for slot, words in said.items()}
                if all(value is not None for value in found.values()):
                    fields = list(tool.arguments.model_fields)
                    return name, {**slots.fill(fields, asked, context), **found}
        return None

    async def _by_meaning(self, asked: str, here: "_Here") -> Reply:
        ranked = await self._rank(asked)
        if not ranked or ranked[0][1] < MAYBE:
            sure = f"{ranked[0][1]:.2f}" if ranked else "0"
            return _unknown(
                "I can't tell: no skill of mine answers that.",
                reason=f"the nearest meaning has a confidence of {sure}",
            )
        name, confidence = ranked[0]
        if confidence < SURE:
            return self._did_you_mean(ranked[:2])
        names = list(self._tools[name].arguments.model_fields)
        arguments = slots.fill(names, asked, here.context)
        how = _How(name, 1, f"its meaning, with a confidence of {confidence:.2f}")
        return self._use(how, arguments, here)

    async def _rank(self, asked: str) -> Sequence[tuple[str, float]]:
        for place, understanding in enumerate(self._understandings):
            try:
                if place not in self._fitted:
                    await understanding.fit(examples_of(self._tools))
                    self._fitted.add(place)
                return await understanding.rank(asked)
            except ModelError:
                self._fitted.discard(place)
        return ()

    def _did_you_mean(self, ranked: Sequence[tuple[str, float]]) -> Reply:
        choices = " or ".join(self._tools[name].what for name, sure in ranked if sure >= MAYBE / 2)
        return _unknown(
            f"I am not sure what you mean: {choices}?",
            reason=f"the best meaning has a confidence of {ranked[0][1]:.2f}, under {SURE}",
        )

    def _use(self, how: "_How", said: dict[str, object], here: "_Here") -> Reply:
        tool = self._tools[how.tool]
        astray = _astray(tool, here)
        if astray is not None:
            return _unknown(astray, reason=f"{how.tool} was meant: {how.reason}")
        try:
            arguments = tool.arguments.model_validate(said)
        except ValidationError as error:
            missing = error.errors()[0]["loc"][0]
            return _unknown(
                f"I can't tell: the question does not say which {missing}.",
                reason=f"{how.tool} needs {missing}",
            )
        return Reply(
            answer=tool.answer(arguments, here.recall, here.context),
            tier=how.tier,
            tool=how.tool,
            arguments=arguments.model_dump(mode="json", exclude_defaults=True),
            reason=how.reason,
        )


class _Here(NamedTuple):
    recall: Recall
    context: Context
    asked: str


class _How(NamedTuple):
    tool: str
    tier: int
    reason: str


def _astray(tool: Tool[Any], here: _Here) -> str | None:
    """Return why *tool* cannot answer for the time that was asked about; None if it can."""
    timed = not _TIMES.isdisjoint(tool.arguments.model_fields)
    if not timed and not tool.now_only:
        return None
    found = windows.read(here.asked, here.context)
    measured = "window" in tool.arguments.model_fields and "signal" in tool.arguments.model_fields
    if cues.of_time(found.rest) or (measured and cues.of_an_occasion(found.rest)):
        return "I can't tell: I did not understand which time you mean."
    if tool.now_only and found.window is not None and not _of_now(found.window, here):
        return "I can tell that only of now."
    return None


def _of_now(window: Window, here: _Here) -> bool:
    """Return whether a question about *window* asks how it is now."""
    inside = window.since <= here.context.now < window.until
    return inside and not _PAST.search(here.asked.lower())


def _unknown(text: str, *, reason: str) -> Reply:
    return Reply(answer=Answer(text, known=False), tier=0, tool="", arguments={}, reason=reason)


def _group(slot: re.Match[str]) -> str:
    return f"(?P<{slot[1]}>{slots.spoken(slot[1])})"


def _fill_in(example: str, turn: int) -> list[str]:
    """Return *example* with its slots filled, a few ways; each *turn* begins at other fillings."""
    named = re.findall(r"\{(\w+)\}", example)
    if not named:
        return [example]
    ways = min(WAYS_MAX, max(len(_FILLED[slot]) for slot in named))
    return [
        example.format(**{slot: _FILLED[slot][place % len(_FILLED[slot])] for slot in named})
        for place in range(turn * ways, (turn + 1) * ways)
    ]
