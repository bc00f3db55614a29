"""What the voice's commands print where all is well, and where it is not."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent.app.clocks import WorldClock
from agent.cli.daemon import voice_lines
from tests.daemons import Daemon, wait_for
from tests.default_models import needs
from tests.sound import espeak
from tests.test_speaking import program

SENT = "[policy]\nquiet_from = 00:00:00\nquiet_until = 00:00:00\n"
SENT += '[voice.ears]\nsource = "mqtt"\nwake = "none"\n'
IDLE = {"phase": "idle", "microphone": "open"}
ears = needs("onnxruntime", "numpy")


@pytest.fixture
def hearing(tmp_path: Path) -> Iterator[Daemon]:
    """A daemon with ears, to which nobody sends anything, and a loudspeaker that plays nothing."""
    made = Daemon(tmp_path, None, more="")
    made.configure(SENT)
    programs = tmp_path / "programs"
    programs.mkdir()
    program(programs, "aplay", "echo 'audio open error: no such device' >&2; exit 1")
    path = f"{programs}:{os.environ['PATH']}"
    made.start(PATH=path, XDG_RUNTIME_DIR="", PULSE_SERVER="")
    yield made
    made.close()


@ears
def test_status_shows_whose_turn_it_is_and_how_the_microphone_is(hearing: Daemon) -> None:
    wait_for(lambda: "open: sent" in str(hearing.ask_status()["voice"]), "the ears")
    shown = hearing.carpal("status").stdout
    assert "voice        idle                   microphone open: sent, 16000 Hz\n" in shown
    hearing.carpal("voice", "mute")
    assert (
        "voice        muted                  microphone closed\n" in hearing.carpal("status").stdout
    )


def test_status_shows_what_was_interpreted_and_why_nothing_was_said() -> None:
    more = {"interpreted": "Hello. (German to English, 90% sure)", "unspoken": "no such device"}
    assert dict(voice_lines({**IDLE, **more})) == {"idle": "microphone open", **more}


def test_status_shows_a_lost_microphone_the_day_and_a_voice_that_is_off() -> None:
    told = dict(voice_lines({"phase": "idle", "microphone": "lost: x", "day_leq_db": 61.5}))
    assert told == {"idle": "microphone lost: x", "day_leq_db": 61.5}
    assert "interpreted" not in dict(voice_lines({**IDLE, "interpreted": "", "unspoken": None}))
    assert "voice.ears.source" in str(dict(voice_lines({}))["off"])


@ears
@espeak
@pytest.mark.audio
def test_doctor_says_why_nothing_could_be_said_aloud(hearing: Daemon) -> None:
    wait_for(lambda: "open: sent" in str(hearing.ask_status()["voice"]), "the ears")
    assert "ok  loudspeaker: " in hearing.carpal("doctor").stdout
    due = WorldClock().now() + timedelta(seconds=1)
    hearing.call("remind", text="Call the bank", due=due.isoformat())
    wait_for(lambda: "no such device" in str(hearing.ask_status()["voice"]), "the reminder")
    assert "see loudspeaker: " in (told := hearing.carpal("doctor").stdout)
    assert "audio open error: no such device" in told
