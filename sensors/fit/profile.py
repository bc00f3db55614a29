"""The numbers of the FIT profile that say something of the wearer.  Pure.

Source: Garmin's FIT profile, release 21.  Message 104 is not in the published one: it is what
Garmin devices write of themselves.
"""

from collections.abc import Mapping
from typing import NamedTuple

FILE_ID, SESSION, RECORD, SPORT, MONITORING, HRV, MONITORING_INFO, HR, STRESS, BEATS = (
    0, 18, 20, 12, 55, 78, 103, 132, 227, 290,
)  # fmt: skip
ON_FOOT = frozenset((1, 11, 16, 17, 35))  # running, walking, mountaineering, hiking, snowshoeing
STEPPED = frozenset((1, 6))  # the activity types running and walking
MAKERS = {
    1: "garmin", 13: "dynastream", 15: "dynastream", 23: "suunto", 32: "wahoo", 89: "tacx",
    123: "polar", 255: "development", 260: "zwift", 265: "strava", 267: "bryton",
    289: "hammerhead", 294: "coros",
}  # fmt: skip
TYPES = {
    1: "device", 2: "settings", 3: "sport", 4: "activity", 5: "workout", 6: "course",
    7: "schedules", 9: "weight", 10: "totals", 11: "goals", 14: "blood pressure",
    15: "monitoring", 20: "activity summary", 28: "daily monitoring", 32: "monitoring",
}  # fmt: skip


class Plain(NamedTuple):
    """A field whose value, times *scale*, is that of a signal if it is at least *least*."""

    field: int
    signal: str
    scale: float = 1.0
    least: float = 1.0


PLAIN: Mapping[int, tuple[Plain, ...]] = {
    RECORD: (
        Plain(3, "heart_rate"),
        Plain(13, "device_temperature", least=-40),
        Plain(99, "respiration"),
        Plain(108, "respiration", 0.01),
        Plain(81, "battery", 0.5),
    ),
    51: (Plain(6, "heart_rate"),),  # blood pressure
    MONITORING: (Plain(27, "heart_rate"), Plain(12, "device_temperature", 0.01, -40)),
    104: (Plain(2, "battery"), Plain(3, "device_temperature", least=-40)),
    STRESS: (Plain(0, "stress_score", least=0),),  # below zero: why there is none
    211: (Plain(1, "resting_heart_rate"),),  # of the day itself; field 0 is the mean of a week
    269: (Plain(0, "spo2"),),
    297: (Plain(0, "respiration", 0.01),),
    371: (Plain(0, "hrv_rmssd", 1 / 128),),  # each five minutes of the night
    398: (Plain(4, "skin_temperature", least=-40),),  # of a night
}
WANTED: Mapping[int, frozenset[int]] = {
    number: frozenset(plain.field for plain in plains) for number, plains in PLAIN.items()
} | {
    FILE_ID: frozenset((0, 1, 2)),
    SPORT: frozenset((0,)),
    SESSION: frozenset((2, 5)),
    RECORD: frozenset((0, 1, 3, 4, 6, 8, 13, 31, 42, 52, 53, 73, 81, 99, 108)),
    MONITORING: frozenset((3, 5, 9, 12, 24, 26, 27)),
    HRV: frozenset((0,)),
    MONITORING_INFO: frozenset((0,)),
    HR: frozenset((0, 6, 9, 10)),
    STRESS: frozenset((0, 1)),
    BEATS: frozenset((0, 1)),
}
SPORTS: Mapping[int, frozenset[int]] = {SESSION: WANTED[SESSION]}
