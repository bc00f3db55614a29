"""Stress, minute by minute, against the person's own usual.  Pure.

Heart rate, RMSSD, skin conductance and skin temperature where they are measured; so do a staircase
and a run what stress does, wherefore a minute with motion, or soon after it, says nothing.  A
minute is judged when it ends, and again with what followed within two minutes; the score is the
mean of the last ten.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from agent.events import EPOCH, SampleMeasured
from agent.fusion.stress.minute import MINUTE, Look, Minute
from agent.fusion.stress.model import HEART_ALONE, WITH_ELECTRODERMAL
from agent.fusion.stress.strain import MEMORY_MIN, Columns, Weights, columns_of, conducts
from agent.fusion.stress.usual import BASELINE_MIN, Usual, Yardstick
from agent.signals import ELECTRODERMAL, HEART_RATE, IBI, SKIN_TEMPERATURE

__all__ = [
    "BASELINE_MIN",
    "CALM",
    "CONDUCTS",
    "HEARD",
    "RAISED",
    "UNMOVED",
    "Look",
    "Minute",
    "Stress",
    "Usual",
    "judged",
]

RECENT_MIN = 10
HOLDS = timedelta(minutes=12)
"""So long a score stands: a band that measures every ten minutes ends a minute with the next."""
RAISED = 70.0
CALM = 60.0  # between the two a raised episode goes on: no flicker at the threshold
HEART = frozenset({HEART_RATE.id, IBI.id})
SKIN = frozenset({ELECTRODERMAL.id, SKIN_TEMPERATURE.id})
HEARD = (0.5, 0.8)  # confidence in a heart rate that a device averaged, and in that of beats
CONDUCTS = 0.1  # more, where the skin's conductance is measured too
UNMOVED = 0.6  # of it, where motion is unknown


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
    looks: tuple[Look, ...] = ()
    """The minutes at rest that the score looks back on, in order of time."""
    beats_at: datetime = EPOCH
    """The end of the newest minute with beats enough; bands send some minutes of them."""

    def fold(self, sample: SampleMeasured, *, gated: bool, known: bool) -> "Stress":
        """Return the estimate after *sample*.

        *gated*: the wearer moves, has just moved, or sleeps; *known*: motion is measured at all,
        without which the estimate stands but with less confidence.  The heart opens a minute; what
        the skin says belongs to the one that is open.
        """
        passed = sample.at - self.open.start
        if passed < timedelta(0):
            return self
        if sample.signal in SKIN:
            late = passed >= 2 * MINUTE
            return self if late else replace(self, open=self.open.add(sample))
        if sample.signal not in HEART:
            return self
        after = self
        if passed >= MINUTE:
            start = sample.at.replace(second=0, microsecond=0)
            after = replace(self._close(known=known), open=Minute(start=start))
        opened = after.open.add(sample)
        if gated and not opened.gated:
            opened = replace(opened, gated=True)
        return replace(after, open=opened)

    def at(self, now: datetime) -> float | None:
        """Return the score at *now*, or None once it is too old to speak of."""
        return self.score if now - self.measured_at <= HOLDS else None

    def _close(self, *, known: bool) -> "Stress":
        look, end = self.open.look, self.open.start + MINUTE
        if self.open.gated or look is None:
            return self
        looks = (*(o for o in self.looks if look.minute - o.minute <= MEMORY_MIN), look)
        yardstick = self.usual.yardstick()
        after = replace(self, looks=looks, usual=self.usual.add(look, self.looks))
        score = _score(looks, yardstick)
        if score is None:
            return after
        beats_at = end if self.open.has_beats else self.beats_at
        since = self._raised(score, end)
        sure = after._sure(
            beats=end - beats_at < RECENT_MIN * MINUTE,
            conducting=conducts(looks, look.minute, yardstick),
        )
        return replace(
            after,
            score=score,
            confidence=round(sure * (1.0 if known else UNMOVED), 2),
            measured_at=end,
            raised_since=since,
            raised_min=0 if since is None else self.raised_min + 1,
            beats_at=beats_at,
        )

    def _sure(self, *, beats: bool, conducting: bool) -> float:
        """Return 0-1: less where rates are averages, the skin is silent, or the usual is young."""
        heard = HEARD[beats] + (CONDUCTS if conducting else 0.0)
        return heard * min(1.0, self.usual.rate.count / 120)

    def _raised(self, score: float, end: datetime) -> datetime | None:
        unbroken = end - self.measured_at <= HOLDS
        if score >= RAISED or (score >= CALM and self.raised_since is not None):
            return self.raised_since if self.raised_since and unbroken else end
        return None


def judged(
    looks: tuple[Look, ...], at: int, yardstick: Yardstick
) -> tuple[Columns, Weights] | None:
    """Return the columns of the minute *at*, and the weights for what is measured of it."""
    columns = columns_of(looks, at, yardstick)
    if columns is None:
        return None
    return columns, WITH_ELECTRODERMAL if conducts(looks, at, yardstick) else HEART_ALONE


def _score(looks: tuple[Look, ...], yardstick: Yardstick) -> float | None:
    newest = looks[-1].minute
    recent = [one.minute for one in looks if newest - one.minute < RECENT_MIN]
    found = [judged(looks, minute, yardstick) for minute in recent]
    scores = [weights.score(columns) for columns, weights in filter(None, found)]
    return sum(scores) / len(scores) if scores else None
