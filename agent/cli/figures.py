"""`carpal evaluate NAME`, `carpal bench NAME`: how good and how fast it is, in figures."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from agent import bench as benches
from agent import evaluate as evaluations
from agent.app.settings import load
from agent.cli.root import ConfigOption, JsonOption, commands, show
from agent.figures import Table

DataOption = Annotated[Path, typer.Option("--data", help="The folder that contains stress/ …")]


@commands.command()
def evaluate(
    name: Annotated[Literal["stress", "speech"], typer.Argument()],
    data: DataOption,
    config: ConfigOption = None,
    json_: JsonOption = False,
) -> None:
    """Check an estimate against labelled recordings."""
    _tell(evaluations.run(name, data, load(config).settings), json_=json_)


@commands.command()
def bench(
    name: Annotated[
        Literal["ingest", "latency", "idle", "replay", "decode", "ttft"], typer.Argument()
    ],
    config: ConfigOption = None,
    json_: JsonOption = False,
    short: Annotated[bool, typer.Option(help="A tenth of the load.")] = False,
) -> None:
    """Measure speed and loss on this machine, over a broker and with settings of its own."""
    load(config)
    _tell(benches.run(name, short=short), json_=json_)


def _tell(table: Table, *, json_: bool) -> None:
    if json_:
        show(table)
        return
    typer.echo(f"{table['name']}: {table['data']}, n = {table['n']}")
    for one in table["figures"]:
        aim = (
            ""
            if one["aim"] is None
            else f" (aim {one['aim']}, {'met' if one['ok'] else 'NOT met'})"
        )
        base = "" if one["baseline"] is None else f", baseline {one['baseline']}"
        group = f" [{one['group']}]" if one["group"] else ""
        typer.echo(f"  {one['name']}{group}: {one['value']} {one['unit']}{aim}{base}")
