"""What was judged, said, answered and permitted so far, as far as it bears on what comes.  Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from agent.context import Context, Shown, Waiting
from agent.events import EPOCH, FeedbackKind, GrantChanged, Proposal, ProposalJudged, Theme, Verdict
from agent.policy.moments import situation
from agent.policy.worth import Worth
from agent.skill import Skill

DAY = timedelta(days=1)
SAID_MAX = 256
SHOWN_MAX = 32
WAITING_MAX = 32
SILENT_MAX = 30  # judgements of silence that an hour's journal keeps of one skill
IGNORED_AFTER = timedelta(hours=2)
NEEDS = {"urgent": "urgent", "promised": "promise"}
_FIELDS = tuple(one.name for one in fields(Context))
_VALUES: Callable[[Context], tuple[Any, ...]] = attrgetter(*_FIELDS)
_WAITING, _SHOWN = _FIELDS.index("waiting"), _FIELDS.index("shown")
DEEDS = {"publish": "publish", "list_edited": "lists", "reminder_set": "reminders"}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A nudge that nobody had asked for."""

    at: datetime
    theme: Theme
    about: str = ""
    what: str = ""
    """`skill/topic`: what is said again after a snooze is no duplicate of itself."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the policy remembers."""

    spoken: tuple[Spoken, ...] = ()
    """When we spoke unasked in the last 24 hours, oldest first."""
    latest: Mapping[str, Verdict] = field(default_factory=dict)
    """What was last said to each `skill/topic`; the last few of them."""
    said: tuple[tuple[str, str], ...] = ()
    """The last (skill, topic) pairs that were spoken."""
    snoozed: Mapping[str, datetime] = field(default_factory=dict)
    """Until when each skill, and each `skill/topic`, is silent at the wearer's wish."""
    muted: tuple[str, ...] = ()
    """The skills that the wearer does not want to hear of any more."""
    grants: Mapping[str, GrantChanged] = field(default_factory=dict)
    """What the wearer permitted or denied last, by skill."""
    worth: Mapping[str, Worth] = field(default_factory=dict)
    """What was learned from the wearer's answers, by skill."""
    silent: Mapping[str, int] = field(default_factory=dict)
    """How many judgements of silence the journal has of each skill in the hour `silent_since`."""
    silent_since: datetime = EPOCH

    def is_full(self, skill: str, now: datetime) -> bool:
        """Return whether the journal has enough of the silence of *skill* in this hour."""
        return self.silent.get(skill, 0) >= SILENT_MAX and self.silent_since == _hour(now)

    def tells(self, skill: str, topic: str, verdict: Verdict) -> bool:
        """Return whether this was the last judgement on *topic*."""
        return self.latest.get(f"{skill}/{topic}") == verdict

    def has_said(self, skill: str, topic: str) -> bool:
        """Return whether the wearer has been told of *topic*."""
        return (skill, topic) in self.said

    def granted(self, skill: Skill, *, asks: bool) -> bool:
        """Return whether *skill* may work; one that *asks* may not until the wearer agreed.

        And not if it has come to declare more than the wearer saw when they agreed.
        """
        grant = self.grants.get(skill.name)
        if grant is None or not grant.granted or not asks:
            return not asks if grant is None else grant.granted
        return skill.reads <= {*grant.reads} and skill.does <= {*grant.does}


def permits(proposal: Proposal, skill: Skill, ledger: Ledger) -> bool:
    """Return whether *skill* may say and do that: it declared so, and the wearer let it."""
    needed = {NEEDS[proposal.urgency]} if proposal.urgency in NEEDS else set()
    if proposal.action is not None:
        needed.add(DEEDS[proposal.action.deed.kind])
    if proposal.gathers:
        needed.add("digest")
    grant = ledger.grants.get(skill.name)
    had = skill.does if grant is None or not grant.does else skill.does & set(grant.does)
    return needed <= had


def fold(
    ledger: Ledger, judged: ProposalJudged, proposal: Proposal, context: Context, *, guest: bool
) -> tuple[Ledger, Context]:
    """Return both after *judged*; what was promised costs none of the budget, but a *guest*'s."""
    latest: dict[str, Verdict] = {**ledger.latest}
    key = f"{judged.skill}/{judged.topic}"
    latest.pop(key, None)  # so that it is the newest
    latest[key] = judged.verdict
    if len(latest) > SAID_MAX:
        latest.pop(next(iter(latest)))
    if judged.verdict == "batched":
        context = replace(context, waiting=_waits(context, judged, proposal))
    if judged.verdict not in ("speak", "act"):
        return _kept_silent(ledger, judged, latest), context
    counts = guest or judged.urgency != "promised"
    after = _told(ledger, judged, proposal, latest, counts=counts)
    return after, _showing(context, judged, proposal)


def _kept_silent(ledger: Ledger, judged: ProposalJudged, latest: Mapping[str, Verdict]) -> Ledger:
    hour = _hour(judged.at)
    before = ledger.silent if ledger.silent_since == hour else {}
    silent = {**before, judged.skill: before.get(judged.skill, 0) + 1}
    return replace(ledger, latest=latest, silent=silent, silent_since=hour)


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _told(
    ledger: Ledger,
    judged: ProposalJudged,
    proposal: Proposal,
    latest: Mapping[str, Verdict],
    *,
    counts: bool,
) -> Ledger:
    gathered = tuple(_pair(one) for one in proposal.gathers)
    said = (*ledger.said, *gathered, (judged.skill, judged.topic))[-SAID_MAX:]
    spoken = ledger.spoken
    if judged.verdict == "speak" and counts:
        since = judged.at - DAY
        kept = (one for one in spoken if one.at > since)
        what = f"{judged.skill}/{judged.topic}"
        spoken = (*kept, Spoken(judged.at, judged.theme, proposal.about, what))
    return Ledger(  # by place, for `replace` looks each field up
        spoken,
        latest,
        said,
        ledger.snoozed,
        ledger.muted,
        ledger.grants,
        ledger.worth,
        ledger.silent,
        ledger.silent_since,
    )


def _showing(context: Context, judged: ProposalJudged, proposal: Proposal) -> Context:
    gathered = [_pair(one) for one in proposal.gathers]
    waiting = context.waiting
    if gathered:
        waiting = tuple(one for one in waiting if (one.skill, one.topic) not in gathered)
    if judged.verdict == "act":
        return replace(context, waiting=waiting)
    shown = Shown(
        judgement=judged.id,
        skill=judged.skill,
        topic=judged.topic,
        situation=situation(context),
        at=judged.at,
        action=judged.action,
    )
    values = [*_VALUES(context)]  # `replace` looks each of some fifty fields up: twice the time
    values[_WAITING], values[_SHOWN] = waiting, (*context.shown, shown)[-SHOWN_MAX:]
    return Context(*values)


def fold_answer(
    ledger: Ledger, context: Context, shown: Shown, answer: FeedbackKind, *, snooze: timedelta
) -> tuple[Ledger, Context]:
    """Return both after the wearer's answer; a snoozed topic may be said once more."""
    at = context.now
    if shown.answer == "accepted" and shown.action is not None:
        return ledger, context  # it is done: a no does not undo it, nor the next yes do it again
    if not shown.answer:
        ledger = _learned(ledger, shown, answer, at)
    known = tuple(
        replace(one, answer=answer, answered_at=at) if one is shown else one
        for one in context.shown
    )
    context = replace(context, shown=known)
    if answer != "snoozed":
        return ledger, context
    said = tuple(pair for pair in ledger.said if pair != (shown.skill, shown.topic))
    kept = {name: until for name, until in ledger.snoozed.items() if until > at}
    until = at + snooze
    snoozed = {**kept, shown.skill: until, f"{shown.skill}/{shown.topic}": until}
    key = f"{shown.skill}/{shown.topic}"
    latest = {name: verdict for name, verdict in ledger.latest.items() if name != key}
    return replace(ledger, said=said, snoozed=snoozed, latest=latest), context


def ignored(ledger: Ledger, context: Context) -> tuple[Ledger, Context]:
    """Return both after what was not answered for long is taken as that."""
    old = [one for one in context.shown if not one.answer and context.now - one.at > IGNORED_AFTER]
    if not old:
        return ledger, context
    for one in old:
        ledger = _learned(ledger, one, "ignored", context.now)
    known = tuple(
        replace(one, answer="ignored", answered_at=context.now) if one in old else one
        for one in context.shown
    )
    return ledger, replace(context, shown=known)


def answerable(shown: Shown, context: Context) -> bool:
    """Return whether a yes now still means what *shown* offered to do."""
    return shown.action is not None and context.now - shown.at <= IGNORED_AFTER


def anew(ledger: Ledger, skill: str) -> Ledger:
    """Return the ledger without what was learned of *skill*; of all, where none is named."""
    left = {name: one for name, one in ledger.worth.items() if skill and name != skill}
    return replace(ledger, worth=left)


def _learned(ledger: Ledger, shown: Shown, answer: str, at: datetime) -> Ledger:
    worth = ledger.worth.get(shown.skill, Worth()).fold(answer, shown.situation, at)
    return replace(ledger, worth={**ledger.worth, shown.skill: worth})


def _waits(context: Context, judged: ProposalJudged, proposal: Proposal) -> tuple[Waiting, ...]:
    known = [
        one
        for one in context.waiting
        if (one.skill, one.topic) != (judged.skill, judged.topic)
        and (one.expires is None or one.expires > judged.at)
    ]
    waiting = Waiting(
        skill=judged.skill,
        topic=judged.topic,
        glance=judged.glance,
        text=judged.text,
        since=judged.at,
        expires=proposal.expires,
    )
    return tuple([*known, waiting][-WAITING_MAX:])


def _pair(gathered: str) -> tuple[str, str]:
    skill, _, topic = gathered.partition("/")
    return skill, topic
