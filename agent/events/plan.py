"""What the calendar, the lists and the clock say.  Pure."""

from datetime import datetime, time
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


class Again(Frozen):
    """How something comes again, by the wearer's own clock wherever they are."""

    unit: Literal["minute", "day", "week", "month", "year"]
    step: int = Field(default=1, ge=1, le=10_000)
    """Every so many of them."""
    times: tuple[time, ...] = Field(default=(), max_length=48)
    """When on such a day; a unit of minutes has none."""
    weekdays: tuple[int, ...] = Field(default=(), max_length=7)
    """Of a day or a week: on which days alone; Monday is 0.  Of a month: one, see `nth`."""
    day: int | None = Field(default=None, ge=-1, le=31)
    """Of a month or a year: which day; -1 is the last, and so is one that a month has not."""
    nth: int | None = Field(default=None, ge=-1, le=5)
    """Of a month: which of its days of that name; -1 is the last."""
    month: int | None = Field(default=None, ge=1, le=12)
    until: Instant | None = None
    """After that it comes no more."""


class Beside(Frozen):
    """A meeting that a reminder keeps to, when it is moved."""

    uid: str
    title: str
    edge: Literal["start", "end"]
    lead_min: int = Field(default=0, ge=0, le=1440)
    """How long before that edge."""


class Occasion(Frozen):
    """What happens at no time that is known before."""

    happens: Literal["arrive", "leave", "with"]
    name: str = Field(min_length=1, max_length=64)
    """The place, or the person."""


class ReminderSet(Event):
    """The wearer asked to be told something at a time; the same id again replaces it."""

    kind: Literal["reminder_set"] = "reminder_set"
    id: str
    due: Instant
    text: str
    again: Again | None = None
    beside: Beside | None = None
    timer: bool = False
    """It measures a length of time: what it says is what it was for."""


class ReminderAwaited(Event):
    """The wearer asked to be told something when they come, go or meet someone."""

    kind: Literal["reminder_awaited"] = "reminder_awaited"
    id: str
    occasion: Occasion
    text: str


class ReminderCancelled(Event):
    """The wearer does not want that reminder any more."""

    kind: Literal["reminder_cancelled"] = "reminder_cancelled"
    id: str


class ScheduleDue(Event):
    """A time that was waited for has come; *at* is when it was noticed."""

    kind: Literal["schedule_due"] = "schedule_due"
    name: str
    """`reminder/ID`, `reminders` for all that are due, or the estimate that asked for a look."""
    due: Instant
    clock: Instant | None = None
    """What the device's clock showed, where it had been set back behind *at*."""

    @property
    def noticed(self) -> datetime:
        """Return what the device's clock showed."""
        return self.clock or self.at


Plan = (
    CalendarChanged
    | ListChanged
    | ListEdited
    | ReminderSet
    | ReminderAwaited
    | ReminderCancelled
    | ScheduleDue
)
