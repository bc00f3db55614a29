"""How words are spoken, and how alike they sound."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.phonemes import distance, read_dictionary, spelled
from agent.voice.pronounced import Pronunciations, dictionary
from tests.default_models import needs

LINES = (
    "ice AY S\niced AY S T\nmilk M IH L K\nmocha M OW K AH\nmocha(2) M OW CH AH\nlatte L AA T EY\n"
)
SOUNDS = read_dictionary(LINES.splitlines())


def test_the_first_pronunciation_is_kept() -> None:
    assert SOUNDS["mocha"] == ("M", "OW", "K", "AH")
    assert "mocha(2)" not in SOUNDS


def test_a_near_sounding_word_is_nearer_than_another() -> None:
    assert distance(SOUNDS["ice"], SOUNDS["iced"]) < distance(SOUNDS["milk"], SOUNDS["mocha"])
    assert distance(SOUNDS["milk"], SOUNDS["mocha"]) < distance(SOUNDS["milk"], SOUNDS["latte"])


def test_a_word_that_no_dictionary_has_is_spoken_by_its_letters() -> None:
    assert spelled("knife") == ("N", "AY", "F")
    assert spelled("office")[-1] == "S"
    assert spelled("123") == ()


sounds = st.lists(st.sampled_from(["AY", "S", "T", "M", "K", "AH", "R"]), max_size=6).map(tuple)


@given(sounds, sounds)
def test_unlikeness_is_zero_for_the_same_and_the_same_from_both_sides(
    one: tuple[str, ...], two: tuple[str, ...]
) -> None:
    assert distance(one, one) == 0
    assert distance(one, two) == pytest.approx(distance(two, one))
    assert 0 <= distance(one, two) <= 0.8 * (len(one) + len(two))


@given(st.text(max_size=60))
def test_any_text_is_spelled_and_any_line_is_read(text: str) -> None:
    assert len(spelled(text)) <= 80
    read_dictionary([text])


@needs("pocketsphinx")
def test_the_dictionary_is_searched_where_it_lies() -> None:
    pronounced = Pronunciations()
    assert pronounced.of("Mocha") == ("M", "OW", "K", "AH")
    assert pronounced.of("splendiferously") == spelled("splendiferously")
    assert pronounced.of("a b") == spelled("a b")
    assert dictionary() is not None


def test_without_a_dictionary_letters_will_do(tmp_path: Path) -> None:
    (tmp_path / "some.dict").write_text("\n" + LINES)
    assert Pronunciations(tmp_path / "some.dict").of("latte") == ("L", "AA", "T", "EY")
    assert Pronunciations(tmp_path / "some.dict").of("tea") == spelled("tea")
