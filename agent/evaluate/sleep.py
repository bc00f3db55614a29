"""`carpal evaluate sleep`: sleep and waking by the heart rate alone, against polysomnography.

Every half minute that was scored counts, of all nights together.  A night that the shipped models
were trained on is judged by models trained, here, on the others of those; another night by the
shipped ones.  The threshold of waking is the one that suits the nights trained on.
"""

from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from agent.errors import DecodeError
from agent.evaluate.lived_nights import lived
from agent.evaluate.nights import LabelledNight, read_nights, trained, without
from agent.evaluate.statistics import best_threshold, bootstrap, kappa, specificity_at
from agent.figures import Figure, Table, against, area_under_curve, at_least, shown, table
from agent.fusion.night.account import SHIPPED, Models, Stage, judged
from agent.fusion.night.columns import NAMES
from agent.fusion.night.model import NIGHTS

KAPPA_AIM = 0.40  # the best that was measured before on heart rate and time since lying down
SPECIFICITY_AIM = 0.55  # before .53; with motion, published, .60 (Walch et al. 2019)
SENSITIVITY = 0.90
TRAINED_MIN = 4  # nights: with fewer others, a night of the training is not tested at all
COARSE = {Stage.AWAKE: 0, Stage.LIGHT: 1, Stage.DEEP: 1, Stage.REM: 2}
PLAIN = NAMES.index("level 10")


class Told(NamedTuple):
    """What was told of one night's scored half minutes, and their truth."""

    name: str
    awake: list[bool]
    stages: list[Stage]
    wake_scores: list[float]
    told_awake: list[bool]
    told_stages: list[Stage]
    sure: list[float]
    plain_scores: list[float]
    """Smoothed heart rate over the night's median."""
    plain_awake: list[bool]


def evaluate(data: Path) -> Table:
    """Return the figures over *data*/sleep; raise DecodeError where it is not as it should be."""
    folder = data / "sleep"
    nights = read_nights(folder)
    known = [night for night in nights if night.fingerprint in NIGHTS]
    tested = [night for night in nights if night not in known or len(known) > TRAINED_MIN]
    if len({label for night in tested for label in night.awake()}) < 2:
        why = f"nights that were trained on need {TRAINED_MIN} others of them here to be tested by"
        raise DecodeError(str(folder), f"{why}: give the whole folder")
    models = [_models(night, known) for night in tested]
    told = [_told(night, own, nights) for night, own in zip(tested, models, strict=True)]
    count = sum(len(night.awake) for night in told)
    figures = [*_overall(told), *lived(tested, models), *_by_night(told)]
    return table("sleep", str(folder), count, figures)


def _models(night: LabelledNight, known: Sequence[LabelledNight]) -> Models:
    return trained(without(known, night)) if night in known else SHIPPED


def _told(night: LabelledNight, models: Models, nights: Sequence[LabelledNight]) -> Told:
    epochs = judged(night.rates_bpm, models)
    scores = night.of_scored(epochs.wake_log_odds)
    waking = [score >= models.wake_log_odds for score in scores]
    asleep_as = [epochs.stages[place] for place in night.scored]
    plain = night.of_scored(night.columns[PLAIN])
    threshold = _plain_threshold(without(nights, night) or [night])
    return Told(
        name=night.name,
        awake=night.awake(),
        stages=[stage for stage in night.labels if stage is not None],
        wake_scores=scores,
        told_awake=waking,
        told_stages=[
            Stage.AWAKE if up else stage for up, stage in zip(waking, asleep_as, strict=True)
        ],
        sure=night.of_scored(epochs.sure),
        plain_scores=plain,
        plain_awake=[score >= threshold for score in plain],
    )


def _plain_threshold(others: Sequence[LabelledNight]) -> float:
    return best_threshold(
        [label for night in others for label in night.awake()],
        [score for night in others for score in night.of_scored(night.columns[PLAIN])],
    )


def _overall(told: Sequence[Told]) -> list[Figure]:
    awake = [label for night in told for label in night.awake]
    scores = [score for night in told for score in night.wake_scores]
    plain = [score for night in told for score in night.plain_scores]
    count = len(awake)
    agreed = _kappa(told)
    plainly = kappa(awake, [up for night in told for up in night.plain_awake])
    figures = [
        against(at_least("kappa", agreed, KAPPA_AIM, unit="1", n=count), plainly),
        against(
            at_least(
                "specificity at 90 % sensitivity",
                _specificity(awake, scores),
                SPECIFICITY_AIM,
                unit="fraction",
                n=count,
            ),
            _specificity(awake, plain),
        ),
        against(
            shown("AUC", area_under_curve(awake, scores), unit="fraction", n=count),
            area_under_curve(awake, plain),
        ),
    ]
    low, high = bootstrap(told, _kappa)
    figures += [
        shown("kappa low", low, unit="1", n=len(told)),
        shown("kappa high", high, unit="1", n=len(told)),
    ]
    return [*figures, *_at_the_threshold(told), *_staged(told)]


def _kappa(told: Sequence[Told]) -> float:
    return kappa(
        [label for night in told for label in night.awake],
        [up for night in told for up in night.told_awake],
    )


def _specificity(awake: Sequence[bool], scores: Sequence[float]) -> float:
    """Return the share of waking that is told, where 90 % of sleep is told as sleep."""
    asleep = [-score for score, up in zip(scores, awake, strict=True) if not up]
    up = [-score for score, up in zip(scores, awake, strict=True) if up]
    return specificity_at(SENSITIVITY, positive=asleep, negative=up)


def _at_the_threshold(told: Sequence[Told]) -> list[Figure]:
    pairs = [pair for night in told for pair in zip(night.awake, night.told_awake, strict=True)]
    slept = [not up for label, up in pairs if not label]
    woke = [up for label, up in pairs if label]
    return [
        shown("sensitivity", sum(slept) / len(slept), unit="fraction", n=len(slept)),
        shown("specificity", sum(woke) / len(woke), unit="fraction", n=len(woke)),
    ]


def _staged(told: Sequence[Told]) -> list[Figure]:
    pairs = [pair for night in told for pair in zip(night.stages, night.told_stages, strict=True)]
    truth, said = [a for a, _ in pairs], [b for _, b in pairs]
    coarse = kappa([COARSE[stage] for stage in truth], [COARSE[stage] for stage in said])
    asleep = [
        (label is stage, sure)
        for night in told
        for label, stage, sure in zip(night.stages, night.told_stages, night.sure, strict=True)
        if Stage.AWAKE not in (label, stage)
    ]
    figures = [
        shown("kappa stages", kappa(truth, said), unit="1", n=len(pairs)),
        shown("kappa wake, NREM, REM", coarse, unit="1", n=len(pairs)),
    ]
    if asleep:
        right = sum(ok for ok, _ in asleep) / len(asleep)
        figures += [
            shown("stages right asleep", right, unit="fraction", n=len(asleep)),
            shown("stages confidence", mean(s for _, s in asleep), unit="fraction", n=len(asleep)),
        ]
    return figures


def _by_night(told: Sequence[Told]) -> list[Figure]:
    figures = []
    for night in told:
        count = len(night.awake)
        agreed = against(
            shown(
                "kappa", kappa(night.awake, night.told_awake), unit="1", n=count, group=night.name
            ),
            kappa(night.awake, night.plain_awake),
        )
        area = area_under_curve(night.awake, night.wake_scores)
        figures += [agreed, shown("AUC", area, unit="fraction", n=count, group=night.name)]
    return figures
