"""When one fell asleep and woke, night by night.  Pure."""

from datetime import date
from typing import NamedTuple

from sensors.simulated.chance import stream


class Night(NamedTuple):
    """Falling asleep and waking, in wall-clock hours from the midnight between."""

    onset_h: float
    wake_h: float


def usual_night(seed: int, morning: date) -> Night:
    """Return a night before a working day that begins with an alarm."""
    random = stream(seed, "night", morning)
    return Night(-1.25 + random.uniform(-0.15, 0.15), 6.45 + random.uniform(-0.13, 0.13))


def free_night(seed: int, morning: date, *, late: float = 0.15) -> Night:
    """Return a night as life brings it, with the probability *late* a short one."""
    random = stream(seed, "life", morning)
    onset, short = random.gauss(-1.2, 0.35), random.uniform(0.2, 0.8)
    chosen = short if random.random() < late else onset
    wake = 6.45 + random.gauss(0, 0.3)
    return Night(min(0.8, max(-1.7, chosen)), min(7.1, max(5.8, wake)))


def last_night(seed: int, morning: date) -> Night:
    """Return the night before a simulated day: short for some, the alarm as usual."""
    onset = free_night(seed, morning, late=0.4).onset_h
    return Night(onset, usual_night(seed, morning).wake_h)
