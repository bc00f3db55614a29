"""How a signal and its values are spoken of.  Pure."""

from agent.ports import Summary
from agent.signals import SIGNALS, STEPS

NAMED = {"mean": "average", "highest": "highest", "lowest": "lowest", "total": "total"}
UNITS = {"degC": "°C", "uS": "µS", "count": "steps"}
PER_MINUTE = {"respiration": "breaths a minute", "cadence": "steps a minute"}
SPOKEN = {
    "ibi": "time between beats",
    "hrv_rmssd": "heart rate variability",
    "hrv_sdnn": "heart rate variability (SDNN)",
    "spo2": "oxygen",
    "stress_score": "stress as your device counts it",
}
TENTHS = frozenset(("skin_temperature", "body_temperature", "electrodermal", "speed"))


def name_of(signal: str) -> str:
    """Return how *signal* is spoken of."""
    return SPOKEN.get(signal, signal.replace("_", " "))


def unit_of(signal: str) -> str:
    """Return the unit of *signal*, as it is spoken."""
    unit = SIGNALS[signal].unit
    return PER_MINUTE.get(signal, UNITS.get(unit, unit))


def were(name: str) -> str:
    """Return the verb that *name* needs: "steps were", "the heart rate was"."""
    return "were" if name.endswith("s") else "was"


def statistic_of(signal: str, wanted: str) -> str:
    """Return the statistic that *signal* has: steps add up, and nothing else does."""
    if signal == STEPS.id:
        return "total"
    return "mean" if wanted == "total" else wanted


def value_of(summary: Summary, statistic: str) -> float:
    """Return the *statistic* of *summary*."""
    return {
        "mean": summary.mean,
        "highest": summary.high,
        "lowest": summary.low,
        "total": summary.total,
    }[statistic]


def rounded(signal: str, value: float) -> str:
    """Return *value* with as many digits as mean something."""
    return f"{value:.1f}" if signal in TENTHS else f"{value:.0f}"
