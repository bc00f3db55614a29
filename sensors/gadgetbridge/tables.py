"""What the tables of Gadgetbridge's database say, by their names and columns.  Pure.

The names are those that Gadgetbridge's GBDaoGenerator gives.  Rows of activity count seconds and
rows of one measure milliseconds; which of them is told by the size, so a change does no harm.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

TIMESTAMP, DEVICE, KIND = "TIMESTAMP", "DEVICE_ID", "RAW_KIND"
SAMPLES, BATTERY = "_SAMPLE", "BATTERY_LEVEL"
RESTING, BEATS, TEMPERATURE = (
    "_HEART_RATE_RESTING_SAMPLE",
    "HEART_RR_INTERVAL_SAMPLE",
    "TEMPERATURE",
)
NOTHING_SAID = 0  # an activity kind that leaves open whether the device is worn


@dataclass(frozen=True, slots=True)
class Measure:
    """A column that is a signal where its value is *least* or more and, if given, *most* or less.

    Beyond those a device means that it did not measure (-1, 0, 255).
    """

    column: str
    signal: str
    least: float = 1
    most: float = 1e6


_BPM = 254  # 255 is "not measured"; what is between is marked as implausible, and kept
_MINUTES = (Measure("STEPS", "steps", 0), Measure("HEART_RATE", "heart_rate", 1, _BPM))
_PERCENT = (Measure("SPO2", "spo2", 1, 254), Measure("STRESS", "stress_score", 1, 254))


def _mi_band(kind: int) -> bool | None:
    """The low half is the kind, 3 is not worn, 6 is charging; 0, 10 and 15 say nothing new."""
    low = kind & 0x0F
    return None if low in {0, 10, 15} else low not in {3, 6}


def _huami(kind: int) -> bool | None:
    """115 is not worn and 118 is charging."""
    return None if kind <= NOTHING_SAID else kind not in {115, 118}


def _common(kind: int) -> bool | None:
    """Gadgetbridge's own kinds: 8 is not worn."""
    return None if kind <= NOTHING_SAID else kind != 8


Worn = Callable[[int], bool | None]
"""Tells from a kind whether the device was worn, or that it leaves that open."""
WORN: Mapping[str, Worn] = {
    "MI_BAND_ACTIVITY_SAMPLE": _mi_band,
    "HUAMI_EXTENDED_ACTIVITY_SAMPLE": _huami,
    "BANGLE_JSACTIVITY_SAMPLE": _common,
    "PINE_TIME_ACTIVITY_SAMPLE": _common,
    "GARMIN_ACTIVITY_SAMPLE": _common,
}
"""The tables of activity whose steps are those since the row before, and whose kinds are known."""
_COUNTED = (
    *WORN, "XIAOMI_ACTIVITY_SAMPLE", "CMF_ACTIVITY_SAMPLE", "COLMI_ACTIVITY_SAMPLE",
    "PEBBLE_HEALTH_ACTIVITY_SAMPLE", "HYBRID_HRACTIVITY_SAMPLE", "MOYOUNG_ACTIVITY_SAMPLE",
)  # fmt: skip
_ENDS: Mapping[str, tuple[Measure, ...]] = {
    "_HEART_RATE_RESTING_SAMPLE": (Measure("HEART_RATE", "resting_heart_rate", 1, _BPM),),
    "_HEART_RATE_MANUAL_SAMPLE": _MINUTES[1:],
    "_HEART_RATE_SAMPLE": _MINUTES[1:],
    "_SPO2_SAMPLE": _PERCENT[:1],
    "_STRESS_SAMPLE": _PERCENT[1:],
    "_HRV_VALUE_SAMPLE": (Measure("VALUE", "hrv_rmssd"),),
    "_RESPIRATORY_RATE_SAMPLE": (
        Measure("RATE", "respiration"),
        Measure("RESPIRATORY_RATE", "respiration", 0.1),
    ),
    "_TEMPERATURE_SAMPLE": (Measure(TEMPERATURE, "body_temperature", -40),),
}
_TEMPERATURES = {1: "body_temperature", 2: "skin_temperature"}
_ELSEWHERE = ("BATTERY_", "HUAMI_PAI", "HUAMI_HEART_RATE_MAX", "MIJIA_")
"""Tables that say nothing of the body, or once a day what others say by the minute."""
_NO_SIGNAL = (
    "SLEEP", "WEIGHT", "IMPEDANCE", "BODY_ENERGY", "SUMMARY", "BLOOD_PRESSURE", "EVENT", "METRIC",
    "TRAINING_LOAD", "HYDRATION", "GLUCOSE", "GPS", "CYCLING", "SOLAR", "INTENSITY", "NAP",
)  # fmt: skip


def measures(table: str, columns: Iterable[str]) -> tuple[Measure, ...] | None:
    """Return what *table* measures, or None if that is not known.

    Nothing is measured by a table whose rows are no signal here: sleep as the device judged it,
    weight, energy.
    """
    there = frozenset(columns)
    if table == BATTERY:
        found: tuple[Measure, ...] = (Measure("LEVEL", "battery", 0, 100),)
    elif table == BEATS:
        found = (Measure("RR_MILLIS", "ibi"),)
    elif table in _COUNTED:
        found = (*_MINUTES, *_PERCENT)
    else:
        ends = (measured for end, measured in _ENDS.items() if table.endswith(end))
        found = next(ends, ())
        if not found or table.startswith(_ELSEWHERE):
            known = table.startswith(_ELSEWHERE) or any(word in table for word in _NO_SIGNAL)
            return () if known else None
    return tuple(one for one in found if one.column in there) or None


def temperature(kind: object) -> str | None:
    """Return the signal of a temperature of that type, or None if it is not of the body."""
    return _TEMPERATURES.get(kind) if isinstance(kind, int) else None
