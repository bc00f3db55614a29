"""Arguments in a sentence, and files of sentences: read by code, and nothing else raised."""

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.ask import dues, items, notes, numbers, slots, todos
from agent.ask.heard import heard
from agent.ask.route import Route
from agent.ask.spelled import plain
from agent.ask.words import WordUnderstanding
from agent.bus import replay
from agent.context import Context
from agent.core import Core
from agent.errors import DecodeError
from agent.evaluate.situation import Nothing, situation
from agent.evaluate.utterances import Row, decode, same_arguments
from agent.events import Item, ListChanged
from agent.state import State
from skills import SKILLS

HERE = situation()


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("two", 2), ("twenty five", 25), ("twenty-five", 25), ("a dozen", 12), ("half a dozen", 6),
        ("two and a half", 2.5), ("3.5", 3.5), ("an", 1), ("a couple of", 2), ("lots", None),
    ],
)  # fmt: skip
def test_a_number_is_read_in_words_and_digits(said: str, value: float | None) -> None:
    assert numbers.number(said) == value


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("at half past nine", "at 9:30"),
        ("quarter to 8", "7:45"),
        ("ten past four", "4:10"),
        ("at eight o'clock", "at 8 o'clock"),
        ("at nine thirty", "at 9:30"),
        ("between two and half four", "between 2 and 4:30"),
        ("at noon", "at 12:00"),
        ("from 1 to 2 pm", "from 1 to 2 pm"),
        ("in the last two hours", "in the last two hours"),
        ("one on one with Kim", "one on one with kim"),
    ],
)
def test_a_spoken_time_is_written_in_one_way(said: str, written: str) -> None:
    assert plain(said) == written


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("um what's my uh pulse", "what's my pulse"),
        ("remind me me to to eat", "remind me to eat"),
        ("at 17 45", "at 17:45"),
        ("how was the mornin", "how was the morning"),
        ("did I sleep well", "did I sleep well"),
        ("is my pulse okay", "is my pulse okay"),
        ("um", "um"),
    ],
)
def test_noises_between_the_words_are_taken_out_and_no_word_that_means_something(
    said: str, meant: str
) -> None:
    assert heard(said) == meant


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("add packing tape to the shopping list", "grocery"),
        ("what is on the packing list", "packing"),
        ("anything for hardware", "hardware"),
        ("what should I pack", "packing"),
        ("what do I have to buy", "grocery"),
        ("show me the wedding list", "wedding"),
        ("the list", None),
    ],
)
def test_a_list_is_known_by_its_name(said: str, name: str | None) -> None:
    assert slots.list_name(said, HERE) == name


def test_only_steps_are_counted_with_how_many() -> None:
    assert slots.statistic("how many steps", HERE) == "total"
    assert slots.statistic("how many breaths a minute", HERE) is None


WORDS = st.sampled_from(
    "remind me to at half past quarter nine 25:99 in two and a dozen loaf of milk , the list my "
    "cancel dentist all every friday next 31st february of march 2 bottles tomorrow | noon am pm "
    "before after planning budget again tonight 0 24:00".split()
)


@given(st.lists(WORDS | st.text(max_size=6), max_size=14).map(" ".join))
def test_any_sentence_is_read_without_an_error(sentence: str) -> None:
    at = dues.read(sentence, HERE).at
    assert at is None or at.tzinfo is not None
    for parser in (items.items, items.listed, notes.text, notes.which, slots.list_name):
        assert parser(sentence, HERE) is None or parser(sentence, HERE)
    assert heard(heard(sentence)) is not None
    for item in items.items(sentence, HERE) or ():
        assert item.name.strip() == item.name != ""


ROWS = st.builds(
    Row,
    say=st.text(min_size=1, max_size=40),
    tool=st.sampled_from(["body.measured", "grocery.add", "x"]),
    arguments=st.dictionaries(
        st.text(max_size=8), st.text(max_size=8) | st.lists(st.text(max_size=8), max_size=2)
    ),
)


@given(st.lists(ROWS, min_size=1, max_size=5))
def test_rows_come_back_as_they_were_written(rows: list[Row]) -> None:
    text = "\n".join(row.model_dump_json() for row in rows)
    assert decode(text.encode(), name="rows") == rows


@given(st.binary(max_size=120) | st.text(max_size=120).map(str.encode))
def test_what_is_no_file_of_rows_is_named_and_nothing_else_is_raised(text: bytes) -> None:
    try:
        rows = decode(text, name="rows.jsonl")
    except DecodeError:
        return
    assert rows


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"say": "x"}', "tool"),
        ('{"say": "", "tool": "", "arguments": {}}', "say"),
        ('{"say": "x", "tool": 1}', "tool"),
        ('{"say": "x", "tool": "", "more": 1}', "more"),
        ('{"say": "x", "tool": "", "arguments": {"a": "b"}}', "no tool is meant"),
        ("", "no rows"),
    ],
)
def test_a_line_that_is_no_row_is_named(line: str, reason: str) -> None:
    with pytest.raises(DecodeError, match=reason):
        decode(line.encode(), name="rows")


@pytest.mark.parametrize(
    ("tool", "wanted", "got", "same"),
    [
        ("grocery.add", {"items": ["the milk", "2 lemons"]},
         {"items": [{"name": "Milk"}, {"name": "lemons", "amount": "2"}]}, True),
        ("grocery.add", {"items": ["milk"]}, {"items": [{"name": "salt"}]}, False),
        ("grocery.add", {"items": ["milk"], "list_name": "grocery"},
         {"items": [{"name": "milk"}]}, True),
        ("reminder.remind", {"text": "the call", "due": "tomorrow at 08:00"},
         {"text": "call", "due": "2026-03-05T08:00:00+01:00"}, True),
        ("reminder.remind", {"text": "call", "due": "tomorrow at 08:00"},
         {"text": "call", "due": "2026-03-05T20:00:00+01:00"}, False),
        ("reminder.cancel", {"text": "dentist"}, {"text": "book the dentist"}, True),
        ("break.meetings_today", {}, {}, True),
        ("body.measured", {"signal": "steps", "statistic": "total"}, {"signal": "steps"}, True),
        ("body.measured", {"signal": "spo2", "statistic": "lowest"}, {"signal": "spo2"}, False),
    ],
)  # fmt: skip
def test_what_is_expected_is_compared_as_what_it_means(
    tool: str, wanted: dict[str, str | list[str]], got: dict[str, object], same: bool
) -> None:
    row = Row.model_validate_json(json.dumps({"say": "x", "tool": tool, "arguments": wanted}))
    assert same_arguments(row, got, HERE) is same


def with_todos(*tasks: str, name: str = "todo") -> Context:
    told = tuple(Item(name=task) for task in tasks)
    changed = ListChanged(at=HERE.now, source="evaluation", name=name, items=told)
    return replay(Core(()), [changed], start=State(context=HERE))[0].context


@pytest.mark.parametrize(
    ("said", "tasks"),
    [
        ("add call Tom to my to-do list", ["call Tom"]),
        ("please put pick up the kids on my todos", ["pick up the kids"]),
        ("add ring Al, pay the rent to my to do list", ["ring Al", "pay the rent"]),
        ("jot down buy milk and eggs on my task list", ["buy milk and eggs"]),
        ("on my to-do list put water Ada's plants", ["water Ada's plants"]),
        ("tick the taxes off my to-do list", ["taxes"]),
        ("add it to my to-do list", []),
    ],
)  # fmt: skip
def test_a_task_goes_on_the_to_do_list_in_its_own_words(said: str, tasks: list[str]) -> None:
    assert slots.list_name(said, HERE) == "todo"
    assert [one.name for one in items.items(said, HERE) or ()] == tasks


@pytest.mark.parametrize("said", ["my tasks", "to do", "what's on my to-do list", "the task list"])
def test_the_to_do_list_is_called_as_its_source_calls_it(said: str) -> None:
    assert slots.list_name(said, with_todos("rest", name="Tasks")) == "Tasks"


@pytest.mark.parametrize(
    "said", ["remind me to do the dishes", "what do I have to do", "what am I to do", "a hard task"]
)
def test_what_is_to_be_done_is_not_the_to_do_list(said: str) -> None:
    assert slots.list_name(said, HERE) is None


def test_a_task_that_is_done_is_taken_off_where_it_is_the_only_one_meant() -> None:
    there = with_todos("do the taxes", "call Tom Bell", "call Tom Hill")
    (task,) = items.listed("I've just done the taxes", there) or ()
    assert task.name == "do the taxes"
    assert todos.done("I've done call Tom", there) is None  # of two
    assert todos.done("I've done my homework", there) is None
    assert todos.done("I've done the taxes", HERE) is None


@pytest.mark.parametrize("said", ["tick the taxes off my to-do list", "I've done the taxes"])
def test_the_to_do_list_is_changed_at_the_wearers_word(said: str) -> None:
    route = Route(SKILLS, [WordUnderstanding()])
    there = with_todos("taxes", "call Tom")
    reply = asyncio.run(route.answer(said, recall=Nothing(), context=there))
    asked = reply.answer.text == "Shall I take taxes off your to-do list?"
    assert (reply.tool, asked or len(reply.answer.events)) == ("grocery.remove", 1)


@given(st.text(max_size=200))
def test_whatever_is_said_tasks_are_whole_or_none(said: str) -> None:
    for task in (*(todos.tasks(said) or ()), *(todos.done(said, with_todos("rest")) or ())):
        assert task.name.strip()
