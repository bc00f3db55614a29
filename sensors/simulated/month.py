"""A made-up month of a person, as it truly is.  Pure.

The same person, seed and day give the same day, whatever is asked of the days around it; so a day
can be lived twice, once in another mood.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from agent.events import Meeting
from sensors.simulated.appointments import Appointment
from sensors.simulated.diary import Activity, wall
from sensors.simulated.district import HOME, District, district
from sensors.simulated.errands import doses, focus, lists, pings, reminders
from sensors.simulated.latent import Latent, Rise, Span, Spell, Visit
from sensors.simulated.person import Person
from sensors.simulated.planning import DAY, Mood, Moods, Planned, ill_bpm, planned
from sensors.simulated.town import stay

__all__ = ["DAYS", "MONDAY", "Month", "Mood", "month"]

MONDAY = date(2026, 3, 2)  # any would do; its month has a change of the clocks in Europe
DAYS = 30
AWAKE = timedelta(hours=15.5)
NO_MOODS: Moods = {}


@dataclass(frozen=True)
class Month:
    """Who, when, where, and what truly happens."""

    person: Person
    seed: int
    start: date
    days: int
    own: District
    latent: Latent
    calendar: tuple[Meeting, ...]
    """What the calendar holds, in order; what was declined included."""
    ill_bpm: Mapping[date, float]

    @property
    def zone(self) -> ZoneInfo:
        """Return where the person lives."""
        return ZoneInfo(self.person.zone)

    def midnight(self, index: int) -> datetime:
        """Return when the day *index* begins."""
        return wall(self.start + index * DAY, 0, self.zone)


def month(
    person: Person,
    *,
    seed: int,
    start: date = MONDAY,
    days: int = DAYS,
    moods: Moods = NO_MOODS,
) -> Month:
    """Return *days* days of *person* from local midnight on; *moods* overrule chance."""
    key = int.from_bytes(blake2b(f"{seed}/{person.name}".encode(), digest_size=6).digest())
    own = district(person, key)
    ill = ill_bpm(person, start, days, moods)
    dates = [start + index * DAY for index in range(days + 1)]
    lines = planned(person, key, own, dates=dates, moods=moods)
    latent = _latent(person, key, own, lines, ill)
    zone = ZoneInfo(person.zone)
    calendar = tuple(one for line in lines for one in _calendar(line, zone))
    return Month(person, key, start, days, own, latent, calendar, ill)


def _latent(
    person: Person,
    seed: int,
    own: District,
    lines: Sequence[Planned],
    ill: Mapping[date, float],
) -> Latent:
    zone = ZoneInfo(person.zone)
    spells = tuple(_spells(lines, own, zone))
    sleeps = tuple(_joined((one.start, one.end) for one in spells if _sleeps(one)))
    calendar = [one for line in lines for one in _calendar(line, zone)]
    attended = tuple(one for one in calendar if not one.declined)
    talks = [(wall(line.kind.day, a, zone), wall(line.kind.day, b, zone))
             for line in lines for a, b in line.line.talks]  # fmt: skip
    visits = tuple(_visits(spells, own))
    days = list(_waking(lines, zone))
    busy = [Span(one.start, one.end) for one in attended]
    dues = [(pill.name, wall(line.kind.day, hour, zone))
            for line in lines for pill in person.pills for hour in pill.at_h]  # fmt: skip
    return Latent(
        spells=spells,
        sleeps=sleeps,
        meetings=attended,
        rises=tuple(sorted(_rises(lines, zone))),
        talks=tuple(_joined(sorted(talks))),
        visits=visits,
        lists=tuple(lists(person, seed, visits, spells[0].start)),
        doses=tuple(doses(person, seed, sorted(dues, key=lambda one: one[1]))),
        pings=tuple(p for day, awake in days for p in pings(person, seed, day, awake, busy)),
        reminders=tuple(r for day, awake in days for r in reminders(person, seed, day, awake)),
        focus=tuple(f for day, awake in days for f in focus(person, seed, day, awake)),
        ill=tuple(Span(wall(day, 0, zone), wall(day + DAY, 0, zone)) for day in sorted(ill)),
    )


def _spells(lines: Sequence[Planned], own: District, zone: ZoneInfo) -> Iterator[Spell]:
    """Yield every activity from the first midnight to the last, without a gap."""
    bed = stay(own.sites[HOME])
    first, last = lines[0].kind.day, lines[-1].kind.day
    steps = [(wall(first, 0, zone), Activity.ASLEEP, bed, HOME)]
    for line in lines:
        day = line.kind.day
        steps += [
            (wall(day, one.start_h, zone), one.activity, one.way, one.place)
            for one in line.line.doings
        ]
        steps.append((wall(day, line.line.at_h, zone), Activity.ASLEEP, bed, HOME))
    end = wall(last + DAY, 0, zone)
    steps.append((max(end, steps[-1][0]), Activity.ASLEEP, bed, HOME))
    # In the hour that the clocks leave out, wall-clock times are not in order.
    starts = list(accumulate((start for start, *_ in steps), max))
    for (start, until), (_, activity, way, place) in zip(pairwise(starts), steps, strict=False):
        if until > start and start < end:
            yield Spell(start, until, activity, way, place)


def _sleeps(spell: Spell) -> bool:
    return spell.activity is Activity.ASLEEP


def _joined(spans: Iterable[tuple[datetime, datetime]]) -> Iterator[Span]:
    """Yield *spans*, in order, those that touch as one."""
    held: Span | None = None
    for start, end in spans:
        if held is not None and start <= held.end:
            held = Span(held.start, max(held.end, end))
            continue
        if held is not None:
            yield held
        held = Span(start, end)
    if held is not None:
        yield held


def _visits(spells: Sequence[Spell], own: District) -> Iterator[Visit]:
    held: Visit | None = None
    for one in spells:
        if held is not None and one.place == held.place:
            held = held._replace(end=one.end)
            continue
        if held is not None:
            yield held
        held = Visit(one.place, own.kinds[one.place], one.start, one.end) if one.place else None
    if held is not None:
        yield held


def _waking(lines: Sequence[Planned], zone: ZoneInfo) -> Iterator[tuple[date, Span]]:
    """Yield each day with its hours awake, the same however late one goes to bed."""
    for line in lines:
        wake = wall(line.kind.day, line.kind.wake_h, zone)
        yield line.kind.day, Span(wake, wake + AWAKE)


def _calendar(line: Planned, zone: ZoneInfo) -> list[Meeting]:
    day = line.kind.day
    declined = [one for one in line.kind.meetings if one.declined]
    return [_meeting(day, index, one, zone)
            for index, one in enumerate(sorted([*line.line.attended, *declined],
                                               key=lambda one: one.start_h))]  # fmt: skip


def _meeting(day: date, index: int, one: Appointment, zone: ZoneInfo) -> Meeting:
    start, end = (wall(day, hour, zone) for hour in (one.start_h, one.end_h))
    return Meeting(
        uid=f"{day}-{index}@simulated",
        title=one.title,
        start=start,
        end=end,
        place=one.place,
        declined=one.declined,
    )


def _rises(lines: Sequence[Planned], zone: ZoneInfo) -> Iterator[Rise]:
    for line in lines:
        day, kind = line.kind.day, line.kind
        if line.strains and line.line.attended and kind.meetings:
            # The longest run of them: strain is full for its last hours.
            ends_h = _run_end_h(kind.meetings)
            yield Rise(*(wall(day, ends_h + by, zone) for by in (-2.4, -1.9, 0.0, 0.12)))
        if line.outside is not None:
            share, lasts_h = line.outside
            at_h = kind.wake_h + share * (line.line.at_h - kind.wake_h)
            yield Rise(
                *(wall(day, at_h + by, zone) for by in (0, 0.4, 0.4 + lasts_h, 0.8 + lasts_h))
            )


def _run_end_h(meetings: Sequence[Appointment]) -> float:
    """Return when the first run of meetings ends: a pause is more than ten minutes."""
    ends_h = meetings[0].end_h
    for one in meetings[1:]:
        if one.start_h - ends_h > 0.2:
            break
        ends_h = one.end_h
    return ends_h
