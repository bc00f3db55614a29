"""Reminders that come again, upon an occasion, or many at once; timers; what is said of them."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import TypeAdapter

from agent.ask.dialogue import Dialogue
from agent.ask.route import Reply, Route
from agent.ask.words import WordUnderstanding
from agent.bus import replay
from agent.context import Context, next_due
from agent.core import Core
from agent.evaluate.situation import ZONE, Nothing, situation
from agent.events import (
    CalendarChanged,
    EntityChanged,
    FeedbackGiven,
    Input,
    Meeting,
    PlaceNamed,
    ProposalJudged,
    ReminderAwaited,
    ReminderSet,
    ScheduleDue,
    ZoneChanged,
)
from agent.scheduler import due_now
from agent.skill import Answer
from agent.state import State
from skills import SKILLS
from skills.reminder import Reminder, missed
from tests.days import HOME, SHOP, at, calendar, fix, rules, sample

HERE = situation()
ROUTE = Route(SKILLS, [WordUnderstanding()])


class Life:
    """A core that reminds, a clock, and what was said."""

    def __init__(self, *events: Input) -> None:
        self.core = Core((Reminder(),))
        self.state, _ = replay(self.core, [rules(), *events])
        self.judged: list[ProposalJudged] = []

    def add(self, *events: Input) -> None:
        self.state, judged = replay(self.core, events, start=self.state)
        self.judged += judged

    def at(self, minute: float) -> list[str]:
        """Return what is said when the clock shows that."""
        before = len(self.judged)
        while (event := due_now(self.state.context, at(minute))) is not None:
            self.add(event)
        return [one.text for one in self.judged[before:] if one.verdict == "speak"]


def ask(question: str, context: Context = HERE) -> Reply:
    return asyncio.run(
        ROUTE.answer(question, recall=Nothing(), context=context, dialogue=Dialogue())
    )


def events(question: str, context: Context = HERE) -> Sequence[Input]:
    return ask(question, context).answer.events


def after(context: Context, *inputs: Input) -> Context:
    return replay(Core(()), inputs, start=State(context=context))[0].context


def wished(text: str, context: Context) -> ReminderSet:
    (event,) = events(text, context)
    assert isinstance(event, ReminderSet)
    return event


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("remind me every weekday at eight to stretch", "every weekday at 08:00, first tomorrow"),
        ("every 2 hours until 6 remind me to drink", "every 2 hours until 18:00, first at 17:10"),
        ("remind me on the first of the month to pay the rent", "on the first of every month"),
        ("remind me every day at 8 and 20 to eat", "every day at 08:00 and 20:00, first at 20:00"),
        ("remind me every other friday about the bins", "every other Friday at 08:00"),
        ("every evening at half past nine remind me to read", "every day at 21:30"),
        ("remind me every year on 5 may to buy flowers", "every year on 5 May at 08:00"),
        ("remind me on the last friday of every month to file it", "on the last Friday of every"),
        ("remind me when I leave work to call Jo", "when you leave work: call Jo"),
        ("after the meeting remind me to write to Kim", "after Planning (at 16:45)"),
        ("5 minutes before my next meeting remind me to drink", "before Planning (at 15:55)"),
        ("remind me when I'm with Anna to give back the book", "when you are with Anna"),
    ],
)
def test_what_was_asked_for_is_said_back_as_it_was_understood(said: str, told: str) -> None:
    reply = ask(said, _with_work(HERE))
    assert told in reply.answer.text
    assert len(reply.answer.events) == 1
    assert len(reply.answer.undo) == 1


def _with_work(context: Context) -> Context:
    office = PlaceNamed(
        at=context.now, source="test", name="the office", place="work",
        latitude_deg=HOME.latitude_deg, longitude_deg=HOME.longitude_deg,
    )  # fmt: skip
    return after(context, office)


def test_where_a_place_is_that_has_no_name_is_not_guessed() -> None:
    reply = ask("remind me when I get to the library to read")
    assert (reply.answer.events, reply.answer.known) == ((), False)
    assert "I don't know where library is" in reply.answer.text


def test_a_reminder_for_a_person_says_what_it_rests_on() -> None:
    seen = after(
        HERE, EntityChanged(at=HERE.now, source="ha", entity="person.anna", state="not_home")
    )
    told = ask("remind me when I'm with Anna to give back the book", seen).answer.text
    assert "calendar with the name Anna" in told
    assert "person.anna" in told


def test_what_comes_again_is_said_each_time_and_once() -> None:
    daily = wished("remind me every 30 minutes to blink", HERE)
    life = Life(ReminderSet.model_validate(daily.model_dump() | {"at": at(0), "due": at(30)}))
    assert life.at(29) == []
    assert life.at(30) == ["blink"]
    assert life.at(31) == []
    assert life.at(60) == ["blink"]
    (late,) = life.at(185)
    assert late == "blink (late: it was for 06:30, and 3 more since)"
    assert life.at(185) == []
    assert life.at(210) == ["blink"]


def test_a_weekly_reminder_follows_the_wearer_into_another_zone() -> None:
    berlin = after(HERE, ZoneChanged(at=HERE.now, zone="Europe/Berlin"))
    one = wished("remind me every weekday at eight to stretch", berlin)
    there = after(berlin, one, ZoneChanged(at=HERE.now, zone="America/New_York"))
    (moved,) = (one for one in there.reminders.values() if one.again)
    assert f"{moved.due.astimezone(there.local):%H:%M}" == "08:00"
    assert there.order == tuple(sorted((r.due, r.id) for r in there.reminders.values()))


def test_a_reminder_goes_with_its_meeting() -> None:
    one = wished("after the meeting remind me to write to Kim", HERE)
    told = next(iter(HERE.calendar.sources.values()))
    moved = tuple(
        Meeting.model_validate(m.model_dump() | {"end": m.end + timedelta(hours=1)})
        if m.title == "Planning" else m
        for m in told.meetings
    )  # fmt: skip
    later = CalendarChanged.model_validate(told.model_dump() | {"meetings": moved})
    context = after(HERE, one, later)
    assert context.reminders[one.id].due == one.due + timedelta(hours=1)
    gone = CalendarChanged.model_validate(told.model_dump() | {"meetings": ()})
    assert after(HERE, one, gone).reminders[one.id].due == one.due


def test_when_the_wearer_comes_home_they_are_told_once_and_not_before() -> None:
    waits = ReminderAwaited.model_validate(
        {"at": at(1), "id": "w", "occasion": {"happens": "arrive", "name": "home"}, "text": "Cat"}
    )
    life = Life(*(fix(minute, HOME) for minute in range(-20, 1)), waits)
    assert life.at(2) == [], "who is at home already has not come home"
    life.add(*(fix(minute, SHOP) for minute in range(10, 20)))
    assert life.at(20) == []
    life.add(*(fix(minute, HOME) for minute in range(30, 36)))
    assert life.at(36) == ["Cat"]
    assert life.judged[-1].evidence == ("you came to home",)
    life.add(*(fix(minute, HOME) for minute in range(37, 50)))
    assert life.at(50) == []
    assert next_due(life.state.context) is None


def test_when_the_wearer_leaves_they_are_told() -> None:
    waits = ReminderAwaited.model_validate(
        {"at": at(1), "id": "w", "occasion": {"happens": "leave", "name": "home"}, "text": "Keys"}
    )
    life = Life(*(fix(minute, HOME) for minute in range(-20, 1)), waits)
    life.add(*(fix(minute, SHOP) for minute in range(10, 16)))
    assert life.at(16) == ["Keys"]


def test_a_person_is_there_when_the_calendar_has_the_name_or_a_presence_says_so() -> None:
    waits = ReminderAwaited.model_validate(
        {"at": at(0), "id": "w", "occasion": {"happens": "with", "name": "Anna"}, "text": "Book"}
    )
    met = Life(waits, calendar(1, ("Lunch with Anna", 60, 120)))
    assert met.at(59) == []
    assert met.at(60) == ["Book"]
    assert met.judged[-1].evidence == ("your calendar says Lunch with Anna",)
    other = Life(waits, calendar(1, ("Lunch with Annabel", 60, 120)))
    assert other.at(61) == []
    seen = Life(waits, *(fix(minute, HOME) for minute in range(1, 8)))
    seen.add(EntityChanged(at=at(9), source="ha", entity="person.anna", state="home"))
    assert seen.at(9) == ["Book"]


def test_many_at_once_are_one_sentence_that_names_each() -> None:
    wanted = [ReminderSet(at=at(0), id=f"r{n}", due=at(60), text=f"t{n}") for n in range(12)]
    life = Life(*wanted)
    (said,) = life.at(60)
    assert said.startswith("12 reminders: t0, ")
    assert all(f"t{n}" in said for n in range(12))
    assert life.state.context.reminders == {}
    slept = Life(*wanted)
    (late,) = slept.at(600)
    assert late.startswith("12 reminders were due while the device slept")
    assert "t11 (06:00)" in late


def test_of_thousands_at_once_none_is_lost_and_the_wearer_may_ask_for_all() -> None:
    count = 3000
    wanted = [ReminderSet(at=at(0), id=f"r{n}", due=at(60), text=f"t{n}") for n in range(count)]
    life = Life(*wanted)
    (said,) = life.at(6000)
    assert len(said) < 4000
    assert "t0 (" in said
    assert " more: ask me which reminders you missed" in said
    assert len(life.judged[-1].evidence) == count + 1

    class Kept(Nothing):
        def judgements(self, *, since: datetime) -> Sequence[ProposalJudged]:
            return [one for one in life.judged if one.at >= since]

    answer: Answer = missed(Reminder.tools[5].arguments(), Kept(), life.state.context)
    assert answer.text.startswith("3000 reminders came together")
    assert "t2999" in answer.text


@pytest.mark.parametrize("text", ["", "  ", "x" * 9000, "\U0001f415" * 200, "a\nb"])
@pytest.mark.parametrize("count", [1, 5])
def test_whatever_the_text_it_is_said(text: str, count: int) -> None:
    wanted = [ReminderSet(at=at(0), id=f"r{n}", due=at(60), text=text) for n in range(count)]
    assert len(Life(*wanted).at(60)) == 1


@pytest.mark.parametrize("ahead", [0, 3000])
def test_hundreds_after_each_other_are_each_said_once(ahead: float) -> None:
    """*ahead*: by so many minutes the clock had been wrong before it was set back."""
    wanted = [ReminderSet(at=at(0), id=f"r{n}", due=at(60 + n), text=f"t{n}") for n in range(300)]
    life = Life(ScheduleDue(at=at(ahead), name="calendar", due=at(0)), *wanted)
    said = [text for minute in range(60, 360) for text in life.at(minute)]
    assert said == [f"t{n}" for n in range(300)]


def test_what_is_held_while_the_wearer_wants_quiet_is_said_afterwards() -> None:
    wanted = [ReminderSet(at=at(0), id=f"r{n}", due=at(60 + n), text=f"t{n}") for n in range(12)]
    life = Life(*wanted)
    assert life.at(60) == ["t0"]
    later = FeedbackGiven(at=at(60), judgement=life.judged[0].id, answer="snoozed", snooze_min=30)
    life.add(later)
    for minute in range(61, 120):
        life.at(minute)
        life.add(sample(minute, "heart_rate", 60))
    said = [one.text.split(" (")[0] for one in life.judged if one.verdict == "speak"]
    assert sorted(said) == sorted(["t0", *(f"t{n}" for n in range(12))])


def test_a_reminder_is_moved_snoozed_and_taken_back() -> None:
    one = wished("move the dentist reminder to 6 pm tomorrow", HERE)
    assert HERE.reminders[one.id].text == one.text == "book the dentist"
    assert one.due == datetime(2026, 3, 5, 18, tzinfo=ZONE)
    said = after(HERE, ScheduleDue(at=one.at, name=f"reminder/{one.id}",
                                   due=HERE.reminders[one.id].due))  # fmt: skip
    again = wished("snooze that for twenty minutes", said)
    assert (again.text, again.due) == ("book the dentist", HERE.now + timedelta(minutes=20))
    later = wished("remind me again in an hour", said)
    assert later.due == HERE.now + timedelta(hours=1)


def test_what_is_kept_of_reminders_round_trips() -> None:
    life = Life(
        wished("remind me every weekday at eight to stretch", HERE),
        wished("after the meeting remind me to write to Kim", HERE),
        ReminderAwaited.model_validate(
            {"at": at(0), "id": "w", "occasion": {"happens": "with", "name": "A"}, "text": "B"}
        ),
        *(ReminderSet(at=at(0), id=f"r{n}", due=at(60), text=f"t{n}") for n in range(5)),
    )
    life.at(60)
    kept = TypeAdapter(State)
    assert kept.validate_json(kept.dump_json(life.state)) == life.state


def test_reminders_of_a_checkpoint_without_their_order_come_due_too() -> None:
    life = Life(ReminderSet(at=at(0), id="b", due=at(70), text="b"),
                ReminderSet(at=at(0), id="a", due=at(60), text="a"))  # fmt: skip
    life.state = replace(life.state, context=replace(life.state.context, order=()))
    assert life.at(60) == ["a"]
    assert life.at(70) == ["b"]


def test_setting_one_of_ten_thousand_is_no_walk_through_all() -> None:
    begun = datetime(2026, 3, 2, tzinfo=UTC)
    many = [
        ReminderSet(at=begun, id=f"r{n}", due=begun + timedelta(minutes=n), text="x")
        for n in range(200)
    ]
    context = after(Context(), *many)
    assert [id_ for _, id_ in context.order] == [one.id for one in many]
    assert next_due(context) == ("reminder/r0", begun)
