"""What the watch and the phone of a made-up person measure in a month, in order of time.  Pure.

Coarser than the single day's watch: awake, heart rate every ten seconds and motion every half
minute, asleep both once a minute; beats now and then.  Calendar and list come with them.
"""

import heapq
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter

from agent.events import (
    CalendarChanged,
    EntityChanged,
    FocusSet,
    GrantChanged,
    Input,
    ListChanged,
    ListEdited,
    LocationMeasured,
    NotificationCleared,
    SampleMeasured,
    SourceSynced,
    ZoneChanged,
)
from sensors.simulated.body import Pulse, body, cadence, motion_mg, skin_degc
from sensors.simulated.diary import Diary, Segment, Strain, Strains
from sensors.simulated.month import Month
from sensors.simulated.plan import CALENDAR, MEALPLAN
from sensors.simulated.planning import DAY
from sensors.simulated.watch import HALF_MIN_S, PHONE, WATCH, Worn, beats, locations

HEART_RATE_S, NIGHT_S = 10, 60
BEATS_FOR_S, BEATS_EVERY_S = 30, 480
SKIN_S, BATTERY_S, SYNC_S, SPEECH_S = 300, 7200, 600, 60
KNOWN_DAYS = 3  # so far ahead the calendar is told
FIRST_SHARE, LAST_SHARE = 0.35, 0.95  # of a visit: when the first and the last is found
HOUSE, LAMP = "home_assistant", "light.living_room"
PRESENCE = ("away", "home", "asleep", "awake")
Measured = SampleMeasured | LocationMeasured


def lived(month: Month, *, since: datetime, until: datetime) -> Iterator[Input]:
    """Yield what arrives from *since* up to *until*; the same, however the month is cut."""
    for index in range(month.days):
        if month.midnight(index) >= until or month.midnight(index + 1) <= since:
            continue
        kept = (event for event in _day(month, index) if since <= event.at < until)
        yield from kept


def told(month: Month) -> Iterator[Input]:
    """Yield all of a month but what watch and phone measure: calendar, lists, what is asked for."""
    for index in range(month.days):
        yield from _said(month, index)


def _day(month: Month, index: int) -> Iterator[Input]:
    worn = _worn(month, index)
    said, pulse = _said(month, index), worn.pulse()
    streams: list[Iterator[Input]] = [
        iter(said),
        _heart_rates(worn, month, pulse),
        (beat for beat in beats(worn, pulse) if not month.latent.asleep(beat.at)),
        _movements(worn, month),
        _skin(worn),
        _speech(worn, month),
        locations(worn),
        _syncs(worn),
    ]
    return heapq.merge(*streams, key=attrgetter("at"))


def _worn(month: Month, index: int) -> Worn:
    midnight, end = month.midnight(index), month.midnight(index + 1)
    day = month.start + index * DAY
    own = body(month.seed)
    own = replace(own, seated_bpm=own.seated_bpm + month.ill_bpm.get(day, 0.0))

    def elapsed_s(at: datetime) -> float:
        return (at - midnight).total_seconds()

    segments = tuple(
        Segment(elapsed_s(one.start), elapsed_s(one.end), one.activity, one.way)
        for one in month.latent.spells
        if one.start < end and one.end > midnight
    )
    rises = [one for one in month.latent.rises if one.begins < end and one.gone > midnight]
    strain = Strains(tuple(Strain(*(elapsed_s(at) for at in one)) for one in rises))
    return Worn(
        seed=month.seed,
        diary=Diary(midnight, elapsed_s(end), segments, strain),
        own=own,
        ground=month.own.ground,
        heart_rate_every_s=HEART_RATE_S,
        beats_for_s=BEATS_FOR_S,
        beats_every_s=BEATS_EVERY_S,
    )


def _heart_rates(worn: Worn, month: Month, pulse: Pulse) -> Iterator[SampleMeasured]:
    random = worn.stream("heart_rate")
    for at_s in range(0, int(worn.diary.length_s), HEART_RATE_S):
        error = random.gauss(0, 0.8)
        if at_s % NIGHT_S == 0 or not month.latent.asleep(worn.at(at_s)):
            yield worn.sample("heart_rate", pulse.at(at_s) + error, at_s)


def _movements(worn: Worn, month: Month) -> Iterator[SampleMeasured]:
    """Yield acceleration at the end of each half minute, and cadence while there is one."""
    acceleration, steps = worn.stream("motion"), worn.stream("cadence")
    before = 1.0
    for at_s in range(HALF_MIN_S, int(worn.diary.length_s), HALF_MIN_S):
        activity = worn.diary.segment(at_s - HALF_MIN_S / 2).activity
        motion, pace = motion_mg(activity, acceleration), cadence(activity, steps)
        if at_s % NIGHT_S == 0 or not month.latent.asleep(worn.at(at_s)):
            yield worn.sample("motion", motion, at_s)
        if pace > 0 or before > 0:
            yield worn.sample("cadence", pace, at_s)
        before = pace


def _skin(worn: Worn) -> Iterator[SampleMeasured]:
    for index, value in enumerate(skin_degc(worn.diary, step_s=SKIN_S)):
        at_s = index * SKIN_S
        yield worn.sample("skin_temperature", value, at_s)
        if at_s % BATTERY_S == 0:
            yield worn.sample("battery", 97 - at_s / 3600 * 2.1, at_s)


def _speech(worn: Worn, month: Month) -> Iterator[SampleMeasured]:
    """Yield how much is spoken, while anyone speaks and a minute after."""
    random, spoke = worn.stream("speech"), False
    for at_s in range(0, int(worn.diary.length_s), SPEECH_S):
        talking = month.latent.talking(worn.at(at_s))
        if talking or spoke:
            share = random.uniform(0.35, 0.8) if talking else 0.0
            yield worn.sample("speech_share", share, at_s)
        spoke = talking


def _syncs(worn: Worn) -> Iterator[SourceSynced]:
    for at_s in range(SYNC_S, int(worn.diary.length_s), SYNC_S):
        at = worn.at(at_s) - timedelta(seconds=1)
        yield SourceSynced(at=at, source=WATCH)
        yield SourceSynced(at=at, source=PHONE)


def _said(month: Month, index: int) -> list[Input]:
    """Return what calendar, list and phone tell on one day, and what the wearer wishes."""
    midnight, end = month.midnight(index), month.midnight(index + 1)
    latent = month.latent
    found: list[Input] = [ZoneChanged(at=midnight, zone=month.person.zone)]
    found.append(_calendar(month, index))
    found += [
        ListChanged(at=one.at, source=MEALPLAN, name="grocery", items=one.items)
        for one in latent.lists
        if midnight <= one.at < end
    ]
    found += [one for one in latent.reminders if midnight <= one.at < end]
    for ping in latent.pings:
        if midnight <= ping.event.at < end:
            found.append(ping.event)
        if midnight <= ping.seen < end:
            source, id_ = ping.event.source, ping.event.id
            found.append(NotificationCleared(at=ping.seen, source=source, id=id_))
    found += [one for one in _ticks(month) if midnight <= one.at < end]
    found += [one for one in _house(month) if midnight <= one.at < end]
    found += [
        FocusSet(at=one.start, until=one.end) for one in latent.focus if midnight <= one.start < end
    ]
    return sorted(found, key=attrgetter("at"))


def _ticks(month: Month) -> Iterator[ListEdited]:
    """Yield each thing being ticked off in a shop, in the order of the shelves."""
    for visit in month.latent.visits:
        items = month.latent.items(visit.start) if visit.kind == "grocery" else ()
        for place, item in enumerate(items):
            share = FIRST_SHARE + (LAST_SHARE - FIRST_SHARE) * place / len(items)
            at = visit.start + share * (visit.end - visit.start)
            yield ListEdited(at=at.replace(microsecond=0), name="grocery", removed=(item.name,))


def _house(month: Month) -> Iterator[Input]:
    """Yield what the lamp at home does, and when the person lets the house follow them alone."""
    if not month.person.house:
        return
    for visit in month.latent.visits:
        if visit.kind == "home":
            yield EntityChanged(at=visit.start, source=HOUSE, entity=LAMP, state="on")
            yield EntityChanged(at=visit.end, source=HOUSE, entity=LAMP, state="off")
    day = month.person.house_alone_from_day
    if day:
        at = month.midnight(day - 1)
        yield GrantChanged(at=at, skill="home", granted=True, alone=PRESENCE)


def _calendar(month: Month, index: int) -> CalendarChanged:
    since, until = month.midnight(index), month.midnight(index + KNOWN_DAYS)
    kept = tuple(one for one in month.calendar if since <= one.start < until)
    return CalendarChanged(at=since, source=CALENDAR, since=since, until=until, meetings=kept)
