"""Read a grammar in the part of GBNF that is safe here: one rule a line, nothing fancy.  Pure.

llama.cpp's own parser ends the process on some of what it does not expect.
"""

import re
from dataclasses import dataclass

from agent.errors import ModelError

BYTES_MAX = 32_768
RULES_MAX = 400
DEPTH_MAX = 12
TIMES_MAX = 1000
PARTS_MAX = 20_000  # what repetitions are written out to

NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9-]{0,63}")
SPACE = re.compile(r"[ \t]*(?:#.*)?")
RULE = re.compile(r"([a-zA-Z][a-zA-Z0-9-]{0,63})[ \t]*::=")
TIMES = re.compile(r"\{(\d{1,4})(,)?(\d{1,4})?\}")
CHARACTER = re.compile(
    r"""\\(?:[nrt\\"\[\]]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})|[^\\]"""
)
SIMPLE = {"*": (0, None), "+": (1, None), "?": (0, 1)}


@dataclass(frozen=True, slots=True)
class Text:
    """Characters, or one of a class of them."""

    parts: int


@dataclass(frozen=True, slots=True)
class Ref:
    """What another rule says."""

    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences."""

    ways: tuple[tuple["Item", ...], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """Something, so many times; *most* is None where there is no end."""

    what: "Text | Ref | Choice"
    least: int
    most: int | None


def parse(grammar: str) -> dict[str, Choice]:
    """Return the rules of *grammar*; raise ModelError with the line that is wrong."""
    if len(grammar.encode("utf-8", "replace")) > BYTES_MAX:
        raise ModelError(f"the grammar is longer than {BYTES_MAX} bytes")
    if any((ord(c) < 32 and c not in "\n\t") or 0xD7FF < ord(c) < 0xE000 for c in grammar):
        raise ModelError("the grammar holds a character that no grammar may hold")
    rules: dict[str, Choice] = {}
    for number, line in enumerate(grammar.split("\n"), 1):
        if SPACE.fullmatch(line):
            continue
        name, choice = _Line(line, number).rule()
        if name in rules:
            raise ModelError(f"line {number} of the grammar: {name} is defined twice")
        rules[name] = choice
        if len(rules) > RULES_MAX:
            raise ModelError(f"the grammar has more than {RULES_MAX} rules")
    return rules


class _Line:
    def __init__(self, line: str, number: int) -> None:
        self._line = line
        self._number = number
        self._at = 0
        self._parts = 0

    def rule(self) -> tuple[str, Choice]:
        found = RULE.match(self._line)
        if found is None:
            raise self._wrong("a rule is written NAME ::= …, on one line")
        self._at = found.end()
        choice = self._choice(0)
        if self._at < len(self._line):
            raise self._wrong("something is left over")
        return found.group(1), choice

    def _choice(self, depth: int) -> Choice:
        if depth > DEPTH_MAX:
            raise self._wrong(f"groups are nested more than {DEPTH_MAX} deep")
        ways = [self._sequence(depth)]
        while self._take("|"):
            ways.append(self._sequence(depth))
        return Choice(tuple(ways))

    def _sequence(self, depth: int) -> tuple[Item, ...]:
        items: list[Item] = []
        self._skip()
        while self._at < len(self._line) and self._line[self._at] not in "|)":
            items.append(self._item(depth))
            self._skip()
        if not items:
            raise self._wrong("nothing is said here")
        return tuple(items)

    def _item(self, depth: int) -> Item:
        what = self._what(depth)
        least, most = self._times()
        copies = max(least, 1) if most is None else most
        self._parts += copies * (what.parts if isinstance(what, Text) else 1)
        if self._parts > PARTS_MAX:
            raise self._wrong("the repetitions are too many")
        return Item(what, least, most)

    def _what(self, depth: int) -> "Text | Ref | Choice":
        if self._take('"'):
            return self._literal()
        if self._take("["):
            return self._class()
        if self._take("."):
            return Text(1)
        if self._take("("):
            choice = self._choice(depth + 1)
            if not self._take(")"):
                raise self._wrong("a group is not closed")
            return choice
        found = NAME.match(self._line, self._at)
        if found is None:
            raise self._wrong("this is no part of a rule")
        self._at = found.end()
        return Ref(found.group())

    def _literal(self) -> Text:
        count = 0
        while not self._take('"'):
            self._character()
            count += 1
        if not count:
            raise self._wrong('"" says nothing')
        return Text(count)

    def _class(self) -> Text:
        self._take("^")
        count = 0
        while not self._take("]"):
            first = self._character()
            if self._line[self._at : self._at + 1] == "-" and self._peek(1) != "]":
                self._at += 1
                if self._character() < first:
                    raise self._wrong("a range of characters runs backwards")
            count += 1
        if not count:
            raise self._wrong("[] allows nothing")
        return Text(count)

    def _character(self) -> int:
        found = CHARACTER.match(self._line, self._at)
        if found is None:
            raise self._wrong("the text ends too early, or has an unknown escape")
        self._at = found.end()
        written = found.group()
        code = int(written[2:], 16) if written[:2] in ("\\x", "\\u", "\\U") else ord(written[-1])
        if code > 0x10FFFF or 0xD7FF < code < 0xE000 or code == 0:
            raise self._wrong("this is no character")
        return code

    def _times(self) -> tuple[int, int | None]:
        mark = self._peek()
        if mark in SIMPLE:
            self._at += 1
            times = SIMPLE[mark]
        elif mark == "{":
            times = self._counted()
        else:
            return 1, 1
        if self._peek() in (*SIMPLE, "{"):
            raise self._wrong("a repetition is repeated")
        return times

    def _counted(self) -> tuple[int, int | None]:
        found = TIMES.match(self._line, self._at)
        if found is None:
            raise self._wrong("a repetition is written {2}, {2,} or {2,5}")
        self._at = found.end()
        least = int(found.group(1))
        most = int(found.group(3)) if found.group(3) else (None if found.group(2) else least)
        if not found.group(2) and found.group(3):
            raise self._wrong("a repetition is written {2}, {2,} or {2,5}")
        if max(least, most or 0) > TIMES_MAX or (most is not None and (most < least or most == 0)):
            raise self._wrong(f"a repetition is between 0 and {TIMES_MAX} times")
        return least, most

    def _take(self, sign: str) -> bool:
        if self._peek() != sign:
            return False
        self._at += 1
        return True

    def _peek(self, ahead: int = 0) -> str:
        return self._line[self._at + ahead : self._at + ahead + 1]

    def _skip(self) -> None:
        found = SPACE.match(self._line, self._at)
        assert found is not None
        self._at = found.end()

    def _wrong(self, reason: str) -> ModelError:
        place = f"line {self._number}, column {self._at + 1} of the grammar"
        return ModelError(f"{place}: {reason}")
