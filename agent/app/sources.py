"""Every source of events that the settings switch on: the sensors, and what the broker brings."""

from collections.abc import Iterator, Sequence
from functools import partial
from zoneinfo import ZoneInfo

from agent.app.days import importers
from agent.app.settings import Settings
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


def sensors(settings: Settings, *, clock: Clock) -> Sequence[Sensor]:
    """Return the sensors whose table is there; raise ConfigError."""
    return [*_planning(settings, clock), *_measuring(settings, clock)]


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
