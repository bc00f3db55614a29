"""When something is to be said: "in 20 minutes", "tomorrow at eight", "this evening".  Pure."""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from agent.ask import again, hours, upon
from agent.ask.clocks import DAYS_MAX, ONE_DAY, Day, take_day, without
from agent.ask.frames import cased
from agent.ask.numbers import NUMBER, number
from agent.ask.spelled import plain
from agent.context import Context
from agent.events import Again, Beside, Occasion

_WAKE = re.compile(r"\b(?:wake|get) (?:me|us) up\b|\bwake (?:me|us)\b|\bwake-?up call\b")
WAKES_H = range(4, 12)  # "wake me at seven" is of the morning, whenever it is said; at two a nap's
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
When = datetime | Again | Beside | Occasion


class Due(NamedTuple):
    """A time that was named, and what is left of the sentence: bars stand where it was."""

    at: datetime | None
    rest: str
    when: When | None = None
    """That time; or how it comes again, or the occasion that was named instead of one."""


def read(sentence: str, context: Context) -> Due:
    """Return when *sentence* says; nothing where it names neither a time nor an occasion."""
    text = plain(sentence)
    often = again.read(text, context)
    if often is not None:
        return Due(None, often.rest, often.again)
    occasion = upon.read(text)
    if occasion is not None:
        named = cased(occasion.when.name, sentence)
        return Due(None, occasion.rest, Occasion(happens=occasion.when.happens, name=named))
    for reader in (_after, _by_the_clock):
        found = reader(text, context)
        if found.at is not None:
            return found._replace(when=found.at)
    meeting = upon.around_a_meeting(text, context)
    if meeting is not None:
        return Due(upon.due(meeting.when, context), meeting.rest, meeting.when)
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
    clock, left = hours.take_clock(left)
    day = Day(at.replace(hour=0, minute=0, second=0, microsecond=0), "")
    part, left = hours.take_part(left)
    if clock is not None or part is not None:
        return Due(hours.on(clock, part, day, context), left)
    return Due(hours.shown(day.start, at.hour, at.minute), left)


def _length(said: str, unit: str, more: str | None) -> timedelta:
    count = (number(said) or 0.0) + {"half": 0.5, "quarter": 0.25}.get(more or "", 0.0)
    one = next(value for name, value in _UNITS.items() if unit.startswith(name))
    return count * one


def _by_the_clock(text: str, context: Context) -> Due:
    """Return the time of a day, an hour, a part of the day, in any order."""
    day, left = take_day(text, context, ahead=True)
    clock, left = hours.take_clock(left)
    part, left = hours.take_part(left)
    if day is None and clock is None and part is None:
        return Due(None, text)
    if part is None and clock is not None and clock.hour in WAKES_H and _WAKE.search(text):
        part = "morning"
    return Due(hours.on(clock, part, day, context), left)
