"""The person's own usual: what is normal for this body, at this hour, at this activity.  Pure.

A minute's value is held against the median and the median absolute deviation (Rousseeuw & Croux
1993, JASA 88(424)) of the person's own minutes: those of the same part of the day and the same
activity where enough are known, else those of the activity, else all.  Each distribution is a
histogram of whole numbers that is halved when it is full: so what was long ago fades, an hour of
stress moves nothing, and the state stays small.  The hour is the wearer's local one and is given
by the caller, who knows the zone: a change to summer time is no concern of this file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from agent.quantiles import Histogram, histogram

Measure = Literal[
    "heart_rate", "log_rmssd", "log_electrodermal", "skin_temperature", "respiration"
]  # fmt: skip
Activity = Literal["asleep", "still", "moving"]
PARTS = ("night", "morning", "afternoon", "evening")
PART_H = 6


class Scale(NamedTuple):
    """How the values of one measure are kept."""

    low: float
    high: float
    width: float
    spread_min: float
    """A very even person must not be called far from the usual for next to nothing."""


SCALES: Mapping[Measure, Scale] = {
    "heart_rate": Scale(30, 190, 2, spread_min=3),  # bpm
    "log_rmssd": Scale(1, 6, 0.1, spread_min=0.15),  # natural logarithm of ms
    "log_electrodermal": Scale(-5, 4, 0.15, spread_min=0.2),  # natural logarithm of uS
    "skin_temperature": Scale(20, 40, 0.25, spread_min=0.3),  # degC
    "respiration": Scale(4, 40, 0.5, spread_min=1),  # breaths a minute
}


class Level(NamedTuple):
    """How much a distribution must hold before it speaks, and how much it holds at most."""

    least_min: int
    most_min: int


# About two weeks of wear.  A part of a day has 360 minutes: more than that are of two days.
SAME_PART = Level(least_min=400, most_min=3_000)
SAME_ACTIVITY = Level(least_min=120, most_min=9_000)
ALL = Level(least_min=60, most_min=18_000)


class Usual(NamedTuple):
    """What is usual, and of which minutes."""

    middle: float
    spread: float
    """A robust standard deviation."""
    of: str
    """`still/morning`, `still`, or `all`."""
    known_min: int
    """How many minutes it rests on, the forgotten ones counted too."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """One person's minutes, by `measure/activity/part`, `measure/activity` and `measure`."""

    cells: Mapping[str, Histogram] = field(default_factory=dict)

    def add(
        self, measure: Measure, value: float, *, hour: int | None, activity: Activity
    ) -> "Baseline":
        """Return the baseline after one more minute; *hour*: local, 0-23, None if unknown."""
        cells = dict(self.cells)
        for key, _, level in _levels(measure, hour, activity):
            cells[key] = _forgetful(cells.get(key) or _empty(measure), value, level)
        return replace(self, cells=cells)

    def usual(self, measure: Measure, *, hour: int | None, activity: Activity) -> Usual | None:
        """Return what is usual then; None for "not enough data yet"."""
        for key, of, level in _levels(measure, hour, activity):
            cell = self.cells.get(key)
            if cell is not None and cell.count >= level.least_min:
                spread = max(cell.spread(), SCALES[measure].spread_min)
                return Usual(cell.quantile(0.5), spread, of, cell.count)
        return None

    def z(
        self, measure: Measure, value: float, *, hour: int | None, activity: Activity
    ) -> float | None:
        """Return how far *value* is above the usual, in spreads; None where `usual` is None."""
        usual = self.usual(measure, hour=hour, activity=activity)
        return None if usual is None else (value - usual.middle) / usual.spread


def part_of_day(hour: int) -> str:
    """Return the part of the day of a local *hour*: its name in PARTS."""
    return PARTS[hour // PART_H]


def _levels(
    measure: Measure, hour: int | None, activity: Activity
) -> tuple[tuple[str, str, Level], ...]:
    wide = ((f"{measure}/{activity}", activity, SAME_ACTIVITY), (measure, "all", ALL))
    if hour is None:
        return wide
    narrow = f"{activity}/{part_of_day(hour)}"
    return ((f"{measure}/{narrow}", narrow, SAME_PART), *wide)


def _empty(measure: Measure) -> Histogram:
    scale = SCALES[measure]
    return histogram(low=scale.low, high=scale.high, width=scale.width)


def _forgetful(cell: Histogram, value: float, level: Level) -> Histogram:
    """Return *cell* with one more *value*; a full one is halved first, to whole numbers."""
    if sum(cell.weights) >= level.most_min:
        cell = replace(cell, weights=tuple(float(weight // 2) for weight in cell.weights))
    return cell.add(value)
