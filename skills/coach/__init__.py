"""Coach speech while it happens: pace, loudness, fillers and share of talking, by a touch.

It judges what the ears of this device measure; where nothing is heard it says so.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import BaseModel, JsonValue

from agent.config import Section
from agent.context import Context, Memory
from agent.events import Input, SkillNoted
from agent.phrases import clock, duration, listing
from agent.ports import Recall
from agent.signals import (
    FILLER_RATE,
    HEART_RATE,
    SOUND_LEVEL,
    SPEECH_RATE,
    SPEECH_SHARE,
    Signal,
)
from agent.skill import RECALL, Answer, Evidence, NoArguments, Proposal, Skill, Tool, sayings
from skills.coach.delivered import UNTOLD, apart, delivered

SESSION_MAX = timedelta(hours=3)  # a forgotten session ends by itself
CUE = timedelta(seconds=30)  # one touch of a kind in this time: more would be a nag
BEGINNING = {"rate": 160.0, "share": 0.6}
"""What is watched where nothing is named: conversation runs at 120 to 160 words a minute."""


class _Watched(NamedTuple):
    signal: Signal
    unit: str
    glance: str
    name: str


WATCHED = {
    "rate": _Watched(SPEECH_RATE, "words a minute", "Slower: {} words a minute", "pace"),
    "share": _Watched(SPEECH_SHARE, "of the time", "Let others talk: {}", "share of talking"),
    "loud": _Watched(SOUND_LEVEL, "dB", "Softer: {} dB", "loudness"),
    "fillers": _Watched(FILLER_RATE, "fillers a minute", "Fillers: {} a minute", "fillers"),
}


class Settings(Section):
    """The coach has no settings of its own: limits are set for each talk."""


class Limits(BaseModel):
    """What must not be passed: `rate`, `share`, `loud`, `fillers`."""

    limits: dict[str, float] | None = None


def begin(asked: Limits, _: Recall, context: Context) -> Answer:
    """Begin to coach, or change the limits of the session that runs."""
    wanted = asked.limits or BEGINNING
    known = {name: value for name, value in wanted.items() if name in WATCHED}
    told = listing([f"{WATCHED[name].name} {_figure(name, known[name])}" for name in known])
    heard = context.value(SPEECH_SHARE.id) is not None
    deaf = "" if heard else " I hear nothing yet: no microphone has sent a measure of speech."
    evidence = [Evidence(role="limits", value=told, kind="list", said=True)]
    if not heard:
        value = "nothing is heard yet"
        evidence.append(Evidence(role="hearing", value=value, kind="caveat", said=True))
    return Answer(
        f"I touch your wrist above {told}.{deaf}",
        tuple(evidence),
        events=(_note(context, "begun", limits={**known}),),
        undo=(_note(context, "ended"),),
        offer=f"coach your speech: {told}",
    )


def end(_: NoArguments, recall: Recall, context: Context) -> Answer:
    """End the session, and report."""
    session = _session(context)
    if session is None:
        return Answer("I am not coaching you just now.", known=False)
    told = report(NoArguments(), recall, context)
    return Answer(
        f"I have stopped coaching. {told.text}",
        told.evidence,
        events=(_note(context, "ended"),),
        offer="stop coaching",
    )


def report(_: NoArguments, recall: Recall, context: Context) -> Answer:
    """Return what was measured of speech in the newest session, with the heart rate beside it."""
    found = _newest(context)
    if found is None:
        return Answer("I can't tell: I have not coached you yet.", known=False)
    since, until, limits = found
    parts, evidence = [], list[Evidence]()
    for name, watched in WATCHED.items():
        summary = recall.summary(watched.signal.id, since=since, until=until)
        if summary is None:
            continue
        mean, high = _figure(name, summary.mean), _figure(name, summary.high)
        parts.append(f"{watched.name} {mean} on average, at most {high}")
        evidence.append(_evidence(watched.name, f"{mean}, at most {high}", found))
    if not parts:
        return Answer("I can't tell: no speech was measured in that time.", known=False)
    for part in (*delivered(context), *apart(context)):
        parts.append(part)
        evidence.append(_evidence(part.partition(" ")[2], part, found))
    heart = recall.summary(HEART_RATE.id, since=since, until=until)
    if heart is not None:
        parts.append(f"heart rate {heart.mean:.0f} bpm")
        evidence.append(_evidence("heart rate", f"{heart.mean:.0f} bpm", found))
    over = [WATCHED[name].name for name in limits if _passed(name, limits, recall, since, until)]
    kept = f" Over the limit: {listing(over)}." if over else " All within the limits."
    lasted = duration(until - since)
    untold = f" {UNTOLD}" if delivered(context) and not apart(context) else ""
    return Answer(f"In {lasted}: {'; '.join(parts)}.{kept}{untold}", tuple(evidence))


class Coach(Skill):
    """Speaks only inside a session that the wearer began."""

    name = "coach"
    theme = "promised"
    fresh_min = 2
    settings = Settings
    reads = frozenset(("latest", RECALL))
    wakes = frozenset(watched.signal.id for watched in WATCHED.values())
    does = frozenset(("promise",))
    folds = frozenset(("skill_noted",))
    tools = (
        Tool(
            name="coach",
            what="coaching your speech",
            examples=sayings("""
                coach my speech | coach me in this talk | be my speech coach
                warn me above {limits} | warn me when I talk too fast | coach me on my pace
                touch my wrist when I get loud | buzz me when I speak too quickly
                let me know if I talk for more than {limits} | watch my pace in this meeting
                coach my speaking, not above {limits} | help me speak slower
                tell me if I rush my words | warn me when I say um too often
                keep an eye on my talking pace | I give a talk now, coach me
                start the speech coach | speech coaching on | speech coach
                remind me to let others talk | don't let me talk more than {limits}
                vibrate when I go over {limits} | coach me while I present
                tell me when I dominate the conversation | watch my fillers
                can you coach how I speak | I want to talk slower, help me
                please coach my talk with {limits} | mind my volume while I talk
                um coach me when I when I speak
            """),
            arguments=Limits,
            answer=begin,
            acts=True,
            frames=(
                r"\bcoach (?:me|my|how)\b|\bspeech coach(?:ing)?\b|\bbe my .*coach\b",
                r"\b(?:warn|tell|buzz|touch|vibrate|let) .*\b(?:talk|speak|loud|rush|um)\b",
            ),
            asks={"limits": "Above which pace, such as 160 words a minute?"},
        ),
        Tool(
            name="stop_coach",
            what="ending the coaching",
            examples=sayings("""
                stop coaching | stop coaching me | end the speech coach | coaching off
                the talk is over, stop coaching | that's enough coaching | no more coaching
                speech coach off | you can stop coaching my speech | end the coaching
                quit coaching | finish coaching | turn the speech coach off
                I'm done presenting, stop the coach | stop watching my pace
                stop watching how I talk | leave my talking alone now | coach, stop
                stop the coach | end my coaching session | close the coaching session
                please stop to coach me | I don't need the coach any more
                stop buzzing me about my pace | no coaching any longer
                thanks, coaching is over | stop minding my speech | off with the coach
                stop touching my wrist about my speech | the coach can stop
                um stop the the coaching
            """),
            arguments=NoArguments,
            answer=end,
            acts=True,
            removes=True,
            frames=(
                r"\b(?:stop|end|quit|finish|no more|enough|turn off|off)\b.*\bcoach(?:ing)?\b",
                r"\bcoach(?:ing)?\b.*\b(?:off|stop|over)\b",
            ),
        ),
        Tool(
            name="speech_report",
            what="how you spoke",
            own=True,
            exact=True,
            examples=sayings("""
                how did I speak | how was my talk | how fast did I talk | how did I do as a speaker
                give me the speech report | what was my speaking pace | did I talk too fast
                did I speak too quickly | how much did I talk | how many fillers did I use
                was I too loud in the talk | how many words a minute did I speak
                did I let the others talk | my share of the talking | speech report
                what does the coach say | how was my pace in the presentation
                did I say um a lot | how did my speech go | coach report
                did I hog the conversation | how was my delivery | was my talk rushed
                how did the presentation go, pace and all | tell me how I spoke
                what did you measure of my speech | report on my talk
                how quick was my speech | how was I as a speaker today
                um how did I how did I talk
            """),
            arguments=NoArguments,
            answer=report,
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Propose a touch for each limit that is passed now."""
        session = _session(context)
        if session is None:
            return ()
        _, limits = session
        return tuple(
            _cue(name, value, context)
            for name in limits
            if (value := context.value(WATCHED[name].signal.id)) is not None
            and value > limits[name]
        )

    def fold(self, memory: Memory, event: Input, context: Context) -> Memory:
        """Begin or end a session."""
        if not isinstance(event, SkillNoted):
            return memory
        at = event.at.isoformat()
        if event.name == "begun":
            return {"since": at, "limits": event.data.get("limits", {})}
        if event.name == "delivered":
            return {**memory, "delivered": {**event.data}} if "since" in memory else memory
        return {**memory, "until": at} if "since" in memory and "until" not in memory else memory


def _cue(name: str, value: float, context: Context) -> Proposal:
    watched, now = WATCHED[name], context.now
    slot = int(now.timestamp() // CUE.total_seconds())
    newest = context.latest[watched.signal.id].at
    told = _figure(name, value)
    return Proposal(
        topic=f"{name} {slot}",
        glance=watched.glance.format(f"{value:.0%}" if name == "share" else f"{value:.0f}"),
        text=f"Your {watched.name} is at {told}.",
        evidence=(f"{watched.name} {told} at {clock(newest, context.local)}",),
        evidence_at=newest,
        urgency="promised",
        haptic="double",
        expires=now + CUE,
    )


def _newest(context: Context) -> tuple[datetime, datetime, Mapping[str, float]] | None:
    """Return the newest session: from when, until when, and its limits."""
    memory = context.own("coach")
    if "since" not in memory:
        return None
    since = datetime.fromisoformat(str(memory["since"]))
    ended = memory.get("until")
    until = datetime.fromisoformat(str(ended)) if ended else min(context.now, since + SESSION_MAX)
    limits = memory.get("limits")
    known = limits if isinstance(limits, Mapping) else {}
    read = {name: float(str(value)) for name, value in known.items() if name in WATCHED}
    return since, max(since, until), read


def _session(context: Context) -> tuple[datetime, Mapping[str, float]] | None:
    memory = context.own("coach")
    if "since" not in memory or "until" in memory:
        return None
    found = _newest(context)
    if found is None or context.now - found[0] > SESSION_MAX:
        return None
    return found[0], found[2]


def _passed(
    name: str, limits: Mapping[str, float], recall: Recall, since: datetime, until: datetime
) -> bool:
    summary = recall.summary(WATCHED[name].signal.id, since=since, until=until)
    return summary is not None and summary.high > limits[name]


def _figure(name: str, value: float) -> str:
    told = f"{value:.0%}" if name == "share" else f"{value:.0f}"
    return f"{told} {WATCHED[name].unit}"


def _evidence(
    role: str, value: str, session: tuple[datetime, datetime, Mapping[str, float]]
) -> Evidence:
    return Evidence(role=role, value=value, kind="figure", since=session[0], until=session[1])


def _note(context: Context, name: str, *, limits: dict[str, float] | None = None) -> SkillNoted:
    data: dict[str, JsonValue] = {"limits": {**limits}} if limits is not None else {}
    return SkillNoted(at=context.now, skill="coach", name=name, data=data)
