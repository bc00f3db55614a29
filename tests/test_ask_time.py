"""A time that was asked about is the time that is answered, or the reply says it is not known."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.ask import requests
from agent.ask.route import Reply, Route, tools_of
from agent.bus import Bus
from agent.context import Context
from agent.core import Core
from agent.events import ReminderSet
from agent.memory.journal import Journal
from agent.memory.recall import Memory
from agent.store import open_store
from skills import SKILLS
from tests.days import KEY, at, calendar, rules, sample
from tests.questions import ASKED, ASTRAY, NOW_ONLY, REQUESTS

NAMED = "Budget review"


class Certain:
    """An understanding that is always sure of one meaning: what is tested is what comes after."""

    def __init__(self, tool: str) -> None:
        self.tool = tool

    async def fit(self, examples: dict[str, list[str]]) -> None:
        """Learn nothing."""

    async def rank(self, _: str) -> Sequence[tuple[str, float]]:
        """Return the one meaning."""
        return [(self.tool, 0.99)]


class Here:
    """A memory of a Monday to 17:00, and a route to any tool."""

    def __init__(self, path: Path) -> None:
        db = open_store(path, key=KEY)
        bus = Bus(Core(SKILLS), Journal(db))
        plan = (("Standup", 240, 255), (NAMED, 300, 360), ("Demo", 1800, 1860))
        bus.publish([rules(), calendar(0, *plan), sample(60, "battery", 64)])
        bus.publish([ReminderSet(at=at(1), id="r1", due=at(1500), text="Call Tom")])
        bus.publish([sample(n, "heart_rate", 60 if n < 300 else 90) for n in range(0, 720, 5)])
        bus.publish([sample(700, "battery", 41), sample(720, "heart_rate", 72)])
        self.context: Context = bus.state.context
        self.memory = Memory(db)
        self.close = db.close
        self._certain = Certain("")
        self._route = Route(SKILLS, [self._certain])  # type: ignore[list-item]

    def ask(self, question: str, tool: str = "body.measured") -> Reply:
        self._certain.tool = tool
        answer = self._route.answer(question, recall=self.memory, context=self.context)
        return asyncio.run(answer)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    made = Here(tmp_path_factory.mktemp("store") / "carpal.db")
    yield made
    made.close()


@pytest.mark.parametrize("when", ASTRAY)
def test_a_time_that_is_not_understood_is_said_and_no_other_is_answered(
    when: str, here: Here
) -> None:
    reply = here.ask(f"what was my heart rate {when}?")
    assert not reply.answer.known
    assert reply.answer.text == "I can't tell: I did not understand which time you mean."
    assert reply.answer.evidence == ()


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("during Budget review", "90 bpm on average during Budget review (10:00 to 11:00)"),
        ("in the budget review meeting", "90 bpm on average during Budget review"),
        ("during the first meeting", "60 bpm on average during Standup (09:00 to 09:15)"),
        ("in the second meeting", "during Budget review"),
        ("during the last meeting", "during Budget review"),
        ("in the morning", "this morning"),
        ("this morning", "this morning"),
        ("at noon", "around 12:00"),
        ("since noon", "since 12:00"),
        ("at 3 in the afternoon", "around 15:00"),
    ],
)
def test_the_time_that_was_asked_about_is_answered(when: str, told: str, here: Here) -> None:
    reply = here.ask(f"what was my heart rate {when}?")
    assert reply.answer.known
    assert told in reply.answer.text


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("yesterday at 10 am", "yesterday around 10:00"),
        ("on Monday at 10", "on Monday (23 February) around 10:00"),
        ("yesterday between 3 am and 4 am", "yesterday between 03:00 and 04:00"),
    ],
)
def test_a_day_goes_with_the_time_of_day(when: str, told: str, here: Here) -> None:
    reply = here.ask(f"what was my heart rate {when}")
    assert not reply.answer.known
    assert told in reply.answer.text, "nothing was measured then, and today is not taken for it"


@pytest.mark.parametrize(("question", "tool"), NOW_ONLY)
def test_what_is_known_of_now_only_is_not_told_of_another_time(
    question: str, tool: str, here: Here
) -> None:
    reply = here.ask(question, tool)
    assert (reply.answer.known, reply.answer.text) == (False, "I can tell that only of now.")


def test_a_question_about_now_may_name_a_time_that_now_is_in(here: Here) -> None:
    reply = here.ask("is there another meeting coming up today", "morning.next_meeting")
    assert "Nothing more" in reply.answer.text or "Next is" in reply.answer.text


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("", "2 meetings today"),
        (" today", "2 meetings today"),
        (" this morning", "2 meetings this morning"),
        (" this afternoon", "No meetings this afternoon."),
        (" tomorrow", "1 meeting tomorrow"),
        (" yesterday", "I can't tell: no calendar was read for yesterday."),
    ],
)
def test_meetings_are_those_of_the_time_asked_for(when: str, told: str, here: Here) -> None:
    reply = here.ask(f"how many meetings do I have{when}", "break.meetings_today")
    assert reply.answer.text.startswith(told)
    assert reply.answer.known == ("can't" not in told)


def test_reminders_are_those_of_the_time_asked_for(here: Here) -> None:
    tool = "reminder.open_reminders"
    assert "Call Tom" in here.ask("is there any reminder for tomorrow", tool).answer.text
    assert "No reminders are set" in here.ask("is there any reminder tonight", tool).answer.text
    assert not here.ask("which reminders were there yesterday", tool).answer.known


@pytest.mark.parametrize(("sentence", "names"), REQUESTS)
def test_a_request_is_told_who_does_it(sentence: str, names: str, here: Here) -> None:
    for tool in tools_of(SKILLS):
        reply = here.ask(sentence, tool)
        assert (reply.answer.known, reply.tool) == (False, "")
        assert names in reply.answer.text


def test_no_question_is_taken_for_a_request() -> None:
    examples = [one for tool in tools_of(SKILLS).values() for one in tool.examples]
    for one in (*(asked.text for asked in ASKED), *examples, "remind me what is on my list"):
        assert requests.refusal(one) is None, one


def test_of_a_slow_signal_the_newest_value_that_holds_is_said(here: Here) -> None:
    reply = here.ask("battery of my watch")
    assert reply.answer.text == "Your battery was 41 % at 16:40."
    assert "lowest battery was 41 %" in here.ask("lowest battery of my watch").answer.text
    assert "in the last two hours" in here.ask("lowest battery of my watch").answer.text
    oxygen = here.ask("what is my blood oxygen level")
    assert oxygen.answer.text == "I can't tell: no oxygen was measured in the last hour."


WORDS = st.sampled_from(
    "since during while at on in before the my last first next monday yesterday noon midnight "
    "tomorrow 10 10:75 25:00 am pm between and from to budget review meeting night morning ago "
    "two hours 2019 this".split()
)


@given(st.lists(WORDS, max_size=7).map(" ".join))
@settings(deadline=None)
def test_any_words_of_time_have_an_honest_reply(here: Here, words: str) -> None:
    for tool in ("body.measured", "break.meetings_today", "body.where", "morning.last_night"):
        assert here.ask(f"what was my heart rate {words}", tool).answer.text
