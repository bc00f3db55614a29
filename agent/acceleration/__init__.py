"""Raw acceleration to what may be kept: movement, counts, steps, posture, shocks, gestures.  Pure.

Samples come in g at a known rate, 10 to 256 Hz; no raw one is held longer than five seconds.
There is no autocalibration (van Hees et al. 2014): it needs days of raw data.  An uncalibrated
sensor's offset, some tens of mg, is therefore part of the ENMO.
"""

from collections import deque
from collections.abc import Sequence
from math import atan2, degrees, floor, hypot, pi, sqrt, tan
from statistics import median
from typing import NamedTuple

from agent.acceleration.gestures import Gestures
from agent.events import Gesture

RATE_HZ_MIN, RATE_HZ_MAX = 10, 256
PEAK_MG_MIN = 2000.0  # beyond what walking gives: a blow, a fall, a clap
ANGLE_EVERY_S = 5
COUNTS_EVERY_S = 30
BEYOND_G_MAX = 64.0  # no sensor measures more

PASS_HZ = (0.29, 1.63)
COUNT_G = 0.01664
DEAD_COUNTS, FULL_COUNTS = 4.0, 128.0
PASSED_AT_HZ = 0.75
A_SECOND = 10  # the counter adds ten values a second

SMOOTH_S = 0.16
EXTREMES_S = 2  # a step of an old person's walk takes a second
SWING_G_MIN = 0.1
STEP_S_MIN, STEP_S_MAX = 0.2, 2.0
STEADY_STEPS = 4


class Second(NamedTuple):
    """What one second of samples says."""

    motion_mg: float
    """ENMO, averaged."""
    steps: int
    """Steps that were recognised in it; the first four of a walk come together."""
    peak_mg: float | None = None
    """The largest acceleration, gravity included, where it was a shock."""
    arm_angle_deg: float | None = None
    """The angle of the z axis to the horizontal, each fifth second."""
    counts: float | None = None
    """The activity counts of the last 30 s, each thirtieth second."""
    gesture: Gesture | None = None
    """The last gesture that ended in it."""


class Acceleration:
    """Folds one device's samples, a second at a time.

    ENMO: van Hees et al. 2013, PLoS ONE 8(4), "Euclidean norm minus one", negative values set to
    zero sample by sample and averaged over a second (Hildebrand et al. 2014, Med Sci Sports Exerc
    46(9)).  Angle: van Hees et al. 2015, PLoS ONE 10(11), of the median of each axis over 5 s;
    here of five seconds at a time, where they let the median roll.
    """

    def __init__(self, rate_hz: float) -> None:
        if not RATE_HZ_MIN <= rate_hz <= RATE_HZ_MAX:
            raise ValueError(f"{rate_hz:g} Hz is not between {RATE_HZ_MIN} and {RATE_HZ_MAX} Hz")
        self._in_second = max(1, round(rate_hz))
        self._held: tuple[list[float], list[float], list[float]] = ([], [], [])
        self._axes = tuple(AxisCounter(rate_hz) for _ in range(3))
        self._pedometer = Pedometer(rate_hz)
        self._gestures = Gestures(rate_hz)
        self._gesture: Gesture | None = None
        self._beyond = self._peak = 0.0
        self._taken = self._steps = self._seconds = 0

    def add(self, x_g: float, y_g: float, z_g: float) -> Second | None:
        """Return what the second says that this sample ends; None within one.

        What is no finite number, or beyond every sensor, counts as the nearest that one measures.
        """
        size = 0.0
        sample = (_limited(x_g), _limited(y_g), _limited(z_g))
        for axis, counter, value in zip(self._held, self._axes, sample, strict=True):
            axis.append(value)
            counter.add(value)
            size += value * value
        size = sqrt(size)
        self._beyond += max(0.0, size - 1.0)
        self._peak = max(self._peak, size)
        steps = self._pedometer.add(size)
        self._steps += steps
        self._gesture = self._gestures.add(sample, steps=steps) or self._gesture
        self._taken += 1
        return self._told() if self._taken >= self._in_second else None

    def _told(self) -> Second:
        self._seconds += 1
        peak_mg = self._peak * 1000
        second = Second(
            motion_mg=self._beyond * 1000 / self._taken,
            steps=self._steps,
            peak_mg=peak_mg if peak_mg >= PEAK_MG_MIN else None,
            arm_angle_deg=self._angle() if self._seconds % ANGLE_EVERY_S == 0 else None,
            counts=self._counts() if self._seconds % COUNTS_EVERY_S == 0 else None,
            gesture=self._gesture,
        )
        self._gesture = None
        self._beyond = self._peak = 0.0
        self._taken = self._steps = 0
        return second

    def _angle(self) -> float:
        x, y, z = (median(axis) for axis in self._held)
        for axis in self._held:
            axis.clear()
        return degrees(atan2(z, hypot(x, y)))

    def _counts(self) -> float:
        """Return the vector magnitude of the three axes' counts."""
        return hypot(*(counter.take() for counter in self._axes))


class AxisCounter:
    """Activity counts of one axis, as ActiGraph devices count them.

    Band-pass, rectifying, dead band and saturation of Brønd, Andersen and Arvidsson 2017 (Med Sci
    Sports Exerc 49(11)): 0.29 to 1.63 Hz, 0.068 g, 2.13 g, at 16.64 mg a count; Neishabouri et
    al. 2022 (Sci Rep 12:11958) confirm the chain.  Here the band-pass is a Butterworth of second
    order on each side, made for the rate at hand, and tenths of a second are not cut to whole
    numbers: like theirs, and not theirs to the digit.
    """

    def __init__(self, rate_hz: float) -> None:
        low, high = PASS_HZ
        self._high_pass = _Section(_butterworth(low, rate_hz, rising=True))
        self._low_pass = _Section(_butterworth(high, rate_hz, rising=False))
        self._gain = 1 / (COUNT_G * _passed(PASSED_AT_HZ))
        self._sum, self._rate_hz = 0.0, rate_hz
        self._first = True

    def add(self, value_g: float) -> None:
        """Take one more sample."""
        if self._first:
            self._high_pass.settle(value_g)
            self._first = False
        size = abs(self._low_pass.pass_(self._high_pass.pass_(value_g))) * self._gain
        if size >= DEAD_COUNTS:
            self._sum += floor(min(size, FULL_COUNTS))

    def take(self) -> float:
        """Return the counts since the last call."""
        counts, self._sum = self._sum * A_SECOND / self._rate_hz, 0.0
        return counts


class Pedometer:
    """Steps in the magnitude of acceleration, whatever the posture.

    Zhao 2010 (Analog Dialogue 44-06, "Full-featured pedometer design"): a step is where the
    smoothed signal falls through the middle between its recent extremes, if those are
    far enough apart and the step before is 0.2 to 2 s ago; four such in a row begin a walk, and
    count.  That paper takes the axis that changes most and the extremes of one second; this takes
    the magnitude, and two.
    """

    def __init__(self, rate_hz: float) -> None:
        self._window = deque[float](maxlen=max(1, round(SMOOTH_S * rate_hz)))
        self._recent = deque[float](maxlen=round(EXTREMES_S * rate_hz))
        self._middle: float | None = None
        self._before = 1.0
        self._total = 0.0
        self._since = 0
        """Samples since the step before."""
        self._regular = 0
        self._a_second = rate_hz
        self._every, self._ticks = round(rate_hz), 0

    def add(self, size_g: float) -> int:
        """Return how many steps this sample ends: none, one, or the first four of a walk."""
        self._ticks += 1
        self._since += 1
        if len(self._window) == self._window.maxlen:
            self._total -= self._window[0]
        self._window.append(size_g)
        self._total += size_g
        now = self._total / len(self._window)
        self._recent.append(now)
        if self._ticks % self._every == 0:
            low, high = min(self._recent), max(self._recent)
            self._middle = (low + high) / 2 if high - low >= SWING_G_MIN else None
            self._total = sum(self._window)  # what rounding has left is dropped
        fell = self._middle is not None and self._before >= self._middle > now
        self._before = now
        return self._step() if fell else 0

    def _step(self) -> int:
        after_s = self._since / self._a_second
        if after_s < STEP_S_MIN:
            return 0
        self._since = 0
        self._regular = self._regular + 1 if after_s <= STEP_S_MAX else 1
        if self._regular < STEADY_STEPS:
            return 0
        return STEADY_STEPS if self._regular == STEADY_STEPS else 1


class _Section:
    """A recursive filter of second order, in the transposed direct form II."""

    __slots__ = ("_a1", "_a2", "_b0", "_b1", "_b2", "_one", "_two")

    def __init__(self, parts: Sequence[float]) -> None:
        self._b0, self._b1, self._b2, self._a1, self._a2 = parts
        self._one = self._two = 0.0

    def settle(self, value: float) -> None:
        """Be as after an eternity of *value*, if this lets nothing constant through."""
        self._two = self._b2 * value
        self._one = self._b1 * value + self._two

    def pass_(self, value: float) -> float:
        """Return the next filtered value."""
        out = self._b0 * value + self._one
        self._one = self._b1 * value - self._a1 * out + self._two
        self._two = self._b2 * value - self._a2 * out
        return out


def _butterworth(corner_hz: float, rate_hz: float, *, rising: bool) -> tuple[float, ...]:
    """Return b0, b1, b2, a1, a2 of a Butterworth filter of second order, by the bilinear
    transform (Oppenheim and Schafer, Discrete-Time Signal Processing, section 7.1)."""
    warped = tan(pi * corner_hz / rate_hz)
    scale = 1 + sqrt(2) * warped + warped * warped
    gain = 1 / scale if rising else warped * warped / scale
    middle = -2 * gain if rising else 2 * gain
    a1 = 2 * (warped * warped - 1) / scale
    a2 = (1 - sqrt(2) * warped + warped * warped) / scale
    return gain, middle, gain, a1, a2


def _passed(frequency_hz: float) -> float:
    """Return which share of *frequency_hz* the band-pass lets through."""
    low, high = PASS_HZ
    return 1 / sqrt((1 + (low / frequency_hz) ** 4) * (1 + (frequency_hz / high) ** 4))


def _limited(value_g: float) -> float:
    return min(BEYOND_G_MAX, max(-BEYOND_G_MAX, value_g)) if value_g == value_g else 0.0  # noqa: PLR0124  # NaN
