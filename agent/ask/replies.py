"""Replies: an answer and how it came about, or that it cannot be told.  Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agent.ask import cues, guards, windows
from agent.ask.clocks import PAST
from agent.ask.dialogue import Dialogue
from agent.context import Context
from agent.skill import Answer, Tool, Window

_TIMES = frozenset(("window", "period"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a sentence is known to mean before it is read: a tool and its arguments."""

    tool: str
    said: Mapping[str, object]
    sure: bool
    """Else it is asked about first, where it does something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer, and how it came about."""

    answer: Answer
    tier: int
    tool: str
    arguments: dict[str, object]
    reason: str
    dialogue: Dialogue = field(default_factory=Dialogue)
    """What the next question may go on from."""
    open: bool = False
    """No tool is near enough to be meant, and nothing was refused: a larger model may know."""


def astray(tool: Tool[Any], asked: str, context: Context) -> str | None:
    """Return why *tool* cannot answer for the person or the time asked about; None if it can."""
    other = guards.of_no_wearer(asked) if tool.own else None
    if other is not None:
        return other
    timed = not _TIMES.isdisjoint(tool.arguments.model_fields)
    if not timed and not tool.now_only:
        return None
    ahead = "period" in tool.arguments.model_fields
    found = windows.read(asked, context, ahead=ahead)
    measured = "window" in tool.arguments.model_fields and "signal" in tool.arguments.model_fields
    if cues.of_time(found.rest) or (measured and cues.of_an_occasion(found.rest)):
        return "I can't tell: I did not understand which time you mean."
    if tool.now_only and found.window is not None and not _of_now(found.window, asked, context):
        return "I can tell that only of now."
    return None


def _of_now(window: Window, asked: str, context: Context) -> bool:
    """Return whether a question about *window* asks how it is now."""
    inside = window.since <= context.now < window.until
    return inside and not PAST.search(asked.lower())


def unknown(text: str, dialogue: Dialogue, *, reason: str) -> Reply:
    """Return the reply that it cannot be told, or what is asked back."""
    return Reply(
        answer=Answer(text, known=False),
        tier=0,
        tool="",
        arguments={},
        reason=reason,
        dialogue=dialogue,
    )
