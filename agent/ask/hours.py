"""Times of day that are to come: "at eight", "half past six in the evening", "tonight".  Pure."""

import re
from datetime import UTC, datetime, time
from re import Match
from typing import NamedTuple
from zoneinfo import ZoneInfo

from agent.ask.clocks import ONE_DAY, Day, midnight, without
from agent.context import Context
from agent.fusion.reminders.recurrence import wall

PARTS = {
    "first thing": 8, "morning": 8, "breakfast": 8, "lunch": 12, "lunchtime": 12, "noon": 12,
    "afternoon": 15, "end of the day": 17, "end of day": 17, "after work": 18, "dinner": 18,
    "evening": 18, "tonight": 20, "night": 20, "bedtime": 22, "bed": 22,
}  # fmt: skip
MORNING_H = 8
WAKING_H = 7  # "tomorrow at 5" is in the afternoon
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


class Clock(NamedTuple):
    """A time of day as it was said."""

    hour: int
    minute: int
    half: str
    exact: bool
    """It was written by the 24-hour clock: 07:00, 18:30."""


def take_clock(text: str) -> tuple[Clock | None, str]:
    """Return the time of day that *text* names, and the text without it."""
    found = [one for one in _AT.finditer(text) if _is_time(one)]
    if not found:
        return None, text
    led = [one for one in found if one[1] in ("at", "@", "by", "around", "before")] or found
    first = [one for one in led if not _before(text, one)]
    match = (first or led)[-1] if not first else first[0]
    hour, minute = int(match[2]), int(match[3] or 0)
    exact = match[4] is None and match[3] is not None and (hour > 12 or match[2][0] == "0")
    exact = exact or (match[3] is not None and match[0].endswith(("12:00", "24:00")))
    clock = Clock(hour, minute, match[4] or "", exact or hour > 12)
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


def take_part(text: str) -> tuple[str | None, str]:
    """Return the part of the day that *text* names, and the text without it."""
    match = _PART.search(text)
    if match is None:
        return None, text
    name = next(one for one in match.groups() if one)
    return ("after work" if name == "work" else name.replace("of day", "of the day")), without(
        text, match
    )


def on(clock: Clock | None, part: str | None, day: Day | None, context: Context) -> datetime | None:
    """Return the time to come that these say together; None where it has passed."""
    start = day.start if day else midnight(context)
    today = day is None or day.start == midnight(context)
    if clock is not None:
        return _hour(clock, part, start, context) if today else elsewhen(clock, part, start)
    if part is None:
        return None if today else start.replace(hour=MORNING_H)
    at = start.replace(hour=PARTS[part])
    if day is None and at <= context.now and part != "tonight":
        at = (start + ONE_DAY).replace(hour=PARTS[part])
    return at if at > context.now else None


def _hour(clock: Clock, part: str | None, start: datetime, context: Context) -> datetime | None:
    """Return the next time that the clock shows that, of today first."""
    for hour in hours_of(clock, part):
        for at in (shown(start, hour, clock.minute), shown(start, hour, clock.minute, fold=1)):
            if at > context.now:
                return at
    return elsewhen(clock, part, start + ONE_DAY)


def elsewhen(clock: Clock, part: str | None, start: datetime) -> datetime:
    """Return the time of a day that is not today: in waking hours, where it may be either."""
    return shown(start, waking(clock, part), clock.minute)


def waking(clock: Clock, part: str | None) -> int:
    """Return the hour that is meant of any day."""
    hours = hours_of(clock, part)
    return next((hour for hour in hours if hour >= WAKING_H), hours[0])


def hours_of(clock: Clock, part: str | None) -> list[int]:
    """Return the hours of the day that are meant, the likelier first."""
    late = part not in (None, "morning", "first thing", "breakfast")
    if clock.half == "pm" or (late and clock.hour < 12 and not clock.exact):
        return [clock.hour % 12 + 12]
    if clock.half == "am":
        return [clock.hour % 12]
    if clock.exact or part is not None or clock.hour in (0, 12):
        return [clock.hour]
    return [clock.hour, clock.hour + 12]


def shown(start: datetime, hour: int, minute: int, *, fold: int = 0) -> datetime:
    """Return when the clock shows that on the day that begins at *start*.

    What the clock leaps over is the moment of the leap; *fold*: the second time, where it shows
    that twice.
    """
    zone = start.tzinfo
    assert isinstance(zone, ZoneInfo)
    day = (start + ONE_DAY if hour == 24 else start).date()
    at = time(hour % 24, minute)
    twice = datetime.combine(day, at, tzinfo=zone).replace(fold=1).astimezone(UTC)
    first = wall(day, at, zone)
    return twice if fold and twice > first else first
