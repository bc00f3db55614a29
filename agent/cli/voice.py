"""`carpal transcribe`: what is said in a sound file."""

import asyncio
import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from agent.app.brains import Brains
from agent.app.settings import Settings, load
from agent.cli.root import ConfigOption, JsonOption, commands, show
from agent.errors import ModelError
from agent.ports import Transcript


@commands.command()
def transcribe(
    file: Annotated[Path, typer.Argument(help="A sound file of any usual format.")],
    config: ConfigOption = None,
    json_: JsonOption = False,
    prompt: Annotated[
        str, typer.Option(help="A sentence in the words that are likely to be heard.")
    ] = "",
) -> None:
    """Print what is said in a sound file."""
    heard = asyncio.run(hear(load(config).settings, file, prompt=prompt))
    if json_:
        show({"file": str(file), **dataclasses.asdict(heard)})
    else:
        typer.echo(heard.text or "(nothing was said)")


async def hear(settings: Settings, file: Path, *, prompt: str = "") -> Transcript:
    """Return what is said in *file*, heard in a worker that ends after; raise ModelError."""
    brains = Brains(settings.models, settings.voice)
    try:
        if brains.transcriber is None:
            raise ModelError("the speech model is not set up: run `carpal models get speech`")
        return await brains.transcriber.transcribe(str(file), prompt=prompt)
    finally:
        await brains.close()
