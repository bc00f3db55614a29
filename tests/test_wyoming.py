"""The Wyoming server with the library's own client, the client with the library's own server."""

import asyncio
import stat
import wave
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wyoming.asr import Transcribe
from wyoming.asr import Transcript as Told
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncClient
from wyoming.error import Error
from wyoming.event import Event, Eventable
from wyoming.handle import Handled, NotHandled
from wyoming.info import Describe, Info
from wyoming.ping import Ping, Pong
from wyoming.server import AsyncEventHandler, AsyncServer
from wyoming.tts import Synthesize
from wyoming.wake import Detect, Detection, NotDetected

from agent.errors import ConfigError, ModelError
from agent.ports import Hints, Sound, Transcript
from agent.voice.speaking import Piece
from agent.voice.wyoming import PAYLOAD_MAX_BYTES, WyomingError, checked, read, server
from agent.voice.wyoming.client import WyomingTranscriber
from agent.voice.wyoming.server import CONNECTIONS_MAX, Services, serving
from agent.voice.wyoming.sound import LENGTH_MAX_S


class Waking:
    """Hears its phrase in the third chunk."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names, self.chunks, self.third = names, 0, asyncio.Event()

    async def feed(self, pcm: bytes) -> None:
        assert pcm
        self.chunks += 1
        if self.chunks == 3:
            self.third.set()

    async def heard(self) -> str:
        await self.third.wait()
        self.third.clear()
        return self.names[0]

    async def close(self) -> None:
        self.chunks = 0


async def transcribe(sound: Sound, hints: Hints) -> Transcript:
    assert isinstance(sound, bytes)
    if not any(sound):
        raise ModelError("the speech worker ended")
    text = f"{len(sound) // 2} samples"
    return Transcript(text=text, audio_s=1, spent_s=0, language=hints.language or "en")


async def synthesize(text: str) -> AsyncIterator[Piece]:
    for letter in text:
        yield Piece(letter.encode() * 5000, 22_050)


async def handle(text: str) -> tuple[str, bool]:
    return (f"You asked: {text}", True) if text else ("I can't tell.", False)


async def wake(names: tuple[str, ...]) -> Waking:
    return Waking(names or ("okay nabu",))


ALL = Services(info=Info, transcribe=transcribe, synthesize=synthesize, handle=handle, wake=wake)
Act = Callable[[AsyncClient], Awaitable[None]]


def with_client(folder: Path, act: Act, services: Services = ALL) -> None:
    address = f"unix://{folder}/w.sock"

    async def run() -> None:
        async with serving(address, services), AsyncClient.from_uri(address) as client:
            async with asyncio.timeout(20):
                await act(client)

    asyncio.run(run())


async def reply(client: AsyncClient, *said: Eventable) -> Event:
    for one in said:
        await client.write_event(one.event())
    event = await client.read_event()
    assert event is not None
    return event


def chunks(seconds: float, *, rate: int = 16_000, channels: int = 1) -> list[Eventable]:
    audio = b"\x01\x02" * channels * (rate // 10)
    one = AudioChunk(rate=rate, width=2, channels=channels, audio=audio)
    start = AudioStart(rate=rate, width=2, channels=channels)
    return [start, *([one] * round(10 * seconds)), AudioStop()]


@pytest.mark.parametrize(("rate", "channels"), [(16_000, 1), (8_000, 1), (48_000, 2)])
def test_sound_of_any_rate_is_transcribed(tmp_path: Path, rate: int, channels: int) -> None:
    async def act(client: AsyncClient) -> None:
        sound = chunks(1, rate=rate, channels=channels)
        event = await reply(client, Transcribe(language="de-DE"), *sound)
        told = Told.from_event(event)
        assert int(told.text.split()[0]) == pytest.approx(16_000, abs=40)
        assert told.language == "de"

    with_client(tmp_path, act)


def test_a_text_is_spoken(tmp_path: Path) -> None:
    async def act(client: AsyncClient) -> None:
        start = AudioStart.from_event(await reply(client, Synthesize(text="ab")))
        assert start.rate == 22_050
        pcm = b""
        while (event := await client.read_event()) and not AudioStop.is_type(event.type):
            pcm += AudioChunk.from_event(event).audio
        assert pcm == b"a" * 5000 + b"b" * 5000

    with_client(tmp_path, act)


def test_a_question_is_handled_or_not(tmp_path: Path) -> None:
    async def act(client: AsyncClient) -> None:
        handled = Handled.from_event(await reply(client, Told(text="What time is it?")))
        assert handled.text == "You asked: What time is it?"
        assert NotHandled.is_type((await reply(client, Told(text=""))).type)

    with_client(tmp_path, act)


def test_a_wake_phrase_is_told_where_it_was_heard(tmp_path: Path) -> None:
    async def act(client: AsyncClient) -> None:
        begun = (Detect(names=["hey carpal"]), *chunks(0.5)[:-1])
        event = await reply(client, *begun)
        assert Detection.from_event(event).name == "hey carpal"
        again = (AudioStop(), Detect(), *chunks(0.2))
        assert NotDetected.is_type((await reply(client, *again)).type)

    with_client(tmp_path, act)


def test_sound_after_a_refused_wake_phrase_is_neither_gathered_nor_transcribed(
    tmp_path: Path,
) -> None:
    async def none(names: tuple[str, ...]) -> Waking:
        raise ModelError(f"{names[0]} is not listened for")

    async def act(client: AsyncClient) -> None:
        start, *sound = chunks(0.3)
        refused = await reply(client, Detect(names=["hey robin"]), start)
        assert Error.from_event(refused).text == "hey robin is not listened for"
        assert Pong.is_type((await reply(client, *sound, Ping())).type)
        asked = await reply(client, Transcribe(), *chunks(0.1))
        assert Told.from_event(asked).text == "1600 samples"

    with_client(tmp_path, act, replace(ALL, wake=none))


def test_what_is_not_there_is_told_and_the_talk_goes_on(tmp_path: Path) -> None:
    async def act(client: AsyncClient) -> None:
        assert Error.is_type((await reply(client, Synthesize(text="a"))).type)
        assert Error.is_type((await reply(client, Transcribe(), *chunks(0.1))).type)
        assert Error.is_type((await reply(client, Detect(), chunks(0.1)[0])).type)
        assert Info.is_type((await reply(client, Describe())).type)

    with_client(tmp_path, act, Services(info=Info))


def test_a_worker_that_fails_is_told_and_the_talk_goes_on(tmp_path: Path) -> None:
    async def act(client: AsyncClient) -> None:
        silent = AudioChunk(rate=16_000, width=2, channels=1, audio=bytes(3200))
        start, *_, stop = chunks(0.1)
        assert Error.is_type((await reply(client, Transcribe(), start, silent, stop)).type)
        assert Pong.from_event(await reply(client, Ping(text="x"))).text == "x"

    with_client(tmp_path, act)


def test_an_event_of_another_time_is_passed_over(tmp_path: Path) -> None:
    async def act(client: AsyncClient) -> None:
        await client.write_event(Event("from-the-future", {"a": 1}, b"xyz"))
        assert Pong.is_type((await reply(client, Ping())).type)

    with_client(tmp_path, act)


def test_sound_without_an_end_is_refused(tmp_path: Path) -> None:
    async def act(client: AsyncClient) -> None:
        for one in chunks(LENGTH_MAX_S + 1)[:-1]:
            try:
                await client.write_event(one.event())
            except ConnectionError:
                break
        event = await client.read_event()
        assert event is not None
        assert Error.is_type(event.type)

    with_client(tmp_path, act)


def test_the_socket_is_its_owners_alone_and_goes_with_the_server(tmp_path: Path) -> None:
    async def run() -> None:
        async with serving(f"unix://{tmp_path}/w.sock", ALL):
            assert stat.S_IMODE((tmp_path / "w.sock").stat().st_mode) == 0o600
        assert not (tmp_path / "w.sock").exists()

    asyncio.run(run())


def test_too_many_are_sent_away(tmp_path: Path) -> None:
    address = f"unix://{tmp_path}/w.sock"

    async def run() -> None:
        async with serving(address, ALL):
            clients = [AsyncClient.from_uri(address) for _ in range(CONNECTIONS_MAX + 1)]
            for client in clients[:-1]:
                await client.connect()
                assert Pong.is_type((await reply(client, Ping())).type)
            await clients[-1].connect()
            told = await clients[-1].read_event()
            assert told is not None
            assert Error.from_event(told).code == "busy"
            assert await clients[-1].read_event() is None
            for client in clients:
                await client.disconnect()

    asyncio.run(run())


def test_who_says_nothing_loses_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "IDLE_S_MAX", 0.05)

    async def act(client: AsyncClient) -> None:
        told = await client.read_event()
        assert told is not None
        assert "nothing was sent" in Error.from_event(told).text
        assert await client.read_event() is None

    with_client(tmp_path, act)


def test_a_socket_that_another_serves_is_left_to_it(tmp_path: Path) -> None:
    address = f"unix://{tmp_path}/w.sock"

    async def run() -> None:
        async with serving(address, ALL):
            with pytest.raises(ConfigError, match="listened"):
                async with serving(address, ALL):
                    pass
            async with AsyncClient.from_uri(address) as client:
                assert Pong.is_type((await reply(client, Ping())).type)

    asyncio.run(run())


def test_a_place_that_is_taken_is_a_wrong_setting(tmp_path: Path) -> None:
    (tmp_path / "w.sock").mkdir()

    async def run() -> None:
        with pytest.raises(ConfigError, match="listened"):
            async with serving(f"unix://{tmp_path}/w.sock", ALL):
                pass

    asyncio.run(run())


@pytest.mark.parametrize(
    "address",
    ["tcp://0.0.0.0:10300", "tcp://192.168.1.5:10300", "tcp://127.0.0.1", "http://localhost:1", ""],
)
def test_no_address_outside_this_device_is_taken(address: str) -> None:
    with pytest.raises(ValueError, match="leave this device"):
        checked(address)
    with pytest.raises(ValueError, match="leave this device"):
        WyomingTranscriber(address)


@given(st.binary(max_size=300))
def test_a_wrong_event_raises_one_error(sent: bytes) -> None:
    async def run() -> None:
        reader = asyncio.StreamReader(limit=256)
        reader.feed_data(sent)
        reader.feed_eof()
        try:
            while await read(reader) is not None:
                pass
        except WyomingError:
            pass

    asyncio.run(run())


@pytest.mark.parametrize("length", [-1, PAYLOAD_MAX_BYTES + 1, "x", True])
def test_a_length_that_no_event_has_is_refused(length: Any) -> None:
    async def run() -> None:
        reader = asyncio.StreamReader()
        value = f'"{length}"' if isinstance(length, str) else str(length).lower()
        reader.feed_data(f'{{"type": "x", "payload_length": {value}}}\n'.encode())
        reader.feed_eof()
        with pytest.raises(WyomingError, match="payload_length"):
            await read(reader)

    asyncio.run(run())


class Other(AsyncEventHandler):
    """Another program's transcriber: says how much it heard."""

    heard = 0

    async def handle_event(self, event: Event) -> bool:
        if AudioChunk.is_type(event.type):
            self.heard += len(AudioChunk.from_event(event).audio) // 2
        if AudioStop.is_type(event.type):
            if self.heard < 100:
                await self.write_event(Error(text="too short").event())
            else:
                await self.write_event(Told(text=f" {self.heard} heard ", language="nl").event())
        return True


def with_other(folder: Path, act: Callable[[WyomingTranscriber], Awaitable[None]]) -> None:
    address = f"unix://{folder}/other.sock"

    async def run() -> None:
        server = AsyncServer.from_uri(address)
        await server.start(Other)
        async with asyncio.timeout(20):
            await act(WyomingTranscriber(address, call_max_s=10))
        await server.stop()

    asyncio.run(run())


def test_another_programs_transcriber_hears_for_us(tmp_path: Path) -> None:
    async def act(other: WyomingTranscriber) -> None:
        heard = await other.transcribe(b"\1\0" * 20_000)
        assert (heard.text, heard.language, heard.by) == ("20000 heard", "nl", "wyoming")
        assert heard.audio_s == 1.25

    with_other(tmp_path, act)


def test_a_file_is_sent_as_we_hear_it(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(b"\1\0\1\0" * 48_000)

    async def act(other: WyomingTranscriber) -> None:
        heard = await other.transcribe(path)
        assert int(heard.text.split()[0]) == pytest.approx(16_000, abs=10)
        with pytest.raises(ModelError, match="no WAV"):
            await other.transcribe(tmp_path / "absent.wav")

    with_other(tmp_path, act)


def test_what_the_other_refuses_is_told(tmp_path: Path) -> None:
    async def act(other: WyomingTranscriber) -> None:
        with pytest.raises(ModelError, match="too short"):
            await other.transcribe(b"\1\0")
        with pytest.raises(ModelError, match="translate"):
            await other.transcribe(b"\1\0", Hints(task="translate"))

    with_other(tmp_path, act)


def test_a_transcriber_that_is_not_there_is_told(tmp_path: Path) -> None:
    other = WyomingTranscriber(f"unix://{tmp_path}/absent.sock")
    with pytest.raises(ModelError, match="no transcriber is at"):
        asyncio.run(other.transcribe(b"\1\0"))
