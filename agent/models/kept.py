"""What a worker keeps on disk between two starts: the read beginning of prompts, and speeds.

Only static text is kept, never what the wearer said.  What is damaged is ignored and made again.
"""

import hashlib
import json
import os
import struct
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

HEAD = struct.Struct("<32sI")
STATE_MAX_BYTES = 512 << 20
EDGE_BYTES = 1 << 16


def identity(*paths: Path) -> str:
    """Return what tells files apart: their sizes, times, beginnings and ends."""
    digest = hashlib.sha256()
    for path in paths:
        found = path.stat()
        digest.update(f"{found.st_size} {found.st_mtime_ns} ".encode())
        with path.open("rb") as file:
            digest.update(file.read(EDGE_BYTES))
            file.seek(max(0, found.st_size - EDGE_BYTES))
            digest.update(file.read(EDGE_BYTES))
    return digest.hexdigest()


def key_of(parts: Iterable[object]) -> str:
    """Return the name under which what depends on *parts* is kept."""
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()


def save_state(path: Path, tokens: Sequence[int], state: bytes) -> bool:
    """Keep *state*, after the *tokens* that led to it; return whether that worked."""
    body = HEAD.pack(bytes.fromhex(path.stem), len(tokens))
    body += struct.pack(f"<{len(tokens)}i", *tokens) + state
    return write(path, hashlib.sha256(body).digest() + body)


def load_state(path: Path) -> tuple[list[int], bytes] | None:
    """Return (tokens, state) as they were saved under this name; None if they are not whole."""
    try:
        if path.stat().st_size > STATE_MAX_BYTES:
            return None
        content = path.read_bytes()
    except OSError:
        return None
    digest, body = content[:32], content[32:]
    if len(body) < HEAD.size or hashlib.sha256(body).digest() != digest:
        return None
    name, count = HEAD.unpack_from(body)
    end = HEAD.size + 4 * count
    if name.hex() != path.stem or end > len(body):
        return None
    return list(struct.unpack_from(f"<{count}i", body, HEAD.size)), body[end:]


def write(path: Path, content: bytes) -> bool:
    """Write a file whole or not at all, for its owner alone; return whether that worked."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "wb") as file:  # noqa: PTH123 (a descriptor)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError:  # no room, or a folder that is not ours: it is made again next time
        with suppress(OSError):
            new.unlink()
        return False
    return True


def oldest_away(folder: Path, *, keep: int) -> None:
    """Remove all but the *keep* states that were written last."""
    with suppress(OSError):
        states = sorted(folder.glob("*.state"), key=lambda path: path.stat().st_mtime_ns)
        for path in states[:-keep]:
            path.unlink()
