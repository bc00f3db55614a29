"""What this device does for other programs over the Wyoming protocol: ears, mouth and brain."""

import asyncio
from contextlib import suppress
from importlib.metadata import version
from typing import Any

from wyoming.info import (
    AsrModel,
    AsrProgram,
    Attribution,
    HandleModel,
    HandleProgram,
    Info,
    TtsProgram,
    TtsVoice,
    WakeModel,
    WakeProgram,
)

from agent.app.brains import Brains
from agent.app.hearing import Hearing
from agent.app.listening import wake_model
from agent.app.pipeline import Pipeline
from agent.ports import Hints, Sound, Transcript
from agent.voice.ears.events import EarEvent, Woken
from agent.voice.ears.listening import SENT, Ears
from agent.voice.ears.settings import Settings as EarsSettings
from agent.voice.settings import Settings
from agent.voice.wyoming.server import Services, Waking

NAME = "carpal"
WHO = Attribution(name=NAME, url="")
SOURCE = "wyoming"
NONE = "none"


def services(pipeline: Pipeline, brains: Brains, settings: Settings) -> Services:
    """Return what can be served with the models that are set up."""
    hearing = Hearing(pipeline, brains)

    async def transcribe(sound: Sound, hints: Hints) -> Transcript:
        return await hearing.transcribe(sound, language=hints.language)

    async def handle(text: str) -> tuple[str, bool]:
        answer = (await hearing.answer(text, show=_nobody)).reply.answer
        return answer.text, answer.known

    async def wake(names: tuple[str, ...]) -> Waking:
        phrase = next((name for name in names if name), settings.ears.wake)
        return OneWake(EarsSettings(source=SENT, wake=phrase, loudness_s=0, partial_s=0))

    return Services(
        info=lambda: _info(brains, settings),
        transcribe=transcribe if brains.transcriber is not None else None,
        synthesize=brains.mouth.sound,
        handle=handle,
        wake=wake if settings.ears.wake != NONE else None,
    )


async def _nobody(_: str) -> None:
    """Show a part to no one: the whole is sent."""


class OneWake:
    """The ears of one connection, in a process of their own (a Waking)."""

    def __init__(self, settings: EarsSettings) -> None:
        self._woken: asyncio.Queue[str] = asyncio.Queue()
        self._ears = Ears(settings, models=wake_model(settings.wake))
        self._running = asyncio.create_task(self._ears.run(self._hear))

    async def feed(self, pcm: bytes) -> str | None:
        """Take in sound at 16 kHz and return the phrase that was heard, once it was."""
        await self._ears.ready()
        self._ears.push(SOURCE, pcm)
        await asyncio.sleep(0)
        return None if self._woken.empty() else self._woken.get_nowait()

    async def close(self) -> None:
        """End the process."""
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running

    def _hear(self, event: EarEvent) -> None:
        if isinstance(event, Woken):
            self._woken.put_nowait(event.phrase)


def _info(brains: Brains, settings: Settings) -> Info:
    of: dict[str, Any] = {"attribution": WHO, "installed": True, "version": version(NAME)}
    hears = AsrModel(name="default", description="what carpal hears with", languages=["en"], **of)
    speaks = TtsVoice(
        name=settings.voice, description="what carpal speaks with", languages=["en"], **of
    )
    wakes = WakeModel(
        name=settings.ears.wake,
        description="the wake phrase",
        languages=["en"],
        phrase=settings.ears.wake,
        **of,
    )
    answers = HandleModel(name=NAME, description="answers from memory", languages=["en"], **of)
    asr = AsrProgram(name=NAME, description="speech to text", models=[hears], **of)
    return Info(
        asr=[asr] if brains.transcriber is not None else [],
        tts=[TtsProgram(name=NAME, description="text to speech", voices=[speaks], **of)],
        handle=[HandleProgram(name=NAME, description="answers", models=[answers], **of)],
        wake=[WakeProgram(name=NAME, description="wake phrase", models=[wakes], **of)]
        if settings.ears.wake != NONE
        else [],
    )
