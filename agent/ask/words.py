"""Understanding without a model: each word votes for the meanings whose examples have it.  Pure.

A word weighs the more, the fewer meanings have it (Spärck Jones 1972); one that no example has
votes for none, so that the shares sum to less than 1.  It is what is left when the embedding
model is absent: plainer, and it says so by a lower confidence.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_ENDING = re.compile(r"(?<=\w{3})(?:'s|ings?|ed|es|s)$")
SENTENCE_MAX = 400
UNKNOWN = 1.5  # weight of a word that no example has, in those of one that a single meaning has
# Makes of a share of 0.4 a confidence of 0.5: of tests/questions.py 44 of 62 have that much, one
# of them wrongly, and none of 21 out of scope.
POWER = 0.75
_SMALL = frozenset(
    "a an the i me my mine we our you your it its this that these those is are was were be been "
    "am do does did have has had can could will would shall should may might must to of in on at "
    "for from by with about over so far how what which who why and or but if as than then there "
    "here what's please tell show give say know just again still got get any anything some "
    "exactly really think ok okay hey hi hello carpal".split()
)


class WordUnderstanding:
    """The port `Understanding`, by counting words."""

    def __init__(self) -> None:
        self._votes: dict[str, dict[str, float]] = {}
        self._meanings: tuple[str, ...] = ()

    async def fit(self, examples: Mapping[str, Sequence[str]]) -> None:
        """Learn which sentences mean what."""
        self._meanings = tuple(sorted(examples))
        shares: dict[str, dict[str, float]] = defaultdict(dict)
        for meaning in self._meanings:
            seen = Counter(word for one in examples[meaning] for word in set(_words(one)))
            for word, count in seen.items():
                shares[word][meaning] = count / len(examples[meaning])
        self._votes = {word: self._vote(share) for word, share in shares.items()}

    async def rank(self, sentence: str) -> Sequence[tuple[str, float]]:
        """Return (meaning, confidence) pairs, best first; words never seen count against all."""
        shares = dict.fromkeys(self._meanings, 0.0)
        total, strongest = 0.0, log(1 + len(self._meanings))
        for word in dict.fromkeys(_words(sentence[:SENTENCE_MAX])):
            votes = self._votes.get(word)
            total += UNKNOWN * strongest if votes is None else sum(votes.values())
            for meaning, vote in (votes or {}).items():
                shares[meaning] += vote
        ranked = [(share / total if total else 0.0, name) for name, share in shares.items()]
        return _calibrated(sorted(ranked, reverse=True))

    def _vote(self, share: Mapping[str, float]) -> dict[str, float]:
        weight = log((1 + len(self._meanings)) / len(share))
        whole = sum(share.values())
        return {meaning: weight * part / whole for meaning, part in share.items()}


def _calibrated(ranked: Sequence[tuple[float, str]]) -> Sequence[tuple[str, float]]:
    if not ranked or ranked[0][0] <= 0:
        return [(name, 0.0) for _, name in ranked]
    best = min(ranked[0][0], 1.0)
    sure = best**POWER
    rest = (1 - sure) / (1 - best) if best < 1 else 0.0
    return [(ranked[0][1], sure), *((name, share * min(1.0, rest)) for share, name in ranked[1:])]


def _words(sentence: str) -> list[str]:
    return list(_content(_WORD.findall(sentence.lower().replace("\u2019", "'"))))


def _content(words: Iterable[str]) -> Iterable[str]:
    return (_ENDING.sub("", word) for word in words if word not in _SMALL)
