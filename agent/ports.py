"""What the core asks of the world: one small protocol for each edge.  Pure."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from agent.events import CalendarChanged, ListChanged, Notified, ProposalJudged

CUT_MAX_S = 16
"""Of a long recording at once: in 30 s of talk a transcriber slips more often (measured)."""


class Clock(Protocol):
    """The only source of arrival times."""

    def now(self) -> datetime:
        """Return the current time, in UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """What the wearer is shown."""

    id: str
    """The id of the judgement that admitted it; feedback names it."""
    at: datetime
    skill: str
    glance: str
    """At most 40 characters."""
    text: str
    """One sentence."""
    haptic: str
    """The name of a pattern: `tap`, `double`, `long`."""
    actions: tuple[str, ...]
    """What the wearer may answer: a subset of `yes`, `no`, `later`."""


class Notifier(Protocol):
    """A way to reach the wearer."""

    async def say(self, nudge: Nudge) -> None:
        """Show *nudge*; raise DeliveryError if it did not reach the screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What a chat model is asked.  What changes belongs last: what comes before is reused."""

    messages: tuple[tuple[str, str], ...] = ()
    """(role, content) pairs, laid out by the model's own template, in this order."""
    text: str = ""
    """Raw text instead of messages; its special tokens are parsed, so no one else's words."""
    tokens_max: int = 64
    temperature: float = 0.0
    """0 is greedy: the same prompt gives the same words."""
    seed: int = 0
    stop: tuple[str, ...] = ()
    """The reply ends before any of these."""
    grammar: str = ""
    """GBNF (see `agent.models.grammars`)."""
    schema: str = ""
    """A JSON schema instead of a grammar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What a chat model replied, and what that cost."""

    text: str
    tokens_prompt: int
    tokens_reused: int
    """How many tokens at the prompt's beginning were known from before."""
    tokens_made: int
    finish: str
    """`stop`, or `length` where the tokens or the context were used up."""
    chance: float | None
    """The mean log-probability of the tokens made; None where none was."""
    first_ms: float
    """From the question's arrival at the worker to the first token."""
    ms: float


class Completer(Protocol):
    """What completes a short text: all that rewording a sentence needs."""

    async def complete(self, system: str, user: str, *, tokens_max: int) -> str:
        """Return the model's reply (greedy), without surrounding space; raise ModelError."""


class LanguageModel(Completer, Protocol):
    """A local chat model, in a worker of its own."""

    async def generate(self, prompt: Prompt) -> Completion:
        """Return the reply to *prompt*; raise ModelError."""

    def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """Yield the reply in pieces, as they come; raise ModelError.

        Whoever goes away (`aclose`, cancellation) frees the model too.
        """


class Understanding(Protocol):
    """What finds the meaning of a sentence among examples, in a worker of its own."""

    async def fit(self, examples: Mapping[str, Sequence[str]]) -> None:
        """Learn which sentences mean what; raise ModelError."""

    async def rank(self, sentence: str) -> Sequence[tuple[str, float]]:
        """Return (meaning, confidence 0-1) pairs, best first; raise ModelError.

        Confidences are calibrated over the meanings fitted and sum to at most 1; what lies
        far from every example has a low one everywhere.
        """


Sound: TypeAlias = Path | bytes
"""A file of any usual format, or samples: 16 kHz, one channel, signed 16 bit little endian."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What is known of a sound before it is heard; a transcriber uses what it can."""

    prompt: str = ""
    """A sentence in the vocabulary that is likely to be heard."""
    hotwords: tuple[str, ...] = ()
    """Names that are likely to be heard: of people, places, lists."""
    language: str = ""
    """As in ISO 639 (`de`); `de|en`: the likelier of these, whatever the settings say (in a sound
    of 30 s at most); empty: as in the settings, or else the model decides."""
    task: Literal["transcribe", "translate"] = "transcribe"
    """`translate`: into English, which only a multilingual model can."""
    n_best: int = 1
    """How many readings are wanted; above 1 the search is wider."""
    words: bool = False
    """Whether the time of each word is wanted."""
    grammars: tuple[str, ...] = ()
    """The tools' grammars (JSGF), for a recogniser that hears nothing else."""
    slowed: bool = False
    """Listen to it played a little slower: a second look at what was doubtful."""


NO_HINTS = Hints()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One reading of a sound."""

    text: str
    score: float
    """Its log-probability; comparable within one transcript only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word, and when it was said, in seconds from the sound's beginning."""

    text: str
    since_s: float
    until_s: float
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """What was heard."""

    text: str
    audio_s: float
    spent_s: float
    language: str
    language_p: float = 1.0
    """How likely that language is; 1 where it was not in question."""
    alternatives: tuple[Alternative, ...] = ()
    """The readings, best first and *text* among them; empty where only one was wanted."""
    words: tuple[Word, ...] = ()
    by: str = ""
    """Who heard it: `whisper`, `sphinx`."""


class Transcriber(Protocol):
    """Speech to text, in a worker of its own."""

    async def transcribe(self, sound: Sound, hints: Hints = NO_HINTS) -> Transcript:
        """Return what is said in *sound*; raise ModelError.  Silence has the text ""."""


class Scorer(Protocol):
    """A transcriber that can also say how well given sentences fit a sound."""

    async def score(
        self, sound: Sound, texts: Sequence[str], hints: Hints = NO_HINTS
    ) -> tuple[float, ...]:
        """Return the log-probability of each of *texts* given *sound*; raise ModelError."""


class Speech(Protocol):
    """Text to sound."""

    async def speak(self, text: str) -> None:
        """Say *text* aloud and return when it has been said; raise DeliveryError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was measured of one signal in [since, until), plausible samples only."""

    signal: str
    since: datetime
    until: datetime
    count: int
    mean: float
    low: float
    high: float
    total: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something that was said or noted, found again."""

    sequence: int
    """Its place in the journal: the id by which it is cited."""
    at: datetime
    text: str


class Recall(Protocol):
    """Memory, as a tool may read it."""

    def summary(self, signal: str, *, since: datetime, until: datetime) -> Summary | None:
        """Return the summary of *signal*'s samples, or None if there are none."""

    def calendars(self) -> Sequence[CalendarChanged]:
        """Return the newest state of each calendar."""

    def lists(self) -> Sequence[ListChanged]:
        """Return the newest state of each list."""

    def judgements(self, *, since: datetime) -> Sequence[ProposalJudged]:
        """Return what was judged since then, oldest first."""

    def notified(self, *, since: datetime) -> Sequence[Notified]:
        """Return what was shown since then, oldest first."""

    def search(self, words: Sequence[str], *, limit: int) -> Sequence[Hit]:
        """Return what was said or noted with most of *words* in it, best and newest first."""


class Nothing:
    """A memory without anything in it: a Recall."""

    def summary(self, signal: str, *, since: datetime, until: datetime) -> Summary | None:
        """Return nothing."""
        return None

    def calendars(self) -> Sequence[CalendarChanged]:
        """Return nothing."""
        return ()

    def lists(self) -> Sequence[ListChanged]:
        """Return nothing."""
        return ()

    def judgements(self, *, since: datetime) -> Sequence[ProposalJudged]:
        """Return nothing."""
        return ()

    def notified(self, *, since: datetime) -> Sequence[Notified]:
        """Return nothing."""
        return ()

    def search(self, words: Sequence[str], *, limit: int) -> Sequence[Hit]:
        """Return nothing."""
        return ()
