"""Whether a sentence around facts says anything of its own.  Pure.

A sentence may be said only if every word of it is one of a closed lexicon: words that claim
nothing, and words that go with the very fact they stand beside.  So a figure, a time, a name, a
unit, a comparison or a negation of the model's own is no word that could pass, and a value in
another's role stands beside a word that is not its own: "You woke at {bedtime}".
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from agent.wording import lexicon

SENTENCE_MAX = 600
# A fact in braces, a word, or any other sign.
_TOKEN = re.compile(r"\{([^{}]*)\}|([A-Za-z]+(?:['\u2019][a-z]+)?)|(\S)")
_SIGNS = frozenset(",;:.!?-\u2013\u2014()")
_BREAKS = frozenset(",;.!?\u2014")
_JOINS = frozenset(("and", "while", "with", "but", "or", "so"))


class Token(NamedTuple):
    """A fact's name, a word in lower case, or a sign; the others are empty."""

    fact: str
    word: str
    sign: str


def fault(sentence: str, names: Sequence[str], *, said: Iterable[str] = ()) -> str | None:
    """Return why *sentence* may not be said around the facts *names*; None if it may.

    *said*: names that it may not leave out.
    """
    if len(sentence) > SENTENCE_MAX or not sentence.isprintable():
        return "it is too long, or has signs that no sentence has"
    tokens = [Token(*match.groups("")) for match in _TOKEN.finditer(sentence)]
    tokens = [Token(t.fact, t.word.lower().replace("\u2019", "'"), t.sign) for t in tokens]
    found = [token.fact for token in tokens if token.fact]
    if not found:
        return "it says none of the facts"
    strange = [name for name in found if name not in names]
    if strange:
        return f"there is no fact {strange[0][:40]!r}"
    left_out = [name for name in said if name not in found]
    if left_out:
        return f"it leaves out {left_out[0]}"
    signs = [token.sign for token in tokens if token.sign and token.sign not in _SIGNS]
    if signs:
        return f"{signs[0]!r} is no sign of a sentence"
    faults = (_clause_fault(clause, names) for clause in _clauses(tokens))
    return next(filter(None, faults), None)


def _clauses(tokens: Sequence[Token]) -> list[list[Token]]:
    """Return the clauses: a word speaks of a fact in its own one, or, without one, in the next."""
    clauses: list[list[Token]] = [[]]
    for token in tokens:
        if token.sign in _BREAKS or token.word in _JOINS:
            clauses.append([])
        if not token.sign:
            clauses[-1].append(token)
    return [clause for clause in clauses if clause]


def _clause_fault(clause: Sequence[Token], names: Sequence[str]) -> str | None:
    facts = [token.fact for token in clause if token.fact]
    for place, token in enumerate(clause):
        word = token.word
        if not word or word in lexicon.NEUTRAL:
            continue
        if not facts:
            if word in lexicon.ADVICE:
                continue
            return f"{word!r} stands beside no fact"
        if word in lexicon.BEFORE and not _gives_a_role(clause, place):
            continue
        fact = _spoken_of(clause[place:], facts)
        if word not in _words_beside(fact, names):
            return f"{word!r} does not go with {fact}"
    return _person_fault(clause)


def _gives_a_role(clause: Sequence[Token], place: int) -> bool:
    """Return whether the preposition at *place* stands right before a fact: "from {bedtime}".

    "Your sleep came to {asleep}" gives none.
    """
    before = clause[place - 1].word if place else ""
    return bool(clause[place + 1 : place + 2] and clause[place + 1].fact) and not (
        clause[place].word == "to" and before in lexicon.AMOUNTING
    )


def _spoken_of(rest: Sequence[Token], facts: Sequence[str]) -> str:
    """Return the fact that a word before *rest* speaks of: the next of the clause, or the last."""
    for found in ([token.fact for token in rest if token.fact], list(reversed(facts))):
        solid = [fact for fact in found if fact not in lexicon.TRANSPARENT]
        if solid:
            return solid[0]
    return facts[0]


def _words_beside(fact: str, names: Sequence[str]) -> set[str]:
    words = set(lexicon.words_of(fact))
    if fact in lexicon.RELATIVE:
        words = words.union(*(lexicon.theme_of(name) for name in names))
    return words


def _person_fault(clause: Sequence[Token]) -> str | None:
    """Return what is wrong with an "I": carpal counts and measures, the wearer does the rest."""
    words = [token.word for token in clause]
    for here, after in zip(words, [*words[1:], ""], strict=True):
        if here == "i" and after not in lexicon.MINE:
            return f"'I {after}' is not carpal's to say"
    return None
