"""The words that a question is likely to have, for a speech model to listen for.  Pure."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from agent.ask.slots import SIGNAL_WORDS
from agent.context import Context
from agent.skill import Tool

LENGTH_MAX = 240  # characters of each; a Whisper prompt has at most 224 tokens, and keeps its end
NAME_MAX = 48
ITEMS_MAX = 12
NEAR = timedelta(days=2)


def vocabulary(tools: Iterable[Tool[Any]]) -> str:
    """Return one bounded sentence of the signals and the tools."""
    said = _bounded(_general(tools))
    return f"{', '.join(said)}." if said else ""


def names(context: Context) -> tuple[str, ...]:
    """Return what only this wearer has names for, bounded: lists and what is on them, places."""
    return tuple(_bounded(_own(context)))


def _bounded(told: Iterable[str]) -> list[str]:
    said: list[str] = []
    length = 1
    for words in told:
        word = " ".join(words.split())[:NAME_MAX]
        if not word or word in said:
            continue
        length += len(word) + 2
        if length > LENGTH_MAX:
            break
        said.append(word)
    return said


def _own(context: Context) -> Iterator[str]:
    """Yield what no model can guess, the likeliest first."""
    yield from (f"{name} list" for name in context.list_names)
    yield from (place.name for place in context.rules.places[:12])
    near = context.calendar.between(context.now - NEAR, context.now + NEAR)
    yield from (meeting.title for meeting in near[-12:])
    for name in context.list_names:
        yield from (item.name for item in (context.items(name) or ())[:ITEMS_MAX])


def _general(tools: Iterable[Tool[Any]]) -> Iterator[str]:
    yield "shopping list"
    yield from (spoken[0] for spoken in SIGNAL_WORDS.values())
    yield from (tool.what for tool in tools)
