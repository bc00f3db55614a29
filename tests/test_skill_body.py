"""Two times held against each other, and trends: told where the figures allow it, and not else."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from agent.ask import slots
from agent.ask.route import Reply, Route
from agent.ask.words import WordUnderstanding
from agent.evaluate.situation import NOW, ZONE, Nothing, situation
from agent.ports import Summary
from agent.skill import Window
from skills import SKILLS
from skills.body import compare, trend

HERE = situation()
ROUTE = Route(SKILLS, [WordUnderstanding()])
Value = Callable[[datetime], float]
"""What is measured each hour, by its local time."""


class Measured(Nothing):
    """A memory in which each hour of the last days has one sample of every signal."""

    def __init__(self, value: Value, days: int = 60) -> None:
        self.value, self.begun = value, NOW - timedelta(days=days)

    def summary(self, signal: str, *, since: datetime, until: datetime) -> Summary | None:
        hour = max(since, self.begun).astimezone(ZONE)
        values = []
        while hour < min(until, NOW):
            values.append(self.value(hour))
            hour += timedelta(hours=1)
        if not values:
            return None
        return Summary(
            signal=signal,
            since=since,
            until=until,
            count=len(values),
            mean=sum(values) / len(values),
            low=min(values),
            high=max(values),
            total=sum(values),
        )


def ask(question: str, recall: Nothing) -> Reply:
    return asyncio.run(ROUTE.answer(question, recall=recall, context=HERE))


def local(month: int, day: int, hour: int = 0) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("said", "first", "second", "words"),
    [
        ("higher this week than last week", local(3, 2), local(2, 23), "last week up to the same"),
        ("lower last week than this week", local(2, 23), local(3, 2), "this week"),
        ("compare steps today with yesterday", local(3, 4), local(3, 3), "yesterday up to the"),
        ("between yesterday and the day before", local(3, 3), local(3, 2), "before (from 2 March)"),
        ("was my pulse higher than yesterday", local(3, 4), local(3, 3), "yesterday up to the"),
        ("between 9 and 10 than between 11 and 12", local(3, 4, 9), local(3, 4, 11), "between"),
        ("this month against last month", local(3, 1), local(2, 1), "last month up to the same"),
    ],
)
def test_two_times_are_read_and_made_alike_where_one_is_not_over(
    said: str, first: datetime, second: datetime, words: str
) -> None:
    found = slots.PARSERS["spans"](said, HERE)
    assert isinstance(found, tuple)
    assert [one.since.astimezone(ZONE) for one in found] == [first, second]
    assert found[1].words.startswith(words)


@pytest.mark.parametrize(
    "said", ["was my pulse higher this week", "than in spring", "more or less", "", "x" * 2000]
)
def test_what_names_no_two_times_is_asked_about(said: str) -> None:
    assert slots.PARSERS["spans"](said, HERE) is None


def test_a_mean_is_compared_and_the_difference_told() -> None:
    today = local(3, 4)
    reply = ask(
        "was my heart rate higher today than yesterday",
        Measured(lambda at: 72 if at >= today else 65),
    )
    assert reply.tool == "body.compared"
    assert reply.answer.text == (
        "Your average heart rate: 72 bpm today, 65 bpm yesterday up to the same time. "
        "That is 7 bpm higher today."
    )
    assert [one.kind for one in reply.answer.evidence] == [
        "figure", "window", "figure", "window", "comparison",
    ]  # fmt: skip


def test_a_difference_within_what_a_watch_repeats_is_none() -> None:
    today = local(3, 4)
    recall = Measured(lambda at: 66 if at >= today else 65)
    told = ask("was my heart rate higher today than yesterday", recall).answer.text
    assert told.endswith("That is about the same.")


def test_steps_up_to_now_are_held_against_those_up_to_the_same_time() -> None:
    reply = ask("compare my steps today with yesterday", Measured(lambda at: 500))
    assert (reply.tool, reply.answer.text.count("8000 steps")) == ("body.compared", 2)


def test_sums_over_unlike_times_are_told_but_not_compared() -> None:
    spans = (
        Window(since=local(3, 3), until=local(3, 4), words="yesterday"),
        Window(since=local(2, 23), until=local(3, 2), words="last week"),
    )
    asked = compare.Comparison(signal="steps", spans=spans)
    answer = compare.compared(asked, Measured(lambda at: 100), HERE)
    assert "do not compare" in answer.text
    assert "fewer" not in answer.text


def test_a_time_in_which_nothing_was_measured_is_compared_with_nothing() -> None:
    reply = ask("compare my pulse this week with last week", Measured(lambda at: 60, days=2))
    assert (reply.answer.known, reply.answer.evidence) == (False, ())
    reply = ask("was my heart rate higher", Nothing())
    assert not reply.answer.known


def test_a_rise_over_the_days_is_told_by_its_slope() -> None:
    start = local(1, 1)
    reply = ask(
        "is my resting heart rate going up",
        Measured(lambda at: 55 + (at.date() - start.date()).days / 7),
    )
    assert reply.tool == "body.trend"
    told = reply.answer.text
    assert told.startswith(
        "Your resting heart rate went up by about 1 bpm a week in the last four weeks"
    )
    assert told.endswith("by 28 full days.")


def test_days_that_differ_without_order_are_no_trend() -> None:
    recall = Measured(lambda at: (61, 58, 64, 59, 63, 60, 62)[at.toordinal() % 7])
    answer = ask("is my pulse going up", recall).answer
    assert "neither up nor down" in answer.text
    assert "mostly 59 to 63 bpm" in answer.text


def test_of_a_few_days_no_trend_is_told() -> None:
    answer = ask("is my pulse going up this week", Measured(lambda at: 60 + at.day)).answer
    assert (answer.known, answer.text) == (
        False,
        "I can't tell: heart rate was measured on 2 full days this week, too few.",
    )


def test_the_test_of_mann_and_kendall_gives_what_the_book_gives() -> None:
    """Ten values in order: S = 45, Var = 10 * 9 * 25 / 18 = 125, z = 44 / sqrt(125)."""
    days = [trend._Day(n, 2.0 * n) for n in range(10)]
    assert trend.kendall(days) == pytest.approx(44 / 125**0.5)
    assert trend.slope(days) == 2.0
    assert trend.kendall([trend._Day(n, 1.0) for n in range(10)]) == 0.0


@pytest.mark.parametrize(
    ("said", "signal"),
    [
        ("what was my resting heart rate", "resting_heart_rate"),
        ("my body temperature", "body_temperature"),
        ("my sdnn last night", "hrv_sdnn"),
        ("my heart rate", "heart_rate"),
        ("how warm is my skin", "skin_temperature"),
        ("my average speed today", "speed"),
    ],
)
def test_every_signal_is_found_by_its_name(said: str, signal: str) -> None:
    assert slots.signal(said, HERE) == signal
