"""What raw acceleration amounts to: movement, counts, steps, posture, shocks; and from sysfs."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from math import cos, inf, isfinite, nan, pi, sin
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.acceleration import Acceleration, AxisCounter, Pedometer, Second
from agent.errors import DecodeError
from agent.events import SampleMeasured
from agent.movement import Told
from sensors.accelerometer import NAME, Accelerometer, Said, Settings, Vector, find

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
RESTS = (0.0, 0.0, 1.0)


def seconds(samples: Iterable[Vector], rate_hz: float = 25) -> list[Second]:
    folded = Acceleration(rate_hz)
    return [second for one in samples if (second := folded.add(*one))]


def walking(
    cadence: float, *, steps: int, rate_hz: float, swing_g: float = 0.25
) -> Iterator[float]:
    """Yield the size of the acceleration: rest, a walk with uneven steps and noise, rest."""
    chance, phase, each = Random(7), 0.0, 0.0  # noqa: S311
    for _ in range(round(2 * rate_hz)):
        yield 1 + chance.gauss(0, 0.02)
    while phase < steps:
        if phase >= each:
            each, pace = each + 1, cadence / 60 * (1 + chance.gauss(0, 0.04))
        phase += pace / rate_hz
        bounce = cos(2 * pi * phase) + 0.35 * cos(4 * pi * phase + 1) + 0.3 * sin(pi * phase)
        yield 1 + swing_g * bounce + chance.gauss(0, 0.02)
    for _ in range(round(2 * rate_hz)):
        yield 1 + chance.gauss(0, 0.02)


def test_rest_is_no_movement_and_its_angle_is_that_of_the_arm() -> None:
    found = seconds([RESTS] * 25 * 30)
    assert len(found) == 30
    assert {(one.motion_mg, one.steps, one.peak_mg) for one in found} == {(0, 0, None)}
    assert [one.arm_angle_deg for one in found[:5]] == [None, None, None, None, 90]
    assert [one.counts for one in found if one.counts is not None] == [0]
    assert seconds([(1.0, 0.0, 0.0)] * 125)[-1].arm_angle_deg == 0
    assert seconds([(0.5, 0.5, -0.7071)] * 125)[-1].arm_angle_deg == pytest.approx(-45, abs=0.1)


def test_movement_is_what_goes_beyond_gravity_sample_by_sample() -> None:
    (found,) = seconds([(0.0, 0.0, 1.2), (0.0, 0.0, 0.5)] * 5, 10)
    assert found.motion_mg == pytest.approx(100)


def test_a_shock_is_told_with_its_size_and_the_next_second_is_calm_again() -> None:
    first, second = seconds([*[RESTS] * 5, (3.0, 0.0, 4.0), *[RESTS] * 14], 10)
    assert first.peak_mg == pytest.approx(5000)
    assert second.peak_mg is None


@pytest.mark.parametrize("rate_hz", [10, 25, 32, 50, 100])
@pytest.mark.parametrize("cadence", [60, 90, 110, 130, 160])
def test_the_steps_of_a_known_walk_are_counted_within_six_in_a_hundred(
    cadence: float, rate_hz: float
) -> None:
    for swing_g in (0.15, 0.3, 0.6):
        pedometer = Pedometer(rate_hz)
        walk = walking(cadence, steps=200, rate_hz=rate_hz, swing_g=swing_g)
        assert sum(map(pedometer.add, walk)) == pytest.approx(200, rel=0.06)


def test_neither_rest_nor_three_gestures_are_steps() -> None:
    chance, pedometer = Random(3), Pedometer(25)  # noqa: S311
    assert sum(pedometer.add(1 + chance.gauss(0, 0.02)) for _ in range(25 * 600)) == 0
    for gap_s in (3, 5, 9):
        gesture = [1.5, 1.8, 1.5, 1.0, 0.6, 0.8, *[1.0] * (gap_s * 25)]
        assert sum(map(pedometer.add, gesture)) == 0


# What the counter of the devices makes of 30 s of a sine at 30 Hz, measured with the chain that
# Neishabouri et al. 2022 published: hertz, amplitude in g, counts.
PUBLISHED = [
    (0.2, 0.3, 1248), (0.5, 0.3, 2850), (1.0, 0.3, 3060), (1.5, 0.5, 4050), (1.9, 0.5, 3030),
    (1.0, 4.0, 31_140),
]  # fmt: skip


@pytest.mark.parametrize(("frequency_hz", "amplitude_g", "counts"), PUBLISHED)
@pytest.mark.parametrize("rate_hz", [25, 30, 100])
def test_counts_are_those_of_the_usual_devices_within_a_tenth(
    frequency_hz: float, amplitude_g: float, counts: int, rate_hz: int
) -> None:
    counter = AxisCounter(rate_hz)
    for index in range(60 * rate_hz):
        if index == 30 * rate_hz:
            counter.take()
        counter.add(0.5 + amplitude_g * sin(2 * pi * frequency_hz * index / rate_hz))
    assert counter.take() == pytest.approx(counts, rel=0.11)


@given(
    st.lists(st.tuples(*[st.floats() | st.just(nan) | st.just(inf)] * 3), max_size=80),
    st.floats(10, 256),
)
def test_whatever_comes_the_figures_are_finite(samples: list[Vector], rate_hz: float) -> None:
    for second in seconds(samples, rate_hz):
        figures = [value for value in second if isinstance(value, int | float)]
        assert all(isfinite(value) for value in figures)
        assert second.motion_mg <= 64_000 * 2


@pytest.mark.parametrize("rate_hz", [0, -1, 9.9, 1e9, nan])
def test_a_rate_that_is_none_is_refused(rate_hz: float) -> None:
    with pytest.raises(ValueError, match="Hz"):
        Acceleration(rate_hz)


def test_steps_come_every_ten_seconds_and_once_when_they_end() -> None:
    told, found = Told(NAME), list[SampleMeasured]()
    for steps in (2,) * 10 + (0,) * 30:
        found += told.of(Second(1, steps), at=AT)
    assert [(one.signal, one.value) for one in found if one.signal != "motion"] == [
        ("steps", 20), ("cadence", 120), ("steps", 0), ("cadence", 0),
    ]  # fmt: skip


class Fixed:
    def now(self) -> datetime:
        return AT


def device(folder: Path, **files: str) -> Path:
    path = folder / "iio:device1"
    path.mkdir(parents=True)
    (folder / "iio:device0").mkdir()
    (folder / "iio:device0" / "in_illuminance_raw").write_text("3\n")
    plain = {
        "name": "bma253", "in_accel_x_raw": "0", "in_accel_y_raw": "0", "in_accel_z_raw": "1024",
        "in_accel_scale": "0.009576806", "in_accel_sampling_frequency": "10.000000",
    }  # fmt: skip
    for name, text in (plain | files).items():
        (path / name).write_text(f"{text}\n")
    return path


def test_the_kernels_accelerometer_is_read_and_reduced(tmp_path: Path) -> None:
    path, naps = device(tmp_path, in_mount_matrix="0, 0, 1; 0, 1, 0; 1, 0, 0"), list[float]()

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        raw = 1024 if len(naps) <= 110 else 4096
        (path / "in_accel_z_raw").write_text(f"{raw}\n")

    async def run() -> list[Sequence[Said]]:
        live = Accelerometer(Settings(folder=tmp_path), clock=Fixed(), sleep=sleep).events()
        return [await anext(live) for _ in range(12)]

    found = asyncio.run(run())
    assert len(naps) == 12 * 11
    said = [
        {one.signal: one.value for one in batch if isinstance(one, SampleMeasured)}
        for batch in found
    ]
    assert said[0] == {"motion": 0}
    assert said[4] == {"motion": 0, "arm_angle": 0}  # the mount matrix turns z to x
    assert said[11] == {"motion": 3000, "motion_peak": 4000}


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("in_accel_scale", "0", "no scale"),
        ("in_accel_scale", "fast", "not a number"),
        ("in_accel_mount_matrix", "1, 0; 0, 1", "no matrix"),
        ("in_accel_offset", "", "not a number"),
    ],
)
def test_a_device_that_says_nonsense_is_refused(
    tmp_path: Path, name: str, text: str, why: str
) -> None:
    device(tmp_path, **{name: text})
    with pytest.raises(DecodeError, match=why):
        find(tmp_path)


def test_a_device_that_appears_later_is_found(tmp_path: Path) -> None:
    async def run() -> Sequence[Said]:
        chosen = Settings(folder=tmp_path, retry_s=0.01)
        live = Accelerometer(chosen, clock=Fixed(), sleep=lambda _: None).events()
        first = asyncio.ensure_future(anext(live))
        await asyncio.sleep(0)
        device(tmp_path)
        async with asyncio.timeout(20):
            return await first

    (found,) = asyncio.run(run())
    assert isinstance(found, SampleMeasured)
    assert found.value == 0
