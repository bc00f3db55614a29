"""What FIT devices write as running totals, made into values of their own times.  Pure."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sensors.fit.profile import STEPPED
from sensors.fit.protocol import TIMESTAMP, Values

DAY_S = 86_400
DRIFT_S_MAX = 5.0
TICKS_A_SECOND = 1024
_WRAP = 1 << 12


class Beats:
    """Date intervals that come without a time, by adding them up.

    The sum begins at the last time that another message said.  It begins anew where it has gone
    more than DRIFT_S_MAX from that: intervals are missing, or one was none.
    """

    def __init__(self) -> None:
        self._at_s = 0.0

    def dated(self, intervals_s: Sequence[float], last_s: float) -> Iterator[tuple[float, float]]:
        """Yield the end of each interval, in seconds of FIT, and the interval."""
        for interval_s in intervals_s:
            at_s = self._at_s + interval_s
            behind = last_s - at_s
            if behind > DRIFT_S_MAX or (behind < -DRIFT_S_MAX and last_s > self._at_s):
                at_s = last_s
            self._at_s = at_s
            yield at_s, interval_s


class Rate(NamedTuple):
    """What a chest strap recorded by itself, at the time of a beat."""

    at_s: float
    interval_s: float
    """The time since the beat before."""
    bpm: float | None


class Strap:
    """Messages of kind `hr`: a clock of the strap's own, and beats as the low bits of it."""

    def __init__(self) -> None:
        self._begun_s = 0.0
        self._ticks: int | None = None

    def rates(self, values: Values) -> Iterator[Rate]:
        """Yield each beat; the last of a message has its rate."""
        if TIMESTAMP in values and 9 in values:
            self._ticks = int(values[9][0])
            fraction_s = values.get(0, (0.0,))[0] / 32768
            self._begun_s = values[TIMESTAMP][0] + fraction_s - self._ticks / TICKS_A_SECOND
        elif self._ticks is not None:
            rates = values.get(6, ())
            for beats, low in enumerate(_unpacked(values.get(10, ())), start=1):
                since = (low - self._ticks) % _WRAP
                self._ticks += since
                bpm = rates[-1] if rates and beats == len(rates) else None
                at_s = self._begun_s + self._ticks / TICKS_A_SECOND
                yield Rate(at_s, since / TICKS_A_SECOND, bpm)


def _unpacked(cells: Sequence[float]) -> Iterator[int]:
    """Yield the twelve-bit numbers that are packed in *cells*, lowest bits first."""
    whole = [int(cell) for cell in cells]
    for low, middle, high in zip(whole[::3], whole[1::3], whole[2::3], strict=False):
        yield low | (middle & 0x0F) << 8
        yield middle >> 4 | high << 4


class Monitored:
    """Messages of kind `monitoring`: the low bits of a time, and steps since midnight."""

    def __init__(self) -> None:
        self._last_s = 0
        self._from_midnight = False
        self._steps: dict[int, int] = {}

    def begin(self, at_s: float, local_s: float | None) -> None:
        """Note what a file's first message says: where it begins at local midnight, so do steps."""
        self._last_s = int(at_s)
        self._from_midnight = local_s is not None and local_s % DAY_S == 0
        self._steps = {}

    def at_s(self, values: Values) -> float | None:
        """Return the time of a message, in seconds of FIT."""
        if TIMESTAMP in values:
            self._last_s = int(values[TIMESTAMP][0])
        elif 26 in values and self._last_s:
            self._last_s += (int(values[26][0]) - self._last_s) & 0xFFFF
        else:
            return None
        return self._last_s

    def steps(self, values: Values) -> int | None:
        """Return the steps since the message before that counted the same way of going.

        The profile halves cycles, for most are strides; on foot what is written is steps.
        """
        kind = int(values.get(5, values.get(24, (0,)))[0]) & 0x1F
        total = values.get(3, values.get(9))
        if kind not in STEPPED or total is None:
            return None
        now = int(total[0])
        before = self._steps.get(kind, 0 if self._from_midnight else None)
        self._steps[kind] = now
        if before is None:
            return None
        return now - before if now >= before else now  # a new day begins at zero
