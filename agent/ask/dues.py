"""When something is to be said: "in 20 minutes", "tomorrow at eight", "this evening".  Pure."""

import re
from datetime import datetime, timedelta
from re import Match
from typing import NamedTuple

from agent.ask.clocks import DAYS_MAX, ONE_DAY, Day, midnight, take_day, without
from agent.ask.numbers import NUMBER, number
from agent.ask.spelled import plain
from agent.context import Context
from agent.events import Meeting

PARTS = {
    "first thing": 8, "morning": 8, "breakfast": 8, "lunch": 12, "lunchtime": 12, "noon": 12,
    "afternoon": 15, "end of the day": 17, "end of day": 17, "after work": 18, "dinner": 18,
    "evening": 18, "tonight": 20, "night": 20, "bedtime": 22, "bed": 22,
}  # fmt: skip
MORNING_H = 8
WAKING_H = 7  # "tomorrow at 5" is in the afternoon
BEFORE = timedelta(minutes=10)
_UNITS = {
    "sec": timedelta(seconds=1), "min": timedelta(minutes=1), "h": timedelta(hours=1),
    "d": ONE_DAY, "w": 7 * ONE_DAY, "f": 14 * ONE_DAY, "mo": 30 * ONE_DAY,
}  # fmt: skip
_LENGTH = (
    rf"({NUMBER}) ?(seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|weeks?|fortnights?|months?)\b"
)
_IN = re.compile(
    rf"\b(?:in|after)(?: about| around| like| maybe| another| exactly)? {_LENGTH}"
    rf"(?: and (?:a )?(half|quarter))?(?:(?: and|,)? {_LENGTH})?(?:'s?)?(?: time| from now)?"
)
_FROM_NOW = re.compile(rf"\b{_LENGTH}(?: and (?:a )?(half|quarter))?() ?()(?:from now|hence)\b")
_ALONE = re.compile(rf"^(?:in )?{_LENGTH}() ?()()(?=[,:|.]|$)")
_AT = re.compile(
    r"\b(?:(at|by|around|about|before|@|for|until) ?(?:about |around )?)?"
    r"(\d{1,2})(?:[:.](\d{2})\b)?\s*(am|pm|o'clock)?(?![\w:%])(?! ?(?:%|degrees?|percent"
    r"|people|minutes?|hours?|days?)\b)(?: sharp\b)?"
)
_PART = re.compile(
    r"(?:\b(?:this|in the|during the|for the|by|that|late|early) |(?<=\|) ?)"
    r"(morning|afternoon|evening|night|noon)\b"
    r"|\b(tonight|lunchtime|first thing|(?<=after )work)\b"
    r"|\b(?:at|over|before|after|by) (?:the )?(lunch(?:time)?|dinner|night|bedtime|breakfast|bed"
    r"|end of (?:the )?day)\b"
)
_AGAIN = re.compile(
    r"\b(?:every|each) (?:\w+ )?(?:\w*day|night|morning|evening|week|hour|month|minute)s?\b"
    r"|\b(?:daily|weekly|hourly|monthly)\b"
)
_ENDS = r"(?: (?:ends|is over|finishes|starts|begins))?\b"
_EVENT = r"\b(before|after|when|once) (?:the |my |our |this )*"
_NEXT = re.compile(
    r"\b(before|after|when|once) (?:the |my |this )*(?:next |current )?(?:meeting|call)"
    rf"{_ENDS}"
)
WEEK = timedelta(days=7)


class Due(NamedTuple):
    """A time that was named, and what is left of the sentence: bars stand where it was."""

    at: datetime | None
    rest: str


class _Clock(NamedTuple):
    hour: int
    minute: int
    half: str
    exact: bool
    """It was written by the 24-hour clock: 07:00, 18:30."""


def read(sentence: str, context: Context) -> Due:
    """Return when *sentence* says; no time where it names none, or one that comes again."""
    text = plain(sentence)
    if _AGAIN.search(text):
        return Due(None, text)
    for reader in (_after, _by_the_clock, _around_a_meeting):
        found = reader(text, context)
        if found.at is not None:
            return found
    return Due(None, text)


def _after(text: str, context: Context) -> Due:
    """Return the time after "in 20 minutes"; of days and weeks, at the hour said or at this one."""
    match = _IN.search(text) or _FROM_NOW.search(text) or _ALONE.search(text)
    if match is None:
        return Due(None, text)
    length = _length(match[1], match[2], match[3])
    if match[4]:
        length += _length(match[4], match[5], None)
    if not timedelta() < length <= DAYS_MAX * ONE_DAY:
        return Due(None, text)
    left = without(text, match)
    at = context.local_now + length
    if length < ONE_DAY:
        return Due(context.now + length, left)
    clock, left = _take_clock(left)
    day = Day(at.replace(hour=0, minute=0, second=0, microsecond=0), "")
    part, left = _take_part(left)
    if clock is not None or part is not None:
        return Due(_on(clock, part, day, context), left)
    return Due(at.replace(second=0, microsecond=0), left)


def _length(said: str, unit: str, more: str | None) -> timedelta:
    count = (number(said) or 0.0) + {"half": 0.5, "quarter": 0.25}.get(more or "", 0.0)
    one = next(value for name, value in _UNITS.items() if unit.startswith(name))
    return count * one


def _by_the_clock(text: str, context: Context) -> Due:
    """Return the time of a day, an hour, a part of the day, in any order."""
    day, left = take_day(text, context, ahead=True)
    clock, left = _take_clock(left)
    part, left = _take_part(left)
    if day is None and clock is None and part is None:
        return Due(None, text)
    return Due(_on(clock, part, day, context), left)


def _take_clock(text: str) -> tuple[_Clock | None, str]:
    found = [one for one in _AT.finditer(text) if _is_time(one)]
    if not found:
        return None, text
    led = [one for one in found if one[1] in ("at", "@", "by", "around", "before")] or found
    first = [one for one in led if not _before(text, one)]
    match = (first or led)[-1] if not first else first[0]
    hour, minute = int(match[2]), int(match[3] or 0)
    exact = match[4] is None and match[3] is not None and (hour > 12 or match[2][0] == "0")
    exact = exact or (match[3] is not None and match[0].endswith(("12:00", "24:00")))
    clock = _Clock(hour, minute, match[4] or "", exact or hour > 12)
    return clock, without(text, match)


def _is_time(match: Match[str]) -> bool:
    """Return whether these digits are a time: led by "at", or with minutes or "am" behind."""
    hour, minute, half = int(match[2]), int(match[3] or 0), match[4]
    if hour > 24 or minute > 59 or (half in ("am", "pm") and not 1 <= hour <= 12):
        return False
    marked = match[3] is not None or half is not None
    return marked or match[1] in ("at", "by", "around", "@") or _for_reminder(match)


def _for_reminder(match: Match[str]) -> bool:
    before = match.string[: match.start()]
    return match[1] == "for" and re.search(r"(?:reminder|nudge|ping|shout) $", before) is not None


def _before(text: str, match: Match[str]) -> str:
    """Return what stands before a time that is neither a frame nor another time."""
    begun = text[: match.start()].replace("|", " ")
    frame = r"^\W*(?:(?:please|can|could|would|will|you|set|make|a|reminder|for|and|hey|ok|so) )*"
    return re.sub(
        frame + r"(?:(?:remind|tell|nudge|ping|alert|wake) (?:me|us))?", "", begun
    ).strip()


def _take_part(text: str) -> tuple[str | None, str]:
    match = _PART.search(text)
    if match is None:
        return None, text
    name = next(one for one in match.groups() if one)
    return ("after work" if name == "work" else name.replace("of day", "of the day")), without(
        text, match
    )


def _on(
    clock: _Clock | None, part: str | None, day: Day | None, context: Context
) -> datetime | None:
    start = day.start if day else midnight(context)
    today = day is None or day.start == midnight(context)
    if clock is not None:
        return _hour(clock, part, start, context) if today else _elsewhen(clock, part, start)
    if part is None:
        return None if today else start.replace(hour=MORNING_H)
    at = start.replace(hour=PARTS[part])
    if day is None and at <= context.now and part != "tonight":
        at = (start + ONE_DAY).replace(hour=PARTS[part])
    return at if at > context.now else None


def _hour(clock: _Clock, part: str | None, start: datetime, context: Context) -> datetime | None:
    """Return the next time that the clock shows that, of today first."""
    hours = _hours(clock, part)
    for hour in hours:
        at = _at(start, hour, clock.minute)
        if at > context.now:
            return at
    return _elsewhen(clock, part, start + ONE_DAY)


def _elsewhen(clock: _Clock, part: str | None, start: datetime) -> datetime:
    hours = _hours(clock, part)
    waking = [hour for hour in hours if hour >= WAKING_H]
    return _at(start, (waking or hours)[0], clock.minute)


def _hours(clock: _Clock, part: str | None) -> list[int]:
    """Return the hours of the day that are meant, the likelier first."""
    late = part not in (None, "morning", "first thing", "breakfast")
    if clock.half == "pm" or (late and clock.hour < 12 and not clock.exact):
        return [clock.hour % 12 + 12]
    if clock.half == "am":
        return [clock.hour % 12]
    if clock.exact or part is not None or clock.hour in (0, 12):
        return [clock.hour]
    return [clock.hour, clock.hour + 12]


def _at(start: datetime, hour: int, minute: int) -> datetime:
    day = start + ONE_DAY if hour == 24 else start
    return day.replace(hour=hour % 24, minute=minute)


def _around_a_meeting(text: str, context: Context) -> Due:
    """Return the end of a meeting for "after", some minutes before its begin for "before"."""
    match = _NEXT.search(text)
    if match is not None:
        now = context.calendar.meeting_at(context.now)
        meeting = context.calendar.next_after(context.now, within=2 * ONE_DAY)
        if match[1] in ("after", "once") and now is not None and "next" not in match[0]:
            meeting = now
        return Due(_beside(match[1], meeting, context), without(text, match))
    for meeting in context.calendar.between(context.now, context.now + WEEK):
        title = re.escape(" ".join(meeting.title.lower().split()))
        named = re.search(rf"{_EVENT}{title}\b(?: meeting| call)?{_ENDS}", text)
        if named is not None:
            return Due(_beside(named[1], meeting, context), without(text, named))
    return Due(None, text)


def _beside(word: str, meeting: Meeting | None, context: Context) -> datetime | None:
    if meeting is None:
        return None
    at = {"before": meeting.start - BEFORE, "when": meeting.start}.get(word, meeting.end)
    return at if at > context.now else None
