"""`carpal voice`: close the microphone, open it, see how it hears."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from agent import control
from agent.app.enrolling import Enrolling, heard, keep, shown
from agent.app.own_phrase import Progress, Taught, checked, place, recordings, teach
from agent.app.settings import load
from agent.app.voice_trial import Trial
from agent.cli.listen import hearing
from agent.cli.root import ConfigOption, JsonOption, commands, show
from agent.errors import ControlError

PARTS = 1000  # of a bar

voice = typer.Typer(help="The microphone: close it, open it, try it.", rich_markup_mode=None)
commands.add_typer(voice, name="voice")


@voice.command()
def mute(config: ConfigOption = None, json_: JsonOption = False) -> None:
    """Close the microphone: the device itself, not only what is made of it."""
    _act(config, "mute", json_=json_)


@voice.command()
def unmute(config: ConfigOption = None, json_: JsonOption = False) -> None:
    """Open the microphone again."""
    _act(config, "unmute", json_=json_)


def _act(config: Path | None, act: str, *, json_: bool) -> None:
    folder = load(config).settings.control.folder
    reply = control.call(folder, "voice", {"act": act})
    if reply is None:
        raise ControlError("no daemon runs: nothing is listened to")
    if json_:
        show(reply)
    else:
        typer.echo(f"The microphone is {reply['microphone']}.")


@voice.command(name="test")
def try_(
    config: ConfigOption = None,
    source: Annotated[
        str | None, typer.Option(help="`microphone`, a sound device, or a sound file.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=1, max=600, help="How long to listen.")] = 20,
    json_: JsonOption = False,
) -> None:
    """Listen for a while: show how loud it is, when the wake phrase is heard, and what is said.

    Nothing is answered and nothing is kept.
    """
    settings = hearing(load(config).settings, source, {"continuous": True, "loudness_s": 1})
    trial = Trial(settings, tell=None if json_ else typer.echo)
    asyncio.run(trial.run(seconds))
    if json_:
        show(trial.found())
    else:
        typer.echo(trial.advice())


@voice.command()
def enroll(
    config: ConfigOption = None,
    source: Annotated[
        str | None, typer.Option(help="`microphone`, a sound device, or a sound file.")
    ] = None,
    trials: Annotated[int, typer.Option(min=3, max=50, help="How often you say the phrase.")] = 8,
    keep_in: Annotated[
        Path | None,
        typer.Option("--keep", help="Keep your trials in this folder, for `carpal voice phrase`."),
    ] = None,
    json_: JsonOption = False,
) -> None:
    """Learn from your own voice how sure the wake phrase must be.

    What you say is scored and forgotten, unless --keep is given; the threshold is kept beside the
    memory, and used where `voice.ears.threshold` is not set.
    """
    settings = hearing(load(config).settings, source, {"continuous": True, "loudness_s": 0})
    tell = (lambda _: None) if json_ else typer.echo
    learning = Enrolling(settings, tell=tell, recordings=keep_in)
    found = asyncio.run(learning.run(trials))
    path = keep(settings.store.folder, found)
    if json_:
        show(shown(found))
        return
    count = heard(found.trials, found.threshold)
    typer.echo(f"{found.phrase!r} wakes above {found.threshold:.2f}: {count} of your trials do")
    typer.echo(f"(kept in {path})")


@voice.command()
def phrase(  # noqa: PLR0913  # one for each option of the command line
    *,
    phrase: Annotated[str, typer.Argument(help="What shall wake carpal, such as `hey robin`.")],
    config: ConfigOption = None,
    own: Annotated[
        list[Path] | None,
        typer.Option(help="A WAV file of you saying it, or a folder of such; may be repeated."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The file to write; else one beside the memory.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A tenth of the work, for a try.")] = False,
    json_: JsonOption = False,
) -> None:
    """Learn a wake phrase of your own, from synthetic voices and a few recordings of yours.

    It takes some minutes, on this device alone.  It is then tried with voices that it never heard.
    """
    settings = load(config).settings
    plain, said = checked(phrase), recordings(own or [])
    into = (out or place(settings.store.folder, plain)).absolute()
    with _bar(shown=not json_) as progress:
        found = asyncio.run(teach(plain, said, into, quick=quick, progress=progress))
    if json_:
        show(found.model_dump())
    else:
        typer.echo(_described(found))


@contextmanager
def _bar(*, shown: bool) -> Iterator[Progress]:
    """Give what is told the share that is done, and show it as a bar."""
    if not shown:
        yield lambda _: None
        return
    with typer.progressbar(length=PARTS, label="learning", file=sys.stderr) as bar:
        yield lambda share: bar.update(max(0, round(share * PARTS) - bar.pos))


def _described(found: Taught) -> str:
    mine = f", {found.own} recordings of yours" if found.own else ""
    return (
        f"{found.phrase!r} is learnt{mine}.  By voices that it never heard, {found.hits} of "
        f"{found.trials} were heard, and {found.false} in {found.minutes:.0f} minutes of other "
        "words were taken for it.\n\n"
        "To use it:\n\n"
        "[voice.ears]\n"
        f'wake = "{found.wake}"\n\n'
        "Then let `carpal voice enroll` find how sure it must be of your voice."
    )
