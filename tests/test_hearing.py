"""From a sound to a question: guessed in a pause, translated, shown while it is spoken."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from pydantic import BaseModel
from wyoming.audio import AudioChunk, AudioChunkConverter

from agent.app import alone
from agent.app.hearing import MORE_BYTES, Hearing
from agent.app.settings import Settings
from agent.errors import ModelError
from agent.evaluate.words import word_error_rate
from agent.ports import Alternative, Hints, Sound, Transcript
from agent.skill import Answer, Skill, Tool, sayings
from agent.voice.settings import Settings as VoiceSettings
from agent.voice.speaking.espeak import Espeak
from agent.voice.stable import StablePrefix
from skills import SKILLS
from tests.default_models import default, needs
from tests.sound import espeak

PCM = bytes(range(200)) * 100


class Scripted:
    """A Transcriber that says how long a sound is, in a language of its own."""

    def __init__(self, language: str = "en", *, fails: int = 0) -> None:
        """*fails*: so often at first."""
        self.language, self.fails = language, fails
        self.asked: list[tuple[int, Hints]] = []

    async def transcribe(self, sound: Sound, hints: Hints = Hints()) -> Transcript:  # noqa: B008
        assert isinstance(sound, bytes)
        self.asked.append((len(sound), hints))
        if len(self.asked) <= self.fails:
            raise ModelError("the worker ended")
        english = hints.task == "translate"
        text = f"{'translated' if english else 'heard'} {len(sound)}"
        return Transcript(text=text, audio_s=1, spent_s=0, language=self.language, language_p=0.9)


def plain(folder: Path, voice: dict[str, str]) -> Settings:
    off = {"words": "none", "chat": "none", "embedding": "none"}
    where = {"folder": folder}
    told = {"store": where, "control": where, "models": off, "voice": voice}
    return Settings.model_validate(told)


def with_hearing(
    folder: Path, ears: Scripted, act: Callable[[Hearing], Awaitable[None]]
) -> Scripted:
    settings = plain(folder, {"model": "none"})

    async def run() -> None:
        async with alone.opened(settings) as (pipeline, brains):
            brains.transcriber = ears
            await act(Hearing(pipeline, brains))

    asyncio.run(run())
    return ears


def test_a_guess_made_in_the_last_pause_is_the_answer(tmp_path: Path) -> None:
    async def act(hearing: Hearing) -> None:
        hearing.guess(PCM)
        assert await hearing.understood(PCM + b"\0" * 1600) == f"heard {len(PCM)}"

    assert len(with_hearing(tmp_path, Scripted(), act).asked) == 1


def test_a_sentence_that_went_on_is_heard_as_a_whole(tmp_path: Path) -> None:
    async def act(hearing: Hearing) -> None:
        hearing.guess(PCM)
        longer = PCM + b"\1" * MORE_BYTES
        assert await hearing.understood(longer) == f"heard {len(longer)}"
        assert await hearing.understood(PCM[::-1]) == f"heard {len(PCM)}"

    with_hearing(tmp_path, Scripted(), act)


def test_a_question_in_another_language_is_put_into_english(tmp_path: Path) -> None:
    async def act(hearing: Hearing) -> None:
        assert await hearing.understood(PCM) == f"translated {len(PCM)}"

    asked = with_hearing(tmp_path, Scripted("de"), act).asked
    assert [(hints.task, hints.language) for _, hints in asked] == [
        ("transcribe", ""),
        ("translate", "de"),
    ]


def test_what_fails_is_told_whether_guessed_or_not(tmp_path: Path) -> None:
    async def act(hearing: Hearing) -> None:
        hearing.guess(PCM)
        with pytest.raises(ModelError, match="ended"):
            await hearing.understood(PCM)
        with pytest.raises(ModelError, match="ended"):
            await hearing.understood(PCM)
        assert await hearing.partial(PCM, StablePrefix()) == StablePrefix()

    with_hearing(tmp_path, Scripted(fails=99), act)


def test_a_worker_that_ended_in_the_middle_of_it_loses_nothing(tmp_path: Path) -> None:
    async def act(hearing: Hearing) -> None:
        assert await hearing.understood(PCM) == f"heard {len(PCM)}"

    assert len(with_hearing(tmp_path, Scripted(fails=1), act).asked) == 2


def test_of_an_unfinished_sentence_only_what_stays_is_shown(tmp_path: Path) -> None:
    async def act(hearing: Hearing) -> None:
        first = await hearing.partial(PCM, StablePrefix())
        assert first.text == ""
        assert (await hearing.partial(PCM + PCM, first)).text == "heard"

    with_hearing(tmp_path, Scripted(), act)


def test_without_a_model_it_says_what_to_do(tmp_path: Path) -> None:
    async def act(hearing: Hearing) -> None:
        hearing._brains.transcriber = None
        with pytest.raises(ModelError, match="carpal models get speech"):
            await hearing.understood(PCM)

    with_hearing(tmp_path, Scripted(), act)


class Cup(BaseModel):
    """A cup of tea."""

    size: str = "small"
    kind: str = "black"


class Tea(Skill):
    """Makes tea, and says how it may be asked for."""

    name = "tea"
    tools = (
        Tool(
            name="brew",
            what="brewing tea",
            examples=sayings("brew {size} tea | make me {size} tea"),
            arguments=Cup,
            answer=lambda cup, _, __: Answer(f"A {cup.size} {cup.kind} tea it is."),
            grammar="""#JSGF V1.0; grammar tea; public <brew> = [please] (brew | make) [me] [a]
                <size> <kind> tea; <size> = small | large; <kind> = green | black;""",
        ),
    )


@pytest.mark.audio
@pytest.mark.model
@needs("faster_whisper", "av", "numpy")
@espeak
def test_a_command_that_a_grammar_explains_reaches_its_tool(tmp_path: Path) -> None:
    default("speech")
    settings = plain(tmp_path, {})

    async def run() -> tuple[str, str, str]:
        async with alone.opened(settings) as (pipeline, brains):
            pipeline.core.adopt([Tea()])
            pipeline.route.teach([*SKILLS, Tea()])
            hearing = Hearing(pipeline, brains)
            said = await sound_of("Please make me a large black tea.")
            text = await hearing.understood(said)
            told = await hearing.answer(text, show=nobody)
            other = await hearing.understood(await sound_of("What is my heart rate?"))
            answered = await hearing.answer(other, show=nobody)
            return told.reply.tool, told.reply.answer.text, answered.reply.tool

    tool, text, other = asyncio.run(run())
    assert (tool, text) == ("tea.brew", "A large black tea it is.")
    assert other.startswith("body.")


class Doubtful(Scripted):
    """One whose second reading is an example of a tool."""

    def __init__(self, second: float) -> None:
        super().__init__()
        self.second = second

    async def transcribe(self, sound: Sound, hints: Hints = Hints()) -> Transcript:  # noqa: B008
        first = ("working on my shopping list", -3.0)
        readings = (first, ("what is on my shopping list", self.second))
        told = tuple(Alternative(text=text, score=score) for text, score in readings)
        return Transcript(text=told[0].text, audio_s=1, spent_s=0, language="en", alternatives=told)


@pytest.mark.parametrize(
    ("second", "text"),
    [(-4.0, "what is on my shopping list"), (-9.0, "working on my shopping list")],
)
def test_a_reading_that_is_an_example_of_a_tool_is_taken_if_it_is_nearly_as_likely(
    second: float, text: str, tmp_path: Path
) -> None:
    async def act(hearing: Hearing) -> None:
        assert await hearing.understood(PCM) == text

    with_hearing(tmp_path, Doubtful(second), act)


TALK = (
    "The new bridge over the river opens in May. It is ninety metres long, and it cost twelve "
    "million euros. Two thousand people cross the river here each morning, and most of them go on "
    "foot to the market and the school."
)


@pytest.mark.audio
@pytest.mark.model
@needs("faster_whisper", "av", "numpy")
@espeak
def test_a_long_sentence_is_shown_while_it_is_spoken_by_looking_at_its_end(tmp_path: Path) -> None:
    default("speech")

    async def run() -> StablePrefix:
        async with alone.opened(plain(tmp_path, {})) as (pipeline, brains):
            hearing, read, shown = Hearing(pipeline, brains), StablePrefix(), ""
            pcm = await sound_of(TALK)
            step = 51_200  # 1.6 s
            for end in range(step, len(pcm) + step, step):
                read = await hearing.partial(pcm[:end], read)
                assert read.text.startswith(shown)
                shown = read.text
            return read

    read = asyncio.run(run())
    assert read.begin_s > 5
    assert word_error_rate([(TALK, f"{read.text} {read.rest}")]) < 0.35


async def nobody(_: str) -> None:
    """Show a part to no one."""


async def sound_of(text: str) -> bytes:
    """Return *text* as espeak-ng says it, at 16 kHz."""
    convert = AudioChunkConverter(rate=16_000, width=2, channels=1)
    pcm = b""
    async for piece in Espeak(VoiceSettings(voice="en-us")).sound(text):
        chunk = AudioChunk(rate=piece.rate_hz, width=2, channels=1, audio=piece.pcm)
        pcm += convert.convert(chunk).audio
    return pcm


def test_without_a_speech_model_it_says_so_once_and_how_to_get_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> None:
        async with alone.opened(plain(tmp_path, {"model": "none"})) as (pipeline, brains):
            with pytest.raises(ModelError, match="models get speech"):
                await Hearing(pipeline, brains).understood(PCM)

    asyncio.run(run())
    assert "again" not in caplog.text


def test_a_guess_ends_with_the_turn(tmp_path: Path) -> None:
    class Slow(Scripted):
        ended = False

        async def transcribe(self, sound: Sound, hints: Hints = Hints()) -> Transcript:  # noqa: B008
            try:
                await asyncio.Event().wait()
            finally:
                self.ended = True
            raise AssertionError

    slow = Slow()

    async def act(hearing: Hearing) -> None:
        hearing.guess(PCM)
        await asyncio.sleep(0)
        hearing.rest()
        await asyncio.sleep(0)

    with_hearing(tmp_path, slow, act)
    assert slow.ended
