"""The body: what each activity does to the heart, the wrist and the skin.  Pure.

Heart rate approaches the level of an activity as a first-order process, quickly at the onset of
exercise and more slowly after it, in a fast and a slow part (Pierpont, Stolpman and Gornick 2000,
"Heart rate recovery post-exercise as an index of parasympathetic activity", J Auton Nerv Syst 80:
time constants of one to a few minutes).  Beats vary by respiratory sinus arrhythmia at the
breathing frequency and by slower waves near 0.1 Hz (Task Force of the ESC and NASPE 1996,
"Heart rate variability", Eur Heart J 17, section on spectral components; Hirsch and Bishop 1981,
Am J Physiol 241, for the arrhythmia's dependence on breathing), and both shrink under mental load
and exercise (Kim et al. 2018, Psychiatry Investig 15; Task Force 1996).  The acceleration of each
activity follows the ranges of wrist ENMO in Hildebrand et al. 2014 (Med Sci Sports Exerc 46).
The skin of the extremities warms at sleep onset (Kraeuchi et al. 1999, Nature 401).
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, pi, sin, sqrt
from random import Random
from typing import NamedTuple

from sensors.simulated.chance import drift, stream
from sensors.simulated.diary import Activity, Diary

LATENT_STEP_S = 5
RISE_S, FALL_S, SLOW_FALL_S = 35.0, 75.0, 600.0
SKIN_S = 600.0
SLEEP_CYCLE_S = 5400.0
SLOW_WAVE_HZ = 0.1


class Manner(NamedTuple):
    """What an activity is like for the body."""

    over_seated_bpm: float
    variability: float
    """Share of the seated RMSSD."""
    breaths_hz: float
    motion_mg: float
    fidgets: float
    """Probability of a burst of movement in one half minute."""
    cadence: float
    stepping: float
    """Share of the half minutes in which steps are taken."""
    skin_degc: float


MANNERS = {
    Activity.ASLEEP: Manner(-11, 1.35, 0.24, 1.2, 0.02, 0, 0, 34.2),
    Activity.ABED: Manner(-4, 1.15, 0.24, 5, 0.2, 0, 0, 33.6),
    Activity.LIGHT: Manner(10, 0.8, 0.27, 48, 0.3, 38, 0.25, 32.6),
    Activity.SEATED: Manner(0, 1.0, 0.25, 11, 0.12, 0, 0, 32.8),
    Activity.RIDING: Manner(2, 0.95, 0.25, 16, 0.15, 0, 0, 32.4),
    Activity.WALKING: Manner(28, 0.4, 0.33, 165, 0.1, 112, 1, 31.0),
    Activity.SHOPPING: Manner(14, 0.7, 0.28, 75, 0.4, 52, 0.6, 32.2),
    Activity.RUNNING: Manner(82, 0.16, 0.6, 680, 0.1, 164, 1, 30.6),
    Activity.CYCLING: Manner(46, 0.3, 0.45, 62, 0.2, 0, 0, 31.0),
    Activity.DRIVING: Manner(5, 0.9, 0.25, 14, 0.15, 0, 0, 32.4),
    Activity.SHOWER: Manner(16, 0.6, 0.28, 60, 0.3, 0, 0, 34.0),
}
MOVING = frozenset({Activity.WALKING, Activity.RUNNING})
FIDGET_MG = 40.0


@dataclass(frozen=True)
class Body:
    """One person's constants."""

    seated_bpm: float
    seated_rmssd_ms: float
    strain_bpm: float
    strain_keeps: float
    """Share of the beat-to-beat variability that full strain leaves."""

    def calm_bpm(self, diary: Diary, at_s: float) -> float:
        """Return the level that the activity at *at_s* pulls the heart rate to."""
        activity = diary.segment(at_s).activity
        level = self.seated_bpm + MANNERS[activity].over_seated_bpm
        if activity is Activity.ASLEEP:
            level += 2.0 * sin(2 * pi * at_s / SLEEP_CYCLE_S)
        return level

    def rmssd_ms(self, diary: Diary, at_s: float) -> float:
        """Return how much beats vary at *at_s*."""
        share = MANNERS[diary.segment(at_s).activity].variability
        return self.seated_rmssd_ms * share * (1 - (1 - self.strain_keeps) * diary.strain.at(at_s))


def body(seed: int) -> Body:
    """Return the body of the wearer of *seed*."""
    random = stream(seed, "body")
    return Body(
        seated_bpm=random.uniform(63, 72),
        seated_rmssd_ms=random.uniform(34, 56),
        strain_bpm=random.uniform(16.5, 19.5),
        strain_keeps=random.uniform(0.42, 0.55),
    )


class Pulse:
    """The heart rate of one day, as it truly is."""

    def __init__(self, own: Body, diary: Diary, random: Random) -> None:
        noise = drift(random, deviation=2.2, lasts_s=240, step_s=LATENT_STEP_S)
        self._rates = array("d", (a + b for a, b in zip(_rates(own, diary), noise, strict=False)))

    def at(self, at_s: float) -> float:
        """Return beats per minute at *at_s*, between two steps by a straight line."""
        place = at_s / LATENT_STEP_S
        low = min(int(place), len(self._rates) - 2)
        share = min(1.0, place - low)
        return self._rates[low] * (1 - share) + self._rates[low + 1] * share


def _rates(own: Body, diary: Diary) -> Iterator[float]:
    rate = own.calm_bpm(diary, 0)
    debt = 0.0  # what a run leaves behind, beats per minute
    for index in range(int(diary.length_s) // LATENT_STEP_S + 2):
        at_s = float(index * LATENT_STEP_S)
        aim = own.calm_bpm(diary, at_s)
        lasts_s = RISE_S if aim > rate else FALL_S
        rate = aim + (rate - aim) * exp(-LATENT_STEP_S / lasts_s)
        running = diary.segment(at_s).activity is Activity.RUNNING
        debt = min(12.0, debt + 0.1) if running else debt * exp(-LATENT_STEP_S / SLOW_FALL_S)
        yield rate + debt + own.strain_bpm * diary.strain.at(at_s)


class Breath(NamedTuple):
    """How the beats of one stretch vary."""

    hz: float
    swing_ms: float
    slow_ms: float
    jitter_ms: float


def breath(activity: Activity, rmssd_ms: float, interval_ms: float, random: Random) -> Breath:
    """Return the waves whose successive differences have an RMSSD of about *rmssd_ms*.

    A sine of amplitude A and frequency f gives an RMSSD of sqrt(2) A sin(pi f T) for beats T
    apart; the arrhythmia carries 85 % of the variance, independent jitter the rest.
    """
    hz = MANNERS[activity].breaths_hz * random.uniform(0.93, 1.07)
    turn = sin(min(pi / 2, pi * hz * interval_ms / 1000))
    swing_ms = sqrt(0.85) * rmssd_ms / (sqrt(2) * turn)
    return Breath(hz, swing_ms, 0.5 * swing_ms, sqrt(0.15 / 2) * rmssd_ms)


def motion_mg(activity: Activity, random: Random) -> float:
    """Return the mean ENMO of half a minute; draws the same count of numbers for each."""
    manner = MANNERS[activity]
    level = manner.motion_mg * exp(random.gauss(0, 0.2))
    burst = random.uniform(0.3, 1.5) * FIDGET_MG
    return level + (burst if random.random() < manner.fidgets else 0.0)


def cadence(activity: Activity, random: Random) -> float:
    """Return the steps per minute in half a minute; draws the same count of numbers for each."""
    manner = MANNERS[activity]
    steps = manner.cadence * (1 + random.gauss(0, 0.03 if activity in MOVING else 0.2))
    return max(0.0, steps) if random.random() < manner.stepping else 0.0


def skin_degc(diary: Diary, *, step_s: int) -> Iterator[float]:
    """Yield the temperature of the skin at the wrist, a value every *step_s*."""
    value = MANNERS[diary.segment(0).activity].skin_degc
    for at_s in range(0, int(diary.length_s), step_s):
        aim = MANNERS[diary.segment(at_s).activity].skin_degc
        value = aim + (value - aim) * exp(-step_s / SKIN_S)
        yield value
