"""What this device does for other programs over the Wyoming protocol: ears, mouth and brain."""

import asyncio
from contextlib import suppress
from importlib.metadata import version

from agent.app.brains import Brains
from agent.app.hearing import Hearing
from agent.app.listening import wake_model
from agent.app.pipeline import Pipeline
from agent.errors import ModelError
from agent.ports import Hints, Sound, Transcript
from agent.voice.ears.events import EarEvent, Woken
from agent.voice.ears.listening import SENT, Ears
from agent.voice.ears.settings import Settings as EarsSettings
from agent.voice.settings import Settings
from agent.voice.wyoming.described import Info, described
from agent.voice.wyoming.server import Services, Waking

NAME = "carpal"
SOURCE = "wyoming"
NONE = "none"
START_S_MAX = 20.0


def services(pipeline: Pipeline, brains: Brains, settings: Settings) -> Services:
    """Return what can be served with the models that are set up."""
    hearing = Hearing(pipeline, brains)

    async def transcribe(sound: Sound, hints: Hints) -> Transcript:
        return await hearing.transcribe(sound, language=hints.language)

    async def handle(text: str) -> tuple[str, bool]:
        answer = (await hearing.answer(text, show=_nobody)).reply.answer
        return answer.text, answer.known

    async def wake(names: tuple[str, ...]) -> Waking:
        phrase = settings.ears.wake
        if any(names) and phrase not in names:  # others' names are no files to be opened here
            raise ModelError(f"the wake phrase here is {phrase!r}, and no other")
        theirs = settings.ears.model_dump() | {"source": SENT, "loudness_s": 0, "partial_s": 0}
        return OneWake(EarsSettings.model_validate(theirs))

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

    async def feed(self, pcm: bytes) -> None:
        """Take in sound at 16 kHz; raise DecodeError."""
        try:
            async with asyncio.timeout(START_S_MAX):
                await self._ears.ready()
        except TimeoutError as error:
            why = self._ears.report.last_fault or "they do not start"
            raise ModelError(f"the ears hear no wake phrase: {why}") from error
        self._ears.push(SOURCE, pcm)

    async def heard(self) -> str:
        """Wait for the wake phrase and return it."""
        return await self._woken.get()

    async def close(self) -> None:
        """End the process."""
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running

    def _hear(self, event: EarEvent) -> None:
        if isinstance(event, Woken):
            self._woken.put_nowait(event.phrase)


def _info(brains: Brains, settings: Settings) -> Info:
    phrase = settings.ears.wake
    return described(
        version=version(NAME),
        voice=settings.voice,
        phrase="" if phrase == NONE else phrase,
        hears=brains.transcriber is not None,
    )
