"""Every source of events that the settings switch on: the sensors, and what the broker brings."""

from collections.abc import Container, Iterator, Mapping, Sequence
from functools import partial
from importlib.metadata import entry_points
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from agent.app.days import importers
from agent.app.settings import Settings
from agent.errors import ConfigError
from agent.mqtt import Route, owntracks_key_of
from agent.ports import Clock
from agent.sensor import Sensor
from sensors import owntracks, phone
from sensors.accelerometer import Accelerometer
from sensors.ble_heart_rate import BleHeartRate
from sensors.ble_heart_rate.radio import BleakRadio
from sensors.calendar.caldav import CalDav
from sensors.calendar.files import CalendarFiles
from sensors.device import Device
from sensors.folder import Folder
from sensors.gpsd import Gpsd
from sensors.home_assistant import HomeAssistant
from sensors.mealplan import MealPlan

GROUP = "carpal.sensors"


def sensors(settings: Settings, *, clock: Clock) -> Sequence[Sensor]:
    """Return the sensors whose table is there; raise ConfigError."""
    return [
        *_planning(settings, clock),
        *_measuring(settings, clock),
        *plugins(settings.plugins, clock=clock),
    ]


def plugins(wanted: Mapping[str, Mapping[str, JsonValue]], *, clock: Clock) -> Iterator[Sensor]:
    """Yield the sensors of installed packages that the settings name; raise ConfigError.

    A package offers one by an entry point of the group `carpal.sensors`: a function of its table
    and of the clock that returns a Sensor.  It runs with all that the daemon may do, so none is
    loaded that the wearer has not named.
    """
    known = {point.name: point for point in entry_points(group=GROUP)}
    for name, table in wanted.items():
        if name not in known:
            there = ", ".join(sorted(known)) or "none"
            raise ConfigError(f"plugins.{name}", "…", f"no package offers it; there is {there}")
        try:
            sensor: Sensor = known[name].load()(dict(table), clock)
        except (ImportError, AttributeError, TypeError, ValueError, OSError) as error:
            raise ConfigError(f"plugins.{name}", "…", f"it does not start: {error}") from error
        yield sensor


def _planning(settings: Settings, clock: Clock) -> Iterator[Sensor]:
    """Yield what tells of plans, and what other programs wrote."""
    zone = ZoneInfo(settings.zone)
    if settings.calendar is not None:
        yield CalendarFiles(settings.calendar, clock=clock, zone=zone)
    if settings.caldav is not None:
        yield CalDav(settings.caldav, clock=clock, zone=zone)
    if settings.mealplan is not None:
        yield MealPlan(settings.mealplan, clock=clock)
    if settings.folder is not None:
        known = importers(settings.zone, clock)
        yield Folder(settings.folder, clock=clock, importers=known)


def _measuring(settings: Settings, clock: Clock) -> Iterator[Sensor]:
    """Yield what is attached to this device, or near it."""
    if settings.ble_heart_rate is not None:
        yield BleHeartRate(settings.ble_heart_rate, radio=BleakRadio(), clock=clock)
    if settings.gpsd is not None:
        yield Gpsd(settings.gpsd, clock=clock)
    if settings.device is not None:
        yield Device(settings.device, clock=clock)
    if settings.accelerometer is not None:
        yield Accelerometer(settings.accelerometer, clock=clock)


def topics(settings: Settings) -> tuple[str, ...]:
    """Return the filters of other systems' topics that a closed broker must let devices write."""
    found = list[str]()
    if settings.home_assistant is not None:
        found += [f"{settings.home_assistant.prefix}/#", *settings.home_assistant.topics]
    if settings.phone is not None:
        found += settings.phone.topics
    if settings.mqtt is not None:
        found += [one.topic for one in settings.mqtt.mappings]
    return tuple(dict.fromkeys(found))


def unwired(settings: Settings) -> Sequence[str]:
    """Return a line for each table that is of no use as the others are."""
    if settings.mqtt is not None:
        return ()
    tables = {"home_assistant": settings.home_assistant, "phone": settings.phone}
    return [
        f"{name} is set and mqtt is not: it comes over the broker (`carpal broker`)"
        for name, table in tables.items()
        if table is not None
    ]


ATTACHED = {
    "ble_heart_rate": "is the belt worn and near, and does Bluetooth run?",
    "gpsd": "does gpsd run, and does its receiver see the sky?",
    "device": "does this system show a battery or heat in /sys/class?",
    "accelerometer": "does this system show one in /sys/bus/iio/devices?",
}
"""What is attached here or near, and what to look at while it says nothing."""


def silent(settings: Settings, delivered: Container[str]) -> Sequence[tuple[str, str]]:
    """Return each attached source that is set and has never delivered, and what to look at."""
    return [
        (name, why)
        for name, why in ATTACHED.items()
        if getattr(settings, name) is not None and name not in delivered
    ]


def routes(settings: Settings) -> Sequence[Route]:
    """Return who reads the topics of other systems; raise ConfigError."""
    found = list[Route]()
    if settings.mqtt is not None and settings.mqtt.owntracks:
        read = partial(owntracks.decode, key=owntracks_key_of(settings.mqtt))
        found.append(Route(f"owntracks/{settings.mqtt.owntracks}/#", read))
    if settings.home_assistant is not None:
        house = HomeAssistant(settings.home_assistant)
        heard = (f"{settings.home_assistant.prefix}/#", *settings.home_assistant.topics)
        found += [Route(topic, house.decode) for topic in heard]
    if settings.phone is not None:
        found += [Route(topic, phone.decode) for topic in settings.phone.topics]
    return found
