"""The key terms of a chapter.  Pure.

RAKE: Rose, Engel, Cramer & Cowley (2010), "Automatic keyword extraction from individual documents",
in Text Mining (Wiley), chapter 1: candidates are the runs of words between stop words, and a word's
score is its degree over its frequency.  It needs no other text to compare with.  Terms that come
again count more, and what a sentence defines ("is called ...") comes first.
"""

import re
from collections import Counter
from collections.abc import Sequence

from agent.notes.words import MONTHS_AND_DAYS, SPELLED, STOP

TERM_WORDS_MAX = 3
_TERM = r"((?:[^\W\d_][\w'\u2019-]*(?: (?=[^\W\d_])|(?![\w'\u2019-]))){1,4})"
DEFINED = re.compile(
    rf"\b(?:is|are|was|were|be|also) (?:called|known as|named)(?: (?:a|an|the))? {_TERM}"
    rf"|\bits name is {_TERM}"
)
_PIECES = re.compile(r"[^\w'\u2019 -]+")
_VERBAL = frozenset(
    "begin begins began come comes call called calls cost costs decide decided find found keep "
    "keeps leave leaves left lies need needs show shows shown stand stands start starts stay stays "
    "stayed write wrote happen happened agree agreed found seen ask asked bring brought happy glad "
    "fine minutes minute hours hour days weeks week months month half number".split()
)


def terms(sentences: Sequence[str], *, limit: int = 6) -> tuple[str, ...]:
    """Return up to *limit* terms as they stand in *sentences*, the weightiest first."""
    runs = [run for sentence in sentences for run in _runs(sentence)]
    degree, count = Counter[str](), Counter[str]()
    for run in runs:
        for word in run:
            low = word.lower()
            count[low] += 1
            degree[low] += len(run)
    times = Counter(" ".join(run).lower() for run in runs)
    written = {" ".join(run).lower(): " ".join(run) for run in reversed(runs)}
    scores = {
        term: sum(degree[word] / count[word] for word in term.split()) * times[term] ** 0.5
        + sum(count[word] - 1 for word in term.split())
        for term in times
    }
    ranked = sorted(scores, key=lambda term: (-scores[term], term))
    found = [*_defined(sentences), *(written[term] for term in ranked)]
    return tuple(_apart(found)[:limit])


def _defined(sentences: Sequence[str]) -> list[str]:
    found = []
    for sentence in sentences:
        for match in DEFINED.finditer(sentence):
            words = (match[1] or match[2]).split()
            kept = []
            for word in words:
                if word.lower() in STOP:
                    break
                kept.append(word)
            if kept:
                found.append(" ".join(kept))
    return found


def _runs(sentence: str) -> list[list[str]]:
    found: list[list[str]] = []
    for piece in _PIECES.split(sentence):
        run: list[str] = []
        for word in (*piece.split(), ""):
            if _carries(word):
                run.append(word)
                continue
            if 0 < len(run) <= TERM_WORDS_MAX:
                found.append(run)
            run = []
    return found


def _carries(word: str) -> bool:
    low = word.lower().replace("\u2019", "'")
    bare = low not in STOP and low not in SPELLED and low not in _VERBAL
    return bare and len(low) > 2 and word[0].isalpha() and word not in MONTHS_AND_DAYS


def _apart(found: Sequence[str]) -> list[str]:
    """Return *found* without what another one says already."""
    kept: list[str] = []
    for term in found:
        low = set(term.lower().split())
        if not any(low & set(one.lower().split()) for one in kept):
            kept.append(term)
    return kept
