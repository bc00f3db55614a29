"""How many threads are fastest here, and how fast that is: measured once, then remembered."""

import json
import os
import platform
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from agent.models import kept

FILE = "speeds.json"
ENTRIES_MAX = 64
THREADS_MAX = 1024
SAME = 0.98  # the most threads that are not slower than this share of the best


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """How fast a model is here, with the threads that are best for each of its two works."""

    threads: int
    tokens_s: float
    """Tokens made a second, with so many threads."""
    prompt_threads: int
    prompt_tokens_s: float
    """Tokens of a prompt read a second, with so many threads."""


def machine() -> str:
    """Return what names this processor and how much of it there is."""
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", _cpuinfo(), re.M)
    except OSError:
        found = None
    name = found.group(1) if found else platform.processor() or platform.machine()
    return f"{name} x{_usable()}"


def cores() -> int:
    """Return how many physical cores this process may use."""
    try:
        places = {
            tuple(re.findall(r"^(?:physical id|core id)\s*:\s*(\d+)$", block, re.M))
            for block in _cpuinfo().split("\n\n")
            if "processor" in block
        }
    except OSError:
        places = set()
    return max(1, min(len(places - {()}) or _usable(), _usable()))


def choose(measure: Callable[[int], float], counts: Sequence[int]) -> tuple[int, float]:
    """Return the best of *counts* threads and its speed; *measure* gives the speed of each."""
    found = [(count, round(measure(count), 1)) for count in sorted(counts)]
    best = max(speed for _, speed in found)
    return next(one for one in reversed(found) if one[1] >= SAME * best)


def recall(folder: Path, key: str) -> Speed | None:
    """Return what was remembered under *key*, or None."""
    one = _read(folder).get(key)
    if not isinstance(one, dict):
        return None
    try:
        speed = Speed(
            threads=int(one["threads"]),
            tokens_s=float(one["tokens_s"]),
            prompt_threads=int(one["prompt_threads"]),
            prompt_tokens_s=float(one["prompt_tokens_s"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    sane = min(speed.threads, speed.prompt_threads) >= 1
    return speed if sane and max(speed.threads, speed.prompt_threads) <= THREADS_MAX else None


def remember(folder: Path, key: str, speed: Speed) -> None:
    """Remember *speed*; where nothing can be written it is measured again."""
    known = _read(folder)
    known.pop(key, None)
    newest = dict(list(known.items())[1 - ENTRIES_MAX :]) | {key: asdict(speed)}
    kept.write(folder / FILE, json.dumps(newest, indent=1).encode())


def key_of(path: Path) -> str:
    """Return the name under which the speed of the model *path* on this machine is kept."""
    return f"{path.name} {kept.identity(path)[:16]} on {machine()}"


def _read(folder: Path) -> dict[str, object]:
    try:
        found = json.loads((folder / FILE).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _cpuinfo() -> str:
    return Path("/proc/cpuinfo").read_text()


def _usable() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
