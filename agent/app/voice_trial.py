"""A trial of the microphone: levels, wakes and words of some seconds, and what to make of them."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from pydantic import JsonValue

from agent.app import alone, likely
from agent.app.brains import SPHINX, Brains
from agent.app.enrolling import learned
from agent.app.hearing import UNHEARD
from agent.app.house import DATABASE
from agent.app.listening import wake_model
from agent.app.settings import Settings
from agent.control import Reply
from agent.errors import AgentError, ModelError
from agent.ports import Hints
from agent.voice.ears.events import (
    EarEvent,
    Loudness,
    SourceEnded,
    SourceLost,
    SourceOpened,
    SpeechEnded,
    Woken,
)
from agent.voice.ears.listening import Ears

READINGS = 3
BAR = 30
FLOOR_DBFS = -90.0
CLIPPED_DBFS = -0.3
SOFT_DBFS = -50.0
LATE_S_MAX = 30.0
"""What was said last may be understood so long after the end."""


class Trial:
    """What is heard in one trial."""

    def __init__(self, settings: Settings, *, tell: Callable[[str], None] | None) -> None:
        """*tell* is given a line for each thing that happens, as it does."""
        self._settings = settings
        self._tell = tell or (lambda _: None)
        ears = learned(settings).ears
        self._ears = Ears(ears, models=wake_model(ears.wake))
        self._levels = list[float]()
        self._peaks = list[float]()
        self._wakes = list[JsonValue]()
        self._said = list[JsonValue]()
        self._speeches = 0
        self._fault = ""
        """Why nothing of the last speech was understood."""
        self._sounds: asyncio.Queue[bytes] = asyncio.Queue(32)
        self._over = asyncio.Event()
        self._lost = ""

    async def run(self, seconds: float) -> None:
        """Listen for *seconds*, or until a file has ended; raise ModelError without a source."""
        brains = Brains(self._settings.models, self._settings.voice)
        hints = await self._hints()
        hearing = asyncio.create_task(self._ears.run(self._hear))
        understanding = asyncio.create_task(self._understand(brains, hints))
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._over.wait()
            if self._lost and not self._levels:
                raise ModelError(f"nothing could be heard: {self._lost}")
            with suppress(TimeoutError):
                async with asyncio.timeout(LATE_S_MAX):
                    await self._sounds.join()
        finally:
            for task in (hearing, understanding):
                task.cancel()
            await asyncio.gather(hearing, understanding, return_exceptions=True)
            await brains.close()

    def found(self) -> Reply:
        """Return the figures of the trial."""
        return {
            "seconds": len(self._levels),
            "quietest_dbfs": round(min(self._levels, default=FLOOR_DBFS), 1),
            "loudest_dbfs": round(max(self._levels, default=FLOOR_DBFS), 1),
            "peak_dbfs": round(max(self._peaks, default=FLOOR_DBFS), 1),
            "wakes": self._wakes,
            "speeches": self._speeches,
            "said": self._said,
            "advice": self.advice(),
        }

    def advice(self) -> str:
        """Return what the wearer may do better."""
        if not self._levels:
            return "Nothing was heard."
        return f"{self._of_level()} {self._of_words()}".strip()

    def _of_level(self) -> str:
        peak = max(self._peaks, default=FLOOR_DBFS)
        if peak > CLIPPED_DBFS:
            return "It is too loud for the microphone: lower its gain, or stand back."
        if peak < SOFT_DBFS:
            return "It is very soft: raise the gain of the microphone, or come nearer."
        return "The level is good."

    def _of_words(self) -> str:
        if not self._speeches:
            return "Nothing that is speech was heard."
        if self._fault:
            return f"Speech was heard and not understood: {self._fault.rstrip('.')}."
        if not any(isinstance(one, dict) and one["text"] for one in self._said):
            return "Speech was heard, and no words in it."
        return ""

    async def _hints(self) -> Hints:
        """Return what the daemon would expect to hear; no memory is begun for it."""
        voice, folder = self._settings.voice, self._settings.store.folder
        if voice.model != SPHINX and not (folder / DATABASE).exists():
            return Hints(n_best=READINGS)
        try:
            reply = await alone.command(self._settings, "vocabulary", {})
        except AgentError as error:
            self._tell(f"(without words of your own: {error})")
            return Hints(n_best=READINGS)
        return likely.hints(reply, voice, readings=READINGS)

    def _hear(self, event: EarEvent) -> None:
        match event:
            case Loudness(dbfs=dbfs, peak_dbfs=peak, speech=speech):
                self._levels.append(dbfs)
                self._peaks.append(peak)
                self._tell(_bar(dbfs, speech))
            case Woken(phrase=phrase, score=score):
                self._wakes.append({"phrase": phrase, "score": round(score, 3)})
                self._tell(f"woken by {phrase} ({score:.2f})")
            case SpeechEnded(pcm=pcm):
                self._speeches += 1
                with suppress(asyncio.QueueFull):
                    self._sounds.put_nowait(pcm)
            case SourceOpened(name=name, rate_hz=rate_hz):
                self._tell(f"microphone open: {name}, {rate_hz} Hz")
            case SourceLost(reason=reason):
                self._lost = reason
                self._tell(f"microphone lost: {reason}")
            case SourceEnded():
                self._over.set()
            case _:
                pass

    async def _understand(self, brains: Brains, hints: Hints) -> None:
        while True:
            pcm = await self._sounds.get()
            try:
                await self._words_of(pcm, brains, hints)
            except ModelError as error:
                self._fault = str(error)
                self._tell(f"not understood: {error}")
            finally:
                self._sounds.task_done()

    async def _words_of(self, pcm: bytes, brains: Brains, hints: Hints) -> None:
        if brains.transcriber is None:
            raise ModelError(UNHEARD)
        heard = await brains.transcriber.transcribe(pcm, hints)
        others: list[JsonValue] = [one.text for one in heard.alternatives[1:]]
        self._fault = ""
        self._said.append({"text": heard.text, "or": others})
        self._tell(f"heard: {heard.text or '(no words)'}")


def _bar(dbfs: float, speech: float) -> str:
    full = round(BAR * max(0.0, min(1.0, (dbfs - FLOOR_DBFS) / -FLOOR_DBFS)))
    kind = "speech" if speech > 0.3 else "quiet" if dbfs < SOFT_DBFS else "sound"
    return f"{dbfs:6.1f} dB |{'#' * full:<{BAR}}| {kind}"
