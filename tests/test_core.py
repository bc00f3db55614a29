from dataclasses import replace

import pytest
from pydantic import TypeAdapter

from agent.config import PolicySettings, Rules
from agent.context import Context
from agent.core import FAULTS_MAX, Core
from agent.errors import SkillError
from agent.events import (
    FeedbackGiven,
    Input,
    ProposalJudged,
    ReminderSet,
    ScheduleDue,
    SkillFaulted,
    Verdict,
)
from agent.sensor import measured
from agent.skill import Memory, Skill
from agent.state import TALLIES_MAX, State
from skills.grocery import Grocery
from skills.reminder import Reminder
from tests.days import HOME, RULES, SHOP, Stub, at, fix, rules, sample, shopping, sync


def judge(core: Core, *inputs: Input) -> list[ProposalJudged]:
    state, judged = State(), list[ProposalJudged]()
    for event in (rules(), *inputs):
        state, more = core.step(state, event)
        judged += more
    return judged


def verdicts(judged: list[ProposalJudged]) -> list[Verdict]:
    return [one.verdict for one in judged]


def test_two_skills_on_one_event_cannot_both_slip_through_one_silence() -> None:
    judged = judge(Core((Stub("first"), Stub("second"))), sample(180, "cadence", 0))
    assert verdicts(judged) == ["speak", "cooldown"]


def test_an_occasion_is_said_once_and_its_silence_explained_once() -> None:
    stay = [fix(120 + minute, SHOP) for minute in range(12)]
    judged = judge(Core((Grocery(),)), shopping(0, "milk"), *stay)
    assert verdicts(judged) == ["unsure", "speak"]


def test_what_is_late_triggers_nothing_until_its_source_has_synced() -> None:
    core = Core((Stub("skill"),))
    now, late = sample(188, "cadence", 0), sample(180, "heart_rate", 70)
    assert verdicts(judge(core, now, late)) == ["speak"]
    assert verdicts(judge(core, now, late, sync(188))) == ["speak", "cooldown"]


@pytest.mark.parametrize(("fresh_min", "verdict"), [(60, "speak"), (1, "stale")])
def test_evidence_older_than_the_skill_allows_is_stale(fresh_min: int, verdict: Verdict) -> None:
    skill = Grocery()
    skill.fresh_min = fresh_min
    now, stay = sample(130, "cadence", 0), [fix(120 + minute, SHOP) for minute in range(5)]
    judged = judge(Core((skill,)), shopping(0, "milk"), now, *stay, sync(130))
    assert verdicts(judged) == [verdict]


def test_ids_follow_from_sequence_skill_and_ordinal_alone() -> None:
    core = Core((Stub("first"), Stub("second")))
    ids = [one.id for one in judge(core, sample(180, "cadence", 0), sample(181, "cadence", 0))]
    again = Core((Stub("first"), Stub("second")))
    other = [one.id for one in judge(again, sample(190, "cadence", 9), sample(191, "cadence", 1))]
    assert ids == other
    assert len(set(ids)) == 4


def test_a_skill_rests_an_hour_after_its_last_fault() -> None:
    skill = Stub("bad")
    faults = [SkillFaulted(at=at(180), skill="bad", reason="…") for _ in range(FAULTS_MAX)]
    failed: list[Input] = [sample(180, "cadence", 0), *faults, sample(180.5, "cadence", 0)]
    judge(Core((skill,)), *failed, sample(181, "cadence", 0), sample(239, "cadence", 0))
    assert skill.asked == 1, "before the faults"
    judge(Core((skill,)), *failed, sample(241, "cadence", 0))
    assert skill.asked == 3, "before the faults, and after the rest"


def test_a_skill_whose_fold_raises_rests_too_and_faults_once_an_hour_from_then_on() -> None:
    core, state, faults = Core((Folds(),)), State(), list[SkillFaulted]()
    for event in (sample(minute, "cadence", 0) for minute in range(300)):
        try:
            state, _ = core.step(state, event)
        except SkillError as error:
            fault = SkillFaulted(at=event.at, skill=error.skill, reason=error.reason)
            faults.append(fault)
            for again in (fault, event):
                state, _ = core.step(state, again)
    assert len(faults) == FAULTS_MAX + 4
    kept = TypeAdapter(State)
    assert kept.validate_json(kept.dump_json(state)) == state


def test_faults_of_long_ago_begin_no_row() -> None:
    state, day = State(), 1440
    for minute in (0, 1, 2 * day, 4 * day):
        for event in (sample(minute, "cadence", 0), fault(minute)):
            state, _ = Core(()).step(state, event)
    assert state.faults == {"bad": 1}
    assert not state.rests("bad")


def fault(minute: float) -> SkillFaulted:
    return SkillFaulted(at=at(minute), skill="bad", reason="…")


class Folds(Skill):
    name = "bad"
    folds = frozenset(("sample_measured",))

    def fold(self, memory: Memory, event: Input, context: Context) -> Memory:
        raise ZeroDivisionError


def test_the_budget_of_a_day_holds_and_the_next_day_has_its_own() -> None:
    inputs = [sample(180 + 30 * n, "cadence", 0) for n in range(5)]
    tomorrow = [sample(180 + 1440 + 120, "cadence", 0)]
    judged = verdicts(judge(Core((Stub("skill"),)), *inputs, *tomorrow))
    assert judged == ["speak", "speak", "speak", "budget", "budget", "speak"]


def test_quiet_hours_are_those_of_the_wearers_zone() -> None:
    core = Core((Stub("skill"),))
    tokyo = rules(0, Rules(zone="Asia/Tokyo", policy=RULES.policy))
    assert verdicts(judge(core, sample(60, "cadence", 0))) == ["quiet_hours"]
    assert verdicts(judge(core, tokyo, sample(60, "cadence", 0))) == ["speak"]


def test_a_snoozed_nudge_comes_back_when_its_time_is_over() -> None:
    core, stay = Core((Grocery(),)), [fix(120 + n, SHOP) for n in range(60)]
    said = judge(core, shopping(0, "milk"), *stay[:5])[-1]
    snooze = FeedbackGiven(at=at(124.5), judgement=said.id, answer="snoozed", snooze_min=30)
    judged = judge(core, shopping(0, "milk"), *stay[:5], snooze, *stay[5:])
    assert verdicts(judged) == ["unsure", "speak", "snoozed", "speak"]
    assert (judged[-1].at - snooze.at).total_seconds() >= 30 * 60


def test_a_dismissed_nudge_does_not_come_back() -> None:
    core, stay = Core((Grocery(),)), [fix(120 + n, SHOP) for n in range(60)]
    said = judge(core, shopping(0, "milk"), *stay[:5])[-1]
    no = FeedbackGiven(at=at(124.5), judgement=said.id, answer="dismissed")
    assert len(judge(core, shopping(0, "milk"), *stay[:5], no, *stay[5:])) == 2


def test_walking_past_a_shop_is_not_entering_it() -> None:
    passing = [fix(120, HOME), fix(121, SHOP), fix(122, SHOP), fix(123, HOME), fix(125, HOME)]
    judged = judge(Core((Grocery(),)), shopping(0, "milk"), *passing)
    assert verdicts(judged) == ["unsure"]


def test_a_visit_is_said_once_and_the_next_visit_anew() -> None:
    def visit(start: int) -> list[Input]:
        return [fix(start + n, SHOP if n < 8 else HOME) for n in range(14)]

    judged = judge(Core((Grocery(),)), shopping(0, "milk"), *visit(120), *visit(180))
    assert verdicts(judged) == ["unsure", "speak", "unsure", "speak"]


@pytest.mark.parametrize(("minutes_late", "late"), [(0, False), (45, True)])
def test_a_reminder_is_said_when_due_or_late_and_marked(minutes_late: int, late: bool) -> None:
    wanted = ReminderSet(at=at(0), id="r1", due=at(130), text="Call Tom")
    due = ScheduleDue(at=at(130 + minutes_late), name="reminder/r1", due=at(130))
    judged = judge(Core((Reminder(),)), wanted, due, due)
    assert verdicts(judged) == ["speak"]
    assert ("late" in judged[0].text) is late
    assert judged[0].due == at(130)


def test_reminders_that_come_due_together_are_all_said() -> None:
    core = Core((Reminder(),))
    wanted = [ReminderSet(at=at(0), id=f"r{n}", due=at(130), text=f"Do {n}") for n in range(4)]
    due = [ScheduleDue(at=at(131), name=f"reminder/r{n}", due=at(130)) for n in range(4)]
    assert verdicts(judge(core, *wanted, *due)) == ["speak"] * 4


def test_reports_of_our_own_do_not_move_the_time() -> None:
    state, _ = Core(()).step(State(), SkillFaulted(at=at(999), skill="s", reason="…"))
    assert state.context.now == State().context.now
    assert replace(state, sequence=0, faults={}, faulted={}, excused=()) == State()


def test_rules_may_forbid_all_nudges() -> None:
    none = rules(0, Rules(zone="UTC", policy=PolicySettings(nudges_per_day=0)))
    assert verdicts(judge(Core((Stub("skill"),)), none, sample(180, "cadence", 0))) == ["budget"]


def test_of_very_many_sources_that_count_the_silent_ones_are_forgotten() -> None:
    core, state = Core(()), State()
    for number in range(TALLIES_MAX + 20):
        one = measured("spo2", 97, at=at(number), source=f"s{number}", source_sequence=number)
        state, _ = core.step(state, one)
    assert len(state.tallies) == TALLIES_MAX
    assert "s0" not in state.tallies
    assert f"s{TALLIES_MAX + 19}" in state.tallies
