"""People who were strained on purpose: their minutes at the wrist, and which were of a task.

The form of the Stress-Predict data set: a folder `Sxx` for each person, as an Empatica E4 writes
it, and `labels.csv.gz`, which says for every second whether a task went on (1) or not (0).
"""

import csv
import gzip
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import fmean

from agent.errors import DecodeError
from agent.events import SampleMeasured
from agent.fusion.stress import Look, Stress, Usual, judged
from agent.fusion.stress.strain import HINDSIGHT_MIN, Columns, Weights, columns_of
from agent.fusion.stress.usual import Yardstick
from sensors.empatica import Empatica

LABELLED_S_MIN = 30
MARK_LENGTH = 8
MARKED = "01"  # of the sixteen digits that a hash may begin with: one minute in eight is a mark
TASKS = (0, 1)
"""Rest and task; another number is no label."""
Labels = Mapping[int, Sequence[int]]
"""By the minute since the epoch."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled minute of one person, each way it can be judged."""

    strained: bool
    columns: Columns
    """Against the whole recording, tasks included, without any label: for the usual of days."""
    prompt: Columns
    """The same without what followed the minute."""
    rate: float
    """The minute's heart rate alone, in spreads of the whole recording."""
    causal: tuple[Columns, Weights] | None
    """Against what was known until then; None before that is enough."""


@dataclass(frozen=True, slots=True)
class Person:
    """One recording."""

    name: str
    marks: frozenset[str]
    """By these the recording is known again, however it is written or cut, and under any name."""
    minutes: tuple[Labelled, ...]

    @property
    def strained(self) -> list[bool]:
        """Return the label of each minute."""
        return [minute.strained for minute in self.minutes]


def read_people(folder: Path) -> list[Person]:
    """Return who has labels and a heart rate; raise DecodeError where there is no one."""
    labels = read_labels(folder / "labels.csv.gz")
    people = [
        _person(path, labels[int(path.name[1:])])
        for path in sorted(folder.glob("S[0-9]*"))
        if path.is_dir() and path.name[1:].isdecimal() and int(path.name[1:]) in labels
    ]
    people = [one for one in people if one.minutes]
    if not people:
        raise DecodeError(str(folder), "there is no person with labels")
    return people


def read_labels(path: Path) -> dict[int, Labels]:
    """Return, for each person, the labels of each minute; raise DecodeError."""
    found: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    try:
        with gzip.open(path, "rt", newline="") as file:
            for row in csv.DictReader(file):
                minute = int(float(row["Time(sec)"])) // 60
                if (label := int(row["Label"])) in TASKS:
                    found[int(row["Participant"])][minute].append(label)
    except _FAULTS as error:
        raise DecodeError(str(path), f"no table of labels: {error!r}"[:500]) from error
    return dict(found)


_FAULTS = (
    OSError, EOFError, KeyError, TypeError, ValueError, OverflowError, csv.Error, zlib.error,
)  # fmt: skip


def marks(samples: Iterable[SampleMeasured]) -> frozenset[str]:
    """Return what a recording is known by again: hashes of some of its minutes.

    The hash itself chooses them, so that a part of the recording has the same ones as the whole.
    """
    minutes = defaultdict[str, list[float]](list)
    for sample in samples:
        minutes[f"{sample.signal} {int(sample.at.timestamp()) // 60}"].append(sample.value)
    told = (f"{minute} {fmean(values):.2f}" for minute, values in minutes.items())
    hashes = (sha256(one.encode()).hexdigest()[:MARK_LENGTH] for one in told)
    return frozenset(one for one in hashes if one[0] in MARKED)


def _person(path: Path, labels: Labels) -> Person:
    samples = [
        event
        for batch in Empatica().read(path)
        for event in batch
        if isinstance(event, SampleMeasured) and event.quality == "good"
    ]
    return Person(path.name, marks(samples), tuple(_labelled(samples, labels)))


def _labelled(samples: Sequence[SampleMeasured], labels: Labels) -> Iterator[Labelled]:
    steps = list(_steps(samples))
    looks = tuple(look for look, _ in steps)
    causal = dict(_causal(steps))
    yardstick = _whole(looks)
    if yardstick.heart is None:
        return
    for index, look in enumerate(looks):
        told = labels.get(look.minute, ())
        columns = columns_of(looks, look.minute, yardstick)
        prompt = columns_of(looks[: index + 1], look.minute, yardstick)
        if len(told) < LABELLED_S_MIN or columns is None or prompt is None:
            continue
        yield Labelled(
            strained=2 * sum(told) >= len(told),
            columns=columns,
            prompt=prompt,
            rate=yardstick.heart.far(look.heart_bpm),
            causal=causal.get(look.minute),
        )


def _steps(samples: Sequence[SampleMeasured]) -> Iterator[tuple[Look, Stress]]:
    """Yield each minute as the estimator saw it, and the estimate when that minute was closed."""
    stress = Stress()
    for sample in samples:
        after = stress.fold(sample, gated=False, known=False)
        if after.looks and after.looks[-1:] != stress.looks[-1:]:
            yield after.looks[-1], after
        stress = after


def _whole(looks: tuple[Look, ...]) -> Yardstick:
    usual = Usual()
    for index, look in enumerate(looks):
        usual = usual.add(look, looks[max(0, index - 20) : index], keep=1.0)
    return usual.yardstick()


def _causal(
    steps: Sequence[tuple[Look, Stress]],
) -> Iterator[tuple[int, tuple[Columns, Weights]]]:
    """Yield each minute as it is judged when its hindsight is complete, by what was usual then."""
    for look, stress in steps:
        at = look.minute - HINDSIGHT_MIN
        found = judged(stress.looks, at, stress.usual.yardstick())
        if found is not None and any(one.minute == at for one in stress.looks):
            yield at, found
