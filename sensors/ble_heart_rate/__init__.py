"""Heart rate belts and bands over Bluetooth Low Energy: rate, beats, contact, battery.

They speak the Heart Rate Service (Bluetooth SIG, Heart Rate Service 1.0, section 3.1).  The radio
is behind a small protocol; `sensors.ble_heart_rate.radio` is the one of this machine.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from agent.errors import AgentError, DecodeError
from agent.events import EPOCH, Input, InputQuarantined
from agent.ports import Clock
from agent.sensor import Outage, measured
from agent.signals import BATTERY, HEART_RATE, IBI, WORN
from agent.wire import because
from sensors.ble_heart_rate.measurement import Measurement, decode

NAME = "ble_heart_rate"
DRIFT_MAX = timedelta(seconds=2.5)
"""Beats are counted on from the one before for as long as that stays so near to their arrival."""
WORN_EVERY = timedelta(minutes=10)
BATTERY_EVERY = timedelta(minutes=30)
RETRY_S_MAX = 60


class Settings(BaseModel):
    """Which belt or band is listened to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: str = Field(
        default="", max_length=64, description="its Bluetooth address; empty: it is found by name"
    )
    name: str = Field(
        default="",
        max_length=64,
        description="how its name begins (a Polar H10 says `Polar H10 ...`); empty: any name",
    )
    scan_s: float = Field(
        default=20, ge=1, le=300, description="seconds that one search for it takes at most"
    )
    retry_s: float = Field(
        default=2,
        ge=0.01,
        le=60,
        description="seconds until it is searched again; doubled each time, up to a minute",
    )

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not self.address and not self.name:
            raise ValueError("needs an address or a name: someone else's belt may be nearer")
        return self


class RadioError(AgentError):
    """The belt is not in reach, or there is no radio: it is searched again later."""


class Link(Protocol):
    """One connection to a belt."""

    def notified(self) -> AsyncIterator[bytes]:
        """Yield each measurement as it arrives, until the connection is lost."""

    async def battery(self) -> bytes:
        """Return what its battery level says; empty if it has none, or tells no one."""


class Radio(Protocol):
    """A way to such belts."""

    def connected(self, settings: Settings) -> AbstractAsyncContextManager[Link]:
        """Give a connection to the belt that *settings* names; raise RadioError."""


class Heard(NamedTuple):
    """Where one connection stands: the time of its last beat, and what was said when."""

    beat_at: datetime = EPOCH
    worn: bool | None = None
    worn_at: datetime = EPOCH
    battery_at: datetime = EPOCH


def beats(
    heard: Heard, measurement: Measurement, *, arrived: datetime
) -> Sequence[tuple[datetime, float]]:
    """Return the time of each beat with the interval before it.

    The first of a connection are counted back from their arrival.  Later ones follow the last
    beat, for a radio delivers them unevenly, and what follows what is told by times that agree.
    """
    spans = [timedelta(milliseconds=max(one, 1)) for one in measurement.intervals_ms]
    length = sum(spans, timedelta())
    near = abs(heard.beat_at + length - arrived) <= DRIFT_MAX
    at, found = heard.beat_at if near else arrived - length, []
    for span, interval_ms in zip(spans, measurement.intervals_ms, strict=True):
        at += span
        found.append((at, interval_ms))
    return found


def fold(
    heard: Heard, measurement: Measurement, *, arrived: datetime
) -> tuple[Heard, Sequence[Input]]:
    """Return what is known after *measurement*, and its events; contact comes first.

    Contact is told when it changes, and every ten minutes.
    """
    events = list[Input]()
    if measurement.worn is not None and (
        measurement.worn != heard.worn or arrived - heard.worn_at >= WORN_EVERY
    ):
        events.append(measured(WORN.id, float(measurement.worn), at=arrived, source=NAME))
        heard = heard._replace(worn=measurement.worn, worn_at=arrived)
    events.append(measured(HEART_RATE.id, measurement.rate_bpm, at=arrived, source=NAME))
    found = beats(heard, measurement, arrived=arrived)
    events += [measured(IBI.id, round(span, 3), at=at, source=NAME) for at, span in found]
    return (heard._replace(beat_at=found[-1][0]) if found else heard), events


class BleHeartRate:
    """A sensor that yields what one belt says, and looks for it again when it is lost."""

    name = NAME

    def __init__(self, settings: Settings, *, radio: Radio, clock: Clock) -> None:
        self._settings = settings
        self._radio = radio
        self._clock = clock
        self._outage = Outage(NAME)

    async def events(self) -> AsyncIterator[Sequence[Input]]:
        """Yield each measurement, for ever."""
        failures = 0
        while True:
            try:
                async with self._radio.connected(self._settings) as link:
                    self._outage.tell("")
                    async for batch in self._served(link):
                        failures = 0
                        yield batch
                self._outage.tell("the connection was lost")
            except RadioError as error:
                self._outage.tell(str(error))
            await asyncio.sleep(min(RETRY_S_MAX, self._settings.retry_s * 2 ** min(failures, 16)))
            failures += 1

    async def _served(self, link: Link) -> AsyncIterator[Sequence[Input]]:
        heard, bad = Heard(), False
        async for payload in link.notified():
            now = self._clock.now()
            try:
                heard, events = fold(heard, decode(payload), arrived=now)
                bad = False
            except DecodeError as error:
                events = [] if bad else [InputQuarantined(at=now, source=NAME, reason=str(error))]
                bad = True
            if abs(now - heard.battery_at) >= BATTERY_EVERY:
                heard = heard._replace(battery_at=now)
                events = [*events, *charge(await link.battery(), at=now)]
            if events:
                yield events


def charge(payload: bytes, *, at: datetime) -> Sequence[Input]:
    """Return the sample in a battery level (Battery Service 1.0, section 3.1), if it is one."""
    if len(payload) != 1:
        return ()
    try:
        return (measured(BATTERY.id, payload[0], at=at, source=NAME),)
    except ValueError as error:
        return (InputQuarantined(at=at, source=NAME, reason=because(error)),)
