"""What the voice's commands print where all is well, and where it is not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.cli.daemon import voice_lines
from tests.daemons import Daemon, wait_for
from tests.default_models import needs

SENT = '[voice.ears]\nsource = "mqtt"\nwake = "none"\n'
ears = needs("onnxruntime", "numpy")


@pytest.fixture
def hearing(tmp_path: Path) -> Iterator[Daemon]:
    """A daemon with ears, to which nobody sends anything."""
    made = Daemon(tmp_path, None, more="")
    made.configure(SENT)
    made.start()
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


def test_status_shows_a_lost_microphone_the_day_and_a_voice_that_is_off() -> None:
    told = dict(voice_lines({"phase": "idle", "microphone": "lost: x", "day_leq_db": 61.5}))
    assert told == {"idle": "microphone lost: x", "day_leq_db": 61.5}
    assert "voice.ears.source" in str(dict(voice_lines({}))["off"])
