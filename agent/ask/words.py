"""Understanding without a model: the example that shares most of the rarer words.  Pure.

Cosine of tf-idf vectors (Salton & Buckley 1988), the nearest example deciding.  It is what is
left when the embedding model is absent: plainer, and it says so by a lower confidence.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from math import log, sqrt

_WORD = re.compile(r"[a-z0-9']+")
CERTAIN_MAX = 0.95
SENTENCE_MAX = 400


class WordUnderstanding:
    """The port `Understanding`, by counting words."""

    def __init__(self) -> None:
        self._weights: dict[str, float] = {}
        self._examples: list[tuple[str, dict[str, float]]] = []

    async def fit(self, examples: Mapping[str, Sequence[str]]) -> None:
        """Learn which sentences mean what."""
        told = [(meaning, _words(one)) for meaning, many in examples.items() for one in many]
        seen = Counter(word for _, words in told for word in set(words))
        self._weights = {word: 1 + log(len(told) / count) for word, count in seen.items()}
        self._examples = [(meaning, self._vector(words)) for meaning, words in told]

    async def rank(self, sentence: str) -> Sequence[tuple[str, float]]:
        """Return (meaning, confidence) pairs, best first; words never seen count against all."""
        asked = self._vector(_words(sentence[:SENTENCE_MAX]))
        best: dict[str, float] = {}
        for meaning, vector in self._examples:
            alike = sum(weight * vector.get(word, 0.0) for word, weight in asked.items())
            best[meaning] = max(best.get(meaning, 0.0), alike)
        total = max(1.0, sum(best.values()))
        ranked = [(min(alike, CERTAIN_MAX) / total, meaning) for meaning, alike in best.items()]
        return [(meaning, share) for share, meaning in sorted(ranked, reverse=True)]

    def _vector(self, words: Sequence[str]) -> dict[str, float]:
        unknown = max(self._weights.values(), default=1.0)
        raw = {w: n * self._weights.get(w, unknown) for w, n in Counter(words).items()}
        length = sqrt(sum(value * value for value in raw.values())) or 1.0
        return {word: value / length for word, value in raw.items()}


def _words(sentence: str) -> list[str]:
    return _WORD.findall(sentence.lower())
