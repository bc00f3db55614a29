"""Evaluations of sound, in a process of their own: numpy and av are loaded there alone."""

import asyncio
import json
import sys
from pathlib import Path
from typing import cast

from agent.errors import ModelError
from agent.figures import Table

SHORT = "short"
WHOLE = "whole"


async def evaluate(data: Path, *, short: bool) -> Table:
    """Return the figures over the recordings in *data*; raise ModelError."""
    return await apart("agent.evaluate.voice", str(data), SHORT if short else WHOLE)


async def apart(module: str, *arguments: str) -> Table:
    """Return the table that *module* prints as JSON; raise ModelError."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments),
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
        raise ModelError(f"{module} ended without figures; it said: {last[0][:300]}") from error
