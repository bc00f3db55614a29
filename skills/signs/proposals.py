"""What is said of the body's signs unasked.  Pure."""

from collections.abc import Iterator

from agent.context import Context
from agent.fusion.acute import Sign
from agent.phrases import clock, moment, plural
from agent.skill import Proposal
from skills.signs import words
from skills.signs.words import ADVICE, DAY, LOOK_ALIKE, NO_EXAMINATION, SOON, UNPROVEN

CONFIDENCE = 0.8  # of what a wrist measured


def fall(context: Context) -> Proposal:
    """Return the question after a fall."""
    fell = context.fall
    at = clock(fell.impact_at, context.local)
    return Proposal(
        topic=f"fall {fell.impact_at:%Y-%m-%dT%H:%M:%SZ}",
        glance="Did you fall? Are you all right?",
        text=(
            f"Did you fall? Are you all right? There was an impact at {at}, and you have hardly "
            "moved since. If you need help, call for it."
        ),
        evidence=(f"an impact of {fell.impact_mg / 1000:.1f} g at {at}", "no movement after it"),
        evidence_at=fell.suspected_at or fell.impact_at,
        confidence=CONFIDENCE,
        urgency="promised",
        haptic="long",
    )


def acute(sign: Sign, context: Context) -> Proposal:
    """Return the proposal that tells of *sign*."""
    glances = {
        "fast_heart": f"Heart at {sign.extreme:.0f} bpm while at rest",
        "slow_heart": f"Heart at only {sign.extreme:.0f} bpm",
        "low_oxygen": f"Blood oxygen down to {sign.extreme:.0f} %",
    }
    return Proposal(
        topic=f"{sign.name} {sign.grade} {context.local_now:%Y-%m-%d}",
        glance=glances[sign.name],
        text=f"{words.sentence(words.told(sign, context))}. {ADVICE[sign.grade]}",
        evidence=(
            f"{plural(sign.readings, 'reading')} in a row at rest, up to {words.value(sign)}",
            f"since {moment(sign.since, context.now, context.local)}",
        ),
        evidence_at=sign.until,
        confidence=CONFIDENCE,
        urgency="urgent" if sign.grade == "doctor" else "normal",
        haptic="double",
    )


def rhythm(context: Context) -> Iterator[Proposal]:
    """Yield the proposal that tells of an irregular pulse, if it is one."""
    rhythm, now = context.rhythm, context.now
    grade = rhythm.at(now)
    if grade is None or grade == "none" or rhythm.since is None:
        return
    since = moment(rhythm.since, now, context.local)
    yield Proposal(
        topic=f"rhythm {grade} {context.local_now:%Y-%m-%d}",
        glance="Your pulse is irregular at rest",
        text=f"Your pulse has been irregular at rest since {since}. {ADVICE[grade]}",
        evidence=(f"{rhythm.irregular_min():.1f} min of irregular beats", NO_EXAMINATION),
        evidence_at=rhythm.measured_at,
        confidence=CONFIDENCE,
        urgency="urgent" if grade == "doctor" else "normal",
        haptic="double",
    )


def illness(context: Context) -> Iterator[Proposal]:
    """Yield the proposal that tells of the last days, if they were unlike the usual."""
    illness = context.illness
    if illness.grade_at(context.now) != "likely":
        return
    told, measured_at = words.against_usual(illness.reasons()), illness.days[-1].start + DAY
    yield Proposal(
        topic=f"illness {context.local_now:%Y-%m-%d}",
        glance="Your body works harder than usual",
        text=f"Your body works harder than usual: {told}. {LOOK_ALIKE}. {SOON}",
        evidence=(told, UNPROVEN),
        evidence_at=min(context.now, measured_at),
        confidence=CONFIDENCE,
    )
