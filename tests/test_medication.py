"""Each dose is asked for at its time, gently, and what was taken is known; no advice is given."""

import asyncio
from datetime import timedelta

import pytest
from pydantic import TypeAdapter

from agent.ask.medicines import medicine, often
from agent.ask.route import Reply, Route
from agent.ask.words import WordUnderstanding
from agent.bus import replay
from agent.config import Rules
from agent.context import Context
from agent.core import Core
from agent.evaluate.situation import Nothing, situation
from agent.events import FeedbackGiven, GestureMade, Input, Notified, ProposalJudged, SkillNoted
from agent.scheduler import due_now
from agent.skill import MEMORY_BYTES_MAX
from agent.state import State
from skills import SKILLS
from skills.medication import Medication
from skills.medication.doses import KEPT_MAX, kept, medicines, open_doses
from tests.days import at, rules, sample

ROUTE = Route(SKILLS, [WordUnderstanding()])
HERE = situation()
DAILY = {"unit": "day", "times": ["06:00:00", "18:00:00"]}


def planned(name: str = "iron", minute: float = 0, **more: object) -> SkillNoted:
    data = {"name": name, "again": {**DAILY, **more}, "since": at(minute).isoformat()}
    return SkillNoted.model_validate(
        {"at": at(minute), "skill": "medication", "name": "planned", "data": data}
    )


class Life:
    """A core with this skill alone; days begin at 05:00 UTC, which is the wearer's clock."""

    def __init__(self, *events: Input) -> None:
        self.core = Core((Medication(),))
        self.state = State()
        self.judged: list[ProposalJudged] = []
        self.add(rules(), *events)

    def add(self, *events: Input) -> list[str]:
        """Return what is said on *events*; it is shown at once."""
        self.state, judged = replay(self.core, events, start=self.state)
        self.judged += judged
        said = [one for one in judged if one.verdict == "speak"]
        for one in said:
            shown = Notified(at=one.at, judgement=one.id, text=one.text, wording="template")
            self.state, _ = replay(self.core, [shown], start=self.state)
        return [one.text for one in said]

    def at(self, minute: float) -> list[str]:
        """Return what is said when the clock shows that, and nothing else happens."""
        said: list[str] = []
        while (event := due_now(self.state.context, at(minute))) is not None:
            said += self.add(event)
        return said

    @property
    def context(self) -> Context:
        return self.state.context


def ask(question: str, context: Context) -> Reply:
    return asyncio.run(ROUTE.answer(question, recall=Nothing(), context=context))


def test_who_takes_nothing_is_asked_nothing() -> None:
    life = Life()
    assert life.add(*(sample(n, "heart_rate", 60) for n in range(0, 900, 5))) == []
    assert life.judged == []
    assert life.context.own("medication") == {}


def test_a_dose_is_asked_for_three_times_at_most_and_ever_more_clearly() -> None:
    life = Life(planned())
    assert life.at(59) == []
    assert life.at(60) == ["It is time for iron: have you taken it?"]
    assert life.at(74) == []
    assert life.at(75) == ["Iron for 06:00 is not confirmed: taken?"]
    assert life.at(104) == []
    assert life.at(105) == ["Iron for 06:00 is not confirmed: taken? I do not ask again."]
    assert life.at(300) == []
    assert [one.haptic for one in life.judged] == ["tap", "double", "long"]
    assert {one.urgency for one in life.judged} == {"promised"}
    assert "iron: 06:00 not confirmed" in ask("did I take my pills today", life.context).answer.text


@pytest.mark.parametrize("how", ["feedback", "gesture", "voice"])
def test_what_is_confirmed_is_not_asked_for_again(how: str) -> None:
    life = Life(planned())
    life.at(60)
    if how == "feedback":
        life.add(FeedbackGiven(at=at(61), judgement=life.judged[0].id, answer="accepted"))
    elif how == "gesture":
        life.add(GestureMade(at=at(60.5), source="watch", gesture="yes"))
    else:
        life.add(*ask("I took my pills", life.context).answer.events)
    assert [(one.name, one.due, one.taken) for one in kept(life.context.own("medication"))] == [
        ("iron", at(60), True)
    ]
    assert life.at(300) == []
    assert "confirmed at 06:0" in ask("did I take my iron", life.context).answer.text
    assert life.at(780) == ["It is time for iron: have you taken it?"]
    assert any("last confirmed" in line for line in life.judged[-1].evidence)


def test_who_says_no_is_left_alone_with_that_dose() -> None:
    life = Life(planned())
    life.at(60)
    life.add(FeedbackGiven(at=at(61), judgement=life.judged[0].id, answer="dismissed"))
    assert life.at(300) == []
    assert "06:00 skipped" in ask("did I take my iron", life.context).answer.text


def test_two_medicines_of_one_time_are_one_question() -> None:
    life = Life(planned("iron"), planned("zinc"))
    assert life.at(60) == ["It is time for iron and zinc: have you taken it?"]
    life.add(GestureMade(at=at(60.2), source="watch", gesture="double_tap"))
    assert {one.name for one in kept(life.context.own("medication"))} == {"iron", "zinc"}


def test_a_device_that_was_off_asks_late_and_not_at_all_when_the_next_dose_may_be_near() -> None:
    late = Life(planned())
    assert late.at(60 + 200) == ["Iron for 06:00 is not confirmed: taken? I do not ask again."]
    off = Life(planned())
    assert off.at(60 + 300) == []
    assert "06:00 not confirmed" in ask("did I take my iron", off.context).answer.text


def test_no_second_dose_is_advised() -> None:
    life = Life(planned())
    life.at(60)
    life.add(*ask("I took my iron pills", life.context).answer.events)
    again = ask("can I take another iron", life.context)
    assert not again.answer.known
    assert "confirmed at 06:00" in again.answer.text
    assert "ask your doctor or pharmacist" in again.answer.text
    twice = ask("I took my pills", life.context)
    assert twice.answer.events == ()
    assert "Nothing is open now" in twice.answer.text


def test_a_plan_by_voice_is_kept_told_and_taken_back() -> None:
    life = Life()
    reply = ask("I take metformin at 8 and 20 every day", life.context)
    assert "every day at 08:00 and 20:00, first at 08:00" in reply.answer.text
    life.add(*reply.answer.events)
    assert [one.name for one in medicines(life.context)] == ["metformin"]
    assert "metformin at 08:00" in ask("when is my next dose", life.context).answer.text
    assert "metformin every day" in ask("which medicines do I take", life.context).answer.text
    life.add(*ask("I don't take metformin any more", life.context).answer.events)
    assert medicines(life.context) == ()
    assert life.at(1000) == []
    assert "I know of no medicine" in ask("did I take my pills", life.context).answer.text


def test_what_is_in_the_settings_is_asked_for_too_and_can_be_stopped_by_voice() -> None:
    skills = {"medication": {"medicines": [{"name": "iron", "times": DAILY["times"]}]}}
    life = Life(rules(0, Rules.model_validate({"zone": "UTC", "skills": skills})),
                sample(1, "heart_rate", 60))  # fmt: skip
    assert life.at(60) == ["It is time for iron: have you taken it?"]
    life.add(*ask("I don't take iron any more", life.context).answer.events)
    assert life.at(800) == []


def test_what_was_noted_can_be_taken_back() -> None:
    life = Life(planned())
    life.at(60)
    answer = ask("I took my pills", life.context).answer
    life.add(*answer.events)
    assert open_doses(life.context) == []
    life.add(*answer.undo)
    assert [dose.name for dose in open_doses(life.context)] == ["iron"]


def test_what_is_kept_is_bounded_and_round_trips() -> None:
    many = [planned(f"medicine number {n}") for n in range(40)]
    life = Life(*many)
    for day in range(90):
        noted = {"name": "medicine number 39", "due": at(60 + day).isoformat()}
        life.add(SkillNoted(at=at(60 + day), skill="medication", name="taken",
                            data={**noted}))  # fmt: skip
    memory = life.context.own("medication")
    assert len(kept(memory)) == KEPT_MAX
    assert len(medicines(life.context)) <= 30
    state = TypeAdapter(State)
    assert state.validate_json(state.dump_json(life.state)) == life.state
    assert len(state.dump_json(life.state)) < 8 * MEMORY_BYTES_MAX
    assert life.state.faults == {}


@pytest.mark.parametrize(
    ("said", "name", "times"),
    [
        ("I take vitamin D every morning", "vitamin D", ["08:00"]),
        ("I have to take iron at noon", "iron", ["12:00"]),
        ("I'm on 20 mg of Atorvastatin daily at 9 pm", "Atorvastatin", ["21:00"]),
        ("my aspirin is at 7 pm daily", "aspirin", ["19:00"]),
        ("I take two tablets of thyroxine at 6:30 every day", "thyroxine", ["06:30"]),
        ("I need to take fish oil twice a day", "fish oil", ["09:00", "21:00"]),
    ],
)
def test_a_medicine_and_its_times_are_read(said: str, name: str, times: list[str]) -> None:
    found = often(said, HERE)
    assert found is not None
    assert medicine(said, HERE) == name
    assert [f"{one:%H:%M}" for one in found.times] == times


def test_the_questions_people_ask_find_their_tool() -> None:
    life = Life(planned())
    for said, tool in {
        "have I had my tablets yet": "taken",
        "what time is my iron": "next_dose",
        "should I double the dose": "another",
        "what is on my medicine plan": "medicines",
    }.items():
        assert ask(said, life.context).tool == f"medication.{tool}"
    soon = ask("I took my iron pills", Life(planned(), sample(20, "heart_rate", 60)).context)
    (noted,) = soon.answer.events
    assert isinstance(noted, SkillNoted)
    assert noted.data["due"] == at(60).isoformat(), "an hour early is that dose"
    assert at(60) - at(20) < timedelta(hours=2)
