"""Questions to study, made from sentences; each answer stands in the text.  Pure.

A definition becomes "What is ... called?", a year "When ...?", and any other fact a gap to fill in
(Taylor 1953, "Cloze procedure", Journalism Quarterly 30).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.notes.words import MONTHS_AND_DAYS, STOP

GAP = "_____"
LENGTH_MAX = 200
_CALLED = re.compile(
    r"^(?:The |A |An )?(?P<what>[^,;.?!]{3,90}?),? (?P<is>is|are) (?:called|known as|named)"
    r" (?P<answer>(?:a |an |the )?[^,;.?!]{2,40}?)(?:[,;.]| and )"
)
_WHEN = re.compile(
    r"^(?P<what>(?:The|It|They|He|She)\b[^,;.?!]{0,60}?) (?P<was>was|were)"
    r" (?P<done>\w+(?:ed|lt|nd|en|un))(?P<rest>[^,;.?!]{0,60}?) in"
    r" (?P<answer>(?:[A-Z][a-z]+ )?1\d{3}|20\d\d)\b"
)
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*(?:th|st|nd|rd)?")


@dataclass(frozen=True, slots=True)
class Question:
    """One question, and its answer as the text has it; "" where the text as a whole answers."""

    text: str
    answer: str


def questions(sentences: Sequence[str], *, limit: int = 4) -> tuple[Question, ...]:
    """Return up to *limit* questions from *sentences*, of different kinds where there are some."""
    direct = {one: list(_direct(one)) for one in sentences}
    asked = [found for some in direct.values() for found in some]
    gaps = [found for one, some in direct.items() if not some for found in _gap(one)]
    step = max(1, len(gaps) // max(1, limit - len(asked)))
    return tuple((asked + gaps[::step])[:limit])


def _direct(sentence: str) -> Iterator[Question]:
    called = _CALLED.match(sentence)
    pronoun = called and called["what"].split()[0].lower() in ("it", "that", "this", "they")
    if called and not pronoun:
        what = called["what"]
        the = sentence[: called.start("what")].lower()
        yield Question(f"What {called['is']} {the}{what} called?", called["answer"].strip())
        return
    when = _WHEN.match(sentence)
    if when and not when["what"].startswith(("It", "They", "He", "She")):
        what = when["what"][0].lower() + when["what"][1:]
        yield Question(f"When {when['was']} {what} {when['done']}{when['rest']}?", when["answer"])


def _gap(sentence: str) -> Iterator[Question]:
    """Yield the sentence with its most telling figure or name left out."""
    if len(sentence) > LENGTH_MAX or sentence.endswith("?") or _CALLED.match(sentence):
        return
    figures = [match.span() for match in _FIGURE.finditer(sentence)]
    for begin, end in figures or _named(sentence):
        answer = sentence[begin:end]
        if len(re.findall(rf"\b{re.escape(answer)}\b", sentence)) == 1:
            yield Question(f"{sentence[:begin]}{GAP}{sentence[end:]}", answer)
            return


def _named(sentence: str) -> list[tuple[int, int]]:
    found = re.finditer(r"(?<=[\w,] )[A-Z][\w'\u2019-]+(?: [A-Z][\w'\u2019-]+)*", sentence)
    spans = [match.span() for match in found if match[0].lower() not in STOP]
    people = [span for span in spans if sentence[slice(*span)] not in MONTHS_AND_DAYS]
    return [span for span in people or spans if sentence[slice(*span)] != "I"]
