"""`carpal say-to`: what is asked in a sound file, and the answer to it."""

import asyncio
import wave
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, aclosing, contextmanager
from pathlib import Path
from typing import IO, Annotated

import typer

from agent.app import alone, loudness
from agent.app.brains import Brains
from agent.app.clocks import WorldClock
from agent.app.hearing import UNHEARD
from agent.app.house import DATABASE
from agent.app.likely import hints
from agent.app.settings import Settings, load
from agent.cli.ask import tell
from agent.cli.draft import OPTION, beside, unwritable
from agent.cli.root import ConfigOption, JsonOption, carry_out, commands, show
from agent.errors import AgentError, ConfigError, DeliveryError, ModelError
from agent.ports import Hints, Transcript
from agent.voice.speaking import Piece

NO_PIPE = "is no file: how long a WAV file is is written into its beginning at the end"


@commands.command(name="say-to")
def say_to(
    file: Annotated[Path, typer.Argument(help="A sound file in which something is asked.")],
    config: ConfigOption = None,
    json_: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show the answer only.")] = False,
) -> None:
    """Hear a question in a sound file, answer it, and speak the answer."""
    settings = load(config).settings
    likely = hints(carry_out(config, "vocabulary", {}), settings.voice)
    heard = asyncio.run(hear(settings, file, likely))
    if not json_:
        typer.echo(f"heard: {heard.text or '(nothing was said)'}")
    reply = carry_out(config, "ask", {"question": heard.text, "by": "voice"})
    if not json_:
        tell(reply, why=False)
    spoken = not quiet and _speak(settings, str(reply["text"]))
    if json_:
        of_sound = {"heard": heard.text, "audio_s": heard.audio_s, "heard_s": heard.spent_s}
        show({"file": str(file), **of_sound, **reply, "spoken": spoken})


def _speak(settings: Settings, text: str) -> bool:
    """Say *text* aloud; where that cannot be, say why and return False."""
    try:
        asyncio.run(aloud(settings, text))
    except DeliveryError as error:
        typer.echo(f"(not spoken: {error})", err=True)
        return False
    return True


async def aloud(settings: Settings, text: str) -> None:
    """Say *text* in the voice and as loud as *settings* have it, here and now.

    Raise DeliveryError, also where nothing is said aloud.
    """
    gain = await _gain(settings)
    if gain is None:
        raise SilentError("nothing is said aloud here: voice.silent_at has this place")
    brains = Brains(settings.models, settings.voice)
    try:
        await brains.mouth.load()
        await brains.mouth.say(text, gain=gain)
    finally:
        await brains.close()


class SilentError(DeliveryError):
    """The wearer wants silence where they are: that is no failure."""


async def _gain(settings: Settings) -> float | None:
    """Return how loud the daemon would be, by its memory where none runs; else by the clock."""
    if not (settings.store.folder / DATABASE).exists():  # to speak begins no memory
        return loudness.by_hour(settings, WorldClock())
    try:
        gain = (await alone.command(settings, "volume", {}))["gain"]
    except AgentError:  # another command is at it, it needs a passphrase, or the daemon is older
        return loudness.by_hour(settings, WorldClock())
    return gain if isinstance(gain, int | float) else None


async def into(settings: Settings, text: str, out: Path) -> None:
    """Write *text* as speech, in the voice that *settings* have, into the WAV file *out*.

    Raise DeliveryError, or ConfigError where it cannot be written.
    """
    brains = Brains(settings.models, settings.voice)
    try:
        await brains.mouth.load()
        with beside(out) as part, _opened(part.path, out) as file:
            async with aclosing(brains.mouth.sound(text)) as sound:
                await _write(sound, file)
            part.worth = True
    finally:
        await brains.close()


@contextmanager
def _opened(path: Path, out: Path) -> Iterator[IO[bytes]]:
    if path.is_fifo():  # to open one waits until somebody reads it
        raise ConfigError(OPTION, str(out), NO_PIPE)
    try:
        file = path.open("wb")
    except OSError as error:
        raise unwritable(out, error) from error
    with file:
        if not file.seekable():
            raise ConfigError(OPTION, str(out), NO_PIPE)
        yield file


async def _write(sound: AsyncIterator[Piece], file: IO[bytes]) -> None:
    with ExitStack() as stack:
        to: wave.Wave_write | None = None
        async for piece in sound:
            if to is None:
                to = stack.enter_context(wave.open(file, "wb"))
                to.setparams((1, 2, piece.rate_hz, 0, "NONE", ""))
            to.writeframesraw(piece.pcm)
    if to is None:
        raise DeliveryError("there is nothing in it that can be spoken")


async def hear(settings: Settings, file: Path, likely: Hints) -> Transcript:
    """Return what is said in *file*, heard in a worker that ends after; raise ModelError."""
    brains = Brains(settings.models, settings.voice)
    try:
        if brains.transcriber is None:
            raise ModelError(UNHEARD)
        return await brains.transcriber.transcribe(file, likely)
    finally:
        await brains.close()
