"""What the ears tell, and how it is written in a frame between the two processes.  Pure.

Times are seconds of the source's own clock: how much sound has come from it since the ears began.
Sound is 16 kHz, one channel, signed 16 bit, little endian.
"""

from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from typing import Any, Literal

from agent.errors import ModelError

RATE_HZ = 16_000
Message = dict[str, Any]  # what a frame holds
Why = Literal["silence", "long", "source", "called"]


@dataclass(frozen=True, slots=True)
class Woken:
    """The wake phrase was said; what follows at once is heard as meant for us."""

    phrase: str
    score: float
    at_s: float


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """Someone began to say something that is meant for us."""

    at_s: float


@dataclass(frozen=True, slots=True)
class SpeechGoesOn:
    """What was said so far, all of it."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class SpeechPaused:
    """The voice fell silent a moment ago: this may have been all of it."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """What was said, from a little before it to a little after."""

    pcm: bytes
    last_voiced_s: float
    """When the voice was last heard."""
    ended_s: float
    """When it was known to be over."""
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Loudness:
    """How loud it was, in A-weighted dB of full scale; the shares (0-1) leave what was quiet."""

    at_s: float
    seconds: float
    dbfs: float
    peak_dbfs: float
    speech: float
    noise: float
    lost_s: float = 0.0
    """Sound that came faster than it was taken, since the last time."""


@dataclass(frozen=True, slots=True)
class SourceOpened:
    """Sound can be heard now."""

    name: str
    rate_hz: int


@dataclass(frozen=True, slots=True)
class SourceClosed:
    """It was asked for silence: the device is closed, not only unheard."""


@dataclass(frozen=True, slots=True)
class SourceLost:
    """There is no sound to be had; it is tried again until there is."""

    reason: str


@dataclass(frozen=True, slots=True)
class SourceEnded:
    """A file or a stream came to its end, after all that was in it was told."""


EarEvent = (
    Woken
    | SpeechBegan
    | SpeechGoesOn
    | SpeechPaused
    | SpeechEnded
    | Loudness
    | SourceOpened
    | SourceClosed
    | SourceLost
    | SourceEnded
)
_KINDS: dict[str, type[EarEvent]] = {
    kind.__name__: kind
    for kind in (
        *(Woken, SpeechBegan, SpeechGoesOn, SpeechPaused, SpeechEnded, Loudness),
        *(SourceOpened, SourceClosed, SourceLost, SourceEnded),
    )
}


def as_message(event: EarEvent) -> Message:
    """Return *event* as a frame holds it."""
    fields = asdict(event)
    if "pcm" in fields:
        fields["pcm"] = b64encode(fields["pcm"]).decode("ascii")
    return {"event": type(event).__name__, **fields}


def as_event(message: Message) -> EarEvent:
    """Return the event in *message*; raise ModelError if there is none."""
    fields = dict(message)
    kind = _KINDS.get(str(fields.pop("event", None)))
    if kind is None:
        raise ModelError("the ears told what no one understands")
    try:
        if "pcm" in fields:
            fields["pcm"] = b64decode(fields["pcm"], validate=True)
        return kind(**fields)
    except (TypeError, ValueError) as error:
        raise ModelError(f"the ears told {kind.__name__} without what belongs to it") from error
