"""What the wearer may ask of the body's signs.  Pure."""

from datetime import timedelta

from agent.context import Context
from agent.phrases import clock, listing, moment
from agent.ports import Recall
from agent.signals import MOTION
from agent.skill import Answer, NoArguments
from skills.signs import words
from skills.signs.words import ADVICE, LOOK_ALIKE, NO_EXAMINATION, SOON, UNPROVEN

FALL_KEPT = timedelta(days=1)


def heart_rhythm(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return whether the pulse was regular in the last minutes, or what is missing to tell."""
    rhythm, now, zone = context.rhythm, context.now, context.local
    grade = rhythm.at(now)
    if grade is None:
        return Answer(f"I can't tell: {words.rhythm_missing(context)}.", known=False)
    caveat = words.said("limit", NO_EXAMINATION)
    if grade == "none" or rhythm.since is None:
        until = clock(rhythm.measured_at, zone)
        told = f"regular at rest in the six minutes of beats until {until}"
        pulse = words.said("pulse", told, until=rhythm.measured_at)
        return Answer(f"Your pulse was {told}; {NO_EXAMINATION}.", (pulse, caveat))
    told = f"irregular at rest since {moment(rhythm.since, now, zone)}"
    pulse = words.said("pulse", told, since=rhythm.since, until=rhythm.measured_at)
    evidence = (pulse, words.advice(grade), caveat)
    return Answer(f"Your pulse has been {told}. {ADVICE[grade]}", evidence)


def body_signs(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return the signs that hold now; without one what was looked at, and what was not."""
    signs = context.acute.at(context.now)
    grade = context.rhythm.at(context.now)
    told = [words.told(one, context) for one in signs]
    if grade in ("watch", "doctor"):
        told.append("your pulse is irregular at rest")
    looked, missing = words.looked(context)
    if not told and not looked:
        return Answer(f"I can't tell: there was no {listing(missing)} lately.", known=False)
    not_known = f"; not known: {listing(missing)}" if missing else ""
    if not told:
        value = f"nothing unusual in {listing(looked)}{not_known}"
        return Answer(f"I see {value}; {NO_EXAMINATION}.", (words.said("signs", value),))
    worst = "doctor" if "doctor" in (grade, *(one.grade for one in signs)) else "watch"
    evidence = [words.said(f"sign {n}", one) for n, one in enumerate(told, 1)]
    text = f"{words.sentence(listing(told))}. {ADVICE[worst]}"
    return Answer(text, (*evidence, words.advice(worst)))


def illness_signs(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return what the last whole day was against the usual ones, or what is missing to tell."""
    illness = context.illness
    grade = illness.grade_at(context.now)
    if grade == "unknown":
        needed = f"{words.days_missing(context)} with a resting heart rate or breathing"
        return Answer(f"I can't tell: {needed} must be measured first.", known=False)
    caveat = words.said("limit", UNPROVEN)
    if grade == "none":
        told = "about your usual"
        text = f"Your last whole day was {told}; {UNPROVEN}."
        return Answer(text, (words.said("last day", told), caveat))
    told = words.against_usual(illness.reasons())
    text = f"Your body works harder than usual: {told}. {LOOK_ALIKE}, and {UNPROVEN}. {SOON}"
    return Answer(text, (words.said("last day", told), caveat, words.advice("watch")))


def fallen(_: NoArguments, recall: Recall, context: Context) -> Answer:
    """Return the newest impact with stillness after it, of the last day."""
    now = context.now
    judged = recall.judgements(since=now - FALL_KEPT)
    falls = [one for one in judged if one.skill == "signs" and one.topic.startswith("fall ")]
    if falls:
        told = f"{listing(falls[-1].evidence)}, noticed {moment(falls[-1].at, now, context.local)}"
        seen = words.said("impact", told, until=falls[-1].at)
        return Answer(f"There was {told}. That may have been a fall.", (seen,))
    if context.value(MOTION.id) is None:
        return Answer("I can't tell: no acceleration is measured just now.", known=False)
    return Answer("I noticed no fall in the last day: no impact with stillness after it.")
