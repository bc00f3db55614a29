"""One contract for all who turn speech into text: scripted, a stub, Whisper and pocketsphinx."""

import asyncio
import shutil
import subprocess
import wave
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.errors import ModelError
from agent.models.worker import Limits, Worker
from agent.ports import NO_HINTS, Hints, Sound, Transcriber, Transcript
from agent.voice import transcriber
from agent.voice.settings import Settings
from agent.voice.transcriber import SPHINX_COMMAND, Sphinx, Whisper
from tests.default_models import default, needs

SENTENCE = "can i have a small coffee"
GRAMMAR = """#JSGF V1.0; grammar order;
public <order> = can i have a <size> <drink>;
<size> = small | large; <drink> = coffee | espresso | zamboni;"""
RATE_HZ = 16_000

audio = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")


class Scripted:
    """A Transcriber that hears one sentence in anything that is loud."""

    async def transcribe(self, sound: Sound, hints: Hints = NO_HINTS) -> Transcript:
        pcm = sound if isinstance(sound, bytes) else _read(sound)
        if len(pcm) % 2:
            raise ModelError("odd")
        text = SENTENCE if any(pcm) else ""
        return Transcript(
            text=text, audio_s=len(pcm) / 32_000, spent_s=0.0, language="en", by="scripted"
        )


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise ModelError(f"there is no file {path}")
    with wave.open(str(path)) as file:
        pcm: bytes = file.readframes(file.getnframes())
        seconds = file.getnframes() / file.getframerate()
    return (pcm + bytes(int(seconds * 32_000)))[: int(seconds * RATE_HZ) * 2]


@dataclass(frozen=True)
class Kind:
    name: str
    open: Callable[[], tuple[Transcriber, Worker | None]]


def scripted() -> tuple[Transcriber, Worker | None]:
    return Scripted(), None


def by_worker(command: tuple[str, ...], folder: Path) -> Worker:
    begin = transcriber.begin(folder, Settings(threads=1))
    return Worker("speech", command, begin=begin, limits=Limits(load_s=60, call_s=60))


def tiny() -> tuple[Transcriber, Worker | None]:
    worker = by_worker(transcriber.COMMAND, default("speech"))
    return Whisper(worker), worker


def stub() -> tuple[Transcriber, Worker | None]:
    folder = Path(__file__).parents[2] / "shared" / "models" / "ct2-whisper-stub"
    if not folder.is_dir():
        pytest.skip(f"no stub of Whisper in {folder}")
    worker = by_worker(transcriber.COMMAND, folder)
    return Whisper(worker), worker


def sphinx() -> tuple[Transcriber, Worker | None]:
    worker = by_worker(SPHINX_COMMAND, Path())
    return Sphinx(worker), worker


KINDS = [
    pytest.param(scripted, id="scripted"),
    pytest.param(stub, id="stub", marks=[pytest.mark.reference, needs("faster_whisper")]),
    pytest.param(tiny, id="tiny.en", marks=[pytest.mark.model, needs("faster_whisper", "av")]),
    pytest.param(sphinx, id="sphinx", marks=[needs("pocketsphinx", "av", "numpy")]),
]
every = pytest.mark.parametrize("opened", KINDS)
Opened = Callable[[], tuple[Transcriber, Worker | None]]
HINTS = Hints(grammars=(GRAMMAR,))


def with_one(opened: Opened, act: Callable[[Transcriber], Awaitable[None]]) -> None:
    async def run() -> None:
        one, worker = opened()
        try:
            await act(one)
        finally:
            if worker is not None:
                await worker.close()

    asyncio.run(run())


def write_wav(path: Path, pcm: bytes, *, rate_hz: int = RATE_HZ, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(pcm)
    return path


def spoken(folder: Path, *, rate_hz: int = RATE_HZ, channels: int = 1, gain: str = "1") -> Path:
    plain, path = folder / "plain.wav", folder / "spoken.wav"
    subprocess.run(["espeak-ng", "-v", "en-us", "-w", str(plain), SENTENCE], check=True)
    shaped = ["-r", str(rate_hz), "-c", str(channels), str(path), "vol", gain]
    subprocess.run(["sox", "-q", str(plain), *shaped], check=True, capture_output=True)
    return path


@every
def test_silence_has_no_words(opened: Opened, tmp_path: Path) -> None:
    silent = write_wav(tmp_path / "silent.wav", bytes(64_000))

    async def act(one: Transcriber) -> None:
        for sound in (silent, bytes(64_000), b""):
            heard = await one.transcribe(sound, HINTS)
            assert heard.text == ""
            assert not heard.alternatives
            assert heard.audio_s == pytest.approx(2.0 if sound else 0.0)

    with_one(opened, act)


@every
def test_what_is_no_sound_is_a_model_error_and_the_next_is_heard(
    opened: Opened, tmp_path: Path
) -> None:
    async def act(one: Transcriber) -> None:
        with pytest.raises(ModelError):
            await one.transcribe(tmp_path / "absent.wav", HINTS)
        with pytest.raises(ModelError):
            await one.transcribe(b"\0\0\0", HINTS)
        assert (await one.transcribe(bytes(32_000), HINTS)).text == ""

    with_one(opened, act)


@every
@audio
@pytest.mark.audio
def test_a_sentence_is_heard_from_a_file_and_from_samples(opened: Opened, tmp_path: Path) -> None:
    path = spoken(tmp_path)

    async def act(one: Transcriber) -> None:
        from_file = await one.transcribe(path, HINTS)
        from_samples = await one.transcribe(_read(path), HINTS)
        assert from_file.text
        assert from_file.text == from_samples.text
        assert from_file.language == "en"
        assert 0 < from_file.language_p <= 1
        assert from_file.spent_s >= 0
        assert from_file.by

    with_one(opened, act)


@every
@audio
@pytest.mark.audio
@pytest.mark.parametrize(
    ("rate_hz", "channels", "gain"),
    [(8_000, 1, "1"), (96_000, 1, "1"), (44_100, 2, "1"), (16_000, 1, "60")],
)
def test_rates_channels_and_clipping_are_taken_as_they_come(
    opened: Opened, tmp_path: Path, rate_hz: int, channels: int, gain: str
) -> None:
    path = spoken(tmp_path, rate_hz=rate_hz, channels=channels, gain=gain)
    with wave.open(str(path)) as file:
        seconds = file.getnframes() / file.getframerate()

    async def act(one: Transcriber) -> None:
        heard = await one.transcribe(path, HINTS)
        assert heard.text
        assert heard.audio_s == pytest.approx(seconds, abs=0.05)

    with_one(opened, act)


@audio
@pytest.mark.audio
@pytest.mark.model
@needs("faster_whisper", "av")
def test_whisper_gives_its_readings_best_first_and_scores_the_right_one_best(
    tmp_path: Path,
) -> None:
    path = spoken(tmp_path)

    async def act(one: Transcriber) -> None:
        assert isinstance(one, Whisper)
        heard = await one.transcribe(path, Hints(n_best=5, prompt="Can I have a small coffee?"))
        scores = [reading.score for reading in heard.alternatives]
        assert 1 < len(scores) <= 5
        assert heard.alternatives[0].text == heard.text
        assert scores == sorted(scores, reverse=True) or max(scores) < 0
        right, wrong = await one.score(path, ["Can I have a small coffee?", "Give me a latte."])
        assert right > wrong

    with_one(tiny, act)


@audio
@pytest.mark.audio
@pytest.mark.model
@needs("faster_whisper", "av")
def test_whisper_tells_when_each_word_was_said(tmp_path: Path) -> None:
    path = spoken(tmp_path)

    async def act(one: Transcriber) -> None:
        heard = await one.transcribe(path, Hints(words=True))
        assert " ".join(word.text for word in heard.words) == heard.text
        ends = [time for word in heard.words for time in (word.since_s, word.until_s)]
        assert ends == sorted(ends)
        assert 0 <= ends[0] < ends[-1] <= heard.audio_s + 0.1

    with_one(tiny, act)


@audio
@pytest.mark.audio
@needs("pocketsphinx", "av", "numpy")
def test_pocketsphinx_hears_the_words_of_its_grammars_and_no_others(tmp_path: Path) -> None:
    path = spoken(tmp_path)
    lights = (
        "#JSGF V1.0; grammar lights; public <lights> = turn <state> the lamp; <state> = on | off;"
    )

    async def act(one: Transcriber) -> None:
        for _ in range(2):  # before any grammar is known, and after one
            with pytest.raises(ModelError, match="hears commands only"):
                await one.transcribe(path, Hints())
            heard = await one.transcribe(path, Hints(grammars=(lights, GRAMMAR)))
            assert heard.text == SENTENCE
        with pytest.raises(ModelError, match="grammar"):
            await one.transcribe(path, Hints(grammars=("public <x> = <absent>;",)))
        assert (await one.transcribe(path, HINTS)).text == SENTENCE

    with_one(sphinx, act)
