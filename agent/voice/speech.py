"""Text to sound, by espeak-ng where it is installed."""

import asyncio
import shutil
from pathlib import Path

from agent.errors import DeliveryError
from agent.voice.settings import Settings

PROGRAM = "espeak-ng"
TEXT_MAX = 2000  # about two minutes of speech
SPEAK_MAX_S = 180.0


class EspeakSpeech:
    """A Speech (see ports)."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def speak(self, text: str) -> None:
        """Say *text* aloud and return when it has been said; raise DeliveryError."""
        await self._run(text)

    async def to_file(self, text: str, path: Path) -> None:
        """Write *text* as speech into the WAV file *path*; raise DeliveryError."""
        await self._run(text, "-w", str(path))
        if not _is_written(path):
            raise DeliveryError(f"{PROGRAM} wrote nothing to {path}")

    async def _run(self, text: str, *options: str) -> None:
        program = shutil.which(PROGRAM)
        if program is None:
            raise DeliveryError(f"{PROGRAM} is not installed: answers are shown, not spoken")
        settings = self._settings
        voice = ["-v", settings.voice, "-s", str(settings.speed_wpm), "--stdin"]
        # Through a pipe: arguments could be read by every user of the machine.
        child = await asyncio.create_subprocess_exec(
            *(program, *voice, *options),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(SPEAK_MAX_S):
                _, said = await child.communicate(text[:TEXT_MAX].encode("utf-8", "replace"))
        except TimeoutError as error:
            raise DeliveryError(f"{PROGRAM} did not end in {SPEAK_MAX_S:g} s") from error
        finally:
            if child.returncode is None:  # late, or the wearer interrupted
                child.kill()
                await child.wait()
        why = said.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no reason given"]
        # Without a sound device it ends with 0 all the same.
        if child.returncode or why[0].lower().startswith("error:"):
            raise DeliveryError(f"{PROGRAM} could not speak: {why[0][:200]}")


def _is_written(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0
