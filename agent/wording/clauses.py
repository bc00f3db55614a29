"""A sentence around facts, cut into the clauses in which words and facts belong together.  Pure."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from agent.wording import lexicon

# A fact in braces, a word, or any other sign.
_TOKEN = re.compile(r"\{([^{}]+)\}|([A-Za-z]+(?:['\u2019][a-z]+)?)|(\S)")
# A capital inside a word, or at the start of one that does not begin a sentence or its part.
_CAPITAL = re.compile(r"[A-Za-z][A-Z]|(?:[A-Za-z,'\u2019]|- ?)\s+(?!I\b)[A-Z]")
SIGNS = frozenset(",;:.!?-\u2013\u2014()")
_BREAKS = frozenset(",;.!?\u2014")
_JOINS = frozenset(("and", "while", "with", "but", "or", "so"))
_DETERMINERS = frozenset("a an the your".split())


class Token(NamedTuple):
    """A fact's name, a word in lower case, or a sign; the others are empty."""

    fact: str
    word: str
    sign: str


class Clause(NamedTuple):
    """The words and facts between two signs, and the sign that ends the whole sentence."""

    tokens: tuple[Token, ...]
    end: str

    @property
    def facts(self) -> list[str]:
        """Return the names of its facts, in their order."""
        return [token.fact for token in self.tokens if token.fact]

    @property
    def words(self) -> list[str]:
        """Return its words, in their order."""
        return [token.word for token in self.tokens if token.word]

    def leads(self, place: int) -> str:
        """Return the fact that the word at *place* stands right before, articles apart, or ""."""
        for token in self.tokens[place + 1 :]:
            if token.word not in _DETERMINERS:
                return token.fact
        return ""

    def beside(self, index: int) -> frozenset[str]:
        """Return the words that may tell which one the fact at *index* is.

        They are those between the fact before it and the fact after it, but for a preposition
        that leads to the one after it.  Facts that words look past are no bounds.
        """
        bounds = [
            place
            for place, token in enumerate(self.tokens)
            if token.fact and token.fact not in lexicon.TRANSPARENT
        ]
        first = max((place + 1 for place in bounds if place < index), default=0)
        last = min((place for place in bounds if place > index), default=len(self.tokens))
        return frozenset(
            token.word
            for place, token in enumerate(self.tokens[first:last], first)
            if token.word and (place < index or not self._leads_on(place, last))
        )

    def _leads_on(self, place: int, bound: int) -> bool:
        leading = self.tokens[place].word in lexicon.LEADING and bound < len(self.tokens)
        return leading and self.leads(place) == self.tokens[bound].fact


def tokens_of(sentence: str) -> list[Token]:
    """Return the facts, words and signs of *sentence*."""
    found = [Token(*match.groups("")) for match in _TOKEN.finditer(sentence)]
    return [Token(t.fact, t.word.lower().replace("\u2019", "'"), t.sign) for t in found]


def names_somebody(sentence: str) -> bool:
    """Return whether a word has a capital that no beginning gives it: a name, a numeral."""
    return bool(_CAPITAL.search(re.sub(r"\{[^{}]+\}", "x", sentence)))


def clauses_of(tokens: Sequence[Token]) -> list[Clause]:
    """Return the clauses: a word speaks of a fact in its own one."""
    clauses: list[list[Token]] = [[]]
    ends: list[str] = []
    for token in tokens:
        begun = any(one.fact for one in clauses[-1])
        if token.sign in _BREAKS or (token.word in _JOINS and (begun or token.word != "with")):
            ends.append(token.sign)
            clauses.append([])
        if not token.sign:
            clauses[-1].append(token)
    ends.append("")
    kept, end = list[Clause](), ""
    for clause, sign in zip(reversed(clauses), reversed(ends), strict=True):
        end = sign if sign in (".", "!", "?") else end
        if clause:
            kept.append(Clause(tuple(clause), end))
    return kept[::-1]
