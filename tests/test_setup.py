"""Set-up: pins, the scripts of `make`, and the package that `pip install .` makes."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
PINS = ("requirements.txt", "requirements-models.txt", "requirements-llama.txt")
SCRIPTS = sorted((ROOT / ".ci").iterdir())


def _pins(name: str) -> Iterator[tuple[str, str]]:
    for line in (ROOT / name).read_text().splitlines():
        found = re.match(r"([\w.-]+)==([\w.]+)", line)
        if found:
            yield canonicalize_name(found[1]), found[2]


@pytest.mark.parametrize("name", [*PINS, "requirements-dev.txt"])
def test_every_pin_has_its_hash_and_no_file_of_pins_an_address(name: str) -> None:
    text = (ROOT / name).read_text()
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert all("==" in block and "--hash=sha256:" in block for block in blocks)
    assert not re.search(r"://|index-url|find-links| @ ", text)


@pytest.mark.parametrize(
    ("wanted", "files"),
    [
        (PROJECT["dependencies"], ["requirements.txt"]),
        (EXTRAS["models"], ["requirements-models.txt", "requirements-llama.txt"]),
        (EXTRAS["dev"], ["requirements-dev.txt"]),
        (["hatchling", "editables"], ["requirements.txt"]),
        (["cmake", "ninja", "scikit-build-core"], ["requirements-models.txt"]),
    ],
    ids=["base", "models", "dev", "to install", "to compile"],
)
def test_what_the_project_asks_for_is_pinned_within_its_bounds(
    wanted: list[str], files: list[str]
) -> None:
    pinned = [pin for name in files for pin in _pins(name)]
    for requirement in map(Requirement, wanted):
        versions = [v for name, v in pinned if name == canonicalize_name(requirement.name)]
        assert versions, f"{requirement}: run make pins"
        assert all(requirement.specifier.contains(version) for version in versions), requirement


def test_files_of_pins_agree_with_each_other() -> None:
    base = dict(_pins("requirements.txt"))
    for name in ("requirements-models.txt", "requirements-dev.txt"):
        for package, version in _pins(name):
            assert base.get(package, version) == version, f"{package} in {name}: run make pins"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_can_be_run_and_is_read_by_a_plain_shell(script: Path) -> None:
    assert os.access(script, os.X_OK)
    assert script.read_text().startswith("#!/bin/sh\n")
    subprocess.run(["/bin/sh", "-n", script], check=True)


def test_another_system_is_refused_in_one_line(tmp_path: Path) -> None:
    _command(tmp_path / "uname", 'echo "Linux riscv64" | cut -d" " -f$([ "$1" = -s ]; expr $? + 1)')
    done = _make_python(tmp_path)
    assert done.returncode == 1
    assert done.stderr == (
        "carpal runs on Linux (x86-64 or 64-bit ARM) and macOS, not on Linux riscv64.\n"
    )
    assert not (tmp_path / ".venv").exists()


def test_a_python_that_is_too_old_is_refused_in_one_line(tmp_path: Path) -> None:
    for name in ("python3", "python3.13", "python3.12", "python3.11"):
        _command(tmp_path / name, "exit 1")
    done = _make_python(tmp_path)
    assert done.returncode == 1
    assert done.stderr == "carpal needs Python 3.11 or newer: there is none on the PATH.\n"


def _command(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o700)


def _make_python(folder: Path) -> "subprocess.CompletedProcess[str]":
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [ROOT / ".ci" / "python"],
        cwd=folder,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_refuses_another_processor_in_one_line() -> None:
    pretend = "import platform; platform.machine = lambda: 'riscv64'; import agent.cli"
    done = _python("-c", pretend, cwd=ROOT)
    assert done.returncode == 1
    assert done.stderr.startswith("carpal runs on 64-bit Linux (x86-64, aarch64) and macOS, not on")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only there the variable means anything")
def test_without_a_session_a_command_warns_of_nothing(tmp_path: Path) -> None:
    done = _python("-m", "agent", "config", cwd=ROOT, env=_bare(tmp_path))
    assert done.returncode == 0
    assert done.stderr == ""
    assert "control.folder" in done.stdout


def _bare(home: Path) -> dict[str, str]:
    """Return an environment that leads to nothing of the user's."""
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "TZ") if key in os.environ}
    return kept | {"HOME": str(home)}


def _python(
    *arguments: str, cwd: Path, env: dict[str, str] | None = None, python: str = sys.executable
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [python, *arguments], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_the_package_has_its_data_and_its_command(tmp_path: Path) -> None:
    wheel = _wheel(tmp_path)
    fresh = tmp_path / "fresh"
    venv.create(fresh, with_pip=False, symlinks=True)
    python = str(fresh / "bin" / "python")
    site = next((fresh / "lib").glob("python*/site-packages"))
    # What carpal needs comes from here; a path file in there is not followed, so carpal does not.
    (site / "needs.pth").write_text("\n".join(p for p in sys.path if p.endswith("site-packages")))
    pip = ("-m", "pip", f"--python={python}", "install", "--no-deps", "--no-index", str(wheel))
    assert _python(*pip, cwd=tmp_path).returncode == 0

    where = _python("-c", "import agent; print(agent.__file__)", cwd=tmp_path, python=python)
    assert where.stdout.startswith(str(fresh))
    assert {path.name for path in (ROOT / "data").iterdir()} == {
        path.name for path in (site / "agent" / "data").iterdir()
    }
    for arguments in (["config"], ["simulate", "--seed", "7", "--out", "day.jsonl"]):
        command = [str(fresh / "bin" / "carpal"), *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env=_bare(tmp_path), capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "day.jsonl").stat().st_size > 1000
    done = _python(
        "-m", "agent", "demo", "--plain", cwd=tmp_path, env=_bare(tmp_path), python=python
    )
    assert done.returncode == 0, done.stderr
    assert " said grocery: " in done.stdout


def _wheel(folder: Path) -> Path:
    """Build the package from a copy, with what is here already."""
    copy = folder / "copy"
    for name in ("agent", "sensors", "skills", "data"):
        shutil.copytree(ROOT / name, copy / name)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    build = ("-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation")
    done = _python(*build, f"--wheel-dir={folder}", str(copy), cwd=folder)
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    return wheel
