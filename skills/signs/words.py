"""How signs of the body are put into words: what was seen, and whom to ask.  Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import exp

from agent.context import Context
from agent.fusion.acute import Sign
from agent.fusion.illness import Reason
from agent.phrases import duration, listing, moment, plural
from agent.signals import IBI
from agent.skill import Evidence

DAY = timedelta(days=1)
LATELY = timedelta(minutes=15)
OXYGEN_LATELY = timedelta(hours=1)
SOON = "Sit down, have it measured again, and ask a doctor if you feel unwell."
NOW = "Please ask a doctor about it, at once if you feel unwell."
ADVICE = {"watch": SOON, "doctor": NOW}
NO_EXAMINATION = "a watch does not examine a heart"
UNPROVEN = "this estimate of days is not proven"
LOOK_ALIKE = "Strain, alcohol, heat and an infection look alike here"
SPOKEN = {
    "resting_heart_rate": ("resting heart rate", " bpm", 0),
    "log_rmssd": ("heart rate variability", " ms", 0),
    "skin_temperature": ("skin temperature", " °C", 1),
    "respiration": ("breathing", " breaths a minute", 1),
}


def told(sign: Sign, context: Context) -> str:
    """Return *sign* as part of a sentence."""
    since = moment(sign.since, context.now, context.local)
    lasted = duration(sign.until - sign.since)
    match sign.name:
        case "fast_heart":
            return f"your heart has beaten at up to {value(sign)} at rest for {lasted}"
        case "slow_heart":
            return f"your heart has beaten at as little as {value(sign)} for {lasted}"
        case "low_oxygen":
            read = plural(sign.readings, "reading")
            return f"your blood oxygen was down to {value(sign)} in {read} since {since}"


def value(sign: Sign) -> str:
    """Return the furthest reading of *sign* with its unit."""
    return f"{sign.extreme:.0f} {'%' if sign.name == 'low_oxygen' else 'bpm'}"


def sentence(text: str) -> str:
    """Return *text* with a capital."""
    return f"{text[0].upper()}{text[1:]}"


def advice(grade: str) -> Evidence:
    """Return whom to ask, which no wording may leave out."""
    return said("advice", ADVICE[grade].rstrip("."))


def said(
    role: str, value: str, *, since: datetime | None = None, until: datetime | None = None
) -> Evidence:
    """Return what no model may leave out or word away."""
    return Evidence(role=role, value=value, kind="caveat", said=True, since=since, until=until)


def against_usual(reasons: Sequence[Reason]) -> str:
    """Return the strongest reasons, each against the usual."""
    found = []
    for one in reasons[:2]:
        name, unit, digits = SPOKEN[one.sign]
        now, usual = one.value, one.usual
        if one.sign == "log_rmssd":
            now, usual = exp(now), exp(usual)
        found.append(f"{name} {now:.{digits}f}{unit} against {usual:.{digits}f}")
    return listing(found) or "the sum of the last days"


def looked(context: Context) -> tuple[list[str], list[str]]:
    """Return which signals at rest were looked at lately, and which were not."""
    acute, rhythm, now = context.acute, context.rhythm, context.now
    each = (
        ("heart rate at rest", now - acute.heart_at <= LATELY),
        ("pulse rhythm", rhythm.at(now) is not None),
        ("blood oxygen", now - acute.oxygen_at <= OXYGEN_LATELY),
    )
    return [name for name, ok in each if ok], [name for name, ok in each if not ok]


def days_missing(context: Context) -> str:
    """Return how many days are missing before days can be told of."""
    if not context.illness.days:
        return "ten days of you"
    more = context.illness.missing_days()
    return f"{plural(more, 'more day')} of you" if more else "a whole day of the last two"


def rhythm_missing(context: Context) -> str:
    """Return what is missing to tell of the rhythm."""
    if context.value(IBI.id) is None:
        return "no source has sent the time between heart beats in the last minute"
    if context.motion.at(context.now) == "unknown" or context.motion.motion_mg is None:
        return "whether you are still is not known, for no acceleration is measured"
    judged = sum(context.now - one.end <= LATELY for one in context.rhythm.windows)
    return f"six minutes of beats at rest are needed, and {judged / 2:g} were measured lately"
