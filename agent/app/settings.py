"""All settings together: their file, their defaults, and what the environment overrides."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import platformdirs
from pydantic import Field, JsonValue

from agent import config
from agent.config import KnownPlace, PolicySettings, Rules, Section, Zone
from agent.core import Core
from agent.errors import ConfigError
from agent.guests.find import Found, found
from agent.models.settings import Settings as ModelSettings
from agent.mqtt import Settings as MqttSettings
from agent.notify.ntfy import Settings as NtfySettings
from agent.voice.settings import Settings as VoiceSettings
from sensors.accelerometer import Settings as AccelerometerSettings
from sensors.ble_heart_rate import Settings as BleHeartRateSettings
from sensors.calendar.caldav import Settings as CaldavSettings
from sensors.calendar.files import Settings as CalendarSettings
from sensors.device import Settings as DeviceSettings
from sensors.folder import Settings as FolderSettings
from sensors.gpsd import Settings as GpsdSettings
from sensors.home_assistant import Settings as HomeAssistantSettings
from sensors.mealplan import Settings as MealplanSettings
from sensors.phone import Settings as PhoneSettings
from skills import SKILLS

SKILLS_FOLDER = "skills"  # of the store
NAME = "carpal"


def _data_folder() -> Path:
    return platformdirs.user_data_path(NAME)


def _runtime_folder() -> Path:
    if sys.platform == "linux" and not os.environ.get("XDG_RUNTIME_DIR"):
        # No session: where one would put it, or beside the data; platformdirs warns instead.
        usual = Path(f"/run/user/{os.getuid()}")
        return usual / NAME if os.access(usual, os.W_OK) else _data_folder()
    return platformdirs.user_runtime_path(NAME)


class StoreSettings(Section):
    """Where memory lives, and for how long."""

    folder: Path = Field(
        default_factory=_data_folder, description="Folder of the database, its key and backup."
    )
    retention_days: int = Field(
        default=90,
        ge=1,
        le=36_500,
        description="Raw samples are kept so long, in days; minute and hour figures for ever.",
    )


class ControlSettings(Section):
    """How commands reach the daemon."""

    folder: Path = Field(
        default_factory=_runtime_folder,
        description="Folder of the control socket; it is made for its owner alone.",
    )


class NotifySettings(Section):
    """Where nudges appear."""

    worded: bool = Field(
        default=True, description="The small model words nudges too; off: the templates do."
    )
    terminal: bool = Field(default=True, description="A line on the daemon's own output.")
    desktop: bool = Field(default=False, description="A desktop notification over D-Bus.")
    ntfy: NtfySettings | None = Field(
        default=None, description="An ntfy server of the wearer's own, at a local address."
    )


class Settings(Section):
    """Everything in `carpal.toml`.  A table that is absent leaves that part off."""

    zone: Zone = Field(default="UTC", description="The wearer's time zone, such as Europe/Berlin.")
    zone_follows: bool = Field(
        default=True, description="A position far from the last one changes the time zone."
    )
    policy: PolicySettings = PolicySettings()
    places: tuple[KnownPlace, ...] = Field(
        default=(), max_length=500, description="The places that have a name."
    )
    priority: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="For a signal that two devices measure: the names of its sources, best first.",
    )
    skills: dict[str, dict[str, JsonValue]] = Field(
        default_factory=dict, description="Each skill's own settings, by its name."
    )
    store: StoreSettings = Field(default_factory=StoreSettings)
    control: ControlSettings = Field(default_factory=ControlSettings)
    notify: NotifySettings = NotifySettings()
    models: ModelSettings = ModelSettings()
    voice: VoiceSettings = VoiceSettings()
    mqtt: MqttSettings | None = Field(default=None, description="The broker; absent: none.")
    calendar: CalendarSettings | None = Field(default=None, description="iCalendar files.")
    caldav: CaldavSettings | None = Field(
        default=None, description="Calendars on CalDAV servers of the wearer's choice."
    )
    mealplan: MealplanSettings | None = Field(default=None, description="The week's meals.")
    folder: FolderSettings | None = Field(
        default=None, description="Watched folders, into which other programs export."
    )
    ble_heart_rate: BleHeartRateSettings | None = Field(
        default=None, description="A heart rate belt over Bluetooth Low Energy."
    )
    home_assistant: HomeAssistantSettings | None = Field(
        default=None, description="Home Assistant, over the broker."
    )
    phone: PhoneSettings | None = Field(
        default=None, description="A phone's notifications, over the broker."
    )
    gpsd: GpsdSettings | None = Field(default=None, description="GPS through gpsd.")
    device: DeviceSettings | None = Field(
        default=None, description="This device's own battery and heat."
    )
    accelerometer: AccelerometerSettings | None = Field(
        default=None, description="This device's own accelerometer."
    )

    plugins: dict[str, dict[str, JsonValue]] = Field(
        default_factory=dict,
        description="Sensors of installed packages, by their name, with what each needs.",
    )

    def rules(self) -> Rules:
        """Return the part that the core judges by."""
        return Rules(
            zone=self.zone,
            policy=self.policy,
            places=self.places,
            priority=self.priority,
            skills=self.skills,
        )


class Loaded(NamedTuple):
    """The effective settings, and where each came from."""

    settings: Settings
    sources: Mapping[str, str]
    path: Path


def default_path() -> Path:
    """Return where `carpal.toml` is looked for."""
    return platformdirs.user_config_path(NAME) / "carpal.toml"


def load(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Loaded:
    """Return the settings of *path* (or the usual file, if there is one) and the environment.

    Raise ConfigError for the first wrong one: nothing has started then.
    """
    file = path or default_path()
    if path is not None and not path.is_file():
        raise ConfigError("(file)", str(path), "there is no such file")
    try:
        text = file.read_text() if file.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("(file)", str(file), str(error)) from error
    tables = config.parse(text, name=str(file))
    merged, sources = config.overlay(
        tables, os.environ if environment is None else environment, Settings
    )
    settings = config.check(Settings, merged)
    _check_skills(settings)
    return Loaded(settings, sources, file)


def guests(settings: Settings) -> tuple[Found, ...]:
    """Return the skills of third parties: those in the store's folder, and those installed."""
    return found(settings.store.folder / SKILLS_FOLDER)


def _check_skills(settings: Settings) -> None:
    known = sorted(skill.name for skill in SKILLS)
    if any(name not in known for name in settings.skills):
        known += sorted(one.name for one in guests(settings))
    for name in settings.skills:
        if name not in known:
            raise ConfigError(f"skills.{name}", "…", f"there is no such skill, but {known}")
    Core(SKILLS).settings_of(settings.rules())
