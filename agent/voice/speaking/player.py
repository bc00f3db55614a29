"""Sound to the loudspeaker, by the program that the system has for that."""

import asyncio
import os
import shutil
import sys
from array import array
from collections.abc import AsyncIterator
from pathlib import Path

from agent.errors import DeliveryError
from agent.voice.children import ended
from agent.voice.speaking import RATE_HZ_MAX, Piece

LATENCY_MS = 60
SLICE_BYTES = 16 << 10  # a third of a second; a whole sentence may take longer than LATE_S_MAX
LATE_S_MAX = 10.0  # a loudspeaker that takes nothing for so long is none
MISSING = "there is no program that plays sound: install pulseaudio-utils or alsa-utils"


class Player:
    """Plays one sound after another; a cancelled one is silent at once."""

    def __init__(self, device: str = "") -> None:
        """*device*: its name for PulseAudio or ALSA; empty: the usual one."""
        self._device = device

    async def play(self, pieces: AsyncIterator[Piece], *, gain: float = 1.0) -> None:
        """Play *pieces* to their end; raise DeliveryError.

        *gain* is a factor of the amplitude.  All pieces have the rate of the first.
        """
        child: asyncio.subprocess.Process | None = None
        try:
            async for piece in pieces:
                if child is None:
                    child = await self._start(piece.rate_hz)
                for begin in range(0, len(piece.pcm), SLICE_BYTES):
                    await _feed(child, quieter(piece.pcm[begin : begin + SLICE_BYTES], gain))
            if child is not None:
                await _end(child)
        finally:
            if child is not None:
                await ended(child)

    async def _start(self, rate_hz: int) -> asyncio.subprocess.Process:
        command = _command(rate_hz, self._device)
        pipe, null = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        try:
            return await asyncio.create_subprocess_exec(
                *command, stdin=pipe, stdout=null, stderr=asyncio.subprocess.PIPE
            )
        except OSError as error:
            raise DeliveryError(f"{command[0]} did not start: {error.strerror}") from error


async def _feed(child: asyncio.subprocess.Process, pcm: bytes) -> None:
    if child.stdin is None or child.returncode is not None:
        raise DeliveryError(await _why(child))
    try:
        child.stdin.write(pcm)
        async with asyncio.timeout(LATE_S_MAX):
            await child.stdin.drain()
    except TimeoutError as error:
        raise DeliveryError("the loudspeaker takes no sound") from error
    except (BrokenPipeError, ConnectionResetError) as error:
        raise DeliveryError(await _why(child)) from error


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.stdin is not None:
        child.stdin.close()
    try:
        async with asyncio.timeout(LATE_S_MAX):  # what is left is in a pipe: a few seconds
            code = await child.wait()
    except TimeoutError as error:
        raise DeliveryError("the loudspeaker does not come to an end") from error
    if code:
        raise DeliveryError(await _why(child))


async def _why(child: asyncio.subprocess.Process) -> str:
    said = await child.stderr.read(2000) if child.stderr else b""
    lines = said.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
    return f"no sound could be played: {lines[-1][:200]}"


def installed() -> str | None:
    """Return the program that plays, or None."""
    found = (shutil.which(name) for name in _programs(RATE_HZ_MAX, ""))
    return next((one for one in found if one), None)


def _command(rate_hz: int, device: str) -> list[str]:
    found = _programs(rate_hz, device)
    for name, arguments in found.items():
        program = shutil.which(name)
        if program is not None:
            return [program, *arguments]
    raise DeliveryError(MISSING)


def _programs(rate_hz: int, device: str) -> dict[str, list[str]]:
    pulse = ["--raw", f"--rate={rate_hz}", "--channels=1", "--format=s16le"]
    pulse += [f"--latency-msec={LATENCY_MS}", *([f"--device={device}"] if device else [])]
    alsa = ["-q", "-t", "raw", "-f", "S16_LE", "-r", str(rate_hz), "-c", "1"]
    alsa += ["-D", device] if device else []
    sox = ["-q", "-t", "raw", "-e", "signed", "-b", "16", "-r", str(rate_hz), "-c", "1", "-"]
    programs = {"paplay": pulse, "aplay": alsa, "play": sox}
    if not _pulse_is_there():
        del programs["paplay"]
    return programs


def _pulse_is_there() -> bool:
    folder = os.environ.get("XDG_RUNTIME_DIR", "")
    native = Path(folder, "pulse", "native") if folder else None
    return bool(os.environ.get("PULSE_SERVER")) or (native is not None and native.exists())


def quieter(pcm: bytes, gain: float) -> bytes:
    """Return *pcm* with its amplitude times *gain*, at most 1."""
    if gain >= 1:
        return pcm
    samples = array("h")
    samples.frombytes(pcm[: len(pcm) & ~1])
    if sys.byteorder == "big":
        samples.byteswap()
    factor = max(gain, 0.0)
    less = array("h", (int(one * factor) for one in samples))
    if sys.byteorder == "big":
        less.byteswap()
    return less.tobytes()
