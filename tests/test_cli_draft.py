"""What `--out` may overwrite: never its source, and an older file only by something new."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from agent.cli.draft import beside, drafted
from agent.errors import ConfigError, ModelError
from tests.sound import espeak, silence, write_wav
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


def test_a_file_of_the_wearer_s_own_beside_it_is_not_touched(
    tmp_path: Path, recording: Path
) -> None:
    before, part = recording.read_bytes(), recording.rename(tmp_path / "said.part")
    for source in (part, None):
        with beside(tmp_path / "said", source=source) as to:
            assert to.path.name != part.name
            to.path.write_text("new")
            to.worth = True
        assert part.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["said", "said.part"]


def test_what_takes_the_place_of_something_private_is_private_while_it_is_written(
    older: Path, tmp_path: Path
) -> None:
    for out, mode in ((older, 0o600), (tmp_path / "new.txt", 0o644)):
        before = os.umask(0o022)
        try:
            with beside(out) as to:
                assert to.path.stat().st_mode & 0o777 == mode
                to.worth = True
        finally:
            os.umask(before)
        assert out.stat().st_mode & 0o777 == mode


def test_a_name_may_be_as_long_as_names_are(tmp_path: Path) -> None:
    out = tmp_path / ("n" * 251 + ".txt")
    with drafted(out, sys.stdout, source=tmp_path) as to:
        to.write("whole")
    assert out.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    "name", ["old.txt/a.txt", "no/a.txt", "n" * 300, "n" * 300 + "/a.txt", "loop/a.txt", "shut/a"]
)
def test_what_cannot_be_written_is_one_clear_line(name: str, older: Path, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "shut").mkdir(mode=0o000)
    if name.startswith("shut") and os.access(tmp_path / "shut", os.X_OK):
        pytest.skip("the superuser may enter any folder")
    before = sorted(tmp_path.iterdir())
    with (
        pytest.raises(ConfigError, match="cannot be written"),
        drafted(tmp_path / name, sys.stdout, source=older),
    ):
        pytest.fail("it was begun")
    assert sorted(tmp_path.iterdir()) == before
    assert older.read_text() == OLDER


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_where_there_is_no_room_it_is_told_in_one_line(tmp_path: Path) -> None:
    with (
        pytest.raises(ConfigError, match="cannot be written: No space left on device"),
        drafted(Path("/dev/full"), sys.stdout, source=tmp_path / "a.wav") as to,
    ):
        to.write("one line\n")  # it is flushed at the end


def test_a_folder_that_goes_meanwhile_is_told_too(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()

    def write() -> None:
        with drafted(folder / "a.txt", sys.stdout, source=tmp_path) as to:
            to.write("lost")
            shutil.rmtree(folder)

    with pytest.raises(ConfigError, match="cannot be written"):
        write()


def test_the_standard_output_may_be_a_pipe(settings: Path, tmp_path: Path) -> None:
    text = tmp_path / "talk.txt"
    text.write_text("The bridge was built in 1932. It is 503 metres long. Many cross it daily.\n")
    out = tmp_path / "out"
    out.symlink_to("/dev/stdout")
    for name in (Path("/dev/stdout"), out):
        command = ["notes", str(text), "--plain", "--out", str(name), "--config", str(settings)]
        done = subprocess.run(
            [sys.executable, "-m", "agent", *command], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout[:7], done.stderr) == (0, "# talk\n", "")


@espeak
@pytest.mark.audio
def test_speech_is_written_into_no_pipe(settings: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for out in (pipe, Path("/dev/stdout")):
        code, told = refused("say", "Hello.", "--out", out, "--config", settings)
        assert (code, "is no file" in told, told.count("\n")) == (2, True, 0)
    carpal("say", "Hello.", "--out", os.devnull, "--config", settings)
