"""What the user types: one file for each noun, all on the one command of `root`."""

import sys

import typer

from agent.cli import (
    ask,
    broker,
    chat,
    daemon,
    days,
    figures,
    here,
    journal,
    listen,
    microphone,
    models,
    notes,
    skill,
    skills,
    transcribe,
    voice,
)
from agent.cli.root import commands
from agent.errors import AgentError, ConfigError, ControlError, LockError

__all__ = [
    "ask",
    "broker",
    "chat",
    "daemon",
    "days",
    "figures",
    "here",
    "journal",
    "listen",
    "main",
    "microphone",
    "models",
    "notes",
    "skill",
    "skills",
    "transcribe",
    "voice",
]


def main() -> None:
    """Run the command line; end with 2 for a wrong setting, 1 for another expected failure."""
    try:
        commands()
    except AgentError as error:
        typer.echo(f"carpal: {error}", err=True)
        sys.exit(2 if isinstance(error, ConfigError | LockError | ControlError) else 1)
