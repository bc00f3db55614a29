"""This device itself (Linux sysfs): charge, whether it charges, and how warm it is."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from agent.events import EPOCH, EntityChanged, Input
from agent.ports import Clock
from agent.sensor import measured
from agent.signals import BATTERY, DEVICE_TEMPERATURE

NAME = "device"
ENTITY = "device.battery"
FILES_MAX = 64
BYTES_MAX = 64
TOLD_EVERY = timedelta(minutes=10)
WARMER_DEGC = 1.0  # less is noise
WHOLE_DEGREES_MAX = 200  # a few drivers say degrees where thousandths are meant
# The sensors near what a hand feels; a chip is hot inside at any work, and cools itself.
FELT = re.compile(r"skin|batt|case|shell|surface|quiet", re.IGNORECASE)
STATES = frozenset({"charging", "discharging", "full", "not charging"})


class Settings(BaseModel):
    """Where the kernel tells of the device, and how often it is asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    root: Path = Field(default=Path("/"), description="folder in which sys/class lies")
    poll_s: float = Field(default=60, ge=0.01, le=3600, description="seconds between two looks")


class Found(NamedTuple):
    """How the device is; None is unknown."""

    charge_pct: float | None = None
    state: str | None = None
    temperature_degc: float | None = None
    plugged: bool = False
    """It is fed from outside, whatever its battery says."""


def look(root: Path) -> Found:
    """Return how the device is now: its emptiest battery, its warmest shell."""
    supplies = [path for path in _each(root / "sys/class/power_supply", "*") if _is_ours(path)]
    zones = [path for path in _each(root / "sys/class/thermal", "thermal_zone*") if _is_felt(path)]
    charges = _known(_number(path / "capacity") for path in supplies)
    heats = _known(_number(path / "temp") for path in zones)
    states = [_text(path / "status").casefold() for path in supplies]
    return Found(
        charge_pct=min(charges, default=None),
        state=next((state for state in states if state in STATES), None),
        temperature_degc=max(map(_degrees, heats), default=None),
        plugged=any(_text(path / "online") == "1" for path in supplies),
    )


class Told:
    """What was said last: a figure is said again when it changed, and every ten minutes."""

    def __init__(self) -> None:
        self._found = Found()
        self._charge_at = self._heat_at = EPOCH

    def of(self, found: Found, *, at: datetime) -> Sequence[Input]:
        """Return what of *found* is worth saying."""
        events, before = list[Input](), self._found
        charge, heat = found.charge_pct, found.temperature_degc
        if charge is not None and (charge != before.charge_pct or _is_due(self._charge_at, at)):
            events.append(measured(BATTERY.id, charge, at=at, source=NAME))
            self._charge_at = at
        last = before.temperature_degc
        if heat is not None and (
            last is None or abs(heat - last) >= WARMER_DEGC or _is_due(self._heat_at, at)
        ):
            events.append(measured(DEVICE_TEMPERATURE.id, heat, at=at, source=NAME))
            self._heat_at, last = at, heat
        if found.state is not None and found.state != before.state:
            events.append(EntityChanged(at=at, source=NAME, entity=ENTITY, state=found.state))
        self._found = Found(charge, found.state or before.state, last, found.plugged)
        return events


class Device:
    """A sensor that looks once a minute."""

    name = NAME

    def __init__(self, settings: Settings, *, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    async def events(self) -> AsyncIterator[Sequence[Input]]:
        """Yield what changed, for ever."""
        told = Told()
        while True:
            found = await asyncio.to_thread(look, self._settings.root)
            if events := told.of(found, at=self._clock.now()):
                yield events
            await asyncio.sleep(self._settings.poll_s)


def _is_due(last: datetime, now: datetime) -> bool:
    return abs(now - last) >= TOLD_EVERY  # the clock may have been set back


def _is_ours(supply: Path) -> bool:
    """Return whether *supply* feeds this device, not a mouse beside it."""
    return _text(supply / "scope") != "Device"


def _is_felt(zone: Path) -> bool:
    kind = _text(zone / "type")
    return not kind or bool(FELT.search(kind))


def _degrees(value: float) -> float:
    return value if abs(value) <= WHOLE_DEGREES_MAX else round(value / 1000, 1)


def _known(values: Iterable[float | None]) -> Sequence[float]:
    return [value for value in values if value is not None]


def _number(path: Path) -> float | None:
    text = _text(path)
    digits = text.removeprefix("-")
    return float(text) if digits.isascii() and digits.isdigit() and len(digits) < 12 else None


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(BYTES_MAX).decode("utf-8", "replace").strip()
    except OSError:
        return ""


def _each(folder: Path, pattern: str) -> Sequence[Path]:
    return sorted(folder.glob(pattern))[:FILES_MAX]
