"""Tell whether what is measured goes up or down over the days, and when that is but noise.  Pure.

The slope is the median of the slopes between all pairs of days (Sen 1968, JASA 63(324)); whether
there is one is asked by the test of Mann (1945, Econometrica 13(3)) and Kendall (1975, Rank
Correlation Methods, section 4), with its correction for continuity and for ties.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations
from math import sqrt
from statistics import median
from typing import NamedTuple

from pydantic import BaseModel

from agent.context import Context
from agent.phrases import plural
from agent.ports import Recall
from agent.signals import STEPS
from agent.skill import Answer, Evidence, Window, sayings, when
from skills.body.words import name_of, rounded, statistic_of, unit_of, value_of, were

USUAL_DAYS = 28  # four weeks, where no time is named
DAYS_MAX = 92  # a day is one look into memory
DAYS_MIN = 8  # below this the normal approximation of the test is not allowed (Kendall 1975)
SURE_Z = 1.96  # of 20 trends that are none, one is told
ONE_DAY = timedelta(days=1)


class Trend(BaseModel):
    """A signal, and over which days."""

    signal: str
    window: Window | None = None


class _Day(NamedTuple):
    number: int
    value: float


def trend(asked: Trend, recall: Recall, context: Context) -> Answer:
    """Return how many units a week the daily value goes up or down, or that it is but noise."""
    window = asked.window or _usual(context)
    days, name = _days(asked.signal, window, recall, context), name_of(asked.signal)
    timed = when(window, said=asked.window is not None)
    if len(days) < DAYS_MIN:
        have = plural(len(days), "full day") if days else "no full day"
        text = f"I can't tell: {name} {were(name)} measured on {have} {window.words}, too few."
        if not days:
            text = f"I can't tell: no {name} {were(name)} measured on a full day {window.words}."
        return Answer(text, known=False)
    a_week, z = 7 * slope(days), kendall(days)
    counted = f"{len(days)} full days"
    evidence = (Evidence(role="days", value=counted, kind="count", samples=len(days)), timed)
    by = f"{rounded(asked.signal, abs(a_week))} {unit_of(asked.signal)} a week"
    if abs(z) < SURE_Z or rounded(asked.signal, abs(a_week)) == rounded(asked.signal, 0):
        spread = _spread(asked.signal, days)
        told = "neither up nor down more than its days differ anyway"
        verdict = Evidence(role="trend", value=told, kind="comparison")
        text = f"Your {name} went {told} {window.words}: {spread}, on {counted}."
        days_differ = Evidence(role="middle half of the days", value=spread, kind="figure")
        return Answer(text, (verdict, days_differ, *evidence))
    told = f"{'up' if a_week > 0 else 'down'} by about {by}"
    text = f"Your {name} went {told} {window.words}, by {counted}."
    return Answer(text, (Evidence(role="trend", value=told, kind="comparison"), *evidence))


def slope(days: Sequence[_Day]) -> float:
    """Return the median slope between two days, in units a day."""
    return median((b.value - a.value) / (b.number - a.number) for a, b in combinations(days, 2))


def kendall(days: Sequence[_Day]) -> float:
    """Return how many standard deviations the order of the days is away from no order."""
    rises = sum((b.value > a.value) - (b.value < a.value) for a, b in combinations(days, 2))
    count, ties = len(days), Counter(one.value for one in days).values()
    variance = (_kept(count) - sum(_kept(tied) for tied in ties)) / 18
    if not rises or variance <= 0:
        return 0.0
    return (rises - (1 if rises > 0 else -1)) / sqrt(variance)


def _kept(count: int) -> int:
    return count * (count - 1) * (2 * count + 5)


def _days(signal: str, window: Window, recall: Recall, context: Context) -> list[_Day]:
    """Return the value of each full day of the wearer within *window*; today is not over."""
    statistic = statistic_of(signal, "mean")
    midnight = context.local_now.replace(hour=0, minute=0, second=0, microsecond=0)
    found = []
    for back in range(min(DAYS_MAX, (midnight - window.since) // ONE_DAY + 1), 0, -1):
        start, end = midnight - back * ONE_DAY, midnight - (back - 1) * ONE_DAY
        if start < window.since or end > window.until:
            continue
        summary = recall.summary(signal, since=start, until=end)
        if summary is not None:
            found.append(_Day(-back, value_of(summary, statistic)))
    return found


def _spread(signal: str, days: Sequence[_Day]) -> str:
    values = sorted(one.value for one in days)
    quarter = len(values) // 4
    low, high = rounded(signal, values[quarter]), rounded(signal, values[-1 - quarter])
    each = " a day" if signal == STEPS.id else ""
    if low == high:
        return f"mostly {low} {unit_of(signal)}{each}"
    return f"mostly {low} to {high} {unit_of(signal)}{each}"


def _usual(context: Context) -> Window:
    midnight = context.local_now.replace(hour=0, minute=0, second=0, microsecond=0)
    since = midnight - USUAL_DAYS * ONE_DAY
    return Window(since=since, until=context.now, words="in the last four weeks")


SAYINGS = sayings("""
    is my {signal} going up {window} | is my {signal} going down {window}
    is my {signal} going up this month | is my {signal} going down this month
    is my {signal} going up | is my {signal} going down | is my {signal} rising this month
    is my {signal} falling this month | what is the trend of my {signal} {window}
    what is the trend of my {signal} | does my {signal} show a trend
    does my {signal} show a trend this month | trend of my {signal} | {signal} trend
    {signal} trend {window} | how is my {signal} developing | how is my {signal} trending
    is my {signal} trending up | is my {signal} trending down {window}
    is my {signal} getting higher | is my {signal} getting lower this month
    is my {signal} getting better over time | is my {signal} getting worse over time
    is my {signal} improving this month | is my {signal} climbing {window}
    has my {signal} been going up this month | has my {signal} been dropping since monday
    has my {signal} been creeping up last month | does my {signal} go up from day to day
    in which direction is my {signal} going | which way is my {signal} heading
    how has my {signal} developed this month | how has my {signal} changed over time
    am I walking more and more | do I walk fewer and fewer steps from day to day
    am I taking more steps day by day | is my heart rate creeping up lately
    over time, is my {signal} rising or falling | is my {signal} steady or does it drift
""")
