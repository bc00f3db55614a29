"""`carpal listen`, `carpal say`, and `carpal voice`: talk to it, and see how it hears."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from agent import control
from agent.app import alone
from agent.app.clocks import WorldClock
from agent.app.listening import Around, Listening
from agent.app.settings import Settings, load
from agent.cli.root import ConfigOption, JsonOption, commands, show
from agent.cli.voice import aloud
from agent.errors import ConfigError, ControlError
from agent.events import Input
from agent.voice.deeds import Called
from agent.voice.ears.listening import NONE
from agent.voice.speaking.espeak import Espeak

voice = typer.Typer(help="The microphone: close it, open it, try it.", rich_markup_mode=None)
commands.add_typer(voice, name="voice")


@commands.command()
def listen(
    config: ConfigOption = None,
    source: Annotated[
        str | None,
        typer.Option(
            help="`microphone`, a sound device, a sound file, or `-`; without the daemon."
        ),
    ] = None,
    wake: Annotated[
        bool, typer.Option("--wake", help="Wait for the wake phrase instead of listening at once.")
    ] = False,
) -> None:
    """Say something and hear the answer: by the daemon's microphone, or by a source of one's own.

    It ends when the question is answered; with --wake when the file does, or at Ctrl-C.
    """
    settings = load(config).settings
    try:
        if source is None and _by_daemon(settings):
            return
        asyncio.run(_alone(settings, source, wake=wake))
    except KeyboardInterrupt:
        typer.echo("")


@commands.command()
def say(
    text: Annotated[str, typer.Argument(help="What is said aloud.")],
    config: ConfigOption = None,
    out: Annotated[Path | None, typer.Option(help="Write it into this WAV file instead.")] = None,
) -> None:
    """Say something aloud, in the voice and as loud as the settings have it."""
    settings = load(config).settings
    if out is not None:
        asyncio.run(Espeak(settings.voice).to_file(text, out))
        return
    asyncio.run(aloud(settings, text))


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
        closed = act == "mute"
        typer.echo("The microphone is closed." if closed else "The microphone is open.")


def _by_daemon(settings: Settings) -> bool:
    """Talk by the daemon's microphone; return whether there is a daemon."""
    folder = settings.control.folder
    reply = control.call(folder, "voice", {"act": "listen"}, part=typer.echo)
    return reply is not None


async def _alone(settings: Settings, source: str | None, *, wake: bool) -> None:
    """Listen without a daemon until one question is answered, or the source ends."""
    source = source or settings.voice.ears.source
    if source == NONE:
        raise ConfigError(
            "voice.ears.source", source, "name one: `carpal listen --source microphone`"
        )
    # A file may be over before a button could be pressed: then every sentence is heard.
    ears = {"source": source, "continuous": not wake}
    own = Settings.model_validate(overlaid(settings.model_dump(), {"voice": {"ears": ears}}))
    heard = own.voice
    async with alone.opened(own) as (pipeline, brains):

        def keep(events: Sequence[Input]) -> None:
            pipeline.bus.publish(events)

        listening = Listening(pipeline, brains, heard, Around(clock=WorldClock(), keep=keep))
        await _watched(listening, wake=wake)


def overlaid(under: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return *under* with the settings of *over* in place of its own."""
    found = dict(under)
    for name, value in over.items():
        inner = isinstance(value, Mapping) and isinstance(found.get(name), dict)
        found[name] = overlaid(found[name], value) if inner else value
    return found


async def _watched(listening: Listening, *, wake: bool) -> None:
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    listening.watch(lines.put_nowait)
    running = asyncio.create_task(listening.run())
    ended = asyncio.create_task(_ended(listening, lines))
    running.add_done_callback(lambda _: lines.put_nowait(None))
    try:
        if not wake:
            await listening.ready()
            listening.conversation.happen(Called("button"))
        begun = False
        while (line := await lines.get()) is not None:
            typer.echo(line)
            begun = begun or line == "listening"
            if begun and line == "idle" and not wake:
                return
    finally:
        for task in (running, ended):
            task.cancel()
        await asyncio.gather(running, ended, return_exceptions=True)


async def _ended(listening: Listening, lines: "asyncio.Queue[str | None]") -> None:
    """Wait until the source has ended and what it asked for is done."""
    await listening.over.wait()
    await listening.conversation.settled()
    lines.put_nowait(None)
