"""`carpal simulate`, `carpal replay`, `carpal import`, `carpal demo`: whole days."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue

from agent import demo as theatre
from agent.app import alone, days, imports
from agent.app.clocks import WorldClock
from agent.app.house import BACKUP, DATABASE, KEY
from agent.app.settings import Settings, load
from agent.cli import trial
from agent.cli.root import (
    ConfigOption,
    JsonOption,
    carry_out,
    commands,
    demo_settings,
    looked_at,
    show,
)
from agent.errors import ConfigError, ControlError
from agent.mqtt import Settings as MqttSettings
from agent.sensor import SILENT, Progress
from sensors import simulated

STEPS = 1000  # of the bar that shows how far a file has been read


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
def replay(  # noqa: PLR0913, PLR0917  # one for each option of the command line
    file: Annotated[Path | None, typer.Argument(help="Events, one JSON a line.")] = None,
    journal: Annotated[bool, typer.Option(help="Judge the store anew, and compare.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the judgements here.")] = None,
    skill: Annotated[str | None, typer.Option(help="What this skill would have said.")] = None,
    since: Annotated[str, typer.Option(help="With --skill: how far back, as 30d or 12h.")] = "30d",
    config: ConfigOption = None,
    json_: JsonOption = False,
) -> None:
    """Judge a day again; with --journal, end with 1 if anything comes out differently."""
    if skill is not None:
        trial.would_have_said(looked_at(config), skill, since, json_=json_)
        return
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
    with _progress(shown=sys.stderr.isatty() and not json_) as progress:
        if publish:
            figures = _played(path, load(config).settings, speed=speed, progress=progress)
        else:
            _look_first(path, load(config).settings)
            asked: dict[str, JsonValue] = {"path": str(path.absolute())}
            shares = _shares(progress)
            figures = dict(carry_out(config, "import", asked, part=shares))
    if json_:
        show(figures)
    else:
        for line in _told(figures):
            typer.echo(line)


def _look_first(path: Path, settings: Settings) -> None:
    """Raise DecodeError for what cannot be read at all, before a memory is begun for it."""
    if (settings.store.folder / DATABASE).exists():
        return
    clock = WorldClock()
    known = days.importers(settings.zone, clock)
    _, batches = imports.recorded(path, known, arrived=clock.now())
    next(batches, None)


def _shares(progress: Progress) -> Callable[[str], None]:
    """Return what takes a share as it is told and passes it on to *progress*."""
    return lambda part: progress(float(part))


def _played(
    path: Path, settings: Settings, *, speed: float, progress: Progress
) -> dict[str, object]:
    clock, found, broker = WorldClock(), imports.Found(), _broker(settings)
    known = days.importers(settings.zone, clock)
    kind, batches = imports.recorded(path, known, arrived=clock.now(), progress=progress)
    arrivals = ((event.at, [event]) for event in found.watch(batches))
    sent = asyncio.run(days.publish(arrivals, broker, speed=speed))
    return {"kind": kind, **found.figures(), "sent": sent}


@contextmanager
def _progress(*, shown: bool) -> Iterator[Progress]:
    """Give what is told the share that has been read, and show it as a bar."""
    if not shown:
        yield SILENT
        return
    with typer.progressbar(length=STEPS, label="reading", file=sys.stderr) as bar:
        yield lambda share: bar.update(max(0, round(share * STEPS) - bar.pos))


def _told(figures: Mapping[str, object]) -> Iterator[str]:
    """Yield what was found, a line for each thing worth knowing."""
    for name, value in figures.items():
        for line in _lines(value):
            yield f"{name:12} {line}"


def _lines(value: object) -> Sequence[object]:
    if isinstance(value, Mapping):
        return [", ".join(f"{key} {count}" for key, count in value.items())] if value else []
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


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
