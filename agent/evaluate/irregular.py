"""Rhythms made up: irregular ones by a published model, and regular ones that look irregular.

The irregular ones are those of the atrioventricular node in atrial fibrillation by Corino et al.
2011 (IEEE Trans Biomed Eng 58(12)), as Petrėnas et al. 2017 (Med Biol Eng Comput 55(8)) simulate
with it: impulses come from the atria as a Poisson process; each beat leaves the node refractory for
a time that is longer after a long interval and on the slow of two pathways; thereafter an impulse
is blocked with a probability that falls linearly to nothing.
"""

from collections.abc import Iterator, Sequence
from math import pi, sin
from random import Random
from typing import NamedTuple

MEMORY = 0.15  # of the interval before is added to the refractory time (Petrėnas et al. 2017)
TRIAL_S = 200.0
REFRACTORY_S_MIN = 0.2  # with the memory, no node recovers sooner than in a quarter of a second
REFRACTORY_S_MAX = 1.2


class Node(NamedTuple):
    """The parameters of one atrioventricular node, and of the atria before it."""

    arrivals_hz: float
    fast_share: float
    """How many of the beats take the pathway with the shorter refractory time."""
    refractory_s: float
    slow_more_s: float
    prolonged_s: float
    """For how long after the refractory time an impulse may still be blocked."""


def node_of(rate_bpm: float, *, chance: Random) -> Node:
    """Return a node that beats at about *rate_bpm*.

    The atria fibrillate at 5-9 Hz; the prolongation is 0.23 +- 0.20 s, as Corino et al. 2013
    (BIOSIGNALS, "an update") found it in 25 patients at rest; the refractory time is what remains.
    """
    while True:
        node = Node(
            arrivals_hz=chance.uniform(5, 9),
            fast_share=chance.uniform(0.3, 0.9),
            refractory_s=0.0,
            slow_more_s=chance.uniform(0.1, 0.3),
            prolonged_s=max(0.05, chance.gauss(0.23, 0.20)),
        )
        fitted = _fitted(node, rate_bpm, seed=chance.getrandbits(32))
        if fitted is not None:
            return fitted


def fibrillating(node: Node, *, length_s: float, chance: Random) -> list[float]:
    """Return the intervals (ms) of at least *length_s* of beats that *node* lets through."""
    intervals, before_s, total_s = list[float](), 0.8, 0.0
    while total_s < length_s:
        before_s = _interval_s(node, before_s, chance)
        total_s += before_s
        intervals.append(1000 * before_s)
    return intervals


def sinus(length_s: float, *, chance: Random, swing_bpm: float = 3.0) -> list[float]:
    """Return the intervals (ms) of a sinus rhythm that breathing moves by *swing_bpm* in all."""
    mean_bpm, breaths_hz = chance.uniform(55, 85), chance.uniform(0.15, 0.3)
    intervals, at_s = list[float](), 0.0
    while at_s < length_s:
        bpm = mean_bpm + swing_bpm / 2 * sin(2 * pi * breaths_hz * at_s)
        bpm += 2 * sin(2 * pi * 0.08 * at_s) + chance.gauss(0, 1)
        intervals.append(60_000 / bpm)
        at_s += 60 / bpm
    return intervals


def ectopic(intervals_ms: Sequence[float], *, share: float, chance: Random) -> list[float]:
    """Return the series with that *share* of the beats too early, each with its pause."""
    early = [chance.random() < share for _ in intervals_ms]
    return _with_early(intervals_ms, early, chance)


def grouped(intervals_ms: Sequence[float], *, every: int, chance: Random) -> list[float]:
    """Return the series with each second (*every* = 2: bigeminy) or third beat too early."""
    early = [index % every == 0 for index in range(len(intervals_ms))]
    return _with_early(intervals_ms, early, chance)


def missed(intervals_ms: Sequence[float], *, share: float, chance: Random) -> list[float]:
    """Return the series as of a sensor that misses that *share* of the beats."""
    found = list[float]()
    lost_ms = 0.0
    for interval in intervals_ms:
        if chance.random() < share:
            lost_ms += interval
        else:
            found.append(interval + lost_ms)
            lost_ms = 0.0
    return found


def jittered(intervals_ms: Sequence[float], *, by_ms: float, chance: Random) -> list[float]:
    """Return the series as of a sensor that is wrong by *by_ms* about the time of each beat."""
    errors = [chance.gauss(0, by_ms) for _ in range(len(intervals_ms) + 1)]
    return [one + errors[n + 1] - errors[n] for n, one in enumerate(intervals_ms)]


def look_alikes(length_s: float, *, chance: Random) -> Iterator[tuple[str, list[float]]]:
    """Yield regular rhythms that a plain rule takes for irregular ones, each with its name."""
    yield "breathing, 15 bpm", sinus(length_s, chance=chance, swing_bpm=15)
    yield "ectopic beats, 5 %", ectopic(sinus(length_s, chance=chance), share=0.05, chance=chance)
    yield "ectopic beats, 15 %", ectopic(sinus(length_s, chance=chance), share=0.15, chance=chance)
    yield "bigeminy", grouped(sinus(length_s, chance=chance), every=2, chance=chance)
    yield "trigeminy", grouped(sinus(length_s, chance=chance), every=3, chance=chance)
    yield "missed beats, 2 %", missed(sinus(length_s, chance=chance), share=0.02, chance=chance)
    yield "missed beats, 8 %", missed(sinus(length_s, chance=chance), share=0.08, chance=chance)
    yield "jitter, 25 ms", jittered(sinus(length_s, chance=chance), by_ms=25, chance=chance)


def _interval_s(node: Node, before_s: float, chance: Random) -> float:
    slow = chance.random() >= node.fast_share
    refractory_s = node.refractory_s + MEMORY * before_s + (node.slow_more_s if slow else 0.0)
    passed_s = 0.0
    while True:
        passed_s += chance.expovariate(node.arrivals_hz)
        free_s = passed_s - refractory_s
        if free_s > 0 and chance.random() * node.prolonged_s < free_s:
            return passed_s


def _fitted(node: Node, rate_bpm: float, *, seed: int) -> Node | None:
    """Return *node* with the refractory time that gives *rate_bpm*; None where none does."""
    low_s, high_s = REFRACTORY_S_MIN, REFRACTORY_S_MAX
    if _rate_bpm(node._replace(refractory_s=low_s), seed) < rate_bpm:
        return None
    for _ in range(10):
        middle_s = (low_s + high_s) / 2
        if _rate_bpm(node._replace(refractory_s=middle_s), seed) > rate_bpm:
            low_s = middle_s
        else:
            high_s = middle_s
    return node._replace(refractory_s=low_s)


def _rate_bpm(node: Node, seed: int) -> float:
    trial = fibrillating(node, length_s=TRIAL_S, chance=Random(seed))  # noqa: S311  # repeatable
    return 60_000 * len(trial) / sum(trial)


def _with_early(
    intervals_ms: Sequence[float], early: Sequence[bool], chance: Random
) -> list[float]:
    """Return the series with beats as early as those of one focus: its coupling is nearly fixed."""
    found, pause_ms, coupling = list[float](), 0.0, chance.uniform(0.55, 0.8)
    for interval, is_early in zip(intervals_ms, early, strict=True):
        if is_early and not pause_ms:
            short_ms = interval * chance.gauss(coupling, 0.02)
            found.append(short_ms)
            pause_ms = interval - short_ms
        else:
            found.append(interval + pause_ms)
            pause_ms = 0.0
    return found
