"""Sitting for long: first when not to speak of it, then when."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from agent.bus import replay
from agent.config import Rules
from agent.context import Context
from agent.core import Core
from agent.evaluate.situation import Nothing
from agent.events import CalendarChanged, FeedbackGiven, Input, ProposalJudged
from agent.skill import GLANCE_MAX, NoArguments
from agent.state import State
from skills.move import Move, moved_today, seated
from tests.days import RULES, at, calendar, rules, sample

RECALL, NONE = Nothing(), NoArguments()
NINE = 4 * 60  # minutes after dawn: dawn is at five


def minutes(since: int, until: int, *, motion: float = 20, worn: bool = True) -> list[Input]:
    inputs: list[Input] = []
    for minute in range(since, until):
        inputs.append(sample(minute, "motion", motion))
        inputs += [sample(minute + 0.1, "heart_rate", 72)] if worn else []
    return inputs


def judge(*inputs: Input, given: Rules = RULES) -> tuple[State, Sequence[ProposalJudged]]:
    state, judged = replay(Core((Move(),)), [rules(given=given), *inputs])
    return state, tuple(judged)


WALK = minutes(NINE, NINE + 5, motion=200)


def test_an_hour_without_a_walk_is_not_spoken_of() -> None:
    assert judge(*WALK, *minutes(NINE + 5, NINE + 93))[1] == ()


def test_who_gets_up_in_between_is_left_alone() -> None:
    breaks = minutes(NINE + 60, NINE + 63, motion=200)
    inputs = [*minutes(NINE + 5, NINE + 60), *breaks, *minutes(NINE + 63, NINE + 140)]
    assert judge(*WALK, *inputs)[1] == ()


def test_a_watch_on_the_table_sits_for_nobody() -> None:
    assert judge(*WALK, *minutes(NINE + 5, NINE + 200, worn=False))[1] == ()


@pytest.mark.parametrize(
    "meetings",
    [calendar(0, ("Long", 300, 480)), calendar(0, ("Soon", NINE + 98, NINE + 400))],
)
def test_in_a_meeting_and_shortly_before_one_nobody_is_asked_to_get_up(
    meetings: CalendarChanged,
) -> None:
    assert judge(meetings, *WALK, *minutes(NINE + 5, NINE + 130))[1] == ()


def test_in_the_evening_one_may_rest() -> None:
    late = 15 * 60
    assert judge(*minutes(late - 5, late, motion=200), *minutes(late, late + 115))[1] == ()


def test_after_an_hour_and_a_half_it_is_said_once() -> None:
    state, judged = judge(*WALK, *minutes(NINE + 5, NINE + 200))
    (said,) = judged
    assert said.verdict == "speak"
    assert said.text == "You have not walked for 1 h 30 min: get up for two minutes?"
    assert at(NINE + 94) <= said.at <= at(NINE + 97)
    assert len(said.glance) <= GLANCE_MAX
    told = seated(NONE, RECALL, state.context)
    assert told.text.startswith("You have not walked for 3 h 1")
    day = moved_today(NONE, RECALL, state.context)
    assert day.text.startswith("You moved in 5 minutes of the 3 h 2")


def test_water_is_off_unless_wanted_and_waits_for_a_digest_then() -> None:
    wanted = Rules.model_validate(
        RULES.model_dump() | {"skills": {"move": {"water": True}}, "zone": "UTC"}
    )
    _, judged = judge(*WALK, *minutes(NINE + 5, NINE + 55), given=wanted)
    assert [(one.verdict, one.urgency) for one in judged] == [("batched", "low")]


def test_what_is_missing_is_told() -> None:
    nothing = State().context
    assert seated(NONE, RECALL, nothing).text == (
        "I can't tell: no motion was measured in the last minutes."
    )
    assert not moved_today(NONE, RECALL, nothing).known
    state, _ = judge(*WALK)
    assert "on your feet" in seated(NONE, RECALL, state.context).text
    asleep: Context = replace(
        state.context, sleep=replace(state.context.sleep, asleep_since=at(NINE))
    )
    assert "asleep" in seated(NONE, RECALL, asleep).text


def test_a_snoozed_one_comes_again() -> None:
    state, judged = judge(*WALK, *minutes(NINE + 5, NINE + 100))
    later = FeedbackGiven(at=at(NINE + 100), judgement=judged[0].id, answer="snoozed")
    _, again = replay(Core((Move(),)), [later, *minutes(NINE + 101, NINE + 225)], start=state)
    assert [one.verdict for one in again][-1] == "speak"
