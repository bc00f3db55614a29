"""Ask after a fall; tell signs of the body that were held for minutes or days, never a cause."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import exp

from pydantic import Field

from agent.config import Section
from agent.context import Context
from agent.fusion.acute import Sign
from agent.fusion.illness import SHIPS_ON, Reason
from agent.phrases import clock, duration, listing, moment, plural
from agent.ports import Recall
from agent.signals import IBI
from agent.skill import Answer, Evidence, NoArguments, Proposal, Skill, Tool, sayings

DAY = timedelta(days=1)
LATELY = timedelta(minutes=15)
OXYGEN_LATELY = timedelta(hours=1)
CONFIDENCE = 0.8  # of what a wrist measured
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


class Settings(Section):
    """What it may say unasked beyond falls, acute signs and rhythm."""

    illness: bool = Field(
        default=SHIPS_ON, description="Tell early signs of illness over days unasked: unproven."
    )


def heart_rhythm(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return whether the pulse was regular in the last minutes, or what is missing to tell."""
    rhythm, now, zone = context.rhythm, context.now, context.local
    grade = rhythm.at(now)
    if grade is None:
        return Answer(f"I can't tell: {_rhythm_missing(context)}.", known=False)
    caveat = _said("limit", NO_EXAMINATION)
    if grade == "none" or rhythm.since is None:
        until = clock(rhythm.measured_at, zone)
        told = f"regular at rest in the six minutes of beats until {until}"
        pulse = _said("pulse", told, until=rhythm.measured_at)
        return Answer(f"Your pulse was {told}; {NO_EXAMINATION}.", (pulse, caveat))
    told = f"irregular at rest since {moment(rhythm.since, now, zone)}"
    pulse = _said("pulse", told, since=rhythm.since, until=rhythm.measured_at)
    return Answer(f"Your pulse has been {told}. {ADVICE[grade]}", (pulse, _advice(grade), caveat))


def body_signs(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return the signs that hold now; without one what was looked at, and what was not."""
    signs = context.acute.at(context.now)
    grade = context.rhythm.at(context.now)
    told = [_told(one, context) for one in signs]
    if grade in ("watch", "doctor"):
        told.append("your pulse is irregular at rest")
    looked, missing = _looked(context)
    if not told and not looked:
        return Answer(f"I can't tell: there was no {listing(missing)} lately.", known=False)
    not_known = f"; not known: {listing(missing)}" if missing else ""
    if not told:
        value = f"nothing unusual in {listing(looked)}{not_known}"
        return Answer(f"I see {value}; {NO_EXAMINATION}.", (_said("signs", value),))
    worst = "doctor" if "doctor" in (grade, *(one.grade for one in signs)) else "watch"
    evidence = [_said(f"sign {n}", one) for n, one in enumerate(told, 1)]
    text = f"{_sentence(listing(told))}. {ADVICE[worst]}"
    return Answer(text, (*evidence, _advice(worst)))


def illness_signs(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return what the last whole day was against the usual ones, or what is missing to tell."""
    illness = context.illness
    grade = illness.grade_at(context.now)
    if grade == "unknown":
        needed = f"{_days_missing(context)} with a resting heart rate, variability or breathing"
        return Answer(f"I can't tell: {needed} must be measured first.", known=False)
    caveat = _said("limit", UNPROVEN)
    if grade == "none":
        told = "about your usual"
        text = f"Your last whole day was {told}; {UNPROVEN}."
        return Answer(text, (_said("last day", told), caveat))
    told = _against_usual(illness.reasons())
    text = f"Your body works harder than usual: {told}. {LOOK_ALIKE}, and {UNPROVEN}. {SOON}"
    return Answer(text, (_said("last day", told), caveat, _advice("watch")))


class Signs(Skill):
    """Speak of the body only where something was held long enough, and never name an illness."""

    name = "signs"
    # Each estimate says itself when it is too old; this is the longest of them, that of days.
    fresh_min = 2880
    settings = Settings
    theme = "safety"
    reads = frozenset(("acute", "fall", "illness", "latest", "motion", "rhythm"))
    wakes = frozenset(("minute", "motion_peak", "schedule_due"))
    does = frozenset(("promise", "urgent"))
    tools = (
        Tool(
            name="heart_rhythm",
            what="whether your heart beats regularly",
            own=True,
            exact=True,
            examples=sayings("""
                is my heart beating regularly | is my heartbeat regular | is my pulse even
                is my heart rhythm normal | do I have an irregular heartbeat
                is my heart skipping beats | does my heart stumble | is my pulse irregular
                check my heart rhythm | heart rhythm | is my rhythm okay | is my ticker in time
                are my beats even | do my heartbeats come evenly | is my heart out of rhythm
                have you seen any irregular beats | has my heart been beating unevenly
                my heart feels like it skips, does it | how regular is my heartbeat
                any arrhythmia | is my heart beating steadily | does my pulse have extra beats
                is the rhythm of my heart alright | tell me if my heartbeat is regular please
                my heart is jumping about, is it really | is my pulse all over the place
                heart regular or not | has my heart missed a beat | irregular heartbeat
                um is my heart is it beating regular | is my pulse steady
            """),
            arguments=NoArguments,
            answer=heart_rhythm,
            now_only=True,
        ),
        Tool(
            name="body_signs",
            what="whether a body signal is unusual now",
            own=True,
            exact=True,
            examples=sayings("""
                is anything wrong with my body signals | are my vital signs okay
                are my vitals normal | do you see anything unusual in my body
                any warning signs | is there anything alarming in my readings
                is everything alright with my body | are all my body signals fine
                is something off with my body | anything worrying in my measurements
                check my vitals | vitals | warning signs | body signs | how are my vital signs
                do my signals look normal | is there a sign I should worry about
                should I be worried about my readings | is my body okay right now
                are my readings in the normal range | do you notice anything strange about my body
                any abnormal signs | give my body a quick check | are my numbers concerning
                is anything out of the ordinary with my vitals | all vitals good
                does my body show anything odd | are there red flags in my data
                do any of my signals worry you | um is there something wrong with my my signals
            """),
            arguments=NoArguments,
            answer=body_signs,
            now_only=True,
        ),
        Tool(
            name="illness_signs",
            what="whether your last days were as usual, or your body works harder",
            own=True,
            exact=True,
            examples=sayings("""
                do I show signs of illness | do I show early signs of an illness
                am I coming down with something | am I getting sick | could I be getting ill
                is my body fighting something off | am I catching a cold | am I fighting off a bug
                do my readings look like I'm getting sick | any early signs of a cold
                is an illness on the way | does it look like I'm coming down with the flu
                do I seem to be brewing something | signs of illness | early illness signs
                is my resting heart rate up because I'm getting ill | have I caught something
                does my body work harder than usual | is my body under unusual load
                have you noticed signs of infection | is there an infection starting
                do I look like I'm getting unwell | am I sickening for something
                do I have a fever coming on | does my body fight an infection
                tell me if I'm getting ill | do you think I'm coming down with a bug
                are there signs that I'm falling ill | um am I am I getting sick
                is my body getting run down | have I picked up a virus
            """),
            arguments=NoArguments,
            answer=illness_signs,
            now_only=True,
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Ask after a fall, and of nothing else then; else propose each sign that holds."""
        fell = context.fall.open_at(context.now)
        if fell is not None:
            return (_fall(context),)
        if not (context.acute.spells or context.rhythm.grade != "none" or settings.illness):
            return ()
        acute = [_acute(one, context) for one in context.acute.at(context.now)]
        days = _illness(context) if settings.illness else ()
        return (*acute, *_rhythm(context), *days)


def _fall(context: Context) -> Proposal:
    fall = context.fall
    at = clock(fall.impact_at, context.local)
    return Proposal(
        topic=f"fall {fall.impact_at:%Y-%m-%dT%H:%M:%SZ}",
        glance="Did you fall? Are you all right?",
        text=(
            f"Did you fall? Are you all right? There was an impact at {at}, and you have hardly "
            "moved since. If you need help, call for it."
        ),
        evidence=(f"an impact of {fall.impact_mg / 1000:.1f} g at {at}", "no movement after it"),
        evidence_at=fall.suspected_at or fall.impact_at,
        confidence=CONFIDENCE,
        urgency="promised",
        haptic="long",
    )


def _acute(sign: Sign, context: Context) -> Proposal:
    glances = {
        "fast_heart": f"Heart at {sign.extreme:.0f} bpm while at rest",
        "slow_heart": f"Heart at only {sign.extreme:.0f} bpm",
        "low_oxygen": f"Blood oxygen down to {sign.extreme:.0f} %",
    }
    return Proposal(
        topic=f"{sign.name} {sign.grade} {context.local_now:%Y-%m-%d}",
        glance=glances[sign.name],
        text=f"{_sentence(_told(sign, context))}. {ADVICE[sign.grade]}",
        evidence=(
            f"{plural(sign.readings, 'reading')} in a row at rest, the furthest {_value(sign)}",
            f"since {moment(sign.since, context.now, context.local)}",
        ),
        evidence_at=sign.until,
        confidence=CONFIDENCE,
        urgency="urgent" if sign.grade == "doctor" else "normal",
        haptic="double",
    )


def _rhythm(context: Context) -> Iterator[Proposal]:
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


def _illness(context: Context) -> Iterator[Proposal]:
    illness = context.illness
    if illness.grade_at(context.now) != "likely":
        return
    told, measured_at = _against_usual(illness.reasons()), illness.days[-1].start + DAY
    yield Proposal(
        topic=f"illness {context.local_now:%Y-%m-%d}",
        glance="Your body works harder than usual",
        text=f"Your body works harder than usual: {told}. {LOOK_ALIKE}. {SOON}",
        evidence=(told, UNPROVEN),
        evidence_at=min(context.now, measured_at),
        confidence=CONFIDENCE,
    )


def _told(sign: Sign, context: Context) -> str:
    since = moment(sign.since, context.now, context.local)
    lasted = duration(sign.until - sign.since)
    match sign.name:
        case "fast_heart":
            return f"your heart has beaten at up to {_value(sign)} at rest for {lasted}"
        case "slow_heart":
            return f"your heart has beaten at as little as {_value(sign)} for {lasted}"
        case "low_oxygen":
            read = plural(sign.readings, "reading")
            return f"your blood oxygen was down to {_value(sign)} in {read} since {since}"


def _value(sign: Sign) -> str:
    return f"{sign.extreme:.0f} {'%' if sign.name == 'low_oxygen' else 'bpm'}"


def _sentence(told: str) -> str:
    return f"{told[0].upper()}{told[1:]}"


def _advice(grade: str) -> Evidence:
    return _said("advice", ADVICE[grade].rstrip("."))


def _said(
    role: str, value: str, *, since: datetime | None = None, until: datetime | None = None
) -> Evidence:
    """Return what no model may leave out or word away."""
    return Evidence(role=role, value=value, kind="caveat", said=True, since=since, until=until)


def _against_usual(reasons: Sequence[Reason]) -> str:
    told = []
    for one in reasons[:2]:
        name, unit, digits = SPOKEN[one.sign]
        value, usual = one.value, one.usual
        if one.sign == "log_rmssd":
            value, usual = exp(value), exp(usual)
        told.append(f"{name} {value:.{digits}f}{unit} against {usual:.{digits}f}")
    return listing(told) or "the sum of the last days"


def _looked(context: Context) -> tuple[list[str], list[str]]:
    """Return which signals at rest were looked at lately, and which were not."""
    acute, rhythm, now = context.acute, context.rhythm, context.now
    each = (
        ("heart rate at rest", now - acute.heart_at <= LATELY),
        ("pulse rhythm", rhythm.at(now) is not None),
        ("blood oxygen", now - acute.oxygen_at <= OXYGEN_LATELY),
    )
    return [name for name, ok in each if ok], [name for name, ok in each if not ok]


def _days_missing(context: Context) -> str:
    if not context.illness.days:
        return "ten days of you"
    more = context.illness.missing_days()
    return f"{plural(more, 'more day')} of you" if more else "a whole day of the last two"


def _rhythm_missing(context: Context) -> str:
    if context.value(IBI.id) is None:
        return "no source has sent the time between heart beats in the last minute"
    if context.motion.at(context.now) == "unknown" or context.motion.motion_mg is None:
        return "whether you are still is not known, for no acceleration is measured"
    judged = sum(context.now - one.end <= LATELY for one in context.rhythm.windows)
    return f"six minutes of beats at rest are needed, and {judged / 2:g} were measured lately"
