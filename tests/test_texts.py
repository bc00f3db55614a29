"""Reading the authors' texts: strict, and with the line that is not as it should be."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import DecodeError
from agent.evaluate import exam
from agent.texts import examined, names_in, parse, read

BODY = """
# a comment
[sleep]
? asleep, when: how long | sleep
= asleep: You slept {asleep}. | {asleep} of sleep.
! short night: {asleep} | You slept {asleep}.
[chat]
> hello => Hello. => and more
P: Bread rises.
T: Bread
K: bread; yeast
Q: what rises | why
"""


def test_a_text_is_read() -> None:
    text = parse(BODY, name="ada")
    family = text.families["sleep"]
    assert [one.asked for one in family.questions] == [("asleep", "when")] * 2
    assert [one.sentence for one in family.answers] == ["You slept {asleep}.", "{asleep} of sleep."]
    assert family.hints[0].facts == {"asleep"}
    assert text.turns == [("hello", "Hello. => and more")]
    assert text.notes[0].terms == ("bread", "yeast")
    assert text.wordings() == 6


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ("? asleep: how long", "line 1"),
        ("[sleep]\nasleep is how long", "line 2"),
        ("[chat]\n> hello", "line 2"),
        ("[sleep]\n\n= asleep You slept", "line 3"),
        ("P: a passage\nT: its title", "P:, T:, K: and Q:"),
    ],
)
def test_what_is_no_line_of_a_text_is_named(body: str, where: str) -> None:
    with pytest.raises(DecodeError, match=where):
        parse(body, name="ada")


marks = st.sampled_from(
    ["[sleep]", "? asleep: how", "= a: {a}", "! n: a | b", "> a => b", "P: p", "T: t", "K: k",
     "Q: q", "{", "}", "|", "\x00", "=>", "?:", "# c"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(st.one_of(marks, st.text(max_size=20))).map("\n".join)))
def test_any_text_is_read_or_refused(body: str) -> None:
    try:
        text = parse(body, name="any")
    except DecodeError:
        return
    assert text.wordings() >= 0
    for family in text.families.values():
        assert all(names_in(one.sentence) == one.facts for one in family.answers)


def test_a_file_that_is_not_there_or_too_long_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(DecodeError, match="cannot be read"):
        read(tmp_path / "none.txt")
    long = tmp_path / "long.txt"
    long.write_bytes(b"#" * 2_000_001)
    with pytest.raises(DecodeError, match="longer than"):
        read(long)


def test_bytes_that_are_no_text_are_refused_or_read(tmp_path: Path) -> None:
    path = tmp_path / "bytes.txt"
    path.write_bytes(b"[s]\n? a: \xff\xfe how\n")
    assert read(path).families["s"].questions


def test_the_authors_texts_are_all_read() -> None:
    texts = exam.authors()
    assert len(texts) >= 2
    assert sum(text.wordings() for text in texts) >= 1500
    assert sum(bool(text.notes) for text in texts) >= 2
    assert all(text.turns for text in texts)


def test_an_examination_has_the_held_out_questions_and_the_others_answers() -> None:
    texts, held = exam.authors(), exam.held_out()
    exam_text = examined(held, texts)
    assert exam_text.families["sleep"].questions == held.families["sleep"].questions
    assert exam_text.families["sleep"].answers
    assert set(exam_text.families) <= {name for text in texts for name in text.families}


def test_terms_of_the_held_out_notes_are_taken_from_their_passages() -> None:
    for note in exam.held_out_talk().notes:
        assert all(term.lower() in note.passage.lower() for term in note.terms)
