"""How much memory is free, and how much a process has: the system's own figures."""

import ctypes
import re
import sys
from pathlib import Path

from agent.errors import ModelError

MADV_DONTNEED = 4
BESIDE_MB = 64  # what a worker needs besides the weights, at least


def free_mb() -> int | None:
    """Return how much memory can still be had without swapping; None where no one knows."""
    try:
        found = re.search(r"^MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text(), re.M)
    except OSError:
        return None
    return int(found.group(1)) >> 10 if found else None


def pss_mb(pid: int) -> float | None:
    """Return the memory of the process *pid*, shared pages divided among their users."""
    if sys.platform != "linux":
        return None
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return None
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.M)
    return round(int(found.group(1)) / 1024, 1) if found else None


def check_room(size_bytes: int, what: str, *, free: int | None = None) -> None:
    """Raise ModelError if *what*, of so many bytes, cannot fit into the memory that is free."""
    free = free_mb() if free is None else free
    needed = (size_bytes >> 20) + BESIDE_MB
    if free is not None and needed > free:
        raise ModelError(
            f"{what} needs about {needed} MB of memory and {free} MB are free: "
            "choose a smaller model, or end other programs"
        )


def let_go(path: Path) -> None:
    """Give back the pages of the mapped file *path*; what is needed again is read again.

    llama.cpp copies the weights that it has fast kernels for, and their pages would stay.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    for line in Path("/proc/self/maps").read_text().splitlines():
        place, kind, *rest = line.split(maxsplit=5)
        if rest[-1] == str(path.resolve()) and "w" not in kind:
            start, end = (int(part, 16) for part in place.split("-"))
            libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), MADV_DONTNEED)
