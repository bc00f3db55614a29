"""An open question: the larger model may choose a tool, or speak from what it cites."""

import asyncio
import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.ask.larger import CANNOT, GENERAL, LINES_MAX, MIXED, Larger, Line, Opened, quoted
from agent.ask.route import tools_of
from agent.errors import ModelError
from skills import SKILLS
from tests.scripted import DIED, Says

LINES = (
    Line(1, "Usual sleep: 7 h 05 min."),
    Line(2, "Wednesday 13:00 to 14:00: Budget at Room 4."),
    Line(3, "Stress: 62 of 100."),
    Line(4, "Tuesday 03 March, 18:10: You are at Rewe: bread and milk.", "event 812"),
)


def answered(reply: str, question: str = "How am I?", piece: int = 3) -> tuple[Opened, list[str]]:
    shown: list[str] = []

    async def show(sentence: str) -> None:
        shown.append(sentence)

    larger = larger_of(Says(reply, piece=piece))
    return asyncio.run(larger.answer(question, LINES, show=show)), shown


def larger_of(model: Says) -> Larger:
    return Larger(model, tools_of(SKILLS))


def test_a_cited_sentence_is_shown_as_soon_as_it_is_whole() -> None:
    opened, shown = answered("Your stress is 62 of 100 [3]. You have Budget at 13:00 [2].")
    assert shown == ["Your stress is 62 of 100 [3].", "You have Budget at 13:00 [2]."]
    assert opened.known
    assert [line.id for line in opened.cited] == [3, 2]


@pytest.mark.parametrize(
    "lie",
    [
        pytest.param("Your stress is 26 of 100 [3].", id="another number"),
        pytest.param("Your stress is sixty [3].", id="a number in words"),
        pytest.param("Your stress is 62 of 100.", id="nothing cited"),
        pytest.param("Your stress is 62 of 100 [2].", id="another line cited"),
        pytest.param("Your stress is 62 of 100 [9].", id="a line that is not there"),
        pytest.param("Your Budget is at 62 [2] [3].", id="a number of another line"),
        pytest.param("Your stress is not 62 of 100 [3].", id="a negation"),
        pytest.param("Your stress is higher, 62 of 100 [3].", id="a comparison"),
        pytest.param("You have Budget with Anna at 13:00 [2].", id="a name"),
        pytest.param("You were at the gym.", id="a place made up"),
    ],
)
def test_what_no_cited_line_carries_is_not_said(lie: str) -> None:
    opened, shown = answered(lie)
    assert (opened.text, opened.known, shown) == (CANNOT, False, [])
    assert opened.refused


def test_the_true_sentence_beside_a_lie_is_said() -> None:
    opened, _ = answered("Your heart rate is 71 [3]. Your stress is 62 of 100 [3].")
    assert opened.text == "Your stress is 62 of 100 [3]."
    assert len(opened.refused) == 1


def test_general_knowledge_says_that_it_is() -> None:
    opened, _ = answered("Hamlet was written by William Shakespeare.", "who wrote hamlet")
    assert opened.text.endswith(GENERAL)
    assert not opened.cited


@pytest.mark.parametrize(
    ("question", "lie"),
    [
        ("how many children do I have", "12"),
        ("what is my blood pressure", "1."),
        ("do I have a sister", "Yes."),
        ("how tall am I", "I don't know, but about 180 cm."),
        ("what was my budget", "The budget was 900 [2]."),
    ],
)
def test_a_question_about_the_wearer_has_no_answer_without_a_line(question: str, lie: str) -> None:
    opened, _ = answered(lie, question)
    assert not opened.said


def test_how_something_is_done_is_no_question_about_the_wearer() -> None:
    opened, _ = answered("Boil it for 8 minutes.", "how do I boil an egg")
    assert opened.text.startswith("Boil it for 8 minutes.")


def test_it_may_say_that_it_does_not_know() -> None:
    opened, _ = answered("I do not know where you were on 3 May.", "where was I on 3 May")
    assert (opened.text, opened.known) == ("I do not know where you were on 3 May.", False)


def test_what_is_cited_and_what_is_general_are_told_apart() -> None:
    opened, _ = answered("Your stress is 62 of 100 [3]. Hamlet was written by Shakespeare.")
    assert opened.text.endswith(MIXED)
    assert [line.id for line in opened.cited] == [3]


def test_a_sentence_that_was_cut_off_is_not_said_after_a_whole_one() -> None:
    opened, shown = answered("Your stress is 62 of 100 [3]. You have")
    assert shown == [opened.text] == ["Your stress is 62 of 100 [3]."]


def test_a_model_that_dies_keeps_what_it_said_and_says_that_it_broke_off() -> None:
    text = "Your stress is 62 of 100 [3]. You have Budget at 13:00 [2]."
    opened = asyncio.run(larger_of(Says(text, dies_after=15)).answer("How am I?", LINES))
    assert (opened.text, opened.broke) == ("Your stress is 62 of 100 [3].", DIED)
    with pytest.raises(ModelError, match=DIED):
        asyncio.run(larger_of(Says(text, dies_after=2)).answer("How am I?", LINES))


@given(st.text(max_size=300), st.integers(1, 40))
def test_any_reply_is_read_and_none_cites_what_is_not_there(reply: str, piece: int) -> None:
    opened, _ = answered(reply, piece=piece)
    assert {line.id for line in opened.cited} <= {line.id for line in LINES}
    assert opened.text


def test_what_was_said_before_comes_first_and_the_question_last() -> None:
    model = Says("I do not know.")
    many = [Line(n, f"line {n}") for n in range(1, 40)]
    larger = Larger(model, tools_of(SKILLS))
    asyncio.run(larger.answer("and then?", many, turns=[("how was it", "Fine [1].")]))
    roles = [role for role, _ in model.asked[0].messages]
    assert roles == ["system", "user", "assistant", "user"]
    last = model.asked[0].messages[-1][1]
    assert last.endswith("Question: «and then?»")
    assert last.count("\n[") == LINES_MAX


@given(st.text(max_size=200))
def test_quoted_text_cannot_end_its_quotation(text: str) -> None:
    inside = quoted(text)
    assert (inside.count("«"), inside.count("»"), inside.count("\n")) == (1, 1, 0)


def chosen(reply: str) -> object:
    return asyncio.run(Larger(Says(reply), tools_of(SKILLS)).choose("how did I sleep"))


def test_it_may_choose_a_tool_with_words_for_its_arguments() -> None:
    found = Larger(Says(json.dumps({"tool": "morning.last_night", "window": ""})), tools_of(SKILLS))
    choice = asyncio.run(found.choose("how did I sleep"))
    assert choice is not None
    assert (choice.tool, choice.phrases) == ("morning.last_night", {"window": "how did I sleep"})


def test_no_tool_and_an_unknown_tool_are_none() -> None:
    assert chosen('{"tool": "none"}') is None
    assert chosen('{"tool": "lights.off"}') is None


@pytest.mark.parametrize(
    "reply", ["", "none", "[]", '{"window": "today"}', '{"tool": "x"', '{"tool": ["x"]}']
)
def test_a_choice_that_cannot_be_read_is_none(reply: str) -> None:
    assert chosen(reply) is None


def test_the_schema_names_every_tool_that_may_be_chosen() -> None:
    model = Says('{"tool": "none"}')
    asyncio.run(Larger(model, tools_of(SKILLS)).choose("x"))
    ways: Sequence[dict[str, dict[str, dict[str, str]]]] = json.loads(model.asked[0].schema)[
        "anyOf"
    ]
    assert {way["properties"]["tool"]["const"] for way in ways} >= {"body.measured", "none"}
