"""The device tells its charge and heat when they change, and now and then."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.events import EntityChanged, Input, SampleMeasured
from sensors.device import Device, Found, Settings, Told, look

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Fixed:
    def now(self) -> datetime:
        return AT


def write(root: Path, **files: str | bytes) -> Path:
    """Write files of sysfs: `power_supply__BAT0__capacity` is one below sys/class."""
    for name, text in files.items():
        path = root / "sys/class" / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else f"{text}\n".encode())
    return root


def said(events: Sequence[Input]) -> list[tuple[str, float | str]]:
    return [
        (e.signal, e.value) if isinstance(e, SampleMeasured) else (e.entity, e.state)
        for e in events
        if isinstance(e, SampleMeasured | EntityChanged)
    ]


def test_the_emptiest_battery_and_the_warmest_shell_are_told(tmp_path: Path) -> None:
    write(
        tmp_path,
        power_supply__AC__online="1",
        power_supply__BAT0__capacity="81",
        power_supply__BAT0__status="Discharging",
        power_supply__BAT1__capacity="40",
        power_supply__mouse__capacity="3",
        power_supply__mouse__scope="Device",
        thermal__thermal_zone0__type="cpu-thermal",
        thermal__thermal_zone0__temp="71000",
        thermal__thermal_zone1__type="battery",
        thermal__thermal_zone1__temp="31240",
        thermal__thermal_zone2__type="skin",
        thermal__thermal_zone2__temp="33",
    )
    assert look(tmp_path) == Found(40, "discharging", 33, plugged=True)


@pytest.mark.parametrize("damage", ["", "full", "1e9", "-", "9" * 40, b"\xff\xfe", "²"])
def test_what_cannot_be_read_is_unknown(tmp_path: Path, damage: str | bytes) -> None:
    assert look(tmp_path) == Found()
    write(tmp_path, power_supply__BAT0__capacity=damage, power_supply__BAT0__status=damage)
    write(tmp_path, thermal__thermal_zone0__temp=damage)
    assert look(tmp_path)._replace(state=None) == Found()


@given(st.binary(max_size=100))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_file_holds_nothing_is_raised(tmp_path: Path, text: bytes) -> None:
    write(tmp_path, power_supply__B__capacity=text, thermal__thermal_zone0__temp=text)
    Told().of(look(tmp_path), at=AT)


def test_only_a_change_is_told_and_all_of_it_every_ten_minutes() -> None:
    told = Told()
    found = Found(80, "discharging", 30)
    assert said(told.of(found, at=AT)) == [
        ("battery", 80), ("device_temperature", 30), ("device.battery", "discharging"),
    ]  # fmt: skip
    assert said(told.of(found._replace(temperature_degc=30.9), at=AT + MINUTE)) == []
    charging = Found(80, "charging", 31.2)
    assert said(told.of(charging, at=AT + 2 * MINUTE)) == [
        ("device_temperature", 31.2), ("device.battery", "charging"),
    ]  # fmt: skip
    assert said(told.of(charging, at=AT + 10 * MINUTE)) == [("battery", 80)]
    assert said(told.of(Found(), at=AT + 11 * MINUTE)) == []
    assert said(told.of(charging, at=AT - timedelta(days=3))) == [
        ("battery", 80), ("device_temperature", 31.2),
    ]  # fmt: skip


def test_an_impossible_charge_is_marked() -> None:
    (sample,) = Told().of(Found(charge_pct=255), at=AT)
    assert isinstance(sample, SampleMeasured)
    assert (sample.quality, sample.source) == ("implausible", "device")


def test_the_device_is_looked_at_again_and_again(tmp_path: Path) -> None:
    write(tmp_path, power_supply__BAT0__capacity="81")

    async def run() -> None:
        live = Device(Settings(root=tmp_path, poll_s=0.01), clock=Fixed()).events()
        async with asyncio.timeout(20):
            assert said(await anext(live)) == [("battery", 81)]
            write(tmp_path, power_supply__BAT0__capacity="80")
            assert said(await anext(live)) == [("battery", 80)]

    asyncio.run(run())
