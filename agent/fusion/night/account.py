"""Sleep, waking and coarse stages of a whole night, from its heart rate alone.  Pure.

The models are trained on nights with polysomnography (data/sleep): one for waking, one for REM,
one for deep sleep (N3), each against all else; what is none of them is light.  Heart rate tells
stages coarsely: the confidence is what the models themselves expect to be right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

from agent.fusion.night import model
from agent.fusion.night.columns import NAMES, columns, restlessness
from agent.fusion.night.trace import EPOCH_S, Trace
from agent.fusion.night.trees import Trees, chance

EPOCHS_MIN = 120  # an hour: the models know no shorter rest
COVERED_MIN = 0.7
UNLIKE_MAX = 0.7  # log units: half or twice as restless as any night that the models know
SETTLED, SETTLED_OF = 8, 10
"""Sleep has begun where so many of so many half minutes are asleep: one alone is no onset."""
SURGE_BPM = 3.0  # a minute over the five around it
SURGE = NAMES.index("surge 2-10")
MINUTE_EPOCHS = 60 / EPOCH_S


class Stage(IntEnum):
    """What one half minute was."""

    AWAKE = 0
    LIGHT = 1
    DEEP = 2
    REM = 3


class Models(NamedTuple):
    """What was learned from nights."""

    wake: Trees
    rem: Trees
    deep: Trees
    wake_log_odds: float
    """From here on a half minute counts as awake."""


SHIPPED = Models(model.WAKE, model.REM, model.DEEP, model.WAKE_LOG_ODDS)


@dataclass(frozen=True, slots=True)
class Stages:
    """Minutes asleep by stage, and the share (0-1) of them that is expected to be right."""

    light_min: int
    deep_min: int
    rem_min: int
    confidence: float


class Account(NamedTuple):
    """A night as its heart rate tells it; places are half minutes from its beginning."""

    onset: int
    wake: int
    awake_min: int
    awakenings: int
    surging: float
    """The share (0-1) of the half minutes in which the heart rate is lifted, as by a turn."""
    stages: Stages


class Epochs(NamedTuple):
    """What the models say of each half minute."""

    wake_log_odds: list[float]
    stages: list[Stage]
    """As if asleep: never AWAKE."""
    sure: list[float]
    surging: list[bool]


def judged(rates_bpm: Sequence[float], models: Models = SHIPPED) -> Epochs:
    """Return what *models* say of a night whose rates begin when the wearer lay down."""
    seen = columns(rates_bpm)
    wake = models.wake.log_odds(seen)
    stages, sure = [], []
    for rem_odds, deep_odds in zip(
        models.rem.log_odds(seen), models.deep.log_odds(seen), strict=True
    ):
        rem, deep = chance(rem_odds), chance(deep_odds)
        light = max(0.0, 1 - rem - deep)
        likely = max((light, Stage.LIGHT), (deep, Stage.DEEP), (rem, Stage.REM))
        sure.append(likely[0] / (light + deep + rem))
        stages.append(likely[1])
    surging = [over >= SURGE_BPM for over in seen[SURGE]]
    return Epochs(wake, stages, sure, surging)


def account(
    trace: Trace, *, awake: Sequence[bool] | None = None, models: Models = SHIPPED
) -> Account | None:
    """Return the account of a rest, or None where the models know nothing like it.

    *awake* says of each half minute what motion told; without it the heart rate tells that too.
    None too if no sleep is found in it.
    """
    rates = trace.filled()
    if len(rates) < EPOCHS_MIN or trace.covered < COVERED_MIN or not _like_known(rates):
        return None
    epochs = judged(rates, models)
    if awake is None:
        awake = [odds >= models.wake_log_odds for odds in epochs.wake_log_odds]
    return summed(epochs, awake)


def summed(epochs: Epochs, awake: Sequence[bool]) -> Account | None:
    """Return the account of *epochs*; None where there is no sleep in them."""
    onset, wake = _first_settled(awake), _after_last_asleep(awake)
    if onset is None or wake <= onset:
        return None
    within = list(awake[onset:wake])
    asleep = [place for place in range(onset, wake) if not awake[place]]
    light, deep, rem = (
        _minutes(sum(epochs.stages[place] is stage for place in asleep))
        for stage in (Stage.LIGHT, Stage.DEEP, Stage.REM)
    )
    sure = sum(epochs.sure[place] for place in asleep) / len(asleep)
    return Account(
        onset,
        wake,
        awake_min=_minutes(sum(within)),
        awakenings=sum(b and not a for a, b in pairwise(within)),
        surging=round(sum(epochs.surging[onset:wake]) / len(within), 3),
        stages=Stages(light, deep, rem, confidence=round(sure, 2)),
    )


def _like_known(rates: Sequence[float]) -> bool:
    low, high = model.RESTLESSNESS
    return low - UNLIKE_MAX <= restlessness(rates) <= high + UNLIKE_MAX


def _first_settled(awake: Sequence[bool]) -> int | None:
    for place, waking in enumerate(awake):
        if not waking and sum(awake[place : place + SETTLED_OF]) <= SETTLED_OF - SETTLED:
            return place
    return None


def _after_last_asleep(awake: Sequence[bool]) -> int:
    return next((place for place in range(len(awake), 0, -1) if not awake[place - 1]), 0)


def _minutes(epochs: int) -> int:
    return round(epochs / MINUTE_EPOCHS)
