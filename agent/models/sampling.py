"""Which token comes next: the likeliest, or one drawn; never one that the grammar forbids."""

import ctypes
from typing import Any

import llama_cpp
import numpy as np
from numpy.typing import NDArray

from agent.errors import ModelError
from agent.models import grammars

C: Any = llama_cpp.llama_cpp  # not typed where it is not compiled
Scores = NDArray[np.float32]
TRIES_MAX = 8  # so many single tokens are tried before the grammar looks at all of them
WORDS_MAX = 40
SHARE_MAX = 0.95
_CANDIDATE = np.dtype([("id", np.int32), ("score", np.float32), ("chance", np.float32)])


class Sampler:
    """Chooses tokens for one reply."""

    def __init__(self, vocabulary: Any, *, temperature: float, seed: int, grammar: str) -> None:
        self._temperature = temperature
        self._random = np.random.default_rng(seed)
        self._grammar = _compiled(vocabulary, grammar) if grammar else None

    def close(self) -> None:
        """Give the grammar's memory back."""
        if self._grammar is not None:
            C.llama_sampler_free(self._grammar)
            self._grammar = None

    def pick(self, scores: Scores) -> int:
        """Return the next token; *scores* is not changed.  Raise ModelError if none is allowed."""
        if self._grammar is None:
            return self._propose(scores)
        left = scores.copy()
        for _ in range(TRIES_MAX):
            token = self._propose(left)
            if self._allows(token, left):
                return self._accepted(token)
            left[token] = -np.inf
        self._forbid(left)
        if not np.isfinite(left).any():
            raise ModelError("the grammar leaves this model nothing to say")
        return self._accepted(self._propose(left))

    def _propose(self, scores: Scores) -> int:
        if self._temperature <= 0:
            return int(scores.argmax())
        best = np.argpartition(-scores, min(WORDS_MAX, len(scores) - 1))[:WORDS_MAX]
        best = best[np.argsort(-scores[best], kind="stable")]
        raised = np.exp((scores[best] - scores[best[0]]).astype(np.float64) / self._temperature)
        chances = raised / raised.sum()
        kept = int(np.searchsorted(np.cumsum(chances), SHARE_MAX)) + 1
        drawn = self._random.random() * chances[:kept].sum()
        place = min(int(np.searchsorted(np.cumsum(chances[:kept]), drawn)), kept - 1)
        return int(best[place])

    def _allows(self, token: int, scores: Scores) -> bool:
        one = np.zeros(1, dtype=_CANDIDATE)
        one["id"], one["score"] = token, scores[token]
        self._apply(one)
        return bool(np.isfinite(one["score"][0]))

    def _forbid(self, scores: Scores) -> None:
        every = np.zeros(len(scores), dtype=_CANDIDATE)
        every["id"], every["score"] = np.arange(len(scores)), scores
        self._apply(every)
        scores[every["id"]] = every["score"]

    def _apply(self, candidates: "NDArray[Any]") -> None:
        data = candidates.ctypes.data_as(C.llama_token_data_p)
        array = C.llama_token_data_array(data=data, size=len(candidates), selected=-1, sorted=False)
        C.llama_sampler_apply(self._grammar, ctypes.byref(array))

    def _accepted(self, token: int) -> int:
        C.llama_sampler_accept(self._grammar, token)
        return token


class Chances:
    """Log-probabilities.  Their room is kept: a new one for each token costs more than they do."""

    def __init__(self, words: int) -> None:
        self._room = np.empty(words, dtype=np.float32)

    def of(self, scores: Scores, token: int) -> float:
        """Return the log-probability of *token*."""
        top = scores.max()
        np.subtract(scores, top, out=self._room)
        np.exp(self._room, out=self._room)
        return float(scores[token] - top) - float(np.log(self._room.sum()))


def _compiled(vocabulary: Any, grammar: str) -> Any:
    grammars.check(grammar)
    made = C.llama_sampler_init_grammar(vocabulary, grammar.encode(), b"root")
    if not made:
        raise ModelError("llama.cpp does not understand this grammar")
    return made
