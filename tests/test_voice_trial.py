"""A trial of the microphone says what was heard, and why nothing of it was understood."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.app.enrolling import Enrolled, keep
from agent.app.settings import Settings
from agent.app.voice_trial import Trial
from agent.voice.ears.events import EarEvent, Loudness, SourceEnded, SpeechEnded
from agent.voice.ears.settings import Settings as EarsSettings
from tests.daemons import Daemon
from tests.default_models import needs
from tests.sound import espeak, said, silence, write_wav

LOUD = Loudness(at_s=1.0, seconds=1.0, dbfs=-30.0, peak_dbfs=-12.0, speech=0.5, noise=0.0)
SPEECH = SpeechEnded(silence(1.0), 1.0, 1.5, "silence")


class Told:
    """Ears that are told what they hear."""

    events: tuple[EarEvent, ...] = ()
    settings: EarsSettings

    def __init__(self, settings: EarsSettings, *, models: Path | None = None) -> None:
        type(self).settings = settings
        del models

    async def run(self, hear: Callable[[EarEvent], None]) -> None:
        for event in (*self.events, SourceEnded()):
            hear(event)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr("agent.app.voice_trial.Ears", Told)
    told = {
        "store": {"folder": tmp_path / "store"},
        "control": {"folder": tmp_path / "store"},
        "models": {"chat": "none", "words": "none", "embedding": "none"},
        "voice": {"model": "none", "ears": {"source": "microphone"}},
    }
    return Settings.model_validate(told)


def tried(settings: Settings, *events: EarEvent) -> Trial:
    Told.events = events
    trial = Trial(settings, tell=None)
    asyncio.run(trial.run(5))
    return trial


def test_speech_that_nothing_understands_is_told_as_that(settings: Settings) -> None:
    advice = tried(settings, LOUD, SPEECH).advice()
    assert "speech model is not set up" in advice
    assert "nothing that is speech" not in advice.lower()
    found = tried(settings, LOUD, SPEECH, SPEECH).found()
    assert (found["speeches"], found["said"]) == (2, [])
    assert tried(settings, LOUD).advice() == (
        "The level is good. Nothing that is speech was heard."
    )


def test_a_trial_wakes_as_the_daemon_would(settings: Settings) -> None:
    phrase = settings.voice.ears.wake
    keep(
        settings.store.folder, Enrolled(phrase=phrase, threshold=0.37, trials=(0.5,), others=(0.1,))
    )
    tried(settings)
    assert Told.settings.threshold == 0.37


@espeak
@pytest.mark.audio
@needs("pocketsphinx", "onnxruntime", "av", "numpy")
def test_a_trial_by_pocketsphinx_hears_the_wearers_commands(tmp_path: Path) -> None:
    alone = Daemon(tmp_path, None, more="")
    text = alone.config.read_text().replace('model = "none"\n', 'model = "pocketsphinx"\n')
    alone.config.write_text(text)
    asked = write_wav(tmp_path / "a.wav", said("When is my next meeting?") + silence(1.5))
    done = alone.carpal("voice", "test", "--source", str(asked), "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [one["text"] for one in found["said"]] == ["when is my next meeting"]
