"""A first estimate of stress, minute by minute, against the person's own usual.  Pure.

Stress raises the heart rate and lowers the beat-to-beat variability (Task Force of the ESC and
NASPE 1996, Circulation 93(5); Kim et al. 2018, Psychiatry Investig 15(3)); so do a staircase and
a run, wherefore a minute with motion, or soon after it, says nothing.  RMSSD is taken from beats
alone, never from averaged rates, after Malik's rule: a beat that differs by more than a fifth
from the one before it is an artefact.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import exp, log

from agent.events import EPOCH, SampleMeasured
from agent.quantiles import Histogram, histogram
from agent.signals import HEART_RATE, IBI

MINUTE = timedelta(minutes=1)
BEATS_MIN = 20  # fewer beats in a minute than this do not give its rate
PAIRS_MIN = 10
ARTEFACT_SHARE = 0.2
BEAT_LATE_MS = 60  # two beats follow each other if their times agree with the interval so well
BASELINE_MIN = 20  # minutes of a person before anything personal is said
RATE_SPREAD_MIN = 4.0  # bpm: a very even person must not be called stressed for two beats more
VARIABILITY_SPREAD_MIN = 0.15  # of the natural logarithm of RMSSD
VARIABILITY_WEIGHT = 0.25  # at the wrist RMSSD is noisy: more of it made the estimate worse
FORGET = 1 - 1 / (7 * 600)  # a minute from seven days of ten waking hours ago weighs 1/e
RECENT_MIN = 10
RAISED = 70.0
CALM = 60.0  # between the two a raised episode goes on: no flicker at the threshold


@dataclass(frozen=True, slots=True)
class Minute:
    """What came in during one minute."""

    start: datetime = EPOCH
    rate_sum: float = 0.0
    rates: int = 0
    beat_sum_ms: float = 0.0
    beats: int = 0
    square_sum: float = 0.0
    pairs: int = 0
    beat_at: datetime = EPOCH
    beat_ms: float = 0.0
    gated: bool = False

    def add(self, sample: SampleMeasured) -> "Minute":
        """Return the minute with one more heart rate or beat."""
        if sample.signal == HEART_RATE.id:
            return replace(self, rate_sum=self.rate_sum + sample.value, rates=self.rates + 1)
        follows = _follows(self.beat_at, self.beat_ms, sample)
        change = sample.value - self.beat_ms
        return replace(
            self,
            beat_sum_ms=self.beat_sum_ms + sample.value,
            beats=self.beats + 1,
            square_sum=self.square_sum + (change * change if follows else 0.0),
            pairs=self.pairs + follows,
            beat_at=sample.at,
            beat_ms=sample.value,
        )

    @property
    def rate_bpm(self) -> float | None:
        """Return the mean rate: from beats where there are enough, else as the device says."""
        if self.beats >= BEATS_MIN:
            return 60_000 * self.beats / self.beat_sum_ms
        return self.rate_sum / self.rates if self.rates else None

    @property
    def log_rmssd(self) -> float | None:
        """Return the natural logarithm of RMSSD (ms), or None for want of clean beats."""
        if self.pairs < PAIRS_MIN or self.square_sum <= 0:
            return None
        return log(self.square_sum / self.pairs) / 2


@dataclass(frozen=True, slots=True)
class Usual:
    """This person's minutes at rest and awake."""

    rate: Histogram = field(default_factory=lambda: histogram(low=30, high=200, width=1))
    log_rmssd: Histogram = field(default_factory=lambda: histogram(low=1, high=6, width=0.1))

    def add(self, minute: Minute, *, keep: float = FORGET) -> "Usual":
        """Return the usual after one more *minute* at rest."""
        rate, variability = minute.rate_bpm, minute.log_rmssd
        return Usual(
            self.rate if rate is None else self.rate.add(rate, keep=keep),
            self.log_rmssd if variability is None else self.log_rmssd.add(variability, keep=keep),
        )

    def deviation(self, minute: Minute) -> float | None:
        """Return how far *minute* is from the usual, in robust standard deviations.

        None while fewer than BASELINE_MIN minutes are known.
        """
        rate, variability = minute.rate_bpm, minute.log_rmssd
        if rate is None or self.rate.count < BASELINE_MIN:
            return None
        far = (rate - self.rate.quantile(0.5)) / max(self.rate.spread(), RATE_SPREAD_MIN)
        if variability is None or self.log_rmssd.count < BASELINE_MIN:
            return far
        spread = max(self.log_rmssd.spread(), VARIABILITY_SPREAD_MIN)
        less = (self.log_rmssd.quantile(0.5) - variability) / spread
        return far + VARIABILITY_WEIGHT * min(max(less, -3.0), 3.0)


@dataclass(frozen=True, slots=True)
class Stress:
    """The estimate, and what it rests on."""

    score: float | None = None
    """0-100, mean of the last minutes at rest; None while nothing can be said."""
    confidence: float = 0.0
    measured_at: datetime = EPOCH
    """The end of the newest minute that counted."""
    raised_since: datetime | None = None
    """Since when the score is raised without a calm spell or a gap."""
    raised_min: int = 0
    """How many minutes of that spell were measured at rest."""
    open: Minute = field(default_factory=Minute)
    usual: Usual = field(default_factory=Usual)
    recent: tuple[tuple[datetime, float], ...] = ()
    beats_at: datetime = EPOCH
    """The end of the newest minute with beats enough; bands send some minutes of them."""

    def fold(self, sample: SampleMeasured, *, gated: bool, known: bool) -> "Stress":
        """Return the estimate after *sample*.

        *gated*: the wearer moves, has just moved, or sleeps; *known*: motion is measured at all,
        without which the estimate stands but with less confidence.
        """
        if sample.signal not in (HEART_RATE.id, IBI.id) or sample.at < self.open.start:
            return self
        after = self
        if sample.at >= self.open.start + MINUTE:
            start = sample.at.replace(second=0, microsecond=0)
            minute = replace(self.open, gated=self.open.gated)
            beat = Minute(start=start, beat_at=minute.beat_at, beat_ms=minute.beat_ms)
            after = replace(self._close(minute, known=known), open=beat)
        opened = after.open.add(sample)
        if gated and not opened.gated:
            opened = replace(opened, gated=True)
        return replace(after, open=opened)

    def at(self, now: datetime) -> float | None:
        """Return the score at *now*, or None once it is too old to speak of."""
        fresh = now - self.measured_at <= timedelta(seconds=HEART_RATE.fresh_s) + MINUTE
        return self.score if fresh else None

    def _close(self, minute: Minute, *, known: bool) -> "Stress":
        if minute.gated or minute.rate_bpm is None:
            return self
        far, end = self.usual.deviation(minute), minute.start + MINUTE
        usual = self.usual.add(minute)
        if far is None:
            return replace(self, usual=usual)
        kept = tuple(one for one in self.recent if end - one[0] <= RECENT_MIN * MINUTE)
        recent = (*kept, (end, score_of(far)))
        score = sum(one for _, one in recent) / len(recent)
        since = self._raised(score, end)
        beats_at = end if minute.beats >= BEATS_MIN else self.beats_at
        beats = end - beats_at < RECENT_MIN * MINUTE
        return Stress(
            score=score,
            confidence=_confidence(usual, beats=beats, known=known),
            measured_at=end,
            raised_since=since,
            raised_min=0 if since is None else self.raised_min + 1,
            usual=usual,
            recent=recent,
            beats_at=beats_at,
        )

    def _raised(self, score: float, end: datetime) -> datetime | None:
        unbroken = end - self.measured_at <= RECENT_MIN * MINUTE
        if score >= RAISED or (score >= CALM and self.raised_since is not None):
            return self.raised_since if self.raised_since and unbroken else end
        return None


def score_of(far: float) -> float:
    """Return the score 0-100 of a deviation: the usual is 30, two deviations above are 80."""
    return 100 / (1 + exp(0.85 - 1.12 * far))


def _follows(beat_at: datetime, beat_ms: float, sample: SampleMeasured) -> bool:
    passed_ms = (sample.at - beat_at) / timedelta(milliseconds=1)
    if beat_ms <= 0 or abs(passed_ms - sample.value) > BEAT_LATE_MS:
        return False
    return abs(sample.value - beat_ms) <= ARTEFACT_SHARE * beat_ms


def _confidence(usual: Usual, *, beats: bool, known: bool) -> float:
    """Return 0-1: less where rates are averages, motion is unknown, or the usual is young."""
    heart = 0.8 if beats else 0.5
    return round(heart * (1.0 if known else 0.6) * min(1.0, usual.rate.count / 120), 2)
