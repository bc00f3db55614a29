"""`carpal evaluate fusion-speed`: what all estimators cost together, after a day and a year."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from math import cos, pi, sin
from random import Random
from time import process_time

from agent.context import Context
from agent.events import LocationMeasured, World
from agent.figures import Table, at_least, at_most, shown, table
from agent.fold import fold_world
from agent.sensor import measured

SAMPLES_A_SECOND_MIN = 20_000  # a watch has a tenth of this machine, and a hundred signals at most
YEAR_COST_MAX = 1.1  # state that grows with time is a leak
START = datetime(2026, 1, 5, tzinfo=UTC)
DAY_S = 86_400
YEAR_EVERY_S = 300  # the year before is lived coarsely: what counts is what it leaves behind
ROUNDS = 7
ROUND_S, SAMPLES_EACH_S = 1800, 5
SOURCE = "watch"


def evaluate(seed: int, *, short: bool = False) -> Table:
    """Return the figures of folding made-up days of *seed*."""
    length_s = DAY_S // 12 if short else DAY_S
    events = list(day(seed, START, every_s=1, length_s=length_s))
    spent_s, state = _folded(Context(), events)
    rate = len(events) / spent_s
    old = Context()
    for index in range(30 if short else 365):
        start = START - timedelta(days=365 - index)
        _, old = _folded(old, list(day(seed + index, start, every_s=YEAR_EVERY_S, length_s=DAY_S)))
    after_day, after_year = _costs(state, old, seed)
    return table(
        "fusion-speed",
        f"made up, seed {seed}, {length_s / 3600:.0f} h at 1 Hz",
        len(events),
        [
            at_least("samples/s", rate, SAMPLES_A_SECOND_MIN, unit="1/s", n=len(events)),
            at_most(
                "cost after a year", after_year / after_day, YEAR_COST_MAX, unit="ratio", n=ROUNDS
            ),
            shown("cost a sample", 1e6 * after_day, unit="us", n=ROUNDS),
        ],
    )


def day(seed: int, start: datetime, *, every_s: int, length_s: int) -> Iterator[World]:
    """Yield what a watch and a phone measure from *start* on, all signals, one every *every_s*."""
    random = Random(f"speed/{seed}")  # noqa: S311  # made-up days keep no secret
    beat_s = 0.0
    for at_s in range(0, length_s, every_s):
        at, hour = start + timedelta(seconds=at_s), at_s / 3600 % 24
        asleep, awake = hour < 7, 12 * sin(pi * max(0.0, hour - 7) / 17)
        rate = (54 if asleep else 66 + awake) + random.gauss(0, 2)
        moving = not asleep and at_s // 600 % 9 == 0
        motion_mg = abs(random.gauss(150 if moving else 3 if asleep else 15, 5))
        yield measured("heart_rate", rate, at=at, source=SOURCE)
        yield measured("motion", motion_mg, at=at, source=SOURCE)
        yield measured("electrodermal", 2 + awake / 6 + random.random() / 9, at=at, source=SOURCE)
        yield measured("skin_temperature", 33 + cos(hour / 4), at=at, source=SOURCE)
        if at_s % 30 == 0:
            yield measured("cadence", 105 if moving else 0, at=at, source=SOURCE)
        if at_s % 600 == 0:
            yield measured("spo2", 97, at=at, source=SOURCE)
        if at_s % 60 == 0:
            yield _fix(at, hour)
        if at_s >= beat_s:
            interval_s = 60 / rate + random.gauss(0, 0.03)
            beat_s = at_s + interval_s
            yield measured("ibi", 1000 * interval_s, at=at, source=SOURCE)


def _fix(at: datetime, hour: float) -> LocationMeasured:
    away = 0.05 if 9 <= hour < 17 else 0.0
    return LocationMeasured(at=at, latitude_deg=50 + away, longitude_deg=8, source="phone")


def _folded(context: Context, events: Sequence[World]) -> tuple[float, Context]:
    begun_s = process_time()
    for event in events:
        context = fold_world(context, event)
    return process_time() - begun_s, context


def _costs(state: Context, old: Context, seed: int) -> tuple[float, float]:
    """Return the seconds a sample after a day and after a year: the least of some rounds each.

    They take turns, so that a busy machine slows both alike.
    """
    cost, old_cost = float("inf"), float("inf")
    for index in range(ROUNDS):
        events = list(_after(state, seed + index))
        same = list(_after(old, seed + index))
        cost = min(cost, _folded(state, events)[0] / len(events))
        old_cost = min(old_cost, _folded(old, same)[0] / len(same))
    return cost, old_cost


def _after(context: Context, seed: int) -> Iterator[World]:
    """Yield a stretch of 1 Hz that follows what *context* has seen, from eight in the morning."""
    morning = context.now.replace(hour=0, minute=0, second=0) + timedelta(days=1)
    whole = day(seed, morning, every_s=1, length_s=9 * 3600)
    late = (one for one in whole if one.at >= morning + timedelta(hours=8))
    return islice(late, ROUND_S * SAMPLES_EACH_S)
