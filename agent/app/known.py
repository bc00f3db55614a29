"""What a larger model is shown for an open question: numbered lines of what is known."""

import re
from collections.abc import Iterator
from datetime import timedelta

from agent.ask.larger import Line
from agent.context import Context
from agent.phrases import clock, duration, listing
from agent.ports import Recall
from agent.signals import SIGNALS

HITS_MAX = 6
NEAR = timedelta(hours=24)
WORDS_MAX = 12
_WORD = re.compile(r"[^\W\d_]{4,}")


def lines(question: str, recall: Recall, context: Context) -> list[Line]:
    """Return what is believed now, what is planned, and what was said on the same words.

    What changes least comes first, so that a model that keeps what it has read reads less again.
    """
    told = [*_profile(context), *_planned(context), *_now(context)]
    numbered = [Line(n, text) for n, text in enumerate(told, 1)]
    words = _WORD.findall(question)[:WORDS_MAX]
    for hit in recall.search(words, limit=HITS_MAX) if words else ():
        at = hit.at.astimezone(context.local)
        text = f"{at:%A %d %B, %H:%M}: {hit.text}"
        numbered.append(Line(len(numbered) + 1, text, f"event {hit.sequence}"))
    return numbered


def _profile(context: Context) -> Iterator[str]:
    if context.rules.places:
        yield f"Known places: {listing([one.name for one in context.rules.places[:12]])}."
    usual = context.sleep.usual_asleep()
    if usual is not None:
        yield f"Usual sleep: {duration(usual)}."


def _planned(context: Context) -> Iterator[str]:
    for meeting in context.calendar.between(context.now - NEAR, context.now + NEAR)[:6]:
        start, end = clock(meeting.start, context.local), clock(meeting.end, context.local)
        day = meeting.start.astimezone(context.local)
        where = f" at {meeting.place}" if meeting.place else ""
        yield f"{day:%A} {start} to {end}: {meeting.title}{where}."
    for reminder in list(context.reminders.values())[:4]:
        yield f"Reminder at {clock(reminder.due, context.local)}: {reminder.text}."


def _now(context: Context) -> Iterator[str]:
    yield f"Now: {context.local_now:%A %d %B %Y, %H:%M}."
    place = context.place
    if place.known_at(context.now):
        yield f"Place: {place.here.name if place.here else 'no place with a name'}."
    score = context.stress.at(context.now)
    if score is not None:
        yield f"Stress: {score:.0f} of 100."
    for name in ("heart_rate", "steps", "skin_temperature", "battery"):
        value = context.value(name)
        if value is not None:
            yield f"Newest {name.replace('_', ' ')}: {value:.0f} {SIGNALS[name].unit}."
