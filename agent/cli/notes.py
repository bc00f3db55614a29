"""`carpal notes`: chapters, facts, key terms and questions of a recording or a document."""

import asyncio
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Annotated

import typer

from agent.app.brains import Brains
from agent.app.noting import models_of, note_with
from agent.app.settings import Settings, load
from agent.cli.root import ConfigOption, JsonOption, commands, show
from agent.cli.transcribe import STOPPED, Bar, seconds_of
from agent.errors import ConfigError, DecodeError
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
    with ExitStack() as stack:
        try:
            to = stack.enter_context(out.open("w", encoding="utf-8")) if out else sys.stdout
        except OSError as error:
            raise ConfigError("--out", str(out), f"cannot be written: {error.strerror}") from error
        to = sys.stderr if json_ and out is None else to
        try:
            taken = asyncio.run(_note(settings, file.absolute(), to, title=title, plain=plain))
        except KeyboardInterrupt:
            typer.echo("(stopped: the notes so far are written)", err=True)
            raise typer.Exit(STOPPED) from None
    if json_:
        counts = {"chapters": taken.chapters, "sentences": taken.sentences, "kept": taken.kept}
        show({"file": str(file), "out": str(out or ""), **counts, "refused": taken.refused})


async def _note(settings: Settings, file: Path, to: IO[str], *, title: str, plain: bool) -> Taken:
    brains = Brains(settings.models, settings.voice)
    try:
        heard = not is_written(file)
        with Bar(await seconds_of(file) if heard and sys.stderr.isatty() else 0.0) as bar:

            def reached(done_s: float) -> None:
                bar.clear()
                bar.reach(done_s)

            models = Models() if plain else models_of(brains)
            return await note_with(
                file, to, brains.transcriber, models, title=title, reached=reached
            )
    finally:
        await brains.close()
