"""A Piper voice (VITS as ONNX) in its sealed worker; its phonemes come from espeak-ng.

Piper: Hansen, M., 2023; VITS: Kim, Kong and Son, "Conditional Variational Autoencoder with
Adversarial Learning for End-to-End Text-to-Speech", ICML 2021.
"""

import base64
import binascii
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from agent.errors import DeliveryError, ModelError
from agent.voice.speaking import Piece
from agent.voice.speaking.espeak import MISSING, PROGRAM, running

COMMAND = ("agent.voice.speaking.piper_child",)
# A mark between two figures belongs to the number: "90,000", "10:15".
_CLAUSE = re.compile(r"(?:[^,;:.!?\u2026]|(?<=\d)[,:.](?=\d))+|[,;:.!?\u2026]")
_MARKS = {",": ",", ";": ";", ":": ":", ".": ".", "!": "!", "?": "?", "\u2026": "."}
_SWITCH = re.compile(r"\([a-z-]+\)")  # espeak-ng's mark of a word in another language


class Worker(Protocol):
    """What answers calls: `agent.models.worker.Worker`, joined in app."""

    async def start(self) -> None:
        """Load; raise ModelError."""

    async def call(
        self, op: str, arguments: dict[str, Any], *, deadline_s: float | None = None
    ) -> dict[str, Any]:
        """Return what the worker answers; raise ModelError."""


class _Spoken(BaseModel):
    pcm: str
    rate_hz: int


def begin(path: Path, *, speed_wpm: int, usual_wpm: int) -> dict[str, Any]:
    """Return what the worker is told at its start: the ONNX file, and how slow to speak."""
    return {"path": str(path), "slowness": usual_wpm / speed_wpm}


class Piper:
    """A Synthesizer."""

    def __init__(self, worker: Worker, *, language: str) -> None:
        """*language*: the voice of espeak-ng that its phonemes are of, such as `en-us`."""
        self._worker, self._language = worker, language
        self._warm = False

    @property
    def ready(self) -> bool:
        """Return whether it is loaded."""
        return self._warm and shutil.which(PROGRAM) is not None

    async def warm(self) -> None:
        """Load the voice; raise DeliveryError."""
        if shutil.which(PROGRAM) is None:
            raise DeliveryError(MISSING)
        try:
            await self._worker.start()
        except ModelError as error:
            raise DeliveryError(str(error)) from error
        self._warm = True

    async def sound(self, text: str) -> AsyncIterator[Piece]:
        """Yield the one piece that *text*, a sentence, sounds like; raise DeliveryError."""
        phonemes = await self._phonemes(text)
        if not phonemes:
            return
        try:
            answer = await self._worker.call("speak", {"phonemes": phonemes})
            spoken = _Spoken.model_validate(answer)
            pcm = base64.b64decode(spoken.pcm, validate=True)
        except (ModelError, ValidationError, binascii.Error) as error:
            self._warm = False
            raise DeliveryError(f"the voice could not speak: {error}") from error
        yield Piece(pcm, spoken.rate_hz)

    async def _phonemes(self, text: str) -> str:
        """Return the sounds of *text* in IPA, with the marks that shape its melody."""
        clauses = _CLAUSE.findall(" ".join(text.split()))
        words = [one.strip() for one in clauses if one not in _MARKS]
        spoken = await _ipa([one for one in words if one], self._language)
        found, of_words = "", iter(spoken)
        for clause in clauses:
            if clause in _MARKS:
                found = found.rstrip() + _MARKS[clause] + " " if found else ""
            elif clause.strip():
                found += next(of_words, "") + " "
        return found.strip()


async def _ipa(clauses: list[str], language: str) -> list[str]:
    if not clauses:
        return []
    options = ["-q", "--ipa", "-v", language, "--stdin"]
    text = "\n\n".join(clauses)  # one clause each: else espeak-ng joins them
    async with running(options, text) as (_, output):
        said = (await output.read()).decode("utf-8", "replace")
    lines = [_SWITCH.sub("", line.strip()) for line in said.splitlines()]
    return [line for line in lines if line]
