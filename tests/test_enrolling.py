"""The wake phrase learned from trials: spoken by espeak-ng, scored, forgotten, kept and used."""

import json
import subprocess
import wave
from pathlib import Path

import pytest

from agent.app.enrolling import Enrolled, enrolled, keep, learned
from agent.app.settings import Settings
from tests.daemons import Daemon
from tests.default_models import needs
from tests.sound import espeak

FOUND = Enrolled(phrase="okay nabu", threshold=0.7, trials=(0.9, 0.8, 0.95), others=(0.1,))


def settings(folder: Path, **ears: object) -> Settings:
    return Settings.model_validate({"store": {"folder": folder}, "voice": {"ears": ears}})


def test_what_was_learned_is_used_for_that_phrase_and_where_none_is_set(tmp_path: Path) -> None:
    assert learned(settings(tmp_path)).ears.threshold is None
    keep(tmp_path, FOUND)
    assert learned(settings(tmp_path)).ears.threshold == 0.7
    assert learned(settings(tmp_path, wake="hey jarvis")).ears.threshold is None
    assert learned(settings(tmp_path, threshold=0.5)).ears.threshold == 0.5


def test_a_damaged_file_is_as_good_as_none(tmp_path: Path) -> None:
    keep(tmp_path, FOUND).write_text("{")
    assert enrolled(tmp_path, "okay nabu") is None


def test_a_threshold_that_cannot_be_is_as_good_as_none(tmp_path: Path) -> None:
    path = keep(tmp_path, FOUND)
    path.write_text(path.read_text().replace("0.7", "7.0"))
    assert learned(settings(tmp_path)).ears.threshold is None


def spoken(folder: Path, *sentences: str) -> Path:
    """Return one recording of *sentences*, two seconds apart, at 16 kHz."""
    pcm = b""
    for place, sentence in enumerate(sentences):
        path = folder / f"{place}.wav"
        subprocess.run(["espeak-ng", "-v", "en-us", "-w", str(path), sentence], check=True)
        with wave.open(str(path)) as file:
            rate_hz = file.getframerate()
            pcm += file.readframes(file.getnframes()) + bytes(2 * 2 * rate_hz)
    whole = folder / "whole.wav"
    with wave.open(str(whole), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(pcm)
    return whole


@pytest.mark.audio
@espeak
@needs("pymicro_wakeword", "onnxruntime", "av", "numpy")
def test_trials_are_scored_and_nothing_of_their_sound_stays(tmp_path: Path) -> None:
    alone = Daemon(tmp_path, None, more="")
    other = ("What a fine day it is", "Where are my keys", "I shall be late tonight")
    sound = spoken(tmp_path, *["okay nabu"] * 4, *other)
    told = ("voice", "enroll", "--source", str(sound), "--trials", "4", "--json")
    done = alone.carpal(*told)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found["trials"]) == 4
    assert len(found["others"]) == 3
    assert min(found["trials"]) > max(found["others"])
    assert max(found["others"]) < found["threshold"] < min(found["trials"])
    assert found["heard"] == 4
    assert enrolled(alone.store, "okay nabu") == found["threshold"]
    assert [path.name for path in alone.store.iterdir()] == ["wake.json"]


@pytest.mark.audio
@espeak
@needs("pymicro_wakeword", "onnxruntime", "av", "numpy")
def test_too_few_trials_teach_nothing(tmp_path: Path) -> None:
    alone = Daemon(tmp_path, None, more="")
    done = alone.carpal("voice", "enroll", "--source", str(spoken(tmp_path, "okay nabu")))
    assert done.returncode == 1
    assert "only 1 trials were heard, 3 are needed" in done.stderr
    assert not (alone.store / "wake.json").exists()
