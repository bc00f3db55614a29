"""A question that is spoken into a file: heard, answered, and the answer spoken.

data/question.wav was made by `espeak-ng -v en -s 150 -w FILE "What is on my shopping list?"`,
then brought to 16 kHz.
"""

import json
import wave
from pathlib import Path

import pytest

from agent import key
from agent.app.house import DATABASE, KEY
from agent.bus import Bus
from agent.core import Core
from agent.memory.journal import Journal
from agent.shipped import shipped
from agent.store import open_store
from skills import SKILLS
from tests.days import RULES, rules, shopping
from tests.default_models import default, needs
from tests.sound import espeak, said, write_wav
from tests.test_cli import carpal, refused

QUESTION = shipped("question.wav")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings with a memory in which there is a shopping list."""
    file, folder = tmp_path / "carpal.toml", tmp_path / "store"
    where = json.dumps(str(folder))
    file.write_text(
        f"[store]\nfolder = {where}\n[control]\nfolder = {where}\n"
        '[models]\nwords = "none"\nchat = "none"\nembedding = "none"\n'
    )
    carpal("status", "--config", file)
    secret = key.read(folder / KEY)
    db = open_store(folder / DATABASE, key=secret)
    Bus(Core(SKILLS), Journal(db)).publish([rules(given=RULES), shopping(1, "quinces", "milk")])
    db.close()
    return file


def test_the_shipped_question_is_small_mono_and_of_the_rate_that_models_hear() -> None:
    with wave.open(str(QUESTION)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (16_000, 1, 2)
        assert 1 < sound.getnframes() / sound.getframerate() < 3
    assert QUESTION.stat().st_size <= 100_000


@pytest.mark.model
@needs("faster_whisper")
def test_a_spoken_question_is_heard_and_answered(config: Path) -> None:
    default("speech")
    reply = json.loads(carpal("say-to", QUESTION, "--json", "--quiet", "--config", config))
    assert reply["heard"].lower().strip(" ?.") == "what is on my shopping list"
    assert reply["tool"] == "grocery.on_the_list"
    assert "quinces" in reply["text"]
    assert reply["spoken"] is False
    told = carpal("say-to", QUESTION, "--quiet", "--config", config)
    assert "heard: What is on my shopping list?" in told
    assert "2 things: quinces and milk." in told


@pytest.mark.model
@needs("faster_whisper")
def test_a_machine_without_a_voice_shows_the_answer_and_says_why(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    default("speech")
    monkeypatch.setenv("PATH", "")
    told = carpal("say-to", QUESTION, "--config", config)
    assert "quinces" in told
    assert "not spoken: espeak-ng is not installed" in told


@pytest.mark.model
@needs("faster_whisper")
@pytest.mark.parametrize(("content", "reason"), [(None, "there is no file"), (b"RIFF", "sound")])
def test_a_file_that_cannot_be_heard_is_named(
    content: bytes | None, reason: str, config: Path, tmp_path: Path
) -> None:
    default("speech")
    file = tmp_path / "asked.wav"
    if content is not None:
        file.write_bytes(content)
    code, error = refused("say-to", file, "--config", config)
    assert code == 1
    assert "asked.wav" in error
    assert reason in error
    assert len(error.splitlines()) == 1


@espeak
@pytest.mark.audio
@needs("pocketsphinx", "av", "numpy")
def test_by_pocketsphinx_a_question_is_heard_and_a_recording_refused(
    config: Path, tmp_path: Path
) -> None:
    with config.open("a") as file:
        file.write('[voice]\nmodel = "pocketsphinx"\n')
    asked = write_wav(tmp_path / "asked.wav", said("When is my next meeting?"))
    reply = json.loads(carpal("say-to", asked, "--json", "--quiet", "--config", config))
    assert reply["heard"] == "when is my next meeting"
    for command in ("transcribe", "notes"):
        code, error = refused(command, QUESTION, "--config", config)
        assert (code, error.count("\n")) == (2, 0)
        assert "hears commands only" in error
        assert "voice.model" in error
    text = tmp_path / "talk.txt"
    text.write_text("The bridge was built in 1932. It is 503 metres long.")
    assert "1932" in carpal(
        "notes", text, "--plain", "--config", config
    )  # what is read is not heard
