"""The command `carpal` itself, on which every file of this folder hangs its own."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue

from agent.app import alone
from agent.app.settings import load

commands = typer.Typer(
    help="A companion on the device you wear: it notices, remembers, and lets nothing leave.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="Settings file; else the usual carpal.toml.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")]


def carry_out(
    config: Path | None, name: str, arguments: Mapping[str, JsonValue]
) -> dict[str, JsonValue]:
    """Return the reply to a command, of the daemon or without one."""
    return asyncio.run(alone.command(load(config).settings, name, arguments))


def show(reply: Mapping[str, object]) -> None:
    """Print one JSON object."""
    typer.echo(json.dumps(reply, ensure_ascii=False))
