"""`carpal listen` and `carpal say`: talk to it, and let it talk."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Annotated, Any

import typer

from agent import control
from agent.app import alone
from agent.app.clocks import WorldClock
from agent.app.enrolling import learned
from agent.app.hearing import UNHEARD
from agent.app.house import secret_of
from agent.app.listening import Around, Listening
from agent.app.pressed import hears
from agent.app.settings import Settings, load
from agent.cli.root import ConfigOption, commands
from agent.cli.voice import SilentError, aloud, into
from agent.errors import ConfigError, DeliveryError, ModelError
from agent.events import Input
from agent.voice.deeds import Called
from agent.voice.ears.listening import NONE

START_S_MAX = 20.0
PLACES = ("/", "./", "../", "~")
SOUNDS = frozenset(
    ".3gp .aac .ac3 .aif .aiff .amr .ape .avi .caf .flac .flv .m4a .m4b .m4v .mka .mkv .mov"
    " .mp2 .mp3 .mp4 .mpeg .mpg .oga .ogg .ogv .opus .spx .wav .wave .weba .webm .wma".split()
)
"""The names of devices have points and slashes in them too, but end with none of these."""


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
    if not text.strip():
        raise DeliveryError("there is nothing to say: the text is blank")
    settings = load(config).settings
    if out is not None:
        asyncio.run(into(settings, text, out))
        return
    try:
        asyncio.run(aloud(settings, text))
    except SilentError as error:
        typer.echo(f"(not spoken: {error})")


def _by_daemon(settings: Settings) -> bool:
    """Talk by the daemon's microphone; return whether there is a daemon."""
    folder = settings.control.folder
    reply = control.call(folder, "voice", {"act": "listen"}, part=typer.echo)
    return reply is not None


async def _alone(settings: Settings, source: str | None, *, wake: bool) -> None:
    """Listen without a daemon until one question is answered, or the source ends.

    Raise ModelError where nothing could be heard, or nothing of it understood.
    """
    # A file may be over before a button could be pressed: then every sentence is heard.
    own = hearing(settings, source, {"continuous": not wake})
    heard = learned(own)
    async with alone.opened(own) as (pipeline, brains):
        if brains.transcriber is None:
            raise ModelError(UNHEARD)

        def keep(events: Sequence[Input]) -> None:
            pipeline.bus.publish(events)

        store = own.store.folder
        secret = cache(partial(secret_of, store))  # a passphrase is stretched once, if ever
        around = Around(clock=WorldClock(), keep=keep, store=store, secret=secret)
        listening = Listening(pipeline, brains, heard, around)
        await Watch(listening, wake=wake).run()


def hearing(settings: Settings, source: str | None, ears: Mapping[str, Any]) -> Settings:
    """Return *settings* that listen to *source*, with *ears* in place of their own.

    Raise ConfigError where there is nothing to listen to, ModelError for a file that is not there.
    """
    source = source or settings.voice.ears.source
    if source == NONE:
        reason = "say what to listen to: `--source microphone`"
        raise ConfigError("voice.ears.source", source, reason)
    if _is_path(source) and not Path(source).is_file():
        raise ModelError(
            f"{source} is no file" if Path(source).exists() else f"there is no file {source}"
        )
    told = settings.model_dump()
    told["voice"]["ears"] |= {**ears, "source": source}
    return Settings.model_validate(told)


def _is_path(source: str) -> bool:
    """Return whether *source* can only be a file: the names of devices are different."""
    return source.startswith(PLACES) or Path(source).suffix.lower() in SOUNDS


class Watch:
    """Shows what goes on, and knows how it went."""

    def __init__(self, listening: Listening, *, wake: bool) -> None:
        self._listening, self._wake = listening, wake
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._opened = self._begun = self._heard = False
        self._fault = ""
        """Why nothing was heard, or nothing of it understood."""

    async def run(self) -> None:
        """Show it until one question is answered, or the source ends; raise ModelError."""
        self._listening.watch(self._lines.put_nowait)
        works = [self._listening.run(), self._ended(), *([] if self._wake else [self._press()])]
        tasks = [asyncio.create_task(work) for work in works]
        for task in tasks:
            task.add_done_callback(self._done)
        try:
            await self._show()
        finally:
            for task in tasks:
                task.cancel()
            found = await asyncio.gather(*tasks, return_exceptions=True)
        if self._fault:
            raise ModelError(self._fault)
        for error in (one for one in found if isinstance(one, Exception)):
            raise error
        if not self._heard and not self._wake:
            typer.echo("(nothing was said)")

    async def _show(self) -> None:
        while (line := await self._lines.get()) is not None:
            typer.echo(line)
            self._take(line)
            if self._is_over(line):
                return

    def _take(self, line: str) -> None:
        told, _, reason = line.partition(": ")
        match told:
            case "microphone open":
                self._opened = True
            case "microphone lost" | "not understood" if not self._heard:
                self._fault = reason
            case "heard":
                self._heard, self._fault = True, ""
            case "listening":
                self._begun = True
            case _:
                pass

    def _is_over(self, line: str) -> bool:
        if line.startswith("microphone lost") and not self._opened:  # it may never come
            return True
        return not self._wake and self._begun and line == "idle"

    async def _press(self) -> None:
        await hears(self._listening, START_S_MAX)
        self._listening.conversation.happen(Called("button"))

    async def _ended(self) -> None:
        """Wait until the source has ended and what it asked for is done."""
        await self._listening.over.wait()
        await self._listening.conversation.settled()
        self._lines.put_nowait(None)

    def _done(self, task: "asyncio.Task[None]") -> None:
        """Go on no longer where a part of it has failed."""
        if task.cancelled() or task.exception() is not None:
            self._lines.put_nowait(None)
