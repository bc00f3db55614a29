"""Each evaluation by its name, with the models that it needs."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.app.brains import USUAL_WPM, Brains
from agent.app.noting import models_of
from agent.app.settings import Settings
from agent.errors import ConfigError, DecodeError, DeliveryError, ModelError
from agent.evaluate import (
    apart,
    fusion_speed,
    grounding,
    hrv,
    illness,
    lived,
    notes,
    places,
    rhythm,
    router,
    skills,
    sleep,
    stress,
    transcripts,
    understanding,
    wording,
)
from agent.evaluate.utterances import decode
from agent.figures import Table, at_least, joined, table
from agent.models import fetch
from agent.models.chat import Chat, chat_worker
from agent.models.worker import Limits, Worker
from agent.ports import LanguageModel
from agent.shipped import shipped
from agent.voice.settings import Settings as VoiceSettings
from agent.voice.speaking import Synthesizer, piper
from agent.voice.speaking.espeak import Espeak

WORDED_AIM = 0.5  # of the sentences of a demo's day: else a model is not worth its battery
HELD_OUT = "heldout/utterances.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What an evaluation may be told."""

    data: Path | None = None
    """The folder with the reference recordings: `stress/`, `speech/` …"""
    file: Path | None = None
    clinc: Path | None = None
    slurp: Path | None = None
    seed: int = 1
    short: bool = False
    persons: tuple[Path, ...] = ()
    """Files of made-up people; those that ship, where none is named."""


def run(name: str, options: Options, settings: Settings) -> Table:
    """Return the table *name*; raise ConfigError, DecodeError or ModelError."""
    if name in BARE:
        return BARE[name](options)
    return asyncio.run(_WAYS[name](options, settings))


def _data(options: Options) -> Path:
    if options.data is None:
        raise ConfigError("--data", "(none)", "this one needs the folder with the recordings")
    return options.data


async def _speech(options: Options, settings: Settings) -> Table:
    async with _brains(settings) as brains:
        if brains.transcriber is None:
            raise ModelError("the speech model is not set up: `carpal models get speech` brings it")
        return await transcripts.evaluate(brains.transcriber, _data(options))


async def _understanding(options: Options, settings: Settings) -> Table:
    async with _brains(settings) as brains:
        return await understanding.evaluate(
            brains.understandings,
            file=options.file,
            clinc=options.clinc,
            slurp=options.slurp,
            data_folder=shipped("heldout").parent,
        )


async def _grounding(options: Options, settings: Settings) -> Table:
    async with _brains(settings) as brains:
        return await grounding.evaluate(brains.words, seed=options.seed, short=options.short)


async def _wording(options: Options, settings: Settings) -> Table:
    async with _brains(settings) as brains, _bare(settings) as bare:
        found = await wording.evaluate(_words(brains), bare, seed=options.seed, short=options.short)
        with tempfile.TemporaryDirectory() as folder:
            worded, every = await lived.worded_share(
                Path(folder), _words(brains), brains.understandings
            )
    share = at_least("worded by the model", worded / every, WORDED_AIM, unit="fraction", n=every)
    return {**found, "figures": [share, *found["figures"]]}


async def _router(options: Options, settings: Settings) -> Table:
    rows = decode(shipped(HELD_OUT).read_bytes(), name=HELD_OUT)
    async with _brains(settings) as brains, _bare(settings) as bare:
        models = router.Models(
            understandings=brains.understandings, words=_words(brains), large=bare
        )
        with tempfile.TemporaryDirectory() as folder:
            return await router.evaluate(models, rows[::5] if options.short else rows, Path(folder))


async def _coaching(options: Options, settings: Settings) -> Table:
    return await apart.coaching(_data(options))


async def _notes(options: Options, settings: Settings) -> Table:
    async with _brains(settings) as brains, _voices(settings) as voices:
        return await notes.evaluate(
            models_of(brains),
            brains.transcriber,
            voices,
            short=options.short,
            command=notes.by_itself,
        )


async def _voice(options: Options, settings: Settings) -> Table:
    """Return all that is about sound: on two cores the others are measured beside the commands.

    Of the others, what lacks its recordings or its model is left out, and why is said.
    """
    data = _data(options)
    if not (data / "speech").is_dir():
        raise ConfigError("--data", str(data), "there is no folder speech in it")
    commands = apart.voice(data, short=options.short)
    found = await asyncio.gather(commands, _besides(data, options, settings))
    return joined("voice", [found[0], *found[1]])


async def _besides(data: Path, options: Options, settings: Settings) -> list[Table]:
    return [
        await _or_why("wake", apart.wake(data)),
        await _or_why("coaching", apart.coaching(data)),
        await _or_why("notes", _notes(options, settings)),
    ]


async def _or_why(name: str, measured: Coroutine[None, None, Table]) -> Table:
    try:
        return await measured
    except (ModelError, DecodeError, DeliveryError) as error:
        return table(name, f"{name} not measured: {error}", 0, ())


@asynccontextmanager
async def _voices(settings: Settings) -> AsyncIterator[dict[str, Synthesizer]]:
    """Hold the voices that are there, the best first."""
    voice = VoiceSettings.model_validate(settings.voice.model_dump() | {"voice": "en-us"})
    espeak: dict[str, Synthesizer] = {"espeak-ng": Espeak(voice)}
    path = fetch.find("voice", fetch.models_folder())
    if path is None:
        yield espeak
        return
    begin = piper.begin(path, speed_wpm=USUAL_WPM, usual_wpm=USUAL_WPM)
    limits = Limits(memory_max_mb=1024, load_s=60, call_s=60)
    worker = Worker("voice", list(piper.COMMAND), begin=begin, limits=limits)
    try:
        yield {"Piper": piper.Piper(worker, language="en-us"), **espeak}
    finally:
        await worker.close()


@asynccontextmanager
async def _brains(settings: Settings) -> AsyncIterator[Brains]:
    brains = Brains(settings.models, settings.voice)
    try:
        yield brains
    finally:
        await brains.close()


@asynccontextmanager
async def _bare(settings: Settings) -> AsyncIterator[LanguageModel]:
    """Hold the packaged chat model as it comes, without the adapter."""
    path = fetch.find("chat", fetch.models_folder())
    if path is None:
        raise ModelError("the chat model is not set up: `carpal models get chat` brings it")
    chat = Chat(chat_worker(path, settings.models, name="bare"))
    try:
        yield chat
    finally:
        await chat.worker.close()


def _words(brains: Brains) -> LanguageModel:
    if brains.words is None:
        raise ModelError("the chat model is not set up: `carpal models get chat` brings it")
    return brains.words


BARE: dict[str, Callable[[Options], Table]] = {
    "hrv": lambda options: hrv.evaluate(_data(options)),
    "stress": lambda options: stress.evaluate(_data(options)),
    "sleep": lambda options: sleep.evaluate(_data(options)),
    "illness": lambda options: illness.evaluate(_data(options)),
    "rhythm": lambda options: rhythm.evaluate(_data(options), options.seed),
    "places": lambda options: places.evaluate(options.seed, short=options.short),
    "skills": lambda options: skills.evaluate(
        options.seed, paths=options.persons, short=options.short
    ),
    "fusion-speed": lambda options: fusion_speed.evaluate(options.seed, short=options.short),
}
"""Those that need no model."""
_WAYS: dict[str, Callable[[Options, Settings], Coroutine[None, None, Table]]] = {
    "speech": _speech,
    "notes": _notes,
    "coaching": _coaching,
    "understanding": _understanding,
    "grounding": _grounding,
    "wording": _wording,
    "router": _router,
    "wake": lambda options, _: apart.wake(_data(options)),
    "voice": _voice,
}
