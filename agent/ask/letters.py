"""Tier 0: a question that is an example to the letter; and what there is to learn.  Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.ask import slots, windows
from agent.ask.elsewhere import ELSEWHERE
from agent.ask.frames import unwrapped
from agent.ask.voices import authors, strangers
from agent.context import Context
from agent.skill import Skill, Tool

WAYS_MAX = 2  # an example with slots is learnt with so many fillings
LESSONS_MAX = 240  # of a tool: all are learnt in 8 s on one quiet core
NONE = "~"
"""What a meaning that is no tool's begins with: a topic that carpal knows nothing of."""
FILLED = {
    "limits": ("160 words a minute", "half the time", "75 dB", "5 fillers a minute", "150 wpm"),
    "language": ("German", "Polish", "Spanish", "Turkish", "French", "Ukrainian"),
    "presence": (
        "when I leave", "when I come home", "when I go to sleep", "when I wake up", "when I go out",
    ),
    "signal": (*(said[0] for said in slots.SIGNAL_WORDS.values()), "pulse", "hrv"),
    "window": (
        "today", "during the last meeting", "last night", "in the last hour", "since 9",
        "yesterday", "this morning", "between ten and eleven", "in the past 20 minutes",
    ),
    "spans": (
        "this week than last week", "today than yesterday", "today with yesterday",
        "yesterday and the day before", "last month and this month", "last week to this week",
    ),
    "period": (
        "tomorrow", "today", "this afternoon", "on friday", "yesterday", "this week", "on monday",
        "tonight",
    ),
    "statistic": ("highest", "average", "lowest", "maximum", "minimum"),
    "list_name": ("shopping", "grocery", "packing", "shopping"),
    "items": (
        "milk", "eggs and bread", "two lemons", "toilet paper", "rice, onions and a bag of flour",
        "batteries", "a bottle of olive oil", "socks", "apples", "coffee",
    ),
    "text": (
        "ring the school", "stretch", "take my pills", "pay the gas bill", "buy flowers",
        "check the oven", "send Anna the slides", "drink something", "pick up the parcel",
        "charge the car", "feed the cat", "the parents' evening",
    ),
    "due": (
        "tomorrow at eight", "in 20 minutes", "at 6 pm", "on friday", "tonight", "in an hour",
        "tomorrow morning", "at half past four", "next monday", "this evening",
    ),
    "until": (
        "until five", "for two hours", "until the meeting", "for 45 minutes", "till half past six",
        "until tomorrow morning", "for the rest of the day", "until noon", "for an hour",
    ),
    "topic": (
        "groceries", "walks", "bedtime", "meetings", "the shopping", "moving", "training",
        "notifications", "breaks", "the journal",
    ),
    "thing": (
        "keys", "passport", "umbrella", "charger", "spare key", "glasses", "medical card", "bike",
        "winter coat", "birth certificate",
    ),
    "spot": (
        "in the blue drawer", "on the top shelf", "at my sister's", "in the car", "with Tom",
        "under the stairs", "in my backpack", "behind the door", "in the box in the cellar",
    ),
    "title": (
        "the budget review", "the planning meeting", "my dentist appointment", "the call with Ada",
        "the standup", "the school meeting",
    ),
    "note": (
        "ask Ada about the figures", "bring the contract", "Kim is on leave", "say no to the date",
        "mention the leak", "the room has changed",
    ),
    "which": (
        "gas bill", "doctor", "feed the cat", "parcel", "oven", "stretch", "school", "laundry",
    ),
    "often": (
        "every weekday at 8", "every two hours until six", "on the first of the month",
        "every monday", "every morning", "each evening at nine", "every other friday", "daily",
    ),
    "upon": (
        "when I get home", "when I leave work", "next time I'm at the shop", "after the meeting",
        "before my next meeting", "when I'm with Anna", "once I'm back", "when I see Tom",
    ),
    "length": (
        "ten minutes", "5 minutes", "an hour", "half an hour", "90 seconds", "two hours",
        "twenty minutes", "one minute",
    ),
    "medicine": ("metformin", "iron", "blood pressure pill", "aspirin", "vitamin d", "thyroxine"),
    "label": ("pasta", "tea", "laundry", "egg", "pizza", "rice"),
}  # fmt: skip
_SLOT = re.compile(r"\\\{(\w+)\\\}")
_NAMED = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class _Template:
    tool: str
    pattern: re.Pattern[str]
    letters: int
    """How many letters stand outside of slots: the more, the surer."""


class Letters:
    """The examples of the tools that only tell, as patterns, the longest first."""

    def __init__(self, tools: Mapping[str, Tool[Any]]) -> None:
        self._tools = tools
        made = [
            _Template(name, _pattern(example), len(_NAMED.sub("", example)))
            for name, tool in tools.items()
            for example in tool.examples
            if not tool.acts
        ]
        self._templates = sorted(made, key=lambda one: -one.letters)

    def read(self, asked: str, context: Context) -> tuple[str, dict[str, object]] | None:
        """Return the tool and what was said of its arguments, or None."""
        plain = asked.strip(" ?.!").lower()
        for said in dict.fromkeys((plain, unwrapped(plain))):
            for template in self._templates:
                match = template.pattern.fullmatch(said)
                found = self._filled(template.tool, match, asked, context) if match else None
                if found is not None:
                    return template.tool, found
        return None

    def _filled(
        self, name: str, match: re.Match[str], asked: str, context: Context
    ) -> dict[str, object] | None:
        """Return the arguments: of the slots' own words before those of the sentence."""
        tool, said = self._tools[name], match.groupdict()
        whole = slots.fill(tool.arguments, asked, context)
        found = {slot: slots.PARSERS[slot](words, context) for slot, words in said.items()}
        if any(value is None for value in found.values()):
            return None
        if any(_left(said[slot], context) for slot in ("window", "period") if slot in said):
            return None
        return {**whole, **found}


def tools_of(skills: Iterable[Skill]) -> dict[str, Tool[Any]]:
    """Return every tool by its full name, `skill.tool`."""
    return {f"{skill.name}.{tool.name}": tool for skill in skills for tool in skill.tools}


def examples_of(tools: Mapping[str, Tool[Any]]) -> dict[str, list[str]]:
    """Return the examples of each tool with its slots filled in, for an Understanding to learn."""
    return {
        name: list(
            dict.fromkeys(
                one for n, example in enumerate(tool.examples) for one in _fill_in(example, n)
            )
        )
        for name, tool in tools.items()
    }


def lessons(tools: Mapping[str, Tool[Any]]) -> dict[str, list[str]]:
    """Return all that is learnt: examples, other voices, and what no tool is meant by."""
    found = {name: _spoken(name, own) for name, own in examples_of(tools).items()}
    elsewhere = {f"{NONE}{topic}": list(said) for topic, said in ELSEWHERE.items()}
    return {**found, **elsewhere}


def _spoken(name: str, own: list[str]) -> list[str]:
    """Return the *own* examples, those of strangers, and as many of the authors' as are bearable.

    The authors' are evenly chosen.
    """
    near = [*own, *_filled(strangers(), name)]
    more = _filled(authors(), name)
    room = max(0, LESSONS_MAX - len(near))
    step = max(1.0, len(more) / room) if room else 1.0
    chosen = (more[int(place * step)] for place in range(min(room, int(len(more) / step))))
    return list(dict.fromkeys((*near, *chosen)))


def _filled(voices: Iterable[Mapping[str, Sequence[str]]], name: str) -> list[str]:
    asked = ((n, said) for voice in voices for n, said in enumerate(voice.get(name, ())))
    return [one for n, said in asked for one in _fill_in(said, n)[:1]]


def _left(said: str, context: Context) -> str:
    """Return what words of a time were not needed to read it: then it may be another one."""
    rest = windows.read(said, context, ahead=True).rest
    return re.sub(r"[^a-z]|\b(?:the|on|at|in|for|of|my|this|please|from|so|far)\b", "", rest)


def _pattern(example: str) -> re.Pattern[str]:
    return re.compile(_SLOT.sub(_group, re.escape(example.lower())))


def _group(slot: re.Match[str]) -> str:
    return f"(?P<{slot[1]}>{slots.spoken(slot[1])})"


def _fill_in(example: str, turn: int) -> list[str]:
    """Return *example* with its slots filled, a few ways; each *turn* begins at other fillings."""
    named = _NAMED.findall(example)
    if not named:
        return [example]
    known = {slot: FILLED.get(slot, (slot,)) for slot in named}
    ways = min(WAYS_MAX, max(len(filled) for filled in known.values()))
    return [
        example.format(**{slot: filled[place % len(filled)] for slot, filled in known.items()})
        for place in range(turn * ways, (turn + 1) * ways)
    ]
