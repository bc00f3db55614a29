"""Which days of a person are worked, slept badly, strained or ill, and how each goes.  Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sensors.simulated.chance import stream
from sensors.simulated.district import District, hours
from sensors.simulated.engagements import engagements
from sensors.simulated.person import WEEK, Person
from sensors.simulated.routine import Course, Kind, course

SHORT_H = 2.2  # so much later one falls asleep before a short night
NIGHT_MIN_H = 3.6
SICK_DAYS = 2  # of an illness one stays at home
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Mood:
    """How one day is to be, where it is not left to chance."""

    short: bool
    strained: bool
    ill_bpm: float = 0.0


class Night(NamedTuple):
    """Falling asleep and waking, in hours from the midnight before waking."""

    onset_h: float
    wake_h: float


class Planned(NamedTuple):
    """One day as it goes."""

    kind: Kind
    line: Course
    strains: bool
    """Whether a long run of meetings strains."""
    outside: tuple[float, float] | None
    """Strain outside meetings: when it begins, as a share of the waking day, and its hours."""


Moods = Mapping[date, Mood]


def ill_bpm(person: Person, start: date, days: int, moods: Moods) -> dict[date, float]:
    """Return the days on which the heart beats faster than usual, and by how much."""
    habit = person.strain
    first = start + (habit.ill_from_day - 1) * DAY
    chance = [first + index * DAY for index in range(habit.ill_days if habit.ill_from_day else 0)]
    found = {day: habit.ill_bpm for day in chance if start <= day < start + days * DAY}
    found |= {day: mood.ill_bpm for day, mood in moods.items()}
    return {day: bpm for day, bpm in found.items() if bpm > 0}


def planned(
    person: Person, seed: int, own: District, *, dates: Sequence[date], moods: Moods
) -> list[Planned]:
    """Return each of *dates* but the last, of which only the night before is planned."""
    start, days = dates[0], len(dates) - 1
    kinds = [_works(person, seed, start + index * DAY, start, moods) for index in range(days + 1)]
    nights, begun_h = list[Night](), -24.0
    for index in range(days + 1):
        works, _ = kinds[index]
        night = _night(person, seed, start + index * DAY, works=works, moods=moods)
        worked = index > 0 and kinds[index - 1][0]
        begun_h = _home_h(person, own) - 24 if worked else -24.0
        onset_h = max(night.onset_h, begun_h)
        nights.append(Night(onset_h, max(night.wake_h, onset_h + NIGHT_MIN_H)))
    found, ended_h = list[Planned](), -24.0
    for index in range(days):
        day, (works, sick) = start + index * DAY, kinds[index]
        wake_h = max(nights[index].wake_h, ended_h - 24 + NIGHT_MIN_H)
        random = stream(seed, "course", day)
        meetings, strains = engagements(person, random) if works else ((), False)
        onset_h = 24 + nights[index + 1].onset_h
        kind = Kind(day, wake_h, onset_h, works, sick, meetings)
        line = course(person, own, kind, random)
        found.append(Planned(kind, line, strains, _outside(person, seed, day, moods)))
        ended_h = line.at_h
    return found


def _works(person: Person, seed: int, day: date, start: date, moods: Moods) -> tuple[bool, bool]:
    """Return whether *day* is worked, and whether the person stays at home ill."""
    habit = person.strain
    since = (day - start) / DAY + 1 - habit.ill_from_day
    sick = bool(habit.ill_from_day) and 0 <= since < min(SICK_DAYS, habit.ill_days)
    sick = sick and day not in moods
    free = stream(seed, "free", day).random() < person.work.free_share
    return WEEK[day.weekday()] in person.work.days and not free and not sick, sick


def _night(person: Person, seed: int, day: date, *, works: bool, moods: Moods) -> Night:
    random, habit = stream(seed, "night", day), person.sleep
    onset_h, wake_h = (
        (habit.onset_h, habit.wake_h) if works else (habit.free_onset_h, habit.free_wake_h)
    )
    if onset_h >= wake_h:
        onset_h -= 24
    onset_h += max(-0.5, min(0.5, random.gauss(0, 0.25)))
    wake_h += max(-0.4, min(0.4, random.gauss(0, 0.15)))
    short = random.random() < habit.short_share
    if moods[day].short if day in moods else short:
        onset_h = max(onset_h, min(onset_h + SHORT_H, wake_h - NIGHT_MIN_H))
    return Night(onset_h, wake_h)


def _home_h(person: Person, own: District) -> float:
    work = person.work
    ends_h = work.ends_h if work.ends_h > work.starts_h else work.ends_h + 24
    return ends_h + hours(own.to_work()) + 0.7


def _outside(person: Person, seed: int, day: date, moods: Moods) -> tuple[float, float] | None:
    random = stream(seed, "outside", day)
    strained, found = random.random() < person.strain.share, (0.15 + 0.6 * random.random(), 1.4)
    if moods[day].strained if day in moods else strained:
        return found[0], random.uniform(0.8, 1.6)
    return None
