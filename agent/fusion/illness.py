"""Early signs that the body fights something, over days, against the person's usual.  Pure.

Once a day: the resting heart rate, HRV (ln RMSSD), skin temperature and respiration, each as
standard deviations over the median of the last 28 days (robust; days graded likely are left out,
so that an illness does not become the usual; what lasts for some seven weeks does).  What they say
together is summed by a one-sided CuSum (Page 1954, Biometrika 41) of the daily excess, as Mishra
et al. 2020 (Nature Biomedical Engineering 4, "Pre-symptomatic detection of COVID-19 from smartwatch
data", the online CuSum method) do with the resting heart rate.  DRIFT and ALARM are Page's usual
design for a shift of one standard deviation and were not tuned on anyone.

It never names an illness: strain, alcohol, heat, travel and an infection look alike here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from math import log, sqrt
from statistics import median
from typing import Literal

from agent.events import EPOCH, SampleMeasured
from agent.signals import (
    HEART_RATE,
    HRV_RMSSD,
    IBI,
    RESPIRATION,
    RESTING_HEART_RATE,
    SKIN_TEMPERATURE,
)

SHIPS_ON = False
"""Whether a skill may speak of it unasked.  Not before its recall is shown to beat a plain rule:
data/illness/README.md says on how few people that could be tested."""

DAY = timedelta(days=1)
NOON_H = 12  # a day runs from noon to noon by the wearer's clock: a night lies within one
DAY_MIN = timedelta(hours=20)  # who flies east has a shorter one, and who flies west a longer
DAYS_MAX = 60
BASELINE_DAYS = 28
BASELINE_MIN = 10
GAP_MAX = 4 * DAY  # after longer without a day, nothing is summed over the gap
DRIFT = 0.5
ALARM = 4.0
WATCH = 2.0
SUM_MAX = 2 * ALARM  # so that a long illness is over soon after it is over
FRESH = 2 * DAY
MAD_TO_SD = 1.4826  # of a normal distribution (Rousseeuw & Croux 1993, JASA 88, section 1)

LOWEST = 6
SLOT = timedelta(minutes=5)
SLOT_RATES_MIN = 2
HELD_MIN = 5
"""So many samples, asleep where sleep is known, before a mean of a day counts."""
PAIRS_MIN = 200
PAIR_S_MAX = 2.5
ARTEFACT = 0.2

Grade = Literal["unknown", "none", "watch", "likely"]
Sign = Literal["resting_heart_rate", "log_rmssd", "skin_temperature", "respiration"]

RAISED = {"resting_heart_rate": 1, "log_rmssd": -1, "skin_temperature": 1, "respiration": 1}
"""Which way each goes in illness (Natarajan et al. 2020, npj Digital Medicine 3; and fever)."""
SPREAD_MIN = {
    "resting_heart_rate": 1.5,  # bpm
    "log_rmssd": 0.12,
    "skin_temperature": 0.25,  # degC
    "respiration": 0.5,  # breaths per minute
}
"""A day that differs by less than this is like the usual, however regular the person is."""


@dataclass(frozen=True, slots=True)
class Day:
    """What one day measured, and what that says; None is not measured, or not yet known."""

    start: datetime
    resting_heart_rate: float | None = None
    log_rmssd: float | None = None
    skin_temperature: float | None = None
    respiration: float | None = None
    excess: float | None = None
    """All signs together, in standard deviations over the usual."""
    sum: float = 0.0

    @property
    def grade(self) -> Grade:
        """Return the grade of the day."""
        if self.excess is None:
            return "unknown"
        if self.sum >= ALARM:
            return "likely"
        return "watch" if self.sum >= WATCH else "none"


@dataclass(frozen=True, slots=True)
class Reason:
    """One sign of a day against the usual."""

    sign: Sign
    value: float
    usual: float
    deviation: float
    """Standard deviations in the direction of illness."""


@dataclass(frozen=True, slots=True)
class _Mean:
    total: float = 0.0
    count: int = 0

    def add(self, value: float) -> "_Mean":
        return _Mean(self.total + value, self.count + 1)

    def mean(self, count_min: int) -> float | None:
        return self.total / self.count if self.count >= count_min else None


@dataclass(frozen=True, slots=True)
class _Rate:
    """The heart rate of the last five minutes, and the lowest five minutes of the day."""

    slot: datetime = EPOCH
    total: float = 0.0
    count: int = 0
    lowest: tuple[float, ...] = ()

    def add(self, sample: SampleMeasured) -> "_Rate":
        if sample.at < self.slot + SLOT:
            return _Rate(self.slot, self.total + sample.value, self.count + 1, self.lowest)
        return _Rate(sample.at, sample.value, 1, self.closed())

    def closed(self) -> tuple[float, ...]:
        if self.count < SLOT_RATES_MIN:
            return self.lowest
        return tuple(sorted((*self.lowest, self.total / self.count))[:LOWEST])


@dataclass(frozen=True, slots=True)
class _Open:
    """The day that is not over."""

    start: datetime = EPOCH
    resting: float | None = None
    told_log_rmssd: _Mean = field(default_factory=_Mean)
    squares: _Mean = field(default_factory=_Mean)
    """Of the differences between successive beats, asleep."""
    beat_at: datetime = EPOCH
    beat_ms: float = 0.0
    skin: _Mean = field(default_factory=_Mean)
    breaths: _Mean = field(default_factory=_Mean)


@dataclass(frozen=True, slots=True)
class Illness:
    """The days so far, and the one that is not over."""

    days: tuple[Day, ...] = ()
    open: _Open = field(default_factory=_Open)
    rate: _Rate = field(default_factory=_Rate)

    def fold(self, sample: SampleMeasured, *, asleep: bool, zone: tzinfo = UTC) -> "Illness":
        """Return the estimate after *sample*; one older than the open day changes nothing.

        *zone* is the wearer's.
        """
        if sample.signal not in _SIGNALS or sample.at < self.open.start:
            return self
        after = self
        if sample.at >= self.open.start + DAY_MIN:
            start = _noon_before(sample.at, zone)
            if start > self.open.start:
                after = Illness(self._closed(), _Open(start=start))
        if sample.signal == HEART_RATE.id:
            return Illness(after.days, after.open, after.rate.add(sample))
        return replace(after, open=_added(after.open, sample, asleep=asleep))

    def grade_at(self, now: datetime) -> Grade:
        """Return the grade of the last whole day; "unknown" if that is too old or too little."""
        if not self.days or now - self.days[-1].start > DAY + FRESH:
            return "unknown"
        return self.days[-1].grade

    def raised_since(self) -> datetime | None:
        """Return when the days of a raised grade began that go on to the last; None if none do."""
        since = None
        for day in reversed(self.days):
            if day.grade not in ("watch", "likely"):
                break
            since = day.start
        return since

    def reasons(self) -> tuple[Reason, ...]:
        """Return what the last day's signs were against the usual, the strongest first."""
        if not self.days:
            return ()
        found = reasons(self.days[:-1], self.days[-1])
        return tuple(sorted(found, key=lambda one: -one.deviation))

    def missing_days(self) -> int:
        """Return how many more days any one sign needs before anything can be said."""
        counts = [
            sum(getattr(day, sign) is not None for day in self.days[-BASELINE_DAYS:])
            for sign in SIGNS
        ]
        return max(0, BASELINE_MIN - max(counts))

    def _closed(self) -> tuple[Day, ...]:
        day = _day(self.open, self.rate.closed())
        if all(getattr(day, sign) is None for sign in SIGNS):
            return self.days
        return (*self.days, judged(self.days, day))[-DAYS_MAX:]


SIGNS: tuple[Sign, ...] = ("resting_heart_rate", "log_rmssd", "skin_temperature", "respiration")


def reasons(before: Sequence[Day], day: Day) -> list[Reason]:
    """Return each sign of *day* that was measured, and is known of enough of the days *before*."""
    calm = [
        one
        for one in before
        if day.start - DAYS_MAX * DAY <= one.start < day.start and one.grade != "likely"
    ][-BASELINE_DAYS:]
    found = []
    for sign in SIGNS:
        value = getattr(day, sign)
        known = [past for one in calm if (past := getattr(one, sign)) is not None]
        if value is None or len(known) < BASELINE_MIN:
            continue
        usual = median(known)
        spread = MAD_TO_SD * median(abs(past - usual) for past in known)
        over = RAISED[sign] * (value - usual) / max(spread, SPREAD_MIN[sign])
        found.append(Reason(sign, value, usual, over))
    return found


def judged(before: Sequence[Day], day: Day) -> Day:
    """Return *day* with its excess over the usual of those *before*, and the sum up to it.

    The signs are joined by Stouffer's rule (sum over the root of their number), which takes them
    as independent: joined they count for somewhat less than they would as they are.
    """
    found = reasons(before, day)
    if not found:
        return day
    excess = sum(one.deviation for one in found) / sqrt(len(found))
    known = [one for one in before if one.excess is not None]
    goes_on = known and day.start - known[-1].start <= GAP_MAX
    so_far = known[-1].sum if goes_on else 0.0
    summed = min(SUM_MAX, max(0.0, so_far + excess - DRIFT))
    return replace(day, excess=excess, sum=summed)


def _noon_before(at: datetime, zone: tzinfo) -> datetime:
    local = at.astimezone(zone)
    noon = local.replace(hour=NOON_H, minute=0, second=0, microsecond=0)
    return (noon if local >= noon else noon - DAY).astimezone(UTC)


def _added(day: _Open, sample: SampleMeasured, *, asleep: bool) -> _Open:
    value, signal = sample.value, sample.signal
    if signal == RESTING_HEART_RATE.id:
        return replace(day, resting=value)
    if signal == HRV_RMSSD.id:
        return replace(day, told_log_rmssd=day.told_log_rmssd.add(log(value)))
    return _at_rest(day, sample) if asleep else day


def _at_rest(day: _Open, sample: SampleMeasured) -> _Open:
    """Take in what says nothing of the body in a warm room, on a walk or in a talk."""
    if sample.signal == IBI.id:
        return _with_beat(day, sample)
    if sample.signal == SKIN_TEMPERATURE.id:
        return replace(day, skin=day.skin.add(sample.value))
    return replace(day, breaths=day.breaths.add(sample.value))


def _with_beat(day: _Open, sample: SampleMeasured) -> _Open:
    """Take in one beat; a pair with a gap, or that differs by over a fifth, is left out."""
    apart_s = (sample.at - day.beat_at).total_seconds()
    step = sample.value - day.beat_ms
    paired = 0 <= apart_s <= PAIR_S_MAX and abs(step) <= ARTEFACT * day.beat_ms
    squares = day.squares.add(step * step) if paired else day.squares
    return replace(day, beat_at=sample.at, beat_ms=sample.value, squares=squares)


def _day(day: _Open, lowest: Sequence[float]) -> Day:
    """Return what *day* measured: a device's own resting rate, or its six lowest five minutes."""
    own = sum(lowest) / LOWEST if len(lowest) == LOWEST else None
    square = day.squares.mean(PAIRS_MIN)
    beats = log(sqrt(square)) if square else day.told_log_rmssd.mean(1)
    return Day(
        day.start,
        resting_heart_rate=own if day.resting is None else day.resting,
        log_rmssd=beats,
        skin_temperature=day.skin.mean(HELD_MIN),
        respiration=day.breaths.mean(HELD_MIN),
    )


_SIGNALS = frozenset(
    signal.id
    for signal in (HEART_RATE, RESTING_HEART_RATE, HRV_RMSSD, IBI, SKIN_TEMPERATURE, RESPIRATION)
)
