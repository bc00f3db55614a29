"""Days and nights as they arrive: batches in order of time, the same for the same seed.  Pure."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from operator import attrgetter
from zoneinfo import ZoneInfo

from agent.events import Input, LocationMeasured, SampleMeasured, SourceSynced, ZoneChanged
from sensors.simulated.body import body
from sensors.simulated.diary import Request, diary, wall
from sensors.simulated.night import free_night, last_night, usual_night
from sensors.simulated.plan import CALENDAR, MEALPLAN, calendar, shopping
from sensors.simulated.town import town
from sensors.simulated.watch import (
    PHONE,
    WATCH,
    Worn,
    beats,
    charges,
    heart_rates,
    locations,
    movements,
    temperatures,
)

Arrival = tuple[datetime, Sequence[Input]]
Measured = SampleMeasured | LocationMeasured | SourceSynced
PARTS = frozenset({"meetings", "stress", "dwell", "list"})
TICK = timedelta(seconds=30)
SYNC_EVERY_TICKS = 10
NIGHT_EVERY_S = 60
EVENING_H, MORNING_H, HALF_MIN_H = 22.0, 8.0, 1 / 120
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Watch:
    """How often the wearer's watch measures."""

    heart_rate_every_s: int = 5
    beats_for_s: int = 60
    """Beats are sent for this long,"""
    beats_every_s: int = 300
    """once in this time."""

    def days(
        self, seed: int, *, start: date, zone: str, days: int = 1, without: frozenset[str] = NOTHING
    ) -> Iterator[Arrival]:
        """Yield what `simulate` does, measured by this watch."""
        if not without <= PARTS:
            unknown = ", ".join(sorted(without - PARTS))
            raise ValueError(f"{unknown!r} cannot be taken out; choose of {sorted(PARTS)}")
        for day in (start + timedelta(days=index) for index in range(days)):
            request = Request(
                seed=seed,
                day=day,
                zone=ZoneInfo(zone),
                slept=(last_night if day == start else usual_night)(seed, day),
                sleeps=usual_night(seed, day + timedelta(days=1)),
                without=without,
            )
            yield _plan(request, zone)
            yield from _ticks(self.worn(request))

    def worn(self, request: Request) -> Worn:
        """Return the day that is asked for, on this watch."""
        return Worn(
            seed=request.seed,
            diary=diary(request),
            own=body(request.seed),
            ground=town(request.seed),
            heart_rate_every_s=self.heart_rate_every_s,
            beats_for_s=self.beats_for_s,
            beats_every_s=self.beats_every_s,
        )


def simulate(
    *,
    seed: int,
    start: date,
    zone: str = "Europe/Berlin",
    days: int = 1,
    without: frozenset[str] = NOTHING,
) -> Iterator[Arrival]:
    """Yield (arrival, batch) in order of time for *days* working days from local midnight on.

    *without* takes one thing out and leaves all else as it was: `meetings` (the calendar is
    empty, the wearer sits at the desk, unstrained), `stress` (the meetings strain no one),
    `dwell` (the wearer walks past the grocery), `list` (nothing is needed).  Raise ValueError
    for any other word, ZoneInfoNotFoundError for an unknown zone.
    """
    return Watch().days(seed, start=start, zone=zone, days=days, without=without)


def nights(
    *, seed: int, until: date, zone: str = "Europe/Berlin", count: int = 7
) -> Iterator[Arrival]:
    """Yield (arrival, batch) for *count* nights, and the evening before the day *until*.

    Heart rate, motion and cadence, once a minute from 22:00 to 08:00 local; the evening before
    *until* joins, at midnight, the day that `simulate` begins there.
    """
    place, watch = ZoneInfo(zone), Watch(heart_rate_every_s=NIGHT_EVERY_S)
    first = until - timedelta(days=count + 1)
    mornings = [first + timedelta(days=index) for index in range(count + 2)]
    slept = {day: free_night(seed, day) for day in mornings} | {until: last_night(seed, until)}
    yield wall(first, EVENING_H, place), [_zone_changed(first, EVENING_H, place, zone)]
    for day, following in pairwise(mornings):
        request = Request(seed, day, place, slept[day], slept[following], NOTHING)
        worn = watch.worn(request)
        evening = wall(day, EVENING_H, place)
        morning = wall(day, MORNING_H if day > first else -HALF_MIN_H, place)
        yield from _thinned(worn, morning=morning, evening=evening)


def _plan(request: Request, zone: str) -> Arrival:
    at = wall(request.day, 0, request.zone)
    return at, [
        _zone_changed(request.day, 0, request.zone, zone),
        calendar(request),
        SourceSynced(at=at, source=CALENDAR),
        shopping(request),
        SourceSynced(at=at, source=MEALPLAN),
    ]


def _zone_changed(day: date, hour: float, place: ZoneInfo, zone: str) -> ZoneChanged:
    return ZoneChanged(at=wall(day, hour, place), zone=zone)


def _ticks(worn: Worn) -> Iterator[Arrival]:
    """Yield what came together in each half minute; now and then the sources end a batch."""
    pulse = worn.pulse()
    streams = (
        heart_rates(worn, pulse),
        beats(worn, pulse),
        movements(worn),
        temperatures(worn),
        charges(worn),
        locations(worn),
    )
    merged: Iterator[Measured] = heapq.merge(*streams, key=attrgetter("at"))
    for tick, group in groupby(merged, key=lambda event: _tick(event, worn.diary.midnight)):
        arrival = worn.diary.midnight + tick * TICK
        batch: list[Input] = list(group)
        if tick % SYNC_EVERY_TICKS == 0:
            # A second before, so that the day's last is not the next day's first.
            synced = arrival - timedelta(seconds=1)
            batch += [SourceSynced(at=synced, source=source) for source in (WATCH, PHONE)]
        yield arrival, batch


def _tick(event: Measured, midnight: datetime) -> int:
    return -((midnight - event.at) // TICK)


def _thinned(worn: Worn, *, morning: datetime, evening: datetime) -> Iterator[Arrival]:
    """Yield the morning until the watch is synced, and the evening, once a minute."""
    moved = (sample for sample in movements(worn) if sample.signal != "steps")
    whole = (sample for sample in moved if sample.at.second == 0)
    ends = [SourceSynced(at=morning, source=WATCH)] if morning > worn.diary.midnight else []
    merged: Iterator[Measured] = heapq.merge(
        heart_rates(worn, worn.pulse()), whole, ends, key=attrgetter("at")
    )
    kept = (event for event in merged if event.at <= morning or event.at >= evening)
    for tick, group in groupby(kept, key=lambda event: _tick(event, worn.diary.midnight)):
        yield worn.diary.midnight + tick * TICK, list(group)
