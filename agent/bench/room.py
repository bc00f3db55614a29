"""A room of our own: a PulseAudio whose microphone hears what is played into its null sink."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.bench.stage import BenchError

START_S_MAX = 10.0
LOOK_S = 0.02
NEEDED = ("pulseaudio", "pactl", "pacat")


def there() -> bool:
    """Return whether such a room can be made."""
    return all(shutil.which(one) is not None for one in NEEDED)


class Room:
    """A sound server in a folder of its own; no other one is touched."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.environment = {
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_RUNTIME_PATH": str(folder / "pulse"),
            "PULSE_SERVER": f"unix:{folder}/native",
        }

    def start(self) -> None:
        """Start it and wait until it answers; raise BenchError."""
        (self._folder / "pulse").mkdir(exist_ok=True, mode=0o700)
        modules = [
            "module-null-sink sink_name=room rate=48000",
            f"module-native-protocol-unix auth-anonymous=1 socket={self._folder}/native",
        ]
        options = ["-n", "--exit-idle-time=-1", "--daemonize=no", "--use-pid-file=no"]
        loaded = [part for module in modules for part in ("-L", module)]
        self._process = self._begin("pulseaudio", *options, *loaded)
        until_s = time.monotonic() + START_S_MAX
        while self._begin("pactl", "set-default-source", "room.monitor").wait():
            if time.monotonic() > until_s:
                raise BenchError("pulseaudio did not start")
            time.sleep(LOOK_S)

    def stop(self) -> None:
        """End it, as if everything were unplugged."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def play(self, pcm: bytes) -> subprocess.Popen[bytes]:
        """Begin to play *pcm*: 16 kHz, one channel, 16 bit."""
        path = self._folder / "played.raw"
        path.write_bytes(pcm)
        described = ["--raw", "--rate=16000", "--channels=1", "--format=s16le", "--device=room"]
        return self._begin("pacat", "--playback", *described, str(path))

    def listeners(self) -> str:
        """Return what the server says of those who listen."""
        command = ["pactl", "list", "short", "source-outputs"]
        environment = os.environ | self.environment
        told = subprocess.run(  # noqa: S603 (no shell)
            command, env=environment, capture_output=True, check=False, text=True
        )
        return told.stdout.strip()

    def _begin(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 (no shell)
            command,
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@contextmanager
def room(folder: Path) -> Iterator[Room]:
    """Give a room in *folder*, which ends with the block."""
    made = Room(folder)
    made.start()
    try:
        yield made
    finally:
        made.stop()
