"""The authors' texts in `data/adapter/text`: how people ask, and how the facts may be said.

The form of a file is in `data/adapter/README.md`.  Reading is strict: a line that is none of the
known kinds is a DecodeError with its number.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent.errors import DecodeError

NAMED = re.compile(r"\{([^{}]*)\}")
FILE_MAX = 2_000_000


@dataclass(frozen=True, slots=True)
class Question:
    """One way to ask for some facts, the first of them above all."""

    asked: tuple[str, ...]
    wording: str


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence around some facts."""

    facts: frozenset[str]
    sentence: str


@dataclass(frozen=True, slots=True)
class Hint:
    """One way to say a situation, for a watch and in a sentence."""

    situation: str
    glance: str
    sentence: str

    @property
    def facts(self) -> frozenset[str]:
        """Return the facts that either of them needs."""
        return names_in(f"{self.glance} {self.sentence}")


@dataclass(frozen=True, slots=True)
class Note:
    """A passage, and what a student would write down of it."""

    passage: str
    title: str
    terms: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(slots=True)
class Family:
    """Facts that come together, and the wordings for them."""

    name: str
    questions: list[Question] = field(default_factory=list)
    answers: list[Said] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)

    @property
    def facts(self) -> list[str]:
        """Return the names of its facts, in the order of their first use."""
        asked = [name for one in self.questions for name in one.asked]
        said = [name for one in self.answers for name in sorted(one.facts)]
        return list(dict.fromkeys((*asked, *said)))


@dataclass(slots=True)
class Text:
    """All that one author wrote."""

    author: str
    families: dict[str, Family] = field(default_factory=dict)
    turns: list[tuple[str, str]] = field(default_factory=list)
    """What is said to carpal, and what it replies."""
    notes: list[Note] = field(default_factory=list)

    def wordings(self) -> int:
        """Return how many wordings there are in all."""
        families = self.families.values()
        return sum(len(f.questions) + len(f.answers) + 2 * len(f.hints) for f in families)


def names_in(sentence: str) -> frozenset[str]:
    """Return the names of the facts in *sentence*."""
    return frozenset(NAMED.findall(sentence))


def read(path: Path) -> Text:
    """Return the text in *path*; raise DecodeError with the line that is not as it should be."""
    try:
        body = path.read_bytes()
    except OSError as error:
        raise DecodeError(str(path), f"cannot be read: {error.strerror}") from error
    if len(body) > FILE_MAX:
        raise DecodeError(str(path), f"is longer than {FILE_MAX} bytes")
    return parse(body.decode("utf-8", "replace"), name=path.stem)


def parse(body: str, *, name: str) -> Text:
    """Return the text in *body*; raise DecodeError."""
    text, family = Text(name), Family("")
    rows = [(n, line.strip()) for n, line in enumerate(body.splitlines(), 1)]
    kept = [(n, line) for n, line in rows if line and not line.startswith("#")]
    passages: dict[str, dict[str, str]] = defaultdict(dict)
    passage = ""
    for number, line in kept:
        where = f"{name}, line {number}"
        if line.startswith("[") and line.endswith("]"):
            family = text.families.setdefault(line[1:-1], Family(line[1:-1]))
        elif line.startswith("> "):
            text.turns.append(_turn(line[2:], where))
        elif line[:2] in ("P:", "T:", "K:", "Q:"):
            passage = line[2:].strip() if line[0] == "P" else passage
            passages[passage][line[0]] = line[2:].strip()
        else:
            _wordings(line, family, where)
    text.notes.extend(_note(parts, name) for parts in passages.values())
    text.families = {
        key: one for key, one in text.families.items() if one.questions or one.hints or one.answers
    }
    return text


def _wordings(line: str, family: Family, where: str) -> None:
    kind, (head, colon, tail) = line[:1], line[1:].partition(":")
    if kind not in ("?", "=", "!") or not colon or not family.name:
        raise DecodeError(where, f"is no line of a text: {line[:60]!r}")
    names = tuple(part.strip() for part in head.split(",") if part.strip())
    said = [part.strip() for part in tail.split(" | ") if part.strip()]
    if kind == "?":
        family.questions.extend(Question(names, wording) for wording in said)
    elif kind == "=":
        family.answers.extend(Said(names_in(one), one) for one in said if names_in(one))
    else:
        pairs = zip(said[::2], said[1::2], strict=False)
        family.hints.extend(Hint(head.strip(), glance, whole) for glance, whole in pairs)


def _turn(line: str, where: str) -> tuple[str, str]:
    said, arrow, reply = line.partition("=>")
    if not arrow or not said.strip() or not reply.strip():
        raise DecodeError(where, "is no turn: `> SAID => REPLY`")
    return said.strip(), reply.strip()


def _note(parts: dict[str, str], name: str) -> Note:
    if set(parts) != {"P", "T", "K", "Q"}:
        raise DecodeError(name, f"a passage has P:, T:, K: and Q:, this one {sorted(parts)}")
    return Note(
        parts["P"], parts["T"], tuple(_parts(parts["K"], ";")), tuple(_parts(parts["Q"], "|"))
    )


def _parts(line: str, mark: str) -> Iterator[str]:
    return (part.strip() for part in line.split(mark) if part.strip())


def examined(questions: Text, texts: Sequence[Text]) -> Text:
    """Return the questions of an author of their own with the answers of the others."""
    families: dict[str, Family] = {}
    for name, family in questions.families.items():
        known = [one.families[name] for one in texts if name in one.families]
        answers = [answer for other in known for answer in other.answers]
        if answers:
            families[name] = Family(name, family.questions, answers)
    return Text(questions.author, families)
