"""Which tier answers, with which model, in how many words: one pure function.  Pure.

It balances speed, the battery, heat and memory; nothing it can choose leaves the device.  Its rules
are the table in README.md, in the same order.
"""

from dataclasses import dataclass
from typing import Literal

Wanted = Literal["glance", "voice", "text"]
ModelName = Literal["none", "small", "large"]

BATTERY_LOW_PCT = 15.0
BATTERY_LARGE_PCT = 30.0
HOT_C = 43.0  # what a wrist feels as hot for long (ISO 13732-1: 43 °C for 8 h of contact)
WARM_C = 40.0
MEMORY_SPARE_MB = 150.0  # left to everything else on the device
CHOOSER_MB = (
    300.0  # a model of 135 million weights chose the right tool in 22 % of a day's questions
)
WAIT_S = {"glance": 0.0, "voice": 2.0, "text": 20.0}
"""How long the wearer waits for the last word."""
TOKENS = {"glance": 0, "voice": 80, "text": 240}
TOKENS_ANSWER = 48
TOKENS_PER_FACT = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """How the wearer asks, and how the device is; None is unknown, and then no reason to save."""

    wanted: Wanted = "text"
    battery_pct: float | None = None
    charging: bool = False
    temperature_c: float | None = None
    memory_free_mb: float | None = None

    @property
    def low(self) -> bool:
        """Return whether the battery must be spared."""
        return self._under(BATTERY_LOW_PCT)

    @property
    def short(self) -> bool:
        """Return whether there is not enough battery for a large model."""
        return self._under(BATTERY_LARGE_PCT)

    def _under(self, pct: float) -> bool:
        return self.battery_pct is not None and self.battery_pct < pct and not self.charging

    def hotter(self, limit_c: float) -> bool:
        """Return whether the device is at *limit_c* or above."""
        return self.temperature_c is not None and self.temperature_c >= limit_c

    def has_room(self, size_mb: float) -> bool:
        """Return whether a model of *size_mb* can be loaded."""
        return self.memory_free_mb is None or self.memory_free_mb >= size_mb + MEMORY_SPARE_MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A model that is installed."""

    size_mb: float
    loaded: bool = False
    tokens_s: float | None = None
    """Measured here; None is not measured yet."""

    @property
    def chooses(self) -> bool:
        """Return whether it is large enough to choose a tool better than the embedding does."""
        return self.size_mb >= CHOOSER_MB

    def takes_s(self, tokens: int) -> float:
        """Return how long it writes *tokens*: 0 where that was never measured."""
        return tokens / self.tokens_s if self.tokens_s else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the understanding made of it."""

    tier: int
    """0 to the letter, 1 by meaning."""
    understood: bool
    facts: int = 0
    """How many facts the answer rests on."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Who answers."""

    tier: int
    model: ModelName
    tokens_max: int
    reason: str


def choose(
    question: Question, moment: Moment, *, small: Candidate | None, large: Candidate | None
) -> Choice:
    """Return who answers *question* at this *moment*."""
    reason = _sparing(moment)
    if question.understood:
        if not question.facts:
            return _plain(question, "there is nothing to word")
        return _plain(question, reason) if reason else _worded(question, moment, small)
    if large is None:
        return _plain(question, "no larger model is installed")
    return _plain(question, reason) if reason else _open(question, moment, large)


def _sparing(moment: Moment) -> str:
    """Return why no model is to work at all, or an empty text."""
    if moment.wanted == "glance":
        return "a glance is wanted, not a sentence"
    if moment.low:
        return f"the battery is at {moment.battery_pct:.0f} %, under {BATTERY_LOW_PCT:.0f} %"
    if moment.hotter(HOT_C):
        return f"the device is at {moment.temperature_c:.0f} °C, {HOT_C:.0f} °C or more"
    return ""


def _worded(question: Question, moment: Moment, small: Candidate | None) -> Choice:
    tokens = TOKENS_ANSWER + TOKENS_PER_FACT * question.facts
    if small is None:
        return _plain(question, "no model that words answers is installed")
    if not small.loaded and not moment.has_room(small.size_mb):
        return _plain(question, f"{moment.memory_free_mb:.0f} MB of free memory are too few")
    if small.takes_s(tokens // 2) > WAIT_S[moment.wanted]:
        return _plain(question, f"{small.tokens_s:.0f} tokens/s are too slow for {moment.wanted}")
    return Choice(2, "small", tokens, "the tool's answer is worded by the small model")


def _open(question: Question, moment: Moment, large: Candidate) -> Choice:
    tokens = TOKENS[moment.wanted]
    if moment.short:
        return _plain(question, f"the battery is under {BATTERY_LARGE_PCT:.0f} %")
    if moment.hotter(WARM_C):
        return _plain(question, f"the device is at {WARM_C:.0f} °C or more")
    if not large.loaded and not moment.has_room(large.size_mb):
        return _plain(question, f"{moment.memory_free_mb:.0f} MB of free memory are too few")
    if large.takes_s(tokens // 2) > WAIT_S[moment.wanted]:
        return _plain(question, f"{large.tokens_s:.0f} tokens/s are too slow for {moment.wanted}")
    return Choice(3, "large", tokens, "no tool answers that: the larger model is asked")


def _plain(question: Question, reason: str) -> Choice:
    return Choice(question.tier, "none", 0, reason)
