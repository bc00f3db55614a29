"""Real sound for tests: what espeak-ng says, and a sound server with a microphone of our own."""

import io
import os
import shutil
import subprocess
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

RATE_HZ = 16_000
START_S_MAX = 10.0
RUNNING = ("pulseaudio", "pactl", "pacat")

espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
pulse = pytest.mark.skipif(
    any(shutil.which(one) is None for one in RUNNING), reason="pulseaudio is not installed"
)


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


class SoundServer:
    """A PulseAudio of our own: what is played into its sink is heard by its microphone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.environment = {
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_RUNTIME_PATH": str(folder / "pulse"),
            "PULSE_SERVER": f"unix:{folder}/native",
        }

    def start(self) -> None:
        """Start it and wait until it answers."""
        (self._folder / "pulse").mkdir(exist_ok=True, mode=0o700)
        modules = [
            "module-null-sink sink_name=room rate=48000",
            f"module-native-protocol-unix auth-anonymous=1 socket={self._folder}/native",
        ]
        options = ["-n", "--exit-idle-time=-1", "--daemonize=no", "--use-pid-file=no"]
        loaded = [part for module in modules for part in ("-L", module)]
        self._process = subprocess.Popen(
            ["pulseaudio", *options, *loaded],
            env=os.environ | self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until_s = time.monotonic() + START_S_MAX
        while self._control("set-default-source", "room.monitor"):
            assert time.monotonic() < until_s, "pulseaudio did not start"
            time.sleep(0.02)

    def stop(self) -> None:
        """End it, as if everything were unplugged."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def play(self, pcm: bytes) -> subprocess.Popen[bytes]:
        """Begin to play *pcm* into the room."""
        path = self._folder / "played.raw"
        path.write_bytes(pcm)
        described = ["--raw", "--rate=16000", "--channels=1", "--format=s16le", "--device=room"]
        return subprocess.Popen(
            ["pacat", "--playback", *described, str(path)],
            env=os.environ | self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def listeners(self) -> str:
        """Return what the server says of those who listen."""
        told = subprocess.run(
            ["pactl", "list", "short", "source-outputs"],
            env=os.environ | self.environment,
            capture_output=True,
            check=False,
            text=True,
        )
        return told.stdout.strip()

    def _control(self, *words: str) -> int:
        return subprocess.run(
            ["pactl", *words],
            env=os.environ | self.environment,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ).returncode


@contextmanager
def sound_server(folder: Path) -> Iterator[SoundServer]:
    """Give a sound server in *folder*, which ends with the block."""
    server = SoundServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
