"""iCalendar (RFC 5545) text to the occurrences in a window.  Pure.

Only the short-lived child imports this: a hostile rule may take its time and memory there.
"""

import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import groupby
from typing import Any, NamedTuple

import recurring_ical_events
from icalendar import Calendar, Component
from pydantic import ValidationError

from agent.errors import DecodeError
from agent.events import CalendarChanged, Meeting

BYTES_MAX = 32 << 20
OCCURRENCES_MAX = 2_000
FAULTS_MAX = 20
TEXT_MAX = 300
# What the libraries raise on what they cannot read, found on real and on damaged files.
UNREADABLE = (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError)
TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY"})
PARTS = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
ONCE = {"DTSTART": "start times", "DTEND": "end times", "DURATION": "lengths"}
DAY = timedelta(days=1)
# The words of the language itself, which say nothing about a calendar.
_INNER = re.compile(r"unpack|literal|argument|object|instance|NoneType|unsupported|codec")


class _RefusedError(ValueError):
    """An entry that we refuse ourselves, in our own words."""


class Window(NamedTuple):
    """Which occurrences are wanted, in whose time zone, and who is asking."""

    since: datetime
    until: datetime
    zone: tzinfo
    address: str = ""
    """The wearer's address, as invitations name it; empty if none is known."""


class Decoded(NamedTuple):
    """The calendar, and what of it could not be read."""

    changed: CalendarChanged
    faults: Sequence[str]


def decode(text: bytes, *, at: datetime, source: str, window: Window) -> Decoded:
    """Return the occurrences in *window*, the entries that could not be read beside them.

    Raise DecodeError if *text* is no calendar, or if it has entries and none can be read.
    """
    if len(text) > BYTES_MAX:
        raise DecodeError(source, f"{len(text)} bytes, more than {BYTES_MAX}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library guesses at odd time zones, and guesses well
        found, faults = _read(text, source, window)
    found.sort(key=lambda meeting: (meeting.start, meeting.end, meeting.uid))
    if len(found) > OCCURRENCES_MAX:
        cut = f"{len(found)} occurrences, only the first {OCCURRENCES_MAX} are kept"
        faults.insert(0, cut)
    changed = CalendarChanged(
        at=at,
        source=source,
        since=window.since,
        until=window.until,
        meetings=tuple(found[:OCCURRENCES_MAX]),
    )
    return Decoded(changed, [f"{source}: {fault}" for fault in faults[:FAULTS_MAX]])


def _read(text: bytes, source: str, window: Window) -> tuple[list[Meeting], list[str]]:
    found, faults, entries = list[Meeting](), list[str](), 0
    for calendar in _calendars(text, source):
        for uid, series in _series(calendar):
            entries += 1
            try:
                found += _meetings(calendar, series, uid, window)
            except UNREADABLE as error:
                faults.append(f"entry {uid[:64]!r} left out: {_why(error, series)}")
    if entries and len(faults) == entries:
        raise DecodeError(source, f"no entry can be read; the first: {faults[0]}"[:500])
    return found, faults


def _calendars(text: bytes, source: str) -> Sequence[Component]:
    """Return the calendars in *text*; an entry without one around it stands for itself."""
    try:
        found = Calendar.from_ical(text, multiple=True)
    except (*UNREADABLE, RecursionError) as error:
        raise DecodeError(source, f"is no iCalendar: {_said(error)[:200]}") from error
    if not found:
        raise DecodeError(source, "is no iCalendar: it has no BEGIN:VCALENDAR")
    return found


def _series(calendar: Component) -> Iterator[tuple[str, Sequence[Component]]]:
    """Yield the entries that belong together: a series and its exceptions have one UID.

    One that has no time, nor a damaged one, is no meeting.
    """
    entries = [e for e in calendar.walk("VEVENT") if "DTSTART" in e or e.errors]
    ordered = sorted(enumerate(entries), key=lambda pair: (_uid(pair[1], pair[0]), pair[0]))
    for uid, pairs in groupby(ordered, key=lambda pair: _uid(pair[1], pair[0])):
        yield uid, [entry for _, entry in pairs]


def _uid(entry: Component, index: int) -> str:
    return _line(entry.get("UID")) or f"entry-{index + 1}"


def _meetings(
    calendar: Component, series: Sequence[Component], uid: str, window: Window
) -> list[Meeting]:
    alone = Calendar()
    if "X-WR-TIMEZONE" in calendar:
        alone["X-WR-TIMEZONE"] = calendar["X-WR-TIMEZONE"]
    for entry in series:
        _refuse_odd(entry)
        alone.add_component(entry)
    # A day more on each side: what has no zone of its own is placed in the wearer's afterwards.
    query = recurring_ical_events.of(alone)
    occurrences = query.between(window.since - DAY, window.until + DAY)
    meetings = (_meeting(occurrence, uid, window) for occurrence in occurrences)
    return [each for each in meetings if each.start < window.until and each.end > window.since]


def _refuse_odd(entry: Component) -> None:
    """Raise what is wrong with *entry* where the library would fail over it, or never end."""
    if "DTSTART" not in entry:
        raise _RefusedError("it has no DTSTART that can be read")
    for part, plural in ONCE.items():
        if isinstance(entry.get(part), list):
            raise _RefusedError(f"it has two {plural} ({part})")
    for rule in _each(entry, "RRULE"):
        if TOO_OFTEN.intersection(str(each).upper() for each in rule.get("FREQ", [])):
            raise _RefusedError("it repeats every second or minute: no meeting does")
    for part in ("RDATE", "EXDATE"):
        if any(isinstance(one.dt, time) for dates in _each(entry, part) for one in dates.dts):
            raise _RefusedError(f"its {part} is a time of day without a date")


def _each(entry: Component, part: str) -> Sequence[Any]:
    found = entry.get(part, [])
    return found if isinstance(found, list) else [found]


def _meeting(occurrence: Component, uid: str, window: Window) -> Meeting:
    first: object = occurrence.decoded("DTSTART")
    start, end = (_instant(occurrence.decoded(key), window.zone) for key in ("DTSTART", "DTEND"))
    return Meeting(
        uid=uid,
        title=_line(occurrence.get("SUMMARY")),
        start=start,
        end=max(end, start + timedelta(minutes=1)),
        place=_line(occurrence.get("LOCATION")),
        all_day=not isinstance(first, datetime),
        declined=_declined(occurrence, window.address),
    )


def _instant(at: object, zone: tzinfo) -> datetime:
    match at:
        case datetime():
            return at if at.tzinfo else at.replace(tzinfo=zone)
        case date():
            return datetime.combine(at, time(), tzinfo=zone)
        case _:
            raise _RefusedError(f"{str(at)[:64]!r} is neither a date nor a time")


def _declined(occurrence: Component, address: str) -> bool:
    status, claims = (_line(occurrence.get(key)).upper() for key in ("STATUS", "TRANSP"))
    if status == "CANCELLED" or claims == "TRANSPARENT":
        return True
    mine = f"mailto:{address}".casefold()
    return bool(address) and any(
        str(who).casefold() == mine and str(who.params.get("PARTSTAT", "")).upper() == "DECLINED"
        for who in _each(occurrence, "ATTENDEE")
    )


def _line(value: object) -> str:
    """Return *value*, which may be given twice, as one short line of text."""
    if isinstance(value, list):
        value = value[0] if value else None
    text = "" if value is None else str(value)
    return " ".join("".join(c if c.isprintable() else " " for c in text[:2000]).split())[:TEXT_MAX]


def _why(error: Exception, series: Sequence[Component]) -> str:
    broken = (
        f"{part} is damaged" + ("" if _INNER.search(reason) else f" ({_line(reason)[:100]})")
        for entry in series
        for part, reason in entry.errors
        if part in PARTS
    )
    if isinstance(error, ValidationError):
        return next(broken, "an occurrence is not possible")
    return next(broken, _said(error))


def _said(error: Exception) -> str:
    """Return what a library says of a calendar; what Python says is put in our own words."""
    text = _line(error)[:160]
    if isinstance(error, _RefusedError):
        return text
    if isinstance(error, ArithmeticError):
        return "a time or a number in it is too large"
    if not isinstance(error, ValueError) or _INNER.search(text):
        return "a value in it does not fit its place"
    return text
