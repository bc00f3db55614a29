"""What the wearer is in the middle of: when not to interrupt, and when not to press.  Pure."""

from datetime import time, timedelta

from agent.context import Context
from agent.events import Proposal, Verdict
from agent.fusion.stress import RAISED
from agent.signals import SPEECH_SHARE

EXERCISE = timedelta(minutes=2)
SPEECH_SHARE_MIN = 0.3  # of the last minute: the wearer is in a conversation
SHORT_NIGHT = timedelta(hours=5)
BELOW_USUAL = -1.5  # spreads below the usual: a bad night, once a usual one is known
AFTER_NIGHT = timedelta(hours=20)
EXERCISES = frozenset(("running", "cycling"))
PARTS = ((5, "night"), (12, "morning"), (18, "afternoon"), (24, "evening"))


def held_back(proposal: Proposal, context: Context) -> Verdict | None:
    """Return why this is no moment for *proposal*, which nobody asked for, or None."""
    if proposal.urgency == "urgent":
        return None
    if context.sleep.asleep_at(context.now):
        return "asleep"
    policy = context.rules.policy
    if _within(context.local_now.time(), policy.quiet_from, policy.quiet_until):
        return "quiet_hours"
    if context.focus_until > context.now:
        return "focus"
    return _busy(context)


def _busy(context: Context) -> Verdict | None:
    if context.calendar.meeting_at(context.now) is not None:
        return "in_meeting"
    motion = context.motion
    state = motion.at(context.now)
    if state == "driving":
        return "driving"
    if state in EXERCISES and context.now - motion.since >= EXERCISE:
        return "exercising"
    talks = context.value(SPEECH_SHARE.id)
    return "talking" if talks is not None and talks >= SPEECH_SHARE_MIN else None


def vulnerable(context: Context) -> bool:
    """Return whether the wearer slept badly, is under stress or may be ill: no time to press."""
    score = context.stress.at(context.now)
    if score is not None and score >= RAISED:
        return True
    if context.illness.grade_at(context.now) in ("watch", "likely"):
        return True
    nights = context.sleep.nights
    if not nights or context.now - nights[-1].wake > AFTER_NIGHT:
        return False
    if nights[-1].asleep < SHORT_NIGHT:
        return True
    usual = context.sleep.asleep_against_usual()
    return usual is not None and usual.deviation <= BELOW_USUAL


def situation(context: Context) -> str:
    """Return the kind of situation, as coarse as answers are rare: where, and when in the day."""
    here = context.place.here if context.place.known_at(context.now) else None
    where = here.kind if here is not None else "out"
    hour = context.local_now.hour
    return f"{where}, {next(name for until, name in PARTS if hour < until)}"


def _within(clock: time, start: time, end: time) -> bool:
    return start <= clock < end if start <= end else clock >= start or clock < end
