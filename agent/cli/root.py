"""The command `carpal` itself, on which every file of this folder hangs its own."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import platformdirs
import typer
from pydantic import JsonValue

from agent.app import alone
from agent.app.house import DATABASE
from agent.app.settings import Settings, load

commands = typer.Typer(
    help="A companion on the device you wear: it notices, remembers, and lets nothing leave.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="Settings file; else the usual carpal.toml.")
]
OWN = frozenset(("remind", "place", "import"))
"""Commands that begin a memory of one's own; all others a newcomer may try on the demo's day."""
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")]


def carry_out(
    config: Path | None,
    name: str,
    arguments: Mapping[str, JsonValue],
    *,
    part: alone.Part | None = None,
) -> dict[str, JsonValue]:
    """Return the reply to a command, of the daemon or without one.

    *part* receives each part of an answer as soon as it may be said.
    """
    settings = load(config).settings if name in OWN else looked_at(config)
    return asyncio.run(alone.command(settings, name, arguments, part=part))


def looked_at(config: Path | None) -> Settings:
    """Return the settings of the memory to look at: the demo's day while there is no other."""
    settings = load(config).settings
    own = settings.store.folder / DATABASE
    if config is not None or own.exists() or not demo_settings().is_file():
        return settings
    typer.echo("(your own memory is empty: this is the day that the demo left)", err=True)
    return load(demo_settings()).settings


def demo_settings() -> Path:
    """Return the settings of the day that `carpal demo --stay` leaves."""
    return platformdirs.user_data_path("carpal") / "demo" / "carpal.toml"


def show(reply: Mapping[str, object]) -> None:
    """Print one JSON object."""
    typer.echo(json.dumps(reply, ensure_ascii=False))
