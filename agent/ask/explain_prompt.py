"""Sentences in the words of a grammar, for a recogniser to have heard before.  Pure.

A model that writes down speech goes on in the style of what it is told came before (Radford et al.
2022, section 4.5): whole sentences as they are said serve it better than a list of words, which it
takes for the beginning of what it hears (measured).
"""

import re

from agent.ask.explain_paths import Paths, Spoken

WORDS_MAX = 14  # of a sentence, before it is brought to its end
SENTENCES_MAX = 24
LOOKED_MAX = 4000
_I = re.compile(r"i(?:'|$)")


def prompt(paths: Paths, *, words_max: int = 120) -> str:
    """Return sentences that together have each word of the grammar, as far as there is room."""
    unsaid = dict.fromkeys(sorted(paths.automaton.words()))
    sentences: list[str] = []
    length = 0
    while unsaid and len(sentences) < SENTENCES_MAX:
        words = _sentence(paths, unsaid)
        if not unsaid.keys() & set(words) or length + len(words) > words_max:
            break
        for word in words:
            unsaid.pop(word, None)
        length += len(words)
        said = " ".join("I" + word[1:] if _I.match(word) else word for word in words)
        sentences.append(said[:1].upper() + said[1:] + ".")
    return " ".join(sentences)


def _sentence(paths: Paths, unsaid: dict[str, None]) -> tuple[str, ...]:
    """Return a sentence that takes the nearest word that was not said, and the next, and ends."""
    at = Spoken()
    left = dict(unsaid)
    while len(at.words) < WORDS_MAX:
        found = _search(paths, at, left)
        if found is None:
            break
        at = found
        for word in at.words:
            left.pop(word, None)
    ended = _search(paths, at, None)
    return () if ended is None else ended.words


def _search(paths: Paths, begin: Spoken, wanted: dict[str, None] | None) -> Spoken | None:
    """Return where the nearest of *wanted* was said, or the nearest end; breadth first."""
    waiting, seen = [begin], {begin.key}
    for looked, at in enumerate(waiting):
        if looked > LOOKED_MAX:
            break
        if wanted is None and (ended := paths.ended(at)) is not None:
            return ended
        for following in paths.on_from(at):
            if wanted is not None and following.words[-1] in wanted:
                return following
            if following.key not in seen:
                seen.add(following.key)
                waiting.append(following)
    return None
