"""Word error rate, and the figures over the reference recordings."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import ModelError
from agent.evaluate import transcripts
from agent.evaluate.words import errors, word_error_rate, words
from agent.models.worker import Limits, Worker
from agent.ports import NO_HINTS, Hints, Sound, Transcript
from agent.voice import transcriber
from agent.voice.settings import Settings
from agent.voice.transcriber import Whisper
from tests.default_models import default, needs

some_words = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12)


@given(some_words, some_words, some_words)
def test_errors_are_a_distance(one: list[str], two: list[str], three: list[str]) -> None:
    assert errors(one, one) == 0
    assert errors(one, two) == errors(two, one)
    assert errors(one, three) <= errors(one, two) + errors(two, three)
    assert abs(len(one) - len(two)) <= errors(one, two) <= max(len(one), len(two))


@pytest.mark.parametrize(
    ("said", "heard", "rate"),
    [
        ("Hello, world!", "hello world", 0.0),
        ("don't stop", "don\u2019t stop.", 0.0),
        ("one two three four", "one too three", 0.5),
        ("one", "one two three", 2.0),
        ("", "anything", 0.0),
    ],
)
def test_word_error_rate_counts_words_not_marks(said: str, heard: str, rate: float) -> None:
    assert word_error_rate([(said, heard)]) == rate


def test_the_rate_is_over_all_words_not_over_recordings() -> None:
    assert word_error_rate([("a b c", "a b c"), ("d", "x")]) == 0.25


@given(st.text())
def test_words_of_any_text_are_lower_case_and_bare(text: str) -> None:
    assert all(word == word.lower() and " " not in word for word in words(text))


class Parrot:
    """A Transcriber that reads the transcript beside the recording, and is late by a tenth."""

    async def transcribe(self, sound: Sound, hints: Hints = NO_HINTS) -> Transcript:
        assert isinstance(sound, Path)
        beside = sound.with_suffix(".txt")
        text = beside.read_text() if beside.exists() else hints.prompt
        return Transcript(text=text, audio_s=10.0, spent_s=1.0, language="en")


def test_figures_have_the_form_of_every_evaluation(tmp_path: Path) -> None:
    folder = tmp_path / "speech" / "read"
    folder.mkdir(parents=True)
    for name in ("one", "two"):
        (folder / f"{name}.wav").touch()
        (folder / f"{name}.txt").write_text("some words here")
    (folder / "only-time.flac").touch()
    table = asyncio.run(transcripts.evaluate(Parrot(), tmp_path))
    assert (table["name"], table["n"]) == ("speech", 2)
    overall = {row["name"]: row for row in table["figures"] if row["group"] is None}
    assert overall["word error rate"]["value"] == 0
    assert overall["real-time factor"] | {"aim": None} == {
        "name": "real-time factor",
        "value": 0.1,
        "unit": "s/s",
        "aim": None,
        "ok": True,
        "baseline": None,
        "n": 3,
        "group": None,
    }


def test_a_folder_without_recordings_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no recordings"):
        asyncio.run(transcripts.evaluate(Parrot(), tmp_path))


@pytest.mark.model
@pytest.mark.reference
@needs("faster_whisper")
def test_read_sentences_are_heard_as_well_as_the_aim_says(reference: Path) -> None:
    model = default("speech")

    async def run() -> None:
        begin = transcriber.begin(model, Settings(threads=1))
        worker = Worker("speech", transcriber.COMMAND, begin=begin, limits=Limits(call_s=120))
        try:
            table = await transcripts.evaluate(Whisper(worker), reference)
        finally:
            await worker.close()
        assert table["figures"][0]["ok"], table["figures"][0]

    asyncio.run(run())
