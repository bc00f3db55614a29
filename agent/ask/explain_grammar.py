"""A tool's grammar (JSGF) as an automaton over words, with the tool's arguments as slots.  Pure.

Read is what a tool needs of the JSpeech Grammar Format (W3C Note 2000): rules, alternatives with or
without weights, groups, options, `*`, `+`, quoted words, comments; tags are passed over.  A rule
whose name is a field of the tool's arguments is a slot: the words said within it are its value.
No rule may name itself, for that is no automaton.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from agent.errors import AgentError

TEXT_MAX = 20_000
RULES_MAX = 200
DEPTH_MAX = 24
BUILD_DEPTH_MAX = 200
NODES_MAX = 6_000
ARCS_MAX = 12_000

_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_HEADER = re.compile(
    r"\s*#JSGF[^;\n]{0,80};\s*(?:grammar\s+[A-Za-z0-9_.]{1,64}\s*;)?", re.IGNORECASE
)
_TOKEN = re.compile(
    r"""\s*(?:(?P<rule><[A-Za-z0-9_]{1,64}>)|(?P<tag>\{[^{}]*\})|(?P<weight>/\s*[0-9.]+\s*/)
    |"(?P<quoted>[^"]{1,80})"|(?P<mark>[\[\]()|*+=;])|(?P<word>[A-Za-z0-9][\w'.-]{0,40}))""",
    re.VERBOSE,
)


class GrammarError(AgentError):
    """A tool's grammar cannot be read: the tool is understood by its examples alone."""


@dataclass(frozen=True, slots=True)
class Arc:
    """One way on from a node: by a word, by opening or closing a slot, or by nothing."""

    target: int
    word: str = ""
    opens: str = ""
    closes: str = ""


@dataclass(slots=True)
class Automaton:
    """Nodes are numbers; 0 is the beginning, 1 the end."""

    arcs: list[list[Arc]] = field(default_factory=lambda: [[], []])
    linked: int = 0

    def node(self) -> int:
        """Return a new node; raise GrammarError where there are too many."""
        if len(self.arcs) >= NODES_MAX:
            raise GrammarError(f"the grammar says more than {NODES_MAX} things")
        self.arcs.append([])
        return len(self.arcs) - 1

    def link(self, begin: int, arc: Arc) -> None:
        """Add *arc*; raise GrammarError where there are too many."""
        self.linked += 1
        if self.linked > ARCS_MAX:
            raise GrammarError(f"the grammar says more than {ARCS_MAX} things")
        self.arcs[begin].append(arc)

    def words(self) -> set[str]:
        """Return every word that may be said."""
        return {arc.word for arcs in self.arcs for arc in arcs if arc.word}


@dataclass(frozen=True, slots=True)
class _Said:
    word: str


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str


@dataclass(frozen=True, slots=True)
class _All:
    parts: tuple["_Part", ...]


@dataclass(frozen=True, slots=True)
class _Any:
    parts: tuple["_Part", ...]


@dataclass(frozen=True, slots=True)
class _Times:
    part: "_Part"
    may_lack: bool
    may_repeat: bool


_Part = _Said | _Rule | _All | _Any | _Times
_Tokens = list[tuple[str, str]]


def read(text: str, *, slots: frozenset[str]) -> Automaton:
    """Return the automaton of a grammar; raise GrammarError saying what is wrong with it."""
    rules, public = _rules(text)
    automaton = Automaton()
    builder = _Builder(automaton, rules, slots)
    for name in public:
        builder.add(_Rule(name), 0, 1, (), 0)
    if not any(arc.word for arcs in automaton.arcs for arc in arcs):
        raise GrammarError("the grammar has no words")
    return automaton


def _rules(text: str) -> tuple[dict[str, _Part], list[str]]:
    if len(text) > TEXT_MAX:
        raise GrammarError(f"the grammar is longer than {TEXT_MAX} characters")
    body = _COMMENT.sub(" ", text)
    header = _HEADER.match(body)
    if header is None:
        raise GrammarError("a grammar begins with #JSGF V1.0; grammar NAME;")
    reader = _Reader(list(_tokens(body[header.end() :])))
    rules: dict[str, _Part] = {}
    public: list[str] = []
    while not reader.at_end:
        is_public, name, part = reader.definition()
        if name in rules or len(rules) >= RULES_MAX:
            raise GrammarError(f"the rule <{name}> is there twice, or there are too many")
        rules[name] = part
        public += [name] if is_public else []
    if not public:
        raise GrammarError("no rule of the grammar is public")
    return rules, public


def _tokens(body: str) -> Iterator[tuple[str, str]]:
    place = 0
    body = body.rstrip()
    while place < len(body):
        found = _TOKEN.match(body, place)
        if found is None:
            raise GrammarError(f"the grammar cannot be read at {body[place : place + 20]!r}")
        place = found.end()
        kind = found.lastgroup or ""
        if kind == "quoted":
            yield from (("word", word) for word in found["quoted"].split())
        elif kind not in ("tag", "weight"):
            yield kind, found[kind]


class _Reader:
    """Reads definitions, one after another."""

    def __init__(self, tokens: _Tokens) -> None:
        self._tokens = tokens
        self._place = 0

    @property
    def at_end(self) -> bool:
        return self._place >= len(self._tokens)

    def definition(self) -> tuple[bool, str, _Part]:
        is_public = self._peek() == ("word", "public")
        if is_public:
            self._place += 1
        kind, name = self._next()
        if kind != "rule":
            raise GrammarError(f"a rule was expected, not {name[:20]!r}")
        self._expect("=")
        part = self._choice(0)
        self._expect(";")
        return is_public, name.strip("<>"), part

    def _choice(self, depth: int) -> _Part:
        if depth > DEPTH_MAX:
            raise GrammarError(f"the grammar has groups within groups, more than {DEPTH_MAX} deep")
        ways = [self._sequence(depth)]
        while self._peek() == ("mark", "|"):
            self._place += 1
            ways.append(self._sequence(depth))
        return ways[0] if len(ways) == 1 else _Any(tuple(ways))

    def _sequence(self, depth: int) -> _Part:
        parts: list[_Part] = []
        while (token := self._peek()) not in _ENDS:
            if token is None:
                raise GrammarError("the grammar ends within a rule")
            parts.append(self._item(depth))
        if not parts:
            raise GrammarError("a way through the grammar is empty: write <NULL> for nothing")
        return parts[0] if len(parts) == 1 else _All(tuple(parts))

    def _item(self, depth: int) -> _Part:
        part = self._single(depth)
        while self._peek() in (("mark", "*"), ("mark", "+")):
            part = _Times(part, may_lack=self._next()[1] == "*", may_repeat=True)
        return part

    def _single(self, depth: int) -> _Part:
        kind, said = self._next()
        if kind == "word":
            return _Said(said.lower())
        if kind == "rule":
            return _All(()) if said == "<NULL>" else _Rule(said.strip("<>"))
        if said not in ("(", "["):
            raise GrammarError(f"the grammar has {said!r} where a word was expected")
        part = self._choice(depth + 1)
        self._expect(")" if said == "(" else "]")
        return part if said == "(" else _Times(part, may_lack=True, may_repeat=False)

    def _peek(self) -> tuple[str, str] | None:
        return None if self.at_end else self._tokens[self._place]

    def _next(self) -> tuple[str, str]:
        found = self._peek()
        if found is None:
            raise GrammarError("the grammar ends within a rule")
        self._place += 1
        return found

    def _expect(self, mark: str) -> None:
        found = self._next()
        if found != ("mark", mark):
            raise GrammarError(f"the grammar has {found[1][:20]!r} where {mark!r} was expected")


_ENDS = (("mark", ";"), ("mark", ")"), ("mark", "]"), ("mark", "|"))


@dataclass(slots=True)
class _Builder:
    """Thompson's construction (1968, CACM 11:6): each part between two nodes."""

    automaton: Automaton
    rules: Mapping[str, _Part]
    slots: frozenset[str]

    def add(self, part: _Part, begin: int, end: int, above: tuple[str, ...], depth: int) -> None:
        """Put *part* between two nodes; *above* are the rules that it stands in."""
        if depth > BUILD_DEPTH_MAX:
            raise GrammarError("the grammar has too many rules within rules")
        match part:
            case _Said(word):
                self.automaton.link(begin, Arc(end, word=word))
            case _Rule(name):
                self._rule(name, begin, end, above, depth + 1)
            case _All(parts):
                self._all(parts, begin, end, above, depth + 1)
            case _Any(parts):
                for one in parts:
                    self.add(one, begin, end, above, depth + 1)
            case _Times():
                self._times(part, begin, end, above, depth + 1)

    def _times(
        self, part: _Times, begin: int, end: int, above: tuple[str, ...], depth: int
    ) -> None:
        enter, leave = self.automaton.node(), self.automaton.node()
        self.add(part.part, enter, leave, above, depth)
        self.automaton.link(begin, Arc(enter))
        self.automaton.link(leave, Arc(end))
        if part.may_lack:
            self.automaton.link(begin, Arc(end))
        if part.may_repeat:
            self.automaton.link(leave, Arc(enter))

    def _rule(self, name: str, begin: int, end: int, above: tuple[str, ...], depth: int) -> None:
        if name in above:
            raise GrammarError(f"the rule <{name}> names itself")
        if name not in self.rules:
            raise GrammarError(f"the grammar names the rule <{name}> and does not define it")
        if name in self.slots and not self.slots.intersection(above):
            enter, leave = self.automaton.node(), self.automaton.node()
            self.automaton.link(begin, Arc(enter, opens=name))
            self.automaton.link(leave, Arc(end, closes=name))
            begin, end = enter, leave
        self.add(self.rules[name], begin, end, (*above, name), depth)

    def _all(
        self, parts: tuple[_Part, ...], begin: int, end: int, above: tuple[str, ...], depth: int
    ) -> None:
        place = begin
        for one in parts:
            following = self.automaton.node()
            self.add(one, place, following, above, depth)
            place = following
        self.automaton.link(place, Arc(end))
