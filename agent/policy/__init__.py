"""Whether a proposal may interrupt the wearer now, and what was learned of that.  Pure.

`judge` names the first reason for silence, in this order: what nothing may pass (permission,
mute, age), what is wrong with the moment (`moments`), what it is worth to the wearer (`worth`),
and what the day still affords (`ledger`).
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from agent.context import Context
from agent.events import Action, GrantChanged, Proposal, Publish, Verdict
from agent.policy.ledger import (
    DAY,
    SHOWN_MAX,
    Ledger,
    Spoken,
    anew,
    answerable,
    fold,
    fold_answer,
    ignored,
    permits,
)
from agent.policy.moments import held_back, situation, vulnerable
from agent.policy.worth import Worth, cost
from agent.skill import Skill

__all__ = [
    "SHOWN_MAX",
    "Ledger",
    "Spoken",
    "Worth",
    "allowed",
    "anew",
    "answerable",
    "fold",
    "fold_answer",
    "ignored",
    "judge",
    "permits",
    "situation",
    "vulnerable",
]

WHEREABOUTS = frozenset(("place", "named", "visits", "trips", "zone"))
"""What a phone that someone else carries, or a faked position, would tell just the same."""
OPENING = re.compile(r"lock|alarm|disarm|garage|gate|door|latch")
SAME_ABOUT = timedelta(hours=2)
PERSUADES = frozenset(("wellbeing", "errands"))
"""The themes that ask the wearer to do something they did not ask for."""
WORTHY = 0.65  # what is worth more than this has the last share of the day's budgets for itself
RESERVED = 3  # that share: one of so many
UNANSWERED = Worth()
URGENT_KEPT = 2  # nudges of the cap of a day that only a sign of danger may use
URGENT_SHARE = 4  # of a small cap one of so many
SPARED = 2  # nudges of a theme that persuades: so many fewer for a wearer who is vulnerable


def judge(proposal: Proposal, skill: Skill, *, ledger: Ledger, context: Context) -> Verdict:
    """Return the verdict on *proposal* now: "act", "speak", or the first reason for silence."""
    refused = _refused(proposal, skill, ledger, context)
    if refused is not None:
        return refused
    if _alone(proposal, skill, ledger):
        return "act"
    if proposal.urgency == "promised":
        return "cap" if skill.is_guest and _is_capped(ledger, context, urgent=False) else "speak"
    if proposal.urgency == "low" and not proposal.gathers:
        return "batched"
    return held_back(proposal, context) or _weighed(proposal, skill, ledger, context) or "speak"


def _refused(proposal: Proposal, skill: Skill, ledger: Ledger, context: Context) -> Verdict | None:
    """Return the reason that holds even what was promised, which may ring a sleeper awake."""
    if not permits(proposal, skill, ledger):
        return "denied"
    if proposal.action is not None and opens(proposal.action) and skill.reads <= WHEREABOUTS:
        return "unsafe"
    if skill.name in ledger.muted and proposal.urgency != "promised":
        return "muted"
    # Of what was promised only the one that was snoozed waits, not every other reminder.
    promised = proposal.urgency == "promised"
    snoozed = f"{skill.name}/{proposal.topic}" if promised else skill.name
    if ledger.snoozed.get(snoozed, context.now) > context.now:
        return "snoozed"
    return _unfounded(proposal, skill, context)


def _unfounded(proposal: Proposal, skill: Skill, context: Context) -> Verdict | None:
    now = context.now
    if proposal.expires is not None and now > proposal.expires:
        return "expired"
    if now - proposal.evidence_at > timedelta(minutes=skill.fresh_min):
        return "stale"
    return "unsure" if proposal.confidence < context.rules.policy.confidence_min else None


def allowed(ledger: Ledger, skill: str, action: Action, *, at: datetime) -> Ledger:
    """Return the ledger after a yes to *action*: a standing one needs no other from then on."""
    if not action.standing or opens(action):
        return ledger
    before = ledger.grants.get(skill)
    given = before.model_dump() if before is not None else {}
    alone = tuple(sorted({*given.get("alone", ()), action.name}))
    grant = GrantChanged.model_validate(
        given | {"at": at, "skill": skill, "granted": True, "alone": alone}
    )
    return replace(ledger, grants={**ledger.grants, skill: grant})


def opens(action: Action) -> bool:
    """Return whether *action* opens something that keeps others out, whatever it says of itself."""
    deed = action.deed
    named = f"{action.name} {deed.topic} {deed.payload}" if isinstance(deed, Publish) else ""
    return action.guarded or OPENING.search(named.lower()) is not None


def _alone(proposal: Proposal, skill: Skill, ledger: Ledger) -> bool:
    """Return whether the wearer lets this be done without a word; what opens something never."""
    action = proposal.action
    grant = ledger.grants.get(skill.name)
    return (
        action is not None
        and not opens(action)
        and grant is not None
        and action.name in grant.alone
    )


def _weighed(proposal: Proposal, skill: Skill, ledger: Ledger, context: Context) -> Verdict | None:
    """Return why it is not worth saying, or why the day does not afford it."""
    now = context.now
    known = ledger.worth.get(skill.name, UNANSWERED)
    valued = known.mean(proposal.worth, situation(context), at=now)
    urgent = proposal.urgency == "urgent"
    pressed = not urgent and vulnerable(context)
    if not urgent and valued * proposal.confidence < cost(context, vulnerable=pressed):
        return "not_worth"
    since = now - DAY
    spoken = [one for one in ledger.spoken if one.at > since]
    own = f"{skill.name}/{proposal.topic}"
    same = (one for one in spoken if one.about == proposal.about and one.what != own)
    if proposal.about and any(now - one.at < SAME_ABOUT for one in same):
        return "duplicate"
    if _is_capped(ledger, context, urgent=urgent and not skill.is_guest):
        return "cap"
    return None if urgent else _spent(spoken, valued, skill, context, vulnerable=pressed)


def _is_capped(ledger: Ledger, context: Context, *, urgent: bool) -> bool:
    """Return whether the cap of the day is reached; its last part is kept for what is *urgent*.

    What a third party calls urgent has no part in that: it could use it up.
    """
    since, most = context.now - DAY, context.rules.policy.cap_per_day
    kept = 0 if urgent else min(URGENT_KEPT, most // URGENT_SHARE)
    return sum(one.at > since for one in ledger.spoken) >= most - kept


def _spent(
    spoken: Sequence[Spoken], valued: float, skill: Skill, context: Context, *, vulnerable: bool
) -> Verdict | None:
    """Return why the day does not afford what is *valued* so: the last share is for the best."""
    now, settings = context.now, context.rules.policy
    spared = SPARED if vulnerable and skill.theme in PERSUADES else 0
    if len(spoken) >= _share(settings.nudges_per_day, valued):
        return "budget"
    of_theme = sum(one.theme == skill.theme for one in spoken)
    if of_theme >= _share(settings.theme_per_day, valued, spared=spared):
        return "theme_budget"
    if spoken and now - spoken[-1].at < timedelta(minutes=settings.silence_min):
        return "cooldown"
    return None


def _share(most: int, valued: float, *, spared: int = 0) -> int:
    """Return how many of *most* nudges what is *valued* so may use: one always, if there is one.

    A wearer who is vulnerable is *spared* some of what is worth less.
    """
    return most if valued >= WORTHY else min(most, max(1, most - most // RESERVED - spared))
