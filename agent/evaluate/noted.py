"""Which planted facts are in notes, and what is in them that their source does not say.  Pure."""

import itertools
import re
from collections.abc import Sequence

from agent.notes.words import STOP, figures, names, stem, words

Fact = tuple[str, ...]
"""What one line of the notes must hold, all of it."""
_NUMBERED = re.compile(r"^(?:#+ )?(?:\d+\. )?")
_SAME = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"(?<=\d) ?%", " percent"),
        (r"(?<=\d) ?km\b", " kilometers"),
        (r"(?<=\d) ?kg\b", " kilos"),
        (r"met(?:re|er)", "meter"),
        (r"lit(?:re|er)s", "liters"),
        (r"\bdr\b\.?", "Doctor"),
        (r"\bmr\b\.?", "Mister"),
        (r"\bcolour", "color"),
    )
)
_TIMES = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"\bhalf past (\w+)", r"\1 30"),
        (r"\bquarter past (\w+)", r"\1 15"),
        (r"\bat (\d{1,2})([0-5]\d)(?=[.,;!?]|$| (?:on|in|from|until|and) )", r"at \1 \2"),
    )
)
"""Times of day, as a reader takes them: "leaves at 720" is "seven twenty"."""
_LABEL = re.compile(r"^(?:Key terms|Questions): ?")
_TIME = re.compile(r" \((?:\d+:\d\d(?::\d\d)?|p\. \d+)\)$")


def kept(facts: Sequence[Fact], notes: str) -> list[Fact]:
    """Return those of *facts* that stand whole in one line of *notes*."""
    lines = [_line(line) for line in bare(notes)]
    return [fact for fact in facts if any(_told(" ".join(fact)) <= line for line in lines)]


def invented(notes: str, source: str) -> set[str]:
    """Return the figures and the names in *notes* that *source* does not have."""
    text, source = spelled_out("\n".join(bare(notes))), spelled_out(source)
    numbers = _figures(text) - _figures(source)
    written = {one.lower() for one in re.findall(r"[^\W\d_]+", source)}
    strange = {name for name in names(text) if not set(_parts(name)) <= written}
    return numbers | {name for name in strange if name.lower() not in STOP}


def spelled_out(text: str) -> str:
    """Return *text* with one way to write what a recogniser and a writer write differently."""
    text = re.sub(r"\$(\d[\d,.]*\d|\d)", r"\1 dollars", text)
    text = re.sub("\u00a3(\\d[\\d,.]*\\d|\\d)", r"\1 pounds", text)
    for pattern, plain in _SAME:
        text = pattern.sub(plain, text)
    return text


def bare(notes: str) -> list[str]:
    """Return the lines of *notes* as they are read, without numbers of lines and times."""
    _, _, told = notes.partition("\n## ")
    plain = re.sub(r"\\(.)", r"\1", "## " + told)
    lines = [_LABEL.sub("", line.strip("- *")) for line in plain.splitlines()]
    return [_TIME.sub("", _NUMBERED.sub("", line)) for line in lines]


def _told(text: str) -> frozenset[str]:
    """Return the figures of *text* and the stems of its words; a number is the same in letters."""
    text = spelled_out(text)
    for pattern, plain in _TIMES:
        text = pattern.sub(plain, text)
    said = [word for word in words(text) if not (word in STOP or figures(word))]
    return frozenset(stem(word) for word in said) | _figures(text)


def _line(text: str) -> frozenset[str]:
    """Return what `_told` has, and neighbours as one word too: "dish washer" is a dishwasher."""
    said = words(text)
    return _told(text) | {stem(one + other) for one, other in itertools.pairwise(said)}


def _figures(text: str) -> set[str]:
    """Return the numbers of *text*; of a time its parts: "7:30" is "seven thirty"."""
    found = figures(text)
    return {part for one in found for part in (re.split(r"[:.]", one) if one != "0.5" else [one])}


def _parts(name: str) -> list[str]:
    return [part.lower() for part in re.findall(r"[^\W\d_]+", name)]
