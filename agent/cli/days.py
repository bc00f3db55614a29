"""`carpal simulate`, `carpal replay`, `carpal import`, `carpal demo`: whole days."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from agent import demo as theatre
from agent.app import alone, days
from agent.app.clocks import WorldClock
from agent.app.house import BACKUP, DATABASE, KEY
from agent.app.settings import Settings, load
from agent.cli.root import ConfigOption, JsonOption, commands, demo_settings, looked_at, show
from agent.errors import ConfigError, ControlError
from agent.events import Input
from agent.mqtt import Settings as MqttSettings
from sensors import simulated


class Part(StrEnum):
    """What can be taken out of a simulated day."""

    MEETINGS = "meetings"
    STRESS = "stress"
    DWELL = "dwell"
    LIST = "list"


SeedOption = Annotated[int, typer.Option(help="Another seed is another day.")]
WithoutOption = Annotated[
    list[Part] | None, typer.Option(help="Take this out of the day; may be repeated.")
]
SpeedOption = Annotated[
    float, typer.Option(min=0, help="Times as fast as it was; 0: as fast as it goes.")
]


@commands.command()
def simulate(  # noqa: PLR0913  # one for each option of the command line
    *,
    seed: SeedOption = 1,
    days_: Annotated[int, typer.Option("--days", min=1, max=366)] = 1,
    start: Annotated[str, typer.Option(help="The first day, as 2026-03-03.")] = str(days.DAY),
    out: Annotated[
        Path | None, typer.Option(help="Write the events here, one JSON a line.")
    ] = None,
    publish: Annotated[bool, typer.Option(help="Send them to the broker of the settings.")] = False,
    without: WithoutOption = None,
    speed: SpeedOption = 0,
    config: ConfigOption = None,
) -> None:
    """Make up a day of a wearer: to a file, or to the broker."""
    try:
        first = date.fromisoformat(start)
    except ValueError as error:
        raise ConfigError("--start", start, "is no date such as 2026-03-03") from error
    if (out is None) == (not publish):
        raise ConfigError("--out", str(out), "give either --out FILE or --publish")
    batches = days.made_up(seed, start=first, days=days_, without=frozenset(without or ()))
    if out is not None:
        with _writable(out):
            typer.echo(f"{simulated.write(out, batches)} events in {out}")
        return
    settings = _broker(load(config).settings)
    sent = asyncio.run(days.publish(batches, settings, speed=speed))
    typer.echo(f"{sent} messages taken by the broker")


@commands.command()
def replay(
    file: Annotated[Path | None, typer.Argument(help="Events, one JSON a line.")] = None,
    journal: Annotated[bool, typer.Option(help="Judge the store anew, and compare.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the judgements here.")] = None,
    config: ConfigOption = None,
    json_: JsonOption = False,
) -> None:
    """Judge a day again; with --journal, end with 1 if anything comes out differently."""
    if journal == (file is not None):
        raise ConfigError("FILE", str(file), "give either a file or --journal")
    figures = _judge_file(file, out) if file else asyncio.run(_judge_store(looked_at(config)))
    if json_:
        show(figures)
    else:
        for name, value in figures.items():
            typer.echo(f"{name:12} {value}")
    raise typer.Exit(1 if figures.get("differs") else 0)


def _judge_file(file: Path, out: Path | None) -> dict[str, object]:
    judged, figures = days.judge(simulated.read(file))
    if out is not None:
        with _writable(out):
            out.write_text("".join(f"{one.model_dump_json()}\n" for one in judged))
    return figures


async def _judge_store(settings: Settings) -> dict[str, object]:
    async with alone.opened(settings) as (pipeline, _):
        return days.judge_journal(pipeline)


@commands.command(name="import")
def import_(  # one for each option of the command line
    path: Annotated[Path, typer.Argument(help="A file or folder of another system.")],
    *,
    publish: Annotated[bool, typer.Option(help="Send it to the broker, as if live.")] = False,
    speed: SpeedOption = 0,
    config: ConfigOption = None,
    json_: JsonOption = False,
) -> None:
    """Take in what another system recorded; what is known already is left out."""
    settings = load(config).settings
    kind, events = days.recorded(path, days.importers(settings.zone, WorldClock()))
    figures: dict[str, object]
    if publish:
        arrivals = [(event.at, [event]) for event in events]
        sent = asyncio.run(days.publish(arrivals, _broker(settings), speed=speed))
        figures = {"read": len(events), "sent": sent}
    else:
        figures = asyncio.run(_keep(settings, events))
    figures = {"kind": kind, **figures}
    if json_:
        show(figures)
    else:
        typer.echo(", ".join(f"{name} {value}" for name, value in figures.items()))


async def _keep(settings: Settings, events: Sequence[Input]) -> dict[str, object]:
    async with alone.opened(settings) as (pipeline, _):
        return days.keep(pipeline, events)


@commands.command()
def demo(  # noqa: PLR0913  # one for each option of the command line
    *,
    seed: SeedOption = 1,
    without: WithoutOption = None,
    plain: Annotated[bool, typer.Option(help="One line per event, no live view.")] = False,
    stay: Annotated[bool, typer.Option(help="Leave the day open for `carpal ask`.")] = False,
    folder: Annotated[
        Path | None, typer.Option(help="With --stay: leave it here, not in the usual place.")
    ] = None,
    broker: Annotated[bool, typer.Option(help="Use a private mosquitto if there is one.")] = True,
    config: ConfigOption = None,
) -> None:
    """Play a simulated day through the real pipeline, and ask about it."""
    settings = load(config).settings
    with tempfile.TemporaryDirectory(prefix="carpal-") as passing:
        stage = _stage(folder) if stay else Path(passing)
        play = theatre.Play(
            seed=seed,
            without=frozenset(without or ()),
            folder=stage,
            settings=settings,
            write=_write,
            live=not plain and sys.stdout.isatty(),
            broker=broker,
        )
        asyncio.run(theatre.run(play))
        shutil.rmtree(stage / "broker", ignore_errors=True)
        if stay:
            (stage / "carpal.toml").write_text(theatre.settings_of(play))
            where = f"--config {stage / 'carpal.toml'} " if folder else ""
            typer.echo(f'Ask about that day: carpal ask {where}"How did I sleep?"')
        else:
            typer.echo(
                "Next: carpal demo --stay leaves the day for questions; carpal run is yours."
            )


def _stage(folder: Path | None) -> Path:
    """Return an empty folder for a day that stays; the last demo's, and no other, is replaced."""
    stage = folder or demo_settings().parent
    if (stage / DATABASE).exists() and not (stage / "carpal.toml").exists():
        raise ConfigError("--folder", str(stage), "there is a memory there that is no demo's")
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", KEY, BACKUP):
        (stage / name).unlink(missing_ok=True)
    stage.mkdir(mode=0o700, parents=True, exist_ok=True)
    return stage


@contextmanager
def _writable(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = f"cannot be written: {error.strerror}"
        raise ConfigError("--out", str(out), reason) from error


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _broker(settings: Settings) -> MqttSettings:
    if settings.mqtt is None:
        raise ControlError("the settings name no broker: add a table [mqtt], see `carpal broker`")
    return settings.mqtt
