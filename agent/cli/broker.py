"""`carpal broker`: write mosquitto's configuration, or run the broker with it."""

import os
from pathlib import Path
from typing import Annotated

import platformdirs
import typer

from agent import broker as brokers
from agent.app import sources
from agent.app.clocks import WorldClock
from agent.app.settings import load
from agent.cli.root import ConfigOption, commands
from agent.mqtt import Settings as MqttSettings


@commands.command()
def broker(  # noqa: PLR0913  # one for each option of the command line
    *,
    folder: Annotated[
        Path | None, typer.Option(help="Where it is written; default: the user's data folder.")
    ] = None,
    wearer: Annotated[
        str | None, typer.Option(help="Second level of the topics; else that of the settings.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Also listen on this loopback TCP port.")] = None,
    tls: Annotated[
        list[str] | None,
        typer.Option(help="A name or address of this device in the house; may be repeated."),
    ] = None,
    tls_port: Annotated[int, typer.Option(help="The port of the TLS listener.")] = 8883,
    topic: Annotated[
        list[str] | None,
        typer.Option(help="One more topic filter that devices may write, beside the settings'."),
    ] = None,
    force: Annotated[bool, typer.Option(help="Replace what is there, passwords too.")] = False,
    start: Annotated[bool, typer.Option(help="Run mosquitto in the foreground with it.")] = False,
    config: ConfigOption = None,
) -> None:
    """Write a closed configuration for mosquitto and say what to put where."""
    settings = load(config).settings
    known = settings.mqtt or MqttSettings()
    where = folder or platformdirs.user_data_path("carpal") / "broker"
    plan = brokers.Plan(
        folder=where,
        wearer=wearer or known.wearer,
        port=port,
        tls_names=tuple(tls or ()),
        tls_port=tls_port,
        topics=tuple(dict.fromkeys((*sources.topics(settings), *(topic or ())))),
    )
    if force or not (start and (where / brokers.CONF).exists()):
        typer.echo(brokers.write(plan, at=WorldClock().now(), force=force))
    if start:
        command = brokers.command(where)
        os.execv(command[0], list(command))  # noqa: S606  # no shell
