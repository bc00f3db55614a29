"""What the policy permits, when it interrupts, and what it learns from the answers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from pydantic import TypeAdapter

from agent.config import PolicySettings, Rules
from agent.context import Context, Shown
from agent.core import Core
from agent.errors import SkillError
from agent.events import (
    Action,
    FeedbackGiven,
    FeedbackKind,
    FocusSet,
    Gesture,
    GestureMade,
    GrantChanged,
    Input,
    Notified,
    Proposal,
    ProposalJudged,
    Publish,
    SkillMuted,
    SkillNoted,
    SkillProposed,
    Theme,
    Urgency,
    Verdict,
    WorthReset,
)
from agent.fusion.sleep import Night, Sleep
from agent.policy import Ledger, Worth, vulnerable
from agent.policy.ledger import SILENT_MAX
from agent.policy.worth import COST, HALF_LIFE, cost
from agent.skill import Memory, Skill
from agent.state import State
from tests.days import RULES, at, calendar, rules, sample

DAY_MIN = 1440
NOON = 7 * 60
ROOMY = PolicySettings(silence_min=0, nudges_per_day=20, theme_per_day=20, cap_per_day=24)
HEAT = Action(name="heat", deed=Publish(topic="heating", payload={"target_c": 17}))
DOOR = Action(name="door", deed=Publish(topic="door"), guarded=True)


class Says(Skill):
    """Proposes at every input; what and how is told when it is made."""

    def __init__(
        self,
        name: str = "says",
        *,
        urgency: Urgency = "normal",
        theme: Theme = "wellbeing",
        about: str = "",
        does: Sequence[str] = ("promise", "urgent", "publish", "digest"),
    ) -> None:
        self.name = name
        self.theme = theme
        self.does = frozenset(does)
        self.action: Action | None = None
        self.gathers: tuple[str, ...] = ()
        self.topic = ""
        self.worth = 0.6
        self._urgency, self._about = urgency, about

    def consider(self, context: Context, settings: object) -> Sequence[Proposal]:
        one = Proposal(
            topic=self.topic or f"{context.now:%dT%H:%M:%S}",
            glance=self.name,
            text=self.name,
            evidence=("because",),
            evidence_at=context.now,
            urgency=self._urgency,
            worth=self.worth,
            about=self._about,
            action=self.action,
            gathers=self.gathers,
        )
        return (one,)


class Counts(Skill):
    """Keeps count of its own events."""

    name = "counts"
    folds = frozenset(("skill_noted",))
    wakes = frozenset(("skill_noted",))

    def fold(self, memory: Memory, event: Input, context: Context) -> Memory:
        assert isinstance(event, SkillNoted)
        if event.name == "raise":
            raise ZeroDivisionError
        if event.name == "fill":
            return {"much": "x" * 20_000}
        before = memory.get("count", 0)
        assert isinstance(before, int)
        return {"count": before + 1}


def roomy(policy: PolicySettings = ROOMY) -> Input:
    return rules(given=Rules(zone="UTC", policy=policy, places=RULES.places))


def live(
    core: Core, *inputs: Input, state: State | None = None
) -> tuple[State, list[ProposalJudged]]:
    if state is None:
        state, _ = core.step(State(), roomy())
    judged: list[ProposalJudged] = []
    for event in inputs:
        state, more = core.step(state, event)
        judged += more
    return state, judged


def verdicts(judged: Sequence[ProposalJudged]) -> list[Verdict]:
    return [one.verdict for one in judged]


def tick(minute: float) -> Input:
    return sample(minute, "battery", 50)


def answer(state: State, minute: float, given: FeedbackKind) -> Input:
    return FeedbackGiven(at=at(minute), judgement=state.context.shown[-1].judgement, answer=given)


@pytest.mark.parametrize(
    ("urgency", "verdict"),
    [("low", "batched"), ("normal", "in_meeting"), ("urgent", "speak"), ("promised", "speak")],
)
def test_in_a_meeting_only_the_urgent_and_the_promised_are_said(
    urgency: Urgency, verdict: Verdict
) -> None:
    core = Core((Says(urgency=urgency),))
    _, judged = live(core, calendar(NOON - 1, ("m", NOON, NOON + 60)), tick(NOON + 1))
    assert verdicts(judged)[-1] == verdict


@pytest.mark.parametrize(
    ("inputs", "verdict"),
    [
        ([FocusSet(at=at(NOON), until=at(NOON + 60))], "focus"),
        ([FocusSet(at=at(NOON), until=at(NOON + 60)), FocusSet(at=at(NOON + 1))], "speak"),
        ([sample(NOON + n / 4, "speed", 20) for n in range(4)], "driving"),
        ([sample(NOON + n / 2, "speed", 5) for n in range(8)], "exercising"),
        ([sample(NOON, "speech_share", 0.6)], "talking"),
        ([sample(NOON, "speech_share", 0.1)], "speak"),
        ([SkillMuted(at=at(NOON), skill="says")], "muted"),
        ([GrantChanged(at=at(NOON), skill="says", granted=True, does=("lists",))], "speak"),
    ],
)
def test_what_the_wearer_is_in_the_middle_of_holds_a_nudge(
    inputs: Sequence[Input], verdict: Verdict
) -> None:
    _, judged = live(Core((Says(),)), *inputs)
    assert judged[-1].verdict == verdict


def test_what_was_denied_is_not_even_asked() -> None:
    core = Core((Says(),))
    _, judged = live(core, GrantChanged(at=at(NOON), skill="says", granted=False), tick(NOON + 1))
    assert judged == []


@pytest.mark.parametrize("urgency", ["urgent", "promised"])
def test_urgency_that_was_not_declared_is_denied(urgency: Urgency) -> None:
    _, judged = live(Core((Says(urgency=urgency, does=()),)), tick(NOON))
    assert verdicts(judged) == ["denied"]


def test_the_wearer_may_grant_less_than_was_declared() -> None:
    less = GrantChanged(at=at(NOON), skill="says", granted=True, does=("publish",))
    _, judged = live(Core((Says(urgency="urgent"),)), less)
    assert verdicts(judged) == ["denied"]


def test_no_urgency_gets_past_the_cap_of_a_day() -> None:
    policy = PolicySettings(silence_min=0, nudges_per_day=2, theme_per_day=9, cap_per_day=3)
    core = Core((Says(urgency="urgent"),))
    state, _ = core.step(State(), roomy(policy))
    _, judged = live(core, *(tick(NOON + n) for n in range(5)), state=state)
    assert verdicts(judged) == ["speak", "speak", "speak", "cap", "cap"]


@pytest.mark.parametrize(("guest", "said"), [(False, 10), (True, 8)])
def test_the_last_of_the_cap_is_kept_for_what_is_urgent(guest: bool, said: int) -> None:
    policy = PolicySettings(silence_min=0, nudges_per_day=20, theme_per_day=20, cap_per_day=10)
    usual, urgent = Says("a"), Says("b", urgency="urgent")
    urgent.is_guest = guest
    state, _ = Core(()).step(State(), roomy(policy))
    state, judged = live(Core((usual,)), *(tick(NOON + n) for n in range(12)), state=state)
    assert verdicts(judged).count("speak") == 8
    state, judged = live(Core((urgent,)), *(tick(NOON + 12 + n) for n in range(4)), state=state)
    assert verdicts(judged).count("speak") == said - 8


def test_a_silence_whose_topic_is_new_each_minute_does_not_fill_the_journal() -> None:
    quiet = PolicySettings(silence_min=0, nudges_per_day=1, theme_per_day=1)
    core, start = Core((Says("a"),)), Core(()).step(State(), roomy(quiet))[0]
    ticks = [tick(NOON + n / 2) for n in range(240)]
    state, judged = live(core, *ticks, state=start)
    assert len(judged) <= 1 + 3 * SILENT_MAX, "two hours, and a part of a third"
    assert live(core, *ticks, state=start)[1] == judged
    assert state.ledger.silent["a"] == SILENT_MAX


def test_what_was_promised_counts_in_no_budget() -> None:
    policy = PolicySettings(silence_min=0, nudges_per_day=1, cap_per_day=1)
    core = Core((Says("a", urgency="promised"), Says("b")))
    state, _ = core.step(State(), roomy(policy))
    _, judged = live(core, tick(NOON), tick(NOON + 1), state=state)
    assert verdicts(judged) == ["speak", "speak", "speak", "cap"]


def test_one_theme_cannot_use_up_the_day_of_another() -> None:
    policy = PolicySettings(silence_min=0, nudges_per_day=9, theme_per_day=1)
    core = Core((Says("a"), Says("b", theme="errands")))
    state, _ = core.step(State(), roomy(policy))
    _, judged = live(core, tick(NOON), tick(NOON + 1), state=state)
    assert verdicts(judged) == ["speak", "speak", "theme_budget", "theme_budget"]


def test_two_skills_do_not_say_the_same() -> None:
    core = Core((Says("a", about="a walk"), Says("b", about="a walk"), Says("c", about="sleep")))
    _, judged = live(core, tick(NOON))
    assert verdicts(judged) == ["speak", "duplicate", "speak"]


def test_what_is_low_waits_for_a_digest_and_is_said_there_once() -> None:
    low, digest = Says("low", urgency="low"), Says("digest")
    low.topic = "water"
    state, judged = live(Core((low,)), tick(NOON))
    assert [one.topic for one in state.context.waiting] == ["water"]
    digest.gathers = ("low/water",)
    core = Core((low, digest))
    state, judged = live(core, tick(NOON + 1), tick(NOON + 2), state=state)
    assert [one.skill for one in judged if one.verdict == "speak"][:1] == ["digest"]
    assert state.context.waiting == ()
    assert not [one for one in judged if one.skill == "low"]


def test_a_dismissed_skill_falls_silent_within_five_and_returns_when_asked_for() -> None:
    a, b = Says("a"), Says("b", theme="errands")
    a.wakes = b.wakes = frozenset(("battery",))
    core = Core((a, b))
    state, _ = live(core)
    dismissed = 0
    for day in range(1, 8):
        state, judged = live(core, tick(NOON + DAY_MIN * day), state=state)
        said = {one.skill: one.id for one in judged if one.verdict == "speak"}
        given: list[Input] = [
            FeedbackGiven(
                at=at(NOON + DAY_MIN * day + 1),
                judgement=id_,
                answer="accepted" if skill == "b" else "dismissed",
            )
            for skill, id_ in said.items()
        ]
        dismissed += "a" in said
        state, _ = live(core, *given, state=state)
        assert "b" in said
    assert 1 <= dismissed <= 5
    assert judged[0].verdict == "not_worth"
    back = WorthReset(at=at(NOON + DAY_MIN * 9), skill="a")
    _, judged = live(core, back, tick(NOON + DAY_MIN * 9), state=state)
    assert judged[0].skill == "a"
    assert judged[0].verdict == "speak"


def test_what_is_muted_stays_so_for_ever_and_comes_back_as_new() -> None:
    core = Core((Says(),))
    state, _ = live(core, SkillMuted(at=at(NOON), skill="says"))
    state, judged = live(core, *(tick(NOON + 200 * DAY_MIN * n) for n in (1, 2)), state=state)
    assert set(verdicts(judged)) == {"muted"}
    again = SkillMuted(at=at(NOON + 500 * DAY_MIN), skill="says", muted=False)
    _, judged = live(core, again, state=state)
    assert verdicts(judged) == ["speak"]


def test_the_answer_in_one_situation_counts_there_most_and_elsewhere_too() -> None:
    worth = Worth()
    for day in range(3):
        worth = worth.fold("dismissed", "work, morning", at(day * DAY_MIN))
    now = at(3 * DAY_MIN)
    fresh = Worth().mean(0.6, "home, evening", at=now)
    assert worth.mean(0.6, "work, morning", at=now) < worth.mean(0.6, "home, evening", at=now)
    assert worth.mean(0.6, "home, evening", at=now) < fresh == pytest.approx(0.6)


def test_answers_fade_with_a_half_life() -> None:
    worth, now = Worth().fold("dismissed", "out, morning", at(0)), at(0) + HALF_LIFE
    assert worth.every.faded(now).sorry == pytest.approx(0.5)
    assert worth.every.faded(at(-60)).sorry == pytest.approx(1)


def test_a_nudge_that_nobody_answers_counts_a_little_against_its_skill() -> None:
    core = Core((Says(),))
    state, _ = live(core, tick(NOON), tick(NOON + 130))
    assert state.context.shown[0].answer == "ignored"
    assert 0 < state.ledger.worth["says"].every.sorry < 1


@pytest.mark.parametrize(
    ("gesture", "given"),
    [("double_tap", "accepted"), ("shake", "dismissed"), ("tap", "snoozed"), ("yes", "accepted")],
)
def test_a_gesture_answers_what_was_just_shown(gesture: Gesture, given: FeedbackKind) -> None:
    core = Core((Says(),))
    state, judged = live(core, tick(NOON))
    shown = Notified(at=at(NOON + 3), judgement=judged[0].id, text="…", wording="template")
    made = GestureMade(at=at(NOON + 3.5), source="watch", gesture=gesture)
    state, _ = live(core, shown, made, state=state)
    assert state.context.shown[0].answer == given


def test_a_gesture_long_after_answers_nothing() -> None:
    core = Core((Says(),))
    state, _ = live(core, tick(NOON), GestureMade(at=at(NOON + 2), source="w", gesture="shake"))
    assert state.context.shown[0].answer == ""


def test_an_action_is_asked_for_and_done_after_a_yes() -> None:
    skill = Says()
    skill.action, skill.topic = HEAT, "leaving"
    core = Core((skill,))
    state, judged = live(core, tick(NOON))
    assert verdicts(judged) == ["speak"]
    state, judged = live(core, answer(state, NOON + 1, "accepted"), state=state)
    assert [(one.verdict, one.action) for one in judged] == [("act", HEAT)]
    assert judged[0].id in state.pending
    _, judged = live(core, answer(state, NOON + 2, "accepted"), state=state)
    assert judged == []  # the same yes twice does it once
    again = [answer(state, NOON + 3, "dismissed"), answer(state, NOON + 4, "accepted")]
    _, judged = live(core, *again, state=state)
    assert judged == []  # and neither does a no in between do it again


def test_a_yes_to_what_was_asked_long_ago_does_nothing() -> None:
    skill = Says()
    skill.action, skill.topic = HEAT, "leaving"
    core = Core((skill,))
    state, _ = live(core, tick(NOON))
    state, judged = live(core, answer(state, NOON + 121, "accepted"), state=state)
    assert judged == []
    assert state.context.shown[0].answer == "accepted"  # what it is worth is learned all the same


@pytest.mark.parametrize("given", ["dismissed", "snoozed"])
def test_without_a_yes_nothing_is_done(given: FeedbackKind) -> None:
    skill = Says()
    skill.action, skill.topic = HEAT, "leaving"
    core = Core((skill,))
    state, _ = live(core, tick(NOON))
    _, judged = live(core, answer(state, NOON + 1, given), state=state)
    assert "act" not in verdicts(judged)


@pytest.mark.parametrize(("action", "verdict"), [(HEAT, "act"), (DOOR, "speak")])
def test_only_what_opens_nothing_is_done_without_asking(action: Action, verdict: Verdict) -> None:
    skill = Says()
    skill.action, skill.topic, skill.reads = action, "leaving", frozenset(("entities",))
    alone = GrantChanged(at=at(NOON), skill="says", granted=True, alone=("heat", "door"))
    _, judged = live(Core((skill,)), alone)
    assert verdicts(judged) == [verdict]


def test_a_skill_folds_its_own_events_and_no_others() -> None:
    core = Core((Counts(),))
    own = SkillNoted(at=at(NOON), skill="counts", name="seen")
    other = SkillNoted(at=at(NOON), skill="says", name="seen")
    state, _ = live(core, own, other, own)
    assert state.context.own("counts") == {"count": 2}


@pytest.mark.parametrize("name", ["raise", "fill"])
def test_a_reducer_that_fails_is_fenced(name: str) -> None:
    core = Core((Counts(),))
    state, _ = live(core)
    with pytest.raises(SkillError):
        core.step(state, SkillNoted(at=at(NOON), skill="counts", name=name))
    excused = replace(state, excused=("counts",))
    after, _ = core.step(excused, SkillNoted(at=at(NOON), skill="counts", name=name))
    assert after.context.own("counts") == {}


def test_a_guest_is_not_heard_until_it_is_granted() -> None:
    guest = Says("guest")
    core = Core((), (guest,))
    one = Proposal(topic="t", glance="g", text="t", evidence=(), evidence_at=at(NOON))
    said = SkillProposed(at=at(NOON), skill="guest", proposals=(one,), memory={"n": 1})
    state, judged = live(core, said)
    assert judged == []
    less = GrantChanged(at=at(NOON), skill="guest", granted=True, does=("promise",))
    state, _ = live(core, less, state=state)
    assert not core.may(guest, state)  # it has come to declare more than was allowed
    granted = less.model_copy(update={"does": tuple(guest.does)})
    state, judged = live(core, granted, said, state=state)
    assert verdicts(judged) == ["speak"]
    assert state.context.own("guest") == {"n": 1}


def test_what_the_wearer_allows_anew_has_no_faults() -> None:
    state = replace(State(), faults={"says": 3, "other": 1})
    state, _ = live(Core(()), GrantChanged(at=at(0), skill="says", granted=True), state=state)
    assert state.faults == {"other": 1}


def test_a_bad_night_is_a_vulnerable_moment_and_calls_for_less() -> None:
    tired = Context(now=at(NOON), sleep=Sleep(nights=(night(at(0), hours=4),)))
    rested = Context(now=at(NOON), sleep=Sleep(nights=(night(at(0), hours=8),)))
    assert vulnerable(tired)
    assert not vulnerable(rested)
    assert cost(tired, vulnerable=True) > cost(rested, vulnerable=False)


def night(wake: datetime, *, hours: float) -> Night:
    return Night(onset=wake - timedelta(hours=hours), wake=wake, awake_min=0)


def test_shown_and_ledger_survive_a_checkpoint() -> None:
    core = Core((Says(),))
    state, _ = live(core, tick(NOON), SkillMuted(at=at(NOON + 1), skill="x"))
    state, _ = live(core, answer(state, NOON + 2, "accepted"), state=state)
    adapter = TypeAdapter(State)
    assert adapter.validate_json(adapter.dump_json(state)) == state
    assert isinstance(state.ledger, Ledger)
    assert isinstance(state.context.shown[0], Shown)


def test_the_last_share_of_the_day_is_kept_for_what_is_worth_most() -> None:
    policy = PolicySettings(silence_min=0, nudges_per_day=3, theme_per_day=9)
    plain, best = Says("plain"), Says("best", theme="errands")
    best.worth = 0.8
    core = Core((plain, best))
    best.wakes = frozenset(("steps",))
    state, _ = core.step(State(), roomy(policy))
    state, judged = live(core, *(tick(NOON + n) for n in range(4)), state=state)
    assert verdicts(judged) == ["speak", "speak", "budget", "budget"]
    _, judged = live(core, sample(NOON + 5, "steps", 5), state=state)
    assert [one.verdict for one in judged if one.skill == "best"] == ["speak"]


@pytest.mark.parametrize(("worth", "said"), [(0.6, 1), (0.8, 3)])
def test_who_slept_badly_is_spared_what_is_worth_less(worth: float, said: int) -> None:
    policy = PolicySettings(silence_min=0, nudges_per_day=20, theme_per_day=3)
    skill = Says()
    skill.worth = worth
    core = Core((skill,))
    state, _ = core.step(State(), roomy(policy))
    tired = replace(state.context, sleep=Sleep(nights=(night(at(NOON - 60), hours=4),)))
    _, judged = live(core, *(tick(NOON + n) for n in range(6)), state=replace(state, context=tired))
    assert verdicts(judged).count("speak") == said


@pytest.mark.parametrize("does", [(), ("lists",), ("urgent", "promise")])
def test_an_action_that_was_not_declared_is_denied(does: Sequence[str]) -> None:
    skill = Says(does=does)
    skill.action = HEAT
    _, judged = live(Core((skill,)), tick(NOON))
    assert verdicts(judged) == ["denied"]


@pytest.mark.parametrize("topic", ["../ada/notify", "/etc", "a//b", "a/+/b", "#", "A", ""])
def test_an_action_cannot_name_a_topic_outside_its_own(topic: str) -> None:
    with pytest.raises(ValueError, match="topic"):
        Publish(topic=topic)


@pytest.mark.parametrize("prior", [0.6, 0.8, 1.0])
def test_five_dismissals_in_a_row_are_a_no_wherever_they_were_given(prior: float) -> None:
    worth = Worth()
    for day, place in enumerate(("home", "work", "out", "grocery", "other")):
        assert worth.mean(prior, "home, evening", at=at(day * DAY_MIN)) > 0
        worth = worth.fold("dismissed", f"{place}, morning", at(day * DAY_MIN))
    assert worth.mean(prior, "home, evening", at=at(6 * DAY_MIN)) == 0
    again = worth.fold("accepted", "home, evening", at(7 * DAY_MIN))
    assert again.mean(prior, "home, evening", at=at(7 * DAY_MIN)) > 0


def test_bad_luck_does_not_silence_what_is_mostly_welcome() -> None:
    worth = Worth()
    for day, given in enumerate(["ignored", "dismissed", "ignored", "dismissed", "accepted"] * 4):
        worth = worth.fold(given, "home, evening", at(day * DAY_MIN))
        assert worth.mean(0.7, "home, evening", at=at(day * DAY_MIN)) > COST


@pytest.mark.parametrize(("urgency", "verdict"), [("promised", "speak"), ("normal", "snoozed")])
def test_a_snooze_holds_one_promise_and_all_of_a_skill_that_was_not_asked(
    urgency: Urgency, verdict: Verdict
) -> None:
    skill = Says(urgency=urgency)
    skill.topic = "first"
    core = Core((skill,))
    state, _ = live(core, tick(NOON))
    state, _ = live(core, answer(state, NOON + 1, "snoozed"), state=state)
    skill.topic = "second"
    _, judged = live(core, tick(NOON + 2), state=state)
    assert verdicts(judged)[-1:] == [verdict]


def test_what_is_said_again_after_a_snooze_is_no_duplicate_of_itself() -> None:
    skill = Says(about="a walk")
    skill.topic, skill.wakes = "walk", frozenset(("battery",))
    core = Core((skill,))
    state, _ = live(core, tick(NOON))
    state, _ = live(core, answer(state, NOON + 1, "snoozed"), state=state)
    _, judged = live(core, tick(NOON + 40), state=state)
    assert verdicts(judged) == ["speak"]


@pytest.mark.parametrize(("guest", "said"), [(True, 3), (False, 6)])
def test_what_a_third_party_calls_promised_counts_in_the_cap(guest: bool, said: int) -> None:
    policy = PolicySettings(silence_min=0, cap_per_day=3)
    skill = Says(urgency="promised")
    skill.is_guest = guest
    core = Core((skill,))
    state, _ = core.step(State(), roomy(policy))
    _, judged = live(core, *(tick(NOON + n) for n in range(6)), state=state)
    assert verdicts(judged).count("speak") == said
