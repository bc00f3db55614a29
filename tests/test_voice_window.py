"""What a speech model says of a window: an echo is cut, and what was said twice stays."""

import pytest

pytest.importorskip("faster_whisper")
from agent.voice.window import once

ORDER = "a large latte with two sugars please"
TALK = "the meeting is on the fourth of May in the large room"


def test_an_echo_of_a_command_is_cut() -> None:
    assert once(f"{ORDER}, {ORDER}.", 3.5) == f"{ORDER},"
    assert once("no, no, no", 2.0) == "no, no, no"


def test_what_is_said_twice_in_a_long_sound_stays() -> None:
    assert once(f"{TALK}. {TALK}.", 12.0) == f"{TALK}. {TALK}."


def test_an_echo_for_which_there_is_no_time_is_cut_in_a_long_sound_too() -> None:
    said = " ".join([TALK] * 4)
    assert once(said, 9.0) == TALK
