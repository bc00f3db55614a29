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
    beside: dict[str, set[str]] = {name: set() for name in found}
    faults = (_clause_fault(clause, names, beside) for clause in _clauses(tokens))
    return next(filter(None, (*faults, _unmarked(beside))), None)


def _clauses(tokens: Sequence[Token]) -> list[list[Token]]:
    """Return the clauses: a word speaks of a fact in its own one, or, without one, in the next."""
    clauses: list[list[Token]] = [[]]
    for token in tokens:
        if token.sign in _BREAKS or token.word in _JOINS:
            clauses.append([])
        if not token.sign:
            clauses[-1].append(token)
    return [clause for clause in clauses if clause]


def _unmarked(beside: dict[str, set[str]]) -> str | None:
    """Return the fault of a fact beside which no word says which one it is: "It was {bedtime}"."""
    for fact, words in beside.items():
        marks = lexicon.marks_of(fact)
        if marks and marks.isdisjoint(words):
            return f"no word says that this is {fact}"
    return None


def _clause_fault(
    clause: Sequence[Token], names: Sequence[str], beside: dict[str, set[str]]
) -> str | None:
    facts = [token.fact for token in clause if token.fact]
    for fact in facts:
        beside[fact].update(token.word for token in clause)
    for place, token in enumerate(clause):
        if not token.word or token.word in lexicon.NEUTRAL:
            continue
        reason = _word_fault(clause, place, facts, names)
        if reason is not None:
            return reason
    return _person_fault(clause)


def _word_fault(
    clause: Sequence[Token], place: int, facts: Sequence[str], names: Sequence[str]
) -> str | None:
    """Return why the word at *place*, which claims something, may not stand there."""
    word = clause[place].word
    if not facts:
        return None if word in lexicon.ADVICE else f"{word!r} stands beside no fact"
    if word in lexicon.BEFORE and not _gives_a_role(clause, place):
        return None
    fact = _spoken_of(clause[place:], facts)
    return None if word in _words_beside(fact, names) else f"{word!r} does not go with {fact}"


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
