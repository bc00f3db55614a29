"""Hold what was measured at one time against another.  Pure."""

from datetime import timedelta
from typing import Literal, NamedTuple

from pydantic import BaseModel

from agent.context import Context
from agent.ports import Recall, Summary
from agent.signals import STEPS
from agent.skill import Answer, Evidence, Window, sayings
from skills.body.words import NAMED, name_of, rounded, statistic_of, unit_of, value_of, were

SAME_SHARE = 0.03  # a smaller difference is within what a watch repeats
SAME = {"skin_temperature": 0.3, "body_temperature": 0.2, "spo2": 1.0, "heart_rate": 2.0}
"""By how much two means differ at least, in the unit of the signal."""
LENGTHS_ALIKE = 0.1  # steps add up: of unlike times their sums say nothing
COVERED = 0.5  # with less than half as many samples, one time was hardly measured


class Comparison(BaseModel):
    """A signal, what to tell of it, and the two times."""

    signal: str
    spans: tuple[Window, Window]
    statistic: Literal["mean", "highest", "lowest", "total"] = "mean"


class _Told(NamedTuple):
    window: Window
    value: float
    spoken: str
    samples: int


def compared(asked: Comparison, recall: Recall, context: Context) -> Answer:
    """Return both figures, and which is higher where the difference means something."""
    statistic = statistic_of(asked.signal, asked.statistic)
    told = []
    for window in asked.spans:
        summary = recall.summary(asked.signal, since=window.since, until=window.until)
        if summary is None:
            name = name_of(asked.signal)
            text = f"I can't tell: no {name} {were(name)} measured {window.words}."
            return Answer(text, known=False)
        told.append(_told(summary, statistic, window))
    first, second = told
    verdict = _verdict(asked.signal, first, second)
    caveat = _caveat(asked.signal, first, second)
    figures = f"{first.spoken} {first.window.words}, {second.spoken} {second.window.words}"
    name = _what(asked.signal, statistic)
    text = f"Your {name}: {figures}. {verdict}." if verdict else f"Your {name}: {figures}."
    return Answer(
        f"{text} {caveat}" if caveat else text,
        (
            *_of(name, unit_of(asked.signal), first),
            *_of(name, unit_of(asked.signal), second),
            *_compared(verdict),
            *((Evidence(role="caveat", value=caveat, kind="caveat", said=True),) if caveat else ()),
        ),
    )


def _told(summary: Summary, statistic: str, window: Window) -> _Told:
    value = value_of(summary, statistic)
    spoken = f"{rounded(summary.signal, value)} {unit_of(summary.signal)}"
    return _Told(window, value, spoken, summary.count)


def _what(signal: str, statistic: str) -> str:
    return name_of(signal) if signal == STEPS.id else f"{NAMED[statistic]} {name_of(signal)}"


def _verdict(signal: str, first: _Told, second: _Told) -> str:
    """Return which is higher and by how much; nothing of sums over times of unlike length."""
    if signal == STEPS.id and not _as_long(first.window, second.window):
        return ""
    more = first.value - second.value
    least = SAME.get(signal, SAME_SHARE * max(abs(first.value), abs(second.value)))
    if abs(more) < least or rounded(signal, abs(more)) == rounded(signal, 0):
        return "That is about the same"
    words = ("more", "fewer") if signal == STEPS.id else ("higher", "lower")
    by = f"{rounded(signal, abs(more))} {unit_of(signal)}"
    return f"That is {by} {words[0] if more > 0 else words[1]} {first.window.words}"


def _caveat(signal: str, first: _Told, second: _Told) -> str:
    if signal == STEPS.id:
        alike = _as_long(first.window, second.window)
        return "" if alike else "The times are not equally long, so the sums do not compare."
    rates = [
        one.samples / max((one.window.until - one.window.since) / timedelta(minutes=1), 1)
        for one in (first, second)
    ]
    if min(rates) >= COVERED * max(rates):
        return ""
    fewer = min((first, second), key=lambda one: rates[(first, second).index(one)])
    return f"Much less was measured {fewer.window.words}."


def _as_long(first: Window, second: Window) -> bool:
    one, two = first.until - first.since, second.until - second.since
    return abs(one - two) <= LENGTHS_ALIKE * max(one, two)


def _of(name: str, unit: str, told: _Told) -> tuple[Evidence, ...]:
    return (
        Evidence(
            role=f"{name} {told.window.words}",
            value=told.spoken,
            unit=unit,
            kind="figure",
            said=True,
            since=told.window.since,
            until=told.window.until,
            samples=told.samples,
        ),
        Evidence(
            role="when",
            value=told.window.words,
            kind="window",
            said=True,
            since=told.window.since,
            until=told.window.until,
        ),
    )


def _compared(verdict: str) -> tuple[Evidence, ...]:
    told = verdict.removeprefix("That is ")
    return (Evidence(role="compared", value=told, kind="comparison"),) if verdict else ()


SAYINGS = sayings("""
    was my {signal} higher {spans} | was my {signal} lower {spans}
    is my {signal} higher {spans} | is my {signal} lower {spans}
    compare my {signal} {spans} | compare the {signal} {spans}
    compare my {statistic} {signal} {spans} | did I have more {signal} {spans}
    how does my {signal} compare {spans} | how did my {signal} compare {spans}
    what is the difference in my {signal} between {spans}
    how much did my {signal} differ between {spans}
    was my {statistic} {signal} higher {spans} | was my {statistic} {signal} lower {spans}
    how different was my {signal} {spans} | how much higher was my {signal} {spans}
    how much lower was my {signal} {spans} | did my {signal} change between {spans}
    did my {signal} differ {spans} | put my {signal} side by side {spans}
    did I walk more {spans} | did I take more steps {spans} | did I walk less {spans}
    have I taken fewer steps {spans} | was I breathing faster {spans}
    did my heart beat faster {spans} | was my pulse slower {spans}
    was it louder around me {spans} | was my skin warmer {spans}
    was my {signal} better {spans} | was my {signal} worse {spans}
    contrast my {signal} {spans} | hold my {signal} {spans} against each other
    which was higher, my {signal} {spans} | was there a difference in my {signal} {spans}
    tell me how my {signal} compares {spans} | a comparison of my {signal} {spans}
    is my {signal} up {spans} | is my {signal} down {spans}
""")
