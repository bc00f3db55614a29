"""Sentences with the tool and the arguments that they mean: read, and compared.  Pure.

A file has one JSON object a line: `{"say": …, "tool": …, "arguments": {…}}`.  `tool` is the full
name of a tool, or empty where none is meant; `arguments` are as one would write them ("yesterday",
["2 lemons"]).  What is expected is read by the same code as what was said, and compared as times,
items and words.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.ask import dues, items, notes, windows
from agent.context import Context
from agent.errors import DecodeError
from agent.fusion.lists import folded
from agent.skill import Window

FILE_BYTES_MAX = 10_000_000
SAY_MAX = 2000
DEFAULTS: Mapping[tuple[str, str], object] = {
    ("body.measured", "statistic"): "mean",
    ("grocery.on_the_list", "list_name"): "grocery",
    ("grocery.add", "list_name"): "grocery",
    ("grocery.remove", "list_name"): "grocery",
}
TODAY = ("break.meetings_today", "period")
_SMALL = re.compile(r"\b(?:a|an|the|this|that|these|those)\b|[^\w\s:]")


class Row(BaseModel):
    """One sentence, and what it means."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    say: str = Field(min_length=1, max_length=SAY_MAX)
    tool: str = Field(max_length=100)
    arguments: dict[str, str | list[str]] = Field(default_factory=dict)


def decode(text: bytes, *, name: str) -> list[Row]:
    """Return the rows in *text*; raise DecodeError naming the line that is none."""
    if len(text) > FILE_BYTES_MAX:
        raise DecodeError(name, f"is larger than {FILE_BYTES_MAX} bytes")
    rows = []
    for number, line in enumerate(text.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            row = Row.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the line"
            raise DecodeError(name, f"line {number}: {where}: {first['msg']}") from error
        if not row.tool and row.arguments:
            raise DecodeError(name, f"line {number}: no tool is meant, and there are arguments")
        rows.append(row)
    if not rows:
        raise DecodeError(name, "has no rows")
    return rows


def same_arguments(row: Row, got: Mapping[str, Any], context: Context) -> bool:
    """Return whether *got*, as a reply shows it, says what *row* expects."""
    wanted = row.arguments
    return all(
        _value(name, wanted.get(name), row, context) == _got(name, got.get(name), row, context)
        for name in {*wanted, *got}
    )


def _value(name: str, said: str | list[str] | None, row: Row, context: Context) -> object:
    """Return what is expected of the argument *name*, in a form that can be compared."""
    if said is None:
        return _default(name, row, context)
    joined = said if isinstance(said, str) else " and ".join(said)
    reader = _which if row.tool == "reminder.cancel" else _READERS.get(name)
    if name == "statistic" and row.arguments.get("signal") == "steps":
        return "mean"
    return reader(joined, context) if reader else joined


def _got(name: str, found: Any, row: Row, context: Context) -> object:
    if found is None:
        return _default(name, row, context)
    if name in ("window", "period"):
        window = Window.model_validate(found)
        if row.tool == "morning.last_night" and _of_last_night(window, context):
            return None
        return (window.since, window.until)
    if name == "due":
        return datetime.fromisoformat(str(found))
    return _plainly(name, found, row)


def _plainly(name: str, found: Any, row: Row) -> object:
    if name == "items":
        return frozenset((folded(one["name"]), one.get("amount", "")) for one in found)
    if name == "statistic" and row.arguments.get("signal") == "steps":
        return "mean"
    return _words(str(found)) if name == "text" else found


def _of_last_night(window: Window, context: Context) -> bool:
    """Return whether *window* is the last night, the evening before it or the morning after."""
    noon = context.local_now.replace(hour=12, minute=0)
    return window.since >= noon - timedelta(hours=36) and window.until <= noon + timedelta(hours=12)


def _default(name: str, row: Row, context: Context) -> object:
    if (row.tool, name) == TODAY:
        return _period("today", context)
    return DEFAULTS.get((row.tool, name))


def _window(said: str, context: Context) -> object:
    found = windows.find(said, context)
    return found and (found.since, found.until)


def _period(said: str, context: Context) -> object:
    found = windows.planned(said, context)
    return found and (found.since, found.until)


def _items(said: str, context: Context) -> object:
    return frozenset((folded(one.name), one.amount) for one in items.items(said, context) or ())


def _due(said: str, context: Context) -> object:
    return dues.read(said, context).at


def _which(said: str, context: Context) -> object:
    return _words(notes.which(said, context) or "")


def _text(said: str, _: Context) -> object:
    return _words(said)


def _words(said: str) -> str:
    return " ".join(_SMALL.sub(" ", said.lower()).split())


_READERS: dict[str, Callable[[str, Context], object]] = {
    "window": _window,
    "period": _period,
    "items": _items,
    "due": _due,
    "text": _text,
}
