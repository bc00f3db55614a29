"""The heart rate and the motion of one rest, half minute by half minute, and no more.  Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from agent.events import EPOCH

EPOCH_S = 30
HALF_MINUTE = timedelta(seconds=EPOCH_S)
EPOCHS_MAX = 16 * 120
"""Sixteen hours: who rests for longer keeps the end of it."""
GAP_EPOCHS_MAX = 240
"""After two hours without data, what was before them is another rest."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What is kept of a rest; None stands where nothing was measured."""

    since: datetime = EPOCH
    rates_bpm: tuple[float | None, ...] = ()
    motions_mg: tuple[float | None, ...] = ()
    """The largest motion of the minute, in both of its halves."""

    def add(
        self,
        minute: datetime,
        rates_bpm: tuple[float | None, float | None],
        motion_mg: float | None,
    ) -> "Trace":
        """Return the trace with one more *minute*, which is later than those before."""
        moved = None if motion_mg is None else round(motion_mg, 1)
        missing = (minute - self.until) // HALF_MINUTE
        if not self.rates_bpm or missing > GAP_EPOCHS_MAX:
            return Trace(minute, _rounded(rates_bpm), (moved, moved))
        nothing = (None,) * max(0, missing)
        grown = Trace(
            self.since,
            self.rates_bpm + nothing + _rounded(rates_bpm),
            (*self.motions_mg, *nothing, moved, moved),
        )
        return grown.last(EPOCHS_MAX)

    @property
    def until(self) -> datetime:
        """Return when the trace ends."""
        return self.since + len(self.rates_bpm) * HALF_MINUTE

    def last(self, epochs: int) -> "Trace":
        """Return the last *epochs* of it."""
        over = len(self.rates_bpm) - epochs
        if over <= 0:
            return self
        since = self.since + over * HALF_MINUTE
        return Trace(since, self.rates_bpm[over:], self.motions_mg[over:])

    def between(self, since: datetime, until: datetime) -> "Trace":
        """Return the part of it that lies in [since, until)."""
        first = max(0, (since - self.since) // HALF_MINUTE)
        end = max(first, (until - self.since) // HALF_MINUTE)
        start = self.since + first * HALF_MINUTE
        return replace(
            self,
            since=start,
            rates_bpm=self.rates_bpm[first:end],
            motions_mg=self.motions_mg[first:end],
        )

    def filled(self) -> list[float]:
        """Return the rates with straight lines through what is missing; [] of none at all."""
        known = [(at, rate) for at, rate in enumerate(self.rates_bpm) if rate is not None]
        if not known:
            return []
        return interpolated(known, len(self.rates_bpm))

    @property
    def moved_share(self) -> float:
        """Return the share (0-1) of it in which motion was measured."""
        return sum(mg is not None for mg in self.motions_mg) / max(len(self.motions_mg), 1)

    @property
    def covered(self) -> float:
        """Return the share (0-1) of the minutes in which a rate was measured."""
        pairs = list(zip(self.rates_bpm[::2], self.rates_bpm[1::2], strict=False))
        return sum(a is not None or b is not None for a, b in pairs) / max(len(pairs), 1)


def interpolated(known: list[tuple[int, float]], length: int) -> list[float]:
    """Return *length* values through the *known* (place, value), level beyond both ends."""
    values = [known[0][1]] * length
    for (at, value), (then, following) in pairwise(known):
        for place in range(at, then):
            values[place] = value + (following - value) * (place - at) / (then - at)
    last_at, last = known[-1]
    values[last_at:] = [last] * (length - last_at)
    return values


def _rounded(rates_bpm: tuple[float | None, float | None]) -> tuple[float | None, float | None]:
    first, second = rates_bpm
    return (
        None if first is None else round(first, 1),
        None if second is None else round(second, 1),
    )
