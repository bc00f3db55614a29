"""Word error rate.  Pure."""

import re
from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def words(text: str) -> list[str]:
    """Return the words of *text* in lower case, without punctuation."""
    return _WORD.findall(text.lower().replace("\u2019", "'"))


def errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """Return the least number of substitutions, deletions and insertions (Levenshtein 1966)."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, start=1):
        before, row[0] = row[0], i
        for j, other in enumerate(heard, start=1):
            least = min(row[j] + 1, row[j - 1] + 1, before + (word != other))
            before, row[j] = row[j], least
    return row[-1]


def word_error_rate(pairs: Sequence[tuple[str, str]]) -> float:
    """Return all errors over all words said, for (said, heard) pairs; 0 where nothing was said."""
    counted = [(words(said), words(heard)) for said, heard in pairs]
    total = sum(len(said) for said, _ in counted)
    wrong = sum(errors(said, heard) for said, heard in counted)
    return wrong / total if total else 0.0
