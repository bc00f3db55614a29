"""What is said over the way to the guests' process, by a time, and what of it may be kept."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Sequence
from typing import Any

from agent.models.process import ROOT, how_ended

KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")  # no secret is in these
DEPTH_MAX = 32  # of an answer: the journal and the checkpoint read 200 levels, and nest it
Message = dict[str, Any]


def unwritable(found: Message) -> str:
    """Return why the journal could not keep *found* and read it again; empty if it can."""
    try:
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return "is no JSON"
    level: list[object] = [found]
    for _ in range(DEPTH_MAX):
        level = [inner for outer in level for inner in _inside(outer)]
    return f"is nested deeper than {DEPTH_MAX}" if level else ""


def _inside(outer: object) -> Sequence[object]:
    if isinstance(outer, dict):
        return tuple(outer.values())
    return outer if isinstance(outer, list) else ()


def read(way: socket.socket, size: int, *, ends: float) -> bytes:
    """Return the next *size* bytes; raise TimeoutError at *ends*, OSError."""
    read = bytearray()
    while len(read) < size:
        left_s = ends - time.monotonic()
        if left_s <= 0:
            raise TimeoutError  # whoever sends a byte now and then holds us no longer
        way.settimeout(left_s)
        chunk = way.recv(size - len(read))
        if not chunk:
            raise ConnectionError("it ended")
        read += chunk
    return bytes(read)


def ended_how(child: "subprocess.Popen[bytes]") -> str:
    """Return a sentence on how *child* ended; empty where it has not."""
    try:
        return how_ended("guests", child.wait(timeout=1.0))
    except subprocess.TimeoutExpired:
        return ""


def environment() -> dict[str, str]:
    """Return what a guest's process sees of ours."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONNOUSERSITE": "1"}
