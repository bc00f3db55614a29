"""What is said of the reminders that came due: each by itself, or many in one sentence.  Pure."""

from collections.abc import Sequence
from itertools import accumulate, groupby

from agent.context import Context
from agent.fusion.reminders import Due
from agent.phrases import TOLD_LATE, listing, moment, plural, short
from agent.skill import GLANCE_MAX, Proposal

SKILL = "reminder"
TOGETHER = "reminders"
LATE_S = 120
KNOWN_LATE_S = 900  # that someone came somewhere is known only after they stayed
NAMED_LENGTH_MAX = 3500  # letters in one sentence; the others are told when they are asked for
NAME_MAX = 60
TEXT_MAX = 3000
NAMELESS = "A reminder without words"
PROPOSED_MAX = 8  # at once; the others follow within a minute


def proposals(context: Context) -> Sequence[Proposal]:
    """Return what of the last day's reminders has not been said, the oldest first."""
    found: list[Proposal] = []
    left = _unsaid(context)
    for batch, group in groupby(left, key=lambda one: one.batch):
        together = tuple(group)
        found += [_all(together, context)] if batch else [_one(one, context) for one in together]
    return found[:PROPOSED_MAX]


def _unsaid(context: Context) -> list[Due]:
    """Return what the wearer was not told, or asked to hear again.

    Only the last nudges are remembered: what came due before the first of them was said then.
    What was held, because the wearer wanted quiet for some minutes, came due later than that.
    """
    shown = [one for one in context.shown if one.skill == SKILL]
    said = {one.topic: one.answer for one in shown}
    last = context.due[-1].turn
    turns = [one.turn for one in context.due if one.topic in said]
    first = min(turns) if turns else None
    found = []
    for one in context.due:
        told = said.get(one.topic)
        if first is None:
            known = not context.shown or one.at >= context.shown[0].at or one.turn == last
        else:
            known = one.turn >= first
        if known and (told is None or told == "snoozed"):
            found.append(one)
    return found


def _is_late(one: Due) -> bool:
    return one.late_s > (KNOWN_LATE_S if one.because else LATE_S)


def _one(one: Due, context: Context) -> Proposal:
    due = moment(one.due, context.now, context.local)
    name = short(one.text.strip(), TEXT_MAX) or NAMELESS
    text = f"The {name} timer is done" if one.timer else name
    more = f", and {one.missed} more since" if one.missed else ""
    late = f" (late: it was for {due}{more})" if _is_late(one) else ""
    return Proposal(
        topic=one.topic,
        glance=short(text, GLANCE_MAX),
        text=f"{text}{late}",
        evidence=(one.because or f"asked for at {due}", *((TOLD_LATE,) if late else ())),
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
    named = _fitting(told)
    if len(told) > len(named):
        named.append(f"{len(told) - len(named)} more: ask me which reminders you missed")
    while_ = " were due while the device slept, was off or had another time" if late else ""
    return Proposal(
        topic=several[0].topic,
        glance=f"{count} {'late' if late else 'now'}",
        text=f"{count}{while_}: {listing(named)}.",
        evidence=(*told, *((TOLD_LATE,) if late else ())),
        evidence_at=context.now,
        urgency="promised",
        haptic="long",
        due=ordered[0].due,
    )


def _fitting(told: Sequence[str]) -> list[str]:
    """Return the first of *told* that one sentence has room for."""
    lengths = accumulate(len(one) + 2 for one in told)
    return [one for one, length in zip(told, lengths, strict=True) if length <= NAMED_LENGTH_MAX]


def _told(one: Due, context: Context) -> str:
    text = short(one.text.strip(), NAME_MAX) or NAMELESS
    more = f" and {one.missed} more since" if one.missed else ""
    due = f" ({moment(one.due, context.now, context.local)}{more})" if _is_late(one) else ""
    return f"{text}{due}"
