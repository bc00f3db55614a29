"""Stretches of time in a sentence: "during the last meeting", "since 9", "yesterday".  Pure."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from re import Match
from typing import NamedTuple

from agent.ask import occasions
from agent.ask.clocks import (
    CLOCK,
    DAYS_MAX,
    END,
    ONE_DAY,
    PAST,
    Day,
    midnight,
    take_day,
    time,
    without,
)
from agent.ask.numbers import NUMBER, number
from agent.ask.spelled import plain
from agent.context import Context
from agent.phrases import clock
from agent.skill import Window

UNITS_MIN = {"minute": 1, "min": 1, "hour": 60, "h": 60, "day": 1440, "week": 10080}
PARTS = {
    "morning": (5, 12), "afternoon": (12, 18), "evening": (18, 23), "lunch": (12, 14),
    "tonight": (18, 24),
}  # fmt: skip
NOW_US = timedelta(microseconds=1)  # so that what was measured now counts too
AROUND = timedelta(minutes=5)

_LAST = re.compile(
    r"\b(?:(?:in|over|during|for|within|of) )?(?:the |my )?(?:last|past|previous) "
    rf"(half |\d{{1,5}} ?|{NUMBER} )?(?:an? )?(minute|min|hour|h|day|week)s?\b"
)
_BETWEEN = re.compile(rf"\b(?:between|from) {CLOCK} (?:and|to|until|till) {CLOCK}{END}")
_SINCE = re.compile(rf"\bsince (?:about )?{CLOCK}{END}")
_AT = re.compile(rf"\b(?:at|around|about|at about|at around) {CLOCK}{END}")
_BARE = re.compile(r"\b(?<![:.\d])(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|o'clock)\b")
_AGO = re.compile(rf"\b({NUMBER}) (minute|min|hour)s? ago\b")
_NIGHT = re.compile(
    r"\b(?:(?:during|over|in|at|on|from) )?(?:the |my )?(?:(?:last|this|over) ?)?night\b(?:'s)?"
    r"|\bovernight\b|\bwhile (?:i slept|i was asleep|asleep|sleeping)\b"
    r"|\b(?:during|in) my sleep\b|\bwhen i was asleep\b"
)
_PART = re.compile(
    r"\b(?:(?:this|in|at|during|over|for|of)(?: the| my| this)?|for) "
    r"(morning|afternoon|evening|lunch)\b|\b(tonight)\b"
)
_OF_DAY = re.compile(r"(?<=\|) ?(?:in the |at |during )?(morning|afternoon|evening|lunch)\b")
_WEEK = re.compile(r"\b(?:in |during |of |for )?(this|next) week\b")
_WEEKEND = re.compile(
    r"\b(?:(?:in|on|at|over|during|for|of) )?(the|this|last|next|my|coming) weekend\b"
)
_MONTH = re.compile(r"\b(?:in |during |of |for |over )?(this|last|next) month\b")
_ALL_DAY = re.compile(r"\b(?:all day(?: long)?|so far|the whole day)\b")
_REST = re.compile(r"\b(?:for |during )?the rest of (?:the |my )?day\b|\blater(?: on)?\b")
_STRAY = re.compile(r"\bsince\b(?! when| what)")


class Found(NamedTuple):
    """What was understood of a sentence, and what is left of it."""

    window: Window | None
    rest: str


def find(sentence: str, context: Context) -> Window | None:
    """Return the window that *sentence* names, up to now; None if it names none."""
    window = read(sentence, context).window
    now = context.now + NOW_US
    if window is None or not window.since <= now < window.until:
        return window
    return Window(since=window.since, until=now, words=window.words)


def planned(sentence: str, context: Context) -> Window | None:
    """Return the window that *sentence* names, with what of it is still to come."""
    return read(sentence, context, ahead=True).window


def read(sentence: str, context: Context, *, ahead: bool = False) -> Found:
    """Return the window that *sentence* names, and the words that were not needed for it.

    *ahead*: Friday is the next one, unless the sentence tells of the past.
    """
    text = plain(sentence)
    found = _read(text, context, ahead=ahead and not PAST.search(text))
    stray = _STRAY.search(found.rest)
    if found.window is None or stray is None:
        return found
    since = _onward(found.window, context)
    return Found(since, without(found.rest, stray) if since else text)


def _read(text: str, context: Context, *, ahead: bool) -> Found:
    named = occasions.by_title(text, context)
    day, rest = take_day(without(text, named) if named else text, context, ahead=ahead)
    if named is not None:
        return Found(occasions.titled(named, day, context), rest)
    for pattern, reader in _PATTERNS:
        match = pattern.search(rest)
        given = day or (Day(midnight(context), "today") if ahead and reader in _TIMES else None)
        window = reader(match, given, context) if match else None
        if match is not None and window is not None:
            left = without(rest, match)
            return Found(window, _part_of(left) if reader in _TIMES else left)
    return Found(_whole(day) if day else None, rest)


def _part_of(rest: str) -> str:
    """Return *rest* without the part of the day that a time was said to be in."""
    for pattern in (_PART, _OF_DAY):
        if match := pattern.search(rest):
            return without(rest, match)
    return rest


def _onward(window: Window, context: Context) -> Window | None:
    """Return the time since *window*: since a meeting's end, since the begin of all else."""
    after = window.words.startswith("during ")
    at = AROUND if "around " in window.words else timedelta()
    since = window.until if after else window.since + at
    if since > context.now:
        return None
    if after:
        words = f"since the end of {window.words.removeprefix('during ')}"
    elif window.words.startswith("while "):
        words = f"since {clock(since, context.local)}"
    else:
        words = f"since {window.words.removeprefix('on ').replace('around ', '')}"
    return Window(since=since, until=context.now + NOW_US, words=words)


def _last(match: Match[str], day: Day | None, context: Context) -> Window | None:
    spoken = (match[1] or "one").strip()
    count = number(spoken)
    if count is None or day is not None:
        return None
    minutes = count * UNITS_MIN[match[2]]
    if not 0 < minutes <= DAYS_MAX * 1440:
        return None
    words = f"in the last {match[1].strip() + ' ' if match[1] else ''}{match[2]}"
    plural = "s" if count != 1 and match[2] not in ("h", "min") and spoken != "half" else ""
    since = context.now - timedelta(minutes=minutes)
    return Window(since=since, until=context.now + NOW_US, words=words + plural)


def _ago(match: Match[str], day: Day | None, context: Context) -> Window | None:
    count = number(match[1])
    if count is None or day is not None:
        return None
    at = context.now - timedelta(minutes=count * UNITS_MIN[match[2]])
    return _around(at, f"around {clock(at, context.local)}")


def _whole(day: Day) -> Window:
    return Window(since=day.start, until=day.start + ONE_DAY, words=day.words)


def _week(match: Match[str], day: Day | None, context: Context) -> Window | None:
    if day is not None:
        return None
    start = midnight(context) - context.local_now.weekday() * ONE_DAY
    start += 7 * ONE_DAY if match[1] == "next" else timedelta()
    return Window(since=start, until=start + 7 * ONE_DAY, words=f"{match[1]} week")


def _weekend(match: Match[str], day: Day | None, context: Context) -> Window | None:
    """Return a Saturday and Sunday: the last ones of a past, else those that come."""
    if day is not None:
        return None
    saturday = midnight(context) + (5 - context.local_now.weekday()) * ONE_DAY
    past = match[1] == "last" or (match[1] != "this" and PAST.search(match.string))
    start = saturday - 7 * ONE_DAY if past and saturday > context.local_now else saturday
    words = {"last": "last weekend", "this": "this weekend", "next": "next weekend"}.get(
        "last" if past else match[1], "at the weekend"
    )
    return Window(since=start, until=start + 2 * ONE_DAY, words=words)


def _month(match: Match[str], day: Day | None, context: Context) -> Window | None:
    if day is not None:
        return None
    away = {"last": -1, "this": 0, "next": 1}[match[1]]
    start, end = _first_of(away, context), _first_of(away + 1, context)
    return Window(since=start, until=end, words=f"{match[1]} month")


def _first_of(away: int, context: Context) -> datetime:
    today = midnight(context)
    months = today.year * 12 + today.month - 1 + away
    return today.replace(year=months // 12, month=months % 12 + 1, day=1)


def _all_day(_: Match[str], day: Day | None, context: Context) -> Window | None:
    return _whole(day or Day(midnight(context), "today"))


def _rest(_: Match[str], day: Day | None, context: Context) -> Window | None:
    if day is not None and day.words != "today":
        return None
    end = midnight(context) + ONE_DAY
    return Window(since=context.now, until=end, words="for the rest of the day")


def _part(match: Match[str], day: Day | None, context: Context) -> Window | None:
    name = next(one for one in match.groups() if one)
    first, last = PARTS[name]
    start = day.start if day else midnight(context)
    today = day is None or day.words == "today"
    words = name if name == "tonight" else f"this {name}"
    if day is not None and not today:
        words = f"{day.words} {name}"
    since = start + timedelta(hours=first)
    return Window(since=since, until=start + timedelta(hours=last), words=words)


def _night(_: Match[str], day: Day | None, context: Context) -> Window | None:
    start = (day.start if day else midnight(context) - ONE_DAY) + timedelta(hours=22)
    words = f"{day.words} in the night" if day else "last night"
    nights = (
        context.sleep.nights
        if day is None
        else [
            one
            for one in context.sleep.nights
            if timedelta(hours=-4) <= one.onset - start <= timedelta(hours=9)
        ]
    )
    if not nights:
        return Window(since=start, until=start + timedelta(hours=9), words=words)
    night = nights[-1]
    return Window(since=night.onset, until=night.wake, words=f"while you slept {words}")


def _between(match: Match[str], day: Day | None, context: Context) -> Window | None:
    start, end = _span(match, day or Day(midnight(context), ""), context)
    if start is None or end is None or start >= end:
        return None
    if day is None and start > context.now:
        start, end = start - ONE_DAY, end - ONE_DAY
    words = f"between {clock(start, context.local)} and {clock(end, context.local)}"
    return Window(since=start, until=end, words=_on(day, words))


def _span(match: Match[str], day: Day, context: Context) -> tuple[datetime | None, datetime | None]:
    """Return both times on *day*; "1 to 2 pm" and "1 to 2 in the afternoon" begin after noon."""
    start, end = time(match, 1, day, context), time(match, 4, day, context)
    if start is None or end is None:
        return None, None
    half = timedelta(hours=12)
    if not match[3] and match[6] == "pm" and start + half < end:
        start += half
    elif match[3] == "pm" and match[6] == "am" and start >= end:
        end += ONE_DAY
    elif not match[3] and not match[6] and _late(match) and max(start, end) < day.start + half:
        start, end = start + half, end + half
    return start, end


def _since(match: Match[str], day: Day | None, context: Context) -> Window | None:
    start = time(match, 1, day, context)
    if start is None or start > context.now:
        return None
    words = f"{day.words.removeprefix('on ')} " if day and day.words != "today" else ""
    until = context.now + NOW_US
    words = f"since {words}{clock(start, context.local)}"
    return Window(since=start, until=until, words=words)


def _at(match: Match[str], day: Day | None, context: Context) -> Window | None:
    late = _late(match) and not match[3] and int(match[1]) < 12
    middle = time(match, 1, day or (Day(midnight(context), "") if late else None), context)
    if middle is None:
        return None
    middle += timedelta(hours=12 if late else 0)
    if late and day is None and middle > context.now:
        middle -= ONE_DAY
    return _around(middle, _on(day, f"around {clock(middle, context.local)}"))


def _late(match: Match[str]) -> bool:
    """Return whether the time was said to be of an afternoon or evening."""
    part = _PART.search(match.string) or _OF_DAY.search(match.string)
    return part is not None and bool({"afternoon", "evening", "tonight"} & set(part.groups()))


def _around(middle: datetime, words: str) -> Window:
    return Window(since=middle - AROUND, until=middle + AROUND, words=words)


def _on(day: Day | None, words: str) -> str:
    return f"{day.words} {words}" if day else words


_Reader = Callable[[Match[str], Day | None, Context], Window | None]
_PATTERNS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (_BETWEEN, _between),
    (_SINCE, _since),
    (occasions.MEETING, occasions.placed),
    (_AT, _at),
    (_BARE, _at),
    (_AGO, _ago),
    (_NIGHT, _night),
    (_PART, _part),
    (_OF_DAY, _part),
    (_LAST, _last),
    (_WEEK, _week),
    (_WEEKEND, _weekend),
    (_MONTH, _month),
    (_ALL_DAY, _all_day),
    (_REST, _rest),
)
_TIMES = (_between, _at)
