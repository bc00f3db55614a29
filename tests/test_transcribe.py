"""`carpal transcribe`: text, subtitles and JSON of a recording, a bar, and Ctrl-C."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.default_models import default, needs
from tests.sound import espeak, said, silence, write_wav

ROOT = Path(__file__).parents[1]
SENTENCE = (
    "The meeting begins at nine o'clock in the small room. Please bring the new plans with you."
)
model = pytest.mark.model


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_wav(tmp_path_factory.mktemp("sound") / "said.wav", said(SENTENCE))


@pytest.fixture(scope="module")
def long_recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    once = said(SENTENCE) + silence(1.0)
    return write_wav(tmp_path_factory.mktemp("sound") / "long.wav", once * 30)


def environment(home: Path) -> dict[str, str]:
    models = str(default("speech").parent)
    names = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
    return {"PATH": os.environ["PATH"], "CARPAL_MODELS": models, **dict.fromkeys(names, str(home))}


def transcribe(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "agent", "transcribe", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment(home),
    )


@model
@espeak
@pytest.mark.audio
@needs("faster_whisper", "av")
def test_each_format_is_written_whole_and_nothing_else(tmp_path: Path, recording: Path) -> None:
    plain = transcribe(tmp_path, str(recording))
    assert (plain.returncode, plain.stderr) == (0, "")  # no bar where no terminal is
    assert "small room" in plain.stdout
    out = tmp_path / "said.srt"
    assert transcribe(tmp_path, str(recording), "--format", "srt", "--out", str(out)).stdout == ""
    assert re.match(r"1\n00:00:00,\d{3} --> 00:00:0\d,\d{3}\n\S", out.read_text())
    web = transcribe(tmp_path, str(recording), "--format", "vtt").stdout
    assert web.startswith("WEBVTT\n\n00:00:0")
    told = json.loads(transcribe(tmp_path, str(recording), "--format", "json").stdout)
    (piece,) = told["pieces"]
    assert told["text"] == piece["text"]
    spoken = "".join(word["text"] for word in piece["words"])
    assert spoken == piece["text"].replace(" ", "")
    times = [time for word in piece["words"] for time in (word["since_s"], word["until_s"])]
    assert times == sorted(times)
    assert times[-1] <= told["audio_s"] + 0.1


@model
@espeak
@pytest.mark.audio
@needs("faster_whisper", "av")
def test_a_terminal_sees_how_far_it_is(tmp_path: Path, recording: Path) -> None:
    reader, writer = pty.openpty()
    out = tmp_path / "said.txt"
    done = subprocess.run(
        [sys.executable, "-m", "agent", "transcribe", str(recording), "--out", str(out)],
        check=False,
        stderr=writer,
        cwd=ROOT,
        env=environment(tmp_path),
    )
    os.close(writer)
    shown = os.read(reader, 10_000).decode()
    os.close(reader)
    assert done.returncode == 0
    assert "  0%  00:00 of 00:0" in shown
    assert "100%" in shown
    assert out.read_text().count("\n") == 1


@contextmanager
def at_a_terminal() -> Iterator[None]:
    """Let Ctrl-C end what is begun, which in the background of a script would ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _is_written(folder: Path, word: str) -> bool:
    return any(word in part.read_text() for part in folder.glob(".long.*.part"))


@model
@espeak
@pytest.mark.audio
@needs("faster_whisper", "av")
def test_ctrl_c_keeps_what_was_written(tmp_path: Path, long_recording: Path) -> None:
    out = tmp_path / "long"
    with at_a_terminal():
        child = subprocess.Popen(
            [
                *(sys.executable, "-m", "agent", "transcribe", str(long_recording)),
                *("--format", "json", "--out", str(out)),
            ],
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment(tmp_path),
        )
    # What is written becomes the other when it is done.
    while child.poll() is None and not _is_written(tmp_path, "room"):
        os.sched_yield()
    child.send_signal(signal.SIGINT)
    _, told = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "(stopped: what was said until 00:" in told
    assert "Traceback" not in told
    assert "small room" in json.loads(out.read_text())["text"]


@model
@espeak
@pytest.mark.audio
@needs("faster_whisper", "av")
def test_a_model_that_knows_english_alone_says_so(tmp_path: Path, recording: Path) -> None:
    told = transcribe(tmp_path, str(recording), "--translate")
    assert told.returncode == 0
    assert "carpal models get speech_many" in told.stderr


@model
@needs("faster_whisper", "av")
def test_what_is_no_sound_is_one_clear_line(tmp_path: Path) -> None:
    odd = tmp_path / "odd.wav"
    odd.write_bytes(b"no sound at all")
    told = transcribe(tmp_path, str(odd))
    assert told.returncode == 1
    assert told.stderr.count("\n") == 1
    assert "is no sound file" in told.stderr
    away = transcribe(tmp_path, str(odd), "--out", str(tmp_path / "no" / "where"))
    assert away.returncode == 2
    assert "--out" in away.stderr
