"""The accelerometer of this device (Linux IIO): movement, steps, angle, shocks, gestures.

Each second of samples is reduced where it is read, and forgotten: nothing raw is kept.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from agent.acceleration import RATE_HZ_MIN, Acceleration, Second
from agent.errors import DecodeError
from agent.events import GestureMade, SampleMeasured
from agent.movement import Told
from agent.ports import Clock
from agent.sensor import Outage

NAME = "accelerometer"
GRAVITY_MS2 = 9.80665
NUMBER_BYTES_MAX = 256
AXES = ("x", "y", "z")

Said = SampleMeasured | GestureMade
Vector = tuple[float, float, float]
Matrix = tuple[Vector, Vector, Vector]
UPRIGHT: Matrix = ((1, 0, 0), (0, 1, 0), (0, 0, 1))


class Settings(BaseModel):
    """Where the accelerometer is, and how often it is read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path = Field(
        default=Path("/sys/bus/iio/devices"), description="where the kernel shows such devices"
    )
    rate_hz: float = Field(
        default=25,
        ge=RATE_HZ_MIN,
        le=50,
        description="readings a second; fewer where the device itself measures more slowly",
    )
    retry_s: float = Field(
        default=60, ge=0.01, le=3600, description="seconds until a device is looked for again"
    )


class Device(NamedTuple):
    """One accelerometer, as the kernel shows it (Documentation/ABI/testing/sysfs-bus-iio)."""

    files: Sequence[Path]
    """The raw values of x, y and z."""
    scale_g: float
    offset: float
    mount: Matrix
    """From the axes of the chip to those of the device."""
    rate_hz: float
    """How often it measures; 0 where it does not say."""

    def read(self) -> Vector:
        """Return the acceleration now, in g; raise OSError or DecodeError."""
        x, y, z = ((_number(path) + self.offset) * self.scale_g for path in self.files)
        a, b, c = self.mount
        return (
            a[0] * x + a[1] * y + a[2] * z,
            b[0] * x + b[1] * y + b[2] * z,
            c[0] * x + c[1] * y + c[2] * z,
        )


def find(folder: Path) -> Device:
    """Return the first accelerometer in *folder*; raise DecodeError if there is none."""
    for path in sorted(folder.glob("iio:device*")):
        files = [path / f"in_accel_{axis}_raw" for axis in AXES]
        if all(file.exists() for file in files):
            return _device(path, files)
    raise DecodeError(NAME, f"{folder} holds no accelerometer")


def _device(path: Path, files: Sequence[Path]) -> Device:
    scale = _first(path, "in_accel_scale", "in_accel_x_scale")
    if scale is None or scale <= 0:
        raise DecodeError(NAME, f"{path} says no scale")
    rate_hz = _first(path, "in_accel_sampling_frequency", "sampling_frequency") or 0.0
    return Device(
        files=files,
        scale_g=scale / GRAVITY_MS2,
        offset=_first(path, "in_accel_offset", "in_accel_x_offset") or 0.0,
        mount=_mount(path),
        rate_hz=rate_hz,
    )


def _first(path: Path, *names: str) -> float | None:
    found = (path / name for name in names if (path / name).exists())
    return next((_number(file) for file in found), None)


def _number(path: Path) -> float:
    with path.open("rb") as file:
        text = file.read(NUMBER_BYTES_MAX)
    try:
        return float(text)
    except ValueError as error:
        raise DecodeError(NAME, f"{path} says {text[:32]!r}, not a number") from error


def _mount(path: Path) -> Matrix:
    """Return the mount matrix, three rows of three; as it is where there is none to be read."""
    for name in ("in_accel_mount_matrix", "in_mount_matrix", "mount_matrix"):
        file = path / name
        if not file.exists():
            continue
        text = file.read_bytes()[:NUMBER_BYTES_MAX].decode("ascii", "replace")
        try:
            a, b, c = ([float(cell) for cell in row.split(",")] for row in text.split(";"))
            return (a[0], a[1], a[2]), (b[0], b[1], b[2]), (c[0], c[1], c[2])
        except (ValueError, IndexError) as error:
            raise DecodeError(NAME, f"{file} says {text[:64]!r}, no matrix of 3 x 3") from error
    return UPRIGHT


def _said(second: Second, told: Told, *, at: datetime) -> Sequence[Said]:
    samples: list[Said] = [*told.of(second, at=at)]
    if second.gesture is not None:
        samples.append(GestureMade(at=at, source=NAME, gesture=second.gesture))
    return samples


class Accelerometer:
    """A sensor that yields what each second of movement amounts to."""

    name = NAME

    def __init__(
        self, settings: Settings, *, clock: Clock, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._sleep = sleep
        self._outage = Outage(NAME)

    async def events(self) -> AsyncIterator[Sequence[Said]]:
        """Yield them for ever; where there is no such device, it is looked for again."""
        while True:
            try:
                device = await asyncio.to_thread(find, self._settings.folder)
                rate_hz = self._rate_hz(device)
                folded, told = Acceleration(rate_hz), Told(NAME)
                while True:
                    vectors = await asyncio.to_thread(self._second, device, rate_hz)
                    self._outage.tell("")
                    seconds = [second for one in vectors if (second := folded.add(*one))]
                    for second in seconds:
                        yield _said(second, told, at=self._clock.now())
            except (OSError, DecodeError) as error:
                self._outage.tell(str(error))
            await asyncio.sleep(self._settings.retry_s)

    def _rate_hz(self, device: Device) -> float:
        wanted = self._settings.rate_hz
        return max(RATE_HZ_MIN, min(wanted, device.rate_hz)) if device.rate_hz > 0 else wanted

    def _second(self, device: Device, rate_hz: float) -> Sequence[Vector]:
        """Return a second's readings, evenly spaced; this runs beside the loop."""
        start, found = time.monotonic(), list[Vector]()
        for index in range(round(rate_hz)):
            self._sleep(max(0.0, start + index / rate_hz - time.monotonic()))
            found.append(device.read())
        self._sleep(max(0.0, start + round(rate_hz) / rate_hz - time.monotonic()))
        return found
