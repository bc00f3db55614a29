"""Acute signs at rest, held for minutes: a fast heart, a slow one, little oxygen.  Pure.

Thresholds: above 120 beats a minute at rest for ten minutes is what consumer watches warn of by
default (Apple, Fitbit; 100 is the textbook's tachycardia, and so common that it says little); from
131 and up to 40 beats a minute the National Early Warning Score gives a pulse its highest mark
(Royal College of Physicians 2017, NEWS 2, chart 1).  Below 90 % of oxygen is hypoxaemia (World
Health Organization 2011, Pulse oximetry training manual), and up to 83 % has the highest mark of
NEWS 2 even on the scale of those with a lung disease (scale 2).

A slow heart is the person's own matter: trained people rest below 40.  So the bound is 40 or six
less than the lowest tenth of this person's minutes, whichever is lower, and asleep nothing is said
before that tenth is known, nights included.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, get_args

from agent.events import EPOCH, SampleMeasured
from agent.fusion.beats import HIGH_MS, LOW_MS
from agent.quantiles import Histogram, histogram
from agent.signals import HEART_RATE, IBI, SPO2

Name = Literal["fast_heart", "slow_heart", "low_oxygen"]
NAMES: tuple[Name, ...] = get_args(Name)
Grade = Literal["none", "watch", "doctor"]

MINUTE = timedelta(minutes=1)
FAST_BPM, VERY_FAST_BPM = 120.0, 131.0
SLOW_BPM, VERY_SLOW_BPM = 40.0, 35.0
BELOW_OWN_BPM = 6.0
OWN_MIN = 2 * 1440  # minutes before the lowest tenth of a person is known: two days and nights
OXYGEN, LITTLE_OXYGEN = 90.0, 84.0  # percent
HEART_FOR = timedelta(minutes=10)
HEART_READINGS_MIN = (
    4  # of minutes; a watch that measures every five has them in a quarter of an hour
)
OXYGEN_FOR = timedelta(minutes=2)
OXYGEN_READINGS_MIN = 3
APART_MAX = timedelta(minutes=15)  # readings further apart are no spell
BEATS_MIN = 20  # in a minute, where no device averages them
FRESH = timedelta(minutes=15)
NORMAL_MIN = 2  # so many readings in a row that are normal again end a sign


class Bound(NamedTuple):
    """Beyond what a reading counts, and how long it must stay there."""

    watch: float
    doctor: float
    above: bool
    lasting: timedelta
    readings: int

    def passes(self, value: float, limit: float) -> bool:
        """Return whether *value* is beyond *limit*."""
        return value > limit if self.above else value < limit


NOTHING = histogram(low=30, high=130, width=1)
FAST = Bound(FAST_BPM, VERY_FAST_BPM - 1, True, HEART_FOR, HEART_READINGS_MIN)
LITTLE = Bound(OXYGEN, LITTLE_OXYGEN, False, OXYGEN_FOR, OXYGEN_READINGS_MIN)


@dataclass(frozen=True, slots=True)
class Spell:
    """Readings beyond a bound, one after another."""

    since: datetime
    until: datetime
    readings: int = 1
    extreme: float = 0.0
    """The furthest of them."""
    severe_since: datetime | None = None
    """Since when all of them have been beyond the second bound too."""
    severe: int = 0
    """How many those are."""
    normal: int = 0
    """Readings in a row that were normal since."""
    grade: Grade = "none"


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign that holds now."""

    name: Name
    grade: Grade
    since: datetime
    until: datetime
    """The newest reading."""
    extreme: float
    readings: int


@dataclass(frozen=True, slots=True)
class _Minute:
    start: datetime = EPOCH
    rate_sum: float = 0.0
    rates: int = 0
    beats_ms: float = 0.0
    beats: int = 0
    gated: bool = False

    @property
    def rate_bpm(self) -> float | None:
        """Return the rate as a device averaged it, else that of enough beats."""
        if self.rates:
            return self.rate_sum / self.rates
        return 60_000 * self.beats / self.beats_ms if self.beats >= BEATS_MIN else None


@dataclass(frozen=True, slots=True)
class Acute:
    """The spells that are going on, by their sign."""

    spells: Mapping[Name, Spell] = field(default_factory=dict)
    open: _Minute = field(default_factory=_Minute)
    heart_at: datetime = EPOCH
    """The end of the newest minute at rest with a heart rate."""
    oxygen_at: datetime = EPOCH

    def fold(
        self,
        sample: SampleMeasured,
        *,
        gated: bool,
        known: bool,
        asleep: bool = False,
        own: Histogram = NOTHING,
    ) -> "Acute":
        """Return the estimate after *sample*; one older than the open minute changes nothing.

        *gated*: the wearer moves or has just moved; *known*: motion is measured at all, without
        which nothing is judged; *own*: the heart rates of this person's minutes so far.
        """
        if sample.signal == SPO2.id:
            return self._oxygen(sample, gated=gated or not known)
        passed = sample.at - self.open.start
        if sample.signal not in _HEART or passed < timedelta(0):
            return self
        after = self
        if passed >= MINUTE:
            start = sample.at.replace(second=0, microsecond=0)
            closed = self._close(_slow(own, asleep=asleep))
            after = replace(closed, open=_Minute(start))
        return replace(after, open=_added(after.open, sample, gated=gated or not known))

    def at(self, now: datetime) -> tuple[Sign, ...]:
        """Return the signs that hold at *now*."""
        return tuple(
            Sign(name, one.grade, one.since, one.until, one.extreme, one.readings)
            for name, one in self.spells.items()
            if one.grade != "none" and now - one.until <= FRESH
        )

    def _oxygen(self, sample: SampleMeasured, *, gated: bool) -> "Acute":
        if gated or sample.at < self.oxygen_at:
            return self
        after = replace(self, oxygen_at=sample.at)
        return after._read("low_oxygen", LITTLE, sample.value, sample.at)

    def _close(self, slow: Bound | None) -> "Acute":
        rate, end = self.open.rate_bpm, self.open.start + MINUTE
        if rate is None or self.open.gated:
            return self
        after = replace(self, heart_at=end)._read("fast_heart", FAST, rate, end)
        return after if slow is None else after._read("slow_heart", slow, rate, end)

    def _read(self, name: Name, bound: Bound, value: float, at: datetime) -> "Acute":
        before = self.spells.get(name)
        if before is not None and at - before.until > APART_MAX:
            before = None
        after = _after(before, bound, value, at)
        if after is None and name not in self.spells:
            return self
        others = {key: one for key, one in self.spells.items() if key != name}
        return replace(self, spells=others if after is None else {**others, name: after})


def _after(before: Spell | None, bound: Bound, value: float, at: datetime) -> Spell | None:
    """Return the spell after one more reading; None where there is none."""
    if not bound.passes(value, bound.watch):
        if before is None or before.grade == "none" or before.normal + 1 >= NORMAL_MIN:
            return None
        return replace(before, normal=before.normal + 1)
    severe = bound.passes(value, bound.doctor)
    if before is None:
        return Spell(at, at, 1, value, at if severe else None, int(severe))
    furthest = max if bound.above else min
    after = replace(
        before,
        until=at,
        readings=before.readings + 1,
        extreme=furthest(before.extreme, value),
        severe_since=(before.severe_since or at) if severe else None,
        severe=before.severe + 1 if severe else 0,
        normal=0,
    )
    return replace(after, grade=_graded(after, bound))


def _graded(spell: Spell, bound: Bound) -> Grade:
    """Return the grade; once a doctor was named, it stays so until the spell is over."""
    severe_since = spell.severe_since
    lasting = severe_since is not None and spell.until - severe_since >= bound.lasting
    if spell.grade == "doctor" or (lasting and spell.severe >= bound.readings):
        return "doctor"
    held = spell.until - spell.since >= bound.lasting and spell.readings >= bound.readings
    return "watch" if held else "none"


def _slow(own: Histogram, *, asleep: bool) -> Bound | None:
    """Return the bound of a slow heart; None where what is slow for this person is not known."""
    known = own.count >= OWN_MIN
    if asleep and not known:
        return None
    watch = min(SLOW_BPM, own.quantile(0.1) - BELOW_OWN_BPM) if known else SLOW_BPM
    doctor = watch - (SLOW_BPM - VERY_SLOW_BPM)
    return Bound(watch, doctor, False, HEART_FOR, HEART_READINGS_MIN)


def _added(minute: _Minute, sample: SampleMeasured, *, gated: bool) -> _Minute:
    gated = gated or minute.gated
    if sample.signal == HEART_RATE.id:
        rate_sum = minute.rate_sum + sample.value
        return replace(minute, rate_sum=rate_sum, rates=minute.rates + 1, gated=gated)
    if not LOW_MS <= sample.value <= HIGH_MS:
        return minute
    beats_ms = minute.beats_ms + sample.value
    return replace(minute, beats_ms=beats_ms, beats=minute.beats + 1, gated=gated)


_HEART = frozenset((HEART_RATE.id, IBI.id))
