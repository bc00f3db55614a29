"""The figures of `carpal evaluate voice`: spoken commands, their words, and other languages.

`python -m agent.evaluate.voice DATA whole|short` prints them; `apart` starts it.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.ask.explain_paths import Pronounce
from agent.errors import DecodeError, ModelError
from agent.evaluate import voice_commands, voice_lamp, voice_words
from agent.evaluate.apart import SHORT
from agent.evaluate.voice_commands import HALVES, Said, Tried, explainer
from agent.evaluate.voice_sounds import CLEAN, NOISE, conditions, labels
from agent.figures import Figure, Table, table
from agent.models import fetch
from agent.models.worker import Limits, Worker
from agent.ports import Hints, Transcriber
from agent.voice import transcriber
from agent.voice.pronounced import Pronunciations
from agent.voice.settings import Settings
from agent.voice.transcriber import SPHINX_COMMAND, Sphinx, Whisper

EVERY_SHORT = 10
EVERY_OTHER = 5  # for the others a share of the recordings must do: they are slow
COMMANDS = Path("speech") / "commands"
Slots = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """What hears."""

    whisper: Whisper
    many: Whisper | None
    """The multilingual model, where it is set up."""
    sphinx: Sphinx
    pronounce: Pronounce


async def evaluate(models: Models, data: Path, *, short: bool) -> Table:
    """Return the figures over *data*; raise ModelError or DecodeError."""
    wanted = labels(data / COMMANDS)
    names = list(wanted)[:: EVERY_SHORT if short else 1]
    figures = await _orders(models, data, {name: wanted[name] for name in names})
    figures += await voice_words.read_sentences(models.whisper, data, voice_words.DEFAULT)
    some = {name: wanted[name] for name in names[:: 1 if short else EVERY_OTHER]}
    figures += await _plainly(models.whisper, data, some, voice_words.DEFAULT)
    if models.many is not None:
        figures += await _plainly(models.many, data, some, "base")
        figures += await voice_words.read_sentences(models.many, data, "base")
        figures += await voice_lamp.translated(models.many, data, models.pronounce)
    return table("voice", str(data), len(names), figures)


async def _orders(models: Models, data: Path, wanted: Mapping[str, Slots]) -> list[Figure]:
    explained = explainer(models.pronounce)
    silence = bytes(3200)  # what is loaded at the first call is not timed
    await models.whisper.transcribe(silence)
    await models.sphinx.transcribe(silence, Hints(grammars=explained.grammars))
    tried: list[Tried] = []
    alone: list[Tried] = []
    for place, name in enumerate(wanted):
        for condition, sound in conditions(data / COMMANDS / name, data / NOISE).items():
            said = Said(condition, wanted[name], sound, HALVES[place % 2])
            ears = models.whisper, models.sphinx
            tried.append(await voice_commands.by_ear(explained, *ears, said))
            if place % EVERY_OTHER == 0:
                alone.append(await voice_commands.by_sphinx(explained, models.sphinx, said))
    heard = [(one.condition, one.wanted, one.text) for one in tried]
    return [
        *voice_commands.figures(tried),
        *voice_commands.beside(alone, "pocketsphinx"),
        *voice_words.commands(heard, "tiny.en, primed"),
    ]


async def _plainly(
    ear: Transcriber, data: Path, wanted: Mapping[str, Slots], model: str
) -> list[Figure]:
    """Return the error rate of the orders' words, heard without any hint."""
    heard = []
    for name in wanted:
        for condition, sound in conditions(data / COMMANDS / name, data / NOISE).items():
            if condition in (CLEAN, "6 dB"):
                heard.append((condition, wanted[name], (await ear.transcribe(sound)).text))
    return voice_words.commands(heard, f"{model}, not primed")


@asynccontextmanager
async def opened() -> AsyncIterator[Models]:
    """Hold the models, each in its worker, on one thread; raise ModelError where one lacks."""
    folder = fetch.models_folder()
    speech, many = fetch.find("speech", folder), fetch.find("speech_many", folder)
    if speech is None:
        raise ModelError("the speech model is not set up: `carpal models get speech` brings it")
    async with AsyncExitStack() as stack:
        whisper = Whisper(_worker(stack, speech))
        base = None if many is None else Whisper(_worker(stack, many))
        sphinx = Sphinx(_worker(stack, Path(), SPHINX_COMMAND))
        pronounce = Pronunciations().of
        yield Models(whisper=whisper, many=base, sphinx=sphinx, pronounce=pronounce)


def _worker(
    stack: AsyncExitStack, folder: Path, command: tuple[str, ...] = transcriber.COMMAND
) -> Worker:
    begin = transcriber.begin(folder, Settings(threads=1))
    worker = Worker("speech", command, begin=begin, limits=Limits(load_s=60, call_s=120))
    stack.push_async_callback(worker.close)
    return worker


async def _run(data: Path, *, short: bool) -> Table:
    async with opened() as models:
        return await evaluate(models, data, short=short)


def main() -> None:
    """Print the table of the folder and the length that the arguments name."""
    data, length = sys.argv[1:]
    try:
        found = asyncio.run(_run(Path(data), short=length == SHORT))
    except (ModelError, DecodeError) as error:
        sys.exit(str(error))
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
