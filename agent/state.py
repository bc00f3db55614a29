"""All that the past means for the next input, and how each input changes it.  Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import assert_never

from agent import config, fold, policy
from agent.config import Rules
from agent.context import Context, Shown
from agent.events import (
    EPOCH,
    ActionDone,
    Answered,
    Around,
    FeedbackGiven,
    FeedbackKind,
    FocusSet,
    Gesture,
    GestureMade,
    GrantChanged,
    Input,
    InputQuarantined,
    LocationMeasured,
    Notified,
    NudgeDropped,
    Plan,
    ProposalJudged,
    Report,
    SampleMeasured,
    SettingsChanged,
    SkillFaulted,
    SkillMuted,
    SkillNoted,
    SkillProposed,
    UtteranceHeard,
    Wearer,
    Where,
    Wish,
    World,
    WorthReset,
)
from agent.policy import Ledger

FAULTS_MAX = 3  # so many in a row, and a skill rests
REST = timedelta(hours=1)  # then it is asked again, and one more fault is enough for the next rest
FADES = timedelta(days=1)  # a fault that was the last for so long begins no row
NOTES_MAX = 64  # of all guests: each is folded within a second, if its guest can
TALLIES_MAX = 256  # sources that number what they send; the one silent for longest is forgotten
MISSING_MAX = 256  # numbers of a source that may still come, and are no repetition if they do
GESTURE_MAX = timedelta(seconds=60)  # later, a shaken hand answers nothing
GESTURE_SNOOZE = timedelta(minutes=30)
GESTURES: Mapping[Gesture, FeedbackKind] = {
    "double_tap": "accepted",
    "yes": "accepted",
    "shake": "dismissed",
    "no": "dismissed",
    "tap": "snoozed",
    "later": "snoozed",
}


@dataclass(frozen=True, slots=True)
class Tally:
    """The numbers that one source gave its samples."""

    highest: int = -1
    at: datetime = EPOCH
    missing: tuple[int, ...] = ()

    def knows(self, number: int, at: datetime) -> bool:
        """Return whether *number* has come before."""
        return number <= self.highest and number not in self.missing and not self._anew(number, at)

    def gap(self, number: int, at: datetime) -> int:
        """Return how many numbers before *number* have not come."""
        begun = self.highest >= 0 and not self._anew(number, at)
        return max(0, number - self.highest - 1) if begun else 0

    def fold(self, number: int, at: datetime) -> "Tally":
        """Return the tally after *number*."""
        if self.highest < 0 or self._anew(number, at):
            return Tally(number, at)
        if number <= self.highest:
            return replace(self, missing=tuple(n for n in self.missing if n != number))
        gap = range(max(self.highest + 1, number - MISSING_MAX), number)
        return Tally(number, max(at, self.at), (*self.missing, *gap)[-MISSING_MAX:])

    def _anew(self, number: int, at: datetime) -> bool:
        """A smaller number with a newer time: the source counts from the beginning again.

        What a broker delivers twice has the time that it had."""
        return number <= self.highest and at > self.at


@dataclass(frozen=True, slots=True)
class State:
    """All that the past means for the next input."""

    sequence: int = 0
    context: Context = field(default_factory=Context)
    ledger: Ledger = field(default_factory=Ledger)
    faults: Mapping[str, int] = field(default_factory=dict)
    excused: tuple[str, ...] = ()
    """Skills whose fault on the coming input is already in the journal."""
    faulted: Mapping[str, datetime] = field(default_factory=dict)
    """When each skill failed last, by the core's clock."""
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    pending: Mapping[str, ProposalJudged] = field(default_factory=dict)
    """What was admitted, and neither shown nor dropped yet."""
    notes: tuple[SkillNoted, ...] = ()
    """Events of third parties' skills that no memory of theirs accounts for yet."""

    def rests(self, skill: str) -> bool:
        """Return whether *skill* failed so often in a row that it is left alone for an hour.

        A checkpoint of an earlier carpal has the faults without their times: they are long ago.
        """
        if self.faults.get(skill, 0) < FAULTS_MAX:
            return False
        return abs(self.context.now - self.faulted.get(skill, EPOCH)) < REST

    def hears(self, skill: str) -> bool:
        """Return whether *skill* may fold what comes now."""
        return skill not in self.excused and not self.rests(skill)


def folded(state: State, event: Input) -> State:
    """Return the state after *event*, before any skill has seen it."""
    if isinstance(event, World):
        after = replace(state, context=fold.fold_world(state.context, event))
        return _tally(after, event)
    if isinstance(event, Plan):
        return replace(state, context=fold.fold_plan(state.context, event))
    if isinstance(event, Where):
        return replace(state, context=fold.fold_where(state.context, event))
    if isinstance(event, Around):
        return replace(state, context=fold.fold_around(state.context, event))
    return _folded_own(state, event)


def _folded_own(state: State, event: Wearer | Wish | Report | SkillProposed) -> State:
    if isinstance(event, Wish):
        return _fold_wish(_heard_at(state, event.at), event)
    if isinstance(event, Report):
        return _fold_report(state, event)
    if isinstance(event, SkillProposed):
        return _fold_guest(_heard_at(state, event.at), event)
    return _fold_wearer(state, event)


def answered(before: State, after: State) -> Shown | None:
    """Return the nudge that the wearer agreed to by what happened between the two."""
    known = {one.judgement: one.answer for one in before.context.shown}
    for one in after.context.shown:
        if one.answer == "accepted" and known.get(one.judgement) != "accepted":
            return one
    return None


def _heard_at(state: State, at: datetime) -> State:
    return replace(state, context=replace(state.context, now=max(state.context.now, at)))


def _fold_wearer(state: State, event: Wearer) -> State:
    match event:
        case SettingsChanged(rules=rules):
            # The settings say what holds from here on, not what time it is.
            checked = config.check(Rules, rules)
            return replace(state, context=replace(state.context, rules=checked))
        case FeedbackGiven(judgement=id_):
            state = _heard_at(state, event.at)
            found = [one for one in state.context.shown if one.judgement == id_]
            snooze = timedelta(minutes=event.snooze_min)
            return _answer(state, found[0], event.answer, snooze=snooze) if found else state
        case UtteranceHeard():
            return state
        case _:
            assert_never(event)


def _fold_wish(state: State, event: Wish) -> State:
    ledger = state.ledger
    match event:
        case GrantChanged(skill=skill):
            # Whoever is allowed anew begins without the faults of before.
            faults = {name: count for name, count in state.faults.items() if name != skill}
            grants = {**ledger.grants, skill: event}
            return replace(state, faults=faults, ledger=replace(ledger, grants=grants))
        case SkillMuted(skill=skill, muted=muted):
            others = tuple(name for name in ledger.muted if name != skill)
            left = (*others, skill) if muted else others
            kept = ledger if muted else policy.anew(ledger, skill)
            return replace(state, ledger=replace(kept, muted=left))
        case WorthReset(skill=skill):
            return replace(state, ledger=policy.anew(ledger, skill))
        case FocusSet(until=until):
            context = replace(state.context, focus_until=until or EPOCH)
            return replace(state, context=context)
        case GestureMade():
            return _fold_gesture(state, event)
        case SkillNoted():
            return state
        case _:
            assert_never(event)


def _fold_gesture(state: State, event: GestureMade) -> State:
    """Return the state after a gesture answered the newest nudge, if that was just shown."""
    shown = state.context.shown
    if not shown or shown[-1].answer or not -GESTURE_MAX <= event.at - shown[-1].at <= GESTURE_MAX:
        return state
    return _answer(state, shown[-1], GESTURES[event.gesture], snooze=GESTURE_SNOOZE)


def _answer(state: State, shown: Shown, answer: FeedbackKind, *, snooze: timedelta) -> State:
    ledger, context = policy.fold_answer(state.ledger, state.context, shown, answer, snooze=snooze)
    return replace(state, ledger=ledger, context=context)


def _fold_report(state: State, report: Report) -> State:
    match report:
        case SkillFaulted():
            return _fold_fault(state, report)
        case Notified(judgement=id_):
            return _shown(_settled(state, id_), id_, report.at)
        case NudgeDropped(judgement=id_) | ActionDone(judgement=id_):
            return _settled(state, id_)
        case InputQuarantined() | Answered():
            return state
        case _:
            assert_never(report)


def _fold_fault(state: State, fault: SkillFaulted) -> State:
    """Return the state after one more fault; the first of a row where the last is long ago."""
    skill, now = fault.skill, state.context.now
    at = now if now > EPOCH else fault.at  # a late input says when, but not what time it is
    last = state.faulted.get(skill, at)
    row = 0 if at - last > FADES else state.faults.get(skill, 0)
    return replace(
        state,
        faults={**state.faults, skill: row + 1},
        faulted={**state.faulted, skill: at},
        excused=(*state.excused, skill),
    )


def _settled(state: State, judgement: str) -> State:
    left = {key: one for key, one in state.pending.items() if key != judgement}
    return replace(state, pending=left)


def _shown(state: State, judgement: str, at: datetime) -> State:
    """Return the state after a nudge was seen: from then on a gesture may answer it."""
    known = state.context.shown
    if not any(one.judgement == judgement for one in known):
        return state
    seen = tuple(replace(one, at=at) if one.judgement == judgement else one for one in known)
    return replace(state, context=replace(state.context, shown=seen))


def _fold_guest(state: State, event: SkillProposed) -> State:
    if event.memory is None:
        return state
    own = next((note for note in state.notes if note.skill == event.skill), None)
    state = replace(state, notes=tuple(note for note in state.notes if note is not own))
    memories = {**state.context.memories, event.skill: event.memory}
    return replace(state, context=replace(state.context, memories=memories))


def _tally(state: State, event: World) -> State:
    if not isinstance(event, SampleMeasured | LocationMeasured) or event.source_sequence is None:
        return state
    tally = state.tallies.get(event.source, Tally()).fold(event.source_sequence, event.at)
    tallies = {**state.tallies, event.source: tally}
    if len(tallies) > TALLIES_MAX:
        tallies.pop(min(tallies, key=lambda source: tallies[source].at))
    return replace(state, tallies=tallies)
