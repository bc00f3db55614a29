"""The ears as the daemon has them: a child process, its events, and what befalls it."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

import pytest

from agent.app.sessions import Attention, Sessions
from agent.bench import room as rooms
from agent.errors import DecodeError
from agent.voice.ears.events import (
    EarEvent,
    Loudness,
    SourceClosed,
    SourceEnded,
    SourceLost,
    SourceOpened,
    SpeechBegan,
    SpeechEnded,
    SpeechGoesOn,
    Woken,
)
from agent.voice.ears.listening import Ears
from agent.voice.ears.settings import Settings
from tests.default_models import needs
from tests.sound import espeak, pulse, room, said, silence, write_wav

libraries = needs("numpy", "onnxruntime", "faster_whisper", "pymicro_wakeword", "av")
pytestmark = [libraries, pytest.mark.audio]
WAIT_S = 30.0
EventT = TypeVar("EventT", bound=EarEvent)


class Heard:
    """What was told, and a way to wait for it."""

    def __init__(self) -> None:
        self.events: list[EarEvent] = []
        self._more = asyncio.Event()

    def __call__(self, event: EarEvent) -> None:
        self.events.append(event)
        self._more.set()

    def all(self, kind: type[EventT]) -> list[EventT]:
        return [event for event in self.events if isinstance(event, kind)]

    async def wait(self, kind: type[EventT], count: int = 1) -> EventT:
        async with asyncio.timeout(WAIT_S):
            while len(self.all(kind)) < count:
                self._more.clear()
                await self._more.wait()
        return self.all(kind)[count - 1]


def listen(settings: Settings, act: Callable[[Ears, Heard], Awaitable[None]]) -> Heard:
    async def run() -> Heard:
        ears, heard = Ears(settings), Heard()
        running = asyncio.create_task(ears.run(heard))
        try:
            await act(ears, heard)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        assert ears.report.pid is None
        return heard

    return asyncio.run(run())


def file_heard(path: Path, **more: object) -> Heard:
    async def act(_: Ears, heard: Heard) -> None:
        await heard.wait(SourceEnded)

    return listen(Settings.model_validate({"source": str(path), **more}), act)


@espeak
def test_what_follows_the_wake_phrase_is_heard_whole_and_its_end_is_told(tmp_path: Path) -> None:
    sentence = said("what time is it")
    pcm = room(1.5) + said("okay nabu,") + sentence + room(1.5)
    heard = file_heard(write_wav(tmp_path / "asked.wav", pcm))
    (woken,) = heard.all(Woken)
    assert woken.phrase == "okay nabu"
    (ended,) = heard.all(SpeechEnded)
    assert ended.why == "silence"
    true_end_s = len(pcm) / 32_000 - 1.5
    assert true_end_s - 0.35 < ended.last_voiced_s < true_end_s
    assert 0.5 < ended.ended_s - ended.last_voiced_s < 0.9
    assert len(sentence) - 16_000 < len(ended.pcm) < len(sentence) + 32_000
    assert heard.all(SpeechBegan)[0].at_s > woken.at_s - 0.5


@espeak
def test_without_the_wake_phrase_nothing_is_heard(tmp_path: Path) -> None:
    pcm = room(1) + said("what time is it in the kitchen of my neighbour") + room(1)
    heard = file_heard(write_wav(tmp_path / "other.wav", pcm))
    assert {type(event) for event in heard.events} == {SourceOpened, Loudness, SourceEnded}


@espeak
def test_a_long_sentence_is_told_in_parts_that_begin_alike_and_is_cut_at_its_limit(
    tmp_path: Path,
) -> None:
    pcm = room(0.5) + said("one two three four five six seven eight nine ten " * 2) + room(1)
    path = write_wav(tmp_path / "long.wav", pcm)
    heard = file_heard(path, wake="none", continuous=True, speech_max_s=3)
    parts, first = heard.all(SpeechGoesOn), heard.all(SpeechEnded)[0]
    assert len(parts) >= 3
    assert first.why == "long"
    assert len(first.pcm) == pytest.approx(96_000, abs=1024)
    assert first.pcm.startswith(parts[0].pcm[:16_000])
    # The next one begins where this one ended.
    assert heard.all(SpeechEnded)[1].pcm


@espeak
def test_a_file_that_ends_in_the_middle_of_a_word_keeps_what_was_said(tmp_path: Path) -> None:
    sentence = said("remember the milk and the bread")
    cut = sentence[: len(sentence) * 2 // 3 // 2 * 2]
    path = write_wav(tmp_path / "cut.wav", room(1) + cut)
    (ended,) = file_heard(path, wake="none", continuous=True).all(SpeechEnded)
    assert ended.why == "source"
    assert len(ended.pcm) > len(cut)


@espeak
def test_any_rate_and_two_channels_are_heard_as_one(tmp_path: Path) -> None:
    voice = room(1) + said("good morning") + room(1)
    samples = memoryview(voice).cast("h")
    stereo = b"".join(bytes(samples[at : at + 1]) * 2 for at in range(len(samples)))
    path = write_wav(tmp_path / "stereo.wav", stereo, channels=2)
    (ended,) = file_heard(path, wake="none", continuous=True).all(SpeechEnded)
    assert len(ended.pcm) > 20_000


@pytest.mark.parametrize("content", [b"", b"no sound at all", b"RIFF\x10\0\0\0WAVE"])
def test_a_file_that_is_no_sound_is_named_and_nothing_crashes(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "odd.wav"
    path.write_bytes(content)

    async def act(ears: Ears, heard: Heard) -> None:
        lost = await heard.wait(SourceLost)
        assert "odd.wav" in lost.reason
        await heard.wait(SourceEnded)
        assert ears.report.crashes == 0

    listen(Settings(source=str(path)), act)


@espeak
def test_pushed_sound_is_heard_and_its_end_ends_the_sentence(tmp_path: Path) -> None:
    voice = room(0.6) + said("turn on the light")

    async def act(ears: Ears, heard: Heard) -> None:
        await heard.wait(SourceOpened)
        assert ears.report.sealed
        ears.attend(5)
        for at in range(0, len(voice), 3200):
            ears.push("esp32", voice[at : at + 3200])
        ears.push("esp32", b"")
        ended = await heard.wait(SpeechEnded)
        assert ended.why == "source"
        assert len(ended.pcm) > len(voice) // 2

    listen(Settings(source="mqtt", wake="none"), act)


@espeak
def test_a_wav_chunk_of_another_rate_is_heard_as_well(tmp_path: Path) -> None:
    voice = room(0.6) + said("turn on the light") + room(1)
    chunk = write_wav(tmp_path / "chunk.wav", voice).read_bytes()

    async def act(ears: Ears, heard: Heard) -> None:
        await heard.wait(SourceOpened)
        ears.attend(5)
        with pytest.raises(DecodeError):
            ears.push("esp32", b"RIFF" + bytes(40))
        ears.push("esp32", chunk)
        assert (await heard.wait(SpeechEnded)).why == "silence"

    listen(Settings(source="mqtt", wake="none"), act)


@espeak
def test_rest_drops_what_is_being_said_and_a_follow_up_needs_no_wake_phrase() -> None:
    async def act(ears: Ears, heard: Heard) -> None:
        await heard.wait(SourceOpened)
        ears.attend(5)
        ears.push("one", room(0.5) + said("this is not for you"))
        await heard.wait(SpeechBegan)
        ears.rest()
        ears.push("one", room(1.5))
        ears.push("one", said("nor is this") + room(1.5))
        ears.attend(5)
        ears.push("one", said("yes please") + room(1.5))
        await heard.wait(SpeechEnded)
        assert len(heard.all(SpeechEnded)) == 1
        assert len(heard.all(SpeechBegan)) == 2

    listen(Settings(source="mqtt", wake="none"), act)


@espeak
def test_a_child_that_is_killed_listens_again_within_a_second() -> None:
    async def act(ears: Ears, heard: Heard) -> None:
        await heard.wait(SourceOpened)
        ears.attend(5)
        ears.push("one", room(0.5) + said("this sentence will not"))
        await heard.wait(SpeechBegan)
        assert ears.report.pid is not None
        os.kill(ears.report.pid, signal.SIGKILL)
        lost = await heard.wait(SourceLost)
        assert "SIGKILL" in lost.reason
        await heard.wait(SourceOpened, 2)
        assert (ears.report.starts, ears.report.crashes) == (2, 1)
        ears.attend(5)
        ears.push("one", room(0.5) + said("but this one will") + room(1.5))
        await heard.wait(SpeechEnded)

    listen(Settings(source="mqtt", wake="none"), act)


def test_each_loss_is_told_and_heard_again_though_it_is_the_same_one() -> None:
    async def act(ears: Ears, heard: Heard) -> None:
        for turn in (1, 2, 3):
            await heard.wait(SourceOpened, turn)
            assert ears.report.pid is not None
            os.kill(ears.report.pid, signal.SIGKILL)
            assert "SIGKILL" in (await heard.wait(SourceLost, turn)).reason
        await heard.wait(SourceOpened, 4)
        assert (ears.report.starts, ears.report.crashes) == (4, 3)
        assert len(heard.all(SourceLost)) == 3

    listen(Settings(source="mqtt", wake="none"), act)


@espeak
@pytest.mark.parametrize("rests", [False, True])
def test_who_hears_every_speech_does_so_after_a_crash_too_until_it_rests(rests: bool) -> None:
    async def act(ears: Ears, heard: Heard) -> None:
        await heard.wait(SourceOpened)
        ears.attend(0)
        ears.duck(True)  # as while we speak, with barge_in = "speech"
        if rests:
            ears.rest()
        assert ears.report.pid is not None
        os.kill(ears.report.pid, signal.SIGKILL)
        await heard.wait(SourceOpened, 2)
        ears.push("one", room(3) + said("stop that at once") + room(2))
        await heard.wait(Loudness, 5)
        assert len(heard.all(SpeechBegan)) == (0 if rests else 1)

    listen(Settings(source="mqtt", wake="none"), act)


@dataclass(frozen=True, slots=True)
class InSession:
    """What a conversation asks of the sessions, while one runs."""

    listens: bool = True


@espeak
@pytest.mark.parametrize("crashes", [False, True])
def test_who_calls_in_a_session_cuts_what_was_said_to_others(crashes: bool) -> None:
    async def act(ears: Ears, heard: Heard) -> None:
        await heard.wait(SourceOpened)
        Attention(ears, cast("Sessions", InSession())).rest()
        if crashes:
            assert ears.report.pid is not None
            os.kill(ears.report.pid, signal.SIGKILL)
            await heard.wait(SourceOpened, 2)
        ears.push("one", room(1) + said("and then the carpenter went away"))
        await heard.wait(SpeechBegan)
        ears.attend(5)
        assert (await heard.wait(SpeechEnded)).why == "called"

    listen(Settings(source="mqtt", wake="none"), act)


def test_what_was_muted_stays_so_after_a_crash() -> None:
    async def act(ears: Ears, heard: Heard) -> None:
        await heard.wait(SourceOpened)
        ears.close()
        await heard.wait(SourceClosed)
        assert ears.report.pid is not None
        os.kill(ears.report.pid, signal.SIGKILL)
        await heard.wait(SourceLost)
        async with asyncio.timeout(WAIT_S):
            while ears.report.starts < 2:
                await asyncio.sleep(0.01)
        ears.push("one", silence(1))
        ears.open()
        await heard.wait(SourceOpened, 2)
        assert not heard.all(Loudness)

    listen(Settings(source="mqtt", wake="none", loudness_s=0.5), act)


def test_silence_and_noise_are_no_speech() -> None:
    async def act(ears: Ears, heard: Heard) -> None:
        await heard.wait(SourceOpened)
        ears.attend(0)
        ears.push("one", silence(5))
        for _ in range(10):
            ears.push("one", room(2, level=800))
        await heard.wait(Loudness, 3)
        assert not heard.all(SpeechBegan)
        assert not heard.all(Woken)
        assert sum(one.speech for one in heard.all(Loudness)) == 0

    listen(Settings(source="mqtt", loudness_s=5), act)


def test_two_that_speak_at_once_are_not_mixed() -> None:
    async def act(ears: Ears, heard: Heard) -> None:
        await heard.wait(SourceOpened)
        ears.push("one", silence(0.1))
        ears.push("two", silence(0.2))
        assert ears.report.dropped_bytes == 6400

    listen(Settings(source="mqtt"), act)


def test_a_wake_phrase_that_nobody_made_is_named() -> None:
    async def act(_: Ears, heard: Heard) -> None:
        assert "hey nobody" in (await heard.wait(SourceLost)).reason

    listen(Settings(source="mqtt", wake="hey nobody"), act)


def test_no_source_is_no_process() -> None:
    async def run() -> Ears:
        ears = Ears(Settings())
        await ears.run(lambda _: None)
        ears.attend(3)
        return ears

    assert asyncio.run(run()).report.starts == 0


def test_without_a_sound_server_the_missing_microphone_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/absent")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))

    async def act(ears: Ears, heard: Heard) -> None:
        assert "no microphone" in (await heard.wait(SourceLost)).reason
        assert ears.report.sealed

    listen(Settings(source="microphone"), act)


@pulse
@espeak
@needs("sounddevice")
def test_a_microphone_is_heard_muted_for_real_unplugged_and_heard_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with rooms.room(tmp_path) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)

        async def act(ears: Ears, heard: Heard) -> None:
            await heard.wait(SourceOpened)
            assert server.listeners()
            ears.attend(20)
            with server.play(silence(0.5) + said("what is the time") + silence(1.5)) as playing:
                assert (await heard.wait(SpeechEnded)).why == "silence"
                playing.wait()
            ears.close()
            await heard.wait(SourceClosed)
            assert not server.listeners()
            ears.open()
            await heard.wait(SourceOpened, 2)
            ears.attend(20)
            with server.play(silence(0.5) + said("remember the milk and the bread") * 4) as playing:
                await heard.wait(SpeechBegan, 2)
                await heard.wait(SpeechGoesOn, 2)
                server.stop()
                assert (await heard.wait(SpeechEnded, 2)).why == "source"
                await heard.wait(SourceLost)
                playing.wait()
            server.start()
            await heard.wait(SourceOpened, 3)
            assert ears.report.crashes == 0

        listen(Settings(source="microphone", wake="none"), act)
