"""`carpal evaluate wake`, in a process of its own: numpy and onnxruntime are loaded there alone."""

import asyncio
import json
import sys
from pathlib import Path
from typing import cast

from agent.errors import ModelError
from agent.figures import Table
from agent.models import fetch

NONE = "-"


async def evaluate(data: Path) -> Table:
    """Return the figures over the recordings in *data*; raise ModelError."""
    models = fetch.models_folder()
    found = [fetch.find(name, models) for name in ("wake", "voice")]
    told = [str(data), *(NONE if one is None else str(one) for one in found)]
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "agent.evaluate.wake", *told),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        printed, said = await child.communicate()
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    try:
        return cast("Table", json.loads(printed))  # our own module printed it
    except ValueError as error:
        last = said.decode("utf-8", "replace").strip().splitlines()[-1:] or ["nothing"]
        raise ModelError(f"the wake phrase was not evaluated; it said: {last[0][:300]}") from error
