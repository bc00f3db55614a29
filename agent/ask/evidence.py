"""What a sentence names that only one tool is about: a time to come, a reminder, a list.  Pure.

It decides nothing by itself: where the meaning is in doubt, the wearer is asked whether that was
meant.
"""

import re
from collections.abc import Mapping
from typing import Any

from agent.ask import dues, guards, items, notes, slots, todos
from agent.ask.clocks import PAST
from agent.ask.spelled import plain
from agent.context import Context
from agent.fusion.lists import folded
from agent.skill import Tool

SIGNALS = re.compile(
    r"\b(?:heart ?rate|pulse|heart ?beats?|hrv|rmssd|breathing|respiration|oxygen|spo2|sats|steps"
    r"|cadence|battery|skin (?:temp\w*|conductance)|electrodermal|noise level|sound level|movement"
    r"|motion|decibels?|bpm)\b"
)
_OVER = re.compile(
    r"\b(?:done|did|already|paid|booked|called|sorted|handled|off|out|cancel\w*|drop|scrap|lose|no"
    r"|not|don't|never|forget|delete|remove|remind\w*|alert|nudge|nag\w*|thing|one|needn't|kill|bin"
    r"|skip|stop|quit|anymore|any more|ping\w*|bug\w*)\b"
)
WORDS_MIN = 2
WORDS_MAX = 24


def evident(asked: str, tools: Mapping[str, Tool[Any]], context: Context) -> str | None:
    """Return the acting tool that *asked*, no question, is evidently about; None if none is."""
    if guards.is_question(asked) or not WORDS_MIN <= len(asked.split()) <= WORDS_MAX:
        return None
    wanted = _wanted(asked, context)
    if wanted is None:
        return None
    slot, removes = wanted
    for name, tool in tools.items():
        read = {slots.slot_of(tool.arguments, field) for field in tool.arguments.model_fields}
        if tool.acts and slot in read and tool.removes == removes:
            return name
    return None


def measured(asked: str, tools: Mapping[str, Tool[Any]]) -> str | None:
    """Return the tool that tells of a signal, where *asked* names one without a doubt."""
    if not SIGNALS.search(plain(asked)):
        return None
    fits = (name for name, tool in tools.items() if "signal" in tool.arguments.model_fields)
    return next(fits, None)


def _wanted(asked: str, context: Context) -> tuple[str, bool] | None:
    """Return the slot that is evidently filled, and whether something is to be taken back."""
    known = {one.text for one in context.reminders.values()}
    told = dues.read(asked, context)
    due = told.at
    if todos.done(asked, context):
        return "listed_items", True
    if told.when is None and notes.which(asked, context) in known and _OVER.search(plain(asked)):
        return "which", True
    if due is not None and due > context.now and not PAST.search(plain(asked)):
        return "due", False
    named = slots.list_name(asked, context)
    if named is None:
        return None
    said = items.listed(asked, context) or ()
    there = {folded(item.name) for item in context.items(named) or ()}
    if any(folded(item.name) in there for item in said):
        return "listed_items", True
    return ("items", False) if said and named in context.list_names else None
