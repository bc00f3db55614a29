"""Subtitles: words and when they were said, as cues, in SubRip or WebVTT.  Pure.

SubRip has no standard; what is written is what every player reads.  WebVTT: W3C, Candidate
Recommendation 2019, sections 4.1 and 4.2.  A line has at most 42 letters and a cue at most two
lines and seven seconds, as broadcasters have it (BBC Subtitle Guidelines; Netflix, English).
"""

import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape

from agent.ports import Word

LINE_MAX = 42
LINES_MAX = 2
LASTS_MAX_MS = 7_000
SHORT_MS = 1_000  # what is shorter cannot be read
PAUSE_MS = 1_500
VTT_HEAD = "WEBVTT\n\n"
_ENDING = re.compile(r"['\u2019-]\w|[.,]\d|%$")


@dataclass(frozen=True, slots=True)
class Cue:
    """What is shown at once; times in milliseconds from the recording's beginning."""

    since_ms: int
    until_ms: int
    lines: tuple[str, ...]


def cues(words: Iterable[Word]) -> Iterator[Cue]:
    """Yield the cues of *words*, in order and apart; one cue at a time is held."""
    held: list[Word] = []
    after_ms = 0
    for word in _short(_whole(words)):
        if held and _ends(held, word):
            cue = _cue(held, after_ms)
            yield cue
            held, after_ms = [], cue.until_ms
        held.append(word)
    if held:
        yield _cue(held, after_ms)


def srt(cue: Cue, number: int) -> str:
    """Return *cue* as SubRip has it; *number* begins at 1."""
    lines = "\n".join(line.replace("-->", "->") for line in cue.lines)
    return f"{number}\n{_clock(cue.since_ms, ',')} --> {_clock(cue.until_ms, ',')}\n{lines}\n\n"


def vtt(cue: Cue) -> str:
    """Return *cue* as WebVTT has it; before the first one stands VTT_HEAD."""
    lines = "\n".join(escape(line, quote=False) for line in cue.lines)
    return f"{_clock(cue.since_ms, '.')} --> {_clock(cue.until_ms, '.')}\n{lines}\n\n"


def evenly(text: str, since_s: float, until_s: float) -> tuple[Word, ...]:
    """Return the words of *text* spread over a time, where no one told when each was said."""
    words = text.split()
    letters = sum(len(word) + 1 for word in words)
    found: list[Word] = []
    said = 0
    for word in words:
        begin = since_s + (until_s - since_s) * said / letters
        said += len(word) + 1
        end = since_s + (until_s - since_s) * said / letters
        found.append(Word(text=word, since_s=begin, until_s=end, probability=0.0))
    return tuple(found)


def clock(seconds: float) -> str:
    """Return a time as `mm:ss`, or `h:mm:ss` from an hour on."""
    whole = max(0, int(seconds))
    minutes = f"{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{whole // 3600}:{minutes}" if whole >= 3600 else minutes


def _whole(words: Iterable[Word]) -> Iterator[Word]:
    """Yield *words* with what a recogniser cut off them: "o" and "'clock"."""
    held: Word | None = None
    for word in words:
        if held is not None and _ENDING.match(word.text):
            held = replace(held, text=held.text + word.text, until_s=word.until_s)
            continue
        if held is not None:
            yield held
        held = word
    if held is not None:
        yield held


def _short(words: Iterable[Word]) -> Iterator[Word]:
    """Yield *words* without signs that no line can hold, what is too long for one in parts."""
    for word in words:
        text = "".join(sign for sign in "".join(word.text.split()) if sign.isprintable())
        parts = [text[place : place + LINE_MAX] for place in range(0, len(text), LINE_MAX)]
        step_s = (word.until_s - word.since_s) / max(1, len(parts))
        for number, part in enumerate(parts):
            since_s = word.since_s + number * step_s
            yield Word(
                text=part, since_s=since_s, until_s=since_s + step_s, probability=word.probability
            )


def _ends(held: list[Word], word: Word) -> bool:
    """Return whether *word* begins another cue than *held*."""
    lasts_ms = _ms(held[-1].until_s) - _ms(held[0].since_s)
    if len(_lines([*held, word])) > LINES_MAX:
        return True
    if _ms(word.until_s) - _ms(held[0].since_s) > LASTS_MAX_MS:
        return True
    if _ms(word.since_s) - _ms(held[-1].until_s) > PAUSE_MS:
        return True
    return held[-1].text.endswith((".", "!", "?")) and lasts_ms >= SHORT_MS


def _cue(held: list[Word], after_ms: int) -> Cue:
    since_ms = max(after_ms, _ms(held[0].since_s))
    until_ms = min(_ms(held[-1].until_s), since_ms + LASTS_MAX_MS)
    return Cue(since_ms, max(since_ms + 1, until_ms), tuple(_lines(held)))


def _lines(held: list[Word]) -> list[str]:
    text = " ".join(word.text for word in held)
    return textwrap.wrap(text, LINE_MAX, break_on_hyphens=False, break_long_words=False)


def _ms(seconds: float) -> int:
    return max(0, round(seconds * 1000))


def _clock(ms: int, comma: str) -> str:
    hours, rest = divmod(ms, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    seconds, ms = divmod(rest, 1000)
    return f"{hours:02}:{minutes:02}:{seconds:02}{comma}{ms:03}"
