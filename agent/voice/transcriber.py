"""The speech model, as the daemon sees it."""

from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from agent.errors import ModelError
from agent.ports import Transcript
from agent.voice.settings import Settings

COMMAND = ("agent.voice.child",)


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


def begin(folder: Path, settings: Settings) -> dict[str, Any]:
    """Return what the worker is told at its start."""
    return {
        "folder": str(folder),
        "threads": settings.threads,
        "language": settings.language,
        "file_max_mb": settings.file_max_mb,
        "audio_max_s": settings.audio_max_s,
    }


class Whisper:
    """A Transcriber (see ports)."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker

    async def transcribe(self, path: str, *, prompt: str = "") -> Transcript:
        """Return what is said in the sound file at *path*; raise ModelError."""
        asked = {"path": _absolute(path), "prompt": prompt}
        answer = await self.worker.call("transcribe", asked)
        try:
            heard = _Heard.model_validate(answer)
        except ValidationError as error:
            raise ModelError("the speech worker answered without a transcript") from error
        return Transcript(
            text=heard.text,
            audio_s=heard.audio_s,
            spent_s=heard.spent_s,
            language=heard.language,
        )


def _absolute(path: str) -> str:
    return str(Path(path).absolute())
