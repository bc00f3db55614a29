"""A stream of text, as sentences.  Pure.

Speech comes with few marks and writing with many that end nothing: "Dr. Wood", "3.5 km", "p. 4".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LENGTH_MAX = 400  # a recogniser may leave out every full stop
_SHORT = frozenset(
    "dr mr mrs ms prof st sr jr vs etc no nr fig eq vol pp p ch sec e.g i.e cf al approx ca "
    "jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_END = re.compile(r"[.!?\u2026][\"'\u201d\u2019)\]]*(?=\s+[\"'\u201c\u2018(\[]?[^\sa-z])")
_BEFORE = re.compile(r"([\w.]+)\.$")
_CUT = re.compile(r"[,;:]\s|\s(?:and|but|so|because)\s")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, as it stands in its source."""

    text: str
    at: str = ""
    """Where it begins: a time (`12:30`), a page (`p. 4`), or nothing."""
    is_heading: bool = False


class Sentences:
    """Cuts a stream of text; what it holds is one unfinished sentence."""

    def __init__(self) -> None:
        self._rest, self._at = "", ""

    def feed(self, text: str, at: str = "") -> Iterator[Sentence]:
        """Take *text*, which begins at *at*; yield the sentences that are known to be whole."""
        text = " ".join(text.split())
        if not text:
            return
        self._at = self._at if self._rest else at
        self._rest = f"{self._rest} {text}" if self._rest else text
        while True:
            end = _end_of(self._rest)
            if end == 0:
                return
            yield Sentence(self._rest[:end].strip(), self._at)
            self._rest, self._at = self._rest[end:].strip(), at

    def end(self) -> Iterator[Sentence]:
        """Yield what is left: a paragraph or the source has ended."""
        if self._rest:
            yield Sentence(self._rest, self._at)
        self._rest = ""


def split(text: str) -> list[str]:
    """Return the sentences of a whole text."""
    cutter = Sentences()
    return [one.text for one in (*cutter.feed(text), *cutter.end())]


def _end_of(text: str) -> int:
    """Return where the first sentence of *text* ends, 0 if that is not known yet."""
    for match in _END.finditer(text, 0, LENGTH_MAX + 1):
        if not _is_short(text[: match.end()]):
            return match.end()
    if len(text) <= LENGTH_MAX:
        return 0
    cuts = [match.end() for match in _CUT.finditer(text, LENGTH_MAX // 2, LENGTH_MAX)]
    return cuts[-1] if cuts else (text.rfind(" ", 1, LENGTH_MAX) + 1 or LENGTH_MAX)


def _is_short(text: str) -> bool:
    """Return whether the full stop at the end of *text* is that of an abbreviation."""
    before = _BEFORE.search(text)
    if before is None:
        return False
    word = before[1]
    return word.lower() in _SHORT or (len(word) == 1 and word.isupper())
