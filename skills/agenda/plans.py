"""What the agenda knows of a meeting: the way to it, the time before, what was noted.  Pure."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from agent.config import KnownPlace
from agent.context import Context
from agent.events import Meeting
from agent.fusion.trips import named_in

NAME = "agenda"
DAY = timedelta(days=1)
BEFORE = 60 * DAY  # a meeting of longer ago is not "last time"


class Note(NamedTuple):
    """What the wearer noted for the meetings of one title, and when."""

    title: str
    text: str
    at: datetime


class Way(NamedTuple):
    """Where the wearer has to go, how long that takes, and from when on it is late."""

    there: KnownPlace
    spent: timedelta
    leave: datetime


def way_to(meeting: Meeting, context: Context) -> Way | None:
    """Return the way to *meeting* by past trips; None where it is not known, or there is none."""
    there = named_in(meeting.place, context.places)
    here = context.place.here if context.place.known_at(context.now) else None
    if there is None or here is None or there.name == here.name:
        return None
    spent = context.trips.safe(here.name, there.name)
    return None if spent is None else Way(there, spent, meeting.start - spent)


def notes_for(meeting: Meeting, context: Context) -> list[Note]:
    """Return what was noted for meetings of that title, oldest first."""
    title = folded(meeting.title)
    return [one for one in _notes(context) if _same(one.title, title)]


def last_time(meeting: Meeting, context: Context) -> Meeting | None:
    """Return the newest meeting of the same title before *meeting*."""
    title, now = folded(meeting.title), context.now
    before = min(now, meeting.start)
    for run in reversed(context.calendar.runs):
        if run.end < now - BEFORE:
            return None
        for one in reversed(run.meetings if run.start < now else ()):
            if one.start < before and folded(one.title) == title:
                return one
    return None


def _notes(context: Context) -> list[Note]:
    known = context.own(NAME).get("notes", [])
    rows = known if isinstance(known, list) else []
    return [
        Note(str(r[0]), str(r[1]), datetime.fromisoformat(str(r[2])))
        for r in rows
        if isinstance(r, list)
    ]


def _same(noted: str, title: str) -> bool:
    """Return whether a note for *noted* is for *title*: `budget` is for `budget review`."""
    return noted == title or f" {noted} " in f" {title} "


@lru_cache(maxsize=256)  # a year of meetings has few titles, and all are compared
def folded(title: str) -> str:
    """Return *title* as it is compared: `the Budget meeting` is `budget`."""
    said = " ".join(title.lower().replace("\u2019", "'").split())
    for word in ("the ", "my ", "our "):
        said = said.removeprefix(word)
    for word in (" meeting", " call", " appointment"):
        said = said.removesuffix(word)
    return said
