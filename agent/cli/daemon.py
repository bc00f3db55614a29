"""`carpal run`, `carpal config`, `carpal status`, `carpal doctor`."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Annotated

import typer
from pydantic import JsonValue

from agent.app import daemon
from agent.app.settings import load
from agent.cli.root import ConfigOption, JsonOption, carry_out, commands, show

TOLD = frozenset(("interpreted", "unspoken"))
"""What is shown of the voice where there is any: the last turn, and why nothing could be said."""


@commands.command()
def run(
    config: ConfigOption = None,
    verbose: Annotated[bool, typer.Option(help="Log more.")] = False,
) -> None:
    """Run the daemon until SIGTERM; SIGHUP reloads the settings."""
    daemon.log_to_stderr(verbose=verbose)
    asyncio.run(daemon.run(load(config), path=config))


@commands.command(name="config")
def config_(config: ConfigOption = None, json_: JsonOption = False) -> None:
    """Show the effective settings and where each came from."""
    loaded = load(config)
    values = loaded.settings.model_dump(mode="json")
    if json_:
        show({"file": str(loaded.path), "settings": values, "sources": dict(loaded.sources)})
        return
    typer.echo(f"# {loaded.path}{'' if loaded.path.is_file() else ' (there is no such file)'}")
    for key, value in _flat(values):
        typer.echo(f"{key} = {json.dumps(value)}   # {loaded.sources.get(key, 'default')}")


def _flat(values: object, prefix: str = "") -> list[tuple[str, object]]:
    if not isinstance(values, dict) or not values:
        return [(prefix, values)]
    return [
        one
        for key, value in values.items()
        for one in _flat(value, f"{prefix}.{key}" if prefix else key)
    ]


@commands.command()
def status(config: ConfigOption = None, json_: JsonOption = False) -> None:
    """Show what is believed now, and what has come in."""
    reply = carry_out(config, "status", {})
    if json_:
        show(reply)
        return
    typer.echo("the daemon runs" if reply["running"] else "no daemon runs: this is its memory")
    for name in ("context", "since_start", "kept", "mqtt"):
        part = reply.get(name)
        for key, value in part.items() if isinstance(part, dict) else ():
            typer.echo(_line(name, key, value))
    voice = reply.get("voice")
    for key, value in voice_lines(voice) if isinstance(voice, dict) else ():
        typer.echo(_line("voice", key, value))


def voice_lines(voice: Mapping[str, JsonValue]) -> Iterator[tuple[str, JsonValue]]:
    """Yield what a running daemon's voice does, what went wrong, and how loud its day was."""
    if not voice:
        yield "off", "nothing is listened to: see voice.ears.source"
        return
    phase = str(voice["phase"])
    muted = ", muted" if voice.get("muted") and phase != "muted" else ""
    yield phase, f"microphone {voice['microphone']}{muted}"
    for key, value in voice.items():
        if key.startswith("day_") or (key in TOLD and value):
            yield key, value


def _line(name: str, key: str, value: JsonValue) -> str:
    return f"{name:12} {key:22} {value}"


@commands.command()
def doctor(config: ConfigOption = None, json_: JsonOption = False) -> None:
    """Say what works, what does not, and what to do."""
    reply = carry_out(config, "doctor", {})
    if json_:
        show(reply)
        return
    checks = reply["checks"]
    for check in checks if isinstance(checks, list) else ():
        if isinstance(check, dict):
            mark = "ok " if check["ok"] else "see"
            typer.echo(f"{mark} {check['name']}: {check['detail']}")
