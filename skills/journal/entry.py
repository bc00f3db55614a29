"""The written entry of a day: every line of it is something that was measured, planned or said."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from agent.context import Context
from agent.fusion.stays import Stay
from agent.phrases import clock, duration, plural, short
from agent.ports import Recall
from agent.signals import HEART_RATE, STEPS

DAY = timedelta(days=1)
STAY_MIN = timedelta(minutes=5)
LINES_MAX = 20  # of one part: a day of more nudges or places than that is told in part
TEXT_MAX = 200
WALKED_KNOWN_MIN = 60
PARTS = ("Night", "Meetings", "Places", "Body", "Said")
_MARKS = re.compile(r"([\\`*_\[\]<>#|~])")


class Line(NamedTuple):
    """One thing of the day, and under what it stands."""

    part: str
    text: str


class Bounds(NamedTuple):
    """A day by the wearer's clock."""

    since: datetime
    until: datetime


def bounds(day: date, context: Context) -> Bounds:
    """Return when *day* begins and ends where the wearer is."""
    since = datetime.combine(day, time(), context.local)
    return Bounds(since, datetime.combine(day + DAY, time(), context.local))


def entry(day: date, context: Context, recall: Recall) -> str:
    """Return the entry of *day* as Markdown; what is not known of it is named at the end."""
    lines = list(lines_of(day, context, recall))
    title = f"# {day:%A} {day.day} {day:%B} {day.year}"
    written = [title]
    for part in PARTS:
        told = [one.text for one in lines if one.part == part]
        if told:
            written += ["", f"## {part}", "", *(f"- {marked(one)}" for one in told)]
    missing = [part.lower() for part in PARTS[:-1] if all(one.part != part for one in lines)]
    if missing:
        written += ["", f"Not known of this day: {', '.join(missing)}."]
    return "\n".join(written) + "\n"


def lines_of(day: date, context: Context, recall: Recall) -> Iterator[Line]:
    """Yield what is known of *day*, part by part, each in order of time."""
    span = bounds(day, context)
    yield from _night(span, context)
    yield from _meetings(span, context)
    yield from _places(span, context)
    yield from _body(day, span, context, recall)
    yield from _said(span, context, recall)


def marked(text: str) -> str:
    """Return *text*, which may be a stranger's, so that Markdown shows it as it is."""
    kept = "".join(letter if letter.isprintable() else " " for letter in text)
    return _MARKS.sub(r"\\\1", " ".join(kept.split()))


def _night(span: Bounds, context: Context) -> Iterator[Line]:
    zone = context.local
    for one in context.sleep.nights:
        if span.since <= one.wake < span.until:
            start, end = clock(one.onset, zone), clock(one.wake, zone)
            yield Line("Night", f"Slept {duration(one.asleep)}, from {start} to {end}.")


def _meetings(span: Bounds, context: Context) -> Iterator[Line]:
    zone, calendar = context.local, context.calendar
    held = [one for one in calendar.between(*span) if one.start >= span.since]
    for one in held[:LINES_MAX]:
        where = f", {short(one.place, TEXT_MAX)}" if one.place else ""
        times = f"{clock(one.start, zone)} to {clock(one.end, zone)}"
        yield Line("Meetings", f"{times}: {short(one.title, TEXT_MAX)}{where}.")
    sources = calendar.sources.values()
    read = any(one.since <= span.since and span.until <= one.until for one in sources)
    if not held and read:
        yield Line("Meetings", "None in the calendar.")


def _places(span: Bounds, context: Context) -> Iterator[Line]:
    zone = context.local
    for one in stays_of(span, context)[-LINES_MAX:]:
        since, until = max(one.since, span.since), min(one.until, span.until)
        times = f"{clock(since, zone)} to {clock(until, zone) if until < span.until else '24:00'}"
        yield Line("Places", f"{times}: {one.name}, {duration(until - since)}.")


def stays_of(span: Bounds, context: Context) -> list[Stay]:
    """Return the stays of a day, the one that goes on too."""
    stays = list(context.stays.between(*span))
    place = context.place
    if place.here is not None and place.since < span.until and context.now > span.since:
        stays.append(Stay(place.here.name, place.since, context.now))
    return [one for one in stays if one.within(*span) >= STAY_MIN]


def _body(day: date, span: Bounds, context: Context, recall: Recall) -> Iterator[Line]:
    steps = recall.summary(STEPS.id, since=span.since, until=span.until)
    if steps is not None:
        yield Line("Body", f"{steps.total:.0f} steps.")
    heart = recall.summary(HEART_RATE.id, since=span.since, until=span.until)
    if heart is not None:
        told = f"{heart.mean:.0f} bpm on average, from {heart.low:.0f} to {heart.high:.0f}"
        yield Line("Body", f"Heart rate {told}.")
    seated = context.seated
    if seated.day == f"{day:%Y-%m-%d}" and seated.known_min >= WALKED_KNOWN_MIN:
        longest = duration(timedelta(minutes=seated.longest_min))
        yield Line(
            "Body",
            f"On foot in {plural(seated.foot_min, 'minute')}; {longest} at most without a walk.",
        )


def _said(span: Bounds, context: Context, recall: Recall) -> Iterator[Line]:
    told = [one for one in recall.notified(since=span.since) if one.at < span.until]
    for one in told[-LINES_MAX:]:
        yield Line("Said", f"{clock(one.at, context.local)}: {short(one.text, TEXT_MAX)}")
