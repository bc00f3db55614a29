"""Whether the wearer moves, and how.  Pure.

Thresholds of acceleration beyond gravity (ENMO) at the wrist: Hildebrand et al. 2014, Med Sci
Sports Exerc 46(9), adults: 100 mg is moderate, 430 mg vigorous.
Cadence: Tudor-Locke et al. 2018, Br J Sports Med 52(12): 60 steps/min is walking with purpose,
130 vigorous.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from agent.events import EPOCH, SampleMeasured
from agent.signals import CADENCE, MOTION

MotionState = Literal["unknown", "still", "walking", "running"]

MODERATE_MG_MIN = 100
VIGOROUS_MG_MIN = 430
WALKING_CADENCE_MIN = 60
RUNNING_CADENCE_MIN = 130
_FRESH = timedelta(seconds=MOTION.fresh_s)


@dataclass(frozen=True, slots=True)
class Motion:
    """The newest state that any signal of motion gave, and since when."""

    state: MotionState = "unknown"
    since: datetime = EPOCH
    measured_at: datetime = EPOCH
    effort_at: datetime = EPOCH
    """When the wearer last walked or ran."""
    vigorous_at: datetime = EPOCH
    cadence: float = 0.0

    def fold(self, sample: SampleMeasured) -> "Motion":
        """Return the estimate after *sample*; one older than the newest changes nothing."""
        if sample.signal not in (MOTION.id, CADENCE.id) or sample.at < self.measured_at:
            return self
        cadence = self.cadence
        if sample.signal == CADENCE.id:
            cadence = sample.value
            state = _by_cadence(cadence)
        else:
            state = _by_acceleration(sample.value, cadence=cadence)
        unbroken = state == self.state and sample.at - self.measured_at <= _FRESH
        return Motion(
            state=state,
            since=self.since if unbroken else sample.at,
            measured_at=sample.at,
            effort_at=self.effort_at if state == "still" else sample.at,
            vigorous_at=sample.at if state == "running" else self.vigorous_at,
            cadence=cadence,
        )

    def at(self, now: datetime) -> MotionState:
        """Return the state at *now*: unknown once the newest sample is too old."""
        return self.state if now - self.measured_at <= _FRESH else "unknown"


def _by_cadence(cadence: float) -> MotionState:
    if cadence >= RUNNING_CADENCE_MIN:
        return "running"
    return "walking" if cadence >= WALKING_CADENCE_MIN else "still"


def _by_acceleration(motion_mg: float, *, cadence: float) -> MotionState:
    if motion_mg >= VIGOROUS_MG_MIN or cadence >= RUNNING_CADENCE_MIN:
        return "running"
    moving = motion_mg >= MODERATE_MG_MIN or cadence >= WALKING_CADENCE_MIN
    return "walking" if moving else "still"
