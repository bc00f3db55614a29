"""`carpal listen` and `carpal say`: talk to it, and let it talk."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from agent import control
from agent.app import alone
from agent.app.clocks import WorldClock
from agent.app.enrolling import learned
from agent.app.listening import Around, Listening
from agent.app.pressed import hears
from agent.app.settings import Settings, load
from agent.cli.root import ConfigOption, commands
from agent.cli.voice import aloud
from agent.errors import ConfigError
from agent.events import Input
from agent.voice.deeds import Called
from agent.voice.ears.listening import NONE
from agent.voice.speaking.espeak import Espeak

START_S_MAX = 20.0


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


def _by_daemon(settings: Settings) -> bool:
    """Talk by the daemon's microphone; return whether there is a daemon."""
    folder = settings.control.folder
    reply = control.call(folder, "voice", {"act": "listen"}, part=typer.echo)
    return reply is not None


async def _alone(settings: Settings, source: str | None, *, wake: bool) -> None:
    """Listen without a daemon until one question is answered, or the source ends."""
    # A file may be over before a button could be pressed: then every sentence is heard.
    own = hearing(settings, source, {"continuous": not wake})
    heard = learned(own)
    async with alone.opened(own) as (pipeline, brains):

        def keep(events: Sequence[Input]) -> None:
            pipeline.bus.publish(events)

        listening = Listening(
            pipeline, brains, heard, Around(clock=WorldClock(), keep=keep, store=own.store.folder)
        )
        await _watched(listening, wake=wake)


def hearing(settings: Settings, source: str | None, ears: Mapping[str, Any]) -> Settings:
    """Return *settings* that listen to *source*, with *ears* in place of their own.

    Raise ConfigError where there is nothing to listen to.
    """
    source = source or settings.voice.ears.source
    if source == NONE:
        reason = "say what to listen to: `--source microphone`"
        raise ConfigError("voice.ears.source", source, reason)
    told = settings.model_dump()
    told["voice"]["ears"] |= {**ears, "source": source}
    return Settings.model_validate(told)


async def _watched(listening: Listening, *, wake: bool) -> None:
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    listening.watch(lines.put_nowait)
    running = asyncio.create_task(listening.run())
    ended = asyncio.create_task(_ended(listening, lines))
    running.add_done_callback(lambda _: lines.put_nowait(None))
    try:
        if not wake:
            await hears(listening, START_S_MAX)
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
