"""A long recording: no more memory than a short one takes, and nothing lost at its end."""

import asyncio
import json
import shutil
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from agent.evaluate.notes import GROWTH_AIM
from agent.evaluate.peak import peak_mb
from tests.default_models import needs

pytestmark = [pytest.mark.model, needs("faster_whisper", "av", "numpy")]
audio = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
SAID = (
    "Good morning. The old bridge was finished in the year 1931, and it cost ninety thousand "
    "pounds. The engineer was a woman called Helen Baker. On Monday the ferry leaves at seven "
    "thirty, and the tickets cost four dollars. Please be there in time."
)
LAST = "And the very last thing is that the museum opens at nine on Sunday."


def spoken(path: Path, text: str) -> bytes:
    subprocess.run(["espeak-ng", "-v", "en-us", "-w", str(path), text], check=True)
    with wave.open(str(path)) as file:
        return bytes(file.readframes(file.getnframes()))


def recording(folder: Path, minutes: int) -> Path:
    """Write a talk with long pauses, whose last sentence ends with the file."""
    talk, last = (spoken(folder / "part.wav", text) for text in (SAID, LAST))
    path = folder / f"{minutes}.wav"
    with wave.open(str(folder / "part.wav")) as part, wave.open(str(path), "wb") as file:
        file.setparams(part.getparams())
        rate_hz = part.getframerate()
        while file.tell() < (minutes * 60 - 40) * rate_hz:
            file.writeframes(talk + bytes(2 * len(talk)))
        file.writeframes(last)
    return path


def carpal(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "agent", *arguments]


@audio
@pytest.mark.audio
@pytest.mark.slow
def test_a_long_recording_takes_no_more_memory_than_a_minute(tmp_path: Path) -> None:
    peaks = [
        asyncio.run(peak_mb(carpal("notes", "--plain", str(recording(tmp_path, minutes)))))
        for minutes in (2, 30)
    ]
    assert peaks[1] / peaks[0] <= GROWTH_AIM, peaks


@audio
@pytest.mark.audio
def test_nothing_is_lost_at_the_end_of_a_recording(tmp_path: Path) -> None:
    path = recording(tmp_path, 2)
    with wave.open(str(path)) as file:
        seconds = file.getnframes() / file.getframerate()
    command = carpal("transcribe", str(path), "--format", "json")
    told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert told["audio_s"] == pytest.approx(seconds, abs=0.01)
    ends = [piece["until_s"] for piece in told["pieces"]]
    assert [piece["since_s"] for piece in told["pieces"]] == pytest.approx([0.0, *ends[:-1]])
    assert "museum" in told["pieces"][-1]["text"]
    assert told["pieces"][-1]["words"][-1]["until_s"] <= seconds
    notes = subprocess.run(
        carpal("notes", "--plain", str(path)), check=True, capture_output=True, text=True
    )
    assert "museum" in notes.stdout
