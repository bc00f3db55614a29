"""Stretches of time in a sentence: "during the last meeting", "since 9", "yesterday".  Pure."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from re import Match

from agent.context import Context
from agent.events import Meeting
from agent.phrases import clock
from agent.skill import Window

NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "sixty": 60,
    "a": 1, "an": 1, "half": 0.5,
}  # fmt: skip
UNITS_MIN = {"minute": 1, "min": 1, "hour": 60, "h": 60, "day": 1440, "week": 10080}
PARTS = {
    "morning": (5, 12), "afternoon": (12, 18), "evening": (18, 23), "lunch": (12, 14),
}  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NOW_US = timedelta(microseconds=1)  # so that what was measured now counts too
DAYS_MAX = 3660

_CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|o'clock)?"
_LAST = re.compile(
    r"(?:last|past|previous) (half |\d{1,4}|[a-z]+)?\s*(?:an? )?"
    r"(minute|min|hour|h|day|week)s?\b"
)
_BETWEEN = re.compile(rf"(?:between|from) {_CLOCK} (?:and|to|until|till) {_CLOCK}")
_SINCE = re.compile(rf"since {_CLOCK}(?!\w)")
_AT = re.compile(rf"(?:at|around) {_CLOCK}(?!\w)")
_MEETING_WITH = re.compile(r"\b(?:during|in|at)\b.*\bmeeting\b|\bmeeting\b")


def find(sentence: str, context: Context) -> Window | None:
    """Return the window that *sentence* names, by the wearer's clock; None if it names none."""
    text = " ".join(sentence.lower().split())
    for pattern, read in _PATTERNS:
        match = pattern.search(text)
        window = read(match, context) if match else None
        if window is not None:
            return window
    return None


def _last(match: Match[str], context: Context) -> Window | None:
    spoken = (match[1] or "one").strip()
    number = float(spoken) if spoken.isdigit() else NUMBERS.get(spoken)
    if number is None:
        return None
    minutes = number * UNITS_MIN[match[2]]
    if not 0 < minutes <= DAYS_MAX * 1440:
        return None
    words = f"in the last {match[1].strip() + ' ' if match[1] else ''}{match[2]}"
    plural = "s" if number != 1 and match[2] not in ("h", "min") else ""
    return _until_now(context, timedelta(minutes=minutes), words=words + plural)


def _meeting(match: Match[str], context: Context) -> Window | None:
    """Return the meeting that is named by its title, else the one now, else the last one."""
    calendar, now = context.calendar, context.now
    past = [one for run in calendar.runs for one in run.meetings if one.start <= now]
    named = [one for one in past if one.title and one.title.lower() in match.string]
    current = None if "last" in match.string else calendar.meeting_at(now)
    found = named[-1] if named else current or calendar.last_before(now)
    return None if found is None else _during(found, context)


def _during(meeting: Meeting, context: Context) -> Window:
    times = f"{clock(meeting.start, context.local)} to {clock(meeting.end, context.local)}"
    until = min(meeting.end, context.now + NOW_US)
    return Window(since=meeting.start, until=until, words=f"during {meeting.title} ({times})")


def _day(match: Match[str], context: Context) -> Window:
    back = {"today": 0, "yesterday": 1, "the day before yesterday": 2, "tomorrow": -1}[match[0]]
    return _whole_day(context, back, words=match[0])


def _weekday(match: Match[str], context: Context) -> Window:
    """Return the last such day before today."""
    back = (context.local_now.weekday() - WEEKDAYS.index(match[1])) % 7 or 7
    return _whole_day(context, back, words=f"on {match[1].capitalize()}")


def _whole_day(context: Context, back: int, *, words: str) -> Window:
    start = _midnight(context) - timedelta(days=back)
    end = start + timedelta(days=1)
    return Window(since=start, until=end if back else context.now + NOW_US, words=words)


def _part(match: Match[str], context: Context) -> Window:
    back = 1 if match[1] == "yesterday" else 0
    first, last = PARTS[match[2]]
    start = _midnight(context) - timedelta(days=back)
    words = f"yesterday {match[2]}" if back else f"this {match[2]}"
    until = min(start + timedelta(hours=last), context.now + NOW_US)
    return Window(since=start + timedelta(hours=first), until=until, words=words)


def _night(_: Match[str], context: Context) -> Window | None:
    if not context.sleep.nights:
        start = _midnight(context) - timedelta(hours=2)
        return Window(since=start, until=start + timedelta(hours=9), words="last night")
    night = context.sleep.nights[-1]
    return Window(since=night.onset, until=night.wake, words="while you slept last night")


def _between(match: Match[str], context: Context) -> Window | None:
    start, end = _time(match, 1, context), _time(match, 4, context)
    if start is None or end is None or start >= end:
        return None
    words = f"between {clock(start, context.local)} and {clock(end, context.local)}"
    return Window(since=start, until=end, words=words)


def _since(match: Match[str], context: Context) -> Window | None:
    start = _time(match, 1, context)
    if start is None:
        return None
    end, words = context.now + NOW_US, f"since {clock(start, context.local)}"
    return Window(since=start, until=end, words=words)


def _at(match: Match[str], context: Context) -> Window | None:
    middle = _time(match, 1, context)
    if middle is None:
        return None
    around = timedelta(minutes=5)
    words = f"around {clock(middle, context.local)}"
    return Window(since=middle - around, until=middle + around, words=words)


def _time(match: Match[str], group: int, context: Context) -> datetime | None:
    """Return the last time that the clock showed what the three groups from *group* say."""
    hour, minute, half = int(match[group]), int(match[group + 1] or 0), match[group + 2]
    hour += 12 if half == "pm" and hour < 12 else -12 if half == "am" and hour == 12 else 0
    if hour > 23 or minute > 59:
        return None
    at = context.local_now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return at - timedelta(days=1) if at > context.local_now else at


def _until_now(context: Context, length: timedelta, *, words: str) -> Window:
    return Window(since=context.now - length, until=context.now + NOW_US, words=words)


def _midnight(context: Context) -> datetime:
    return context.local_now.replace(hour=0, minute=0, second=0, microsecond=0)


_Reader = Callable[[Match[str], Context], Window | None]
_PATTERNS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (_BETWEEN, _between),
    (_SINCE, _since),
    (re.compile(r"\b(?:last|this|over) ?night\b|\bovernight\b|\bwhile i slept\b"), _night),
    (re.compile(r"\b(this|yesterday|at|during|over) ?(morning|afternoon|evening|lunch)\b"), _part),
    (_LAST, _last),
    (_MEETING_WITH, _meeting),
    (re.compile(r"\b(?:today|the day before yesterday|yesterday|tomorrow)\b"), _day),
    (re.compile(rf"\b(?:on|last|this) ({'|'.join(WEEKDAYS)})\b"), _weekday),
    (_AT, _at),
)
