"""Home Assistant over MQTT: what its entities say, by its statestream and by discovery.

| topic | payload |
|---|---|
| `homeassistant/DOMAIN/OBJECT/state` | the state of an entity, as text (statestream) |
| `homeassistant/DOMAIN/OBJECT/ATTRIBUTE` | one of its attributes, as JSON (statestream) |
| `homeassistant/COMPONENT/[NODE/]OBJECT/config` | where a device's state is (MQTT discovery) |
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from agent.errors import DecodeError
from agent.events import EPOCH, EntityChanged, Input, LocationMeasured
from agent.sensor import admit, measured
from agent.signals import LOCATION, SIGNALS
from agent.wire import WRONG, WrongError, because, number, parse, shown
from sensors.home_assistant.discovery import Announced, announced
from sensors.home_assistant.meaning import converted, signal_of

NAME = "home_assistant"
ENTITIES_MAX = 2_000
ABSENT = frozenset({"", "unavailable", "unknown", "none", "None", "null"})
STATE_LENGTH_MAX = 255
NUMBERS_EVERY = timedelta(minutes=1)
"""A state that is a number and none of our signals is told so often: meters tell each second."""
ACCURACY_M = 50.0
ACCURACY_M_MAX = 100_000.0
_PLACED = frozenset({"device_tracker", "person"})
_PARTS = frozenset({"unit_of_measurement", "latitude", "longitude", "gps_accuracy"})

Filter = Annotated[str, Field(max_length=256, pattern=r"^([^+#/]+|\+)(/([^+#/]+|\+))*(/#)?$|^#$")]
"""A topic filter (MQTT 5, section 4.7)."""


class Settings(BaseModel):
    """Which of Home Assistant's entities are about the wearer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prefix: str = Field(
        default="homeassistant",
        min_length=1,
        max_length=64,
        pattern=r"^[^+#]*[^+#/]$",
        description="base topic of statestream and discovery",
    )
    topics: tuple[Filter, ...] = Field(
        default=(),
        max_length=32,
        description="filters of state topics elsewhere that discovery names, as zigbee2mqtt/+",
    )
    mine: tuple[str, ...] = Field(
        default=(),
        max_length=32,
        description="parts of the names of entities that measure you, as ada_watch; what measures "
        "someone else, or a room, is a thing around you",
    )
    signals: dict[str, str] = Field(
        default_factory=dict,
        max_length=200,
        description="for an entity whose name does not say what it measures: its signal",
    )

    @model_validator(mode="after")
    def _known(self) -> "Settings":
        for entity, signal in self.signals.items():
            if signal not in SIGNALS or signal == LOCATION.id:
                raise ValueError(f"{entity}: {signal[:64]!r} is no signal that has samples")
        return self


@dataclass(slots=True)
class _Entity:
    """What was last heard of one entity."""

    unit: str | None = None
    """None until it is known; empty where it is known to have none."""
    state: str | None = None
    told: str | None = None
    told_at: datetime = EPOCH
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None


class HomeAssistant:
    """Reads one message after the other; it remembers units and states, of so many entities.

    Messages carry no time: theirs is that of their arrival.  The first state of an entity since
    the start may be one that the broker kept, from any time: it is no sample.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._entities = dict[str, _Entity]()
        self._announced = dict[str, dict[str, Announced]]()

    def decode(self, topic: str, payload: bytes, arrived: datetime) -> Sequence[Input]:
        """Return what a message says; raise DecodeError where it cannot be read."""
        source = shown(topic, 256)
        try:
            events = list(self._read(topic, payload, arrived))
        except WRONG as error:
            raise DecodeError(source, because(error)) from error
        return [admit(event, source=source, arrived=arrived) for event in events]

    def _read(self, topic: str, payload: bytes, arrived: datetime) -> Iterator[Input]:
        if topic in self._announced:
            yield from self._stated(topic, payload, arrived)
            return
        inner = shown(topic, 256).removeprefix(f"{self._settings.prefix}/")
        match inner.split("/") if topic.startswith(f"{self._settings.prefix}/") else []:
            case [component, *between, node, "config"] if len(between) <= 1:
                self._discover(component, node, payload)
            case [domain, thing, "state"]:
                yield from self._changed(f"{domain}.{thing}"[:128], _state(payload), arrived)
            case [domain, thing, part] if part in _PARTS and payload:
                yield from self._learned(f"{domain}.{thing}"[:128], part, parse(payload), arrived)
            case _:
                pass  # an attribute that says nothing to us, or a birth message

    def _discover(self, component: str, node: str, payload: bytes) -> None:
        if not payload:
            return  # the entity was taken back; its state will not come any more
        found = parse(payload)
        if not isinstance(found, dict):
            raise WrongError("a discovery message is a JSON object")
        one = announced(component, node, found)
        known = sum(map(len, self._announced.values()))
        if one is not None and known < ENTITIES_MAX:
            self._announced.setdefault(one.topic, {})[one.entity] = one
            if entity := self._entity(one.entity):
                entity.unit = one.unit

    def _stated(self, topic: str, payload: bytes, arrived: datetime) -> Iterator[Input]:
        """Yield what each entity whose state is in this payload says."""
        for one in self._announced[topic].values():
            value: JsonValue = parse(payload) if one.path else _state(payload)
            for step in one.path:
                try:
                    value = value[step]  # type: ignore[index]  # whatever it is
                except (TypeError, KeyError, IndexError):
                    value = None  # devices leave out what did not change
                    break
            if value is not None and not isinstance(value, list | dict):
                yield from self._changed(one.entity, _plain(value), arrived)

    def _changed(self, name: str, state: str, arrived: datetime) -> Iterator[Input]:
        entity = self._entity(name)
        if entity is None or state in ABSENT:
            return
        first, entity.state = entity.state is None, state
        value = _number(state)
        if not first and entity.unit is None:
            entity.unit = ""  # all attributes follow the first state: it has none
        sample = None if value is None or first else self._sample(name, entity, value, arrived)
        if sample is not None:
            yield sample
        elif not self._measures(name, entity):
            yield from self._told(name, entity, arrived, often=value is not None)

    def _learned(
        self, name: str, part: str, value: JsonValue, arrived: datetime
    ) -> Iterator[Input]:
        """Yield the position that an attribute completes."""
        entity = self._entity(name)
        if entity is None or value is None:
            return
        if part == "unit_of_measurement":
            entity.unit = str(value)[:16]
            return
        figure = number(value, part)
        match part:
            case "latitude":
                entity.latitude = figure
            case "longitude":
                entity.longitude = figure
            case _:
                entity.accuracy_m = figure
        # Home Assistant tells them in this order; the accuracy comes last, where there is one.
        if part == ("longitude" if entity.accuracy_m is None else "gps_accuracy"):
            yield from self._fix(name, entity, arrived)

    def _sample(self, name: str, entity: _Entity, value: float, arrived: datetime) -> Input | None:
        unit = entity.unit or ""
        signal = signal_of(name, unit, self._settings.signals) if self._is_mine(name) else None
        ours = None if signal is None else converted(value, unit, signal)
        if signal is not None and ours is None and entity.unit is not None:
            raise WrongError(f"{name}: {signal} is in {SIGNALS[signal].unit}, not in {unit!r}")
        if signal is None or ours is None:
            return None
        return measured(signal, ours, at=arrived, source=_source(name))

    def _measures(self, name: str, entity: _Entity) -> bool:
        """Return whether it is the wearer's and one of our signals, or may yet turn out to be."""
        if not self._is_mine(name):
            return False
        waits = entity.unit is None and name.startswith("sensor.")
        return waits or signal_of(name, entity.unit or "", self._settings.signals) is not None

    def _told(
        self, name: str, entity: _Entity, arrived: datetime, *, often: bool
    ) -> Iterator[Input]:
        """Yield the state if it is another one; numbers once a minute."""
        soon = often and timedelta() <= arrived - entity.told_at < NUMBERS_EVERY
        if entity.state is None or entity.state == entity.told or soon:
            return
        entity.told, entity.told_at = entity.state, arrived
        yield EntityChanged(
            at=arrived, source=NAME, entity=name, state=shown(entity.state, STATE_LENGTH_MAX)
        )

    def _fix(self, name: str, entity: _Entity, arrived: datetime) -> Iterator[Input]:
        latitude, longitude = entity.latitude, entity.longitude
        entity.latitude = entity.longitude = None  # what was told is not told again
        if latitude is None or longitude is None:
            return
        if name.partition(".")[0] in _PLACED and self._is_mine(name):
            accuracy_m = ACCURACY_M if entity.accuracy_m is None else entity.accuracy_m
            yield LocationMeasured(
                at=arrived,
                latitude_deg=latitude,
                longitude_deg=longitude,
                accuracy_m=min(ACCURACY_M_MAX, accuracy_m),
                source=_source(name),
            )

    def _is_mine(self, name: str) -> bool:
        return name in self._settings.signals or any(part in name for part in self._settings.mine)

    def _entity(self, name: str) -> _Entity | None:
        """Return what is known of *name*; None where more are heard of than are remembered."""
        if name not in self._entities and len(self._entities) >= ENTITIES_MAX:
            return None
        return self._entities.setdefault(name, _Entity())


def _state(payload: bytes) -> str:
    if len(payload) > STATE_LENGTH_MAX * 4:
        raise WrongError(f"a state of {len(payload)} bytes")
    try:
        return payload.decode().strip()[:STATE_LENGTH_MAX]
    except UnicodeDecodeError as error:
        raise WrongError(f"not UTF-8 at byte {error.start}") from error


def _plain(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)[:STATE_LENGTH_MAX]


def _number(state: str) -> float | None:
    try:
        value = float(state) if len(state) <= 32 and state.isascii() else None
    except ValueError:
        return None
    return value if value is not None and abs(value) < 1e12 else None


def _source(name: str) -> str:
    return f"ha-{name.rpartition('.')[2]}"[:64]
