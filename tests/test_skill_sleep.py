"""Sleep debt and the quality of a night: first what must not be said, then what must."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from agent.bus import replay
from agent.config import PolicySettings, Rules
from agent.context import Context
from agent.core import Core
from agent.evaluate.situation import Nothing
from agent.fusion.night import Stages
from agent.fusion.sleep import Night
from agent.skill import GLANCE_MAX, NoArguments, Proposal
from agent.state import State
from skills.morning import Morning, night_quality
from skills.sleep import (
    Settings,
    SleepDebt,
    bedtime,
    bedtime_min,
    debt_of,
    nights_of_week,
    sleep_debt,
)
from tests.days import RULES, at, rules, sample

RECALL, NONE = Nothing(), NoArguments()
EVENING = 14 * 60  # minutes after dawn: seven in the evening
USUAL = (420,) * 8


def after_nights(
    *asleep_min: int, minute: float = EVENING + 140, quiet: Rules = RULES, wake: float = 60
) -> Context:
    """Return the context at *minute* after nights of so many minutes, all begun at 22:00."""
    nights = []
    for back, slept in enumerate(reversed(asleep_min)):
        onset = at(17 * 60) - timedelta(days=back + 1)
        nights.append(Night(onset, onset + timedelta(minutes=slept)))
    context = replay(Core(()), [rules(given=quiet), sample(minute, "heart_rate", 60)])[0].context
    return replace(context, sleep=replace(context.sleep, nights=tuple(reversed(nights))))


def wishes(context: Context) -> Sequence[Proposal]:
    return SleepDebt().consider(context, Settings())


SHORT = (*USUAL, 380, 360, 350)


def test_who_sleeps_as_usual_or_is_little_known_hears_nothing() -> None:
    assert wishes(State().context) == ()
    assert wishes(after_nights(*(420,) * 12)) == ()
    assert wishes(after_nights(*(420,) * 4, 300, 300, 300)) == (), "seven nights are too few"
    assert wishes(after_nights(*USUAL, 400, 400, 400)) == (), "an hour is below the setting"
    assert wishes(after_nights(*USUAL, 300, 300, 430)) == (), "the debt shrinks"


@pytest.mark.parametrize("minute", [EVENING, EVENING + 60, EVENING + 270])
def test_nothing_is_said_at_another_time_of_the_day(minute: float) -> None:
    assert wishes(after_nights(*SHORT, minute=minute)) == ()


def test_before_the_usual_bedtime_and_quiet_hours_the_debt_is_said() -> None:
    (said,) = wishes(after_nights(*SHORT, minute=EVENING + 135))
    assert said.text == (
        "You are 2 h 50 min of sleep short over the last 3 nights; your usual bedtime is 22:00: "
        "time to wind down?"
    )
    assert len(said.glance) <= GLANCE_MAX
    assert said.expires == at(EVENING + 135 + 60), "quiet hours and bedtime begin at ten"


def test_late_quiet_hours_leave_it_to_the_bedtime() -> None:
    late = Rules(zone="UTC", policy=PolicySettings.model_validate({"quiet_from": "23:30"}))
    assert wishes(after_nights(*SHORT, minute=EVENING + 130, quiet=late)) == ()
    assert len(wishes(after_nights(*SHORT, minute=EVENING + 140, quiet=late))) == 1


def test_it_is_said_once_an_evening() -> None:
    state = State(context=after_nights(*SHORT, minute=EVENING + 120))
    minutes = [sample(EVENING + 121 + n, "cadence", 0) for n in range(100)]
    _, judged = replay(Core((SleepDebt(),)), minutes, start=state)
    assert [one.verdict for one in judged] == ["speak"]


def test_the_debt_the_bedtime_and_the_week_are_told_or_what_is_missing() -> None:
    context = after_nights(*SHORT)
    assert sleep_debt(NONE, RECALL, context).text == (
        "You are 2 h 50 min short over the last 3 nights; usual is 7 h 00 min."
    )
    assert bedtime(NONE, RECALL, context).text.startswith("You usually fall asleep at about 22:00")
    week = nights_of_week(NONE, RECALL, context)
    assert "Monday 5 h 50 min" in week.text
    assert {one.role for one in week.evidence} == {"nights", "average sleep", "shortest night"}
    for tool in (sleep_debt, bedtime, nights_of_week):
        answer = tool(NONE, RECALL, State().context)
        assert not answer.known
        assert answer.text.startswith("I can't tell: ")


def test_a_bedtime_around_midnight_is_near_midnight() -> None:
    nights = tuple(
        Night(onset, onset + timedelta(hours=7))
        for onset in (at(19 * 60 + late) - timedelta(days=9 - n) for n, late in enumerate(LATE))
    )
    context = after_nights(*USUAL)
    context = replace(context, sleep=replace(context.sleep, nights=nights))
    usual = bedtime_min(context)
    assert usual is not None
    assert min(usual, 1440 - usual) <= 5


LATE = (-30, 20, -10, 5, -5, 0, 25)


def test_sleeping_long_makes_no_negative_debt() -> None:
    debt = debt_of(after_nights(*USUAL, 500, 500, 500))
    assert debt is not None
    assert debt.missing == timedelta()


# The quality of the night, in the morning report.


def a_night(*, restless: float, efficiency: float, stages: Stages | None) -> Night:
    wake = at(0)
    onset = wake - timedelta(hours=7)
    lain = timedelta(hours=7) / efficiency
    return Night(
        onset,
        wake,
        lain_since=wake - lain,
        risen=wake,
        awakenings=3,
        restless=restless,
        stages=stages,
    )


def lived(*restless: float) -> Context:
    nights = tuple(a_night(restless=one, efficiency=0.9, stages=None) for one in restless[:-1])
    last = a_night(
        restless=restless[-1], efficiency=0.8, stages=Stages(200, 70, 90, confidence=0.64)
    )
    context = replay(Core(()), [rules(), sample(5, "heart_rate", 60)])[0].context
    sleep = replace(context.sleep, nights=(*nights, last), awake_since=at(0))
    return replace(context, sleep=sleep)


def test_what_is_not_known_of_a_night_is_not_told() -> None:
    assert not night_quality(NONE, RECALL, State().context).known
    bare = after_nights(420, minute=400)
    assert not night_quality(NONE, RECALL, bare).known


def test_the_quality_of_a_night_is_told_as_an_estimate_against_the_usual() -> None:
    told = night_quality(NONE, RECALL, lived(*(0.1,) * 6, 0.3)).text
    assert told.startswith(
        "By estimate, last night: asleep for 80% of the time in bed (usually 90%)"
    )
    assert "restless for 30% of it (usually 10%)" in told
    assert "about 1 h 10 min deep and 1 h 30 min of dreams (64% sure)" in told
    few = night_quality(NONE, RECALL, lived(0.1, 0.3)).text
    assert "usually" not in few


def test_the_morning_names_a_restless_night_and_no_usual_one() -> None:
    (said,) = Morning().consider(lived(*(0.1,) * 6, 0.3), Morning.settings())
    assert "more restlessly than usual" in said.text
    assert any("64% sure" in line for line in said.evidence)
    (usual,) = Morning().consider(lived(*(0.1,) * 6, 0.1), Morning.settings())
    assert "restless" not in usual.text
