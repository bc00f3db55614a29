"""What the calendar claims: meetings now, in a row, and next.  Pure."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agent.events import EPOCH, CalendarChanged, Meeting

GAP_MAX = timedelta(minutes=10)  # less than this between two meetings is no pause
NONE = timedelta()


@dataclass(frozen=True, slots=True)
class Run:
    """Meetings with no pause between them."""

    start: datetime
    end: datetime
    meetings: tuple[Meeting, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """All calendars together."""

    sources: Mapping[str, CalendarChanged] = field(default_factory=dict)
    runs: tuple[Run, ...] = ()
    """Runs of attended meetings that are not all-day, in order."""

    def fold(self, changed: CalendarChanged) -> "Calendar":
        """Return the calendar after *changed*; it replaces what that source said before."""
        sources = {**self.sources, changed.source: changed}
        return Calendar(sources, _runs(_attended(sources)))

    def run_at(self, now: datetime) -> Run | None:
        """Return the run that *now* is in."""
        place = bisect_right(self.runs, now, key=lambda run: run.start) - 1
        return self.runs[place] if place >= 0 and now < self.runs[place].end else None

    def meeting_at(self, now: datetime) -> Meeting | None:
        """Return the meeting at *now*; the later one, where two overlap."""
        run = self.run_at(now)
        inside = [m for m in run.meetings if m.start <= now < m.end] if run else []
        return inside[-1] if inside else None

    def busy_run(self, now: datetime, *, since: timedelta) -> Run | None:
        """Return the run that *now* is in, or that ended less than *since* ago."""
        place = bisect_right(self.runs, now, key=lambda run: run.start) - 1
        return self.runs[place] if place >= 0 and now < self.runs[place].end + since else None

    def next_after(self, now: datetime, *, within: timedelta) -> Meeting | None:
        """Return the first meeting that starts after *now* and before *now* + *within*."""
        place = bisect_right(self.runs, now, key=lambda run: run.start) - 1
        for run in self.runs[max(place, 0) :]:
            for meeting in run.meetings:
                if now < meeting.start < now + within:
                    return meeting
        return None

    def between(self, since: datetime, until: datetime) -> tuple[Meeting, ...]:
        """Return the attended meetings that overlap [since, until), in order."""
        every = (meeting for run in self.runs for meeting in run.meetings)
        return tuple(m for m in every if m.start < until and m.end > since)

    def load(self, now: datetime, *, window: timedelta) -> timedelta:
        """Return how much of the *window* before *now* was in meetings; overlaps count once."""
        since, total, covered = now - window, NONE, now - window
        for meeting in self.between(since, now):
            start, end = max(meeting.start, covered), min(meeting.end, now)
            if end > start:
                total, covered = total + (end - start), end
        return total

    def in_a_row(self, now: datetime) -> int:
        """Return how many meetings without a pause the wearer is in by *now*, this one included.

        Of those at the same time one counts: the most that can be sat through one by one.
        """
        run = self.run_at(now)
        count, free = 0, EPOCH
        begun = (meeting for meeting in (run.meetings if run else ()) if meeting.start <= now)
        for meeting in sorted(begun, key=lambda m: m.end):
            if meeting.start >= free:
                count, free = count + 1, meeting.end
        return count

    def next_free(
        self, now: datetime, *, at_least: timedelta, within: timedelta
    ) -> tuple[datetime, datetime] | None:
        """Return the first time without a meeting that lasts *at_least* so long.

        It begins at *now* or later, before *now* + *within*, and ends with the next meeting, or
        with the span that was looked at.
        """
        free, horizon = now, now + within
        for meeting in self.between(now, horizon):
            if meeting.start - free >= at_least:
                return free, meeting.start
            free = max(free, meeting.end)
        return (free, horizon) if horizon - free >= at_least else None

    def all_day(self, now: datetime) -> tuple[Meeting, ...]:
        """Return the entries of all day that *now* is in and that are not declined, in order."""
        found = {
            (meeting.uid, meeting.start): meeting
            for source in sorted(self.sources)
            for meeting in self.sources[source].meetings
            if meeting.all_day and not meeting.declined and meeting.start <= now < meeting.end
        }
        return tuple(sorted(found.values(), key=lambda m: (m.start, m.title)))

    def boundary_after(self, now: datetime) -> datetime | None:
        """Return when the next meeting starts or ends."""
        times = [t for r in self.runs if r.end > now for m in r.meetings for t in (m.start, m.end)]
        return min((time for time in times if time > now), default=None)


def _attended(sources: Mapping[str, CalendarChanged]) -> list[Meeting]:
    every = {
        (meeting.uid, meeting.start): meeting
        for source in sorted(sources)
        for meeting in sources[source].meetings
        if not meeting.all_day and not meeting.declined and meeting.end > meeting.start
    }
    return sorted(every.values(), key=lambda m: (m.start, m.end, m.uid))


def _runs(meetings: list[Meeting]) -> tuple[Run, ...]:
    runs: list[list[Meeting]] = []
    end = EPOCH
    for meeting in meetings:
        if runs and meeting.start - end <= GAP_MAX:
            runs[-1].append(meeting)
            end = max(end, meeting.end)
        else:
            runs.append([meeting])
            end = meeting.end
    return tuple(Run(run[0].start, max(m.end for m in run), tuple(run)) for run in runs)
