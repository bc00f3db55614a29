"""Every source of events that the settings switch on: the sensors, and what the broker brings."""

from collections.abc import Sequence
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
from sensors.folder import Folder
from sensors.gpsd import Gpsd
from sensors.home_assistant import HomeAssistant
from sensors.mealplan import MealPlan


def sensors(settings: Settings, *, clock: Clock) -> Sequence[Sensor]:
    """Return the sensors whose table is there; raise ConfigError."""
    zone = ZoneInfo(settings.zone)
    found: list[Sensor] = []
    if settings.calendar is not None:
        found.append(CalendarFiles(settings.calendar, clock=clock, zone=zone))
    if settings.caldav is not None:
        found.append(CalDav(settings.caldav, clock=clock, zone=zone))
    if settings.mealplan is not None:
        found.append(MealPlan(settings.mealplan, clock=clock))
    if settings.folder is not None:
        known = importers(settings.zone, clock)
        found.append(Folder(settings.folder, clock=clock, importers=known))
    if settings.ble_heart_rate is not None:
        found.append(BleHeartRate(settings.ble_heart_rate, radio=BleakRadio(), clock=clock))
    if settings.gpsd is not None:
        found.append(Gpsd(settings.gpsd, clock=clock))
    if settings.accelerometer is not None:
        found.append(Accelerometer(settings.accelerometer, clock=clock))
    return found


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
