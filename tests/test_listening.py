"""Real sound to a real answer: a file, the broker, a button, a closed microphone."""

import asyncio
import io
import json
import os
import stat
import threading
import wave
from datetime import timedelta
from pathlib import Path

import pytest

from agent import control
from agent.app.clocks import WorldClock
from agent.errors import ControlError
from agent.voice.settings import Settings
from agent.voice.speaking.espeak import Espeak
from tests.broker import broker
from tests.daemons import Daemon, daemon, wait_for
from tests.default_models import default, needs
from tests.sound import espeak

__all__ = ["broker", "daemon"]

QUESTION = "What was my heart rate during the last meeting?"
pytestmark = [
    pytest.mark.audio,
    espeak,
    needs("faster_whisper", "onnxruntime", "av", "numpy"),
]
EARS = """[policy]
quiet_from = 00:00:00
quiet_until = 00:00:00
[voice.ears]
source = "mqtt"
wake = "none"
listen_s = 30
"""


def spoken(path: Path, text: str = QUESTION) -> Path:
    asyncio.run(Espeak(Settings()).to_file(text, path))
    return path


def chunks(path: Path, *, silence_s: float = 2.0, before_s: float = 0.0) -> list[bytes]:
    """Return a recording as a microphone would send it: WAV chunks of a tenth of a second."""
    with wave.open(str(path)) as file:
        rate_hz = file.getframerate()
        pcm = bytes(2 * int(rate_hz * before_s))
        pcm += file.readframes(file.getnframes()) + bytes(2 * int(rate_hz * silence_s))
    found = []
    for begin in range(0, len(pcm), rate_hz // 10 * 2):
        held = io.BytesIO()
        with wave.open(held, "wb") as chunk:
            chunk.setnchannels(1)
            chunk.setsampwidth(2)
            chunk.setframerate(rate_hz)
            chunk.writeframes(pcm[begin : begin + rate_hz // 10 * 2])
        found.append(held.getvalue())
    return found


SILENT = {"XDG_RUNTIME_DIR": "", "PULSE_SERVER": ""}  # no sound system but the test's


@pytest.fixture
def loudspeaker(tmp_path: Path) -> Path:
    """A program that takes sound as the system's would, and writes it into `heard`."""
    folder = tmp_path / "programs"
    folder.mkdir()
    program = folder / "aplay"
    program.write_text(f"#!/bin/sh\nexec cat >> {tmp_path}/heard\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return folder


@pytest.fixture
def hearing(daemon: Daemon, loudspeaker: Path) -> Daemon:
    """A daemon that hears what comes over the broker."""
    return begin_hearing(daemon, loudspeaker, EARS)


def begin_hearing(daemon: Daemon, loudspeaker: Path, ears: str) -> Daemon:
    """Start *daemon* with *ears*, and return it when they are open."""
    default("speech")
    daemon.configure(ears)
    path = f"{loudspeaker}:{os.environ['PATH']}"
    daemon.start(PATH=path, CARPAL_VOICE__MODEL="default", CARPAL_VOICE__FOLLOW_S="30", **SILENT)
    wait_for(lambda: "open: sent" in str(daemon.ask_status()["voice"]), "the ears")
    return daemon


def listen(daemon: Daemon) -> tuple[threading.Thread, list[str]]:
    """Press the button; return what waits for the end, and what is told meanwhile."""
    told: list[str] = []

    def press() -> None:
        control.call(daemon.store, "voice", {"act": "listen"}, part=told.append)

    pressing = threading.Thread(target=press)
    pressing.start()
    wait_for(lambda: "listening" in told, "the button")
    return pressing, told


def phase(daemon: Daemon) -> str:
    voice = daemon.ask_status()["voice"]
    assert isinstance(voice, dict)
    return str(voice["phase"])


@pytest.mark.broker
@pytest.mark.model
def test_a_question_over_the_broker_is_heard_answered_and_spoken(
    hearing: Daemon, tmp_path: Path
) -> None:
    pressing, told = listen(hearing)
    topic = "carpal/ada/audio/wrist"
    hearing.publish(*[(topic, chunk) for chunk in chunks(spoken(tmp_path / "q.wav"))])
    pressing.join(60)
    assert f"heard: {QUESTION}" in told
    assert any(line.startswith("answer: ") for line in told)
    assert told[-1] == "idle"
    assert hearing.kept("utterance_heard") == 1
    assert hearing.kept("answered") == 1
    assert (tmp_path / "heard").stat().st_size > 10_000


@pytest.mark.broker
@pytest.mark.model
def test_a_nudge_is_said_aloud_and_answered_without_the_wake_phrase(
    hearing: Daemon, tmp_path: Path
) -> None:
    due = WorldClock().now() + timedelta(seconds=1)
    hearing.call("remind", text="Call the bank", due=due.isoformat())
    wait_for(lambda: phase(hearing) == "following", "the spoken reminder")
    assert (tmp_path / "heard").stat().st_size > 10_000
    sound = chunks(spoken(tmp_path / "yes.wav", "Yes, please."))
    hearing.publish(*[("carpal/ada/audio/wrist", chunk) for chunk in sound])
    wait_for(lambda: hearing.kept("feedback_given") == 1, "the answer")
    assert hearing.kept("utterance_heard") == 0
    assert "accepted" in hearing.carpal("nudges", "--week").stdout


@pytest.mark.broker
@pytest.mark.model
def test_a_closed_microphone_is_closed_shown_and_opened_again(hearing: Daemon) -> None:
    hearing.call("voice", act="mute")
    wait_for(lambda: "'microphone': 'closed'" in str(hearing.ask_status()["voice"]), "the device")
    assert phase(hearing) == "muted"
    with pytest.raises(ControlError, match="unmute"):
        hearing.call("voice", act="listen")
    hearing.call("voice", act="unmute")
    wait_for(lambda: "'microphone': 'open" in str(hearing.ask_status()["voice"]), "the device")
    assert phase(hearing) == "idle"


@pytest.mark.broker
@pytest.mark.model
def test_what_is_no_sound_is_quarantined_and_the_next_is_heard(
    hearing: Daemon, tmp_path: Path
) -> None:
    hearing.publish(("carpal/ada/audio/wrist", b"RIFF no sound at all"))
    wait_for(lambda: hearing.kept("input_quarantined") == 1, "the bad chunk")
    pressing, told = listen(hearing)
    sound = chunks(spoken(tmp_path / "q.wav"))
    hearing.publish(*[("carpal/ada/audio/wrist", chunk) for chunk in sound])
    pressing.join(60)
    assert f"heard: {QUESTION}" in told


@pytest.mark.model
def test_a_question_in_a_file_is_answered_without_a_daemon(
    tmp_path: Path, loudspeaker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    default("speech")
    path = f"{loudspeaker}:{os.environ['PATH']}"
    for name, value in {"PATH": path, "XDG_RUNTIME_DIR": "", "PULSE_SERVER": ""}.items():
        monkeypatch.setenv(name, value)
    alone = Daemon(tmp_path, None, more="")
    text = alone.config.read_text().replace('[voice]\nmodel = "none"\n', "")
    alone.config.write_text(text)
    question = spoken(tmp_path / "q.wav")
    done = alone.carpal("listen", "--source", str(question))
    assert done.returncode == 0, done.stderr
    assert f"heard: {QUESTION}" in done.stdout
    assert "answer: I can't tell" in done.stdout
    assert (tmp_path / "heard").stat().st_size > 10_000


def test_a_voice_that_is_not_set_up_says_how(tmp_path: Path) -> None:
    alone = Daemon(tmp_path, None, more="")
    done = alone.carpal("listen")
    assert done.returncode == 2
    assert "--source microphone" in done.stderr
    muted = alone.carpal("voice", "mute")
    assert muted.returncode != 0
    assert "no daemon runs" in muted.stderr


@pytest.mark.model
def test_a_trial_shows_levels_and_words_and_answers_nothing(tmp_path: Path) -> None:
    default("speech")
    alone = Daemon(tmp_path, None, more="")
    alone.config.write_text(alone.config.read_text().replace('[voice]\nmodel = "none"\n', ""))
    question = spoken(tmp_path / "q.wav")
    done = alone.carpal("voice", "test", "--source", str(question), "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [one["text"] for one in found["said"]] == [QUESTION]
    assert found["loudest_dbfs"] > -40
    assert found["advice"] == "The level is good."
    assert not (tmp_path / "store").exists()
    absent = alone.carpal("voice", "test", "--source", str(tmp_path / "absent.wav"))
    assert absent.returncode != 0
    assert "there is no file" in absent.stderr


def test_a_text_is_said_into_a_file_and_aloud(
    tmp_path: Path, loudspeaker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = Daemon(tmp_path, None, more="")
    out = tmp_path / "said.wav"
    assert alone.carpal("say", "Good morning.", "--out", str(out)).returncode == 0
    with wave.open(str(out)) as file:
        assert file.getnframes() > 5_000
    path = f"{loudspeaker}:{os.environ['PATH']}"
    for name, value in {"PATH": path, "XDG_RUNTIME_DIR": "", "PULSE_SERVER": ""}.items():
        monkeypatch.setenv(name, value)
    assert alone.carpal("say", "Good morning.").returncode == 0
    assert (tmp_path / "heard").stat().st_size > 10_000
