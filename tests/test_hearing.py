"""From a sound to a question: guessed in a pause, translated, shown while it is spoken."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from agent.app import alone
from agent.app.hearing import MORE_BYTES, Hearing
from agent.app.settings import Settings
from agent.errors import ModelError
from agent.ports import Hints, Sound, Transcript
from agent.voice.stable import StablePrefix

PCM = bytes(range(200)) * 100


class Scripted:
    """A Transcriber that says how long a sound is, in a language of its own."""

    def __init__(self, language: str = "en", *, fails: bool = False) -> None:
        self.language, self.fails = language, fails
        self.asked: list[tuple[int, Hints]] = []

    async def transcribe(self, sound: Sound, hints: Hints = Hints()) -> Transcript:  # noqa: B008
        assert isinstance(sound, bytes)
        self.asked.append((len(sound), hints))
        if self.fails:
            raise ModelError("the worker ended")
        english = hints.task == "translate"
        text = f"{'translated' if english else 'heard'} {len(sound)}"
        return Transcript(text=text, audio_s=1, spent_s=0, language=self.language, language_p=0.9)


def with_hearing(
    folder: Path, ears: Scripted, act: Callable[[Hearing], Awaitable[None]]
) -> Scripted:
    off = {"words": "none", "chat": "none", "embedding": "none"}
    settings = Settings.model_validate(
        {
            "store": {"folder": folder},
            "control": {"folder": folder},
            "models": off,
            "voice": {"model": "none"},
        }
    )

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

    with_hearing(tmp_path, Scripted(fails=True), act)


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
