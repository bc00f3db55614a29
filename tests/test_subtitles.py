"""Subtitles by the book: short lines, cues in order and apart, and files that can be read back."""

import itertools
import re
from html import unescape

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.ports import Word
from agent.voice import subtitles
from agent.voice.subtitles import LINE_MAX, LINES_MAX, Cue, cues, evenly, srt, vtt

unhurried = settings(deadline=None)  # a busy machine is no fault

TIME = r"(\d{2,}):(\d\d):(\d\d)[,.](\d{3})"
ARROW = re.compile(rf"{TIME} --> {TIME}")


@st.composite
def spoken(draw: st.DrawFn) -> list[Word]:
    found, now_s = [], 0.0
    for text in draw(st.lists(st.text(min_size=0, max_size=60), max_size=40)):
        now_s += draw(st.floats(0, 3))
        until_s = now_s + draw(st.floats(0, 4))
        found.append(Word(text=text, since_s=now_s, until_s=until_s, probability=0.5))
        now_s = until_s
    return found


def letters(words: list[Word]) -> str:
    said = "".join("".join(word.text.split()) for word in words)
    return "".join(sign for sign in said if sign.isprintable())


@unhurried
@given(spoken())
def test_cues_are_short_in_order_and_lose_no_letter(words: list[Word]) -> None:
    found = list(cues(words))
    for cue in found:
        assert 1 <= len(cue.lines) <= LINES_MAX
        assert all(0 < len(line) <= LINE_MAX for line in cue.lines)
        assert cue.since_ms < cue.until_ms
    for one, after in itertools.pairwise(found):
        assert one.until_ms <= after.since_ms
    assert "".join("".join(cue.lines) for cue in found).replace(" ", "") == letters(words)


def read(text: str) -> list[Cue]:
    """Read blocks as a player does."""
    found = []
    for block in text.strip("\n").split("\n\n"):
        lines = block.split("\n")
        place = next(n for n, line in enumerate(lines) if ARROW.fullmatch(line))
        match = ARROW.fullmatch(lines[place])
        assert match
        h, m, s, ms, h2, m2, s2, ms2 = map(int, match.groups())
        since = ((h * 60 + m) * 60 + s) * 1000 + ms
        until = ((h2 * 60 + m2) * 60 + s2) * 1000 + ms2
        found.append(Cue(since, until, tuple(lines[place + 1 :])))
    return found


@unhurried
@given(spoken())
def test_both_kinds_of_file_read_back_as_they_were(words: list[Word]) -> None:
    found = list(cues(words))
    if not found:
        return
    numbered = "".join(srt(cue, number) for number, cue in enumerate(found, start=1))
    as_srt = [Cue(c.since_ms, c.until_ms, c.lines) for c in read(numbered)]
    assert [(c.since_ms, c.until_ms) for c in as_srt] == [(c.since_ms, c.until_ms) for c in found]
    assert re.findall(r"^(\d+)\n\d\d:", numbered, re.M)[0] == "1"
    web = [
        Cue(c.since_ms, c.until_ms, tuple(unescape(line) for line in c.lines))
        for c in read("".join(vtt(cue) for cue in found))
    ]
    assert web == found


def test_a_sentence_is_a_cue_of_two_lines() -> None:
    said = "We meet at nine in the small room behind the kitchen. Bring the plans."
    found = list(cues(evenly(said, 3600.0, 3606.0)))
    assert found[0].lines == ("We meet at nine in the small room behind", "the kitchen.")
    assert srt(found[0], 1).startswith("1\n01:00:00,000 --> 01:00:0")
    assert vtt(found[1]).endswith("\nBring the plans.\n\n")


def test_signs_of_the_format_in_what_was_said_break_nothing() -> None:
    found = next(cues(evenly("a --> b & <c>", 0.0, 1.0)))
    assert srt(found, 1).splitlines()[2] == "a -> b & <c>"
    assert vtt(found).splitlines()[1] == "a --&gt; b &amp; &lt;c&gt;"


def test_a_clock_has_hours_only_where_there_are_some() -> None:
    assert [subtitles.clock(s) for s in (0, 61.9, 3600, 36_061)] == [
        *("00:00", "01:01", "1:00:00", "10:01:01"),
    ]
