"""Whether a sentence around facts says anything of its own.  Pure.

A sentence may be said only if every word of it is one of a closed lexicon: words that claim
nothing, and words that go with the very fact they stand beside.  So a figure, a time, a name, a
unit, a comparison or a negation of the model's own is no word that could pass, and a value in
another's role stands beside a word that is not its own: "You woke at {bedtime}".
"""

from collections.abc import Iterable, Sequence

from agent.wording import advice, lexicon, rules
from agent.wording.clauses import SIGNS, Clause, Token, clauses_of, names_somebody, tokens_of

SENTENCE_MAX = 600


def fault(sentence: str, names: Sequence[str], *, said: Iterable[str] = ()) -> str | None:
    """Return why *sentence* may not be said around the facts *names*; None if it may.

    *said*: names that it may not leave out.
    """
    if len(sentence) > SENTENCE_MAX or not sentence.isprintable():
        return "it is too long, or has signs that no sentence has"
    tokens = tokens_of(sentence)
    strange = _strange(sentence, tokens)
    if strange is not None:
        return strange
    found = [token.fact for token in tokens if token.fact]
    faults = (
        *("it says none of the facts" for _ in range(not found)),
        *(f"there is no fact {name[:40]!r}" for name in found if name not in names),
        *(f"it leaves out {name}" for name in said if name not in found),
    )
    return next(iter(faults), None) or next(
        filter(None, (_clause_fault(clause, names) for clause in clauses_of(tokens))), None
    )


def _strange(sentence: str, tokens: Sequence[Token]) -> str | None:
    """Return what in *sentence* is neither a fact nor a word nor a sign of a sentence."""
    signs = [token.sign for token in tokens if token.sign and token.sign not in SIGNS]
    if signs:
        return f"{signs[0]!r} is no sign of a sentence"
    return "a capital within a sentence is a name's" if names_somebody(sentence) else None


def _clause_fault(clause: Clause, names: Sequence[str]) -> str | None:
    if not clause.facts:
        return advice.fault(clause)
    for place, token in enumerate(clause.tokens):
        if not token.word or token.word in lexicon.NEUTRAL:
            continue
        reason = _word_fault(clause, place, names)
        if reason is not None:
            return reason
    return (
        _unmarked(clause, names)
        or rules.broken(clause)
        or _relative_fault(clause, names)
        or _named_fault(clause, names)
        or _person_fault(clause)
    )


def _word_fault(clause: Clause, place: int, names: Sequence[str]) -> str | None:
    """Return why the word at *place*, which claims something, may not stand there."""
    word = clause.tokens[place].word
    before = clause.tokens[place - 1].word if place else ""
    amounting = word == "to" and before in lexicon.AMOUNTING
    if word in lexicon.BEFORE and (amounting or not clause.leads(place)):
        return None
    fact = _spoken_of(clause, place)
    return None if word in _words_beside(fact, names) else f"{word!r} does not go with {fact}"


def _spoken_of(clause: Clause, place: int) -> str:
    """Return the fact that the word at *place* speaks of: the next of the clause, or the last.

    What follows "{start} is when" is said of the start all the same.
    """
    first = clause.tokens[0].fact
    if first and rules.spoken_first([token.word for token in clause.tokens[1:3]]):
        return first
    facts = clause.facts
    ahead = [token.fact for token in clause.tokens[place:] if token.fact]
    for found in (ahead, list(reversed(facts))):
        solid = [fact for fact in found if fact not in lexicon.TRANSPARENT]
        if solid:
            return solid[0]
    return facts[0]


def _unmarked(clause: Clause, names: Sequence[str]) -> str | None:
    """Return the fault of a fact beside which no word says which one it is: "It was {bedtime}"."""
    for place, token in enumerate(clause.tokens):
        marks = _marks(token.fact, names) if token.fact else frozenset[str]()
        if marks and marks.isdisjoint(clause.beside(place)) and not _told(clause, place, marks):
            return f"no word says that this is {token.fact}"
    return None


def _marks(fact: str, names: Sequence[str]) -> frozenset[str]:
    """Return the words of which one must tell *fact* from the others of *names*."""
    alone = fact == "due" and "reminder" in names and "taken at" not in names
    return frozenset() if alone else lexicon.marks_of(fact)


def _told(clause: Clause, place: int, marks: frozenset[str]) -> bool:
    """Return whether the clause as a whole says which one the fact at *place* is."""
    fact, facts = clause.tokens[place].fact, set(clause.facts)
    after = clause.tokens[place + 1 : place + 3]
    if len(after) == 2 and rules.PAIRED.get(fact) == after[1].fact:
        return after[0].word in ("to", "until", "till")
    others = frozenset[str]().union(*(lexicon.marks_of(one) for one in facts - {fact}))
    return bool(marks & set(clause.words) - others - lexicon.LEADING)


def _words_beside(fact: str, names: Sequence[str]) -> frozenset[str]:
    words = lexicon.words_of(fact) | lexicon.theme_among(fact, names)
    if fact in lexicon.RELATIVE:
        words = words.union(*(lexicon.theme_among(name, names) for name in _owners(fact, names)))
    return words


def _owners(fact: str, names: Sequence[str]) -> list[str]:
    """Return the facts that a relative one is said of: of the theme that stands nearest before it.

    A calendar's next meeting has no usual; where it stands between, it is looked past.
    """
    able = [n for n in names if n not in lexicon.RELATIVE and lexicon.has_usual(n)]
    if fact == "compared with usual" and not able:
        return []
    if fact != "compared with usual" or fact not in names:
        return [name for name in names if name not in lexicon.RELATIVE]
    place = names.index(fact)
    before = [name for name in able if names.index(name) < place]
    owner = before[-1] if before else able[0]
    return [name for name in able if lexicon.alike(name, owner)]


def _relative_fault(clause: Clause, names: Sequence[str]) -> str | None:
    """Return the fault of a comparison beside a fact that it does not compare."""
    if "compared with usual" not in clause.facts:
        return None
    solid = [fact for fact in clause.facts if fact not in lexicon.RELATIVE]
    owners = _owners("compared with usual", names)
    if solid and not any(fact in owners or "usual" in fact for fact in solid):
        return f"{solid[0]} is not what is compared"
    return None


def _named_fault(clause: Clause, names: Sequence[str]) -> str | None:
    """Return the fault of naming one fact that no theme knows beside the value of another."""
    words = f" {' '.join(clause.words)} "
    for fact in clause.facts:
        words = words.replace(f" {fact} ", " ")
    for name in names:
        if name not in clause.facts and not lexicon.known(name) and f" {name} " in words:
            return f"{name} is named, and another fact told"
    return None


def _person_fault(clause: Clause) -> str | None:
    """Return what is wrong with an "I": carpal counts and measures, the wearer does the rest."""
    words = [token.word for token in clause.tokens]
    for here, after in zip(words, [*words[1:], ""], strict=True):
        if here == "i" and after not in lexicon.MINE:
            return f"'I {after}' is not carpal's to say"
    return None
