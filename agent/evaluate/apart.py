"""Evaluations of sound, in a process of their own: numpy and av are loaded there alone."""

import asyncio
import json
import sys
from pathlib import Path
from typing import cast

from agent.errors import ModelError
from agent.figures import Table
from agent.models import fetch
from agent.voice.children import ended

SHORT = "short"
WHOLE = "whole"
NONE = "-"


async def voice(data: Path, *, short: bool) -> Table:
    """Return how well commands and sentences in *data* are heard; raise ModelError."""
    return await _table("agent.evaluate.voice", str(data), SHORT if short else WHOLE)


async def wake(data: Path) -> Table:
    """Return what wakes carpal, and what in *data* should not; raise ModelError."""
    models = fetch.models_folder()
    found = [fetch.find(name, models) for name in ("wake", "voice")]
    told = [NONE if one is None else str(one) for one in found]
    return await _table("agent.evaluate.wake", str(data), *told)


async def coaching(data: Path) -> Table:
    """Return how well the speech in *data* is measured; raise ModelError."""
    return await _table("agent.evaluate.coaching", str(data))


async def _table(module: str, *arguments: str) -> Table:
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
        await ended(child)
    try:
        return cast("Table", json.loads(printed))  # our own module printed it
    except ValueError as error:
        lines = said.decode("utf-8", "replace").strip().splitlines() or ["nothing"]
        crashed = f"{module} ended without figures; it said: {lines[-1][:300]}"
        raise ModelError(crashed if len(lines) > 1 else lines[0]) from error
