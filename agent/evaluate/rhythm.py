"""`carpal evaluate rhythm`: is an irregular rhythm noticed, and a regular one left alone?

The real series are those of `illness` (`rr_data`, one and a half minutes each) and of `hrv`; no
arrhythmia is labelled in them.  The irregular ones are made up by a published model (see
`irregular`), of 60 to 140 beats a minute, alone and in place of ten minutes of the real ones.

Two levels are told.  "false alarms" and "recall" are of what would be said to a wearer: the verdict
that is held over six minutes of windows.  A real series is too short for that, so all of them are
joined, one after another as if they were one wearer's, and each irregular one lasts ten minutes.
The group `windows of 30 s` is of single windows.  The baseline is the coefficient of variation
alone, by the same threshold and held as long.

The two thresholds of the detector, and how many windows of twelve hold the verdict, were chosen on
these real series and on series of this model of another seed; its other constants were not.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from agent.errors import DecodeError
from agent.evaluate.arrays import read_array
from agent.evaluate.hrv import LONG, SHORT, read_rows
from agent.evaluate.irregular import fibrillating, look_alikes, node_of
from agent.events import EPOCH
from agent.figures import Figure, Table, against, at_least, at_most, shown, table
from agent.fusion.beats import Beat, in_range, series
from agent.fusion.rhythm import VARIATION_MIN, WINDOW, Judged, Rhythm, irregular, variation

ALARMS_AIM = 0  # who is told of a heart that is well is frightened for nothing
RECALL_AIM = 0.95
RATES_BPM = (60, 80, 100, 120, 140)
NODES = 40  # of each rate
EPISODE_S = 600.0
LIKE_S = 7200.0
WINDOWS = "windows of 30 s"
Rule = Callable[[Sequence[Beat]], bool | None]


@dataclass(frozen=True, slots=True)
class Found:
    """What one series comes to."""

    windows: int
    """The whole ones; what cannot be judged is not irregular."""
    irregular: int
    alarms: int
    """How often the wearer would be told."""


def evaluate(data: Path, seed: int = 1, *, nodes: int = NODES) -> Table:
    """Return the figures over *data*; raise DecodeError where it is not as it should be."""
    real = read_series(data)
    chance = Random(f"rhythm/{seed}")  # noqa: S311  # repeatable
    made = [
        (rate, fibrillating(node_of(rate, chance=chance), length_s=EPISODE_S, chance=chance))
        for rate in RATES_BPM
        for _ in range(nodes)
    ]
    figures = [*_real(real), *_made(made), *_replaced(real, made, chance), *_look_alikes(chance)]
    hours = sum(map(sum, real)) / 3_600_000
    return table("rhythm", f"{data}: {hours:.1f} h in {len(real)} series", len(real), figures)


def read_series(data: Path) -> list[tuple[float, ...]]:
    """Return the real series of intervals (ms); raise DecodeError if there is none."""
    path = data / "illness" / "hrv_measurements.csv"
    found = [row.intervals_ms for row in read_rows(path)] if path.is_file() else []
    folder = data / "hrv"
    found += [read_array(folder / name) for name in (SHORT, LONG) if (folder / name).is_file()]
    if not found:
        raise DecodeError(str(data), "has neither a measurement in `illness` nor a series in `hrv`")
    return found


def plain(beats: Sequence[Beat]) -> bool | None:
    """Return whether a window is irregular by the coefficient of variation alone."""
    if irregular(beats) is None:
        return None
    intervals = [beat.interval_ms for beat in beats]
    good = [one for one, ok in zip(intervals, in_range(intervals), strict=True) if ok]
    return variation(good) >= VARIATION_MIN


def judge(several: Sequence[Sequence[float]], *, rule: Rule = irregular) -> Found:
    """Return what the series of *several* come to, one after another as one wearer's."""
    rhythm, at, told, count, found = Rhythm(), EPOCH, 0, 0, 0
    for beats in (window for one in several for window in _windows(one)):
        verdict, count, at = rule(beats), count + 1, at + WINDOW
        if verdict is None:
            continue
        after = rhythm.add(Judged(at, verdict))
        told += after.grade != "none" and rhythm.grade == "none"
        found, rhythm = found + verdict, after
    return Found(count, found, told)


def _windows(intervals_ms: Sequence[float]) -> Iterator[list[Beat]]:
    """Yield the beats of each whole window; what is left at the end is none."""
    length_s, end_s = WINDOW.total_seconds(), WINDOW.total_seconds()
    beats = list[Beat]()
    for beat in series(intervals_ms):
        while beat.at_s >= end_s:
            yield beats
            beats, end_s = [], end_s + length_s
        beats.append(beat)


def _real(real: Sequence[Sequence[float]]) -> Iterator[Figure]:
    ours, theirs = judge(real), judge(real, rule=plain)
    held = at_most("false alarms", ours.alarms, ALARMS_AIM, unit="alarms", n=ours.windows)
    yield against(held, theirs.alarms)
    single = shown("false alarms", ours.irregular, unit="windows", n=ours.windows, group=WINDOWS)
    yield against(single, theirs.irregular)
    those = sum(judge([one]).irregular > 0 for one in real)
    yield shown("series with a false alarm", those, unit="series", n=len(real), group=WINDOWS)


def _made(made: Sequence[tuple[int, Sequence[float]]]) -> Iterator[Figure]:
    ours = [(rate, judge([one])) for rate, one in made]
    theirs = [judge([one], rule=plain) for _, one in made]
    every = [one for _, one in ours]
    held = at_least("recall", _held(every), RECALL_AIM, unit="fraction", n=len(made))
    yield against(held, _held(theirs))
    count = sum(one.windows for one in every)
    single = shown("recall", _single(every), unit="fraction", n=count, group=WINDOWS)
    yield against(single, _single(theirs))
    for rate in RATES_BPM:
        those = [one for at, one in ours if at == rate]
        count = sum(one.windows for one in those)
        group = f"{WINDOWS}, {rate} bpm"
        yield shown("recall", _single(those), unit="fraction", n=count, group=group)


def _replaced(
    real: Sequence[Sequence[float]], made: Sequence[tuple[int, Sequence[float]]], chance: Random
) -> Iterator[Figure]:
    """Yield how many episodes are told of that begin and end among an hour of real beats."""
    told = 0
    for rate, one in made:
        like = sorted(real, key=lambda each: abs(60_000 * len(each) / sum(each) - rate))[:40]
        around = chance.sample(like, k=min(len(like), 20))
        half = len(around) // 2
        told += judge([*around[:half], one, *around[half:]]).alarms > 0
    share = told / len(made)
    yield shown("recall", share, unit="fraction", n=len(made), group="in place of real beats")


def _look_alikes(chance: Random) -> Iterator[Figure]:
    for name, intervals in look_alikes(LIKE_S, chance=chance):
        ours, theirs = judge([intervals]), judge([intervals], rule=plain)
        made = f"made up: {name}"
        held = shown("false alarms", ours.alarms, unit="alarms", n=ours.windows, group=made)
        yield against(held, theirs.alarms)
        group, count = f"{WINDOWS}, {made}", ours.windows
        single = shown("false alarms", ours.irregular, unit="windows", n=count, group=group)
        yield against(single, theirs.irregular)


def _held(found: Sequence[Found]) -> float:
    return sum(one.alarms > 0 for one in found) / len(found)


def _single(found: Sequence[Found]) -> float:
    return sum(one.irregular for one in found) / sum(one.windows for one in found)
