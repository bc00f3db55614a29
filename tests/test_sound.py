"""Sound of any format as samples, and long recordings piece by piece."""

import math
import struct
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("av")
pytest.importorskip("numpy")

from agent.errors import ModelError
from agent.ports import CUT_MAX_S
from agent.voice.sound import RATE_HZ, pieces, samples_of

ROOT = Path(__file__).parents[1]
PEAK = """
import resource, sys
from pathlib import Path
from agent.voice.sound import pieces
for _ in pieces(Path(sys.argv[1])): pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def write_wav(path: Path, seconds: float, *, quiet_at_s: float | None = None) -> Path:
    """Write a tone, with a pause of half a second at *quiet_at_s*."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        period = [int(8000 * math.sin(2 * math.pi * n / 40)) for n in range(RATE_HZ // 10)]
        block = struct.pack(f"<{len(period)}h", *period)
        for tenth in range(int(seconds * 10)):
            is_quiet = quiet_at_s is not None and 0 <= tenth / 10 - quiet_at_s < 0.5
            file.writeframes(bytes(len(block)) if is_quiet else block)
    return path


def lengths(path: Path) -> list[tuple[float, int]]:
    return [(since_s, len(samples)) for since_s, samples in pieces(path)]


def peak_mb(path: Path) -> float:
    """Return the memory that a process takes which reads *path* and does nothing else."""
    run = [sys.executable, "-c", PEAK, str(path)]
    return float(subprocess.run(run, cwd=ROOT, check=True, capture_output=True).stdout)


def test_a_long_recording_comes_in_pieces_that_join_without_a_gap(tmp_path: Path) -> None:
    from_file = lengths(write_wav(tmp_path / "long.wav", 95))
    since = 0.0
    for since_s, length in from_file:
        assert since_s == pytest.approx(since)
        assert 0 < length <= CUT_MAX_S * RATE_HZ
        since += length / RATE_HZ
    assert since == pytest.approx(95, abs=0.01)


def test_a_piece_is_cut_where_it_is_quiet(tmp_path: Path) -> None:
    (_, first), *_ = lengths(write_wav(tmp_path / "pause.wav", 40, quiet_at_s=12))
    assert 12 <= first / RATE_HZ <= 12.5


def test_what_is_no_sound_is_told_when_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "letter.wav").write_text("Dear reader, " * 100)
    with pytest.raises(ModelError, match="no sound"):
        lengths(tmp_path / "letter.wav")
    with pytest.raises(ModelError, match="there is no file"):
        lengths(tmp_path / "absent.wav")


def test_a_long_recording_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    short, long = write_wav(tmp_path / "short.wav", 60), write_wav(tmp_path / "long.wav", 1800)
    assert peak_mb(long) - peak_mb(short) < 4  # the samples alone of half an hour are 55 MB


@given(st.binary(max_size=400))
def test_any_samples_are_taken_or_refused(pcm: bytes) -> None:
    try:
        samples = samples_of(pcm, audio_max_s=0.01)
    except ModelError:
        assert len(pcm) % 2 or len(pcm) > 320
        return
    assert len(samples) == len(pcm) // 2
    assert all(-1 <= sample <= 1 for sample in samples)
