"""`carpal evaluate stress`: the first stress estimate against labelled tasks, minute by minute.

The data: wrist recordings of about an hour, with labels for every second (1 during a task that
strains), in the form of the Stress-Predict data set: folders `Sxx` and `labels.csv.gz`.
"""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from agent.errors import DecodeError
from agent.events import SampleMeasured
from agent.figures import Figure, Table, against, area_under_curve, at_least, shown, table
from agent.fusion.stress import Minute, Stress, Usual
from sensors.empatica import Empatica

AUC_AIM = 0.65  # what a plain z-score of the heart rate over the whole recording reaches is 0.66
LABELLED_S_MIN = 30
Labels = dict[datetime, list[int]]


@dataclass(frozen=True, slots=True)
class Scored:
    """One labelled minute of one person."""

    strained: bool
    rate_bpm: float
    whole: float
    """Against the whole recording, tasks included, without any label."""
    causal: float | None
    """Against what was known until then; None before that is enough."""


def evaluate(data: Path) -> Table:
    """Return the figures over *data*/stress; raise DecodeError where it is not as it should be."""
    folder = data / "stress"
    labels = read_labels(folder / "labels.csv.gz")
    people = {
        path.name: list(score(path, labels[int(path.name[1:])]))
        for path in sorted(folder.glob("S[0-9]*"))
        if path.is_dir() and int(path.name[1:]) in labels
    }
    people = {name: minutes for name, minutes in people.items() if minutes}
    if not people:
        raise DecodeError(str(folder), "there is no person with labels")
    every = [minute for minutes in people.values() for minute in minutes]
    figures = _overall(every)
    for name, minutes in people.items():
        auc = area_under_curve([m.strained for m in minutes], [m.whole for m in minutes])
        figures.append(shown("AUC", auc, unit="fraction", n=len(minutes), group=name))
    return table("stress", str(folder), len(every), figures)


def _overall(every: Sequence[Scored]) -> list[Figure]:
    strained = [minute.strained for minute in every]
    raw = area_under_curve(strained, [minute.rate_bpm for minute in every])
    whole = area_under_curve(strained, [minute.whole for minute in every])
    known = [(m.strained, m.causal) for m in every if m.causal is not None]
    causal = area_under_curve([label for label, _ in known], [score for _, score in known])
    return [
        against(at_least("AUC", whole, AUC_AIM, unit="fraction", n=len(every)), raw),
        against(shown("AUC causal", causal, unit="fraction", n=len(known)), raw),
    ]


def read_labels(path: Path) -> dict[int, Labels]:
    """Return, for each person, the labels of each minute; raise DecodeError."""
    found: dict[int, Labels] = defaultdict(lambda: defaultdict(list))
    try:
        with gzip.open(path, "rt", newline="") as file:
            for row in csv.DictReader(file):
                at = datetime.fromtimestamp(int(float(row["Time(sec)"])) // 60 * 60, tz=UTC)
                found[int(row["Participant"])][at].append(int(row["Label"]))
    except (OSError, KeyError, ValueError) as error:
        raise DecodeError(str(path), f"no table of labels: {error!r}") from error
    return found


def score(person: Path, labels: Labels) -> Iterator[Scored]:
    """Yield the labelled minutes of the recording in *person*."""
    closed = list(_minutes(person))
    usual = Usual()
    for minute, _ in closed:
        usual = usual.add(minute, keep=1.0)
    for minute, causal in closed:
        told = labels.get(minute.start, [])
        rate, whole = minute.rate_bpm, usual.deviation(minute)
        if rate is None or whole is None or len(told) < LABELLED_S_MIN:
            continue
        yield Scored(2 * sum(told) >= len(told), rate, whole, causal)


def _minutes(person: Path) -> Iterator[tuple[Minute, float | None]]:
    """Yield each minute as the estimator saw it, and its deviation from the usual until then."""
    stress = Stress()
    for event in chain.from_iterable(Empatica().read(person)):
        if not isinstance(event, SampleMeasured) or event.quality != "good":
            continue
        after = stress.fold(event, gated=False, known=False)
        if after.open.start != stress.open.start and stress.open.rate_bpm is not None:
            yield stress.open, stress.usual.deviation(stress.open)
        stress = after
