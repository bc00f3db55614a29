"""Each skill: first what it must not say, then what it must."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from agent.bus import replay
from agent.config import Rules
from agent.context import Context
from agent.core import Core
from agent.events import Input, ReminderCancelled, ReminderSet, ScheduleDue
from agent.fusion.sleep import Night
from agent.fusion.stress import Stress
from agent.skill import GLANCE_MAX, Proposal
from agent.state import State
from skills import SKILLS
from skills.body import Body
from skills.grocery import Grocery
from skills.morning import Morning
from skills.pause import Pause
from skills.pause import Settings as PauseSettings
from skills.reminder import Reminder
from tests.days import HOME, RULES, SHOP, at, calendar, day, fix, rules, sample, shopping


def lived(*inputs: Input, given: Rules = RULES) -> Context:
    state, _ = replay(Core(()), [rules(given=given), *inputs])
    return state.context


def stressed(*, minutes: int, until: float) -> Stress:
    return Stress(
        score=82,
        confidence=0.8,
        measured_at=at(until),
        raised_since=at(until - minutes),
        raised_min=minutes,
    )


def pause(context: Context) -> list[Proposal]:
    return list(Pause().consider(context, PauseSettings()))


# Break.

BUSY = tuple((f"m{n}", 30.0 * n, 30.0 * n + 30) for n in range(9))


def in_meetings(minute: float, *, raised_min: int = 20) -> Context:
    context = lived(calendar(0, *BUSY), sample(minute, "heart_rate", 90))
    return replace(context, stress=stressed(minutes=raised_min, until=minute))


def test_no_walk_is_suggested_without_both_meetings_and_stress() -> None:
    assert pause(in_meetings(239)) == [], "one minute short of four hours"
    assert pause(in_meetings(250, raised_min=9)) == [], "raised for too short a time"
    assert pause(replace(in_meetings(250), stress=Stress())) == []
    free = lived(calendar(0), sample(250, "heart_rate", 90))
    assert pause(replace(free, stress=stressed(minutes=60, until=250))) == []
    paused = lived(calendar(0, *BUSY[:4], *BUSY[5:]), sample(250, "heart_rate", 90))
    assert pause(replace(paused, stress=stressed(minutes=60, until=250))) == []
    assert pause(in_meetings(270 + 21)) == [], "the pause has been taken"
    old = replace(in_meetings(250), stress=stressed(minutes=60, until=230))
    assert pause(old) == [], "an estimate of twenty minutes ago is none"


def test_a_walk_is_suggested_once_both_are_there_and_says_why() -> None:
    (proposal,) = pause(in_meetings(250))
    assert "4 h 10 min" in proposal.text
    assert len(proposal.glance) <= GLANCE_MAX
    assert proposal.confidence == 0.8
    assert [line.split()[0] for line in proposal.evidence] == ["9", "stress", "confidence"]
    assert proposal.topic == pause(in_meetings(260))[0].topic, "one run of meetings is one topic"


# Grocery.


def shop(context: Context) -> list[Proposal]:
    return list(Grocery().consider(context, object()))  # type: ignore[arg-type]  # it has none


def test_no_list_is_shown_elsewhere_or_without_anything_to_buy() -> None:
    stay = [fix(10 + minute, SHOP) for minute in range(5)]
    assert shop(lived(shopping(0, "milk"))) == []
    assert shop(lived(shopping(0, "milk"), fix(10, HOME), fix(14, HOME))) == []
    assert shop(lived(*stay)) == []
    assert shop(lived(shopping(0), *stay)) == []
    done = shopping(0, "milk").model_dump()
    done["items"] = [{**done["items"][0], "done": True}]
    assert shop(lived(type(shopping(0)).model_validate(done), *stay)) == []


def test_the_list_is_shown_in_aisle_order_and_surely_only_after_a_stay() -> None:
    (unsure,) = shop(lived(shopping(0, "milk"), fix(10, SHOP)))
    (sure,) = shop(lived(shopping(0, "milk", "apples"), fix(10, SHOP), fix(13.1, SHOP)))
    assert unsure.confidence < RULES.policy.confidence_min < sure.confidence
    assert sure.text == "You are at the corner shop: milk and apples."
    assert sure.topic == unsure.topic, "one visit is one topic"
    many = shopping(0, *(f"thing number {n}" for n in range(40)))
    (long,) = shop(lived(many, fix(10, SHOP), fix(13.1, SHOP)))
    assert len(long.glance) <= GLANCE_MAX


# Morning.


def morning(context: Context) -> list[Proposal]:
    return list(Morning().consider(context, object()))  # type: ignore[arg-type]  # it has none


def after_nights(*asleep_min: int, minute: float = 5) -> Context:
    """Return the morning *minute* minutes after the last of so many nights."""
    count = len(asleep_min)
    wakes = [at(0) - timedelta(days=count - 1 - n) for n in range(count)]
    nights = tuple(
        Night(wake - timedelta(minutes=slept), wake)
        for wake, slept in zip(wakes, asleep_min, strict=True)
    )
    context = lived(calendar(-60, ("Standup", 180, 195)), sample(minute, "heart_rate", 60))
    return replace(
        context, sleep=replace(context.sleep, nights=nights, awake_since=at(0), asleep_since=None)
    )


def test_nothing_is_said_of_a_night_before_there_was_one_or_long_after() -> None:
    assert morning(lived(sample(0, "heart_rate", 60))) == []
    assert morning(after_nights(420, minute=181)) == []


@pytest.mark.parametrize(
    ("nights", "told"),
    [
        ((420,), "I do not know your usual yet"),
        ((420,) * 6, "about your usual"),
        ((*(420,) * 5, 380), "40 min less than usual"),
        ((*(420,) * 5, 490), "1 h 10 min more than usual"),
    ],
)
def test_a_night_is_told_against_the_usual(nights: tuple[int, ...], told: str) -> None:
    (proposal,) = morning(after_nights(*nights))
    assert told in proposal.text
    assert "first is Standup at 08:00" in proposal.text
    assert len(proposal.glance) <= GLANCE_MAX


# Reminder, body.


def test_a_reminder_is_said_when_due_and_not_if_it_was_taken_back() -> None:
    asked = ReminderSet(at=at(0), id="r1", due=at(60), text="Call Tom")
    due = ScheduleDue(at=at(60), name="reminder/r1", due=at(60))
    core = Core((Reminder(),))
    assert replay(core, [rules(), asked])[1] == []
    cancelled = ReminderCancelled(at=at(1), id="r1")
    assert replay(core, [rules(), asked, cancelled, due])[1] == []
    (said,) = replay(core, [rules(), asked, due])[1]
    assert (said.verdict, said.text, said.due) == ("speak", "Call Tom", at(60))


def test_the_body_never_speaks_by_itself() -> None:
    assert replay(Core((Body(),)), day())[1] == []


def proposals(inputs: Iterable[Input]) -> list[tuple[str, Proposal]]:
    """Return what every skill wishes to say after each input."""
    core, state = Core(()), State()
    found = []
    for event in inputs:
        state, _ = core.step(state, event)
        for skill in SKILLS:
            wishes = skill.consider(state.context, skill.settings())
            found += [(skill.name, one) for one in wishes]
    return found


def test_all_that_is_proposed_on_a_day_can_be_shown_and_rests_on_something() -> None:
    wished = proposals(day())
    assert {name for name, _ in wished} >= {"break", "grocery", "morning"}
    for _, one in wished:
        assert 0 < len(one.glance) <= GLANCE_MAX
        assert one.evidence
        assert one.text[0].isupper()
        assert one.text[-1] in ".?"
        assert one.evidence_at.tzinfo is UTC
        assert 0 <= one.confidence <= 1
