"""`carpal say-to`: what is asked in a sound file, and the answer to it."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from agent.app.brains import Brains
from agent.app.likely import hints
from agent.app.settings import Settings, load
from agent.cli.ask import tell
from agent.cli.root import ConfigOption, JsonOption, carry_out, commands, show
from agent.errors import DeliveryError, ModelError
from agent.ports import Hints, Transcript


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
    """Say *text* in the voice and as loud as *settings* have it; raise DeliveryError."""
    brains = Brains(settings.models, settings.voice)
    try:
        await brains.mouth.load()
        await brains.mouth.say(text, gain=settings.voice.volume)
    finally:
        await brains.close()


async def hear(settings: Settings, file: Path, likely: Hints) -> Transcript:
    """Return what is said in *file*, heard in a worker that ends after; raise ModelError."""
    brains = Brains(settings.models, settings.voice)
    try:
        if brains.transcriber is None:
            raise ModelError("the speech model is not set up: run `carpal models get speech`")
        return await brains.transcriber.transcribe(file, likely)
    finally:
        await brains.close()
