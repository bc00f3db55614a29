"""The voice of espeak-ng: small, quick, in a hundred languages."""

import asyncio
import shutil
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from agent.errors import DeliveryError
from agent.voice.children import ended
from agent.voice.settings import Settings
from agent.voice.speaking import RATE_HZ_MAX, Piece

PROGRAM = "espeak-ng"
TEXT_MAX = 2000  # about two minutes of speech
SPEAK_MAX_S = 180.0
PIECE_BYTES = 8192
HEAD_BYTES = 44  # of a WAV file as espeak-ng writes it
RATE_AT = 24
MISSING = f"{PROGRAM} is not installed: answers are shown, not spoken"


class Espeak:
    """A Synthesizer."""

    ready = True

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def warm(self) -> None:
        """Do nothing: it needs no loading."""

    async def sound(self, text: str) -> AsyncIterator[Piece]:
        """Yield *text* as sound while it is made; raise DeliveryError."""
        if not text.strip():
            return
        settings = self._settings
        options = ["-v", settings.voice, "-s", str(settings.speed_wpm), "--stdin", "--stdout"]
        async with running(options, text) as (child, output), asyncio.timeout(SPEAK_MAX_S):
            try:
                rate_hz = _rate(await output.readexactly(HEAD_BYTES))
            except asyncio.IncompleteReadError as error:
                await _check(child)
                raise DeliveryError(f"{PROGRAM} wrote no sound") from error
            odd = b""
            while got := await output.read(PIECE_BYTES):
                whole = odd + got
                odd = whole[len(whole) & ~1 :]
                yield Piece(whole[: len(whole) & ~1], rate_hz)
            await _check(child)

    async def to_file(self, text: str, path: Path) -> None:
        """Write *text* as speech into the WAV file *path*; raise DeliveryError."""
        settings = self._settings
        options = ["-v", settings.voice, "-s", str(settings.speed_wpm), "--stdin", "-w", str(path)]
        async with running(options, text) as (child, _), asyncio.timeout(SPEAK_MAX_S):
            await _check(child)
        if not _is_written(path):
            raise DeliveryError(f"{PROGRAM} wrote nothing to {path}")


@asynccontextmanager
async def running(
    options: list[str], text: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, asyncio.StreamReader]]:
    """Run espeak-ng on *text* for as long as the block lasts; raise DeliveryError."""
    program = shutil.which(PROGRAM)
    if program is None:
        raise DeliveryError(MISSING)
    # Through a pipe: arguments could be read by every user of the machine.
    pipe = asyncio.subprocess.PIPE
    try:
        child = await asyncio.create_subprocess_exec(
            program, *options, stdin=pipe, stdout=pipe, stderr=pipe
        )
    except OSError as error:
        raise DeliveryError(f"{PROGRAM} did not start: {error.strerror}") from error
    try:
        if child.stdin is None or child.stdout is None:
            raise DeliveryError(f"{PROGRAM} did not start")
        child.stdin.write(text[:TEXT_MAX].encode("utf-8", "replace"))
        child.stdin.close()
        yield child, child.stdout
    except TimeoutError as error:
        raise DeliveryError(f"{PROGRAM} did not end in {SPEAK_MAX_S:g} s") from error
    finally:
        await ended(child)


async def _check(child: asyncio.subprocess.Process) -> None:
    said = await child.stderr.read() if child.stderr else b""
    await child.wait()
    why = said.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no reason given"]
    # Without a voice of that name it ends with 0 all the same.
    if child.returncode or why[0].lower().startswith("error:"):
        raise DeliveryError(f"{PROGRAM} could not speak: {why[0][:200]}")


def _rate(head: bytes) -> int:
    (rate_hz,) = struct.unpack_from("<I", head, RATE_AT)
    if head[:4] != b"RIFF" or not 4000 <= rate_hz <= RATE_HZ_MAX:
        raise DeliveryError(f"{PROGRAM} wrote no sound that is known")
    return int(rate_hz)


def _is_written(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0
