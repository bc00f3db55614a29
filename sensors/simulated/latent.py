"""What truly happens to a made-up person: no sensor, estimate or skill ever sees it.  Pure."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from agent.events import Item, Meeting, NotificationReceived, ReminderSet
from sensors.simulated.diary import Activity
from sensors.simulated.town import Way

SEATED = frozenset({Activity.SEATED, Activity.RIDING, Activity.DRIVING})
VEHICLES = frozenset({Activity.DRIVING})
SPORTS = frozenset({Activity.RUNNING, Activity.CYCLING})
RAISED = 0.5  # of full strain: the person would say "yes, I am tense"


class Span(NamedTuple):
    """From *start* up to *end*."""

    start: datetime
    end: datetime

    def holds(self, at: datetime) -> bool:
        """Return whether *at* lies within."""
        return self.start <= at < self.end

    def meets(self, other: "Span") -> bool:
        """Return whether both share some time."""
        return self.start < other.end and other.start < self.end


class Spell(NamedTuple):
    """One activity, and where: `place` is empty on the way."""

    start: datetime
    end: datetime
    activity: Activity
    way: Way
    place: str


class Rise(NamedTuple):
    """Strain begins to rise, is full, begins to fall, is gone."""

    begins: datetime
    full: datetime
    falls: datetime
    gone: datetime

    def at(self, at: datetime) -> float:
        """Return the strain at *at*, 0-1."""
        if not self.begins < at < self.gone:
            return 0.0
        rising = (at - self.begins) / (self.full - self.begins)
        falling = (self.gone - at) / (self.gone - self.falls)
        return min(1.0, rising, falling)


class Visit(NamedTuple):
    """A stay at a named place, from coming in to going out."""

    place: str
    kind: str
    start: datetime
    end: datetime


class Written(NamedTuple):
    """The shopping list as it is from *at* on."""

    at: datetime
    items: tuple[Item, ...]


class Dose(NamedTuple):
    """A medicine that is due, and when the person takes it unasked, if they do."""

    name: str
    due: datetime
    taken: datetime | None


class Ping(NamedTuple):
    """A notification, and when the person looks at it unasked."""

    event: NotificationReceived
    seen: datetime


@dataclass(frozen=True)
class Latent:
    """A month as it truly was, in order of time."""

    spells: tuple[Spell, ...]
    sleeps: tuple[Span, ...]
    meetings: tuple[Meeting, ...]
    """Those that the person attends."""
    rises: tuple[Rise, ...]
    talks: tuple[Span, ...]
    visits: tuple[Visit, ...]
    lists: tuple[Written, ...]
    doses: tuple[Dose, ...]
    pings: tuple[Ping, ...]
    reminders: tuple[ReminderSet, ...]
    focus: tuple[Span, ...]
    ill: tuple[Span, ...] = field(default=())

    def spell(self, at: datetime) -> Spell:
        """Return what is done at *at*."""
        return self.spells[max(0, bisect_right(self._starts, at) - 1)]

    def strain(self, at: datetime) -> float:
        """Return how strained the person truly is, 0-1."""
        return max((one.at(at) for one in self.rises), default=0.0)

    def asleep(self, at: datetime) -> bool:
        """Return whether the person sleeps."""
        return self.sleep_at(at) is not None

    def sleep_at(self, at: datetime) -> Span | None:
        """Return the sleep that holds at *at*."""
        place = bisect_right(self._onsets, at) - 1
        return self.sleeps[place] if place >= 0 and self.sleeps[place].holds(at) else None

    def in_meeting(self, at: datetime) -> bool:
        """Return whether the person sits in a meeting."""
        return any(one.start <= at < one.end for one in self.meetings_of(at))

    def talking(self, at: datetime) -> bool:
        """Return whether the person is in a conversation."""
        return _inside(self.talks, at)

    def focused(self, at: datetime) -> bool:
        """Return whether the person asked for quiet."""
        return _inside(self.focus, at)

    def visit(self, at: datetime) -> Visit | None:
        """Return the named place that the person is at."""
        place = bisect_right(self._comings, at) - 1
        if place < 0 or at >= self.visits[place].end:
            return None
        return self.visits[place]

    def items(self, at: datetime) -> tuple[Item, ...]:
        """Return what is on the shopping list."""
        place = bisect_right(self._writings, at) - 1
        return self.lists[place].items if place >= 0 else ()

    def meetings_of(self, at: datetime) -> Iterator[Meeting]:
        """Yield the meetings that began within half a day before *at*."""
        place = bisect_right(self._meeting_starts, at)
        while place > 0 and at - self.meetings[place - 1].start < timedelta(hours=12):
            place -= 1
            yield self.meetings[place]

    @cached_property
    def _starts(self) -> list[datetime]:
        return [one.start for one in self.spells]

    @cached_property
    def _onsets(self) -> list[datetime]:
        return [one.start for one in self.sleeps]

    @cached_property
    def _comings(self) -> list[datetime]:
        return [one.start for one in self.visits]

    @cached_property
    def _writings(self) -> list[datetime]:
        return [one.at for one in self.lists]

    @cached_property
    def _meeting_starts(self) -> list[datetime]:
        return [one.start for one in self.meetings]


def _inside(spans: tuple[Span, ...], at: datetime) -> bool:
    place = bisect_right(spans, at, key=lambda span: span.start) - 1
    return place >= 0 and spans[place].holds(at)
