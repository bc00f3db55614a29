"""What is said of the reminders that came due: each by itself, or many in one sentence.  Pure."""

from collections.abc import Sequence
from itertools import groupby

from agent.context import Context
from agent.fusion.reminders import Due
from agent.phrases import listing, moment, plural, short
from agent.skill import GLANCE_MAX, Proposal

SKILL = "reminder"
TOGETHER = "reminders"
LATE_S = 120
KNOWN_LATE_S = 900  # that someone came somewhere is known only after they stayed
NAMED_MAX = 40  # in one sentence; the others are told when they are asked for
NAME_MAX = 60
PROPOSED_MAX = 8  # at once; the others follow within a minute


def proposals(context: Context) -> Sequence[Proposal]:
    """Return what of the last day's reminders has not been said, the oldest first."""
    found: list[Proposal] = []
    for batch, group in groupby(context.due, key=lambda one: one.batch):
        together = tuple(group)
        if batch and not _is_said(f"{TOGETHER} {batch}", context):
            found.append(_all(together, context))
        if not batch:
            singles = (one for one in together if not _is_said(_topic(one), context))
            found += [_one(one, context) for one in singles]
    return found[:PROPOSED_MAX]


def _is_said(topic: str, context: Context) -> bool:
    """Return whether the wearer was told, and did not ask to hear it again."""
    shown = context.answer(SKILL, topic)
    return shown is not None and shown.answer != "snoozed"


def _is_late(one: Due) -> bool:
    return one.late_s > (KNOWN_LATE_S if one.because else LATE_S)


def _topic(one: Due) -> str:
    return f"reminder {one.id} {one.due.timestamp():.0f}"


def _one(one: Due, context: Context) -> Proposal:
    due = moment(one.due, context.now, context.local)
    text = f"The {one.text} timer is done" if one.timer else one.text
    more = f", and {one.missed} more since" if one.missed else ""
    late = f" (late: it was for {due}{more})" if _is_late(one) else ""
    return Proposal(
        topic=_topic(one),
        glance=short(text, GLANCE_MAX),
        text=f"{text}{late}",
        evidence=(one.because or f"asked for at {due}",),
        evidence_at=context.now,
        urgency="promised",
        haptic="long",
        due=one.due,
    )


def _all(several: Sequence[Due], context: Context) -> Proposal:
    ordered = sorted(several, key=lambda one: (one.due, one.id))
    late = [one for one in ordered if _is_late(one)]
    count = plural(len(several), "reminder")
    told = [_told(one, context) for one in ordered]
    named = told[:NAMED_MAX]
    if len(told) > NAMED_MAX:
        named.append(f"{len(told) - NAMED_MAX} more: ask me which reminders you missed")
    while_ = " were due while the device slept, was off or had another time" if late else ""
    return Proposal(
        topic=f"{TOGETHER} {several[0].batch}",
        glance=f"{count} {'late' if late else 'now'}",
        text=f"{count}{while_}: {listing(named)}.",
        evidence=tuple(told),
        evidence_at=context.now,
        urgency="promised",
        haptic="long",
        due=ordered[0].due,
    )


def _told(one: Due, context: Context) -> str:
    text = short(one.text, NAME_MAX)
    more = f" and {one.missed} more since" if one.missed else ""
    due = f" ({moment(one.due, context.now, context.local)}{more})" if _is_late(one) else ""
    return f"{text}{due}"
