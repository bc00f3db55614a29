"""A daemon as the ears, mouth and brain of another program: real models, the library's client."""

import asyncio
import io
import wave
from pathlib import Path

import pytest
from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncClient
from wyoming.event import Eventable
from wyoming.handle import Handled, NotHandled
from wyoming.info import Describe, Info
from wyoming.tts import Synthesize
from wyoming.wake import Detect, Detection

from agent.voice.settings import Settings
from agent.voice.speaking.espeak import Espeak
from tests.daemons import Daemon, lonely
from tests.default_models import default, needs
from tests.sound import espeak

__all__ = ["lonely"]

QUESTION = "What was my heart rate during the last meeting?"
pytestmark = [
    pytest.mark.audio,
    pytest.mark.model,
    espeak,
    needs("faster_whisper", "onnxruntime", "pymicro_wakeword", "av", "numpy"),
]


@pytest.fixture
def serving(lonely: Daemon, tmp_path: Path) -> str:
    default("speech")
    address = f"unix://{tmp_path}/w.sock"
    lonely.start(CARPAL_VOICE__MODEL="default", CARPAL_VOICE__WYOMING=address)
    return address


def spoken(text: str, folder: Path, voice: str = "en-us") -> bytes:
    path = folder / "spoken.wav"
    asyncio.run(Espeak(Settings(voice=voice)).to_file(text, path))
    return path.read_bytes()


def as_events(sound: bytes, *, silence_s: float = 0.0) -> list[Eventable]:
    with wave.open(io.BytesIO(sound)) as file:
        rate = file.getframerate()
        pcm = file.readframes(file.getnframes()) + bytes(2 * int(rate * silence_s))
    step = rate // 10 * 2
    parts = [pcm[place : place + step] for place in range(0, len(pcm), step)]
    chunks = [AudioChunk(rate=rate, width=2, channels=1, audio=part) for part in parts]
    return [AudioStart(rate=rate, width=2, channels=1), *chunks, AudioStop()]


def talk(address: str, said: list[Eventable], ends: tuple[type[Eventable], ...]) -> list[Eventable]:
    """Send *said*; return what comes up to the first of *ends*."""

    async def run() -> list[Eventable]:
        found: list[Eventable] = []
        async with asyncio.timeout(60), AsyncClient.from_uri(address) as client:
            sending = asyncio.create_task(send(client, said))
            while (event := await client.read_event()) is not None:
                kinds: tuple[type[Eventable], ...] = (*ends, AudioStart, AudioChunk)
                found += [kind.from_event(event) for kind in kinds if kind.is_type(event.type)]
                if any(kind.is_type(event.type) for kind in ends):
                    break
            sending.cancel()
        return found

    return asyncio.run(run())


async def send(client: AsyncClient, said: list[Eventable]) -> None:
    for one in said:
        await client.write_event(one.event())


def test_it_says_what_it_can_do(serving: str) -> None:
    (info,) = talk(serving, [Describe()], (Info,))
    assert isinstance(info, Info)
    assert [len(part) for part in (info.asr, info.tts, info.handle, info.wake)] == [1, 1, 1, 1]
    assert info.wake[0].models[0].phrase == "okay nabu"


def test_a_question_is_heard_answered_and_spoken(serving: str, tmp_path: Path) -> None:
    sound = as_events(spoken(QUESTION, tmp_path))
    (heard,) = talk(serving, [Transcribe(), *sound], (Transcript,))
    assert isinstance(heard, Transcript)
    assert heard.text == QUESTION
    (told,) = talk(serving, [heard], (Handled, NotHandled))
    assert isinstance(told, NotHandled)  # there is no memory yet
    assert told.text is not None
    assert told.text.startswith("I can't tell")
    *sounds, _ = talk(serving, [Synthesize(text=told.text)], (AudioStop,))
    assert sum(len(one.audio) for one in sounds if isinstance(one, AudioChunk)) > 20_000


def test_its_wake_phrase_is_heard_in_a_stream(serving: str, tmp_path: Path) -> None:
    sound = as_events(spoken("okay nabu", tmp_path), silence_s=4)
    (woken,) = talk(serving, [Detect(), *sound[:-1]], (Detection,))
    assert isinstance(woken, Detection)
    assert woken.name == "okay nabu"
