"""Real sound for tests: what espeak-ng says, the noise of a room, WAV files."""

import io
import shutil
import subprocess
import wave
from pathlib import Path

import pytest

from agent.bench.room import there

RATE_HZ = 16_000

espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
pulse = pytest.mark.skipif(not there(), reason="pulseaudio is not installed")


def silence(seconds: float) -> bytes:
    """Return so much of nothing."""
    return bytes(2 * round(seconds * RATE_HZ))


def room(seconds: float, *, level: int = 8) -> bytes:
    """Return the noise of a quiet room, the same each time."""
    count, state, made = round(seconds * RATE_HZ), 1, bytearray()
    for _ in range(count):
        state = (state * 1_103_515_245 + 12_345) & 0x7FFFFFFF
        made += (((state >> 16) % (2 * level + 1)) - level).to_bytes(2, "little", signed=True)
    return bytes(made)


def said(text: str, *options: str) -> bytes:
    """Return what espeak-ng makes of *text*: 16 kHz, one channel, 16 bit."""
    command = ["espeak-ng", "-v", "en-us", *options, "--stdout", text]
    spoken = subprocess.run(command, capture_output=True, check=True).stdout
    with wave.open(io.BytesIO(spoken)) as file:
        rate_hz, frames = file.getframerate(), file.readframes(len(spoken))
    samples = memoryview(frames[: len(frames) // 2 * 2]).cast("h")
    # The nearest sample is good enough for a voice in a test, and needs no library.
    count = len(samples) * RATE_HZ // rate_hz
    made = [samples[at * rate_hz // RATE_HZ] for at in range(count)]
    return b"".join(one.to_bytes(2, "little", signed=True) for one in made)


def write_wav(path: Path, pcm: bytes, *, rate_hz: int = RATE_HZ, channels: int = 1) -> Path:
    """Write *pcm* as a WAV file and return its path."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(pcm)
    return path
