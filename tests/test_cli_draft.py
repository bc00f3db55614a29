"""What `--out` may overwrite: never its source, and an older file only by something new."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent.cli.draft import beside, drafted
from agent.errors import ConfigError, ModelError
from tests.sound import silence, write_wav
from tests.test_cli import carpal, refused, settings

__all__ = ["settings"]

OLDER = "what an hour of work had written\n"


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return write_wav(tmp_path / "a.wav", silence(1.0))


@pytest.fixture
def older(tmp_path: Path) -> Path:
    path = tmp_path / "old.txt"
    path.write_text(OLDER)
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("command", ["transcribe", "notes"])
@pytest.mark.parametrize("link", [False, True])
def test_a_recording_is_not_written_over(
    command: str, *, link: bool, recording: Path, tmp_path: Path, settings: Path
) -> None:
    before, out = recording.read_bytes(), recording
    if link:
        out = tmp_path / "link.wav"
        out.symlink_to(recording)
    code, told = refused(command, recording, "--out", out, "--config", settings)
    assert code == 2
    assert "itself" in told
    assert recording.read_bytes() == before


@pytest.mark.parametrize("command", ["transcribe", "notes"])
def test_what_fails_before_its_first_piece_leaves_an_older_file_alone(
    command: str, recording: Path, older: Path, settings: Path, tmp_path: Path
) -> None:
    names = sorted(path.name for path in tmp_path.iterdir())
    code, told = refused(command, recording, "--out", older, "--config", settings)
    assert (code, told.count("\n")) == (1, 0)
    assert older.read_text() == OLDER
    fresh = tmp_path / "new.txt"
    refused(command, recording, "--out", fresh, "--config", settings)
    assert sorted(path.name for path in tmp_path.iterdir()) == names


@pytest.mark.parametrize("format_", ["json", "vtt"])
def test_what_fails_prints_no_empty_object(format_: str, recording: Path, settings: Path) -> None:
    command = ["transcribe", str(recording), "--format", format_, "--config", str(settings)]
    done = subprocess.run(
        [sys.executable, "-m", "agent", *command], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")


def test_notes_take_the_place_of_older_ones_and_stay_as_private(
    older: Path, settings: Path, tmp_path: Path
) -> None:
    text = tmp_path / "talk.txt"
    text.write_text("The bridge was built in 1932. It is 503 metres long. Many cross it daily.\n")
    carpal("notes", text, "--plain", "--out", older, "--config", settings)
    assert older.read_text().startswith("# talk\n")
    assert older.stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob("*.part"))


def test_what_was_flushed_before_a_fault_is_kept_and_nothing_else(
    older: Path, recording: Path
) -> None:
    def write(*, fail: bool) -> None:
        with drafted(older, sys.stdout, source=recording) as to:
            to.write("one\n")
            to.flush()
            to.write("half of ")
            if fail:
                raise ModelError("the worker died")

    with pytest.raises(ModelError):
        write(fail=True)
    assert older.read_text() == "one\n"
    write(fail=False)
    assert older.read_text() == "one\nhalf of "


def test_what_is_no_file_is_written_and_not_replaced(tmp_path: Path, recording: Path) -> None:
    with drafted(Path(os.devnull), sys.stdout, source=recording) as to:
        to.write("gone")
    assert not Path(os.devnull).is_file()
    with (
        pytest.raises(ConfigError, match="directory"),
        drafted(tmp_path, sys.stdout, source=recording),
    ):
        pass


def test_neither_is_what_is_written_beside_the_source(tmp_path: Path, recording: Path) -> None:
    part = recording.rename(tmp_path / "said.part")
    with pytest.raises(ConfigError, match="itself"), beside(tmp_path / "said", source=part):
        pass
