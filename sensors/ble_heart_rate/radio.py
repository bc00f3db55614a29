"""This machine's Bluetooth, through bleak."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError

from sensors.ble_heart_rate import RadioError, Settings

HEART_RATE_SERVICE = "0000180d-0000-1000-8000-00805f9b34fb"
MEASUREMENT = "00002a37-0000-1000-8000-00805f9b34fb"
BATTERY_LEVEL = "00002a19-0000-1000-8000-00805f9b34fb"
WAITING_MAX = 64
"""So many notifications wait; the oldest makes room: a belt sends one a second."""
BATTERY_S_MAX = 5
BROKEN = (BleakError, OSError, EOFError, KeyError, TimeoutError)
"""KeyError: what bleak makes of a BlueZ that leaves a property out."""


class Notifications:
    """What a belt notified and no one has read yet; bounded, the oldest is dropped."""

    def __init__(self) -> None:
        self._waiting = asyncio.Queue[bytes | None](WAITING_MAX)

    def put(self, payload: bytes | None) -> None:
        """Add *payload*; None ends them."""
        if self._waiting.full():
            self._waiting.get_nowait()
        self._waiting.put_nowait(payload)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield them until the end."""
        while (payload := await self._waiting.get()) is not None:
            yield payload


class BleakLink:
    """A connection that bleak holds."""

    def __init__(self, client: BleakClient, heard: Notifications) -> None:
        self._client = client
        self._heard = heard

    def notified(self) -> AsyncIterator[bytes]:
        """Yield each measurement until the connection is lost."""
        return aiter(self._heard)

    async def battery(self) -> bytes:
        """Return the battery level; empty if there is none, or it is kept from us."""
        if self._client.services.get_characteristic(BATTERY_LEVEL) is None:
            return b""
        try:
            async with asyncio.timeout(BATTERY_S_MAX):
                return bytes(await self._client.read_gatt_char(BATTERY_LEVEL))
        except BROKEN:
            return b""  # beats matter more: a lost connection ends the measurements as well


class BleakRadio:
    """The radio of this machine."""

    @asynccontextmanager
    async def connected(self, settings: Settings) -> AsyncIterator[BleakLink]:
        """Find the belt, connect and ask for its measurements; raise RadioError."""
        heard = Notifications()
        try:
            client = BleakClient(
                await _found(settings), disconnected_callback=lambda _client: heard.put(None)
            )
            async with client:
                await client.start_notify(MEASUREMENT, lambda _, data: heard.put(bytes(data)))
                yield BleakLink(client, heard)
        except BROKEN as error:
            raise RadioError(f"no connection ({str(error)[:200]})") from error


async def _found(settings: Settings) -> BLEDevice:
    def wanted(device: BLEDevice, said: AdvertisementData) -> bool:
        if settings.address:
            return device.address.casefold() == settings.address.casefold()
        name = said.local_name or device.name or ""
        return name.startswith(settings.name) and HEART_RATE_SERVICE in said.service_uuids

    device = await BleakScanner.find_device_by_filter(wanted, timeout=settings.scan_s)
    if device is None:
        raise RadioError(
            f"{settings.address or settings.name} is not in reach (is it worn, and no other "
            "device connected to it?)"
        )
    return device
