"""Clock times and days in a sentence, by the wearer's clock.  Pure."""

import re
from datetime import datetime, timedelta
from re import Match
from typing import NamedTuple

from agent.context import Context

CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|o'clock)?"
END = r"(?![\w:]|\.\d)"
NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "sixty": 60,
    "a": 1, "an": 1, "half": 0.5,
}  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ONE_DAY = timedelta(days=1)
DAYS_MAX = 3660

_BACK = {"today": 0, "yesterday": 1, "the day before yesterday": 2, "tomorrow": -1,
         "the day after tomorrow": -2}  # fmt: skip
_NAMED = re.compile(
    r"\b(?:on |from |of |for )?((?:the )?day (?:before yesterday|after tomorrow)"
    r"|today|yesterday|tomorrow)(?:'s)?\b"
)
_WEEKDAY = re.compile(
    rf"\b(?:on |from |of |for )?(last |this |next )?({'|'.join(WEEKDAYS)})(?:'s)?\b"
)
_AGO = re.compile(r"\b(\d{1,4}|[a-z]+) (day|week)s? ago\b")
_COMING = re.compile(r"\b(?:will|do i have|have i got|are there|is there|am i having)\b")
_SAME = (
    (re.compile(r"\b([ap])\.\s?m\b\.?"), r"\1m"),
    (re.compile(r"\b(?:12 )?(?:noon|midday)\b"), "12:00"),
    (re.compile(r"\b(?:12 )?midnight\b"), "24:00"),
    (re.compile(r"\b(?:the )?night before last\b"), "the day before yesterday night"),
    (re.compile(r"\bthe eve(?:ning)? before\b"), "yesterday evening"),
)


class Day(NamedTuple):
    """A day that was named."""

    start: datetime
    words: str


def plain(sentence: str) -> str:
    """Return *sentence* in small letters, with one way to write a time."""
    text = " ".join(sentence.lower().replace("\u2019", "'").split())
    for pattern, instead in _SAME:
        text = pattern.sub(instead, text)
    return text


def without(text: str, match: Match[str]) -> str:
    """Return *text* with a bar where *match* was, so that what stood around it stays apart."""
    return f"{text[: match.start()]}|{text[match.end() :]}"


def midnight(context: Context) -> datetime:
    """Return when the wearer's day began."""
    return context.local_now.replace(hour=0, minute=0, second=0, microsecond=0)


def take_day(text: str, context: Context) -> tuple[Day | None, str]:
    """Return the day that *text* names, and the text without it."""
    today = midnight(context)
    if match := _NAMED.search(text):
        name = match[1] if match[1] in _BACK else f"the {match[1]}"
        return Day(today - _BACK[name] * ONE_DAY, name), without(text, match)
    if match := _WEEKDAY.search(text):
        return _weekday(match, context), without(text, match)
    if match := _AGO.search(text):
        number = float(match[1]) if match[1].isdigit() else NUMBERS.get(match[1], 0)
        days = int(number * (7 if match[2] == "week" else 1))
        if 0 < days <= DAYS_MAX:
            return Day(today - days * ONE_DAY, _dated(today - days * ONE_DAY)), without(text, match)
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


def _weekday(match: Match[str], context: Context) -> Day:
    """Return the last such day before today, or the next one where the sentence looks ahead."""
    away = WEEKDAYS.index(match[2]) - context.local_now.weekday()
    ahead = match[1] == "next " or (match[1] != "last " and _COMING.search(match.string))
    days = (away % 7 or 7) if ahead else -(-away % 7 or 7)
    start = midnight(context) + days * ONE_DAY
    return Day(start, _dated(start))


def _dated(start: datetime) -> str:
    return f"on {start:%A} ({start.day} {start:%B})"
