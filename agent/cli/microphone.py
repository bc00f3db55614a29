"""`carpal voice`: close the microphone, open it, see how it hears."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from agent import control
from agent.app.enrolling import Enrolling, heard, keep, shown
from agent.app.settings import load
from agent.app.voice_trial import Trial
from agent.cli.listen import hearing
from agent.cli.root import ConfigOption, JsonOption, commands, show
from agent.errors import ControlError

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
    json_: JsonOption = False,
) -> None:
    """Learn from your own voice how sure the wake phrase must be.

    What you say is scored and forgotten; the threshold is kept beside the memory, and used where
    `voice.ears.threshold` is not set.
    """
    settings = hearing(load(config).settings, source, {"continuous": True, "loudness_s": 0})
    learning = Enrolling(settings, tell=(lambda _: None) if json_ else typer.echo)
    found = asyncio.run(learning.run(trials))
    path = keep(settings.store.folder, found)
    if json_:
        show(shown(found))
        return
    count = heard(found.trials, found.threshold)
    typer.echo(f"{found.phrase!r} wakes above {found.threshold:.2f}: {count} of your trials do")
    typer.echo(f"(kept in {path})")
