"""A belt is heard over a Bluetooth link, beat by beat, and found again when it is lost."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from bumble import gatt
from bumble.controller import Controller
from bumble.core import AdvertisingData
from bumble.device import Connection, Device, Peer
from bumble.gatt_client import CharacteristicProxy
from bumble.hci import Address
from bumble.host import Host
from bumble.link import LocalLink
from bumble.profiles.battery_service import BatteryService
from bumble.profiles.heart_rate_service import HeartRateService
from bumble.transport.common import AsyncPipeSink
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agent.errors import DecodeError
from agent.events import EPOCH, Input, InputQuarantined, SampleMeasured
from agent.fusion.beats import Beat, follows
from sensors.ble_heart_rate import BleHeartRate, Heard, Link, RadioError, Settings, charge, fold
from sensors.ble_heart_rate.measurement import Measurement, decode
from sensors.ble_heart_rate.radio import BleakRadio, Notifications
from tests import bluez

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)
BELT = "F0:F1:F2:F3:F4:F5"


def samples(events: Sequence[Input]) -> list[tuple[str, float, str]]:
    return [(e.signal, e.value, e.quality) for e in events if isinstance(e, SampleMeasured)]


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ("0048", Measurement(72, None, ())),
        ("010401", Measurement(260, None, ())),
        ("0648", Measurement(72, worn=True, intervals_ms=())),
        ("0448", Measurement(72, worn=False, intervals_ms=())),
        ("0248", Measurement(72, None, ())),
        ("084834120000", Measurement(72, None, ())),
        ("1E483412000400020000", Measurement(72, worn=True, intervals_ms=(1000.0, 500.0, 0.0))),
    ],
)
def test_a_measurement_is_read_as_the_specification_lays_it_out(
    payload: str, said: Measurement
) -> None:
    assert decode(bytes.fromhex(payload)) == said


@pytest.mark.parametrize("payload", ["", "00", "0148", "084834", "104800", "00" * 600])
def test_what_is_cut_off_or_too_long_is_refused(payload: str) -> None:
    with pytest.raises(DecodeError, match="ble_heart_rate: a measurement"):
        decode(bytes.fromhex(payload))


@given(st.binary(max_size=600), st.datetimes(min_value=datetime(1990, 1, 1)))  # noqa: DTZ001
def test_whatever_a_belt_sends_only_a_decode_error_is_raised(payload: bytes, at: datetime) -> None:
    with suppress(DecodeError):
        _, events = fold(Heard(), decode(payload), arrived=at.replace(tzinfo=UTC))
        assert len(events) <= 2 + len(payload) // 2


def test_beats_that_follow_each_other_are_told_by_their_times_however_they_arrive() -> None:
    heard, found = Heard(), list[Beat]()
    for late_s in (0.0, 0.4, 0.1, 0.9, 0.2):
        arrived = AT + len(found) * SECOND * 0.8 + late_s * SECOND
        heard, events = fold(heard, Measurement(75, None, (800.0, 790.0)), arrived=arrived)
        ibis = [e for e in events if isinstance(e, SampleMeasured) and e.signal == "ibi"]
        found += [Beat((e.at - EPOCH).total_seconds(), e.value) for e in ibis]
    assert len(found) == 10
    assert all(follows(one, other) for one, other in pairwise(found))


def test_after_a_jump_of_the_clock_beats_are_counted_back_anew() -> None:
    heard, _ = fold(Heard(), Measurement(60, None, (1000.0,)), arrived=AT)
    for jump in (timedelta(days=-400), timedelta(hours=1)):
        _, events = fold(heard, Measurement(60, None, (1000.0, 1000.0)), arrived=AT + jump)
        assert [event.at - jump - AT for event in events] == [0 * SECOND, -SECOND, 0 * SECOND]


def test_impossible_intervals_are_marked_and_the_rest_is_kept() -> None:
    payload = bytes.fromhex("1048") + b"".join(
        ticks.to_bytes(2, "little") for ticks in (1024, 0, 5120, 1024)
    )
    _, events = fold(Heard(), decode(payload), arrived=AT)
    bad, good = "implausible", "good"
    assert samples(events)[1:] == [
        ("ibi", 1000, good), ("ibi", 0, bad), ("ibi", 5000, bad), ("ibi", 1000, good),
    ]  # fmt: skip
    assert len({event.at for event in events[1:]}) == 4


def test_contact_is_told_before_the_rate_and_only_when_it_changes() -> None:
    heard, told = Heard(), list[str]()
    for second, worn in enumerate((True, True, False, False, True)):
        heard, events = fold(heard, Measurement(0, worn, ()), arrived=AT + second * SECOND)
        told.append(" ".join(f"{signal}={value:g}" for signal, value, _ in samples(events)))
    assert told == [
        "worn=1 heart_rate=0", "heart_rate=0", "worn=0 heart_rate=0", "heart_rate=0",
        "worn=1 heart_rate=0",
    ]  # fmt: skip
    _, later = fold(heard, Measurement(60, worn=True, intervals_ms=()), arrived=AT + 700 * SECOND)
    assert len(later) == 2


def test_a_battery_level_is_one_byte() -> None:
    assert samples(charge(b"\x55", at=AT)) == [("battery", 85, "good")]
    assert samples(charge(b"\xff", at=AT)) == [("battery", 255, "implausible")]
    assert charge(b"", at=AT) == charge(b"ab", at=AT) == ()


def test_a_belt_must_be_named() -> None:
    with pytest.raises(ValidationError, match="someone else's belt"):
        Settings()


class Ticking:
    """A clock that is a second later each time."""

    def __init__(self) -> None:
        self.at = AT

    def now(self) -> datetime:
        self.at += SECOND
        return self.at


def device(link: LocalLink, name: str, address: str) -> Device:
    controller = Controller(name, link=link)
    host = Host(controller, AsyncPipeSink(controller))
    return Device(name=name, address=Address(address), host=host)


class Belt:
    """A real GATT server with the Heart Rate Service, at one end of a link in this process."""

    def __init__(self, link: LocalLink) -> None:
        self.device = device(link, "Belt", BELT)
        self.connection: Connection | None = None
        self.subscribed = asyncio.Event()
        said = HeartRateService.HeartRateMeasurement(heart_rate=60)
        self._service = HeartRateService(lambda _: said)
        self.device.add_services([self._service, BatteryService(lambda _: 85)])
        self.device.on("connection", self._connected)
        characteristic = self._service.heart_rate_measurement_characteristic
        characteristic.on("subscription", lambda *_: self.subscribed.set())

    def _connected(self, connection: Connection) -> None:
        self.connection = connection

    async def advertise(self) -> None:
        data = AdvertisingData([(AdvertisingData.COMPLETE_LOCAL_NAME, b"Belt")])
        self.device.advertising_data = bytes(data)
        await self.device.power_on()
        await self.device.start_advertising(auto_restart=True)

    async def say(self, *payloads: str) -> None:
        await self.subscribed.wait()
        for payload in payloads:
            characteristic = self._service.heart_rate_measurement_characteristic
            raw = bytes.fromhex(payload)
            await self.device.gatt_server.notify_subscribers(
                characteristic, HeartRateService.HeartRateMeasurement.from_bytes(raw)
            )

    async def leave(self) -> None:
        assert self.connection
        self.subscribed.clear()
        await self.connection.disconnect()


class BumbleLink:
    def __init__(self, heard: Notifications, level: CharacteristicProxy[bytes]) -> None:
        self._heard, self._level = heard, level

    def notified(self) -> AsyncIterator[bytes]:
        return aiter(self._heard)

    async def battery(self) -> bytes:
        return await self._level.read_value()


class BumbleRadio:
    """The other end of the link; it cannot connect the first few times."""

    def __init__(self, link: LocalLink, *, fails: int = 0) -> None:
        self._device = device(link, "Wrist", "F5:F4:F3:F2:F1:F0")
        self._fails = fails

    @asynccontextmanager
    async def connected(self, settings: Settings) -> AsyncIterator[Link]:
        if self._fails:
            self._fails -= 1
            raise RadioError("Belt is not in reach")
        await self._device.power_on()
        connection = await self._device.connect(Address(settings.address))
        heard = Notifications()
        connection.on("disconnection", lambda _: heard.put(None))
        peer = Peer(connection)
        await peer.discover_all()  # type: ignore[no-untyped-call]
        (rate,) = peer.get_characteristics_by_uuid(gatt.GATT_HEART_RATE_MEASUREMENT_CHARACTERISTIC)
        (level,) = peer.get_characteristics_by_uuid(gatt.GATT_BATTERY_LEVEL_CHARACTERISTIC)
        await peer.subscribe(rate, heard.put)
        yield BumbleLink(heard, level)


def test_a_belt_is_heard_over_a_bluetooth_link_and_again_after_it_was_lost() -> None:
    async def run() -> None:
        link = LocalLink()  # type: ignore[no-untyped-call]
        belt = Belt(link)
        await belt.advertise()
        settings = Settings(address=BELT, retry_s=0.01)
        sensor = BleHeartRate(settings, radio=BumbleRadio(link, fails=2), clock=Ticking())
        async with asyncio.timeout(20), aclosing(sensor.events()) as live:  # type: ignore[type-var]
            first = asyncio.ensure_future(anext(live))
            await belt.say("164800040002")
            assert samples(await first) == [
                ("worn", 1, "good"), ("heart_rate", 72, "good"), ("ibi", 1000, "good"),
                ("ibi", 500, "good"), ("battery", 85, "good"),
            ]  # fmt: skip
            await belt.say("010401")
            assert samples(await anext(live)) == [("heart_rate", 260, "implausible")]
            await belt.leave()
            again = asyncio.ensure_future(anext(live))
            await belt.say("0440")
            assert samples(await again)[:2] == [("worn", 0, "good"), ("heart_rate", 64, "good")]

    asyncio.run(run())


class Scripted:
    """A radio whose belt says what it is told to, without a link."""

    def __init__(self, *payloads: bytes) -> None:
        self._payloads = payloads

    @asynccontextmanager
    async def connected(self, settings: Settings) -> AsyncIterator[Link]:
        yield self

    async def notified(self) -> AsyncIterator[bytes]:
        for payload in self._payloads:
            yield payload

    async def battery(self) -> bytes:
        return b""


def test_damage_is_told_once_and_what_follows_is_heard() -> None:
    async def run() -> list[Sequence[Input]]:
        radio = Scripted(b"\x00", b"\x00", b"\x00\x48", b"\x00")
        sensor = BleHeartRate(Settings(name="Belt"), radio=radio, clock=Ticking())
        live = sensor.events()
        return [await anext(live) for _ in range(3)]

    first, good, last = asyncio.run(run())
    assert isinstance(first[0], InputQuarantined)
    assert samples(good) == [("heart_rate", 72, "good")]
    assert isinstance(last[0], InputQuarantined)


def test_of_more_notifications_than_may_wait_the_oldest_make_room() -> None:
    async def run() -> list[bytes]:
        heard = Notifications()
        for number in range(200):
            heard.put(bytes([number]))
        heard.put(None)
        return [payload async for payload in heard]

    found = asyncio.run(run())
    assert found[-1] == bytes([199])
    assert len(found) == 63


def test_a_belt_is_heard_through_bleak_from_a_stand_in_for_bluez(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        bus, belt = await bluez.served()
        settings = Settings(name="Polar", retry_s=0.01, scan_s=5)
        live = BleHeartRate(settings, radio=BleakRadio(), clock=Ticking()).events()
        async with asyncio.timeout(30):
            for _ in range(2):
                first = asyncio.ensure_future(anext(live))
                await belt.rate.notify(bytes.fromhex("16480004"))
                assert samples(await first) == [
                    ("worn", 1, "good"), ("heart_rate", 72, "good"), ("ibi", 1000, "good"),
                    ("battery", 85, "good"),
                ]  # fmt: skip
                await belt.rate.notify(bytes.fromhex("0050"))
                assert samples(await anext(live)) == [("heart_rate", 80, "good")]
                belt.connect(there=False)
        await live.aclose()  # type: ignore[attr-defined]
        bus.disconnect()

    with bluez.system_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        asyncio.run(run())


def test_without_a_radio_that_is_said_and_nothing_else_is_raised() -> None:
    async def run() -> None:
        async with BleakRadio().connected(Settings(address="00:00:00:00:00:01", scan_s=1)):
            raise AssertionError

    with pytest.raises(RadioError, match=r"no connection|not in reach"):
        asyncio.run(run())
