"""Long recordings, silence, and other languages, by the speech models that are set up."""

import asyncio
import os
import random
import shutil
import signal
import struct
import subprocess
import wave
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from agent.models.worker import Limits, Worker
from agent.ports import Hints
from agent.voice import transcriber
from agent.voice.settings import Settings
from agent.voice.transcriber import Whisper
from tests.default_models import default, needs

pytestmark = [pytest.mark.model, needs("faster_whisper", "av", "numpy")]
audio = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
RATE_HZ = 16_000
MINUTES = 6
HOUR = 60


def with_whisper(act: Callable[[Whisper, Worker], Awaitable[None]], name: str = "speech") -> None:
    async def run() -> None:
        begin = transcriber.begin(default(name), Settings(threads=1))
        worker = Worker("speech", transcriber.COMMAND, begin=begin, limits=Limits(load_s=60))
        try:
            await act(Whisper(worker), worker)
        finally:
            await worker.close()

    asyncio.run(run())


def write_noise(path: Path, minutes: int, *, level: int) -> Path:
    """Write a room in which nobody speaks: *level* is the noise's peak."""
    chance = random.Random(1)  # noqa: S311 (noise)
    block = struct.pack(f"<{RATE_HZ}h", *(chance.randint(-level, level) for _ in range(RATE_HZ)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        for _ in range(minutes * 60):
            file.writeframes(block)
    return path


def spoken(path: Path, *sentences: str) -> Path:
    parts = []
    for number, sentence in enumerate(sentences):
        part = path.with_name(f"part{number}.wav")
        subprocess.run(["espeak-ng", "-v", "en-us", "-w", str(part), sentence], check=True)
        parts.append(str(part))
    padded = ["rate", str(RATE_HZ), "pad", "0", "14"]
    subprocess.run(["sox", "-q", *parts, str(path), *padded], check=True)
    return path


@pytest.mark.parametrize("level", [0, 4, 300])
def test_minutes_of_a_silent_room_have_no_words(tmp_path: Path, level: int) -> None:
    path = write_noise(tmp_path / "room.wav", MINUTES, level=level)

    async def act(whisper: Whisper, _: Worker) -> None:
        heard = [piece.heard.text async for piece in whisper.pieces(path)]
        assert len(heard) >= MINUTES * 2
        assert not any(heard)

    with_whisper(act)


@pytest.mark.slow
@pytest.mark.parametrize("level", [0, 30, 300])
def test_an_hour_of_a_silent_room_has_no_words(tmp_path: Path, level: int) -> None:
    path = write_noise(tmp_path / "room.wav", HOUR, level=level)

    async def act(whisper: Whisper, _: Worker) -> None:
        async for piece in whisper.pieces(path):
            assert piece.heard.text == ""

    with_whisper(act)


@audio
@pytest.mark.audio
def test_a_worker_killed_within_a_long_recording_goes_on_where_it_was(tmp_path: Path) -> None:
    one = spoken(tmp_path / "one.wav", "The first part is about bread.")
    two = spoken(tmp_path / "two.wav", "The second part is about water.")
    three = spoken(tmp_path / "three.wav", "The third part is about salt.")
    path = tmp_path / "whole.wav"
    subprocess.run(["sox", "-q", str(one), str(two), str(three), str(path)], check=True)

    async def act(whisper: Whisper, worker: Worker) -> None:
        texts, ends = [], [0.0]
        async for piece in whisper.pieces(path):
            assert piece.since_s == pytest.approx(ends[-1])
            ends.append(piece.until_s)
            texts.append(piece.heard.text)
            if len(texts) == 1:
                assert worker.report.pid is not None
                os.kill(worker.report.pid, signal.SIGKILL)
        said = " ".join(texts).lower()
        assert [said.count(word) for word in ("first", "second", "third")] == [1, 1, 1], texts
        assert worker.starts == 2

    with_whisper(act)


@pytest.mark.reference
def test_a_language_is_told_and_put_into_english(reference: Path) -> None:
    lamp = reference / "speech" / "lamp"

    async def act(whisper: Whisper, _: Worker) -> None:
        told = await whisper.transcribe(lamp / "living_room_light_de.wav")
        assert told.language == "de"
        assert told.language_p > 0.9
        english = await whisper.transcribe(
            lamp / "living_room_light_de.wav", Hints(task="translate")
        )
        assert "living room" in english.text.lower()
        german = await whisper.transcribe(
            lamp / "living_room_light_de.wav", Hints(language="de", n_best=3)
        )
        assert "licht" in german.text.lower()
        assert len(german.alternatives) > 1

    with_whisper(act, "speech_many")


@audio
@pytest.mark.audio
def test_names_that_are_told_before_are_written_as_told(tmp_path: Path) -> None:
    path = spoken(tmp_path / "name.wav", "Please call Siobhan Kowalczyk tomorrow.")

    async def act(whisper: Whisper, _: Worker) -> None:
        hinted = Hints(hotwords=("Siobhan Kowalczyk",), n_best=3)
        assert "siobhan" in (await whisper.transcribe(path, hinted)).text.lower()

    with_whisper(act)
