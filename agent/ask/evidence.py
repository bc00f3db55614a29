"""What a sentence names that only one tool is about: a time to come, a reminder, a list.  Pure.

It decides nothing by itself: where the meaning is in doubt, the wearer is asked whether that was
meant.
"""

from collections.abc import Mapping
from typing import Any

from agent.ask import dues, guards, items, notes, slots
from agent.ask.clocks import PAST
from agent.ask.spelled import plain
from agent.context import Context
from agent.fusion.lists import folded
from agent.skill import Tool

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


def _wanted(asked: str, context: Context) -> tuple[str, bool] | None:
    """Return the slot that is evidently filled, and whether something is to be taken back."""
    known = {one.text for one in context.reminders.values()}
    due = dues.read(asked, context).at
    if notes.which(asked, context) in known and due is None:
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
