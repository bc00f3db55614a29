"""The words that a question is likely to have, for a speech model to listen for.  Pure."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from agent.ask.slots import SIGNAL_WORDS
from agent.context import Context
from agent.skill import Tool

LENGTH_MAX = 480  # characters; a Whisper prompt has at most 224 tokens, and keeps its end
NAME_MAX = 48
NEAR = timedelta(days=2)


def vocabulary(tools: Iterable[Tool[Any]], context: Context) -> str:
    """Return one bounded sentence of the wearer's own names, the signals and the tools."""
    said: list[str] = []
    length = 1
    for words in (*_own(context), *_general(tools)):
        word = " ".join(words.split())[:NAME_MAX]
        if not word or word in said:
            continue
        length += len(word) + 2
        if length > LENGTH_MAX:
            break
        said.append(word)
    return f"{', '.join(said)}." if said else ""


def _own(context: Context) -> Iterator[str]:
    """Yield what only this wearer has names for: no model can guess them."""
    yield from (f"{name} list" for name in context.list_names)
    yield from (place.name for place in context.rules.places[:12])
    near = context.calendar.between(context.now - NEAR, context.now + NEAR)
    yield from (meeting.title for meeting in near[-12:])


def _general(tools: Iterable[Tool[Any]]) -> Iterator[str]:
    yield "shopping list"
    yield from (spoken[0] for spoken in SIGNAL_WORDS.values())
    yield from (tool.what for tool in tools)
