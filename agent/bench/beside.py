"""A model in its worker, and beside it the same one without, to compare the two."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from agent.bench.stage import BenchError
from agent.models.chat import Chat, chat_worker
from agent.models.settings import Settings

ANSWER_S_MAX = 300
LINE_BYTES_MAX = 1 << 20


@dataclass(frozen=True)
class Pair:
    """Both of them, with the threads that were measured to be the best."""

    chat: Chat
    baseline: asyncio.subprocess.Process
    threads: int

    async def ask(self, act: str, **more: JsonValue) -> tuple[float, int]:
        """Return (seconds, tokens made) of the baseline; raise BenchError."""
        assert self.baseline.stdin is not None
        assert self.baseline.stdout is not None
        self.baseline.stdin.write(json.dumps({"act": act, **more}).encode() + b"\n")
        async with asyncio.timeout(ANSWER_S_MAX):
            line = await self.baseline.stdout.readline()
        if not line:
            raise BenchError("the model without a worker ended: is llama-cpp-python installed?")
        told = json.loads(line)
        return float(told["seconds"]), int(told["made"])


@asynccontextmanager
async def beside(model: Path, *, context_tokens: int, folder: Path) -> AsyncIterator[Pair]:
    """Give *model* in a worker and without one; speeds are measured anew, in *folder*."""
    settings = Settings(context_tokens=context_tokens, call_max_s=ANSWER_S_MAX, memory_max_mb=4096)
    chat = Chat(chat_worker(model, settings, keep=folder))
    try:
        await chat.worker.start()
        threads = chat.worker.report.threads or 1
        begin = {
            "context_tokens": context_tokens,
            "threads": threads,
            "prompt_threads": chat.worker.report.prompt_threads or threads,
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "agent.models.baseline", str(model), json.dumps(begin)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            limit=LINE_BYTES_MAX,
            env=os.environ | {"OMP_WAIT_POLICY": "passive"},  # as the worker has it
        )
        try:
            yield Pair(chat, process, threads)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()
    finally:
        await chat.worker.close()


@asynccontextmanager
async def random_model(*, short: bool) -> AsyncIterator[tuple[Path, str]]:
    """Give a model of random weights, 0.5B in shape (*short*: tiny), and what it is."""
    write = "write_tiny" if short else "write_shaped"
    code = "import sys; from pathlib import Path; from agent.models import tiny; "
    with tempfile.TemporaryDirectory(prefix="carpal-") as folder:
        path = Path(folder) / "random.gguf"
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", f"{code}tiny.{write}(Path(sys.argv[1]))", str(path))
        )
        if await process.wait():
            raise BenchError("no model could be made: are gguf and numpy installed?")
        kind = "a tiny llama" if short else "0.5B shape (24 x 896, 151,936 words), Q4_0"
        yield path, f"random weights, {kind}"
