"""`carpal notes`: chapters, facts, key terms and questions of a recording or a document."""

import asyncio
import sys
from pathlib import Path
from typing import IO, Annotated

import typer

from agent.app.brains import Brains
from agent.app.likely import check_whole
from agent.app.noting import models_of, note_with
from agent.app.settings import Settings, load
from agent.cli.draft import drafted
from agent.cli.root import ConfigOption, JsonOption, commands, show
from agent.cli.transcribe import STOPPED, Bar, seconds_of
from agent.errors import DecodeError, ModelError
from agent.notes.reading import is_written
from agent.notes.taking import Models, Taken


@commands.command()
def notes(  # noqa: PLR0913, PLR0917 (options of the command line)
    file: Annotated[
        Path, typer.Argument(help="A sound file of any length, or text, Markdown or a PDF.")
    ],
    config: ConfigOption = None,
    json_: JsonOption = False,
    out: Annotated[Path | None, typer.Option(help="Write them into this file instead.")] = None,
    title: Annotated[str, typer.Option(help="Over them; else the file's name.")] = "",
    plain: Annotated[
        bool, typer.Option("--plain", help="Without the models that word and compare: faster.")
    ] = False,
) -> None:
    """Take notes of a recording or a document; each line of facts is a sentence of its own."""
    if not file.is_file():
        raise DecodeError(str(file), "there is no such file")
    settings = load(config).settings
    if not is_written(file):
        check_whole(settings.voice)
    screen = sys.stderr if json_ else sys.stdout
    with drafted(out, screen, source=file) as to:
        try:
            taken = asyncio.run(_note(settings, file.absolute(), to, title=title, plain=plain))
        except KeyboardInterrupt:
            told = "the notes so far are" if to.kept else "nothing is"
            typer.echo(f"(stopped: {told} written)", err=True)
            raise typer.Exit(STOPPED) from None
    if json_:
        counts = {"chapters": taken.chapters, "sentences": taken.sentences, "kept": taken.kept}
        show({"file": str(file), "out": str(out or ""), **counts, "refused": taken.refused})


async def _note(settings: Settings, file: Path, to: IO[str], *, title: str, plain: bool) -> Taken:
    brains = Brains(settings.models, settings.voice)
    try:
        heard = not is_written(file)
        until_s = 0.0
        with Bar(await seconds_of(file) if heard and sys.stderr.isatty() else 0.0) as bar:

            def reached(done_s: float) -> None:
                nonlocal until_s
                until_s = done_s
                bar.clear()
                bar.reach(done_s)

            models = Models() if plain else models_of(brains)
            taken = await note_with(
                file, to, brains.transcriber, models, title=title, reached=reached
            )
        if heard and not until_s:
            raise ModelError(f"{file} has no sound in it")
        return taken
    finally:
        await brains.close()
