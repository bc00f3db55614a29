"""Seconds of movement as samples: what every sensor of raw acceleration tells of it.  Pure."""

from collections.abc import Sequence
from datetime import datetime

from agent.acceleration import Second
from agent.events import SampleMeasured
from agent.sensor import measured
from agent.signals import ACTIVITY_COUNTS, ARM_ANGLE, CADENCE, MOTION, MOTION_PEAK, STEPS

STEPS_EVERY_S = 10


class Told:
    """Turns seconds into samples: steps and cadence come together, every ten seconds."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._seconds = self._steps = 0
        self._walked = False

    def of(self, second: Second, *, at: datetime) -> Sequence[SampleMeasured]:
        """Return what *second*, which ended at *at*, says."""
        said: dict[str, float | None] = {
            MOTION_PEAK.id: second.peak_mg,
            MOTION.id: second.motion_mg,
            ARM_ANGLE.id: second.arm_angle_deg,
            ACTIVITY_COUNTS.id: second.counts,
        }
        self._seconds += 1
        self._steps += second.steps
        if self._seconds % STEPS_EVERY_S == 0:
            # Someone at rest makes no steps all day: that is said once.
            if self._steps or self._walked:
                said[STEPS.id] = self._steps
                said[CADENCE.id] = self._steps * 60 / STEPS_EVERY_S
            self._walked, self._steps = self._steps > 0, 0
        return [
            measured(signal, round(value, 1), at=at, source=self._source)
            for signal, value in said.items()
            if value is not None
        ]
