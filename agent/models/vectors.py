"""The vectors of example sentences, kept on disk: a command without a daemon would make them anew.

Only examples that the program itself brings are kept, by the hash of the sentence; nothing that the
wearer said.  A file that is damaged is ignored and written again.
"""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.models import kept
from agent.models.heads import Kept

FILE_MAX_BYTES = 64 << 20


def key_of(sentence: str) -> str:
    """Return the name under which the vector of *sentence* is kept."""
    return hashlib.sha256(sentence.encode()).hexdigest()[:32]


def place(folder: Path, model: Path) -> Path:
    """Return where the vectors of *model* are kept in *folder*."""
    return folder / f"vectors-{kept.identity(model)[:16]}.npz"


def head_place(beside: Path, taught: Iterable[tuple[str, str]]) -> Path:
    """Return where the weights are kept that (meaning, sentence) pairs give by the same model."""
    key = kept.key_of(part for pair in taught for part in pair)[:32]
    return beside.with_name(f"{beside.stem}-head-{key}.npy")


def load_weights(path: Path) -> NDArray[np.float64] | None:
    """Return the weights in *path*; None where they are not whole."""
    try:
        if path.stat().st_size > FILE_MAX_BYTES:
            return None
        found = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    whole = found.ndim == 2 and found.dtype == np.float64 and np.isfinite(found).all()
    return np.asarray(found) if whole else None


def save_weights(path: Path, weights: NDArray[np.float64]) -> None:
    """Keep *weights* in the place of those of other examples."""
    body = io.BytesIO()
    np.save(body, weights, allow_pickle=False)
    if kept.write(path, body.getvalue()):
        for other in path.parent.glob(f"{path.name.rpartition('-')[0]}-*.npy"):
            if other != path:
                other.unlink(missing_ok=True)


def load(path: Path) -> dict[str, Kept]:
    """Return the vectors in *path* by their keys; none where they are not whole."""
    try:
        if path.stat().st_size > FILE_MAX_BYTES:
            return {}
        with np.load(path, allow_pickle=False) as found:
            keys, vectors = found["keys"], found["vectors"].astype(np.float32)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}
    if keys.ndim != 1 or vectors.ndim != 2 or len(keys) != len(vectors):
        return {}
    return dict(zip(map(str, keys), vectors, strict=True)) if np.isfinite(vectors).all() else {}


def save(path: Path, vectors: Mapping[str, Kept]) -> None:
    """Keep *vectors*; where nothing can be written they are made again the next time."""
    body = io.BytesIO()
    np.savez(body, keys=np.array(list(vectors)), vectors=np.array(list(vectors.values())))
    kept.write(path, body.getvalue())
