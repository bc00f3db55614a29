"""From the end of a spoken question to the first sound of its answer, and what our worker adds.

The question is pushed to the ears as a microphone would send it, in real time; the answer goes to
a program that stands for the loudspeaker and notes when its first sample arrives.
"""

import asyncio
import os
import stat
import sys
import tempfile
import time
from array import array
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from agent.app import alone
from agent.app.clocks import WorldClock
from agent.app.hearing import UNHEARD
from agent.app.house import secret_of
from agent.app.listening import Around, Listening
from agent.app.settings import Settings, load
from agent.bench import listening
from agent.bench.morning import morning
from agent.bench.stage import until
from agent.errors import ConfigError, DeliveryError, ModelError
from agent.events import Answered, Event
from agent.figures import Figure, Table, at_most, joined, percentile, shown, table
from agent.models import fetch
from agent.ports import Hints
from agent.voice.deeds import Called
from agent.voice.settings import Settings as VoiceSettings
from agent.voice.speaking.espeak import Espeak

QUESTIONS = {
    "Tell me my heart rate.": "body.measured",
    "How many steps did I walk today?": "body.measured",
    "When is my next meeting?": "morning.next_meeting",
    "What time is it?": "clock.tell",
    "What do I need to buy?": "grocery.on_the_list",
}
"""By the tool that answers."""
COMMANDS = {
    "What is my heart rate?": "body.measured",
    "When is my next meeting?": "morning.next_meeting",
    "What time is it?": "clock.tell",
    "What is on my shopping list?": "grocery.on_the_list",
}
"""The same of what pocketsphinx hears: examples of the tools, to the letter."""
SPHINX = "pocketsphinx"
ROUNDS = 4
RATE_HZ = 16_000
BLOCK_S = 0.08  # as a sound device hands it over
QUIET = 300  # of 32,768: below that espeak-ng is silent
TAIL_S = 3.0
P95_S_MAX = 1.2
SPHINX_S_MAX = 0.7
OVERHEAD_MAX = 0.05
BARE_ROUNDS = 9
LOUDSPEAKER = """#!{python}
import os, sys, time
first = os.read(0, 1)
if first:
    with open({note!r}, "a") as note:
        note.write(f"{{time.monotonic()}}\\n")
while os.read(0, 65536):
    pass
"""


def run(short: bool) -> Table:
    """Return how long an answer takes, and what listening costs; raise ModelError without a model.

    Where nothing can be played to a microphone, what listening costs is left out, and why is said.
    """
    answered = asyncio.run(_measure(short))
    try:
        listened = listening.run(short)
    except (ConfigError, DeliveryError, ModelError) as error:
        return {**answered, "data": f"{answered['data']}; listening is not measured: {error}"}
    return joined("voice", (answered, listened))


async def _measure(short: bool) -> Table:
    rounds = 1 if short else ROUNDS
    with tempfile.TemporaryDirectory(prefix="carpal-") as name:
        folder = Path(name)
        asked = await _asked(folder / "whisper", rounds, "default")
        commands = await _asked(folder / "sphinx", rounds, SPHINX)
        overhead = await _overhead(folder, 2 if short else BARE_ROUNDS)
    cold, *spent = asked.waits
    count = len(spent)
    figures: list[Figure] = [
        at_most(
            "end of speech to first sound", percentile(spent, 0.95), P95_S_MAX, unit="s", n=count
        ),
        shown("p50", percentile(spent, 0.5), unit="s", n=count),
        at_most("by pocketsphinx", percentile(commands.waits[1:], 0.95), SPHINX_S_MAX, unit="s",
                n=len(commands.waits) - 1),
        shown("first question, all models unloaded", cold, unit="s", n=1),
        *_understood("tiny.en", asked),
        *_understood(SPHINX, commands),
        overhead,
    ]  # fmt: skip
    data = (
        f"{count} questions by espeak-ng, 2 to 3 s each, at the pace of a microphone, about a "
        "morning that is known; p95; with pocketsphinx no model words the answer"
    )
    return table("voice", data, count, figures)


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of all questions."""

    waits: Sequence[float]
    """From each question's last voiced sample to its answer's first one, in seconds."""
    answers: Sequence[Answered]
    right: Sequence[bool]


def _understood(group: str, asked: Asked) -> Iterator[Figure]:
    """Yield how many were answered by the right tool, and how many a model worded."""
    count = len(asked.right)
    worded = sum(one.wording == "model" for one in asked.answers) / max(1, len(asked.answers))
    yield shown("understood", sum(asked.right) / count, unit="fraction", n=count, group=group)
    yield shown("worded by a model", worded, unit="fraction", n=count, group=group)


@dataclass(frozen=True, slots=True)
class Note:
    """Where the loudspeaker writes when its first sample came."""

    path: Path

    def forget(self) -> None:
        """Begin anew."""
        self.path.unlink(missing_ok=True)

    @property
    def is_written(self) -> bool:
        """Return whether it has come."""
        return self.path.exists() and self.path.read_text().endswith("\n")

    @property
    def first_s(self) -> float:
        """Return when, by this machine's monotonic clock."""
        return float(self.path.read_text().split()[0])


async def _asked(folder: Path, rounds: int, model: str) -> Asked:
    """Ask every question so often."""
    note = Note(_made(folder) / "first")
    waits, answers, right = list[float](), list[Answered](), list[bool]()
    async with _listening(folder, note.path, model, answers) as listening:
        for _ in range(rounds):
            for question, tool in (COMMANDS if model == SPHINX else QUESTIONS).items():
                answers_before = len(answers)
                waits.append(await _answered(listening, await _spoken(question), note))
                right.append([one.tool for one in answers[answers_before:]] == [tool])
    return Asked(waits, answers, right)


@asynccontextmanager
async def _listening(
    folder: Path, note: Path, model: str, answers: list[Answered]
) -> AsyncIterator[Listening]:
    """Give a carpal that hears what is pushed, speaks into a note, and has lived a morning."""
    if fetch.find("speech", fetch.models_folder()) is None:
        raise ModelError(UNHEARD)
    settings = _settings(folder, model)
    programs = _loudspeaker(folder, note)
    kept = {name: os.environ.get(name) for name in ("PATH", "PULSE_SERVER", "XDG_RUNTIME_DIR")}
    os.environ["PATH"] = f"{programs}{os.pathsep}{kept['PATH'] or ''}"
    for name in ("PULSE_SERVER", "XDG_RUNTIME_DIR"):
        os.environ.pop(name, None)
    try:
        async with alone.opened(settings) as (pipeline, brains):
            store = settings.store.folder
            secret = partial(secret_of, store)
            around = Around(
                clock=WorldClock(), keep=pipeline.bus.publish, store=store, secret=secret
            )
            await pipeline.persist([*morning(WorldClock().now())])
            pipeline.bus.listen(partial(_gather, answers))
            listening = Listening(pipeline, brains, settings.voice, around)
            running = asyncio.create_task(listening.run())
            try:
                await listening.ready()
                yield listening
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
    finally:
        for name, value in kept.items():
            if value is not None:
                os.environ[name] = value


def _gather(answers: list[Answered], event: Event) -> None:
    if isinstance(event, Answered):
        answers.append(event)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _settings(folder: Path, model: str = "default") -> Settings:
    config = folder / "carpal.toml"
    where = str(folder / "store")
    # What is too small for Whisper is too small for a model that words.
    small = '[models]\nwords = "none"\nchat = "none"\n' if model == SPHINX else ""
    config.write_text(
        f"[store]\nfolder = '{where}'\n[control]\nfolder = '{where}'\n"
        f"{small}[policy]\nquiet_from = 00:00:00\nquiet_until = 00:00:00\n"
        f'[voice]\nmodel = "{model}"\n[voice.ears]\nsource = "mqtt"\nwake = "none"\npartial_s = 0\n'
    )
    return load(config, {}).settings


def _loudspeaker(folder: Path, note: Path) -> Path:
    programs = folder / "programs"
    programs.mkdir()
    program = programs / "aplay"
    program.write_text(LOUDSPEAKER.format(python=sys.executable, note=str(note)))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return programs


async def _spoken(text: str) -> "array[int]":
    """Return *text* at 16 kHz without silence at its end."""
    samples, rate_hz = array("h"), RATE_HZ
    async for piece in Espeak(VoiceSettings(voice="en-us")).sound(text):
        samples.frombytes(piece.pcm)
        rate_hz = piece.rate_hz
    length = len(samples) * RATE_HZ // rate_hz
    at = (samples[place * rate_hz // RATE_HZ] for place in range(length))
    found = array("h", at)
    while found and abs(found[-1]) < QUIET:
        found.pop()
    return found


async def _answered(listening: Listening, voiced: "array[int]", note: "Note") -> float:
    """Say *voiced* at the pace it was spoken, and return how long the answer took to begin."""
    note.forget()
    listening.conversation.happen(Called("button"))
    before = array("h", bytes(RATE_HZ))  # half a second
    whole = before + voiced + array("h", bytes(2 * int(TAIL_S * RATE_HZ)))
    begun_s, step = time.monotonic(), int(BLOCK_S * RATE_HZ)
    for place in range(0, len(whole), step):
        block = whole[place : place + step]
        await asyncio.sleep(begun_s + (place + len(block)) / RATE_HZ - time.monotonic())
        listening.push("bench", block.tobytes())
        if note.is_written:
            break
    await until(lambda: note.is_written, "the answer")
    await listening.conversation.settled()
    listening.push("bench", b"")
    return note.first_s - (begun_s + (len(before) + len(voiced)) / RATE_HZ)


async def _overhead(folder: Path, rounds: int) -> Figure:
    """Return how much longer our worker takes than faster-whisper alone, on one recording."""
    recording = folder / "question.wav"
    await Espeak(VoiceSettings(voice="en-us")).to_file(" ".join(QUESTIONS), recording)
    model = fetch.find("speech", fetch.models_folder())
    async with alone.opened(_settings(folder)) as (_, brains):
        if model is None or brains.transcriber is None:
            raise ModelError(UNHEARD)
        bare = await _Bare.begun(model, recording)
        ours_s, bare_s = list[float](), list[float]()
        try:
            for _ in range(rounds + 1):
                begun_s = time.perf_counter()
                await brains.transcriber.transcribe(recording, Hints())
                ours_s.append(time.perf_counter() - begun_s)
                bare_s.append(await bare.once())
        finally:
            await bare.end()
    ours, alone_s = (percentile(one[1:], 0.5) for one in (ours_s, bare_s))
    value = ours / alone_s - 1
    return at_most("overhead over bare faster-whisper", value, OVERHEAD_MAX, unit="share", n=rounds)


class _Bare:
    """faster-whisper in a process of its own, without anything of ours."""

    def __init__(self, child: asyncio.subprocess.Process) -> None:
        self._child = child

    @classmethod
    async def begun(cls, model: Path, recording: Path) -> "_Bare":
        pipe = asyncio.subprocess.PIPE
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "agent.voice.bare", str(model), str(recording)),
            stdin=pipe,
            stdout=pipe,
        )
        return cls(child)

    async def once(self) -> float:
        """Return how long one transcription took it, in seconds."""
        if self._child.stdin is None or self._child.stdout is None:
            raise ModelError("faster-whisper did not start")
        self._child.stdin.write(b"\n")
        await self._child.stdin.drain()
        line = await self._child.stdout.readline()
        if not line:
            raise ModelError("faster-whisper ended")
        return float(line)

    async def end(self) -> None:
        if self._child.returncode is None:
            self._child.kill()
        await self._child.wait()
