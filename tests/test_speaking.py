"""Text to sound: sentences as they come, two voices, a loudspeaker that can be silenced."""

import asyncio
import os
import shutil
import stat
import time
import wave
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import DeliveryError
from agent.models.worker import Limits, Worker
from agent.voice.settings import Settings
from agent.voice.speaking import Piece
from agent.voice.speaking import piper as piper_voice
from agent.voice.speaking.espeak import Espeak
from agent.voice.speaking.mouth import Mouth
from agent.voice.speaking.piper import Piper
from agent.voice.speaking.player import Player, quieter
from agent.voice.speaking.sentences import LENGTH_MAX, complete, sentences
from tests.default_models import default, needs

SENTENCE = "What was my heart rate during the last meeting?"
espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")


async def whole(pieces: AsyncIterator[Piece]) -> tuple[bytes, int]:
    pcm, rate_hz = b"", 0
    async for piece in pieces:
        pcm, rate_hz = pcm + piece.pcm, piece.rate_hz
    return pcm, rate_hz


def seconds(sound: tuple[bytes, int]) -> float:
    pcm, rate_hz = sound
    return len(pcm) / 2 / rate_hz


def test_sentences_are_said_one_by_one() -> None:
    assert sentences("At 9.30 Dr. Lee comes. Be there! Shall I\nremind you?") == [
        "At 9.30 Dr. Lee comes.",
        "Be there!",
        "Shall I",
        "remind you?",
    ]
    assert complete("It is noon. The next me") == (["It is noon."], "The next me")


@given(st.text(max_size=1500), st.integers(1, 50))
def test_no_word_is_lost_between_sentences(text: str, step: int) -> None:
    left, said = "", list[str]()
    for begin in range(0, len(text), step):
        done, left = complete(left + text[begin : begin + step])
        said += done
    said += sentences(left)
    assert "".join("".join(said).split()) == "".join(text.split())
    assert all(len(one) <= LENGTH_MAX + step for one in said)


@espeak
@pytest.mark.audio
def test_espeak_speaks_in_pieces_and_into_a_file(tmp_path: Path) -> None:
    voice = Espeak(Settings())
    sound = asyncio.run(whole(voice.sound(SENTENCE)))
    assert 1 < seconds(sound) < 10
    path = tmp_path / "question.wav"
    asyncio.run(voice.to_file(SENTENCE, path))
    with wave.open(str(path)) as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(seconds(sound), abs=0.2)


@espeak
@pytest.mark.audio
def test_nothing_to_say_is_no_sound() -> None:
    assert asyncio.run(whole(Espeak(Settings()).sound("  "))) == (b"", 0)


@espeak
@pytest.mark.audio
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError):
        asyncio.run(Espeak(Settings()).to_file("hello", tmp_path / "absent" / "hello.wav"))


def test_speech_without_espeak_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DeliveryError, match="not installed"):
        asyncio.run(whole(Espeak(Settings()).sound("hello")))


def test_a_loudspeaker_without_a_program_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DeliveryError, match="install"):
        asyncio.run(Player().play(tone(1)))


async def tone(seconds_: float) -> AsyncIterator[Piece]:
    for _ in range(round(10 * seconds_)):
        yield Piece(b"\x00\x10" * 1600, 16_000)


def program(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A loudspeaker that writes what it is given, and its process id, into a folder."""
    program(tmp_path, "aplay", f"echo $$ > {tmp_path}/pid\nexec cat > {tmp_path}/sound")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.delenv("PULSE_SERVER", raising=False)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    return tmp_path


def test_all_that_is_given_is_played(player: Path) -> None:
    asyncio.run(Player().play(tone(1), gain=0.5))
    assert (player / "sound").read_bytes() == b"\x00\x08" * 16_000


def test_a_loudspeaker_that_fails_says_why(player: Path) -> None:
    program(player, "aplay", "echo 'audio open error: no such device' >&2; exit 1")
    with pytest.raises(DeliveryError, match="no such device"):
        asyncio.run(Player().play(tone(1)))


def test_one_that_is_cancelled_leaves_no_process(player: Path) -> None:
    async def endless() -> AsyncIterator[Piece]:
        async for piece in tone(0.1):
            yield piece
        await asyncio.Event().wait()

    async def run() -> None:
        speaking = asyncio.create_task(Player().play(endless()))
        while not (player / "pid").exists() or not (player / "pid").read_text().strip():
            await asyncio.sleep(0.01)
        speaking.cancel()
        await asyncio.gather(speaking, return_exceptions=True)

    asyncio.run(run())
    with pytest.raises(ProcessLookupError):
        os.kill(int((player / "pid").read_text()), 0)


@given(st.binary(max_size=200), st.floats(0, 2))
def test_a_gain_makes_nothing_louder(pcm: bytes, gain: float) -> None:
    less = quieter(pcm, gain)
    assert len(less) in (len(pcm), len(pcm) & ~1)
    if gain == 0:
        assert not any(less)


class Letters:
    """A voice that gives each sentence as its own letters."""

    def __init__(self, *, ready: bool = True, broken: bool = False) -> None:
        self.ready, self.broken = ready, broken

    async def warm(self) -> None:
        if self.broken:
            raise DeliveryError("the file is damaged")
        self.ready = True

    async def sound(self, text: str) -> AsyncIterator[Piece]:
        yield Piece(text.encode("utf-16-le"), 16_000)


async def parts(*given_: str) -> AsyncIterator[str]:
    for one in given_:
        yield one


def test_a_mouth_says_sentence_after_sentence(player: Path) -> None:
    asyncio.run(Mouth([Letters()], Player()).speak(parts("It is no", "on. You are ", "late.")))
    assert (player / "sound").read_bytes().decode("utf-16-le") == "It is noon.You are late."


def test_while_the_better_voice_loads_the_other_speaks(player: Path) -> None:
    async def run() -> None:
        better, other = Letters(ready=False), Letters()
        mouth = Mouth([better, other], Player())
        await mouth.say("Hello.")
        await mouth.close()
        assert better.ready

    asyncio.run(run())
    assert (player / "sound").read_bytes()


def test_a_mouth_without_a_voice_says_so(player: Path) -> None:
    async def run() -> None:
        mouth = Mouth([Letters(ready=False, broken=True)], Player())
        with pytest.raises(DeliveryError, match="no voice"):
            await mouth.say("Hello.")
        await mouth.close()

    asyncio.run(run())


def with_piper(path: Path, text: str) -> tuple[bytes, int]:
    async def run() -> tuple[bytes, int]:
        begin = piper_voice.begin(path, speed_wpm=165, usual_wpm=165)
        limits = Limits(load_s=60, call_s=60)
        worker = Worker("voice", piper_voice.COMMAND, begin=begin, limits=limits)
        voice = Piper(worker, language="en-us")
        assert not voice.ready
        try:
            await voice.warm()
            return await whole(voice.sound(text))
        finally:
            await worker.close()

    return asyncio.run(run())


@espeak
@pytest.mark.audio
@pytest.mark.model
@needs("onnxruntime", "numpy")
def test_a_piper_voice_speaks() -> None:
    sound = with_piper(default("voice"), SENTENCE)
    assert 1 < seconds(sound) < 10
    assert len(set(sound[0])) > 50  # no silence, no constant


class Parrot:
    """A worker that says no sound, and keeps what it was given."""

    def __init__(self) -> None:
        self.phonemes = ""

    async def start(self) -> None:
        """Be there."""

    async def call(
        self, op: str, arguments: dict[str, Any], *, deadline_s: float | None = None
    ) -> dict[str, Any]:
        assert op == "speak"
        self.phonemes = str(arguments["phonemes"])
        return {"pcm": "AAA=", "rate_hz": 22_050}


@espeak
@pytest.mark.audio
def test_a_number_is_one_word_and_the_marks_stay() -> None:
    async def said(text: str) -> str:
        worker = Parrot()
        await whole(Piper(worker, language="en-us").sound(text))
        return worker.phonemes

    async def run() -> None:
        assert "," not in await said("It costs 90,000 euros at 10:15")
        assert (await said("Yes, it is. Is it?")).count(",") == 1
        assert (await said("Is it?")).endswith("?")

    asyncio.run(run())


@espeak
@pytest.mark.audio
@needs("onnxruntime", "numpy")
@pytest.mark.parametrize("damage", ["absent", "no json", "other json", "no onnx"])
def test_a_damaged_voice_is_told(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "voice.onnx"
    if damage != "absent":
        path.write_bytes(b"this is no graph")
    if damage == "other json":
        Path(f"{path}.json").write_text("{}")
    if damage == "no onnx":
        Path(f"{path}.json").write_text(
            '{"phoneme_id_map": {}, "audio": {"sample_rate": 22050}, "inference": '
            '{"noise_scale": 1, "length_scale": 1, "noise_w": 1}}'
        )
    begun = time.monotonic()
    with pytest.raises(DeliveryError, match="voice"):
        with_piper(path, SENTENCE)
    assert time.monotonic() - begun < 60  # it ended by itself, not by the limit
