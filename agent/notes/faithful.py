"""Whether a sentence in a model's words says only what its source says.  Pure.

The rule of every answer (a figure, a time or a name comes from the evidence), and a stricter one
beside it: each sentence has one sentence of the source, or two neighbours, that hold all of its
figures and names, nearly all of its other words, and as many negations.
"""

import itertools
from collections.abc import Sequence

from agent.notes.words import NEGATIONS, SPELLED, content, figures, names, words

SHARED_MIN = 0.75


def fault(sentence: str, source: Sequence[str]) -> str | None:
    """Return why *sentence* may not stand for the sentences of *source*; None if it may."""
    said = [word for word in content(sentence) if not (figures(word) or word in SPELLED)]
    if not said:
        return "it says nothing"
    pairs = [*source, *(f"{one} {other}" for one, other in itertools.pairwise(source))]
    faults = [_fault(sentence, said, part) for part in pairs]
    if not faults:
        return "there is nothing that it could be from"
    return None if None in faults else min((one for one in faults if one), key=len)


def _fault(sentence: str, said: Sequence[str], part: str) -> str | None:
    strange = figures(sentence) - figures(part)
    if strange:
        return f"{min(strange)} is not in the source"
    written = set(words(part))
    unnamed = {name for name in names(sentence) if not set(words(name)) <= written}
    if unnamed:
        return f"{min(unnamed)} is not in the source"
    own = set(content(part))
    share = sum(word in own for word in said) / len(said)
    if share < SHARED_MIN:
        return "its words are not those of the source"
    turned = sum(word in NEGATIONS for word in words(sentence)) % 2
    if turned != sum(word in NEGATIONS for word in words(part)) % 2:
        return "it turns the source round"
    return None
