"""Speech to text in its worker, text to speech, and real sound files, good and bad."""

import asyncio
import os
import shutil
import wave
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from agent.errors import ModelError
from agent.models.worker import Limits, Worker
from agent.voice import transcriber
from agent.voice.settings import Settings
from agent.voice.speaking.espeak import Espeak
from agent.voice.transcriber import Whisper
from tests.default_models import default, needs

SENTENCE = "What was my heart rate during the last meeting?"
audio = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
whisper_there = needs("faster_whisper", "av", "numpy")


def with_whisper(
    folder: Path, act: Callable[[Whisper], Awaitable[None]], settings: Settings | None = None
) -> None:
    async def run() -> None:
        begin = transcriber.begin(folder, settings or Settings(threads=1))
        limits = Limits(memory_max_mb=1024, load_s=60, call_s=120)
        worker = Worker("speech", transcriber.COMMAND, begin=begin, limits=limits)
        try:
            await act(Whisper(worker))
        finally:
            await worker.close()

    asyncio.run(run())


def write_wav(path: Path, samples: bytes, *, rate_hz: int = 16_000, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(samples)
    return path


def spoken(folder: Path) -> Path:
    path = folder / "question.wav"
    asyncio.run(Espeak(Settings()).to_file(SENTENCE, path))
    return path


@audio
@pytest.mark.audio
@pytest.mark.model
@whisper_there
def test_what_espeak_says_is_heard(tmp_path: Path) -> None:
    path = spoken(tmp_path)

    async def act(whisper: Whisper) -> None:
        heard = await whisper.transcribe(path)
        assert "heart rate" in heard.text.lower()
        assert "meeting" in heard.text.lower()
        assert 1 < heard.audio_s < 10
        assert heard.spent_s > 0
        assert heard.language == "en"

    with_whisper(default("speech"), act)


@audio
@pytest.mark.audio
@pytest.mark.model
@whisper_there
def test_a_recording_that_was_cut_off_is_heard_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = spoken(tmp_path)
    cut = tmp_path / "cut.wav"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2 + 1])

    async def act(whisper: Whisper) -> None:
        half, all_ = await whisper.transcribe(cut), await whisper.transcribe(whole)
        assert 0 < half.audio_s < all_.audio_s

    with_whisper(default("speech"), act)


@pytest.mark.model
@whisper_there
def test_silence_noise_and_clipping_become_no_words(tmp_path: Path) -> None:
    silent = write_wav(tmp_path / "silent.wav", bytes(64_000))
    faint = write_wav(
        tmp_path / "faint.wav", os.urandom(1) + b"\0\1\0\xff\xff\0\0" * 12_000 + b"\0"
    )
    nothing = write_wav(tmp_path / "nothing.wav", b"")
    clipped = write_wav(tmp_path / "clipped.wav", b"\xff\x7f\x00\x80" * 16_000)
    stereo = write_wav(tmp_path / "stereo.wav", bytes(88_200), rate_hz=44_100, channels=2)

    async def act(whisper: Whisper) -> None:
        for path in (silent, faint, nothing, clipped, stereo):
            assert (await whisper.transcribe(path)).text == ""
        assert (await whisper.transcribe(stereo)).audio_s == pytest.approx(0.5, abs=0.01)

    with_whisper(default("speech"), act)


@pytest.mark.model
@whisper_there
def test_files_that_are_no_sound_are_named_and_the_worker_goes_on(tmp_path: Path) -> None:
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "letter.wav").write_text("Dear reader, " * 100)
    (tmp_path / "junk.wav").write_bytes(b"RIFF" + bytes(range(256)) * 20)
    (tmp_path / "big.wav").write_bytes(bytes(2 << 20))
    (tmp_path / "picture.png").write_bytes(bytes.fromhex("89504e470d0a1a0a") + bytes(200))
    write_wav(tmp_path / "long.wav", bytes(32_000 * 4))
    os.mkfifo(tmp_path / "pipe.wav")
    expected = {
        "absent.wav": "there is no file",
        "empty.wav": "is empty",
        "letter.wav": "no sound",
        "junk.wav": "no sound",
        "big.wav": "file_max_mb",
        "picture.png": "no sound",
        "long.wav": "audio_max_s",
        "pipe.wav": "is no file",
        ".": "is no file",
    }

    async def act(whisper: Whisper) -> None:
        for name, reason in expected.items():
            with pytest.raises(ModelError, match=reason):
                await whisper.transcribe(tmp_path / name)
        silent = write_wav(tmp_path / "silent.wav", bytes(32_000))
        assert (await whisper.transcribe(silent)).text == ""

    with_whisper(default("speech"), act, Settings(threads=1, file_max_mb=1, audio_max_s=3))


@pytest.mark.model
@whisper_there
def test_a_damaged_speech_model_is_a_model_error(tmp_path: Path) -> None:
    source = default("speech")
    for path in source.iterdir():
        shutil.copy(path, tmp_path)
    model = tmp_path / "model.bin"
    model.write_bytes(model.read_bytes()[:1_000_000])

    async def act(whisper: Whisper) -> None:
        with pytest.raises(ModelError, match="speech"):
            await whisper.transcribe(tmp_path)

    with_whisper(tmp_path, act)


@whisper_there
def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    async def act(whisper: Whisper) -> None:
        with pytest.raises(ModelError, match=r"it lacks model\.bin"):
            await whisper.transcribe(Path("any.wav"))

    with_whisper(tmp_path / "absent", act)
