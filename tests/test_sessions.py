"""Sessions that the wearer began: the coach touches the wrist, notes are written, both end."""

from pathlib import Path

import pytest

from tests.broker import broker
from tests.daemons import Daemon, daemon, listening, wait_for
from tests.default_models import needs
from tests.sound import espeak
from tests.test_listening import EARS, begin_hearing, chunks, hearing, loudspeaker, spoken

__all__ = ["broker", "daemon", "hearing", "loudspeaker"]

TOPIC = "carpal/ada/audio/wrist"
TALK = (
    "The new bridge over the river opens on the fourth of May. It is ninety metres long and it "
    "cost twelve million euros. Anna Berger led the work from the first day to the last. "
    "Two thousand people cross the river here each morning, and most of them on foot."
)
pytestmark = [
    pytest.mark.audio,
    pytest.mark.broker,
    pytest.mark.model,
    espeak,
    needs("faster_whisper", "onnxruntime", "av", "numpy"),
]


def say(daemon: Daemon, path: Path) -> None:
    daemon.publish(*[(TOPIC, chunk) for chunk in chunks(path)])


def test_speech_above_the_limit_is_touched_while_it_goes_on(
    hearing: Daemon, tmp_path: Path
) -> None:
    hearing.call("ask", question="coach my speech, not above 80 words a minute")
    told = hearing.call("ask", question="yes")
    assert "80 words a minute" in str(told["text"])
    assert hearing.broker is not None
    with listening(hearing.broker, "carpal/ada/notify") as shown:
        say(hearing, spoken(tmp_path / "talk.wav", TALK))
        wait_for(lambda: any(b"Slower" in one for one in shown()), "the touch")
    loaded = "'name': 'speech', 'loaded': True"
    wait_for(lambda: loaded in str(hearing.ask_status()["models"]), "the end of the sentence")
    stopped = hearing.call("ask", question="stop coaching")
    assert "words a minute" in str(stopped["text"]), stopped
    wait_for(lambda: hearing.kept("skill_noted") == 3, "begun, ended and delivered")
    report = hearing.call("ask", question="how did I speak")
    assert "syllables a minute" in str(report["text"]), report


def test_a_session_goes_on_when_the_microphone_opens_again(hearing: Daemon, tmp_path: Path) -> None:
    hearing.call("ask", question="coach my speech, not above 80 words a minute")
    hearing.call("ask", question="yes")
    assert hearing.call("voice", act="mute")["microphone"] == "closed"
    assert str(hearing.call("voice", act="unmute")["microphone"]).startswith("open")
    assert hearing.broker is not None
    with listening(hearing.broker, "carpal/ada/notify") as shown:
        say(hearing, spoken(tmp_path / "talk.wav", TALK))
        wait_for(lambda: any(b"Slower" in one for one in shown()), "the touch")


def test_a_session_is_ended_aloud_by_the_wake_phrase(
    daemon: Daemon, loudspeaker: Path, tmp_path: Path
) -> None:
    hearing = begin_hearing(daemon, loudspeaker, EARS.replace('"none"', '"okay nabu"'))
    hearing.call("ask", question="coach my speech, not above 80 words a minute")
    hearing.call("ask", question="yes")
    order = spoken(tmp_path / "order.wav", "okay nabu, stop coaching my speech.")
    hearing.publish(*[(TOPIC, chunk) for chunk in chunks(order, before_s=2.0)])
    wait_for(lambda: "following" in str(hearing.ask_status()["voice"]), "the question back")
    stopped = hearing.call("ask", question="yes")
    assert "stop" in str(stopped["text"]).lower(), stopped
    wait_for(lambda: hearing.kept("skill_noted") >= 2, "begun and ended")


def test_notes_are_written_when_the_session_ends_and_the_sound_goes(
    hearing: Daemon, tmp_path: Path
) -> None:
    begun = hearing.call("ask", question="take notes of this lecture")
    assert "have you told everyone" in str(begun["text"])  # consent comes first
    hearing.call("ask", question="yes")
    folder = hearing.store / "recordings"
    wait_for(lambda: bool(list(folder.glob("*.sealed"))), "the recording")
    (sound,) = folder.glob("*.sealed")
    assert sound.stat().st_mode & 0o077 == 0
    say(hearing, spoken(tmp_path / "talk.wav", TALK))
    wait_for(lambda: sound.stat().st_size > 200_000, "the talk")
    hearing.call("ask", question="stop taking notes")
    wait_for(lambda: bool(list(folder.glob("*.md"))), "the notes", at_most_s=120)
    (notes,) = folder.glob("*.md")
    text = notes.read_text()
    assert "twelve million" in text or "12 million" in text
    assert not list(folder.glob("*.sealed"))
