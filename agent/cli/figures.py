"""`carpal evaluate NAME`, `carpal bench NAME`: how good and how fast it is, in figures."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

from agent import bench as benches
from agent.app.settings import load
from agent.cli.root import ConfigOption, JsonOption, commands, show
from agent.errors import ConfigError
from agent.evaluate import named as evaluations
from agent.evaluate.plot import svg
from agent.figures import Table, table

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of recordings: hrv, stress, sleep, illness, speech …"),
]
Plot = Annotated[Path | None, typer.Option("--plot", help="Draw the figures into an SVG file.")]
File = Annotated[
    Path | None, typer.Option("--file", help='Rows {"say", "tool", "arguments"}: understanding.')
]
Clinc = Annotated[Path | None, typer.Option("--clinc", help="CLINC150's folder: understanding.")]
Slurp = Annotated[Path | None, typer.Option("--slurp", help="SLURP's file: understanding.")]
Seed = Annotated[
    int, typer.Option("--seed", help="Of what is made up: days, places, rhythms, lies.")
]
Short = Annotated[bool, typer.Option("--short", help="A tenth of the load.")]

People = Annotated[
    list[Path] | None,
    typer.Option("--person", help="A made-up person (data/persons): skills; may be repeated."),
]


@commands.command()
def evaluate(  # noqa: PLR0913, PLR0917 (options of the command line)
    name: Annotated[
        Literal[
            "hrv",
            "stress",
            "sleep",
            "illness",
            "rhythm",
            "places",
            "fusion-speed",
            "skills",
            "speech",
            "notes",
            "coaching",
            "understanding",
            "grounding",
            "wording",
            "router",
            "wake",
            "voice",
        ],
        typer.Argument(),
    ],
    data: Data = None,
    plot: Plot = None,
    file: File = None,
    clinc: Clinc = None,
    slurp: Slurp = None,
    seed: Seed = 1,
    short: Short = False,
    person: People = None,
    config: ConfigOption = None,
    json_: JsonOption = False,
) -> None:
    """Check an estimate or an answer against what is known to be right."""
    options = evaluations.Options(
        data=data,
        file=file,
        clinc=clinc,
        slurp=slurp,
        seed=seed,
        short=short,
        persons=tuple(person or ()),
    )
    settings = load(config).settings
    _measured(name, lambda: evaluations.run(name, options, settings), plot, json_=json_)


@commands.command()
def bench(
    name: Annotated[
        Literal[
            "ingest",
            "latency",
            "idle",
            "replay",
            "judge",
            "reminders",
            "decode",
            "ttft",
            "voice",
            "listening",
        ],
        typer.Argument(),
    ],
    config: ConfigOption = None,
    plot: Plot = None,
    json_: JsonOption = False,
    short: Annotated[bool, typer.Option(help="A tenth of the load.")] = False,
) -> None:
    """Measure speed and loss on this machine, over a broker and with settings of its own."""
    load(config)
    _measured(name, lambda: benches.run(name, short=short), plot, json_=json_)


def _measured(name: str, measure: Callable[[], Table], plot: Path | None, *, json_: bool) -> None:
    """Show what is measured, and draw it too."""
    if plot is not None:
        _draw(table(name, "", 0, ()), plot)  # what cannot be written is said before, not after
    found = measure()
    if plot is not None:
        _draw(found, plot)
    _tell(found, json_=json_)


def _draw(found: Table, path: Path) -> None:
    if path.suffix != ".svg":
        raise ConfigError("--plot", str(path), "an SVG file is written: let its name end in .svg")
    try:
        path.write_text(svg(found))
    except OSError as error:
        raise ConfigError("--plot", str(path), f"cannot be written: {error.strerror}") from error


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
