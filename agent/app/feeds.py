"""What a source delivers, and what can therefore be estimated from it, how surely."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from agent.fusion.sources import Delivery
from agent.signals import (
    ACTIVITY_COUNTS,
    ARM_ANGLE,
    BATTERY,
    CADENCE,
    ELECTRODERMAL,
    HEART_RATE,
    HRV_RMSSD,
    IBI,
    LOCATION,
    MOTION,
    MOTION_PEAK,
    RESPIRATION,
    RESTING_HEART_RATE,
    SKIN_TEMPERATURE,
    SPEED,
    SPO2,
    STEPS,
    WORN,
)

Delivered = Mapping[str, Delivery]
"""How one source delivers each of its signals."""
WORDS = {
    HEART_RATE.id: "averaged heart rate",
    IBI.id: "beats",
    HRV_RMSSD.id: "its own RMSSD",
    RESTING_HEART_RATE.id: "its own resting heart rate",
    SKIN_TEMPERATURE.id: "skin temperature",
    ELECTRODERMAL.id: "electrodermal activity",
    SPO2.id: "blood oxygen",
    RESPIRATION.id: "breathing rate",
    STEPS.id: "steps",
    CADENCE.id: "cadence",
    MOTION.id: "acceleration",
    MOTION_PEAK.id: "shocks",
    ACTIVITY_COUNTS.id: "activity counts",
    ARM_ANGLE.id: "arm angle",
    SPEED.id: "speed",
    LOCATION.id: "location",
    BATTERY.id: "battery",
    WORN.id: "whether it is worn",
}
EVENTFUL = frozenset((IBI.id, MOTION_PEAK.id, WORN.id, BATTERY.id, STEPS.id))
"""These come when something happens: how often they come says little."""
MOVES = (MOTION.id, CADENCE.id, ACTIVITY_COUNTS.id, SPEED.id, STEPS.id)
STRESS_S_MAX = 660  # a score stands for so long; every ten minutes is now and then a second more
SLEEP_S_MAX = 900
ACUTE_S_MAX = 300
PLACES_S_MAX = 300


class Feed(NamedTuple):
    """One estimate, and whether a source can feed it."""

    estimate: str
    able: bool
    how: str


def feeds(delivered: Delivered) -> Iterator[Feed]:
    """Yield each estimate of the body and the place that this source feeds, or could."""
    if {HEART_RATE.id, IBI.id, RESTING_HEART_RATE.id, SPO2.id} & set(delivered):
        yield _stress(delivered)
        yield _sleep(delivered)
        yield Feed("rhythm", IBI.id in delivered, "" if IBI.id in delivered else "it needs beats")
        yield _acute(delivered)
        yield _illness(delivered)
    if set(MOVES) & set(delivered):
        yield Feed("motion", able=True, how="")
        falls = MOTION_PEAK.id in delivered and MOTION.id in delivered
        yield Feed("falls", falls, "" if falls else "it needs shocks and acceleration")
    if LOCATION.id in delivered:
        often = delivered[LOCATION.id].interval_s <= PLACES_S_MAX
        yield Feed("places", able=True, how="" if often else "late: a fix comes too seldom")


def told(delivered: Delivered) -> str:
    """Return both in one line: `averaged heart rate every 10 min, no beats: stress low …`."""
    signals = [_signal(name, one) for name, one in sorted(delivered.items(), key=_order)]
    if HEART_RATE.id in delivered and IBI.id not in delivered:
        signals.insert(1, "no beats")
    found = [_feed(one) for one in feeds(delivered)]
    return f"{', '.join(signals)}: {', '.join(found)}" if found else ", ".join(signals)


def every(interval_s: float) -> str:
    """Return how often something comes, in the unit that says enough."""
    if interval_s < 1.5:
        return "every second"
    if interval_s < 90:
        return f"every {interval_s:.0f} s"
    if interval_s < 5400:
        return f"every {interval_s / 60:.0f} min"
    return f"every {interval_s / 3600:.0f} h" if interval_s < 129_600 else "once a day or less"


def _signal(name: str, one: Delivery) -> str:
    word = WORDS.get(name, name.replace("_", " "))
    if name in EVENTFUL or not one.interval_s:
        return word
    return f"{word} {every(one.interval_s)}"


def _order(item: tuple[str, Delivery]) -> tuple[int, str]:
    known = list(WORDS)
    return known.index(item[0]) if item[0] in WORDS else len(known), item[0]


def _feed(one: Feed) -> str:
    if not one.able:
        return f"{one.estimate} no ({one.how})" if one.how else f"{one.estimate} no"
    return f"{one.estimate} {one.how}" if one.how else f"{one.estimate} yes"


def _often(delivered: Delivered, signal: str, most_s: float) -> bool:
    return signal in delivered and delivered[signal].interval_s <= most_s


def _stress(delivered: Delivered) -> Feed:
    if IBI.id not in delivered and not _often(delivered, HEART_RATE.id, STRESS_S_MAX):
        return Feed("stress", able=False, how="a heart rate comes too seldom")
    more = [WORDS[name] for name in (ELECTRODERMAL.id, SKIN_TEMPERATURE.id) if name in delivered]
    moves = bool(set(MOVES) & set(delivered))
    if IBI.id not in delivered:
        return Feed("stress", able=True, how="low confidence")
    if more and moves:
        return Feed("stress", able=True, how="good confidence")
    return Feed("stress", able=True, how="fair confidence" if moves else "low without motion")


def _sleep(delivered: Delivered) -> Feed:
    if not _often(delivered, HEART_RATE.id, SLEEP_S_MAX):
        return Feed("sleep", able=False, how="a heart rate comes too seldom")
    still = bool({MOTION.id, CADENCE.id, ACTIVITY_COUNTS.id} & set(delivered))
    return Feed("sleep", able=True, how="yes" if still else "coarse, without motion")


def _acute(delivered: Delivered) -> Feed:
    able = _often(delivered, HEART_RATE.id, ACUTE_S_MAX) or SPO2.id in delivered
    return Feed("acute signs", able, "" if able else "a heart rate comes too seldom")


def _illness(delivered: Delivered) -> Feed:
    able = RESTING_HEART_RATE.id in delivered or _often(delivered, HEART_RATE.id, SLEEP_S_MAX)
    return Feed("early illness", able, "after some weeks" if able else "it needs nights")
