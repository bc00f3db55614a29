"""Training load and recovery: what is not known is not told, and nothing is advised."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agent.bus import replay
from agent.config import Rules
from agent.context import Context
from agent.core import Core
from agent.evaluate.situation import Nothing
from agent.fusion.illness import Day, Illness
from agent.fusion.training import BINS, Effort
from agent.fusion.training import Training as Efforts
from agent.skill import GLANCE_MAX, NoArguments, Proposal
from agent.state import State
from skills.training import (
    Settings,
    Training,
    highest_bpm,
    load_of,
    recovered,
    resting_bpm,
    training_load,
)
from tests.days import RULES, at, rules, sample

RECALL, NONE = Nothing(), NoArguments()
AGED = Rules.model_validate(RULES.model_dump() | {"skills": {"training": {"highest_bpm": 190}}})
RUN = 18  # the bin of 150 to 155 bpm


def effort(days_ago: int, minutes: int, *, worn: int = 900) -> Effort:
    day = at(0) - timedelta(days=days_ago)
    bins = tuple(minutes if place == RUN else 0 for place in range(BINS))
    return Effort(f"{day:%Y-%m-%d}", worn, bins)


def lived(*minutes: int, resting: float = 55, worn: int = 900, given: Rules = AGED) -> Context:
    """Return the morning after days with so many minutes of running, the last one yesterday."""
    days = tuple(effort(len(minutes) - n, one, worn=worn) for n, one in enumerate(minutes))
    context = replay(Core(()), [rules(given=given), sample(5, "heart_rate", 60)])[0].context
    before = [Day(at(0) - timedelta(days=40 - n), resting_heart_rate=55 + n % 2) for n in range(39)]
    now = Day(at(0) - timedelta(days=1), resting_heart_rate=resting, excess=0.0)
    return replace(
        context,
        training=Efforts(days=days),
        illness=Illness(days=(*before, now)),
        sleep=replace(context.sleep, awake_since=at(0)),
    )


def wishes(context: Context) -> list[Proposal]:
    return list(Training().consider(context, Settings()))


USUAL = (30,) * 28
HARD = (*(30,) * 21, *(90,) * 7)


def test_nothing_is_said_of_a_usual_week_a_short_time_or_late_in_the_day() -> None:
    assert wishes(State().context) == []
    assert wishes(lived(*USUAL)) == []
    assert wishes(lived(*HARD[-10:])) == [], "ten days are no usual"
    assert wishes(lived(*HARD, worn=200)) == [], "the watch was not worn"
    assert wishes(lived(*((0,) * 21), *((2,) * 7))) == [], "two minutes of sport are no load"
    late = replace(lived(*HARD), now=at(61))
    assert wishes(late) == []


def test_a_high_load_is_mentioned_low_and_at_once_only_if_the_heart_shows_it_too() -> None:
    (low,) = wishes(lived(*HARD))
    assert low.urgency == "low"
    assert low.text == "Your training load of the last seven days is 2.0 times your usual."
    assert len(low.glance) <= GLANCE_MAX
    (said,) = wishes(lived(*HARD, resting=62))
    assert said.urgency == "normal"
    assert said.text.endswith("and your resting heart rate is above your usual.")


def test_the_load_of_the_week_is_banister_s_of_its_minutes() -> None:
    context = lived(*USUAL)
    load = load_of(context)
    assert load is not None
    # x = (152.5 - 55) / 135 = 0.722 and 0.722 * 0.64 * exp(1.92 * 0.722) = 1.85 a minute
    assert load.week == pytest.approx(6 * 30 * 1.85, rel=0.02)
    assert load.ratio == pytest.approx(1.0)
    told = training_load(NONE, RECALL, context).text
    assert "over 6 of the last 7 days, with 180 minutes of effort" in told
    assert "about your usual (1.0 times)" in told
    assert "not a forecast" in told
    few = training_load(NONE, RECALL, lived(*USUAL[:8]))
    assert few.text.endswith("your usual is not known yet.")


def test_recovery_is_told_as_facts_without_advice() -> None:
    told = recovered(NONE, RECALL, lived(*HARD, resting=62)).text
    assert told.startswith("Resting heart rate is above your usual")
    assert "load 2.0 times your usual" in told
    for word in ("should", "must", "rest day", "recommend"):
        assert word not in told


def test_what_is_missing_is_told() -> None:
    assert "resting heart rate is not known" in training_load(NONE, RECALL, State().context).text
    assert not recovered(NONE, RECALL, State().context).known
    unknown = lived(*((0,) * 28), given=RULES)
    assert "highest heart rate is not known" in training_load(NONE, RECALL, unknown).text
    assert "too few of the last days" in training_load(NONE, RECALL, lived(30, 30)).text


def test_the_highest_rate_is_the_told_one_that_of_the_age_or_one_that_was_seen() -> None:
    by_age = Rules.model_validate(RULES.model_dump() | {"skills": {"training": {"age": 40}}})
    assert highest_bpm(lived(*USUAL)) == 190
    assert highest_bpm(lived(*USUAL, given=by_age)) == 180
    assert highest_bpm(lived(*USUAL, given=RULES)) == 152.5
    assert resting_bpm(lived(*USUAL)) == 55.0
