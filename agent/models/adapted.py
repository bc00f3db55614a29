"""The chat model that words: the default one with our own adapter merged into it, once.

The packaged model stays beside it: a new adapter is merged without another download, and a larger
model of the wearer's changes nothing here.
"""

import hashlib
from contextlib import suppress
from pathlib import Path

from agent.errors import ModelError
from agent.models import fetch
from agent.models.merging import merge
from agent.shipped import shipped

ADAPTER = "adapter/carpal.gguf"
FOLDER = "words"
KIND = "q8_0"


def adapter() -> Path | None:
    """Return the adapter that ships; None where it was left out."""
    path = shipped(ADAPTER)
    return path if path.is_file() else None


def find(folder: Path | None) -> Path | None:
    """Return the merged model, or None if it was not made of this adapter yet."""
    path = _place(folder)
    return path if path is not None and path.is_file() else None


def make(folder: Path | None) -> Path:
    """Return the merged model, made now if it was not there; raise ModelError."""
    base, place, added = fetch.find("chat", folder), _place(folder), adapter()
    if base is None or place is None or added is None:
        raise ModelError("the chat model is not set up: `carpal models get chat` brings it")
    if not place.is_file():
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            merge(base, added, place, kind=KIND)
        except OSError as error:
            raise ModelError(f"{place} cannot be written: {error.strerror}") from error
        _tidy(place)
    return place


def _place(folder: Path | None) -> Path | None:
    """Return where the merged model lies: its name has the adapter's hash and kind."""
    added = adapter()
    if folder is None or added is None:
        return None
    digest = _digest(added, added.stat().st_mtime_ns)
    return folder / FOLDER / f"SmolLM2-135M-carpal-{digest[:12]}-{KIND}.gguf"


_digests: dict[tuple[Path, int], str] = {}


def _digest(path: Path, changed_ns: int) -> str:
    if (path, changed_ns) not in _digests:
        with path.open("rb") as file:
            _digests[path, changed_ns] = hashlib.file_digest(file, "sha256").hexdigest()
    return _digests[path, changed_ns]


def _tidy(place: Path) -> None:
    for old in place.parent.glob("*.gguf"):
        if old != place:
            with suppress(OSError):
                old.unlink()
