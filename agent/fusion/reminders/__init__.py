"""What the wearer asked to be told, until it has come due.  Pure.

What waits is kept in the order of its time beside the mapping, so that with ten thousand of them
the next one is the first, and setting one copies and searches, but never walks through all.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from agent.events import (
    Again,
    Beside,
    CalendarChanged,
    ReminderAwaited,
    ReminderCancelled,
    ReminderSet,
    ScheduleDue,
)
from agent.fusion.reminders.recurrence import following, missed

ALL = "reminders"
ONE = "reminder/"
KEPT = timedelta(hours=25)  # what came due is snoozed for a day at most, and said again then
KEPT_MAX = 10_000
Order = tuple[tuple[datetime, str], ...]


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder whose time has come."""

    id: str
    text: str
    due: datetime
    at: datetime
    """When that was noticed, by the time of the context."""
    late_s: float = 0.0
    """By how much, by the device's clock."""
    missed: int = 0
    """How often it would have come again meanwhile."""
    timer: bool = False
    because: str = ""
    """What of the world it waited for; empty where it was for a time."""
    turn: int = 0
    """Counts what was noticed, up by one each time."""
    topic: str = ""
    """Names this one, or the batch that it is told with: made once, for it is looked at often."""
    batch: str = ""
    """Names those that are told together; empty where it is told by itself.  No time does: a
    clock that was set back shows the same one for long."""


@dataclass(frozen=True, slots=True)
class Reminders:
    """What is waited for, and what came due in the last day."""

    timed: Mapping[str, ReminderSet] = field(default_factory=dict)
    order: Order = ()
    """When each of them is due, with its id; the next one first."""
    awaited: Mapping[str, ReminderAwaited] = field(default_factory=dict)
    due: tuple[Due, ...] = ()

    def set(self, event: ReminderSet | ReminderAwaited) -> "Reminders":
        """Return them with *event*; one of the same id is replaced."""
        left = self.cancel(event.id)
        if isinstance(event, ReminderAwaited):
            return replace(left, awaited={**left.awaited, event.id: event})
        return _with(left, event)

    def cancel(self, id_: str) -> "Reminders":
        """Return them without that of *id_*."""
        after = self
        if id_ in self.timed:
            after = _without(self, (id_,))
        if id_ in self.awaited:
            rest = {key: one for key, one in self.awaited.items() if key != id_}
            after = replace(after, awaited=rest)
        return after

    def fold(self, event: ReminderSet | ReminderAwaited | ReminderCancelled) -> "Reminders":
        """Return them after what the wearer wants."""
        if isinstance(event, ReminderCancelled):
            return self.cancel(event.id)
        return self.set(event)

    def came_due(self, event: ScheduleDue, *, zone: ZoneInfo, because: str = "") -> "Reminders":
        """Return them after *event*: what comes again waits for its next time.

        One that has been taken back or moved meanwhile has not come due.
        """
        if event.name != ALL:
            return self._one(event, zone, because)
        gone = self.order[: bisect_right(self.order, event.noticed, key=lambda one: one[0])]
        found = [self.timed[id_] for _, id_ in gone]
        batch = _key(found[0].id, found[0].due) if found else ""
        topic = f"{ALL} {batch}"
        after = replace(
            _without(self, tuple(one.id for one in found)),
            due=_recent(self.due, event.at)
            + tuple(
                replace(_due(one, event, zone), turn=self._turn, batch=batch, topic=topic)
                for one in found[-KEPT_MAX:]
            ),
        )
        return _again(after, found, event, zone)

    def _one(self, event: ScheduleDue, zone: ZoneInfo, because: str) -> "Reminders":
        id_ = event.name.removeprefix(ONE)
        timed, awaited = self.timed.get(id_), self.awaited.get(id_)
        if timed is not None and timed.due == event.due:
            one = replace(_due(timed, event, zone), turn=self._turn)
            after = replace(_without(self, (id_,)), due=(*_recent(self.due, event.at), one))
            return _again(after, [timed], event, zone)
        if awaited is None:
            return self
        late_s = max(0.0, (event.noticed - event.due).total_seconds())
        one = Due(
            id_,
            awaited.text,
            event.due,
            event.at,
            late_s,
            turn=self._turn,
            because=because,
            topic=f"{ONE}{_key(id_, event.due)}",
        )
        return replace(self.cancel(id_), due=(*_recent(self.due, event.at), one))

    @property
    def _turn(self) -> int:
        return self.due[-1].turn + 1 if self.due else 1

    def moved(self, changed: CalendarChanged) -> "Reminders":
        """Return them after a calendar changed: what keeps to a meeting goes with it.

        A meeting that is gone leaves its reminder where it was.
        """
        after = self
        meetings = {one.uid: one for one in changed.meetings}
        for one in self.timed.values():
            meeting = meetings.get(one.beside.uid) if one.beside is not None else None
            if meeting is None or one.beside is None:
                continue
            due = beside(one.beside, start=meeting.start, end=meeting.end)
            if due != one.due:
                after = after.set(_at(one, due))
        return after

    def rezoned(self, zone: ZoneInfo, now: datetime) -> "Reminders":
        """Return them in another time zone: what comes again keeps to the clock on the wall."""
        after = self
        for one in self.timed.values():
            if one.again is None or one.again.unit == "minute":
                continue
            due = following(one.again, one.due, after=now, zone=zone)
            if due is not None and due != one.due and one.due > now:
                after = after.set(_at(one, due))
        return after


def beside(kept: Beside, *, start: datetime, end: datetime) -> datetime:
    """Return when it is due if the meeting is then."""
    return (start if kept.edge == "start" else end) - timedelta(minutes=kept.lead_min)


def count_due(order: Order, now: datetime) -> int:
    """Return how many are due by *now*."""
    return bisect_right(order, now, key=lambda one: one[0])


def _with(kept: Reminders, one: ReminderSet) -> Reminders:
    order = list(kept.order)
    insort(order, (one.due, one.id))
    return replace(kept, timed={**kept.timed, one.id: one}, order=tuple(order))


def _without(kept: Reminders, ids: tuple[str, ...]) -> Reminders:
    timed = dict(kept.timed)
    gone = [(timed.pop(id_).due, id_) for id_ in ids]
    order = kept.order
    if len(gone) == 1:
        place = bisect_left(order, gone[0])
        order = (*order[:place], *order[place + 1 :])
    else:
        dropped = set(gone)
        order = tuple(one for one in order if one not in dropped)
    return replace(kept, timed=timed, order=order)


def _again(
    kept: Reminders, found: list[ReminderSet], event: ScheduleDue, zone: ZoneInfo
) -> Reminders:
    """Return *kept* with the next time of each of *found* that comes again."""
    for one in found:
        due = _next(one.again, one.due, event.noticed, zone) if one.again else None
        if due is not None:
            kept = _with(kept, _at(one, due))
    return kept


def _next(again: Again, due: datetime, noticed: datetime, zone: ZoneInfo) -> datetime | None:
    return following(again, due, after=max(due, noticed), zone=zone)


def _at(one: ReminderSet, due: datetime) -> ReminderSet:
    return ReminderSet(
        at=one.at, id=one.id, due=due, text=one.text, again=one.again, beside=one.beside,
        timer=one.timer,
    )  # fmt: skip


def _due(one: ReminderSet, event: ScheduleDue, zone: ZoneInfo) -> Due:
    late_s = max(0.0, (event.noticed - one.due).total_seconds())
    often = missed(one.again, one.due, until=event.noticed, zone=zone) if one.again else 0
    topic = f"{ONE}{_key(one.id, one.due)}"
    return Due(one.id, one.text, one.due, event.at, late_s, often, timer=one.timer, topic=topic)


def _key(id_: str, due: datetime) -> str:
    return f"{id_} {due.timestamp():.0f}"


def _recent(due: tuple[Due, ...], now: datetime) -> tuple[Due, ...]:
    return tuple(one for one in due if now - one.at < KEPT)[-KEPT_MAX:]
