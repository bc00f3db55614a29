"""Quiet at the wearer's word: what is said, what is meant, and that nothing speaks by itself."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from agent.bus import replay
from agent.core import Core
from agent.evaluate.situation import Nothing
from agent.events import FocusSet, Input, ProposalJudged, SkillMuted
from agent.skill import NoArguments
from agent.state import State
from skills.focus import Focus
from skills.focus.quiet import About, Until, focus, focus_state, meant, mute, stop_focus
from tests.days import Stub, at, rules, sample
from tests.test_ask_acts import HERE, ask
from tests.test_ask_acts import at as local

RECALL, NONE = Nothing(), NoArguments()


def judge(*inputs: Input) -> tuple[State, Sequence[ProposalJudged]]:
    return replay(Core((Stub("skill"), Focus())), [rules(), *inputs])


def test_it_never_speaks_by_itself() -> None:
    _, judged = replay(Core((Focus(),)), [rules(), FocusSet(at=at(180), until=at(240))])
    assert list(judged) == []


def test_while_it_is_on_nothing_unasked_is_said_and_it_ends_by_itself() -> None:
    quiet = FocusSet(at=at(180), until=at(240))
    state, judged = judge(quiet, sample(200, "cadence", 0), sample(250, "cadence", 0))
    assert [one.verdict for one in judged] == ["focus", "focus", "speak"]
    assert state.context.own("focus")["since"] == at(180).isoformat()


@pytest.mark.parametrize(
    ("said", "hour", "minute"),
    [
        ("be quiet until five", 17, 0),
        ("do not disturb for two hours", 17, 10),
        ("focus until the meeting", 16, 0),
        ("please leave me alone for half an hour", 15, 40),
        ("no interruptions till half past six", 18, 30),
    ],
)
def test_quiet_until_a_time_is_done_at_once(said: str, hour: int, minute: int) -> None:
    reply = ask(said)
    (event,) = reply.answer.events
    assert isinstance(event, FocusSet)
    assert event.until == local(4, hour, minute)
    assert reply.answer.undo == (FocusSet(at=HERE.now, until=None),)


def test_quiet_without_an_end_is_asked_about() -> None:
    reply = ask("do not disturb me please")
    assert (reply.answer.text, reply.answer.events) == ("Until when shall I be quiet?", ())


@pytest.mark.parametrize(
    ("said", "skill", "muted"),
    [
        ("stop telling me about groceries", "grocery", True),
        ("I don't want to hear about my sleep any more", "sleep", True),
        ("don't bother me with walks", "break", True),
        ("no more shopping hints", "grocery", True),
        ("tell me about groceries again", "grocery", False),
        ("unmute the digest", "digest", False),
    ],
)
def test_a_thing_is_muted_and_wanted_again_by_what_people_call_it(
    said: str, skill: str, muted: bool
) -> None:
    reply = ask(said)
    assert reply.answer.events == (SkillMuted(at=HERE.now, skill=skill, muted=muted),)
    assert reply.answer.undo == (SkillMuted(at=HERE.now, skill=skill, muted=not muted),)


def test_signs_of_danger_are_muted_only_after_asking_and_what_is_unknown_not_at_all() -> None:
    asked = ask("stop telling me about falls")
    assert asked.answer.events == ()
    assert asked.answer.text == "Shall I say no more of falls (signs)?"
    unknown = ask("stop telling me about the weather")
    assert (unknown.answer.known, unknown.answer.events) == (False, ())
    assert "'weather'" in unknown.answer.text


def test_a_reminder_that_is_not_wanted_is_no_skill_that_is_not() -> None:
    for said in ("stop reminding me about the dentist", "cancel the reminder to stretch"):
        assert ask(said).tool != "focus.mute"


def test_a_skill_of_a_third_party_is_meant_by_its_name_once_it_has_spoken() -> None:
    state, _ = judge(sample(200, "cadence", 0))
    assert meant("skill", state.context) == "skill"
    assert meant("skill", State().context) is None


def test_quiet_for_longer_than_a_day_or_for_the_past_is_refused() -> None:
    context = judge(sample(200, "cadence", 0))[0].context
    for wrong in (timedelta(days=2), timedelta(minutes=-5), timedelta()):
        answer = focus(Until(until=context.now + wrong), RECALL, context)
        assert (answer.known, answer.events) == (False, ())


def test_its_state_is_told_and_what_is_muted() -> None:
    context = judge(FocusSet(at=at(180), until=at(240)), SkillMuted(at=at(181), skill="grocery"))[0]
    told = focus_state(NONE, RECALL, context.context).text
    assert told == "Focus is on until 09:00. I say nothing of grocery."
    assert focus_state(NONE, RECALL, State().context).text == "Focus is off."
    ended = stop_focus(NONE, RECALL, context.context)
    assert ended.undo == (FocusSet(at=at(181), until=at(240)),)
    back = judge(SkillMuted(at=at(1), skill="x"), SkillMuted(at=at(2), skill="x", muted=False))[0]
    assert back.context.own("focus") == {"muted": []}
    again = mute(About(topic="grocery"), RECALL, context.context)
    assert again.events == (SkillMuted(at=at(181), skill="grocery"),)
