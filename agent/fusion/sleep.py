"""A first estimate of sleep and waking, minute by minute, from heart rate and motion.  Pure.

Stillness as such is not sleep (a meeting is still too), so the heart rate has to lie near the
lowest tenth of this person's own minutes as well.  The idea of a run of quiet epochs that opens
and of active ones that closes the night is Webster's rescoring of Cole et al. 1992, Sleep 15(5).
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from agent.events import EPOCH, SampleMeasured
from agent.quantiles import Histogram, histogram
from agent.signals import CADENCE, HEART_RATE, MOTION

MINUTE = timedelta(minutes=1)
QUIET_MG_MAX = 15  # ENMO of a sleeper between two turns is below this
ACTIVE_MG_MIN = 30
ABOVE_LOW_BPM = 9  # dreams and turning raise a sleeper's rate by less over his lowest tenth
LEARNED_MIN = 180  # minutes of heart rate before "near his lowest" means something
ONSET_MIN = 15
WAKE_MIN = 10
ALONE_FACTOR = 2  # without motion the runs must be twice as long
NIGHT_MIN = timedelta(hours=3)  # shorter is a nap
JOIN_MAX = timedelta(minutes=60)  # awake for less than this in between is one night
GAP_MAX = timedelta(hours=2)
UNKNOWN_AFTER = timedelta(minutes=45)
NIGHTS_MAX = 28
USUAL_NIGHTS_MIN = 5
FORGET = 1 - 1 / (7 * 1440)


@dataclass(frozen=True, slots=True)
class Night:
    """One sleep of some hours."""

    onset: datetime
    wake: datetime
    awake_min: int = 0

    @property
    def asleep(self) -> timedelta:
        """Return the time asleep."""
        return self.wake - self.onset - self.awake_min * MINUTE


@dataclass(frozen=True, slots=True)
class _Minute:
    start: datetime = EPOCH
    rate_sum: float = 0.0
    rates: int = 0
    motion_mg: float | None = None


@dataclass(frozen=True, slots=True)
class Sleep:
    """Whether the wearer sleeps, and the nights so far."""

    asleep_since: datetime | None = None
    awake_since: datetime | None = None
    """When the last night ended; None before any."""
    nights: tuple[Night, ...] = ()
    rate: Histogram = field(default_factory=lambda: histogram(low=30, high=130, width=1))
    run: int = 0
    """Minutes that speak against the present state, less those for it."""
    run_since: datetime = EPOCH
    awake_min: int = 0
    open: _Minute = field(default_factory=_Minute)

    def fold(self, sample: SampleMeasured) -> "Sleep":
        """Return the estimate after *sample*; one older than the open minute changes nothing."""
        if sample.signal not in _SIGNALS or sample.at < self.open.start:
            return self
        after = self
        if sample.at >= self.open.start + MINUTE:
            start = sample.at.replace(second=0, microsecond=0)
            after = replace(self._close(start), open=_Minute(start))
        return replace(after, open=_add(after.open, sample))

    def asleep_at(self, now: datetime) -> bool:
        """Return whether the wearer sleeps at *now*; not known without a recent minute is no."""
        return self.asleep_since is not None and now - self.open.start <= UNKNOWN_AFTER

    def usual_asleep(self) -> timedelta | None:
        """Return the median time asleep of the nights before the last, or None of too few."""
        before = sorted(night.asleep for night in self.nights[:-1])
        return before[len(before) // 2] if len(before) >= USUAL_NIGHTS_MIN else None

    def _close(self, start: datetime) -> "Sleep":
        minute = self.open
        if not minute.rates:
            return self
        rate = minute.rate_sum / minute.rates
        learned = replace(self, rate=self.rate.add(rate, keep=FORGET))
        if start - minute.start > GAP_MAX:
            return learned._lost()
        if self.rate.count < LEARNED_MIN and minute.motion_mg is None:
            return learned
        if learned.asleep_since is None:
            return learned._drowse(minute, quiet=learned._quiet(minute, rate))
        return learned._stir(minute, active=learned._active(minute, rate))

    def _near_low(self, rate: float, *, slack: float) -> bool:
        if self.rate.count < LEARNED_MIN:
            return True
        return rate <= self.rate.quantile(0.1) + slack

    def _quiet(self, minute: _Minute, rate: float) -> bool:
        still = minute.motion_mg is None or minute.motion_mg <= QUIET_MG_MAX
        return still and self._near_low(rate, slack=ABOVE_LOW_BPM)

    def _active(self, minute: _Minute, rate: float) -> bool:
        if minute.motion_mg is not None:
            return minute.motion_mg >= ACTIVE_MG_MIN
        return not self._near_low(rate, slack=1.5 * ABOVE_LOW_BPM)

    def _drowse(self, minute: _Minute, *, quiet: bool) -> "Sleep":
        if not quiet:
            return replace(self, run=max(0, self.run - 3))
        since = minute.start if self.run == 0 else self.run_since
        counted = replace(self, run=self.run + 1, run_since=since)
        if counted.run < ONSET_MIN * _patience(minute):
            return counted
        return counted._fall_asleep(since)

    def _fall_asleep(self, since: datetime) -> "Sleep":
        last = self.nights[-1] if self.nights else None
        if last is None or since - last.wake > JOIN_MAX:
            return replace(self, asleep_since=since, run=0, awake_min=0)
        pause = (since - last.wake) // MINUTE
        return replace(
            self,
            asleep_since=last.onset,
            nights=self.nights[:-1],
            run=0,
            awake_min=last.awake_min + pause,
        )

    def _stir(self, minute: _Minute, *, active: bool) -> "Sleep":
        if not active:
            return replace(self, run=max(0, self.run - 1))
        since = minute.start if self.run == 0 else self.run_since
        counted = replace(self, run=self.run + 1, run_since=since)
        if counted.run < WAKE_MIN * _patience(minute):
            return replace(counted, awake_min=counted.awake_min + 1)
        awake = counted.awake_min - (counted.run - 1)
        return replace(counted, awake_min=max(0, awake))._wake(since)

    def _wake(self, at: datetime) -> "Sleep":
        assert self.asleep_since is not None
        nights = self.nights
        if at - self.asleep_since >= NIGHT_MIN:
            nights = (*nights, Night(self.asleep_since, at, self.awake_min))[-NIGHTS_MAX:]
        woke = at if nights is not self.nights else self.awake_since
        return replace(self, asleep_since=None, awake_since=woke, nights=nights, run=0)

    def _lost(self) -> "Sleep":
        """Return the estimate after hours without data: what was open ends where they began."""
        if self.asleep_since is None:
            return replace(self, run=0)
        return self._wake(self.open.start)


def _patience(minute: _Minute) -> int:
    return ALONE_FACTOR if minute.motion_mg is None else 1


def _add(minute: _Minute, sample: SampleMeasured) -> _Minute:
    if sample.signal == HEART_RATE.id:
        return replace(minute, rate_sum=minute.rate_sum + sample.value, rates=minute.rates + 1)
    moved = sample.value if sample.signal == MOTION.id else sample.value * 10  # a step is no sleep
    return replace(minute, motion_mg=max(moved, minute.motion_mg or 0.0))


_SIGNALS = frozenset((HEART_RATE.id, MOTION.id, CADENCE.id))
