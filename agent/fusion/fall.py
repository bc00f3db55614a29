"""Whether the wearer may have fallen: an impact, then stillness.  Pure.

The two phases are those of threshold detectors at the body (Bourke, O'Brien and Lyons 2007, Gait
Posture 26(2): an upper threshold on the peak of the vector magnitude; Kangas et al. 2008, Gait
Posture 28(2): impact, then lying).  At the wrist a clap is an impact too, wherefore half a minute
without any movement has to follow; who gets up at once is not asked.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from agent.events import EPOCH, SampleMeasured
from agent.signals import CADENCE, MOTION, MOTION_PEAK

IMPACT_MG_MIN = 3000  # Bourke et al. found 2.74 g at the trunk and 2.5 g at the thigh
STILL_MG_MAX = 20  # ENMO of someone who lies without moving
MOVING_MG_MIN = 60
SETTLES = timedelta(seconds=5)  # the blow itself, and what bounces after it
STILL_FOR = timedelta(seconds=30)
WITHIN = timedelta(seconds=120)  # stillness that begins later has another reason
ASKS_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Fall:
    """The newest impact, and what became of it."""

    impact_at: datetime = EPOCH
    impact_mg: float = 0.0
    still_since: datetime | None = None
    suspected_at: datetime | None = None
    """When stillness had followed for long enough; None once the wearer moves again."""

    def fold(self, sample: SampleMeasured) -> "Fall":
        """Return the estimate after *sample*."""
        if sample.signal == MOTION_PEAK.id:
            return self._hit(sample)
        if sample.signal not in (MOTION.id, CADENCE.id) or self.impact_at == EPOCH:
            return self
        if sample.at < self.impact_at + SETTLES:
            return self
        if sample.signal == CADENCE.id:
            return Fall() if sample.value > 0 else self
        return self._after(sample)

    def open_at(self, now: datetime) -> datetime | None:
        """Return the time of an impact that the wearer must be asked about at *now*."""
        known = self.suspected_at is not None and now - self.impact_at <= ASKS_FOR
        return self.impact_at if known else None

    def _hit(self, sample: SampleMeasured) -> "Fall":
        if sample.value < IMPACT_MG_MIN or sample.at < self.impact_at:
            return self
        return Fall(impact_at=sample.at, impact_mg=sample.value)

    def _after(self, sample: SampleMeasured) -> "Fall":
        if sample.value >= MOVING_MG_MIN:
            return Fall()
        if sample.value > STILL_MG_MAX:
            return self if self.suspected_at else replace(self, still_since=None)
        since = self.still_since or sample.at
        if self.suspected_at is None and since - self.impact_at > WITHIN:
            return Fall()
        long = sample.at - since >= STILL_FOR
        suspected = self.suspected_at or (sample.at if long else None)
        return replace(self, still_since=since, suspected_at=suspected)
