"""Clock times and days in a sentence, by the wearer's clock.  Pure."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from re import Match
from typing import NamedTuple

from agent.ask.numbers import NUMBER, number
from agent.ask.spelled import MONTHS
from agent.context import Context

CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|o'clock)?"
END = r"(?![\w:]|\.\d)"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ONE_DAY = timedelta(days=1)
DAYS_MAX = 3660

_BACK = {"today": 0, "yesterday": 1, "the day before yesterday": 2, "tomorrow": -1,
         "the day after tomorrow": -2}  # fmt: skip
_LEAD = r"\b(?:(?:on|from|of|for|by) )?"
_NAMED = re.compile(
    rf"{_LEAD}((?:the )?day (?:before yesterday|after tomorrow)"
    r"|today|yesterday|tomorrow)(?:'s)?\b"
)
_WEEKDAY = re.compile(rf"{_LEAD}(last |this |next |coming )?({'|'.join(WEEKDAYS)})(?:'s)?\b")
_MONTH = rf"({'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in MONTHS)})\b"
_DATE = re.compile(
    rf"{_LEAD}(?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? (\d{{4}}))?(?:'s)?"
)
_MONTH_FIRST = re.compile(
    rf"{_LEAD}{_MONTH} (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (\d{{4}}))?(?:'s)?"
)
_NTH = re.compile(r"\b(?:on|from|for|by) the (\d{1,2})(?:st|nd|rd|th)\b")
_ISO = re.compile(rf"{_LEAD}(\d{{4}})-(\d{{2}})-(\d{{2}})\b")
_AGO = re.compile(rf"\b({NUMBER}) (day|week)s? ago\b")
_AWAY = re.compile(rf"\bin ({NUMBER}) (day|week|fortnight)s?(?:'? time)?\b")
_FROM = re.compile(rf"\ba week (from )?({'|'.join(WEEKDAYS)}|today|tomorrow)\b")
_COMING = re.compile(
    r"\b(?:will|do i have|have i got|are there|is there|am i having|going to|planned|coming)\b"
)
PAST = re.compile(r"\b(?:was|were|did|had|been|last|past|previous|ago)\b")


class Day(NamedTuple):
    """A day that was named."""

    start: datetime
    words: str


class Here(NamedTuple):
    """Where a sentence is read: what is believed, and whether it looks ahead."""

    context: Context
    ahead: bool


def without(text: str, match: Match[str]) -> str:
    """Return *text* with a bar where *match* was, so that what stood around it stays apart."""
    return f"{text[: match.start()]}|{text[match.end() :]}"


def midnight(context: Context) -> datetime:
    """Return when the wearer's day began."""
    return context.local_now.replace(hour=0, minute=0, second=0, microsecond=0)


def take_day(text: str, context: Context, *, ahead: bool = False) -> tuple[Day | None, str]:
    """Return the day that *text* names, and the text without it.

    A weekday or a date is the last one, or the next one where the sentence looks *ahead*.
    """
    here = Here(context, ahead or _COMING.search(text) is not None)
    for pattern, reader in _DAYS:
        match = pattern.search(text)
        day = reader(match, here) if match else None
        if match is not None and day is not None:
            return day, without(text, match)
    return None, text


def time(match: Match[str], group: int, day: Day | None, context: Context) -> datetime | None:
    """Return what the three groups from *group* say, on *day* or when the clock last showed it."""
    hour, minute, half = int(match[group]), int(match[group + 1] or 0), match[group + 2]
    hour += 12 if half == "pm" and hour < 12 else -12 if half == "am" and hour == 12 else 0
    twelve = half not in ("am", "pm") or 1 <= int(match[group]) <= 12
    if hour > 24 or minute > 59 or (hour == 24 and minute) or not twelve:
        return None
    start = day.start if day else midnight(context)
    at = (start + ONE_DAY if hour == 24 else start).replace(hour=hour % 24, minute=minute)
    return at - ONE_DAY if day is None and at > context.local_now else at


def dated(start: datetime, context: Context) -> str:
    """Return how a day that begins at *start* is named: `on Monday (2 March)`."""
    year = f" {start.year}" if start.year != context.local_now.year else ""
    return f"on {start:%A} ({start.day} {start:%B}{year})"


def _named(match: Match[str], here: Here) -> Day:
    name = match[1] if match[1] in _BACK else f"the {match[1]}"
    return Day(midnight(here.context) - _BACK[name] * ONE_DAY, name)


def _weekday(match: Match[str], here: Here) -> Day:
    """Return the last such day before today, or the next one where the sentence looks ahead."""
    away = WEEKDAYS.index(match[2]) - here.context.local_now.weekday()
    ahead = match[1] in ("next ", "coming ") or (match[1] != "last " and here.ahead)
    return _away((away % 7 or 7) if ahead else -(-away % 7 or 7), here)


def _ago(match: Match[str], here: Here) -> Day | None:
    days = int((number(match[1]) or 0) * (7 if match[2] == "week" else 1))
    return _away(-days, here) if 0 < days <= DAYS_MAX else None


def _in(match: Match[str], here: Here) -> Day | None:
    days = int((number(match[1]) or 0) * {"day": 1, "week": 7, "fortnight": 14}[match[2]])
    return _away(days, here) if 0 < days <= DAYS_MAX else None


def _week_from(match: Match[str], here: Here) -> Day:
    if match[2] in WEEKDAYS:
        away = (WEEKDAYS.index(match[2]) - here.context.local_now.weekday()) % 7 or 7
        return _away(away + 7, here)
    return _away(8 if match[2] == "tomorrow" else 7, here)


def _away(days: int, here: Here) -> Day:
    start = (midnight(here.context).replace(tzinfo=None) + days * ONE_DAY).replace(
        tzinfo=here.context.local
    )
    return Day(start, dated(start, here.context))


def _date(match: Match[str], here: Here) -> Day | None:
    return _on(int(match[1]), _month(match[2]), match[3], here)


def _month_first(match: Match[str], here: Here) -> Day | None:
    return _on(int(match[2]), _month(match[1]), match[3], here)


def _iso(match: Match[str], here: Here) -> Day | None:
    return _on(int(match[3]), int(match[2]), match[1], here)


def _nth(match: Match[str], here: Here) -> Day | None:
    """Return the next or the last day of that number: of this month, or of one beside it."""
    now = here.context.local_now
    for away in range(4):
        months = now.year * 12 + now.month - 1 + (away if here.ahead else -away)
        day = _on(int(match[1]), months % 12 + 1, str(months // 12), here)
        if day is not None and (day.start > now if here.ahead else day.start <= now):
            return day
    return None


def _month(name: str) -> int:
    return next(n for n, one in enumerate(MONTHS, start=1) if one.startswith(name[:3]))


def _on(day: int, month: int, year: str | None, here: Here) -> Day | None:
    now = here.context.local_now
    years = [int(year)] if year else [now.year, now.year + (1 if here.ahead else -1)]
    for one in years:
        try:
            start = midnight(here.context).replace(year=one, month=month, day=day)
        except ValueError:
            continue
        today = start.date() == now.date()
        if year or today or (start > now) == here.ahead:
            return Day(start, dated(start, here.context))
    return None


_DAYS: tuple[tuple[re.Pattern[str], Callable[[Match[str], Here], Day | None]], ...] = (
    (_FROM, _week_from),
    (_NAMED, _named),
    (_ISO, _iso),
    (_DATE, _date),
    (_MONTH_FIRST, _month_first),
    (_WEEKDAY, _weekday),
    (_NTH, _nth),
    (_AGO, _ago),
    (_AWAY, _in),
)
