"""Stretches of time in a sentence, by the wearer's clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.ask import windows
from agent.config import Rules
from agent.context import Context
from agent.events import CalendarChanged, Meeting
from agent.fold import fold_plan
from agent.fusion.sleep import Night, Sleep

BERLIN = ZoneInfo("Europe/Berlin")


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=BERLIN)


NOW = local(4, 14, 30)  # a Wednesday
FEBRUARY_25 = datetime(2026, 2, 25, tzinfo=BERLIN)


def meeting(title: str, start: datetime, minutes: int) -> Meeting:
    end = start + timedelta(minutes=minutes)
    return Meeting(uid=title, title=title, start=start, end=end)


MEETINGS = (
    meeting("Planning", local(4, 9), 60),
    meeting("Budget", local(4, 13), 45),
    meeting("Review", local(4, 15), 30),
)
CALENDAR = CalendarChanged(
    at=NOW, source="work", since=local(4, 0), until=local(5, 0), meetings=MEETINGS
)
NIGHT = Night(local(3, 23), local(4, 6, 30))
HERE = fold_plan(
    Context(
        now=NOW.astimezone(UTC), rules=Rules(zone="Europe/Berlin"), sleep=Sleep(nights=(NIGHT,))
    ),
    CALENDAR,
)


@pytest.mark.parametrize(
    ("said", "since", "until", "words"),
    [
        ("today", local(4, 0), NOW, "today"),
        ("yesterday", local(3, 0), local(4, 0), "yesterday"),
        ("the day before yesterday", local(2, 0), local(3, 0), "the day before yesterday"),
        ("tomorrow", local(5, 0), local(6, 0), "tomorrow"),
        ("on Monday", local(2, 0), local(3, 0), "on Monday"),
        ("this morning", local(4, 5), local(4, 12), "this morning"),
        ("yesterday evening", local(3, 18), local(3, 23), "yesterday evening"),
        ("this afternoon", local(4, 12), NOW, "this afternoon"),
        ("during lunch", local(4, 12), local(4, 14), "this lunch"),
        ("in the last hour", NOW - timedelta(hours=1), NOW, "in the last hour"),
        ("over the past 30 minutes", local(4, 14), NOW, "in the last 30 minutes"),
        ("in the last half hour", local(4, 14), NOW, "in the last half hour"),
        ("in the last two days", NOW - timedelta(days=2), NOW, "in the last two days"),
        ("since 9", local(4, 9), NOW, "since 09:00"),
        ("since 9:15 am", local(4, 9, 15), NOW, "since 09:15"),
        ("since 4 pm", local(3, 16), NOW, "since 16:00"),
        ("between 10 and 11:30", local(4, 10), local(4, 11, 30), "between 10:00 and 11:30"),
        ("from 1 pm to 2 pm", local(4, 13), local(4, 14), "between 13:00 and 14:00"),
        ("around 12", local(4, 11, 55), local(4, 12, 5), "around 12:00"),
        ("during the last meeting", local(4, 13), local(4, 13, 45), "during Budget"),
        ("in the Planning meeting", local(4, 9), local(4, 10), "during Planning"),
        ("yesterday at 10 am", local(3, 9, 55), local(3, 10, 5), "yesterday around 10:00"),
        ("yesterday 10 am", local(3, 9, 55), local(3, 10, 5), "yesterday around 10:00"),
        ("on Monday at 10", local(2, 9, 55), local(2, 10, 5), "on Monday (2 March) around 10"),
        (
            "on Wednesday",
            FEBRUARY_25,
            FEBRUARY_25 + timedelta(days=1),
            "on Wednesday (25 February)",
        ),
        ("yesterday between 3 am and 4 am", local(3, 3), local(3, 4), "yesterday between 03:00"),
        ("from 1 to 2 pm", local(4, 13), local(4, 14), "between 13:00 and 14:00"),
        ("between 3 and 4 pm", local(3, 15), local(3, 16), "between 15:00 and 16:00"),
        ("on Monday morning", local(2, 5), local(2, 12), "on Monday (2 March) morning"),
        ("the day before yesterday at noon", local(2, 11, 55), local(2, 12, 5), "the day before"),
        ("at noon", local(4, 11, 55), local(4, 12, 5), "around 12:00"),
        ("at midnight", local(3, 23, 55), local(4, 0, 5), "around 00:00"),
        ("since yesterday", local(3, 0), NOW, "since yesterday"),
        ("since Monday at 8", local(2, 8), NOW, "since Monday (2 March) 08:00"),
        ("since the last meeting", local(4, 13, 45), NOW, "since the end of Budget"),
        ("during Planning", local(4, 9), local(4, 10), "during Planning"),
        ("during the first meeting", local(4, 9), local(4, 10), "during Planning"),
        ("in the second meeting", local(4, 13), local(4, 13, 45), "during Budget"),
        ("two days ago", local(2, 0), local(3, 0), "on Monday (2 March)"),
        ("last night", NIGHT.onset, NIGHT.wake, "while you slept last night"),
    ],
)
def test_a_stretch_of_time_is_found(
    said: str, since: datetime, until: datetime, words: str
) -> None:
    window = windows.find(f"what was my heart rate {said}?", HERE)
    assert window is not None
    late = windows.NOW_US if until == NOW else timedelta()
    assert (window.since, window.until) == (since, until + late)
    assert window.words.startswith(words)


@pytest.mark.parametrize(
    "said",
    ["", "what is my pulse", "since 25", "between 11 and 10", "from 25:00 to 26:00",
     "during the run", "in 2019", "at 0 pm", "in the Frobnicate meeting", "at 9:75",
     "the last 0 hours",
     "in the last 99999 weeks", "the last word"],
)  # fmt: skip
def test_what_names_no_stretch_of_time_gives_none(said: str) -> None:
    assert windows.find(said, HERE) is None


def test_the_meeting_of_now_is_meant_where_there_is_one() -> None:
    during = replace(HERE, now=local(4, 15, 10).astimezone(UTC))
    window = windows.find("how is my stress in this meeting", during)
    assert window is not None
    assert window.words.startswith("during Review")
    assert window.until == during.now + windows.NOW_US
    last = windows.find("during the last meeting", during)
    assert last is not None
    assert last.words.startswith("during Budget")


def test_a_day_with_a_change_of_the_clock_is_a_whole_day() -> None:
    after = replace(HERE, now=datetime(2026, 3, 30, 10, tzinfo=UTC))
    window = windows.find("yesterday", after)
    assert window is not None
    assert window.until.astimezone(UTC) - window.since.astimezone(UTC) == timedelta(hours=23)


PIECES = st.sampled_from(
    "last past since between from and to at around meeting during today yesterday night morning "
    "tomorrow on monday 9 10 11:30 24 99 pm am half a two 9999 hours weeks minutes".split()
)


@given(st.lists(PIECES | st.text(max_size=6), max_size=9).map(" ".join))
def test_any_sentence_gives_a_window_in_order_or_none(sentence: str) -> None:
    window = windows.find(sentence, HERE)
    assert window is None or (window.since <= window.until and window.words)
