"""How good it is: one file a table of figures."""

import asyncio
from pathlib import Path

from agent.app.brains import Brains
from agent.app.settings import Settings
from agent.errors import ModelError
from agent.evaluate import stress, transcripts
from agent.figures import Table


def run(name: str, data: Path, settings: Settings) -> Table:
    """Return the table *name* over the recordings in *data*; raise DecodeError or ModelError."""
    if name == "stress":
        return stress.evaluate(data)
    return asyncio.run(_speech(data, settings))


async def _speech(data: Path, settings: Settings) -> Table:
    brains = Brains(settings.models, settings.voice)
    if brains.transcriber is None:
        raise ModelError("the speech model is not set up: `carpal models get speech` brings it")
    try:
        return await transcripts.evaluate(brains.transcriber, data)
    finally:
        await brains.close()
