"""Meetings in a sentence: by their title, by their place in the day, or the one now.  Pure."""

import re
from collections.abc import Sequence
from re import Match

from agent.ask.clocks import ONE_DAY, Day, midnight
from agent.context import Context
from agent.events import Meeting
from agent.phrases import clock
from agent.skill import Window

_WHICH = r"(?:(first|second|third|last|latest|previous|most recent|current|next) )?"
_LEAD = r"(?:\b(?:during|throughout|through|in|at|while in|while at|of|for|from) |(?<=since ))"
_THE = r"(?:the |my |our |this |that |today's |a )*"
_KIND = r"(?:meetings?|call|event|appointment)"
_MORE = r"(?:today|yesterday|tomorrow|on|at|this|last|the day|from|in|since|please|and|or|\w+day)"
_STOP = rf"(?! (?!{_MORE}\b)\w)(?![\w'-])"
MEETING = re.compile(
    rf"(?:{_LEAD}{_THE}|{_THE}(?=(?:last|latest|previous|most recent) )){_WHICH}"
    rf"(?:meeting|call|appointment)\b(?! (?:with|about|of|for|in|with)\b)"
)
_PLACES = {"first": 0, "second": 1, "third": 2}
TITLES_MAX = 400


def by_title(text: str, context: Context) -> Match[str] | None:
    """Return where *text* names a meeting by its title; group 1 is which of them, 2 the title."""
    titles = {_folded(one.title) for one in _every(context)[-TITLES_MAX:]}
    known = sorted((one for one in titles if one in text and len(one) > 1), key=len, reverse=True)
    for title in known:
        name = f"({re.escape(title)})"
        pattern = rf"{_LEAD}{_THE}{_WHICH}{name}(?: {_KIND})?{_STOP}|{_THE}{name} {_KIND}{_STOP}"
        if match := re.search(pattern, text):
            return match
    return None


def titled(match: Match[str], day: Day | None, context: Context) -> Window | None:
    """Return the meeting of that title: of *day*, else the last that has begun, else the next."""
    title = match[2] or match[3]
    named = [one for one in _on(day, context) if _folded(one.title) == title]
    begun = [one for one in named if day or one.start <= context.now]
    if match[1] in _PLACES:
        same = begun if day else [m for m in named if _same_day(m, context)]
        return _at(same, _PLACES[match[1]], context)
    if match[1] == "next":
        return _at([one for one in named if one.start > context.now], 0, context)
    if match[1] in ("last", "previous"):
        return _at([one for one in named if one.end <= context.now], -1, context)
    return _at(begun, -1, context) or _at(named, 0, context)


def placed(match: Match[str], day: Day | None, context: Context) -> Window | None:
    """Return the first, second or last meeting; without such a word that of now, else the last."""
    which, meetings = match[1], _on(day, context)
    if which in _PLACES:
        today = meetings if day else [m for m in meetings if _same_day(m, context)]
        return _at(today, _PLACES[which], context)
    if which == "next":
        return _at([one for one in meetings if one.start > context.now], 0, context)
    current = None if which and which != "current" else context.calendar.meeting_at(context.now)
    if current is not None and current in meetings:
        return during(current, context)
    if which == "current":
        return None
    if day is not None and which is None and len(meetings) != 1:
        return None  # which of them was not said
    ended = sorted((one for one in meetings if one.end <= context.now), key=lambda one: one.end)
    return _at(meetings if day and day.start > context.now else ended, -1, context)


def during(meeting: Meeting, context: Context) -> Window:
    """Return the time of *meeting*."""
    times = f"{clock(meeting.start, context.local)} to {clock(meeting.end, context.local)}"
    words = f"during {meeting.title} ({times})"
    return Window(since=meeting.start, until=meeting.end, words=words)


def _at(meetings: Sequence[Meeting], place: int, context: Context) -> Window | None:
    inside = -len(meetings) <= place < len(meetings)
    return during(meetings[place], context) if inside else None


def _every(context: Context) -> list[Meeting]:
    return [meeting for run in context.calendar.runs for meeting in run.meetings]


def _on(day: Day | None, context: Context) -> list[Meeting]:
    if day is None:
        return _every(context)
    end = day.start + ONE_DAY
    return [one for one in _every(context) if day.start <= one.start < end]


def _same_day(meeting: Meeting, context: Context) -> bool:
    start = midnight(context)
    return start <= meeting.start < start + ONE_DAY


def _folded(title: str) -> str:
    return " ".join(title.lower().replace("\u2019", "'").split())
