"""Sleep and waking, minute by minute, from heart rate and motion; each night told in whole.  Pure.

Live, by what was measured until then.  Stillness as such is not sleep (a meeting is still too), so
the heart rate has to lie near the lowest tenth of this person's own minutes as well.  The idea of a
run of quiet epochs that opens and of active ones that closes the night is Webster's rescoring of
Cole et al. 1992, Sleep 15(5).

When a night is over it is looked at again as a whole (`agent.fusion.night`): coarse stages by its
heart rate, and without motion its sleep and waking too.  *Lying down* stands for the last motion
before sleep, or without any for the last heart rate that was far above the lowest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from agent.events import EPOCH, SampleMeasured
from agent.fusion.night import HALF_MINUTE, Account, Compared, Stages, Trace, account, compared
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
LEAD_EPOCHS = 180  # lying down is sought in the hour and a half before sleep
SAME_ONSET_MIN = 10.0  # and the like: a night that differs by less is like the usual
SAME_SHARE = 0.02
DAY_MIN = 1440
STILL_ONE_NIGHT = JOIN_MAX + LEAD_EPOCHS * HALF_MINUTE  # a second sleep is known late to have begun
FORGET = 1 - 1 / (7 * 1440)


@dataclass(frozen=True, slots=True)
class Night:
    """One sleep of some hours."""

    onset: datetime
    wake: datetime
    awake_min: int = 0
    lain_since: datetime | None = None
    risen: datetime | None = None
    """When it was left for good; None, as above, where it is not known."""
    awakenings: int | None = None
    restless: float | None = None
    """The share (0-1) of it with motion, or without that with a surge of the heart rate."""
    stages: Stages | None = None
    """Coarse; None where too little was measured, or nothing like what was learned from."""

    @property
    def asleep(self) -> timedelta:
        """Return the time asleep."""
        return self.wake - self.onset - self.awake_min * MINUTE

    @property
    def efficiency(self) -> float | None:
        """Return the share (0-1) of the time in bed that was slept; None if that is not known."""
        if self.lain_since is None or self.risen is None or self.risen <= self.lain_since:
            return None
        return self.asleep / (self.risen - self.lain_since)


@dataclass(frozen=True, slots=True)
class _Minute:
    start: datetime = EPOCH
    rate_sum: float = 0.0
    rates: int = 0
    early_sum: float = 0.0
    early: int = 0
    """Those of the rates that lie in the first half of the minute."""
    motion_mg: float | None = None

    def halves(self) -> tuple[float | None, float | None]:
        """Return the mean rate of each half."""
        late = self.rates - self.early
        return (
            self.early_sum / self.early if self.early else None,
            (self.rate_sum - self.early_sum) / late if late else None,
        )


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
    trace: Trace = field(default_factory=Trace)
    """The night so far; awake, the last while."""

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

    def asleep_against_usual(self) -> Compared | None:
        """Return the minutes asleep of the last night against those before; None: too few yet."""
        return self._against([n.asleep / MINUTE for n in self.nights], spread_min=SAME_ONSET_MIN)

    def onset_against_usual(self) -> Compared | None:
        """Return the minutes by which sleep began later than usual (0 is usual); None: too few.

        The clock is round: each onset counts by its nearest distance to the last night's.
        """
        if not self.nights:
            return None
        last = self.nights[-1].onset
        around = [
            ((night.onset - last) / MINUTE + DAY_MIN / 2) % DAY_MIN - DAY_MIN / 2
            for night in self.nights
        ]
        return self._against(around, spread_min=SAME_ONSET_MIN)

    def efficiency_against_usual(self) -> Compared | None:
        """Return the efficiency of the last night against those before; None: too few yet."""
        return self._against([n.efficiency for n in self.nights], spread_min=SAME_SHARE)

    def restless_against_usual(self) -> Compared | None:
        """Return the restless share of the last night against those before; None: too few yet."""
        return self._against([n.restless for n in self.nights], spread_min=SAME_SHARE)

    def _against(self, values: Sequence[float | None], *, spread_min: float) -> Compared | None:
        if not values or values[-1] is None:
            return None
        before = [value for value in values[:-1] if value is not None]
        return compared(values[-1], before, spread_min=spread_min)

    def _close(self, start: datetime) -> "Sleep":
        minute = self.open
        if not minute.rates:
            return self
        rate = minute.rate_sum / minute.rates
        learned = replace(
            self,
            rate=self.rate.add(rate, keep=FORGET),
            trace=self._traced().add(minute.start, minute.halves(), minute.motion_mg),
        )
        if start - minute.start > GAP_MAX:
            return learned._lost()
        if self.rate.count < LEARNED_MIN and minute.motion_mg is None:
            return learned
        if learned.asleep_since is None:
            return learned._drowse(minute, quiet=learned._quiet(minute, rate))
        return learned._stir(minute, active=learned._active(minute, rate))

    def _traced(self) -> Trace:
        """Return what of the trace is still needed: all of a night that may yet go on."""
        last = self.nights[-1].wake if self.nights else EPOCH
        if self.asleep_since is not None or self.open.start - last <= STILL_ONE_NIGHT:
            return self.trace
        return self.trace.last(LEAD_EPOCHS)

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
        if at - self.asleep_since < NIGHT_MIN:
            return replace(self, asleep_since=None, run=0)
        night = self._night(self.asleep_since, at)
        nights = (*self.nights, night)[-NIGHTS_MAX:]
        return replace(self, asleep_since=None, awake_since=night.wake, nights=nights, run=0)

    def _night(self, onset: datetime, risen: datetime) -> Night:
        """Return the night from *onset* on, told in whole where that is possible."""
        lain = self._lain(onset)
        rest = self.trace.between(lain or onset, risen)
        night = Night(onset, risen, self.awake_min, lain_since=lain, risen=risen)
        if self.trace.since > onset:
            return night  # its beginning is no longer kept
        if rest.moved_share < 0.5:
            told = account(rest)
            return night if told is None else by_rate(night, told, rest.since)
        active = [(mg or 0) >= ACTIVE_MG_MIN for mg in rest.motions_mg]
        told = account(rest, awake=active)
        slept = self.trace.between(onset, risen).motions_mg
        return replace(
            night,
            restless=sum((mg or 0) > QUIET_MG_MAX for mg in slept) / max(len(slept), 1),
            awakenings=told.awakenings if told else None,
            stages=told.stages if told else None,
        )

    def _lain(self, onset: datetime) -> datetime | None:
        """Return when the wearer lay down to sleep from *onset* on; None if that was not seen."""
        lead = self.trace.between(onset - LEAD_EPOCHS * HALF_MINUTE, onset)
        up_bpm = self.rate.quantile(0.1) + 1.5 * ABOVE_LOW_BPM
        for place in reversed(range(len(lead.rates_bpm))):
            rate, motion = lead.rates_bpm[place], lead.motions_mg[place]
            up = rate is not None and rate > up_bpm if motion is None else motion >= ACTIVE_MG_MIN
            if up:
                return lead.since + (place + 1) * HALF_MINUTE
        return None

    def _lost(self) -> "Sleep":
        """Return the estimate after hours without data: what was open ends where they began."""
        if self.asleep_since is None:
            return replace(self, run=0)
        return self._wake(self.open.start)


def by_rate(night: Night, told: Account, since: datetime) -> Night:
    """Return *night* with its sleep and waking as the heart rate tells them."""
    return replace(
        night,
        onset=since + told.onset * HALF_MINUTE,
        wake=since + told.wake * HALF_MINUTE,
        awake_min=told.awake_min,
        awakenings=told.awakenings,
        restless=told.surging,
        stages=told.stages,
    )


def _patience(minute: _Minute) -> int:
    return ALONE_FACTOR if minute.motion_mg is None else 1


def _add(minute: _Minute, sample: SampleMeasured) -> _Minute:
    if sample.signal == HEART_RATE.id:
        early = sample.at - minute.start < HALF_MINUTE
        return _Minute(
            minute.start,
            minute.rate_sum + sample.value,
            minute.rates + 1,
            minute.early_sum + (sample.value if early else 0),
            minute.early + early,
            minute.motion_mg,
        )
    moved = sample.value if sample.signal == MOTION.id else sample.value * 10  # a step is no sleep
    return replace(minute, motion_mg=max(moved, minute.motion_mg or 0.0))


_SIGNALS = frozenset((HEART_RATE.id, MOTION.id, CADENCE.id))
