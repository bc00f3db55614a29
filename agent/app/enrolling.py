"""The wake phrase's threshold from the wearer's own trials; no sound is kept but on request."""

import asyncio
import base64
import io
import json
import wave
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, ValidationError

from agent.app.listening import wake_model
from agent.app.settings import Settings
from agent.control import Reply
from agent.errors import ModelError
from agent.models import kept
from agent.models.worker import Limits, Worker
from agent.voice.ears.events import RATE_HZ, EarEvent, SourceEnded, SourceLost, SpeechEnded
from agent.voice.ears.listening import Ears, shipped_head
from agent.voice.ears.settings import Settings as EarSettings
from agent.voice.settings import Settings as VoiceSettings

COMMAND = ("agent.voice.ears.scoring",)
NAME = "wake.json"
NO_PHRASE = "none"
SENTENCES = 3
WAIT_S_MAX = 30.0
HEARD_MIN = 3  # trials: of fewer nothing can be learned


class Enrolled(BaseModel):
    """What was learned of a phrase."""

    phrase: str
    threshold: float
    trials: tuple[float, ...]
    others: tuple[float, ...]


def enrolled(folder: Path, phrase: str) -> float | None:
    """Return the threshold that was learned for *phrase*; None where none was."""
    try:
        known = Enrolled.model_validate_json((folder / NAME).read_text())
    except (OSError, ValidationError):
        return None
    usable = known.phrase == phrase and 0 < known.threshold < 1
    return known.threshold if usable else None


def learned(settings: Settings) -> VoiceSettings:
    """Return the settings of the voice, with the threshold that was learned where none is set."""
    voice = settings.voice
    found = enrolled(settings.store.folder, voice.ears.wake)
    if voice.ears.threshold is not None or found is None:
        return voice
    told = voice.model_dump()
    told["ears"]["threshold"] = found
    return VoiceSettings.model_validate(told)


class Enrolling:
    """One enrolment."""

    def __init__(
        self, settings: Settings, *, tell: Callable[[str], None], recordings: Path | None = None
    ) -> None:
        """*tell* is given what the wearer shall do, line by line.

        *recordings* is a folder in which the trials are kept; None: they are forgotten.
        """
        self._settings, self._tell, self._recordings = settings, tell, recordings
        ears = settings.voice.ears
        models = wake_model(ears.wake)
        self._phrase = ears.wake
        # A trial is no call: the ears hear it as any sentence, and the scoring knows the phrase.
        self._ears = Ears(EarSettings.model_validate({**ears.model_dump(), "wake": NO_PHRASE}))
        begin = {"wake": shipped_head(ears.wake), "folder": str(models) if models else ""}
        limits = Limits(memory_max_mb=512, load_s=30, call_s=30)
        self._worker = Worker("scoring", list(COMMAND), begin=begin, limits=limits)
        self._sounds: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._lost = ""

    async def run(self, trials: int) -> Enrolled:
        """Hear *trials* of the phrase and some other sentences; raise ModelError."""
        hearing = asyncio.create_task(self._ears.run(self._hear))
        try:
            await self._worker.start()
            said = await self._scores(trials, f"Say {self._phrase!r}", into=self._recordings)
            others = await self._scores(SENTENCES, "Say some other sentence, without the phrase")
            if len(said) < HEARD_MIN:
                why = f": {self._lost}" if self._lost else ""
                raise ModelError(f"only {len(said)} trials were heard, {HEARD_MIN} are needed{why}")
            asked = {"trials": said, "others": others}
            found = await self._worker.call("threshold", asked)
            return Enrolled(
                phrase=self._phrase,
                threshold=float(found["threshold"]),
                trials=tuple(said),
                others=tuple(others),
            )
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)
            await self._worker.close()

    async def _scores(self, count: int, wish: str, *, into: Path | None = None) -> list[float]:
        found = list[float]()
        for number in range(1, count + 1):
            self._tell(f"{wish} ({number} of {count})")
            pcm = None
            with suppress(TimeoutError):
                async with asyncio.timeout(WAIT_S_MAX):
                    pcm = await self._sounds.get()
            if pcm is None:
                self._sounds.put_nowait(None)
                break
            if into is not None:
                _record(into / f"trial-{number:02}.wav", pcm)
            content = base64.b64encode(pcm).decode()
            answer = await self._worker.call("score", {"pcm": content})
            found.append(round(float(answer["score"]), 3))
            self._tell(f"  {found[-1]:.2f}")
        return found

    def _hear(self, event: EarEvent) -> None:
        match event:
            case SpeechEnded(pcm=pcm):
                self._sounds.put_nowait(pcm)
            case SourceLost(reason=reason):
                self._lost = reason
                self._sounds.put_nowait(None)
            case SourceEnded():
                self._sounds.put_nowait(None)
            case _:
                pass


def _record(path: Path, pcm: bytes) -> None:
    """Write a WAV file for its owner alone; raise ModelError."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, RATE_HZ, len(pcm) // 2, "NONE", ""))
        sound.writeframes(pcm)
    if not kept.write(path, file.getvalue()):
        raise ModelError(f"cannot write {path}: is there room, and is the folder yours?")


def keep(folder: Path, found: Enrolled) -> Path:
    """Write what was learned into *folder* and return where."""
    path = folder / NAME
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = path.with_suffix(".new")
    written.write_text(found.model_dump_json())
    written.replace(path)
    return path


def shown(found: Enrolled) -> Reply:
    """Return what was learned, as a command prints it."""
    told: Reply = json.loads(found.model_dump_json())
    return {**told, "heard": heard(found.trials, found.threshold)}


def heard(scores: Sequence[float], threshold: float) -> int:
    """Return how many of *scores* wake carpal with *threshold*."""
    return sum(one > threshold for one in scores)
