# ruff: noqa: N802  # methods are named as on the bus
"""A stand-in for BlueZ on a bus of its own: one adapter, one heart rate belt in reach.

Its method and property names are those of BlueZ's D-Bus interface (doc/org.bluez.*.rst).
"""

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import pytest
from dbus_fast import BusType, PropertyAccess
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import (
    DBusBool,
    DBusBytes,
    DBusDict,
    DBusInt16,
    DBusObjectPath,
    DBusSignature,
    DBusStr,
)
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property

from sensors.ble_heart_rate.radio import BATTERY_LEVEL, HEART_RATE_SERVICE, MEASUREMENT

ADAPTER, BELT = "/org/bluez/hci0", "/org/bluez/hci0/dev_F0_F1_F2_F3_F4_F5"
ADDRESS, NAME = "F0:F1:F2:F3:F4:F5", "Polar H10 1234"
SERVICE = f"{BELT}/service0010"
READ = PropertyAccess.READ
Texts = Annotated[list[str], DBusSignature("as")]


class Adapter(ServiceInterface):
    def __init__(self, belt: "Belt") -> None:
        super().__init__("org.bluez.Adapter1")
        self._belt = belt
        self._timer: asyncio.TimerHandle | None = None

    def _advertise(self) -> None:
        self._belt.advertise()
        self._timer = asyncio.get_running_loop().call_later(0.05, self._advertise)

    @dbus_property(access=READ)
    def Address(self) -> DBusStr:
        return "00:00:00:00:00:01"

    @dbus_property(access=READ)
    def Powered(self) -> DBusBool:
        return True

    @dbus_property(access=READ)
    def Roles(self) -> Texts:
        return ["central", "peripheral"]

    @dbus_property(access=READ)
    def Discovering(self) -> DBusBool:
        return False

    @dbus_method()
    def SetDiscoveryFilter(self, wanted: DBusDict) -> None:
        pass

    @dbus_method()
    def StartDiscovery(self) -> None:
        self._advertise()

    @dbus_method()
    def StopDiscovery(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


class Belt(ServiceInterface):
    """The belt, as BlueZ shows it."""

    def __init__(self) -> None:
        super().__init__("org.bluez.Device1")
        self._connected = False
        self._strength = -60
        self.rate = Characteristic(MEASUREMENT, b"")
        self.battery = Characteristic(BATTERY_LEVEL, b"\x55")

    def advertise(self) -> None:
        """Be heard again."""
        self._strength -= 1
        self.emit_properties_changed({"RSSI": self._strength})

    def connect(self, *, there: bool) -> None:
        """Come or go."""
        self._connected = there
        self.rate.listened.clear()
        self.emit_properties_changed({"Connected": there, "ServicesResolved": there})

    @dbus_property(access=READ)
    def Address(self) -> DBusStr:
        return ADDRESS

    @dbus_property(access=READ)
    def AddressType(self) -> DBusStr:
        return "random"

    @dbus_property(access=READ)
    def Name(self) -> DBusStr:
        return NAME

    @dbus_property(access=READ)
    def Alias(self) -> DBusStr:
        return NAME

    @dbus_property(access=READ)
    def Adapter(self) -> DBusObjectPath:
        return ADAPTER

    @dbus_property(access=READ)
    def UUIDs(self) -> Texts:
        return [HEART_RATE_SERVICE]

    @dbus_property(access=READ)
    def RSSI(self) -> DBusInt16:
        return self._strength

    @dbus_property(access=READ)
    def Paired(self) -> DBusBool:
        return False

    @dbus_property(access=READ)
    def Connected(self) -> DBusBool:
        return self._connected

    @dbus_property(access=READ)
    def ServicesResolved(self) -> DBusBool:
        return self._connected

    @dbus_method()
    def Connect(self) -> None:
        self.connect(there=True)

    @dbus_method()
    def Disconnect(self) -> None:
        self.connect(there=False)


class Service(ServiceInterface):
    def __init__(self) -> None:
        super().__init__("org.bluez.GattService1")

    @dbus_property(access=READ)
    def UUID(self) -> DBusStr:
        return HEART_RATE_SERVICE

    @dbus_property(access=READ)
    def Primary(self) -> DBusBool:
        return True

    @dbus_property(access=READ)
    def Device(self) -> DBusObjectPath:
        return BELT


class Characteristic(ServiceInterface):
    def __init__(self, uuid: str, value: bytes) -> None:
        super().__init__("org.bluez.GattCharacteristic1")
        self._uuid, self._value = uuid, value
        self.listened = asyncio.Event()

    async def notify(self, value: bytes) -> None:
        """Say *value*, once someone listens."""
        await self.listened.wait()
        self._value = value
        self.emit_properties_changed({"Value": value})

    @dbus_property(access=READ)
    def UUID(self) -> DBusStr:
        return self._uuid

    @dbus_property(access=READ)
    def Service(self) -> DBusObjectPath:
        return SERVICE

    @dbus_property(access=READ)
    def Flags(self) -> Texts:
        return ["read", "notify"]

    @dbus_property(access=READ)
    def Notifying(self) -> DBusBool:
        return self.listened.is_set()

    @dbus_property(access=READ)
    def Value(self) -> DBusBytes:
        return self._value

    @dbus_method()
    def StartNotify(self) -> None:
        self.listened.set()

    @dbus_method()
    def StopNotify(self) -> None:
        self.listened.clear()

    @dbus_method()
    def ReadValue(self, options: DBusDict) -> DBusBytes:
        return self._value


async def served() -> tuple[MessageBus, Belt]:
    """Return the bus that BlueZ is on now, and the belt."""
    bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
    belt = Belt()
    bus.export(ADAPTER, Adapter(belt))
    bus.export(BELT, belt)
    bus.export(SERVICE, Service())
    for number, one in enumerate((belt.rate, belt.battery)):
        bus.export(f"{SERVICE}/char001{number}", one)
    await bus.request_name("org.bluez")
    return bus, belt


@contextmanager
def system_bus(folder: Path) -> Iterator[str]:
    """Start a message bus that stands for the system's; give its address."""
    daemon = shutil.which("dbus-daemon")
    if daemon is None:
        pytest.skip("dbus-daemon is not installed")
    address = f"unix:path={folder}/bus"
    command = [daemon, "--session", "--nofork", f"--address={address}", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline()
            yield address
        finally:
            process.terminate()
