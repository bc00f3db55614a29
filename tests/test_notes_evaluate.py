"""`carpal evaluate notes` and `coaching`: their form, and that memory is what the system says."""

import asyncio
import sys
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.errors import ModelError
from agent.evaluate import coaching, notes
from agent.evaluate.peak import peak_mb
from agent.notes.taking import Models
from agent.ports import NO_HINTS, Hints, Sound, Transcript
from agent.voice.speaking import Piece
from tests.sound import espeak

RATE_HZ = 22_050
EVERY = (*notes.talks(), *notes.talks(notes.HELD))


class Mumbles:
    """A voice that says nothing, a tenth of a second for each word."""

    ready = True

    async def warm(self) -> None:
        """Be ready."""

    async def sound(self, text: str) -> AsyncIterator[Piece]:
        """Yield silence."""
        yield Piece(bytes(2 * (RATE_HZ // 10) * len(text.split())), RATE_HZ)


class Remembers:
    """A Transcriber that knows the talks by their files' names."""

    async def transcribe(self, sound: Sound, hints: Hints = NO_HINTS) -> Transcript:
        assert isinstance(sound, Path)
        with wave.open(str(sound)) as file:
            seconds = file.getnframes() / file.getframerate()
        text = next(talk.text for talk in EVERY if talk.name == sound.stem)
        return Transcript(text=text, audio_s=seconds, spent_s=0.0, language="en")


def measured(path: Path) -> list[str]:
    """Return a program that stands for `carpal notes`, and lives long enough to be looked at."""
    return [sys.executable, "-S", "-c", f"import time; open({str(path)!r}); time.sleep(0.5)"]


def test_the_table_of_notes_has_a_row_for_each_source_and_its_aims() -> None:
    voices = {"one": Mumbles(), "two": Mumbles()}
    table = asyncio.run(notes.evaluate(Models(), Remembers(), voices, short=True, command=measured))
    own = {row["name"]: row for row in table["figures"] if row["group"] is None}
    assert own["facts kept, text"]["ok"]
    kept = [own[f"facts kept, {kind}"]["value"] for kind in ("text", "sound")]
    assert own["notes"]["value"] == min(kept)
    assert own["facts kept, sound"]["value"] == own["facts kept, text"]["value"]
    assert own["invented, sound"]["value"] == 0
    assert {"peak memory grows, of text", "peak memory grows, of sound"} <= set(own)
    groups = {row["group"] for row in table["figures"]}
    assert {"text", "sound, one", "sound, two", "1 min of sound", "6 min of sound"} <= groups
    assert {"kept back, text", "kept back, sound, one", "kept back, sound, two"} <= groups


def test_peak_memory_counts_the_children_too() -> None:
    grows = "import time; kept = bytearray(80 << 20); time.sleep(1)"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {grows!r}])"
    small = asyncio.run(peak_mb([sys.executable, "-c", "import time; time.sleep(0.5)"]))
    large = asyncio.run(peak_mb([sys.executable, "-c", child]))
    assert small < 60
    assert large > 80


def test_a_program_that_fails_is_an_error_with_its_last_words() -> None:
    with pytest.raises(ModelError, match="no such thing"):
        asyncio.run(peak_mb([sys.executable, "-c", "raise SystemExit('no such thing')"]))


@espeak
@pytest.mark.audio
def test_a_cue_comes_within_two_seconds_and_slow_speech_is_let_be() -> None:
    async def run() -> tuple[list[float], float]:
        delays = [one async for one in coaching.delays()]
        return delays, (await coaching.false_touches())["value"]

    delays, share = asyncio.run(run())
    assert max(delays) <= coaching.CUE_AIM_S
    assert share < 0.1
