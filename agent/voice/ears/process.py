"""One run of the ears' child, as the daemon sees it: started, told, heard, ended."""

import asyncio
import os
import re
import socket
import sys
from collections import deque
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Self

from agent.errors import ModelError
from agent.models import frames
from agent.models.frames import Message
from agent.models.process import ROOT, how_ended

MEMORY_MAX_MB = 256
END_S = 0.5
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")  # no secret is in these
SOUND = ("XDG_RUNTIME_DIR", "PULSE_SERVER", "PULSE_RUNTIME_PATH", "PULSE_COOKIE", "PULSE_SOURCE")
ALSA = ("ALSA_CONFIG_PATH", "ALSA_CARD", "ALSA_PCM_CARD")
# Only lines that cannot hold anyone's words are repeated in an error.
TELLING = re.compile(r"^worker: |^ModuleNotFoundError: |^ImportError: |^OSError: PortAudio")
LINE_MAX = 200


class EarsDiedError(ModelError):
    """The child ended while it was needed."""


class Process:
    """A child and the socket to it."""

    def __init__(self, child: asyncio.subprocess.Process) -> None:
        self._child = child
        self._words: deque[str] = deque(maxlen=3)
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter
        self._errors = asyncio.create_task(self._read_errors())

    @classmethod
    async def spawn(cls, module: str, *, local: bool, standard_input: bool = False) -> Self:
        """Start *module*, sealed but for sockets of this device if *local*; raise ModelError."""
        ours, theirs = socket.socketpair()
        kind = "local" if local else "none"
        seal = ["-P", "-m", "agent.voice.ears.sealed", str(os.getpid()), str(MEMORY_MAX_MB), kind]
        with ExitStack() as kept, theirs:
            kept.callback(ours.close)  # unless it is handed over below
            try:
                child = await asyncio.create_subprocess_exec(
                    *(sys.executable, *seal, module, str(theirs.fileno())),
                    pass_fds=[theirs.fileno()],
                    stdin=None if standard_input else asyncio.subprocess.DEVNULL,
                    stdout=asyncio.subprocess.DEVNULL,
                    stderr=asyncio.subprocess.PIPE,
                    env=_environment(),
                )
            except OSError as error:
                raise ModelError(f"the ears did not start: {error.strerror}") from error
            self = cls(child)
            try:
                self._reader, self._writer = await asyncio.open_connection(sock=ours)
            except asyncio.CancelledError:
                await self._kill()  # nobody else knows of it
                raise
            kept.pop_all()
        return self

    @property
    def pid(self) -> int:
        """Return the child's process id."""
        return self._child.pid

    def tell(self, message: Message) -> None:
        """Send *message*; what the child does not take in time is bounded by who sends."""
        if not self._writer.is_closing():
            self._writer.write(frames.pack(message))

    @property
    def behind_bytes(self) -> int:
        """Return how much the child has not taken yet."""
        return self._writer.transport.get_write_buffer_size()

    async def hear(self) -> Message:
        """Return the next message; raise EarsDiedError when there is none any more."""
        try:
            size = frames.length(await self._reader.readexactly(frames.HEAD.size))
            return frames.unpack(await self._reader.readexactly(size))
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            code = await self._child.wait()
            await self._errors
            said = f" It said: {'; '.join(self._words)}." if self._words else ""
            raise EarsDiedError(how_ended("ears", code).replace(" worker", "") + said) from error

    async def end(self) -> None:
        """Let the child end by itself, or else kill it; return when nothing of it is left."""
        self._writer.close()
        try:
            async with asyncio.timeout(END_S):
                await self._child.wait()
        except TimeoutError:
            pass  # it is killed below, as it is where we are cancelled meanwhile
        finally:
            await self._kill()

    async def _kill(self) -> None:
        if self._child.returncode is None:
            self._child.kill()
        await self._child.wait()
        await self._errors

    async def _read_errors(self) -> None:
        stream, rest = self._child.stderr, b""
        assert stream is not None
        while chunk := await stream.read(4096):
            *lines, rest = (rest + chunk).split(b"\n")
            rest = rest[-4096:]
            self._keep(lines)
        self._keep([rest])

    def _keep(self, lines: Sequence[bytes]) -> None:
        for line in (one.decode("utf-8", "replace").strip() for one in lines):
            if TELLING.search(line):
                self._words.append(line[:LINE_MAX])


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in (*KEPT, *SOUND, *ALSA) if name in os.environ}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "PYTHONNOUSERSITE": "1",
        "OMP_WAIT_POLICY": "passive",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",  # its threads would take memory for matrices we have not
        "MALLOC_ARENA_MAX": "1",
        "PULSE_PROP_application.name": "carpal",
    }
