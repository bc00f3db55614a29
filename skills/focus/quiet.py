"""What is done and told of quiet, and which skill is meant by what people call it.  Pure."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from pydantic import AwareDatetime, BaseModel, Field

from agent.context import Context, Memory
from agent.events import EPOCH, FocusSet, SkillMuted
from agent.phrases import duration, listing, moment, plural
from agent.ports import Recall
from agent.skill import Answer, Evidence, NoArguments

NAME = "focus"
FOCUS_MAX = timedelta(days=1)  # longer than a day is no focus: a skill may be muted
TOPIC_MAX = 100
GRAVE = "signs"
SPOKEN: Mapping[str, str] = {
    "agenda": "agenda|brief|appointment|calendar|leave|leaving|time to leave",
    "break": "break|pause|breather|walk|stress|relax|meetings",
    "coach": "coach|speech|talking speed|filler",
    "digest": "digest|notification|summar|missed",
    "grocery": "grocer|shopping|shop|supermarket|food|what to buy|meal",
    "home": "home|light|lamp|heating|house|thermostat",
    "interpreter": "interpret|translat",
    "journal": "journal|diary|entry",
    "medication": "medication|medicine|pill|tablet|dose",
    "morning": "morning|night report|how i slept|good morning",
    "move": "move|moving|movement|sitting|sit|getting up|get up|stand|water|drink",
    "notes": "lecture|lectures",
    "reminder": "reminder|timer",
    "signs": "sign|fall|pulse|oxygen|illness|ill|heart|health",
    "sleep": "sleep|bedtime|wind down|winding down|bed",
    "todo": "to-do|todo|to do|task|chore",
    "training": "training|workout|exercise|sport|recovery|load",
}
"""By which words a skill is meant: its name, or what people call what it says."""


class Until(BaseModel):
    """Until when to be quiet."""

    until: AwareDatetime


class About(BaseModel):
    """What not to speak of, or of again."""

    topic: str = Field(min_length=1, max_length=TOPIC_MAX)


def focus(wanted: Until, _: Recall, context: Context) -> Answer:
    """Be quiet until a time within a day."""
    now, until = context.now, wanted.until
    when = moment(until, now, context.local)
    if not now < until <= now + FOCUS_MAX:
        return Answer(
            f"I can't be quiet until {when}: it is past, or over a day away.", known=False
        )
    evidence = (
        Evidence(role="quiet until", value=when, kind="time", until=until),
        Evidence(role="for", value=duration(until - now), kind="duration"),
    )
    before = context.focus_until if context.focus_until > now else None
    return Answer(
        f"Quiet until {when}; what you asked for at a time, and signs of danger, still come.",
        evidence,
        events=(FocusSet(at=now, until=until),),
        undo=(FocusSet(at=now, until=before),),
        offer=f"be quiet until {when}",
    )


def stop_focus(_: NoArguments, __: Recall, context: Context) -> Answer:
    """End the quiet."""
    now = context.now
    if context.focus_until <= now:
        return Answer("Focus is not on.", (Evidence(role="focus", value="off", kind="name"),))
    until = moment(context.focus_until, now, context.local)
    evidence = (Evidence(role="focus", value=f"ended, was until {until}", kind="name"),)
    return Answer(
        "Focus is over: I speak again.",
        evidence,
        events=(FocusSet(at=now, until=None),),
        undo=(FocusSet(at=now, until=context.focus_until),),
        offer="end your focus",
    )


def mute(wanted: About, _: Recall, context: Context) -> Answer:
    """Say no more of one thing, until the wearer wants it again."""
    skill = meant(wanted.topic, context)
    if skill is None:
        return _unknown(wanted.topic)
    kept = (
        " What you asked for at a time still comes." if skill in ("reminder", "medication") else ""
    )
    if skill == GRAVE:
        kept = " That is also falls and other signs of danger."
    return Answer(
        f"I say no more of {wanted.topic} ({skill}), until you want it again.{kept}",
        (Evidence(role="silent about", value=skill, kind="name"),),
        events=(SkillMuted(at=context.now, skill=skill),),
        undo=(SkillMuted(at=context.now, skill=skill, muted=False),),
        offer=f"say no more of {wanted.topic} ({skill})",
        weighty=skill == GRAVE,
    )


def unmute(wanted: About, _: Recall, context: Context) -> Answer:
    """Speak of one thing again."""
    skill = meant(wanted.topic, context)
    if skill is None:
        return _unknown(wanted.topic)
    return Answer(
        f"I speak of {wanted.topic} ({skill}) again.",
        (Evidence(role="speaks about", value=skill, kind="name"),),
        events=(SkillMuted(at=context.now, skill=skill, muted=False),),
        undo=(SkillMuted(at=context.now, skill=skill),),
        offer=f"speak of {wanted.topic} ({skill}) again",
    )


def focus_state(_: NoArguments, recall: Recall, context: Context) -> Answer:
    """Return whether focus is on and until when, what it held back, and what is muted."""
    memory, told, evidence = context.own(NAME), [], []
    if context.focus_until > context.now:
        until = moment(context.focus_until, context.now, context.local)
        told.append(f"Focus is on until {until}.")
        evidence.append(Evidence(role="focus", value=f"on until {until}", kind="time"))
        since = datetime.fromisoformat(str(memory.get("since", EPOCH.isoformat())))
        held = [one for one in recall.judgements(since=since) if one.verdict == "focus"]
        if held:
            count = plural(len({one.topic for one in held}), "nudge")
            told.append(f"It held back {count}.")
            evidence.append(Evidence(role="held back", value=count, kind="count"))
    else:
        told.append("Focus is off.")
        evidence.append(Evidence(role="focus", value="off", kind="name"))
    muted = muted_of(memory)
    if muted:
        told.append(f"I say nothing of {listing(muted)}.")
        evidence.append(Evidence(role="silent about", value=listing(muted), kind="list", said=True))
    return Answer(" ".join(told), tuple(evidence))


def meant(topic: str, context: Context) -> str | None:
    """Return the skill that *topic* names: one that has spoken, or by what people call it."""
    said = f" {topic.lower()} "
    heard = {*SPOKEN, *context.memories, *(one.skill for one in context.shown)}
    exact = [name for name in heard if f" {name} " in said]
    if exact:
        return max(exact, key=len)
    found = [
        (len(match[0]), name)
        for name, words in SPOKEN.items()
        for match in [re.search(rf"\b(?:{words})", said)]
        if match is not None
    ]
    return max(found)[1] if found else None


def muted_of(memory: Memory) -> list[str]:
    """Return the skills that the wearer does not want to hear of."""
    muted = memory.get("muted", [])
    return [str(name) for name in muted] if isinstance(muted, list) else []


def _unknown(topic: str) -> Answer:
    known = listing(sorted(SPOKEN))
    return Answer(f"I can't tell what you mean by {topic!r}: I speak of {known}.", known=False)
