"""`carpal now`, `carpal places`, `carpal place`: the present, and the names of places."""

from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import typer
from pydantic import JsonValue

from agent.cli.root import ConfigOption, JsonOption, carry_out, commands, show


@commands.command()
def now(
    config: ConfigOption = None,
    json_: JsonOption = False,
    why: Annotated[bool, typer.Option(help="Show the samples behind each part.")] = False,
) -> None:
    """Tell the situation: meetings, stress, place, motion, sleep, heart, and what comes next."""
    reply = carry_out(config, "now", {})
    if json_:
        show(reply)
        return
    zone = ZoneInfo(str(reply["zone"]))
    at = datetime.fromisoformat(str(reply["at"])).astimezone(zone)
    typer.echo(f"{at:%A %d %B %Y, %H:%M}: {reply['sentence']}.")
    parts = reply["parts"]
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, dict) and (part["value"] or (why and part["missing"])):
            _tell(part, zone, why=why)


def _tell(part: dict[str, JsonValue], zone: ZoneInfo, *, why: bool) -> None:
    if not part["value"]:
        typer.echo(f"  {part['name']}: not known; it needs {part['missing']}")
        return
    sure = "" if part["confidence"] is None else f" (confidence {part['confidence']})"
    typer.echo(f"  {part['name']}: {part['value']}{sure}")
    if not why:
        return
    because, samples = part["because"], part["samples"]
    for line in because if isinstance(because, list) else ():
        typer.echo(f"      {line}")
    for one in samples if isinstance(samples, list) else ():
        if isinstance(one, dict):
            typer.echo(f"      {_sample(one, zone)}")


def _sample(one: dict[str, JsonValue], zone: ZoneInfo) -> str:
    since, until = (
        datetime.fromisoformat(str(one[key])).astimezone(zone) for key in ("since", "until")
    )
    span = f"{since:%H:%M:%S} to {until:%H:%M:%S}"
    figures = f", mean {one['mean']} ({one['low']} to {one['high']})" if "mean" in one else ""
    return f"{one['signal']} in {one['unit']}: {one['count']} from {span}{figures}"


@commands.command()
def places(config: ConfigOption = None, json_: JsonOption = False) -> None:
    """List the places with a name, and those where you stay that have none."""
    reply = carry_out(config, "places", {})
    if json_:
        show(reply)
        return
    named, stays, zone = reply["places"], reply["stays"], ZoneInfo(str(reply["zone"]))
    for one in named if isinstance(named, list) else ():
        if isinstance(one, dict):
            where = f"{one['latitude_deg']}, {one['longitude_deg']}, {one['radius_m']:g} m"
            here = ", you are here" if one["here"] else ""
            typer.echo(f"{one['name']} ({one['kind']}, {one['from']}{here}): {where}")
    for one in stays if isinstance(stays, list) else ():
        if isinstance(one, dict):
            where = f"{one['latitude_deg']}, {one['longitude_deg']}"
            last = datetime.fromisoformat(str(one["last"])).astimezone(zone)
            times = "one stay" if one["stays"] == 1 else f"{one['stays']} stays"
            typer.echo(f"  no name: {times} at {where}, the last until {last:%F %H:%M}")
    if not named and not stays:
        typer.echo("no place is known yet: name them in the settings, or let a phone send where")


@commands.command()
def place(
    name: Annotated[str, typer.Argument(help="How you call the place where you are.")],
    kind: Annotated[
        Literal["home", "work", "grocery", "other"], typer.Option(help="What it is to you.")
    ] = "other",
    radius: Annotated[float, typer.Option(help="Its radius in metres.")] = 60,
    forget: Annotated[bool, typer.Option(help="Take the name back.")] = False,
    config: ConfigOption = None,
) -> None:
    """Name the place where you are, or take the name back."""
    asked: dict[str, JsonValue] = {
        "name": name, "kind": kind, "radius_m": radius, "forget": forget,
    }  # fmt: skip
    reply = carry_out(config, "place", asked)
    if reply.get("forgotten"):
        typer.echo(f"forgotten: {name}")
    else:
        where = f"{reply['latitude_deg']:.5f}, {reply['longitude_deg']:.5f}"
        where = f"{where}, {reply['radius_m']:g} m"
        typer.echo(f"{reply['name']} ({reply['place']}): {where}")
