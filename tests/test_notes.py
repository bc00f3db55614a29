"""Notes: every line is the source's own, planted facts are kept, and nothing is invented."""

import asyncio
import io
import itertools
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.app.noting import note_with
from agent.errors import DecodeError, ModelError
from agent.evaluate.noted import bare, invented, kept
from agent.evaluate.notes import KEPT_AIM, talks
from agent.notes import heard, reading, tiling
from agent.notes.faithful import fault
from agent.notes.questions import GAP, questions
from agent.notes.sentences import LENGTH_MAX, Sentence, Sentences, split
from agent.notes.taking import Models, Taken, write
from agent.notes.terms import terms
from agent.notes.words import figures, names
from tests.scripted import Says

unhurried = settings(deadline=None)  # a busy machine is no fault

some_text = st.text(max_size=1500)


async def stream(texts: Sequence[str]) -> AsyncIterator[Sentence]:
    for text in texts:
        yield Sentence(text)


def noted(text: str, models: Models | None = None) -> tuple[str, Taken]:
    to = io.StringIO()
    taken = asyncio.run(
        write(stream(split(text)), to, title="A talk", source="Here.", models=models or Models())
    )
    return to.getvalue(), taken


@unhurried
@given(some_text)
def test_sentences_lose_no_letter_and_are_never_endless(text: str) -> None:
    found = split(text)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(0 < len(one) <= LENGTH_MAX + 1 for one in found[:-1])


@unhurried
@given(st.lists(some_text, max_size=6))
def test_a_stream_is_cut_as_a_whole_text_is(parts: list[str]) -> None:
    cutter = Sentences()
    found = [one.text for part in parts for one in cutter.feed(part)]
    found += [one.text for one in cutter.end()]
    assert "".join("".join(found).split()) == "".join("".join(parts).split())


def test_a_sentence_goes_on_in_the_next_part_but_not_over_a_long_silence() -> None:
    async def said(*texts: str) -> list[Sentence]:
        async def parts() -> AsyncIterator[heard.Part]:
            for number, text in enumerate(texts):
                yield heard.Part(16.0 * number, text)

        return [one async for one in heard.sentences(parts())]

    joined = asyncio.run(said("The bridge was", "finished in 1931. It is"))
    assert [one.text for one in joined] == ["The bridge was finished in 1931.", "It is"]
    apart = asyncio.run(said("The bridge was", "", "Good evening."))
    assert [(one.text, one.at) for one in apart] == [
        ("The bridge was", "00:00"),
        ("Good evening.", "00:32"),
    ]


def test_abbreviations_and_decimals_end_no_sentence() -> None:
    said = "Dr. Wood walked 3.5 km. See fig. 4 on p. 12. J. Smith agreed! Did he?"
    assert split(said) == [
        *("Dr. Wood walked 3.5 km.", "See fig. 4 on p. 12.", "J. Smith agreed!", "Did he?"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("two hundred and five people", {"205"}),
        ("at seven thirty", {"7", "30"}),
        ("ten, eleven and twenty-two", {"10", "11", "22"}),
        ("90,000 pounds at 10:15", {"90000", "10:15"}),
        ("the ninth of April", {"9"}),
        ("no number here, and none there", set()),
    ],
)
def test_numbers_are_read_in_digits_and_in_words(text: str, found: set[str]) -> None:
    assert figures(text) == found


@unhurried
@given(some_text)
def test_any_text_has_figures_names_terms_and_questions(text: str) -> None:
    figures(text)
    names(text)
    sentences = split(text)
    assert all(term.lower() in " ".join(text.split()).lower() for term in terms(sentences))
    for one in questions(sentences):
        assert one.answer
        assert one.answer in " ".join(text.split())


@unhurried
@given(some_text)
def test_every_line_of_facts_is_a_sentence_of_the_source(text: str) -> None:
    told, taken = noted(text)
    plain = " ".join(text.split())
    lines = told.partition("\nKey terms")[0].splitlines()
    marked = [line[2:] for line in lines if line.startswith("- ")]
    assert len(marked) == taken.kept
    for line in marked:
        unmarked = "".join(
            sign
            for place, sign in enumerate(line)
            if sign != "\\" or (place and line[place - 1] == "\\")
        )
        assert "\\" in plain or unmarked in plain


def test_planted_facts_are_kept_and_nothing_is_invented() -> None:
    facts = found = 0
    for talk in talks():
        told, _ = noted(talk.text)
        facts += len(talk.facts)
        found += len(kept(talk.facts, told))
        assert invented(told, talk.text) == set()
        assert kept(talk.facts, "\n## " + "\n".join(split(talk.text))) == list(talk.facts)
        assert len(talk.facts) >= 8
    assert len(talks()) == 10
    assert found / facts >= KEPT_AIM


@pytest.mark.parametrize(
    ("fact", "line"),
    [
        (("nine litres",), "They burned 9 liters a night."),
        (("eight and twelve",), "For children between 8 and 12."),
        (("twenty-five",), "There were 25 of them."),
        (("line four", "seven twenty"), "Line 4 leaves earlier, at 720."),
        (("seven thirty",), "She starts at 7.30."),
        (("half past ten",), "We meet at 10:30."),
        (("35 kilometres", "five percent"), "It is 35 km away, and 5 % steeper."),
        (("sixth of July",), "We leave on 6 July."),
        (("dishwasher",), "The dish washer is broken."),
        (("84,000 dollars",), "The school has $84,000."),
    ],
)
def test_a_fact_is_kept_however_a_recogniser_writes_it(fact: tuple[str, ...], line: str) -> None:
    assert kept([fact], f"\n## {line}") == [fact]


@pytest.mark.parametrize(
    ("fact", "line"),
    [
        (("nine litres",), "They burned 19 liters a night."),
        (("72 hours",), "It has to rest for 720 hours."),
        (("seven twenty",), "The hill is 720 metres high."),
        (("14 months",), "They were built again within 40 months."),
        (("first of March",), "It is the second of March."),
        (("waggle dance",), "It is called the wiggle dance."),
        (("wells",), "The water was well."),
        (("two weeks", "lids"), "The lids need weeks."),
    ],
)
def test_a_fact_that_a_line_does_not_say_is_not_kept(fact: tuple[str, ...], line: str) -> None:
    assert kept([fact], f"\n## {line}") == []


def test_what_is_invented_is_found() -> None:
    source = "The bridge was finished in 1931 by Helen Baker."
    told = "# T\n\n## 1. Bridge\n\n- The bridge was built in 1932 by Anna Baker.\n"
    assert invented(told, source) == {"1932", "Anna"}
    assert bare(told) == ["Bridge", "", "The bridge was built in 1932 by Anna Baker."]


def test_a_talk_of_two_things_has_a_chapter_for_each() -> None:
    found = 0
    for one, other in itertools.pairwise(talks()):
        sentences = [*split(one.text), *split(other.text)]
        lengths = [len(sentence.split()) for sentence in sentences]
        border = len(split(one.text))
        cuts = tiling.beginnings(lengths, tiling.by_words(sentences))
        found += any(abs(cut - border) <= 2 for cut in cuts)
    assert found >= 6  # of nine


@unhurried
@given(st.lists(st.integers(1, 60), max_size=120))
def test_chapters_are_in_order_and_none_is_too_long(lengths: list[int]) -> None:
    found = tiling.beginnings(lengths, lambda one, other: ((one.start * 7) % 11) / 11)
    assert found == sorted(set(found))
    assert all(0 < one < len(lengths) for one in found)
    edges = [0, *found, len(lengths)]
    for begin, end in itertools.pairwise(edges):
        assert sum(lengths[begin:end]) <= tiling.CHAPTER_WORDS_MAX + 60


SOURCE = (
    "The bridge was finished in 1931.",
    "Helen Baker had never built a bridge before.",
    "It cost 90,000 pounds, which was twice what the town had planned.",
)


@pytest.mark.parametrize(
    ("said", "fine"),
    [
        ("The bridge was finished in 1931.", True),
        ("The bridge cost ninety thousand pounds, twice what was planned.", True),
        ("The bridge was finished in 1932.", False),
        ("Helen Carter had never built a bridge before.", False),
        ("Helen Baker had built a bridge before.", False),
        ("Everybody in the town loved the elegant stone bridge.", False),
        ("", False),
    ],
)
def test_a_model_may_say_only_what_its_source_says(said: str, fine: bool) -> None:
    assert (fault(said, SOURCE) is None) is fine


def test_a_models_words_are_kept_only_where_they_are_true() -> None:
    small = Says("The Bridge of Marlow | arch; keystone | Who built it?")
    large = Says("The bridge was finished in 1931. It was blown up in 1944.")
    text = " ".join(SOURCE) + " The river there is called the Marlow."
    told, taken = noted(text, Models(small=small, large=large))
    assert "## 1. The Bridge of Marlow" in told
    assert "\n\nThe bridge was finished in 1931.\n\n" in told
    assert "1944" not in told
    assert taken.refused == 1


def test_questions_ask_for_what_stands_in_the_text() -> None:
    asked = questions(
        [
            "The stone in the middle of an arch is called the keystone.",
            "The old bridge was finished in 1931.",
            "The gate is kept by Mark Cooper.",
        ]
    )
    told = {one.text: one.answer for one in asked}
    assert told["What is the stone in the middle of an arch called?"] == "the keystone"
    assert told["When was the old bridge finished?"] == "1931"
    assert told[f"The gate is kept by {GAP}."] == "Mark Cooper"


class NoPdf:
    async def call(
        self, op: str, arguments: dict[str, object], *, deadline_s: float | None = None
    ) -> dict[str, object]:
        raise ModelError("no PDF is opened here")


def read(path: Path) -> list[Sentence]:
    async def run() -> list[Sentence]:
        return [one async for one in reading.read(path, NoPdf())]

    return asyncio.run(run())


def test_markdown_gives_its_headings_and_no_marks(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        "# Plan\n\nWe **meet** at [nine](http://x). Then\nwe go.\n\n- one `thing`\n- another\n\n"
        "```\ncode = 1\n```\n---\nEnd"
    )
    told = [(one.text, one.is_heading) for one in read(path)]
    assert told == [
        ("Plan", True),
        ("We meet at nine.", False),
        ("Then we go.", False),
        ("one thing", False),
        ("another", False),
        ("End", False),
    ]


@unhurried
@given(st.binary(max_size=3000))
def test_any_bytes_are_a_text_of_sorts(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    path = tmp_path_factory.mktemp("text") / "any.md"
    path.write_bytes(raw)
    read(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DecodeError, match=r"gone\.txt"):
        read(tmp_path / "gone.txt")


def test_what_lies_in_a_document_makes_nothing_of_markdown(tmp_path: Path) -> None:
    path, to = tmp_path / "odd.txt", io.StringIO()
    path.write_text("In 1931 <script>alert(1)</script> cost [90](javascript:x) pounds in *Leeds*.")
    asyncio.run(note_with(path, to, None, Models()))
    assert r"\<script\>" in to.getvalue()
    assert r"\[90\]" in to.getvalue()
