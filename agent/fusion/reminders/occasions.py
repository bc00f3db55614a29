"""When what a reminder waits for has happened: a coming, a going, a meeting of someone.  Pure.

Nobody measures who stands beside the wearer.  "With Anna" rests on an entry of the calendar that
has her name, or on a thing at home that tells she is there while the wearer is.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from agent.config import KnownPlace
from agent.events import EPOCH, EntityChanged, Meeting, ReminderAwaited

KINDS = {
    "home": "home", "house": "home", "flat": "home", "apartment": "home", "my place": "home",
    "work": "work", "office": "work", "job": "work", "shop": "grocery", "shops": "grocery",
    "store": "grocery", "supermarket": "grocery", "grocery": "grocery", "groceries": "grocery",
    "grocery store": "grocery", "grocery shop": "grocery", "market": "grocery",
}  # fmt: skip
PRESENT = frozenset(("home", "on", "present", "true", "detected"))


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of where the wearer is, and with whom."""

    here: KnownPlace | None = None
    since: datetime = EPOCH
    last: KnownPlace | None = None
    left_at: datetime = EPOCH
    meetings: tuple[Meeting, ...] = ()
    """Those that go on."""
    entities: Mapping[str, EntityChanged] = field(default_factory=dict)


def is_place(name: str, place: KnownPlace) -> bool:
    """Return whether the wearer means *place* by *name*: its own name, or a word for its kind."""
    said = " ".join(name.lower().split())
    return said == place.name.lower() or KINDS.get(said) == place.kind


def happened(awaited: ReminderAwaited, around: Around) -> tuple[datetime, str] | None:
    """Return since when what was *awaited* is so, and what tells it; None while it is not."""
    name = awaited.occasion.name
    match awaited.occasion.happens:
        case "arrive":
            place, at = around.here, around.since
            told = f"you came to {name}"
        case "leave":
            place, at = around.last, around.left_at
            told = f"you left {name}"
        case "with":
            return _with(name, awaited.at, around)
    if place is None or at <= awaited.at or not is_place(name, place):
        return None
    return at, told


def _with(name: str, asked: datetime, around: Around) -> tuple[datetime, str] | None:
    for meeting in around.meetings:
        if names(name, meeting.title):
            return max(meeting.start, asked), f"your calendar says {meeting.title}"
    if around.here is None or around.here.kind != "home":
        return None
    for entity in persons(name, around.entities.values()):
        if entity.state.lower() in PRESENT:
            return max(entity.at, around.since, asked), f"{entity.entity} says {entity.state}"
    return None


def persons(name: str, entities: Iterable[EntityChanged]) -> list[EntityChanged]:
    """Return the things that may tell where the person *name* is."""
    return [one for one in entities if names(name, re.sub(r"[._-]", " ", one.entity))]


def names(person: str, text: str) -> bool:
    """Return whether *text* has the name of *person*, as a word."""
    return re.search(rf"(?<!\w){re.escape(person.lower())}(?:'s)?(?!\w)", text.lower()) is not None
