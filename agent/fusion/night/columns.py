"""What the heart rate of a whole night tells of each half minute: the columns of a model.  Pure.

The rate is smoothed by Gaussians of several widths, and their differences tell a surge of
waking from the slow course of a night (Walch et al. 2019, Sleep 42(12), "Sleep stage prediction
with raw acceleration and photoplethysmography heart rate data", there with one pair of widths).
How much it varies is taken against the median of the same night, for people differ more in that
than a night does.  What came before and what came after both count: this is asked in the
morning.  *Elapsed* is the time since lying down.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from math import ceil, exp, log
from operator import mul
from statistics import median

from agent.fusion.night.trace import EPOCH_S

BANDS = ((0, 2), (1, 4), (2, 10), (4, 20), (10, 40))
"""Widths (standard deviations, in epochs) of the smoothings whose difference is taken."""
SPANS = (4, 10, 30)
PEAKS = ((2, 10), (5, 20), (15, 40))
WIDE = 3
"""A Gaussian ends this many standard deviations out."""
HOUR = 3600 // EPOCH_S
NAMES = (
    *(f"surge {narrow}-{wide}" for narrow, wide in BANDS),
    *(f"restlessness {narrow}-{wide}" for narrow, wide in BANDS),
    *(f"level {width}" for width in (1, 10, 30)),
    *(f"over the next {span}" for span in SPANS),
    *(f"fall around {span}" for span in SPANS),
    *(f"peak within {span}" for span, _ in PEAKS),
    "over the lowest before",
    "over the mean after",
    "over the lowest after",
    "elapsed min",
)


def columns(rates_bpm: Sequence[float]) -> list[list[float]]:
    """Return one column a name of NAMES, each as long as *rates_bpm* (a rate an epoch)."""
    smooth = _smoother(rates_bpm)
    surges = [
        [a - b for a, b in zip(smooth(narrow), smooth(wide), strict=True)] for narrow, wide in BANDS
    ]
    middle = median(rates_bpm)
    peaks = [
        [a - b for a, b in zip(_windowed(rates_bpm, max, span, span), smooth(wide), strict=True)]
        for span, wide in PEAKS
    ]
    return [
        *surges,
        *(_restless(surge, wide) for surge, (_, wide) in zip(surges, BANDS, strict=True)),
        *([value - middle for value in smooth(width)] for width in (1, 10, 30)),
        *_contrasts(rates_bpm),
        *peaks,
        *_against_run(smooth(3)),
        [epoch * EPOCH_S / 60 for epoch in range(len(rates_bpm))],
    ]


def restlessness(rates_bpm: Sequence[float]) -> float:
    """Return by how much the rate commonly swings within minutes: the log of beats per minute."""
    narrow, wide = BANDS[1]
    surge = [a - b for a, b in zip(_gauss(rates_bpm, narrow), _gauss(rates_bpm, wide), strict=True)]
    return median(_swing(surge, wide))


def _smoother(rates_bpm: Sequence[float]) -> Callable[[int], Sequence[float]]:
    made: dict[int, Sequence[float]] = {0: rates_bpm}

    def smooth(width: int) -> Sequence[float]:
        if width not in made:
            made[width] = _gauss(rates_bpm, width)
        return made[width]

    return smooth


def _gauss(values: Sequence[float], width: float) -> list[float]:
    """Return *values* smoothed; what lies beyond an end is the mirror of what lies within."""
    reach = ceil(WIDE * width)
    kernel = [exp(-0.5 * (step / width) ** 2) for step in range(-reach, reach + 1)]
    total = sum(kernel)
    kernel = [weight / total for weight in kernel]
    padded = _mirrored(values, reach)
    length = len(kernel)
    return [sum(map(mul, kernel, padded[at : at + length])) for at in range(len(values))]


def _mirrored(values: Sequence[float], reach: int) -> list[float]:
    around = [*values, *reversed(values)]
    return [around[place % len(around)] for place in range(-reach, len(values) + reach)]


def _swing(surge: Sequence[float], wide: float) -> list[float]:
    return [log(value + 0.05) for value in _gauss([abs(value) for value in surge], wide)]


def _restless(surge: Sequence[float], wide: float) -> list[float]:
    swing = _swing(surge, wide)
    usual = median(swing)
    return [value - usual for value in swing]


def _windowed(
    values: Sequence[float], of: Callable[[Sequence[float]], float], before: int, after: int
) -> list[float]:
    return [of(values[max(0, at - before) : at + after + 1]) for at in range(len(values))]


def _contrasts(rates_bpm: Sequence[float]) -> Iterator[list[float]]:
    """Yield, for each span, the rate over the mean of those that follow; then the fall."""
    last = len(rates_bpm) - 1
    falls = []
    for span in SPANS:
        padded = [rates_bpm[0]] * span + list(rates_bpm) + [rates_bpm[last]] * span
        sums = list(accumulate(padded, initial=0.0))
        before = [(sums[at + span] - sums[at]) / span for at in range(last + 1)]
        after = [(sums[at + 2 * span + 1] - sums[at + span + 1]) / span for at in range(last + 1)]
        yield [rate - mean for rate, mean in zip(rates_bpm, after, strict=True)]
        falls.append([a - b for a, b in zip(before, after, strict=True)])
    yield from falls


def _against_run(smooth: Sequence[float]) -> Iterator[list[float]]:
    lowest = accumulate(smooth, min)
    yield [value - low for value, low in zip(smooth, lowest, strict=True)]
    sums = list(accumulate(smooth, initial=0.0))
    ends = [min(at + HOUR, len(smooth)) for at in range(len(smooth))]
    yield [
        v - (sums[end] - sums[at]) / (end - at)
        for at, (v, end) in enumerate(zip(smooth, ends, strict=True))
    ]
    after = _windowed(smooth, min, 0, 3 * HOUR // 2 - 1)
    yield [value - low for value, low in zip(smooth, after, strict=True)]
