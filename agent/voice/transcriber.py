"""The speech models, as the daemon sees them."""

from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from agent.errors import ModelError
from agent.ports import NO_HINTS, Alternative, Hints, Sound, Transcript, Word
from agent.voice.settings import Settings

COMMAND = ("agent.voice.child",)
SPHINX_COMMAND = ("agent.voice.sphinx_child",)
PCM_MAX_BYTES = 90 * 32_000  # 90 s: a frame's length is bounded, and nobody asks for so long


class Worker(Protocol):
    """What answers calls: `agent.models.worker.Worker`, joined in app."""

    async def call(
        self, op: str, arguments: dict[str, Any], *, deadline_s: float | None = None
    ) -> dict[str, Any]:
        """Return what the worker answers; raise ModelError."""


class _Heard(BaseModel):
    text: str
    audio_s: float
    spent_s: float
    language: str
    language_p: float = 1.0
    alternatives: tuple[Alternative, ...] = ()
    words: tuple[Word, ...] = ()


class _Piece(_Heard):
    since_s: float
    until_s: float
    is_last: bool


class _Scored(BaseModel):
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a long recording; times in seconds from the recording's beginning."""

    since_s: float
    until_s: float
    heard: Transcript


def begin(folder: Path, settings: Settings) -> dict[str, Any]:
    """Return what the worker is told at its start."""
    return {
        "folder": str(folder),
        "threads": settings.threads,
        "beam": settings.beam,
        "language": settings.language,
        "file_max_mb": settings.file_max_mb,
        "audio_max_s": settings.audio_max_s,
    }


class _Heeding:
    """A Transcriber (see ports) over a worker."""

    by = ""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker

    async def transcribe(self, sound: Sound, hints: Hints = NO_HINTS) -> Transcript:
        """Return what is said in *sound*; raise ModelError.  Silence has the text ""."""
        answer = await self.worker.call("transcribe", _asked(sound, hints))
        try:
            heard = _Heard.model_validate(answer)
        except ValidationError as error:
            raise ModelError("the speech worker answered without a transcript") from error
        return _transcript(heard, self.by)


class Whisper(_Heeding):
    """A Transcriber and a Scorer (see ports), by faster-whisper."""

    by = "whisper"

    async def score(
        self, sound: Sound, texts: Sequence[str], hints: Hints = NO_HINTS
    ) -> tuple[float, ...]:
        """Return the log-probability of each of *texts* given *sound*; raise ModelError.

        It is cheap for the sound that was transcribed last.
        """
        answer = await self.worker.call("score", {**_asked(sound, hints), "texts": list(texts)})
        try:
            return _Scored.model_validate(answer).scores
        except ValidationError as error:
            raise ModelError("the speech worker answered without scores") from error

    async def pieces(self, path: Path, hints: Hints = NO_HINTS) -> AsyncIterator[Piece]:
        """Yield what is said in a recording of any length, piece by piece; raise ModelError.

        A worker that was restarted in between goes on where it was.
        """
        after_s = 0.0
        while not (found := await self._piece(path, after_s, hints)).is_last:
            yield Piece(found.since_s, found.until_s, _transcript(found, self.by))
            after_s = found.until_s

    async def _piece(self, path: Path, after_s: float, hints: Hints) -> _Piece:
        asked = {**_asked(path, hints), "after_s": after_s}
        try:
            answer = await self.worker.call("transcribe_piece", asked)
        except ModelError:
            # The worker may have died of anything: once more, and an hour's work is not lost.
            answer = await self.worker.call("transcribe_piece", asked)
        try:
            return _Piece.model_validate(answer)
        except ValidationError as error:
            raise ModelError("the speech worker answered without a transcript") from error


class Sphinx(_Heeding):
    """A Transcriber (see ports), by pocketsphinx: hears only what the grammars in hints allow."""

    by = "sphinx"


def _asked(sound: Sound, hints: Hints) -> dict[str, Any]:
    if isinstance(sound, Path):
        return {"path": str(sound.absolute()), "hints": asdict(hints)}
    if len(sound) > PCM_MAX_BYTES:
        raise ModelError(f"a sound of more than {PCM_MAX_BYTES // 32_000} s comes as a file")
    return {"pcm": b64encode(sound).decode(), "hints": asdict(hints)}


def _transcript(heard: _Heard, by: str) -> Transcript:
    return Transcript(
        text=heard.text,
        audio_s=heard.audio_s,
        spent_s=heard.spent_s,
        language=heard.language,
        language_p=heard.language_p,
        alternatives=heard.alternatives,
        words=heard.words,
        by=by,
    )
