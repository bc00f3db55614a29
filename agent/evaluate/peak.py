"""The most memory that a program and its children had at once, as the system counts it."""

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path

from agent.errors import ModelError

LOOK_S = 0.2
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)
_PARENT = re.compile(r"^PPid:\s+(\d+)", re.MULTILINE)


async def peak_mb(command: Sequence[str]) -> float:
    """Run *command* to its end and return the peaks of its processes, added; raise ModelError.

    The sum of peaks (VmHWM, shared pages counted each time) is never less than the true peak.
    """
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, stderr=pipe
    )
    peaks: dict[int, int] = {}
    ended = asyncio.create_task(child.communicate())
    while not ended.done():
        for pid in family(child.pid):
            peaks[pid] = max(peaks.get(pid, 0), _kb(pid))
        await asyncio.wait({ended}, timeout=LOOK_S)
    _, told = ended.result()
    if child.returncode:
        raise ModelError(f"{command[-1]} ended with {child.returncode}: {told.decode()[-300:]}")
    return sum(peaks.values()) / 1024


def family(pid: int) -> list[int]:
    """Return *pid* and all that it started, and they."""
    parents: dict[int, list[int]] = {}
    for place in Path("/proc").glob("[0-9]*"):
        found = _PARENT.search(_status(int(place.name)))
        if found:
            parents.setdefault(int(found[1]), []).append(int(place.name))
    told, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        told.append(one)
        waiting += parents.get(one, [])
    return told


def _kb(pid: int) -> int:
    found = _PEAK.search(_status(pid))
    return int(found[1]) if found else 0


def _status(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/status").read_text()
    except OSError:  # it has just ended
        return ""
