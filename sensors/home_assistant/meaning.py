"""Which of Home Assistant's entities measures what, and in which unit.  Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from agent.signals import (
    BODY_TEMPERATURE,
    HEART_RATE,
    RESPIRATION,
    SIGNALS,
    SKIN_TEMPERATURE,
    SPO2,
)


class _Rule(NamedTuple):
    signal: str
    words: tuple[str, ...]
    """One of these has to be part of the entity's name."""
    units: frozenset[str]


# A temperature may be that of a room, a percentage a battery's and a "bpm" a song's: only a unit
# and a name together leave no doubt.  A day's steps are no steps since the sample before.
_RULES = (
    _Rule(HEART_RATE.id, ("heart_rate", "heartrate", "pulse"), frozenset({"bpm", "beats/min"})),
    _Rule(SPO2.id, ("spo2", "blood_oxygen", "oxygen_saturation"), frozenset({"%"})),
    _Rule(RESPIRATION.id, ("respir", "breathing"), frozenset({"br/min", "breaths/min", "1/min"})),
    _Rule(SKIN_TEMPERATURE.id, ("skin_temp",), frozenset({"°C", "°F"})),
    _Rule(BODY_TEMPERATURE.id, ("body_temp",), frozenset({"°C", "°F"})),
)
_RESTING = "resting"  # a heart rate of a day is another signal


def signal_of(entity: str, unit: str, chosen: Mapping[str, str]) -> str | None:
    """Return the signal that *entity* measures: the one *chosen* for it, or the only one that its
    name and unit allow; None where that is not sure."""
    if entity in chosen:
        return chosen[entity]
    name = entity.rpartition(".")[2]
    found = [rule.signal for rule in _RULES if unit in rule.units and _named(name, rule)]
    return found[0] if len(found) == 1 and _RESTING not in name else None


def converted(value: float, unit: str, signal: str) -> float | None:
    """Return *value* in the unit of *signal*; None where *unit* is another."""
    known = SIGNALS[signal]
    if known.unit == SKIN_TEMPERATURE.unit:
        match unit:
            case "°F" | "F":
                return round((value - 32) * 5 / 9, 3)
            case "K":
                return round(value - 273.15, 3)
            case _:
                pass
    unit_known = unit in (known.unit, *known.also) or (
        signal == RESPIRATION.id and unit == "br/min"
    )
    return value if unit_known else None


def _named(name: str, rule: _Rule) -> bool:
    return any(word in name for word in rule.words)
