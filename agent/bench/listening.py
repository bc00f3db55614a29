"""Listening: what the ears take in a quiet room, and while somebody talks.

The microphone is that of a PulseAudio of our own (see `room`), heard by PortAudio as any other.
"over the daemon" is the whole memory of the child: the daemon itself only reads its events.

Wake-ups are told by who wakes: our loop takes one for each block of 128 ms, PortAudio's thread a
little more, and the sound server's library (libpulse, under ALSA) half of all: for each block it
reads, hands over a lock and asks for the time.  Blocks of 96 ms took 46 to 60 a second in all;
asking PortAudio by a timer instead would take 29, but lose sound without a word where this
process waits 0.3 s for a core.
"""

import asyncio
import os
import re
import shutil
import subprocess
import tempfile
import time
import wave
from array import array
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from agent.bench.idle import memory_mb, processor_s
from agent.bench.room import Room, room, there
from agent.errors import ConfigError
from agent.figures import Figure, Table, at_most, shown, table
from agent.models import fetch
from agent.voice.ears.events import RATE_HZ, EarEvent, SourceOpened
from agent.voice.ears.listening import Ears
from agent.voice.ears.settings import Settings

CPU_MAX = 0.015  # of one core: a wristwatch listens all day
MEMORY_MB_MAX = 70.0
LIBRARY = "threaded-ml"  # how libpulse names its thread
LONG_S, SHORT_S = 60, 10
SETTLE_S = 4.0
OPENED_S_MAX = 30.0
QUIET_RMS = 6.0  # of 32,768: a quiet room
TALK = "The next meeting is at nine in the large room, and after that there is time for lunch."


@dataclass(frozen=True, slots=True)
class Spent:
    """What was used in a while."""

    cpu: float
    """Of one core."""
    memory_mb: float
    wakeups: Counter[str]
    """By who wakes."""
    seconds: float

    def wakeups_hz(self, who: str | None = None) -> float:
        """Return how often *who* was woken a second; None: all."""
        count = self.wakeups.total() if who is None else self.wakeups[who]
        return count / self.seconds


def run(short: bool) -> Table:
    """Return what listening costs; raise ConfigError where it cannot be measured."""
    able = there() and shutil.which("espeak-ng") is not None
    if not able or not Path("/proc/self/smaps_rollup").exists():
        raise ConfigError("NAME", "listening", "needs Linux, pulseaudio and espeak-ng")
    seconds = SHORT_S if short else LONG_S
    figures = list[Figure]()
    with tempfile.TemporaryDirectory(prefix="carpal-") as folder, room(Path(folder)) as made:
        models = fetch.find("wake", fetch.models_folder())
        phrases = ["okay nabu"] if models is None else ["okay nabu", "hey carpal"]
        sounds = (_noise(seconds), _talk(seconds, Path(folder)))
        for phrase in phrases:
            quiet, talk = asyncio.run(_measure(made, phrase, models, sounds, seconds))
            figures += _figures(phrase, quiet, talk, seconds)
    what = f"a microphone at 16 kHz for {seconds} s each: a quiet room, and somebody talking"
    return table("listening", what, seconds, figures)


def _figures(phrase: str, quiet: Spent, talk: Spent, seconds: int) -> Iterator[Figure]:
    memory = max(quiet.memory_mb, talk.memory_mb)
    if phrase == "okay nabu":
        yield at_most("listening cpu", quiet.cpu, CPU_MAX, unit="of one core", n=seconds)
        yield at_most("listening memory", memory, MEMORY_MB_MAX, unit="MB PSS", n=seconds)
        yield shown("wake-ups", quiet.wakeups_hz(), unit="per second", n=seconds)
    for name, spent in (("silence", quiet), ("speech", talk)):
        group = f"{phrase}, {name}"
        yield shown("listening cpu", spent.cpu, unit="of one core", n=seconds, group=group)
        yield shown("listening memory", spent.memory_mb, unit="MB PSS", n=seconds, group=group)
        told = {group: spent.wakeups_hz()}
        told |= {f"{group}, {who}": spent.wakeups_hz(who) for who in sorted(spent.wakeups)}
        for whose, often_hz in told.items():
            yield shown("wake-ups", often_hz, unit="per second", n=seconds, group=whose)


async def _measure(
    made: Room, phrase: str, models: Path | None, sounds: tuple[bytes, bytes], seconds: int
) -> list[Spent]:
    with _environment(made.environment):
        ears = Ears(Settings(source="microphone", wake=phrase), models=models)
        opened = asyncio.Event()

        def hear(event: EarEvent) -> None:
            if isinstance(event, SourceOpened):
                opened.set()

        running = asyncio.create_task(ears.run(hear))
        try:
            async with asyncio.timeout(OPENED_S_MAX):
                await opened.wait()
            return [await _spend(made, ears, sound, seconds) for sound in sounds]
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def _spend(made: Room, ears: Ears, pcm: bytes, seconds: int) -> Spent:
    playing = made.play(pcm)
    try:
        await asyncio.sleep(SETTLE_S)
        pid = ears.report.pid
        assert pid is not None
        begun_s, used_s, woken = time.monotonic(), processor_s(pid), _wakeups(pid)
        await asyncio.sleep(seconds)
        spent_s = time.monotonic() - begun_s
        return Spent(
            cpu=(processor_s(pid) - used_s) / spent_s,
            memory_mb=memory_mb(pid, "smaps_rollup", "Pss"),
            wakeups=_wakeups(pid) - woken,
            seconds=spent_s,
        )
    finally:
        playing.kill()
        playing.wait()


def _wakeups(pid: int) -> Counter[str]:
    """Return how often the threads of a process went to sleep, and so were woken again."""
    counts = Counter[str]()
    for task in Path(f"/proc/{pid}/task").iterdir():
        status = (task / "status").read_text()
        found = re.search(r"^voluntary_ctxt_switches:\s+(\d+)$", status, re.MULTILINE)
        other = "libpulse" if LIBRARY in status else "PortAudio"
        counts["our loop" if task.name == str(pid) else other] += int(found[1]) if found else 0
    return counts


def _noise(seconds: int) -> bytes:
    chance = Random("listening")  # noqa: S311 (repeatable)
    second = array("h", (round(chance.gauss(0, QUIET_RMS)) for _ in range(RATE_HZ)))
    return second.tobytes() * int(seconds + SETTLE_S + 2)


def _talk(seconds: int, folder: Path) -> bytes:
    """Return somebody who talks, at the rate that `Room.play` is told."""
    path = folder / "talk.wav"
    command = ["espeak-ng", "-v", "en-us", "-w", str(path), TALK]
    subprocess.run(command, check=True, timeout=60)  # noqa: S603 (no shell)
    with wave.open(str(path)) as file:
        rate_hz, said = file.getframerate(), file.readframes(file.getnframes())
    samples = array("h", said)
    count = len(samples) * RATE_HZ // rate_hz
    # The nearest sample will do: it is a load, not a voice to be understood.
    made = array("h", (samples[at * rate_hz // RATE_HZ] for at in range(count))).tobytes()
    return made * (1 + int((seconds + SETTLE_S + 2) * 2 * RATE_HZ) // len(made))


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
