"""How the device is: battery, heat and free memory, as the kernel's files say."""

import ctypes
import gc
from dataclasses import dataclass
from pathlib import Path

from agent.context import Context
from agent.router import Moment, Wanted
from sensors import device

ROOT = Path("/")
FED = frozenset({"charging", "full"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """None is unknown: most machines say only some of it."""

    battery_pct: float | None
    charging: bool
    temperature_c: float | None
    memory_free_mb: float | None


def look(root: Path = ROOT) -> Resources:
    """Return how the device is now; what cannot be read is None."""
    found = device.look(root)
    return Resources(
        battery_pct=found.charge_pct,
        charging=found.plugged or found.state in FED,
        temperature_c=found.temperature_degc,
        memory_free_mb=_available_mb(root / "proc/meminfo"),
    )


def moment(wanted: Wanted, _: Context) -> Moment:
    """Return how this device is now: a hub on the mains is not spared for a watch's battery."""
    found = look()
    return Moment(
        wanted=wanted,
        battery_pct=found.battery_pct,
        charging=found.charging,
        temperature_c=found.temperature_c,
        memory_free_mb=found.memory_free_mb,
    )


def _available_mb(path: Path) -> float | None:
    for line in _text(path).splitlines():
        name, _, value = line.partition(":")
        digits = value.strip().removesuffix(" kB")
        if name == "MemAvailable" and digits.isdigit():
            return int(digits) / 1024
    return None


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def give_back() -> None:
    """Return to the system the memory that the start has freed (glibc keeps it otherwise)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        gc.collect()
        trim(0)
