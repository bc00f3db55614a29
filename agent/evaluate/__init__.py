"""How good it is: one file a table of figures."""

import asyncio
from pathlib import Path

from agent.app.brains import Brains
from agent.errors import ModelError
from agent.evaluate import stress, transcripts
from agent.figures import Table
from agent.models.settings import Settings as ModelSettings
from agent.voice.settings import Settings as VoiceSettings


def run(name: str, data: Path) -> Table:
    """Return the table *name* over the recordings in *data*; raise DecodeError or ModelError."""
    if name == "stress":
        return stress.evaluate(data)
    return asyncio.run(_speech(data))


async def _speech(data: Path) -> Table:
    brains = Brains(ModelSettings(), VoiceSettings())
    if brains.transcriber is None:
        raise ModelError("the speech model is not set up: `carpal models get speech` brings it")
    try:
        return await transcripts.evaluate(brains.transcriber, data)
    finally:
        await brains.close()
