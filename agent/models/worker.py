"""A model's worker, as the daemon sees it: asked one thing at a time, restarted, unloaded."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.errors import ModelError
from agent.models.breaker import Breaker
from agent.models.frames import Message
from agent.models.memory import pss_mb
from agent.models.process import Process, WorkerDiedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a worker may cost."""

    memory_max_mb: int = 1024
    load_s: float = 30.0
    call_s: float = 20.0
    cancel_s: float = 1.0
    """How long it may go on after its caller went away, before it is killed."""
    idle_s: float = 600.0
    """After this long without a call it is ended; the next call starts it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How a worker is, for `carpal status` and `carpal doctor`."""

    name: str
    pid: int | None
    sealed: bool | None
    """Whether it can open no socket; None before its first start."""
    open_way: str | None
    """How it could, where it can: the proof that failed."""
    starts: int
    crashes: int
    last_fault: str | None
    refused_for_s: float
    """How long the breaker stays open yet."""
    threads: int | None = None
    prompt_threads: int | None = None
    tokens_s: float | None = None
    """How fast it was when it was measured here."""
    notices: tuple[str, ...] = ()
    """What is less than it could be."""

    @property
    def memory_mb(self) -> float | None:
        """Return what its process takes now (PSS); None if there is none."""
        return None if self.pid is None else pss_mb(self.pid)


class Worker:
    """A child process that holds a model; every failure of it is a ModelError.

    Calls are answered one after another.  The child is started at the first call and after a
    crash at the next one; *starts* tells who keeps a state in it that it must be told again.
    """

    def __init__(
        self, name: str, command: Sequence[str], *, begin: Message, limits: Limits | None = None
    ) -> None:
        self._name = name
        self._command = list(command)
        self._begin = begin
        self._limits = limits or Limits()
        self._breaker = Breaker()
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._endings: set[asyncio.Task[None]] = set()
        self._calls = 0
        self._crashes = 0
        self._hello: Message | None = None
        self._last_fault: str | None = None
        self.starts = 0

    @property
    def report(self) -> Report:
        """Return how it is now."""
        hello, alive = self._hello or {}, self._process is not None and self._process.alive
        return Report(
            name=self._name,
            pid=self._process.pid if self._process is not None and alive else None,
            sealed=hello.get("sealed"),
            open_way=hello.get("open"),
            starts=self.starts,
            crashes=self._crashes,
            last_fault=self._last_fault,
            refused_for_s=self._breaker.open_for(time.monotonic()),
            threads=hello.get("threads"),
            prompt_threads=hello.get("prompt_threads"),
            tokens_s=hello.get("tokens_s"),
            notices=tuple(hello.get("notices", ())),
        )

    async def start(self) -> None:
        """Load now instead of at the first call; raise ModelError."""
        async with self._turn:
            await self._running()

    async def call(
        self,
        op: str,
        arguments: Message,
        *,
        deadline_s: float | None = None,
        hear: Callable[[str], None] | None = None,
    ) -> Message:
        """Return what the worker answers; raise ModelError.

        *deadline_s* bounds the wait for a turn and the answer, each; a start has its own.
        *hear* is told the parts of the answer that come before the whole.
        """
        deadline_s = deadline_s or self._limits.call_s
        await self._wait_for_turn(deadline_s)
        try:
            process = await self._running()
            return await self._ask(process, op, arguments, deadline_s=deadline_s, hear=hear)
        finally:
            self._turn.release()
            self._rest_later()

    async def close(self) -> None:
        """End the child and return when it is gone."""
        self._unload()
        while self._endings:
            await asyncio.gather(*self._endings)

    async def _wait_for_turn(self, deadline_s: float) -> None:
        try:
            async with asyncio.timeout(deadline_s):
                await self._turn.acquire()
        except TimeoutError as error:
            busy = f"the {self._name} worker was busy for {deadline_s:g} s: ask again later"
            raise ModelError(busy) from error

    async def _running(self) -> Process:
        if self._process is not None and self._process.alive:
            return self._process
        if self._process is not None:  # it died between two calls
            self._note_crash(self._process.ended)
        seconds = self._breaker.open_for(time.monotonic())
        if seconds:
            raise ModelError(
                f"the {self._name} worker failed three times in a minute and rests for "
                f"{seconds:.0f} s more; last: {self._last_fault}"
            )
        return await self._begun()

    async def _begun(self) -> Process:
        limits = self._limits
        process = await Process.spawn(self._name, self._command, memory_max_mb=limits.memory_max_mb)
        self._process = process
        message: Message = {"op": "begin", "arguments": self._begin}
        try:
            self._hello = await process.exchange(0, message, deadline_s=limits.load_s)
        except ModelError as error:  # a model that cannot be loaded is as good as a crash
            self._note_crash(str(error))
            raise
        except asyncio.CancelledError:
            self._drop()
            raise
        self.starts += 1
        return process

    async def _ask(
        self,
        process: Process,
        op: str,
        arguments: Message,
        *,
        deadline_s: float,
        hear: Callable[[str], None] | None,
    ) -> Message:
        self._calls += 1
        call = self._calls
        message: Message = {"op": op, "arguments": arguments}
        try:
            return await process.exchange(call, message, deadline_s=deadline_s, hear=hear)
        except WorkerDiedError as error:
            self._note_crash(str(error))
            raise
        except asyncio.CancelledError:
            process.cancel(call, grace_s=self._limits.cancel_s)
            raise

    def _note_crash(self, fault: str) -> None:
        self._crashes += 1
        self._last_fault = fault
        self._breaker.crashed(time.monotonic())
        self._drop()

    def _rest_later(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        loop = asyncio.get_running_loop()
        self._idle = loop.call_later(self._limits.idle_s, self._rest)

    def _rest(self) -> None:
        if self._turn.locked():  # it is at work: that call's end sets a new time
            return
        self._unload()

    def _unload(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        self._drop()

    def _drop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            ending = asyncio.create_task(process.end())
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)
