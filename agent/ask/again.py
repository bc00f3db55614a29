"""What comes again: "every weekday at 8", "every 2 hours until 6", "on the first of the month".

Pure.
"""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from re import Match
from typing import NamedTuple

from agent.ask import hours
from agent.ask.clocks import ONE_DAY, WEEKDAYS, take_day, without
from agent.ask.numbers import NUMBER, number
from agent.context import Context
from agent.events import Again

_EVERY = r"\b(?:every|each)(?: single)? "
_STEP = rf"(?:(other|second|third|{NUMBER}) )?"
_DAY = rf"(?:{'|'.join(WEEKDAYS)})"
_LIST = rf"({_DAY}s?(?:(?:,? and|,| or) (?:every |on )?{_DAY}s?)*)"
_T = r"(\d{1,2})(?:[:.](\d{2}))? ?(am|pm|o'clock)?(?![\w:%])"
_TIMES = re.compile(rf"\b(?:at|@|around|about) {_T}(?:(?:,? and|,) (?:at )?{_T})+")
_ONE_TIME = re.compile(_T)
_SPAN = re.compile(rf"\b(?:from|between) {_T} (?:to|until|till|and) {_T}")
_UNTIL = re.compile(rf"\b(?:until|till|up to) (?:about )?{_T}")
_LASTS = re.compile(
    rf"\b(?:for (?:the next )?({NUMBER}) (day|week|month)s?\b|(?:until|till) (?=\w))"
)
_ORDINAL = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "twelfth": 12, "fifteenth": 15, "twentieth": 20,
    "last": -1,
}  # fmt: skip
_NTH = rf"(\d{{1,2}}(?:st|nd|rd|th)|{'|'.join(_ORDINAL)})(?: day)?"
_OF_MONTH = r"(?: of (?:the|every|each) months?)"
PARTS = {"morning": 8, "afternoon": 15, "evening": 18, "night": 21, "lunchtime": 12}
A_DAY = {1: (9,), 2: (9, 21), 3: (8, 14, 20), 4: (8, 12, 16, 20)}
STEPS = {"other": 2.0, "second": 2.0, "third": 3.0}
SPANS_MAX = 48
EARLY_H = 5


class Found(NamedTuple):
    """How something comes again, and what is left of the sentence."""

    again: Again
    rest: str


class _Days(NamedTuple):
    unit: str
    step: int = 1
    weekdays: tuple[int, ...] = ()
    day: int | None = None
    nth: int | None = None
    hours: tuple[int, ...] = ()
    part: str | None = None


def read(text: str, context: Context) -> Found | None:
    """Return how what *text* (as `plain` writes it) names comes again; None if it does not."""
    match = _MINUTES.search(text)
    if match is not None:
        return _by_minutes(match, text, context)
    for pattern, reader in _PATTERNS:
        match = pattern.search(text)
        days = reader(match) if match is not None else None
        if match is not None and days is not None:
            return _on_days(days, without(text, match), context)
    return None


_MINUTES = re.compile(rf"{_EVERY}(?:({NUMBER}) )?(minute|min|hour|hr|h)s?\b(?! of)|\b(hourly)\b")


def _by_minutes(match: Match[str], text: str, context: Context) -> Found | None:
    count = number(match[1]) if match[1] else 1.0
    step = round((count or 0) * (1 if (match[2] or "h").startswith("m") else 60))
    if not 1 <= step <= 1440:
        return None
    left = without(text, match)
    if span := _SPAN.search(left):
        times = _within(span, step)
        return Found(Again(unit="day", times=times), without(left, span)) if times else None
    until = None
    if end := _UNTIL.search(left):
        clock = _clock(end, 1)
        until = hours.on(clock, None, None, context) if clock else None
        left = without(left, end) if until else left
    return Found(Again(unit="minute", step=step, until=until), left)


def _within(span: Match[str], step: int) -> tuple[time, ...]:
    """Return the times of the day from one to the other; "from 9 to 5" ends in the afternoon."""
    first, last = _clock(span, 1), _clock(span, 4)
    if first is None or last is None:
        return ()
    begin = _hour(first, None) * 60 + first.minute
    ends = [hour * 60 + last.minute for hour in hours.hours_of(last, None)]
    end = next((one for one in ends if one > begin), 0)
    found = range(begin, min(end, 1439) + 1, step)
    return tuple(time(one // 60, one % 60) for one in found[:SPANS_MAX])


def _on_days(days: _Days, text: str, context: Context) -> Found | None:
    times, left = _times(text)
    part, left = hours.take_part(left)
    part = part or days.part
    if not times:
        clock, left = hours.take_clock(left)
        times = [clock] if clock else []
    at = [time(_hour(one, part) % 24, one.minute) for one in times]
    if not at:
        named = (PARTS.get(part, hours.PARTS[part]),) if part else (days.hours or (8,))
        at = [time(hour) for hour in named]
    until, left = _until(left, context)
    again = Again.model_validate(
        {
            "unit": days.unit, "step": days.step, "times": tuple(dict.fromkeys(sorted(at))),
            "weekdays": days.weekdays, "day": days.day, "nth": days.nth, "until": until,
        }
    )  # fmt: skip
    return _dated(again, left, context)


def _dated(again: Again, left: str, context: Context) -> Found:
    """Return *again* with the day that "every year on 5 May", "monthly on the 3rd" names."""
    if again.unit not in ("month", "year") or again.day or again.nth:
        return Found(again, left)
    day, rest = take_day(left, context, ahead=True)
    start = day.start if day else context.local_now
    more = {"day": start.day, "month": start.month if again.unit == "year" else None}
    return Found(Again.model_validate(again.model_dump() | more), rest if day else left)


def _times(text: str) -> tuple[list[hours.Clock], str]:
    """Return the times of "at 8, 12 and 18"; one alone is read like any other."""
    match = _TIMES.search(text)
    if match is None:
        return [], text
    found = [_clock(one, 1) for one in _ONE_TIME.finditer(match[0])]
    clocks = [one for one in found if one is not None]
    return (clocks, without(text, match)) if len(clocks) == len(found) else ([], text)


def _clock(match: Match[str], group: int) -> hours.Clock | None:
    hour, minute, half = int(match[group]), int(match[group + 1] or 0), match[group + 2] or ""
    if hour > 24 or minute > 59 or (half in ("am", "pm") and not 1 <= hour <= 12):
        return None
    exact = hour > 12 or (match[group + 1] is not None and match[group][0] == "0")
    return hours.Clock(hour, minute, half, exact)


def _hour(clock: hours.Clock, part: str | None) -> int:
    """Return the hour that is meant of every day: what is done each day at 6 begins it."""
    meant = hours.hours_of(clock, part)
    return next((hour for hour in meant if hour >= EARLY_H), meant[0])


def _until(text: str, context: Context) -> tuple[datetime | None, str]:
    match = _LASTS.search(text)
    if match is None:
        return None, text
    if match[1] is not None:
        days = round((number(match[1]) or 0) * {"day": 1, "week": 7, "month": 30}[match[2]])
        return context.now + timedelta(days=days), without(text, match)
    day, rest = take_day(text[match.end() :], context, ahead=True)
    if day is None or not rest.startswith("|"):
        return None, text
    return day.start + ONE_DAY, f"{text[: match.start()]}{rest}"


def _step(said: str | None) -> int:
    return max(1, round(STEPS.get(said or "", number(said or "one") or 1.0)))


def _listed(said: str) -> tuple[int, ...]:
    return tuple(sorted({WEEKDAYS.index(one) for one in re.findall(_DAY, said)}))


def _plain_days(match: Match[str]) -> _Days:
    return _Days("day", _step(match[1]), part=match[2] if match[2] in PARTS else None)


def _so_often(match: Match[str]) -> _Days | None:
    said = {"once": 1.0, "twice": 2.0, "thrice": 3.0}.get(match[1])
    count = round(said or number((match[1] or "").removesuffix(" times")) or 1)
    return _Days("day", hours=A_DAY[count]) if count in A_DAY else None


def _weekly(match: Match[str]) -> _Days:
    said, word, other, days = match[1], match[2], match[4], match[5]
    twice = 2 if "fortnight" in (word or other or "") else 1
    return _Days("week", _step(said) * twice, _listed(days or ""))


def _on_weekdays(match: Match[str]) -> _Days:
    return _Days("week", _step(match[1]), _listed(match[2] or match[3]))


def _monthly(match: Match[str]) -> _Days | None:
    nth = next((one for one in match.groups() if one), "")
    day = _ORDINAL.get(nth) or int(re.sub(r"\D", "", nth) or 0)
    return _Days("month", day=day) if -1 <= day <= 31 and day else None


def _named_in_month(match: Match[str]) -> _Days | None:
    nth = _ORDINAL.get(match[1]) or int(re.sub(r"\D", "", match[1]) or 0)
    if not -1 <= nth <= 5 or not nth:
        return None
    return _Days("month", weekdays=_listed(match[2]), nth=nth)


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[Match[str]], _Days | None]], ...] = (
    (re.compile(rf"\b(?:on )?(?:the |every )?{_NTH} ({_DAY}){_OF_MONTH}"), _named_in_month),
    (
        re.compile(
            rf"\b(?:on |by )?the {_NTH}{_OF_MONTH}"
            rf"|{_EVERY}(\d{{1,2}}(?:st|nd|rd|th))(?:{_OF_MONTH})?\b(?! \w*(?:day|week|hour))"
            rf"|(?:{_EVERY}month|\bmonthly) on the {_NTH}\b"
        ),
        _monthly,
    ),
    (
        re.compile(
            rf"(?:{_EVERY}(?:week|work|working )day|\b(?:on )?(?:weekdays|workdays)"
            r"|\b(?:on |from )?monday (?:to|till|through) friday)\b"
        ),
        lambda _: _Days("day", weekdays=(0, 1, 2, 3, 4)),
    ),
    (
        re.compile(rf"(?:{_EVERY}weekend|\b(?:at|on) weekends)\b"),
        lambda _: _Days("day", weekdays=(5, 6)),
    ),
    (re.compile(rf"{_EVERY}{_STEP}{_LIST}\b|\b(?:on )?((?:{_DAY}s(?:,? and |, )?)+)\b"),
     _on_weekdays),
    (
        re.compile(rf"(?:{_EVERY}{_STEP}(week|fortnight)s?|\b()(weekly|fortnightly))\b"
                   rf"(?: on {_LIST})?"),
        _weekly,
    ),
    (
        re.compile(rf"{_EVERY}{_STEP}(day|morning|afternoon|evening|night|lunchtime)s?\b"),
        _plain_days,
    ),
    (re.compile(r"\b()(daily|nightly)\b"), lambda m: _Days(
        "day", hours=(PARTS["night"],) if m[2] == "nightly" else ())),
    (
        re.compile(rf"\b(once|twice|thrice|{NUMBER} times) (?:a|per|each|every) day\b"),
        _so_often,
    ),
    (
        re.compile(rf"(?:{_EVERY}{_STEP}months?|\b()monthly)\b"),
        lambda match: _Days("month", _step(match[1])),
    ),
    (
        re.compile(rf"(?:{_EVERY}{_STEP}years?|\b()(?:yearly|annually))\b"),
        lambda match: _Days("year", _step(match[1])),
    ),
)  # fmt: skip
