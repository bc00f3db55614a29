"""`python -m agent.models.selftest`: does llama.cpp, as it was compiled here, run here?

It decodes some tokens of a model made on the spot in a sealed worker, for a library that was
compiled for another processor does not raise: it ends the process.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from agent.errors import ModelError
from agent.models.chat import chat_worker
from agent.models.settings import Settings
from agent.models.tiny import write_tiny

TOKENS = 16
ADVICE = (
    "If it died of SIGILL it was compiled for another processor: compile it with "
    "CMAKE_ARGS=-DGGML_NATIVE=OFF. Without it carpal works, plainer."
)


async def check(folder: Path) -> str:
    """Return a sentence on what worked; raise ModelError."""
    model = folder / "tiny.gguf"
    write_tiny(model)
    worker = chat_worker(model, Settings(threads=1, context_tokens=256))
    began = time.perf_counter()
    try:
        asked = {"system": "a", "user": "b", "tokens_max": TOKENS}
        await worker.call("complete", asked)
        report = worker.report
    finally:
        await worker.close()
    took_s = time.perf_counter() - began
    seal = "no socket can be opened" if report.sealed else f"NOT sealed: {report.open_way}"
    return f"llama.cpp runs here: {TOKENS} tokens in {took_s:.1f} s; {seal} in its worker"


def main() -> int:
    """Print one line and return 0, or 1 with what to do."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            sys.stdout.write(f"{asyncio.run(check(Path(folder)))}\n")
        except ModelError as error:
            sys.stderr.write(f"llama.cpp does not run here: {error} {ADVICE}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
