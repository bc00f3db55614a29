"""What happens in a conversation, and what is then to be done: the two ends of `turn.py`.  Pure."""

from dataclasses import dataclass
from typing import Literal

from agent.events import FeedbackKind


# What happens.
@dataclass(frozen=True, slots=True)
class Called:
    """The wake phrase was heard, or the button pressed."""

    by: Literal["phrase", "button"]


@dataclass(frozen=True, slots=True)
class Began:
    """Someone began to speak."""


@dataclass(frozen=True, slots=True)
class Ended:
    """They ended; *pcm* is all of it, 16 kHz, one channel, 16 bit."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class Understood:
    """What they said; empty where nothing was understood."""

    text: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something is to be said that nobody asked for; *judgement* is the nudge that it is."""

    text: str
    judgement: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """The first words of an answer are there to be spoken."""


@dataclass(frozen=True, slots=True)
class Said:
    """All was spoken; *asks*: it was a question, or offers something."""

    asks: bool = False
    heard: bool = True
    """False: none of it came out of a loudspeaker, so no answer to it is waited for."""


@dataclass(frozen=True, slots=True)
class Passed:
    """The time that was set has passed."""

    speaking: bool = False
    """It was the time that the longest sentence may take."""


@dataclass(frozen=True, slots=True)
class Muted:
    """The wearer closed the microphone, or opened it."""

    closed: bool


@dataclass(frozen=True, slots=True)
class Lost:
    """The microphone is gone."""


Happening = Called | Began | Ended | Understood | Wanted | Answers | Said | Passed | Muted | Lost


# What is to be done.
@dataclass(frozen=True, slots=True)
class Attend:
    """Hear the next speech as meant for us, for so long."""

    window_s: float


@dataclass(frozen=True, slots=True)
class Rest:
    """Wait for the wake phrase again."""


@dataclass(frozen=True, slots=True)
class Transcribe:
    """Find out what was said."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class Ask:
    """Answer it."""

    text: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """It was the answer to a nudge."""

    judgement: str
    answer: FeedbackKind


@dataclass(frozen=True, slots=True)
class Forget:
    """They took back that they called; what we asked last is not waited for."""


@dataclass(frozen=True, slots=True)
class Say:
    """Speak this; *judgement*: it is a nudge."""

    text: str
    judgement: str = ""


@dataclass(frozen=True, slots=True)
class Hush:
    """Stop speaking at once, and drop what was being understood or answered."""


@dataclass(frozen=True, slots=True)
class Duck:
    """We speak now, or no more: what the microphone hears may be ourselves."""

    speaking: bool


@dataclass(frozen=True, slots=True)
class Device:
    """Open the microphone, or really close it."""

    open: bool


Deed = Attend | Rest | Transcribe | Ask | Feedback | Forget | Say | Hush | Duck | Device
