"""The meetings of one working day: a morning without a pause, a calm afternoon.  Pure."""

from datetime import date
from typing import NamedTuple

from sensors.simulated.chance import stream

GRID_MIN = 5
MORNING_MEETINGS = 5
TITLES = (
    "Budget review",
    "Roadmap",
    "Hiring panel",
    "Customer escalation",
    "Design critique",
    "Incident follow-up",
    "Quarterly numbers",
    "One-to-one with Ada",
    "Vendor negotiation",
    "Release planning",
    "Steering group",
    "Team weekly",
)


class Appointment(NamedTuple):
    """A meeting, in wall-clock hours of its day."""

    title: str
    start_h: float
    end_h: float
    place: str
    declined: bool = False


def appointments(seed: int, day: date) -> tuple[Appointment, ...]:
    """Return the meetings of *day*, in order; the last one is declined."""
    random = stream(seed, "appointments", day)
    titles = random.sample(TITLES, k=len(TITLES))
    first, whole = random.choice((540, 545)), random.choice((250, 255))
    gaps = [random.choice((0, 5, 10)) for _ in range(MORNING_MEETINGS - 1)] + [0]
    lengths = _shares(whole - sum(gaps), MORNING_MEETINGS)
    random.shuffle(lengths)
    spans, at = [], first
    for length, gap in zip(lengths, gaps, strict=True):
        spans.append((at, at + length))
        at += length + gap
    at = random.choice((840, 845))
    for _ in range(2):
        length = random.choice((45, 50, 55))
        spans.append((at, at + length))
        at += length + random.choice((10, 15))
    rooms = [f"Room {random.randint(1, 9)}" for _ in spans]
    kept = zip(titles, spans, rooms, strict=False)
    found = [Appointment(title, a / 60, b / 60, room) for title, (a, b), room in kept]
    return (*found, Appointment("Open house", 16.25, 17.0, "Foyer", declined=True))


def _shares(whole_min: int, count: int) -> list[int]:
    units = whole_min // GRID_MIN
    more = units % count
    return [GRID_MIN * (units // count + (index < more)) for index in range(count)]
