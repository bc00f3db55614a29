"""Partial text: shown once two readings agree, and never taken back."""

from hypothesis import given
from hypothesis import strategies as st

from agent.ports import Word
from agent.voice.stable import WORDS_MAX, StablePrefix


def fed(*readings: str) -> StablePrefix:
    prefix = StablePrefix()
    for reading in readings:
        prefix = prefix.heard(reading)
    return prefix


def test_one_reading_shows_nothing_yet() -> None:
    assert fed("turn on the").text == ""
    assert fed("turn on the").rest == "turn on the"


def test_what_two_readings_agree_on_is_shown_in_the_words_of_the_newer() -> None:
    prefix = fed("turn on the lip", "Turn on the living room")
    assert prefix.text == "Turn on the"
    assert prefix.rest == "living room"


def test_marks_and_capitals_are_no_disagreement() -> None:
    assert fed("yes.", "Yes, please").text == "Yes,"


def test_a_long_sentence_is_read_from_behind_what_is_agreed() -> None:
    prefix = fed("turn on the light and", "turn on the light in the")
    told = [Word(text=f" {one}", since_s=n, until_s=n + 0.5, probability=1) for n, one in
            enumerate("Turn on the lamp in the".split())]  # fmt: skip
    slid = prefix.slid(told)
    assert slid.text == prefix.text == "turn on the light"
    assert (slid.begin_s, slid.agreed, slid.newest) == (2.5, ("light",), ("light", "in", "the"))
    assert slid.heard("light in the room").text == "turn on the light in the"
    assert slid.slid(()) == slid


readings = st.lists(st.lists(st.sampled_from("abc"), max_size=6).map(" ".join), max_size=8)


@given(readings)
def test_what_was_shown_stays(many: list[str]) -> None:
    shown = ""
    prefix = StablePrefix()
    for reading in many:
        prefix = prefix.heard(reading)
        assert prefix.text.startswith(shown)
        shown = prefix.text


@given(st.lists(st.text(), max_size=3))
def test_any_text_may_come_and_it_stays_bounded(many: list[str]) -> None:
    prefix = fed(*many, "x " * 5000, "x " * 5000)
    assert len(prefix.agreed) <= WORDS_MAX
