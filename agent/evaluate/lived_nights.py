"""Labelled nights as the daemon would live them: sample after sample, the days before included."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import median

from agent.evaluate.nights import LabelledNight
from agent.evaluate.statistics import kappa
from agent.figures import Figure, shown
from agent.fusion.night import HALF_MINUTE
from agent.fusion.night.account import SHIPPED, Models, Stage, account
from agent.fusion.sleep import MINUTE, Night, Sleep, by_rate
from agent.sensor import measured

BEGINNING = datetime(2020, 1, 10, tzinfo=UTC)  # any will do: the recordings have no date
SILENCE = timedelta(hours=3)  # what ends a night whose recording ends in sleep


def lived(nights: Sequence[LabelledNight], models: Sequence[Models]) -> list[Figure]:
    """Return what was told live, and what of the nights that were found, in the morning.

    What a night that was trained on says in the morning is told by its own of *models*.
    """
    awake: list[bool] = []
    told: list[bool] = []
    found: list[tuple[LabelledNight, Night]] = []
    for night, own in zip(nights, models, strict=True):
        flags, sleep = _live(night)
        awake += night.awake()
        told += [flags[place] for place in night.scored]
        ones = [one for one in sleep.nights if one.wake > BEGINNING][-1:]
        found += [(night, one if own is SHIPPED else _told_by(own, one, sleep)) for one in ones]
    figures = [
        shown("kappa causal", kappa(awake, told), unit="1", n=len(awake)),
        shown("nights found", len(found) / len(nights), unit="fraction", n=len(nights)),
    ]
    if not found:
        return figures
    onset = median(abs(one.onset - _onset(night)) / MINUTE for night, one in found)
    asleep = median(abs(one.asleep / MINUTE - _asleep_min(night)) for night, one in found)
    return [
        *figures,
        shown("onset error, median", onset, unit="min", n=len(found)),
        shown("time asleep error, median", asleep, unit="min", n=len(found)),
    ]


def _live(night: LabelledNight) -> tuple[list[bool], Sleep]:
    """Return whether the wearer was held awake at the end of each half minute; and the end."""
    sleep, awake = Sleep(), list[bool]()
    end = BEGINNING + len(night.labels) * HALF_MINUTE
    for at_s, rate in night.samples:
        at = BEGINNING + timedelta(seconds=at_s)
        if at >= end:
            break
        while BEGINNING + (len(awake) + 1) * HALF_MINUTE <= at:
            awake.append(sleep.asleep_since is None)
        sample = measured("heart_rate", rate, at=at, source="watch")
        sleep = sleep.fold(sample) if sample.quality == "good" else sleep
    awake += [sleep.asleep_since is None] * (len(night.labels) - len(awake))
    last = measured("heart_rate", 60, at=end + SILENCE, source="watch")
    return awake, sleep.fold(last)


def _told_by(models: Models, one: Night, sleep: Sleep) -> Night:
    """Return *one*, the last night of *sleep*, as *models* tell it in place of the shipped ones."""
    rest = sleep.trace.between(one.lain_since or one.onset, one.risen or one.wake)
    told = account(rest, models=models)
    return one if told is None else by_rate(one, told, rest.since)


def _onset(night: LabelledNight) -> datetime:
    asleep = (Stage.LIGHT, Stage.DEEP, Stage.REM)
    place = next((place for place, label in enumerate(night.labels) if label in asleep), 0)
    return BEGINNING + place * HALF_MINUTE


def _asleep_min(night: LabelledNight) -> float:
    return (len(night.awake()) - sum(night.awake())) * HALF_MINUTE / MINUTE
