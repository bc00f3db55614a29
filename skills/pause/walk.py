"""The walk that is offered: at the wearer's own pace, and what it did to the heart.  Pure."""

from datetime import datetime, timedelta

from agent.context import Context, Memory
from agent.events import Action, Fact, Proposal, Publish
from agent.fusion.meetings import Run
from agent.phrases import clock, duration, plural
from agent.ports import Recall
from agent.signals import CADENCE, HEART_RATE
from agent.skill import Answer, Evidence, NoArguments

WALK_MIN = 10
WORTH = 0.8  # help with strain, not a wish that costs some
CADENCES = (80.0, 135.0)  # steps a minute: slower is no walk, faster is a run
CADENCE_USUAL = 108.0  # of adults at their own pace (Tudor-Locke et al. 2018, Br J Sports Med 52)
AFTER = timedelta(minutes=WALK_MIN + 10)  # after a walk the heart comes to rest within minutes
UNTIL = timedelta(minutes=45)
SAME_BPM = 3


def offer(context: Context, run: Run, *, lasted: timedelta, score: float) -> Proposal:
    """Return the proposal of a walk after *run* of meetings, under stress of *score*."""
    begun = sum(meeting.start <= context.now for meeting in run.meetings)
    since = clock(run.start, context.local)
    return Proposal(
        topic=f"meetings since {run.start:%Y-%m-%dT%H:%MZ}",
        glance=f"{duration(lasted)} of meetings: a walk?",
        text=(
            f"You have been in back-to-back meetings for {duration(lasted)} and your stress is "
            f"up: {WALK_MIN} minutes' walk?"
        ),
        evidence=(
            f"{plural(begun, 'meeting')} without a pause since {since}",
            f"stress {score:.0f} of 100, raised for {context.stress.raised_min} min at rest",
            f"confidence {context.stress.confidence:.2f}",
        ),
        evidence_at=context.stress.measured_at,
        confidence=context.stress.confidence,
        worth=WORTH,
        about="a pause",
        haptic="double",
        action=Action(name="pace", deed=_pace(context)),
        situation="meetings and stress",
        facts=(
            Fact(name="time in meetings", value=duration(lasted)),
            Fact(name="level", value="up"),
            Fact(name="walk", value=f"{WALK_MIN} minutes"),
        ),
    )


def begun(memory: Memory, context: Context) -> Memory:
    """Return the memory after the wearer may have said yes: when, and the heart rate then."""
    said = [one for one in context.shown if one.skill == "break" and one.answer == "accepted"]
    if not said or said[-1].answered_at != context.now:
        return memory
    before = context.value(HEART_RATE.id)
    return {"at": context.now.isoformat(), "before_bpm": before, "topic": said[-1].topic}


def after(context: Context) -> Proposal | None:
    """Return what the walk did, for the next digest; None while there is nothing to tell."""
    walked = _walked(context)
    if walked is None:
        return None
    at, before, now_bpm = walked
    if not AFTER <= context.now - at <= UNTIL:
        return None
    return Proposal(
        topic=f"after the walk of {at:%Y-%m-%dT%H:%MZ}",
        glance=f"Walk: heart {before:.0f} → {now_bpm:.0f} bpm",
        text=f"{_told(before, now_bpm)}.",
        evidence=(f"heart rate {before:.0f} bpm before, {now_bpm:.0f} bpm at rest after",),
        evidence_at=context.latest[HEART_RATE.id].at,
        urgency="low",
        expires=context.now + timedelta(hours=12),
    )


def helped(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return the heart rate before the last walk and now, or what is missing to tell."""
    if not context.own("break"):
        return Answer("I can't tell: you have taken no walk that I offered.", known=False)
    walked = _walked(context)
    if walked is None:
        return Answer(
            "I can't tell: it takes a heart rate before the walk and one at rest after it.",
            known=False,
        )
    at, before, now_bpm = walked
    evidence = (
        Evidence(role="before", value=f"{before:.0f} bpm", unit="bpm", kind="figure", until=at),
        Evidence(role="now", value=f"{now_bpm:.0f} bpm", unit="bpm", kind="figure"),
        Evidence(role="walk", value=f"at {clock(at, context.local)}", kind="window", since=at),
    )
    return Answer(f"{_told(before, now_bpm)}.", evidence)


def _told(before: float, now_bpm: float) -> str:
    less = round(before - now_bpm)
    if abs(less) < SAME_BPM:
        return f"Your heart rate is as before the walk, {now_bpm:.0f} bpm"
    side = "below" if less > 0 else "above"
    return f"Your heart rate is {now_bpm:.0f} bpm, {abs(less)} {side} that before the walk"


def _walked(context: Context) -> tuple[datetime, float, float] | None:
    """Return when the last walk began, and the heart rate before it and now, at rest."""
    memory = context.own("break")
    before, now_bpm = memory.get("before_bpm"), context.value(HEART_RATE.id)
    if not isinstance(before, int | float) or now_bpm is None:
        return None
    at = datetime.fromisoformat(str(memory["at"]))
    newest = context.latest[HEART_RATE.id].at
    rested = context.motion.at(context.now) == "still" and newest - at >= AFTER
    return (at, before, now_bpm) if rested else None


def _pace(context: Context) -> Publish:
    """Return the pace that a watch may beat: that of the last walk that was measured."""
    newest = context.latest.get(CADENCE.id)
    walks = newest is not None and CADENCES[0] <= newest.value <= CADENCES[1]
    steps = newest.value if newest is not None and walks else CADENCE_USUAL
    return Publish(topic="pace", payload={"steps_per_min": round(steps), "minutes": WALK_MIN})
