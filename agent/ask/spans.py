"""Two stretches of time that are held against each other: "this week than last week".  Pure."""

import re
from datetime import timedelta
from re import Match

from agent.ask import cues, windows
from agent.ask.clocks import ONE_DAY, midnight
from agent.ask.spelled import plain
from agent.context import Context
from agent.skill import Window

_BETWEEN_THEM = re.compile(
    r"\b(?:than|versus|vs|compared (?:with|to)|as opposed to|against|with|to|and|or|from)\b"
)
_BETWEEN_DAYS = re.compile(r"\bbetween (?!\d)")
_BEFORE = re.compile(r"\bthe (?:hour|day|week|month|one|time) before(?: that)?\b|\bbefore that\b")
_LAST_WEEK = re.compile(r"(?<!in the )(?<!over the )(?<!of the )\blast week\b")
ALIKE = 0.15  # of its length: a month has 28 to 31 days
WEEK_DAYS = 7


def spans(sentence: str, context: Context) -> tuple[Window, Window] | None:
    """Return the two windows that *sentence* names; None unless it names two and no third.

    One that is still going on ends now, and one of the same kind is then cut to the same length:
    a Wednesday's "this week" is held against last week up to its Wednesday.
    """
    text = _BETWEEN_DAYS.sub(" ", plain(sentence))
    for match in _BETWEEN_THEM.finditer(text):
        first = _window(text[: match.start()], context)
        second = _second(text[match.end() :], first, context)
        if first is None and second is not None and match[0] in ("than", "compared to", "against"):
            first = _now_like(text[: match.start()], second, context)
        if first is not None and second is not None and first.since != second.since:
            return _fair(first, second, context)
    return None


def _window(part: str, context: Context) -> Window | None:
    """Return the window of *part*, which must name nothing else of time."""
    if week := _LAST_WEEK.search(part):
        return _calendar_week(part, week, context)
    found = windows.read(part, context)
    return None if cues.of_time(found.rest) else found.window


def _calendar_week(part: str, week: Match[str], context: Context) -> Window | None:
    """Return the week before this one: beside "this week" nobody means the last seven days."""
    rest = part[: week.start()] + part[week.end() :]
    if cues.of_time(rest) or windows.read(rest, context).window is not None:
        return None
    monday = midnight(context) - context.local_now.weekday() * ONE_DAY
    return Window(since=monday - WEEK_DAYS * ONE_DAY, until=monday, words="last week")


def _second(part: str, first: Window | None, context: Context) -> Window | None:
    before = _BEFORE.search(part)
    if before is None or first is None:
        return _window(part, context)
    length = first.until - first.since
    return Window(since=first.since - length, until=first.since, words=f"before ({_dates(first)})")


def _dates(first: Window) -> str:
    day = first.until - first.since >= ONE_DAY - timedelta(hours=2)
    start = first.since - (first.until - first.since)
    return f"from {start:%-d %B}" if day else f"from {start:%H:%M}"


def _now_like(part: str, second: Window, context: Context) -> Window | None:
    """Return the running day, week or month, where only that which it is held against is named."""
    if cues.of_time(part):
        return None
    length = second.until - second.since
    if length > 2 * ONE_DAY:
        words = "this week" if length <= (WEEK_DAYS + 1) * ONE_DAY else "this month"
    else:
        words = "today"
    day = length >= ONE_DAY - timedelta(hours=2)
    return windows.read(words, context).window if day else None


def _fair(first: Window, second: Window, context: Context) -> tuple[Window, Window]:
    now = context.now + windows.NOW_US
    one, two = _running(first, context), _running(second, context)
    if one == two or not _alike(first, second):
        return _ended(first, context), _ended(second, context)
    if one:
        return _ended(first, context), _cut(second, now - first.since)
    return _cut(first, now - second.since), _ended(second, context)


def _running(window: Window, context: Context) -> bool:
    return window.since <= context.now < window.until - 2 * windows.NOW_US


def _ended(window: Window, context: Context) -> Window:
    until = min(window.until, max(window.since, context.now + windows.NOW_US))
    return Window(since=window.since, until=until, words=window.words)


def _alike(first: Window, second: Window) -> bool:
    one, two = first.until - first.since, second.until - second.since
    return abs(one - two) <= ALIKE * max(one, two)


def _cut(window: Window, length: timedelta) -> Window:
    until = window.since + length
    if until >= window.until:
        return window
    return Window(since=window.since, until=until, words=f"{window.words} up to the same time")
