"""One run of a worker: a sealed child, its descriptor, and the calls that wait for it."""

import asyncio
import os
import re
import signal
import socket
import sys
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from agent.errors import ModelError
from agent.models import frames
from agent.models.frames import Message

ROOT = Path(__file__).parents[2]  # the folder that holds the package `agent`
END_S = 0.2  # how long a worker may take to end by itself; it has nothing to save
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")  # no secret is in these
# Only lines that cannot hold the wearer's words are repeated in an error.
TELLING = re.compile(
    r"^worker: |^ModuleNotFoundError: |^ImportError: |GGML_ASSERT|terminate called|bad_alloc"
)
LINES_MAX = 5
LINE_MAX = 200


class WorkerDiedError(ModelError):
    """The child ended while it was needed."""


class Process:
    """A child that answers calls; it ends once, and is then thrown away."""

    def __init__(self, name: str, child: asyncio.subprocess.Process) -> None:
        self._name = name
        self._child = child
        self._answers: dict[int, asyncio.Future[Message]] = {}
        self._hearers: dict[int, Callable[[str], None]] = {}
        self._last_words: deque[str] = deque(maxlen=LINES_MAX)
        self._ended: str | None = None
        self._unanswered: set[int] = set()

    @classmethod
    async def spawn(cls, name: str, command: list[str], *, memory_max_mb: int) -> Self:
        """Start the module and arguments of *command*, sealed; raise ModelError."""
        ours, theirs = socket.socketpair()
        with ExitStack() as kept, theirs:
            kept.callback(ours.close)  # unless it is handed over below
            seal = ["-P", "-m", "agent.models.sealed", str(os.getpid()), str(memory_max_mb)]
            module, *arguments = command
            try:
                child = await asyncio.create_subprocess_exec(
                    *(sys.executable, *seal, module, str(theirs.fileno()), *arguments),
                    pass_fds=[theirs.fileno()],
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=asyncio.subprocess.DEVNULL,
                    stderr=asyncio.subprocess.PIPE,
                    env=_environment(),
                )
            except OSError as error:
                raise ModelError(f"the {name} worker did not start: {error.strerror}") from error
            self = cls(name, child)
            await self._attend(ours)
            kept.pop_all()
        return self

    @property
    def pid(self) -> int:
        """Return the child's process id."""
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Return whether it can be asked something."""
        return self._ended is None

    @property
    def ended(self) -> str:
        """Return how it ended."""
        return self._ended or "it runs"

    async def exchange(
        self,
        call: int,
        message: Message,
        *,
        deadline_s: float,
        hear: Callable[[str], None] | None = None,
    ) -> Message:
        """Return the answer to *message*; raise ModelError, or WorkerDiedError.

        *hear* is told the parts of it that come before.
        """
        if self._ended is not None:
            raise WorkerDiedError(self._ended)
        packed = frames.pack({"id": call, **message})
        answer = asyncio.get_running_loop().create_future()
        self._answers[call] = answer
        if hear is not None:
            self._hearers[call] = hear
        # Not drained: one call is under way at a time, and a frame's length is bounded.
        self._writer.write(packed)
        self._unanswered.add(call)
        try:
            async with asyncio.timeout(deadline_s):
                reply: Message = await answer
        except TimeoutError as error:
            self.kill()
            late = f"the {self._name} worker gave no answer in {deadline_s:g} s and was ended"
            raise WorkerDiedError(late) from error
        finally:
            self._answers.pop(call, None)
            self._hearers.pop(call, None)
        if "fault" in reply:
            raise ModelError(f"{self._name}: {reply['fault']}")
        result: Message = reply["ok"]
        return result

    def cancel(self, call: int, *, grace_s: float) -> None:
        """Take a call back; the child is killed if it does not come to itself in *grace_s*."""
        if self.alive and call in self._unanswered:
            self._writer.write(frames.pack({"id": call, "op": "cancel"}))
            asyncio.get_running_loop().call_later(grace_s, self._kill_if_busy, call)

    def kill(self) -> None:
        """End the child at once."""
        if self._child.returncode is None:
            self._child.kill()

    async def end(self) -> None:
        """Let the child end by itself, or else kill it; return when nothing of it is left."""
        self._writer.close()
        try:
            async with asyncio.timeout(END_S):
                await self._child.wait()
        except TimeoutError:
            self.kill()
        await asyncio.gather(self._listening, self._reading)

    async def _attend(self, ours: socket.socket) -> None:
        self._reader, self._writer = await asyncio.open_connection(sock=ours)
        self._listening = asyncio.create_task(self._listen())
        self._reading = asyncio.create_task(self._read_errors())

    def _kill_if_busy(self, call: int) -> None:
        if call in self._unanswered:
            self.kill()

    async def _listen(self) -> None:
        # The only reader: a caller that is cancelled cannot leave half a frame behind.
        try:
            while True:
                size = frames.length(await self._reader.readexactly(frames.HEAD.size))
                self._hand_over(frames.unpack(await self._reader.readexactly(size)))
        except (asyncio.IncompleteReadError, ConnectionError):
            reason = ""
        except ModelError as error:
            reason = str(error)
            self.kill()
        code = await self._child.wait()
        await self._reading
        self._writer.close()
        self._ended = " ".join(filter(None, (how_ended(self._name, code), reason, self._why())))
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(WorkerDiedError(self._ended))

    def _hand_over(self, message: Message) -> None:
        call = message.get("id")
        part = message.get("part")
        if isinstance(call, int) and isinstance(part, str):
            self._hearers.get(call, _unheard)(part)
            return
        if not isinstance(call, int) or not ("ok" in message or "fault" in message):
            raise ModelError("It answered what no one understands.")
        self._unanswered.discard(call)
        answer = self._answers.get(call)
        if answer is not None and not answer.done():  # else the caller went away
            answer.set_result(message)

    def _why(self) -> str:
        return f"It said: {'; '.join(self._last_words)}." if self._last_words else ""

    async def _read_errors(self) -> None:
        stream = self._child.stderr
        assert stream is not None
        rest = b""
        while chunk := await stream.read(4096):
            *lines, rest = (rest + chunk).split(b"\n")
            rest = rest[-4096:]
            for line in lines:
                self._keep(line.decode("utf-8", "replace"))
        self._keep(rest.decode("utf-8", "replace"))

    def _keep(self, line: str) -> None:
        if TELLING.search(line):
            self._last_words.append(line.strip()[:LINE_MAX])


def _unheard(_: str) -> None:
    """Take a part whose caller went away."""


def how_ended(name: str, code: int) -> str:
    """Return a sentence on a child's exit code; a negative one is a signal."""
    if code >= 0:
        return f"The {name} worker ended with {code}."
    try:
        return f"The {name} worker died of {signal.Signals(-code).name}."
    except ValueError:
        return f"The {name} worker died of signal {-code}."


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "PYTHONNOUSERSITE": "1",
        "HF_HUB_OFFLINE": "1",
        "OMP_WAIT_POLICY": "passive",  # spinning threads are 20 times slower on busy cores
        "OPENBLAS_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }
