"""Understanding without a model: words and pairs of words, counted over the examples.  Pure.

Naive Bayes with an equal chance for each meaning (Domingos & Pazzani 1997, Machine Learning 29).
Words that no example has speak against all of them, so that the shares sum to less than 1.  It is
what is left when the embedding model is absent: plainer, and it says so by a lower confidence.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from math import exp, log

SENTENCE_MAX = 400
# How likely a word is that no example of a meaning has: the same for a meaning of 30 examples as
# for one of 240, or the small one wins by words that neither knows (of the sentences of
# tests/questions.py and tests/said.py 214 find their tool so, and 196 without).  A topic of a few
# examples is open to other words.
UNSEEN_SHARE = 1e-4
UNSEEN, FEW = 0.02, 12
# Make confidences of shares: of those sentences 120 are right with 0.14 and more, and 10 wrong.
TEMPER = 4.0
POWER = 0.85
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_ENDING = re.compile(r"(?<=\w{3})(?:'s|ings?|ed|es|s)$")


class WordUnderstanding:
    """The port `Understanding`, by counting words."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {}
        self._sizes: dict[str, int] = {}
        self._known: frozenset[str] = frozenset()

    async def fit(self, examples: Mapping[str, Sequence[str]]) -> None:
        """Learn which sentences mean what."""
        self._counts = {
            meaning: Counter(part for one in examples[meaning] for part in set(_parts(one)))
            for meaning in sorted(examples)
        }
        self._sizes = {meaning: max(1, len(examples[meaning])) for meaning in self._counts}
        self._known = frozenset(part for counts in self._counts.values() for part in counts)

    async def rank(self, sentence: str) -> Sequence[tuple[str, float]]:
        """Return (meaning, confidence) pairs, best first; words never seen count against all."""
        parts = list(dict.fromkeys(_parts(sentence[:SENTENCE_MAX])))
        known = [part for part in parts if part in self._known]
        if not self._counts:
            return ()
        scores = {meaning: self._score(meaning, known) / TEMPER for meaning in self._counts}
        top = max(scores.values())
        whole = sum(exp(score - top) for score in scores.values())
        words = [part for part in parts if " " not in part]
        share = sum(word in self._known for word in words) / len(words) if words else 0.0
        ranked = [(share * exp(score - top) / whole, name) for name, score in scores.items()]
        return _calibrated(sorted(ranked, reverse=True))

    def _score(self, meaning: str, parts: Sequence[str]) -> float:
        counts, size = self._counts[meaning], self._sizes[meaning]
        unseen = UNSEEN / size if size < FEW else UNSEEN_SHARE
        return sum(log((counts[part] / size + unseen) / (1 + 2 * unseen)) for part in parts)


def _calibrated(ranked: Sequence[tuple[float, str]]) -> Sequence[tuple[str, float]]:
    best = min(ranked[0][0], 1.0)
    sure = best**POWER
    rest = (1 - sure) / (1 - best) if best < 1 else 0.0
    return [(ranked[0][1], sure), *((name, share * min(1.0, rest)) for share, name in ranked[1:])]


def _parts(sentence: str) -> list[str]:
    said = _WORD.findall(sentence.lower().replace("\u2019", "'"))
    words = [_ENDING.sub("", word) for word in said]
    return [*words, *(f"{a} {b}" for a, b in zip(("^", *words), words, strict=False))]
