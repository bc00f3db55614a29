"""The offered walk: at the wearer's pace, and what it did to the heart."""

from dataclasses import replace

import pytest

from agent.context import Context, Latest, Shown
from agent.core import Core
from agent.events import FeedbackGiven, FeedbackKind, Publish
from agent.fusion.motion import Motion
from agent.state import State
from skills.pause import Pause
from skills.pause.walk import CADENCE_USUAL, after, begun, helped
from tests.days import at, day
from tests.test_policy import live

ASKED = Shown(judgement="j", skill="break", topic="meetings since …", at=at(400))


def accepted(minute: float, bpm: float) -> Context:
    shown = replace(ASKED, answer="accepted", answered_at=at(minute))
    latest = {"heart_rate": Latest(bpm, at(minute), "watch")}
    return Context(now=at(minute), latest=latest, shown=(shown,))


def resting(minute: float, bpm: float, memory: object) -> Context:
    assert isinstance(memory, dict)
    still = Motion(state="still", measured_at=at(minute), since=at(minute - 5))
    latest = {"heart_rate": Latest(bpm, at(minute), "watch")}
    memories = {"break": memory}
    return Context(now=at(minute), latest=latest, motion=still, memories=memories)


def test_a_yes_beats_the_pace_of_the_last_walk() -> None:
    core, state = Core((Pause(),)), State()
    for event in day():
        state, judged = core.step(state, event)
        spoken = [one for one in judged if one.verdict == "speak"]
        if spoken:
            break
    (asked,) = spoken
    assert asked.action is not None
    assert isinstance(asked.action.deed, Publish)
    pace = asked.action.deed.payload
    assert pace == {"steps_per_min": round(CADENCE_USUAL), "minutes": 10}
    now = (state.context.now - at(0)).total_seconds() / 60
    yes = FeedbackGiven(at=at(now + 1), judgement=asked.id, answer="accepted")
    state, done = live(core, yes, state=state)
    assert [one.verdict for one in done][:1] == ["act"]
    assert state.context.own("break")["before_bpm"] == state.context.value("heart_rate")


@pytest.mark.parametrize("answer", ["dismissed", "snoozed"])
def test_only_a_yes_begins_a_walk(answer: FeedbackKind) -> None:
    said = replace(accepted(410, 92).shown[0], answer=answer)
    context = replace(accepted(410, 92), shown=(said,))
    assert begun({}, context) == {}


def test_what_the_walk_did_is_told_once_the_heart_is_at_rest() -> None:
    memory = begun({}, accepted(410, 92))
    assert after(resting(415, 90, memory)) is None  # still on the way
    told = after(resting(432, 74, memory))
    assert told is not None
    assert told.text == "Your heart rate is 74 bpm, 18 below that before the walk."
    assert told.urgency == "low"
    assert after(resting(600, 74, memory)) is None  # no news any more
    moving = replace(resting(432, 110, memory), motion=Motion(state="walking", measured_at=at(432)))
    assert after(moving) is None


def test_the_answer_says_what_is_missing() -> None:
    assert "no walk that I offered" in helped(None, None, Context(now=at(0))).text  # type: ignore[arg-type]
    memory = begun({}, accepted(410, 92))
    early = helped(None, None, resting(412, 90, memory))  # type: ignore[arg-type]
    assert (early.known, "at rest after it" in early.text) == (False, True)
    same = helped(None, None, resting(432, 91, memory))  # type: ignore[arg-type]
    assert same.text == "Your heart rate is as before the walk, 91 bpm."


def test_who_has_no_heart_rate_is_told_nothing_of_the_walk() -> None:
    blind = replace(accepted(410, 92), latest={})
    memory = begun({}, blind)
    assert memory["before_bpm"] is None
    assert after(resting(432, 74, memory)) is None
