"""How the device is: battery, heat and free memory, as the kernel's files say."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agent.context import Context
from agent.router import Moment, Wanted

ROOT = Path("/")
MILLI = 1000.0
_FELT = re.compile(r"skin|batt|case|shell|surface|quiet", re.IGNORECASE)
"""The sensors near what a hand feels; a chip is hot inside at any work, and cools itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """None is unknown: most machines say only some of it."""

    battery_pct: float | None
    charging: bool
    temperature_c: float | None
    memory_free_mb: float | None


def look(root: Path = ROOT) -> Resources:
    """Return how the device is now; what cannot be read is None."""
    supplies = [path for path in _glob(root / "sys/class/power_supply", "*") if _is_ours(path)]
    states = [_text(path / "status") for path in supplies]
    online = [_text(path / "online") for path in supplies]
    charges = [_number(path / "capacity") for path in supplies]
    zones = _glob(root / "sys/class/thermal", "thermal_zone*")
    heats = [_number(path / "temp") for path in zones if _is_felt(path)]
    known = [charge for charge in charges if charge is not None]
    warm = [heat / MILLI for heat in heats if heat is not None]
    return Resources(
        battery_pct=min(known) if known else None,
        charging="1" in online or any(state in ("Charging", "Full") for state in states),
        temperature_c=max(warm) if warm else None,
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


def _is_ours(supply: Path) -> bool:
    """Return whether *supply* feeds this device, not a mouse beside it."""
    return _text(supply / "scope") != "Device"


def _is_felt(zone: Path) -> bool:
    kind = _text(zone / "type")
    return not kind or bool(_FELT.search(kind))


def _available_mb(path: Path) -> float | None:
    for line in _text(path).splitlines():
        name, _, value = line.partition(":")
        digits = value.strip().removesuffix(" kB")
        if name == "MemAvailable" and digits.isdigit():
            return int(digits) / 1024
    return None


def _number(path: Path) -> float | None:
    text = _text(path)
    return float(text) if text.lstrip("-").isdigit() and len(text) < 12 else None


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def _glob(folder: Path, pattern: str) -> Iterator[Path]:
    return iter(sorted(folder.glob(pattern))) if folder.is_dir() else iter(())
