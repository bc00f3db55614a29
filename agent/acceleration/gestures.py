"""A tap, two taps, or a shake of the hand in raw acceleration.  Pure.

A gesture is one short burst between two moments of rest.  Taps are told by a threshold, a time
limit, a latency and a window, as accelerometer chips count clicks (STMicroelectronics, application
note AN3308); a shake goes to and fro, evenly, where a clap is a blow.  Who walks, runs, claps or
types makes none: they do not rest before and after, or it is no such burst.

Limits: a tap is over after some 20 to 60 ms, so that below TAP_RATE_HZ_MIN only shakes are told.
The thresholds are chosen by hand and tested on made-up movement, not on recordings of people.
"""

from collections import deque
from math import sqrt

from agent.events import Gesture

TAP_RATE_HZ_MIN = 50.0
REST_G = 0.25  # a hand that rests, or hangs
BEGIN_G = 0.6
REST_BEFORE_S = 0.4
REST_AFTER_S = 0.4
RISE_S = 0.1  # from rest to a burst; who takes longer was moving already
BURST_S_MAX = 2.0
TAP_G = 0.5
TAP_S_MAX = 0.12  # a longer push is a movement
LATENCY_S = 0.06  # what rings on within it belongs to the tap
WINDOW_S = (0.1, 0.5)  # from one tap to the second
SHAKE_G = 1.0
SHAKE_TURNS_MIN = 5
SHAKE_S = (0.4, 2.0)
EVEN_MIN = 0.35  # of the time of a shake the hand is beyond half of its peak; of a clap, hardly
SLOW_S = 0.6  # gravity, as the hand turns
WALKED_S = 4.0

Vector = tuple[float, float, float]


class Gestures:
    """Folds one device's samples; holds no more than a burst."""

    def __init__(self, rate_hz: float) -> None:
        self._rate_hz = rate_hz
        self._slow: Vector | None = None
        self._share = min(1.0, 1 / (SLOW_S * rate_hz))
        self._rested = self._rising = self._after = 0
        """Samples of rest before the burst, of its first rise, and of rest since it."""
        self._burst = deque[Vector](maxlen=round((BURST_S_MAX + REST_AFTER_S) * rate_hz) + 2)
        self._bursting = self._spoilt = False
        self._walked = round(WALKED_S * rate_hz)

    def add(self, sample: Vector, *, steps: int) -> Gesture | None:
        """Return the gesture that is over with *sample*; *steps*: those that it ends."""
        self._walked = 0 if steps else self._walked + 1
        off = self._off(sample)
        size = sqrt(off[0] * off[0] + off[1] * off[1] + off[2] * off[2])
        if not self._bursting:
            self._wait(off, size)
            return None
        self._burst.append(off)
        self._after = self._after + 1 if size < REST_G else 0
        if self._after >= REST_AFTER_S * self._rate_hz:
            return self._over()
        self._spoilt = self._spoilt or len(self._burst) == self._burst.maxlen
        return None

    def _wait(self, off: Vector, size: float) -> None:
        if size < REST_G:
            self._rested, self._rising = self._rested + 1, 0
            return
        self._rising += 1
        if self._rising > RISE_S * self._rate_hz:
            self._rested = 0
        if size < BEGIN_G:
            return
        self._bursting, self._after, self._rising = True, 0, 0
        short = self._rested < REST_BEFORE_S * self._rate_hz
        self._spoilt = short or self._walked < WALKED_S * self._rate_hz
        self._burst.clear()
        self._burst.append(off)

    def _over(self) -> Gesture | None:
        burst = [*self._burst][: -self._after]
        self._rested, self._bursting = self._after, False
        return None if self._spoilt else self._told(burst)

    def _told(self, burst: list[Vector]) -> Gesture | None:
        if _is_shake(burst, self._rate_hz):
            return "shake"
        if self._rate_hz < TAP_RATE_HZ_MIN:
            return None
        taps = _taps(burst, self._rate_hz)
        if any((last - first + 1) / self._rate_hz > TAP_S_MAX for first, last in taps):
            return None
        if len(taps) == 1 and len(burst) <= (TAP_S_MAX + LATENCY_S) * self._rate_hz:
            return "tap"
        if len(taps) != 2:
            return None
        apart_s = (taps[1][0] - taps[0][0]) / self._rate_hz
        return "double_tap" if WINDOW_S[0] <= apart_s <= WINDOW_S[1] else None

    def _off(self, sample: Vector) -> Vector:
        """Return how far *sample* is from what it has been of late: gravity is left out."""
        if self._slow is None:
            self._slow = sample
        x, y, z = (one - slow for one, slow in zip(sample, self._slow, strict=True))
        # A burst is measured from the rest before it, and does not drag gravity along.
        share = 0.0 if self._bursting else self._share
        a, b, c = self._slow
        self._slow = (a + share * x, b + share * y, c + share * z)
        return x, y, z


def _taps(burst: list[Vector], rate_hz: float) -> list[tuple[int, int]]:
    """Return where each tap begins and ends; one that rings on is one."""
    latency = max(1, round(LATENCY_S * rate_hz))
    taps: list[tuple[int, int]] = []
    for place, (x, y, z) in enumerate(burst):
        if x * x + y * y + z * z < TAP_G * TAP_G:
            continue
        if taps and place - taps[-1][1] <= latency:
            taps[-1] = (taps[-1][0], place)
        else:
            taps.append((place, place))
    return taps


def _is_shake(burst: list[Vector], rate_hz: float) -> bool:
    """Return whether the hand went to and fro along one line, evenly and often enough."""
    if not SHAKE_S[0] <= len(burst) / rate_hz <= SHAKE_S[1]:
        return False
    axis = max(range(3), key=lambda one: sum(off[one] * off[one] for off in burst))
    along = [off[axis] for off in burst]
    turns, side = 0, 0
    for value in along:
        if abs(value) >= SHAKE_G and (value > 0) != (side > 0):
            turns, side = turns + (side != 0), 1 if value > 0 else -1
    peak = max(abs(value) for value in along)
    beyond = sum(abs(value) >= peak / 2 for value in along) / len(along)
    return turns >= SHAKE_TURNS_MIN and beyond >= EVEN_MIN
