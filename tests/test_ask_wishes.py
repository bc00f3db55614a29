"""Ends of time, things, places, people and notes in a sentence."""

from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.ask import wishes
from agent.context import Context
from agent.evaluate.situation import ZONE, situation

HERE = situation()  # 4 March, 15:10; Planning is from 16:00 to 16:45
Parser = Callable[[str, Context], object]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("quiet until five", at(4, 17)),
        ("do not disturb for two hours", at(4, 17, 10)),
        ("focus until the meeting", at(4, 16)),
        ("be quiet for the rest of the day", at(5, 0)),
        ("no interruptions till half past six", at(4, 18, 30)),
        ("quiet for 45 minutes", at(4, 15, 55)),
        ("don't disturb me until tomorrow morning", at(5, 8)),
        ("focus for an hour and a half", at(4, 16, 40)),
        ("silence for the next three hours", at(4, 18, 10)),
        ("quiet until the end of the meeting", at(4, 16, 45)),
        ("focus mode", None),
        ("leave me be for a bit", None),
    ],
)
def test_the_end_of_quiet_is_read(said: str, until: datetime | None) -> None:
    assert wishes.until(said, HERE) == until


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("stop telling me about groceries", "groceries"),
        ("tell me about meetings again", "meetings"),
        ("no more shopping hints please", "shopping"),
        ("I don't want to hear about my sleep any more", "sleep"),
        ("stop the morning reports", "morning"),
        ("how did I sleep", None),
    ],
)
def test_what_is_not_wanted_any_more_is_read(said: str, topic: str | None) -> None:
    assert wishes.topic(said, HERE) == topic


@pytest.mark.parametrize(
    ("said", "thing", "spot"),
    [
        ("remember that my keys are in the blue drawer", "keys", "in the blue drawer"),
        ("I put the passport on the top shelf", "passport", "on the top shelf"),
        ("note that the charger is in my backpack", "charger", "in my backpack"),
        ("remember I left my umbrella with Anna", "umbrella", "with Anna"),
        ("remember the milk", None, None),
    ],
)
def test_a_thing_and_where_it_is_are_read(said: str, thing: str | None, spot: str | None) -> None:
    assert (wishes.thing(said, HERE), wishes.spot(said, HERE)) == (thing, spot)


@pytest.mark.parametrize(
    ("parser", "said", "found"),
    [
        (wishes.sought, "where did I put my passport", "passport"),
        (wishes.sought, "do you know where my glasses are", "glasses"),
        (wishes.place_name, "when was I last at the gym", "Gym"),
        (wishes.place_name, "last time at the dentist", "dentist"),
        (wishes.place_name, "how long did I work today", "work"),
        (wishes.sender, "any notifications from Anna", "Anna"),
        (wishes.sender, "did Tom write", "Tom"),
        (wishes.sender, "what did I miss", None),
        (wishes.title, "note for the planning meeting: ask Ada", "Planning"),
        (wishes.title, "note for the budget review: ask Ada", "budget review"),
        (wishes.note, "note for the budget review: ask Ada about Q3", "ask Ada about Q3"),
        (wishes.note, "remember for Planning that Kim is away", "Kim is away"),
        (
            wishes.note,
            "note that Ada wants figures for the planning meeting",
            "Ada wants figures",
        ),
    ],
)  # fmt: skip
def test_names_and_notes_are_read(parser: Parser, said: str, found: str | None) -> None:
    assert parser(said, HERE) == found


PARSERS: tuple[Parser, ...] = (
    wishes.until, wishes.topic, wishes.thing, wishes.spot, wishes.sought,
    wishes.place_name, wishes.sender, wishes.title, wishes.meeting_title, wishes.note,
)  # fmt: skip
WORDS = "note for the meeting : until five about where is my remember that in from at 25 planning"


@given(st.text(max_size=300) | st.lists(st.sampled_from(WORDS.split()), max_size=20).map(" ".join))
def test_whatever_is_said_nothing_is_raised_and_nothing_long_kept(said: str) -> None:
    for parser in PARSERS:
        found = parser(said, HERE)
        if isinstance(found, datetime):
            assert found > HERE.now
        elif found is not None:
            assert found
            assert len(str(found)) <= len(said) + 20
