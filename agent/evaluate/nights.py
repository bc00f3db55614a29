"""Nights with polysomnography beside a watch's heart rate: reading them, and learning from them.

The form is that of Walch et al. 2019: `ID_heartrate.txt` (seconds from the beginning of the
recording, beats per minute; the days before have negative times) and `ID_labeled_sleep.txt`
(seconds, and 0 awake, 1 and 2 light, 3 and 4 deep, 5 REM, -1 unscored, every 30 s).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from itertools import islice
from math import isfinite
from pathlib import Path

from agent.errors import DecodeError
from agent.evaluate.boosting import boosted
from agent.evaluate.statistics import best_threshold
from agent.events import EPOCH
from agent.fusion.night import Trace
from agent.fusion.night.account import Models, Stage
from agent.fusion.night.columns import columns, restlessness
from agent.fusion.night.trace import EPOCH_S, HALF_MINUTE

RATES, LABELS = "_heartrate.txt", "_labeled_sleep.txt"
BYTES_MAX = 20_000_000
KNOWN_BY = 200
STAGES = {
    0: Stage.AWAKE,
    1: Stage.LIGHT,
    2: Stage.LIGHT,
    3: Stage.DEEP,
    4: Stage.DEEP,
    5: Stage.REM,
    -1: None,
}


@dataclass(frozen=True)
class LabelledNight:
    """One night: what the watch measured, and what the polysomnograph said."""

    name: str
    samples: tuple[tuple[float, float], ...]
    """(seconds from the beginning, beats per minute), in order; the days before are negative."""
    labels: tuple[Stage | None, ...]
    """Of each half minute; None is unscored."""

    @cached_property
    def fingerprint(self) -> str:
        """Return what the night is known by again, however it is written: its first rates."""
        within = ((at_s, rate) for at_s, rate in self.samples if at_s >= 0)
        told = " ".join(f"{at_s:.2f},{rate:.1f}" for at_s, rate in islice(within, KNOWN_BY))
        return sha256(told.encode()).hexdigest()[:16]

    @cached_property
    def trace(self) -> Trace:
        """Return the night as the estimator keeps it."""
        sums = [[0.0, 0] for _ in self.labels]
        for at_s, rate in self.samples:
            if 0 <= at_s < len(sums) * EPOCH_S:
                cell = sums[int(at_s // EPOCH_S)]
                cell[0] += rate
                cell[1] += 1
        rates = tuple(round(total / count, 1) if count else None for total, count in sums)
        return Trace(EPOCH, rates, (None,) * len(rates))

    @cached_property
    def rates_bpm(self) -> list[float]:
        """Return the rate of each half minute."""
        return self.trace.filled()

    @cached_property
    def columns(self) -> list[list[float]]:
        """Return what a model is asked by."""
        return columns(self.rates_bpm)

    @cached_property
    def scored(self) -> list[int]:
        """Return the places that have a label."""
        return [place for place, label in enumerate(self.labels) if label is not None]

    def of_scored(self, values: Sequence[float]) -> list[float]:
        """Return those of *values* that have a label."""
        return [values[place] for place in self.scored]

    def awake(self) -> list[bool]:
        """Return the truth of waking, of what has a label."""
        return [self.labels[place] is Stage.AWAKE for place in self.scored]


def read_nights(folder: Path) -> list[LabelledNight]:
    """Return the scored nights in *folder*; raise DecodeError of none, or where one is damaged.

    Together they are scored both asleep and awake.
    """
    found = [
        _read(path, folder / (path.name.removesuffix(RATES) + LABELS))
        for path in sorted(folder.glob(f"*{RATES}"))
    ]
    if not found:
        raise DecodeError(str(folder), f"there is no night (NAME{RATES}, NAME{LABELS})")
    scored = [night for night in found if night.scored]
    if len({label for night in scored for label in night.awake()}) < 2:
        raise DecodeError(str(folder), "no night is scored both asleep and awake: add one that is")
    return scored


def _read(rates: Path, labels: Path) -> LabelledNight:
    told = {int(at // EPOCH_S): int(label) for at, label in _pairs(labels) if at >= 0}
    unknown = set(told.values()) - set(STAGES)
    if unknown or not told:
        shown = f"{sorted(unknown)}"[:64] if unknown else "an empty table"
        raise DecodeError(str(labels), f"labels are {sorted(STAGES)}, not {shown}")
    if max(told) > timedelta(days=1) / HALF_MINUTE:
        raise DecodeError(str(labels), "a night is no longer than a day")
    night = LabelledNight(
        name=rates.name.removesuffix(RATES),
        samples=tuple(sorted(_pairs(rates))),
        labels=tuple(STAGES[told.get(place, -1)] for place in range(max(told) + 1)),
    )
    if not night.rates_bpm:
        raise DecodeError(str(rates), "has no heart rate within the night")
    return night


def _pairs(path: Path) -> Iterator[tuple[float, float]]:
    try:
        if path.stat().st_size > BYTES_MAX:
            raise DecodeError(str(path), f"is larger than {BYTES_MAX} bytes")
        lines = path.read_text("ascii").splitlines()
        for line in filter(str.strip, lines):
            at, value = (float(part) for part in line.replace(",", " ").split())
            if not isfinite(at + value):
                raise DecodeError(str(path), f"has a line {line[:64]!r} that is no measurement")
            yield at, value
    except (OSError, ValueError) as error:
        raise DecodeError(str(path), f"is no table of two columns: {error}") from error


def trained(nights: Sequence[LabelledNight], *, staged: bool = True) -> Models:
    """Return models of *nights*, and the threshold of waking that suits them best."""
    seen = [
        [value for night in nights for value in night.of_scored(night.columns[column])]
        for column in range(len(nights[0].columns))
    ]
    truth = [night.labels[place] for night in nights for place in night.scored]
    awake = [label is Stage.AWAKE for label in truth]
    wake = boosted(seen, awake)
    rem, deep = (
        boosted(seen, [label is stage for label in truth]) if staged else wake
        for stage in (Stage.REM, Stage.DEEP)
    )
    return Models(wake, rem, deep, round(best_threshold(awake, wake.log_odds(seen)), 3))


def restless(nights: Sequence[LabelledNight]) -> tuple[float, float]:
    """Return the least and the greatest restlessness of *nights*."""
    of_each = [restlessness(night.rates_bpm) for night in nights]
    return round(min(of_each), 2), round(max(of_each), 2)


def without(nights: Sequence[LabelledNight], tested: LabelledNight) -> list[LabelledNight]:
    """Return *nights* but the one that is tested."""
    return [night for night in nights if night.fingerprint != tested.fingerprint]
