"""What is said after something: yes, no, which one, and yesterday, why, again."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.ask.dialogue import KEPT, TURNS_MAX, Dialogue
from agent.ask.route import Reply, Route
from agent.evaluate.situation import Nothing
from agent.events import ReminderCancelled, ReminderSet
from skills import SKILLS
from tests.test_ask_acts import HERE, ask, at, talk


@pytest.mark.parametrize("yes", ["yes", "Yes please.", "yeah do it", "ok", "go ahead"])
def test_yes_does_what_was_asked_about(yes: str) -> None:
    offered, done = talk("delete all my reminders", yes)
    assert offered.answer.events == ()
    assert len(done.answer.events) == 5


@pytest.mark.parametrize("no", ["no", "No thanks.", "never mind", "leave it"])
def test_no_does_not_and_a_later_yes_is_too_late(no: str) -> None:
    _, refused, late = talk("delete all my reminders", no, "yes")
    assert "leave it" in refused.answer.text
    assert late.answer.events == ()


def test_a_correction_goes_with_yes_or_no() -> None:
    said = "he said remind me to call Ada tomorrow at nine"
    (event,) = talk(said, "yes, but at ten")[-1].answer.events
    assert isinstance(event, ReminderSet)
    assert event.due.astimezone(at(4, 0).tzinfo).hour in (10, 22)
    assert talk(said, "no, on friday at ten")[-1].answer.text.startswith("Shall I remind you")


def test_what_was_missing_may_come_in_the_next_sentence() -> None:
    _, done = talk("remind me to pay the gas", "tomorrow at nine")
    (event,) = done.answer.events
    assert isinstance(event, ReminderSet)
    assert (event.text, event.due) == ("pay the gas", at(5, 9))
    _, other = talk("add to my shopping list", "what is my next meeting")
    assert (other.tool, other.answer.events) == ("morning.next_meeting", ())


class Torn:
    """An understanding that is torn between two tools."""

    async def fit(self, examples: Mapping[str, Sequence[str]]) -> None:
        """Learn nothing."""

    async def rank(self, _: str) -> Sequence[tuple[str, float]]:
        """Return the two."""
        return [
            ("morning.next_meeting", 0.12),
            ("break.meetings_today", 0.1),
            ("body.where", 0.01),
        ]


@pytest.mark.parametrize(
    ("said", "tool"),
    [
        ("the first one", "morning.next_meeting"),
        ("the second", "break.meetings_today"),
        ("what is next", "morning.next_meeting"),
        ("neither", ""),
        ("yes", ""),
    ],
)
def test_one_of_two_choices_may_be_meant_by_its_place_or_its_words(said: str, tool: str) -> None:
    route = Route(SKILLS, [Torn()])

    async def both() -> tuple[Reply, Reply]:
        first = await route.answer("hm that calendar", recall=Nothing(), context=HERE)
        second = await route.answer(said, recall=Nothing(), context=HERE, dialogue=first.dialogue)
        return first, second

    first, second = asyncio.run(both())
    assert first.answer.text == (
        "I am not sure: did you mean what is next in your calendar or "
        "how many meetings you have today?"
    )
    assert second.tool == tool


def test_one_of_what_was_listed_may_be_meant_by_its_place() -> None:
    _, told = talk("what are my reminders", "the second one")
    assert "water the plants" in told.answer.text
    _, done = talk("what are my reminders", "cancel the second one")
    (event,) = done.answer.events
    assert isinstance(event, ReminderCancelled)
    assert HERE.reminders[event.id].text == "water the plants"
    _, gone = talk("what is on my hardware list", "take the first one off")
    assert "batteries" in gone.answer.text


def test_a_question_goes_on_with_another_day_or_another_signal() -> None:
    replies = talk(
        "what was my heart rate yesterday",
        "and the day before?",
        "what about my breathing",
        "and today?",
    )
    told = [reply.answer.text for reply in replies]
    assert told[1] == "I can't tell: no heart rate was measured on Monday (2 March)."
    assert told[2] == "I can't tell: no respiration was measured on Monday (2 March)."
    assert told[3] == "I can't tell: no respiration was measured today."
    assert "Friday" in talk("am I busy tomorrow", "and on friday?")[-1].answer.text
    assert "only of now" in talk("where am I", "and yesterday")[-1].answer.text


def test_the_day_before_a_night_is_not_taken_for_the_calendar() -> None:
    for more in ("and the day before?", "and the night before?"):
        *_, reply = talk("how did I sleep", more)
        assert reply.tool == "morning.last_night"


def test_why_shows_the_evidence_and_again_says_the_same() -> None:
    _, why, again = talk("how many meetings do I have today", "why?", "say that again")
    assert "meetings 4 meetings" in why.answer.text
    assert again.answer.text == "4 meetings today, 2 h 30 min in all."
    assert again.answer.events == ()


def test_an_action_is_not_repeated_by_again() -> None:
    assert talk("add salt", "again")[-1].answer.events == ()


@pytest.mark.parametrize("said", ["yes", "undo", "the second one", "why", "again", "and yesterday"])
def test_without_anything_before_it_nothing_is_done(said: str) -> None:
    assert (ask(said).answer.events, ask(said).answer.known) == ((), False)


def test_after_five_minutes_it_is_forgotten() -> None:
    offered = ask("delete all my reminders")
    late = replace(HERE, now=HERE.now + KEPT + timedelta(seconds=1))
    assert ask("yes", late, offered.dialogue).answer.events == ()


def test_the_dialogue_is_bounded() -> None:
    dialogue = Dialogue()
    for _ in range(3 * TURNS_MAX):
        dialogue = ask("how many meetings do I have today", dialogue=dialogue).dialogue
    assert len(dialogue.turns) == TURNS_MAX


SENTENCES = st.sampled_from(
    ["yes", "no", "undo", "again", "why", "the second one", "and yesterday", "what about my steps",
     "remind me to eat", "tomorrow at nine", "delete all my reminders", "add salt",
     "what are my reminders", "cancel the first one", "what was my heart rate yesterday",
     "and the day before", "take milk off the list", "cancel that"]
)  # fmt: skip


@given(st.lists(SENTENCES, min_size=1, max_size=6))
@settings(deadline=None, max_examples=60)
def test_any_conversation_has_replies(said: list[str]) -> None:
    assert all(reply.answer.text for reply in talk(*said))


def test_a_whole_wish_is_not_the_answer_to_what_was_asked_back() -> None:
    asked, told = talk("remind me to send the minutes", "remind me to stretch at six")
    assert asked.answer.text == "When shall I remind you?"
    (event,) = told.answer.events
    assert isinstance(event, ReminderSet)
    assert event.text == "stretch"


def test_a_time_alone_is() -> None:
    _, told = talk("remind me to send the minutes", "at six")
    (event,) = told.answer.events
    assert isinstance(event, ReminderSet)
    assert event.text == "send the minutes"
