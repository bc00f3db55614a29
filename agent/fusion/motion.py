"""Whether the wearer moves, and how.  Pure.

Thresholds of acceleration beyond gravity (ENMO) at the wrist: Hildebrand et al. 2014, Med Sci
Sports Exerc 46(9), adults: 100 mg is moderate, 430 mg vigorous.
Cadence: Tudor-Locke et al. 2018, Br J Sports Med 52(12): 60 steps/min is walking with purpose,
130 vigorous.
Speed tells riding from sitting: Zheng et al. 2008 (UbiComp, "Understanding mobility based on GPS
data") separate the modes by speed and stops; legs that make steps overrule it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from agent.events import EPOCH, SampleMeasured
from agent.signals import ACTIVITY_COUNTS, CADENCE, MOTION, SPEED, STEPS

MotionState = Literal["unknown", "still", "walking", "running", "cycling", "driving"]

MODERATE_MG_MIN = 100
VIGOROUS_MG_MIN = 430
WALKING_CADENCE_MIN = 60
RUNNING_CADENCE_MIN = 130
COUNTS_MODERATE_MIN = 976  # Montoye et al. 2020: 1952 counts a minute at the wrist are moderate
WALKING_MS_MIN = 0.8
CYCLING_MS_MIN = 2.8  # nobody walks 10 km/h
DRIVING_MS_MIN = 8.5  # few ride a bicycle at 30 km/h for a minute
HANDLEBAR_MG_MIN = 25  # the wrist of a cyclist trembles, that of a passenger rests
STOPS = timedelta(minutes=3)  # a vehicle may stand for so long and go on
STEADY_S = 20.0  # one fast fix is an error, two are a ride
FRESH = timedelta(seconds=MOTION.fresh_s)
STEPS_OVER = (timedelta(seconds=10), timedelta(minutes=5))
"""Steps since the sample before are a cadence if that one was so long ago, at least and at most."""
_SIGNALS = frozenset((MOTION.id, CADENCE.id, SPEED.id, ACTIVITY_COUNTS.id, STEPS.id))
_EFFORTS = frozenset(("walking", "running", "cycling"))


@dataclass(frozen=True, slots=True)
class Motion:
    """The newest state that any signal of motion gave, and since when."""

    state: MotionState = "unknown"
    since: datetime = EPOCH
    measured_at: datetime = EPOCH
    effort_at: datetime = EPOCH
    """When the wearer last walked, ran or cycled."""
    vigorous_at: datetime = EPOCH
    cadence: float = 0.0
    cadence_at: datetime = EPOCH
    motion_mg: float | None = None
    """None where acceleration is not measured, or no longer."""
    motion_at: datetime = EPOCH
    speed_ms: float = 0.0
    speed_at: datetime = EPOCH
    fast_since: datetime | None = None
    """Since when every speed was that of a ride."""
    rode_at: datetime = EPOCH
    """When the wearer was last known to ride."""
    steps_at: datetime = EPOCH

    def fold(self, sample: SampleMeasured) -> "Motion":
        """Return the estimate after *sample*; one older than the newest changes nothing."""
        if sample.signal not in _SIGNALS or sample.at < self.measured_at:
            return self
        if sample.signal == SPEED.id:
            return self.moved(sample.value, sample.at)
        if sample.signal == STEPS.id:
            return self._stepped(sample)
        if sample.signal == CADENCE.id:
            told = replace(self, cadence=sample.value, cadence_at=sample.at)
        elif sample.signal == MOTION.id:
            told = replace(self, motion_mg=sample.value, motion_at=sample.at)
        else:
            told = replace(self, motion_mg=_of_counts(sample.value), motion_at=sample.at)
        return told._now(sample.at)

    def moved(self, speed_ms: float, at: datetime) -> "Motion":
        """Return the estimate after a *speed_ms* over ground, measured or between two fixes."""
        if at < self.measured_at:
            return self
        fast = self.fast_since or at if speed_ms >= CYCLING_MS_MIN else None
        told = replace(self, speed_ms=speed_ms, speed_at=at, fast_since=fast)
        return told._now(at)

    def at(self, now: datetime) -> MotionState:
        """Return the state at *now*: unknown once the newest sample is too old."""
        return self.state if now - self.measured_at <= FRESH else "unknown"

    def _stepped(self, sample: SampleMeasured) -> "Motion":
        """Return the estimate after a band's steps of a minute or so, its only sign of motion."""
        passed = sample.at - self.steps_at
        told = replace(self, steps_at=max(self.steps_at, sample.at))
        if not STEPS_OVER[0] <= passed <= STEPS_OVER[1]:
            return told
        cadence = sample.value * timedelta(minutes=1) / passed
        return replace(told, cadence=cadence, cadence_at=sample.at)._now(sample.at)

    def _held(self, at: datetime) -> "Motion":
        """Return the estimate without what is too old: a watch that was put down walks no more."""
        after = self
        if self.motion_mg is not None and at - self.motion_at > FRESH:
            after = replace(after, motion_mg=None)
        if self.cadence and at - self.cadence_at > STEPS_OVER[1]:
            after = replace(after, cadence=0.0)
        return after

    def _now(self, at: datetime) -> "Motion":
        return self._held(at)._judged(at)

    def _judged(self, at: datetime) -> "Motion":
        state = self._riding(at) or self._on_foot(at)
        unbroken = state == self.state and at - self.measured_at <= FRESH
        effort = state in _EFFORTS
        vigorous = state in ("running", "cycling")
        rides = state in ("cycling", "driving") and self.speed_ms >= CYCLING_MS_MIN
        return replace(
            self,
            state=state,
            since=self.since if unbroken else at,
            measured_at=at,
            effort_at=at if effort else self.effort_at,
            vigorous_at=at if vigorous else self.vigorous_at,
            rode_at=at if rides else self.rode_at,
        )

    def _riding(self, at: datetime) -> MotionState | None:
        """Return how the wearer rides; None of someone on foot, at rest, or without a speed."""
        if self.cadence >= WALKING_CADENCE_MIN or at - self.speed_at > FRESH:
            return None
        fast = self.fast_since is not None and (at - self.fast_since).total_seconds() >= STEADY_S
        rode = self.state in ("cycling", "driving") and at - self.rode_at <= STOPS
        if not (fast or rode):
            return None
        if self.state == "driving" and rode:
            return "driving"
        if self.speed_ms >= DRIVING_MS_MIN:
            return "driving"
        trembles = self.motion_mg is None or self.motion_mg >= HANDLEBAR_MG_MIN
        return "cycling" if trembles else "driving"

    def _on_foot(self, at: datetime) -> MotionState:
        motion_mg, cadence = self.motion_mg or 0.0, self.cadence
        if motion_mg >= VIGOROUS_MG_MIN or cadence >= RUNNING_CADENCE_MIN:
            return "running"
        strides = self.motion_mg is None and cadence == 0 and self._walks(at)
        moving = motion_mg >= MODERATE_MG_MIN or cadence >= WALKING_CADENCE_MIN
        return "walking" if moving or strides else "still"

    def _walks(self, at: datetime) -> bool:
        """Return whether the speed alone is that of a walk: a phone that counts no steps."""
        fresh = at - self.speed_at <= FRESH
        return fresh and WALKING_MS_MIN <= self.speed_ms < CYCLING_MS_MIN


def _of_counts(counts: float) -> float:
    """Return the ENMO that *counts* of half a minute stand for, by their moderate levels."""
    return counts / COUNTS_MODERATE_MIN * MODERATE_MG_MIN
