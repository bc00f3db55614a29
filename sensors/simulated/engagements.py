"""What the calendar of a made-up person holds on one day of work.  Pure."""

from math import floor
from random import Random

from sensors.simulated.appointments import TITLES, Appointment
from sensors.simulated.person import Person

LONG_H = (4.25, 4.9)
SLOT_H = 0.25
DECLINED_SHARE = 0.25
LENGTHS_H = (0.5, 0.75, 1.0)
GAPS_H = (0.0, 0.0, 5 / 60, 10 / 60)


def engagements(person: Person, random: Random) -> tuple[tuple[Appointment, ...], bool]:
    """Return the meetings of a day of work, in order, and whether a long run of them strains."""
    habits, work = person.meetings, person.work
    ends_h = work.ends_h if work.ends_h > work.starts_h else work.ends_h + 24
    titles = random.sample(TITLES, k=len(TITLES))
    kind, strains = random.random(), random.random() < habits.strain_share
    if kind < habits.none_share or habits.a_day == 0:
        return (), False
    free_h = work.starts_h + 0.25
    found: list[tuple[float, float]] = []
    if kind < habits.none_share + habits.long_share and ends_h - work.starts_h >= 6:
        found = _run(free_h, random)
        free_h = found[-1][1] + 1.25
    else:
        strains = False
        for _ in range(_count(habits.a_day, random)):
            begins_h = free_h + SLOT_H * random.randint(1, 6)
            found.append((begins_h, begins_h + random.choice(LENGTHS_H)))
            free_h = found[-1][1] + 0.5
    kept = [(start, end) for start, end in found if end <= ends_h - 0.25]
    rooms = [f"Room {random.randint(1, 9)}" for _ in kept]
    named = zip(titles, kept, rooms, strict=False)
    told = [Appointment(title, a, b, room) for title, (a, b), room in named]
    if random.random() < DECLINED_SHARE:
        told.append(Appointment("Open house", ends_h - 2, ends_h - 1, "Foyer", declined=True))
    return tuple(told), strains


def _run(starts_h: float, random: Random) -> list[tuple[float, float]]:
    """Return more than four hours of meetings with no pause between them."""
    at_h = starts_h + random.choice((0.0, 0.25))
    until_h = at_h + random.uniform(*LONG_H)
    found: list[tuple[float, float]] = []
    while at_h < until_h:
        length_h = random.choice((0.75, 1.0, 1.25))
        found.append((at_h, at_h + length_h))
        at_h += length_h + random.choice(GAPS_H)
    return found


def _count(mean: float, random: Random) -> int:
    return min(8, floor(mean) + (random.random() < mean % 1))
