"""Which sentences of a chapter carry its facts.  Pure.

Extraction by the cues of Edmundson (1969), "New methods in automatic extracting", JACM 16(2): words
that announce a fact (his cue method) and terms of the text itself (his key method); to these come
figures and names, for those are what one looks up in notes.
"""

import re
from collections.abc import Sequence

from agent.notes.words import MONTHS_AND_DAYS, STOP, content, figures, names, words

LENGTH_MIN = 4
WORDS_FREE = 135  # a short talk is told nearly whole
SHARE = 0.25  # of what is longer
POINTED = 0.8  # "It is put in last" says little without the sentence before
_POINTING = frozenset("it they he she this that these those there".split())
_CUES = re.compile(
    r"\b(?:decided|agreed|propose|proposed|must|responsible|deadline|voted|conclu\w+|result\w*"
    r"|because|therefore|since|reason|instead|only|difference|problem|advice|found|shows?|takes?"
    r"|needs?|will|main|important|note that|remember|understood|begins?|starts?|ends?"
    r"|costs?|comes?|leaves?|opens?|closes?|measures?|in case)\b",
    re.IGNORECASE,
)
_DEFINES = re.compile(
    r"\b(?:is|are|was|were|be|we) (?:called?|known as|named|defined)\b|\b(?:its|whose) name is\b"
    r"|\bmeans that\b|\bwe call\b"
    r"|\bis (?:the|that) (?:\w+ ){1,3}(?:when|where|which|that|by which)\b",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\b(?:first|second|third)\b(?! of)", re.IGNORECASE)
"""What only counts the points of a talk."""
_DOING = re.compile(r"([A-Z][a-z]+[a-rt-z]) (?:will|is|has|was|had|needs|must|can|comes|\w+s)\b")
"""Somebody at the beginning of a sentence, where every word has a capital."""
_CHATTER = re.compile(
    r"\b(?:good (?:morning|afternoon|evening|day)|hello|hi|welcome|thank|sorry|nice day|by the way"
    r"|any(?:body|one)? (?:questions?|else|other)|(?:can|could|do|does|did|has|have|shall)"
    r" (?:you|we|any\w+)|let(?: me| us|'s)"
    r"|i(?: must| can| will| am|'m|'ve| have)?(?: \w+ly| once)?"
    r" (?:like|love|think|guess|hope|find|know|say|see|seen|mean|promise|tell|glad|happy|sorry"
    r"|tried|heard|looked|been|am|want|do|did))\b",
    re.IGNORECASE,
)
"""What is said to those who listen, and about oneself."""


def weight(sentence: str, key: frozenset[str]) -> float:
    """Return how much of a fact *sentence* carries; *key* are the stems of the chapter's terms."""
    said = words(sentence)
    if len(said) < LENGTH_MIN:
        return 0.0
    named = {name for name in names(sentence) if name.lower() not in STOP}
    dated = named & MONTHS_AND_DAYS
    counted = len(figures(_LISTED.sub(" ", sentence)))
    found = 2.4 * min(3, counted) + 1.5 * min(2, len(named - dated)) + 1.5 * min(2, len(dated))
    found += 1.2 * min(2, len(_CUES.findall(sentence)))
    found += 0.4 * min(3, len(key.intersection(content(sentence))))
    found += 3.0 * bool(_DEFINES.search(sentence))
    doing = _DOING.match(sentence)
    if doing and doing[1].lower() not in STOP:
        found += 1.5
    if _CHATTER.search(sentence):
        found -= 1.0 if counted else 2.5  # "I know that you know, but six boxes were thrown away"
    if sentence.rstrip().endswith("?"):
        found -= 3.0
    return found


def facts(sentences: Sequence[str], key: Sequence[str], *, least: float = 1.6) -> list[int]:
    """Return the places of the sentences to keep, in order; at least one.

    So many as fit: a short chapter is told nearly whole, of a long one about a quarter.
    """
    stems = frozenset(one for term in key for one in content(term))
    weights = [weight(sentence, stems) for sentence in sentences]
    for place, sentence in enumerate(sentences[1:]):
        if words(sentence)[:1] and words(sentence)[0] in _POINTING and weights[place + 1] >= least:
            weights[place] += POINTED
    lengths = [len(words(sentence)) for sentence in sentences]
    left = WORDS_FREE + SHARE * sum(lengths)
    kept: list[int] = []
    for place in sorted(range(len(weights)), key=lambda n: (-weights[n], n)):
        if kept and (weights[place] < least or lengths[place] > left):
            continue
        kept.append(place)
        left -= lengths[place]
    return sorted(kept)
