"""`carpal evaluate coaching`: the pace of read sentences, how soon one is touched, fillers found.

Real people read four sentences (`speech/read`), and their pace is that of the transcript over the
time in which there is a voice.  How soon a cue comes is measured in the sound's own time: a voice
that spoke slowly (espeak-ng's 100) speaks at 260 from one sentence to the next; the limit is 160.
"""

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from agent.errors import AgentError, ModelError
from agent.evaluate import dialogues
from agent.evaluate.words import words
from agent.figures import Figure, Table, against, at_least, at_most, shown, table
from agent.models import fetch
from agent.models.worker import Limits, Worker
from agent.ports import Hints, Transcriber, Transcript
from agent.signals import SPEECH_RATE
from agent.voice import transcriber
from agent.voice.coaching.coach import Coach
from agent.voice.coaching.delivery import delivery
from agent.voice.coaching.fillers import PROMPT, fillers
from agent.voice.coaching.nuclei import Nuclei
from agent.voice.pronounced import Pronunciations
from agent.voice.settings import Settings
from agent.voice.sound import RATE_HZ, Samples, read_sound
from agent.voice.speaking.espeak import Espeak

ERROR_AIM = 0.05
CUE_AIM_S = 2.0
FILLERS_AIM = 0.6  # a coach who misses most of them is none
LIMIT_WPM, SLOW_WPM, FAST_WPM = 160, 100, 260  # espeak-ng's own: its 100 are 112 to 131 here
EARS_S = 0.8  # how often the ears tell of an unfinished sentence
FILE_MAX_MB, AUDIO_MAX_S = 200, 900.0
SPEED_WPM = 160
VOICED_SHARE = 0.02  # of the loudest sample: the ear's own way to see where a voice begins
VOICES = ("en-us", "en-gb", "en-us+f3", "en-us+m7")
TALKS = (
    (
        "We come together every morning at nine to see who does what. Most of it takes five "
        "minutes, and nobody has to stand up. If something takes longer, two of us stay for it."
    ),
    (
        "The road along the coast was closed after the storm, so we went through the hills. It "
        "took us four hours, but we saw a castle, a lake, and more sheep than anyone could count."
    ),
    (
        "My grandmother never wrote down a recipe. She put in a hand of flour, some butter and a "
        "little salt, and when we asked how much, she said that the dough would tell us."
    ),
)
FILLED = (
    ("Um, so I think, uh, the plan is good. We, er, need, you know, more time.", 4),
    ("And, um, it was, like, a long week. Uh, that is all for today.", 3),
    ("We should, uh, call them on Monday, and, um, ask again. I, er, will do it.", 3),
)


@dataclass(frozen=True, slots=True)
class Read:
    """One recording, and what was measured of it."""

    name: str
    told_wpm: float
    live_wpm: float
    true_wpm: float
    seconds: float


async def evaluate(transcriber: Transcriber, data: Path) -> Table:
    """Return the figures over `read/` in *data*/speech; raise ModelError."""
    folder = data / "speech" / "read"
    told = sorted(path for path in folder.glob("*.wav") if path.with_suffix(".txt").is_file())
    if not told:
        raise ModelError(f"there are no recordings with transcripts in {folder}")
    read = [await _read(transcriber, path) for path in told]
    figures = _pace(read)
    if shutil.which("espeak-ng"):
        waits = [wait async for wait in delays()]
        figures += [
            at_most("cue after a limit is passed", max(waits), CUE_AIM_S, unit="s", n=len(waits)),
            shown("cue, mean", float(np.mean(waits)), unit="s", n=len(waits), group="espeak-ng"),
            await false_touches(),
            await _fillers(transcriber),
            *await dialogues.figures(_usually),
        ]
    return table("coaching", str(folder), len(read), figures)


def _pace(read: Sequence[Read]) -> list[Figure]:
    true = sum(one.true_wpm * one.seconds for one in read)
    error = abs(sum(one.told_wpm * one.seconds for one in read) / true - 1)
    live = abs(sum(one.live_wpm * one.seconds for one in read) / true - 1)
    count = len(read)
    figures = [
        at_most("words per minute", error, ERROR_AIM, unit="off, as a fraction", n=count),
        shown("while speaking, error", live, unit="fraction", n=count, group="by nuclei"),
    ]
    for one in read:
        figure = shown("pace", one.told_wpm, unit="wpm", n=1, group=one.name)
        figures.append(against(figure, one.true_wpm))
    return figures


async def _read(transcriber: Transcriber, path: Path) -> Read:
    samples = read_sound(path, file_max_mb=FILE_MAX_MB, audio_max_s=AUDIO_MAX_S)
    heard = await transcriber.transcribe(path, Hints(words=True))
    nuclei = Nuclei()
    found, spoken_s = nuclei.feed(_pcm(samples))
    told = delivery(heard.words, Pronunciations().of, spoken_s=nuclei.span_s)
    voiced = np.flatnonzero(np.abs(samples) > VOICED_SHARE * np.max(np.abs(samples)))
    seconds = float(voiced[-1] - voiced[0]) / RATE_HZ
    said = len(words(await asyncio.to_thread(path.with_suffix(".txt").read_text, "utf-8")))
    live_wpm = 60 * len(found) * Coach().words_per_nucleus / max(spoken_s, 1e-9)
    return Read(path.stem, told.rate_wpm, live_wpm, 60 * said / seconds, seconds)


async def delays() -> AsyncIterator[float]:
    """Yield how much fast speech it took until the limit was seen to be passed."""
    for voice in VOICES:
        for place, text in enumerate(TALKS):
            before = (TALKS[place - 1], TALKS[place - 2])
            yield await _delay(voice, before, text)


async def _delay(voice: str, before: Sequence[str], text: str) -> float:
    coach, at = Coach(), datetime(2026, 1, 1, tzinfo=UTC)
    for one in before:
        slow = await _spoken(one, voice, SLOW_WPM)
        coach.begin()
        for end in _ends(slow):
            coach.goes_on(slow[:end], at=at)
        coach.heard(_transcript(one, slow), at=at)
    fast = await _spoken(text, voice, FAST_WPM)
    coach.begin()
    for end in _ends(fast):
        seconds = end / (2 * RATE_HZ)
        for sample in coach.goes_on(fast[:end], at=at + timedelta(seconds=seconds)):
            if sample.signal == SPEECH_RATE.id and sample.value > LIMIT_WPM:
                return seconds
    return len(fast) / (2 * RATE_HZ)


async def false_touches() -> Figure:
    """Return the share of samples above the limit while a voice speaks well below it."""
    above = list[bool]()
    for voice in VOICES:
        coach, at = Coach(), datetime(2026, 1, 1, tzinfo=UTC)
        for text in TALKS:
            pcm = await _spoken(text, voice, SLOW_WPM)
            coach.begin()
            for end in _ends(pcm):
                above += [one.value > LIMIT_WPM for one in coach.goes_on(pcm[:end], at=at)]
            coach.heard(_transcript(text, pcm), at=at)
    share = sum(above) / max(1, len(above))
    return shown(
        "above the limit, slow speech", share, unit="fraction", n=len(above), group="espeak-ng"
    )


async def _fillers(transcriber: Transcriber) -> Figure:
    """Return the share of fillers that are found; the baseline is without the prompt."""
    shares = []
    for prompt in (PROMPT, ""):
        found = 0
        for voice in VOICES[:2]:
            for text, count in FILLED:
                pcm = await _spoken(text, voice, 140)
                heard = await transcriber.transcribe(pcm, Hints(prompt=prompt))
                found += min(count, len(fillers(heard.text)))
        shares.append(found / (2 * sum(count for _, count in FILLED)))
    count = 2 * sum(count for _, count in FILLED)
    found_share = at_least("fillers found", shares[0], FILLERS_AIM, unit="fraction", n=count)
    return against(found_share, shares[1])


def _ends(pcm: bytes) -> range:
    step = int(EARS_S * RATE_HZ) * 2
    return range(step, len(pcm) + 1, step)


def _transcript(text: str, pcm: bytes) -> Transcript:
    return Transcript(text=text, audio_s=len(pcm) / 32_000, spent_s=0.0, language="en")


async def _spoken(text: str, voice: str, speed_wpm: int) -> bytes:
    """Return *text* at 16 kHz as espeak-ng says it, without the silence before it."""
    parts, rate_hz = [], RATE_HZ
    speech = Espeak(Settings(voice=voice, speed_wpm=speed_wpm))
    async for piece in speech.sound(text):
        parts.append(piece.pcm)
        rate_hz = piece.rate_hz
    whole = np.frombuffer(b"".join(parts), dtype="<i2")
    places = np.arange(int(len(whole) * RATE_HZ / rate_hz)) * rate_hz / RATE_HZ
    resampled = np.interp(places, np.arange(len(whole)), whole)
    loud = np.flatnonzero(np.abs(resampled) > 300)
    return bytes(resampled[loud[0] :].astype("<i2").tobytes())


async def _usually(text: str, voice: str) -> bytes:
    return await _spoken(text, voice, SPEED_WPM)


def _pcm(samples: Samples) -> bytes:
    return bytes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


async def _run(data: Path) -> Table:
    folder = fetch.find("speech", fetch.models_folder())
    if folder is None:
        raise ModelError("the speech model is not set up: run `carpal models get speech`")
    begin = transcriber.begin(folder, Settings(threads=1))
    limits = Limits(load_s=60, call_s=120)
    worker = Worker("speech", transcriber.COMMAND, begin=begin, limits=limits)
    try:
        return await evaluate(transcriber.Whisper(worker), data)
    finally:
        await worker.close()


def main() -> None:
    """Print the table of the folder that the argument names."""
    (data,) = sys.argv[1:]
    try:
        found = asyncio.run(_run(Path(data)))
    except AgentError as error:
        sys.exit(str(error))
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
