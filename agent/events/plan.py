"""What the calendar, the lists and the clock say.  Pure."""

from typing import Literal

from pydantic import Field

from agent.events.base import Event, Frozen, Instant


class Meeting(Frozen):
    """One occurrence of a calendar entry."""

    uid: str
    title: str
    start: Instant
    end: Instant
    place: str = ""
    all_day: bool = False
    declined: bool = False
    """Declined by the wearer, cancelled, or marked as free time: it claims no one's attention."""


class CalendarChanged(Event):
    """All occurrences of one calendar in [since, until), in order of their start; it replaces
    what that source said before."""

    kind: Literal["calendar_changed"] = "calendar_changed"
    source: str
    since: Instant
    until: Instant
    meetings: tuple[Meeting, ...]


class Item(Frozen):
    """One line of a list."""

    name: str
    amount: str = ""
    aisle: int | None = None
    done: bool = False


class ListChanged(Event):
    """A named list as it is now; it replaces what it was before."""

    kind: Literal["list_changed"] = "list_changed"
    source: str
    name: str
    items: tuple[Item, ...]


class ListEdited(Event):
    """The wearer put items on a list, or took some off; a source's own changes come after."""

    kind: Literal["list_edited"] = "list_edited"
    name: str = Field(min_length=1, max_length=64)
    added: tuple[Item, ...] = ()
    removed: tuple[str, ...] = ()


class ReminderSet(Event):
    """The wearer asked to be told something at a time."""

    kind: Literal["reminder_set"] = "reminder_set"
    id: str
    due: Instant
    text: str


class ReminderCancelled(Event):
    """The wearer does not want that reminder any more."""

    kind: Literal["reminder_cancelled"] = "reminder_cancelled"
    id: str


class ScheduleDue(Event):
    """A time that was waited for has come; *at* is when it was noticed."""

    kind: Literal["schedule_due"] = "schedule_due"
    name: str
    """`reminder/ID`, or the estimate that asked to be looked at again."""
    due: Instant


Plan = CalendarChanged | ListChanged | ListEdited | ReminderSet | ReminderCancelled | ScheduleDue
