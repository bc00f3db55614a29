"""What Home Assistant says of the wearer is measured; all else is a thing around them."""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agent.errors import DecodeError
from agent.events import EntityChanged, Input, LocationMeasured, SampleMeasured
from sensors.home_assistant import ENTITIES_MAX, HomeAssistant, Settings

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
Said = Sequence[tuple[str, float | str]]


class House:
    """Home Assistant as its statestream publishes: the state first, then every attribute."""

    def __init__(self, **settings: object) -> None:
        plain: dict[str, object] = {"mine": ("ada",), "topics": ("zigbee2mqtt/+",)}
        self.reader = HomeAssistant(Settings.model_validate(plain | settings))
        self.at = AT

    def hear(self, topic: str, payload: str) -> list[Input]:
        return [*self.reader.decode(topic, payload.encode(), self.at)]

    def says(self, entity: str, state: str, **attributes: object) -> list[Input]:
        base = "homeassistant/" + entity.replace(".", "/")
        events = self.hear(f"{base}/state", state)
        for name, value in attributes.items():
            events += self.hear(f"{base}/{name}", json.dumps(value))
        self.at += timedelta(seconds=30)
        return events

    def announces(self, **config: object) -> list[Input]:
        return self.hear("homeassistant/sensor/band/hr/config", json.dumps(config))


def said(events: Sequence[Input]) -> list[tuple[str, float | str]]:
    found = list[tuple[str, float | str]]()
    for event in events:
        match event:
            case SampleMeasured(signal=signal, value=value):
                found.append((signal, value))
            case EntityChanged(entity=entity, state=state):
                found.append((entity, state))
            case LocationMeasured(latitude_deg=latitude, accuracy_m=accuracy_m):
                found.append((f"location ±{accuracy_m:g}", latitude))
            case _:
                found.append((event.kind, ""))
    return found


@pytest.mark.parametrize(
    ("entity", "state", "unit", "expected"),
    [
        ("sensor.ada_watch_heart_rate", "72", "bpm", ("heart_rate", 72)),
        ("sensor.ada_watch_spo2", "97", "%", ("spo2", 97)),
        ("sensor.ada_skin_temperature", "91.4", "°F", ("skin_temperature", 33)),
        ("sensor.ada_body_temperature", "36.6", "°C", ("body_temperature", 36.6)),
        ("sensor.ada_respiratory_rate", "14", "br/min", ("respiration", 14)),
    ],
)
def test_a_name_and_a_unit_together_say_what_is_measured(
    entity: str, state: str, unit: str, expected: tuple[str, float]
) -> None:
    house = House()
    assert house.says(entity, "1", unit_of_measurement=unit) == []  # it may be an old one
    (event,) = house.says(entity, state, unit_of_measurement=unit, friendly_name="x")
    assert said([event]) == [expected]
    assert isinstance(event, SampleMeasured)
    assert event.source == f"ha-{entity.removeprefix('sensor.')}"


@pytest.mark.parametrize(
    ("entity", "unit"),
    [
        ("sensor.bob_watch_heart_rate", "bpm"),  # someone else's
        ("sensor.ada_kitchen_temperature", "°C"),
        ("sensor.ada_song", "bpm"),
        ("sensor.ada_phone_battery", "%"),
        ("sensor.ada_steps", "steps"),  # of the day, not since the sample before
        ("sensor.ada_resting_heart_rate", "bpm"),
        ("sensor.ada_heart_rate", "km/h"),
    ],
)
def test_what_is_not_sure_is_a_thing_around_the_wearer(entity: str, unit: str) -> None:
    house = House()
    house.says(entity, "20", unit_of_measurement=unit)
    house.at += timedelta(minutes=2)
    assert said(house.says(entity, "21", unit_of_measurement=unit)) == [(entity, "21")]


def test_the_wearer_may_say_what_an_entity_measures() -> None:
    house = House(signals={"sensor.thing_1": "battery"}, mine=())
    house.says("sensor.thing_1", "80", unit_of_measurement="%")
    assert said(house.says("sensor.thing_1", "81", unit_of_measurement="%")) == [("battery", 81)]
    house = House(signals={"sensor.thing_1": "heart_rate"}, mine=())
    house.says("sensor.thing_1", "80", unit_of_measurement="%")
    with pytest.raises(DecodeError, match="heart_rate is in bpm, not in '%'"):
        house.says("sensor.thing_1", "81", unit_of_measurement="%")
    with pytest.raises(ValidationError, match="is no signal"):
        House(signals={"sensor.x": "mood"})


def test_states_are_told_when_they_change_and_numbers_once_a_minute() -> None:
    house = House()
    states = ("off", "on", "on", "unavailable", "unknown", "", "on", "off")
    lamp = [house.says("light.kitchen", state) for state in states]
    assert [len(each) for each in lamp] == [1, 1, 0, 0, 0, 0, 0, 1]
    power = [house.says("sensor.power", str(watts), unit_of_measurement="W") for watts in range(7)]
    assert [len(each) for each in power] == [1, 0, 1, 0, 1, 0, 1]


def test_only_the_wearers_own_tracker_tells_where_the_wearer_is() -> None:
    house = House()
    place = {"latitude": 52.5, "longitude": 13.4, "gps_accuracy": 12}
    assert said(house.says("device_tracker.ada_phone", "home", **place)) == [
        ("device_tracker.ada_phone", "home"), ("location ±50", 52.5),
    ]  # fmt: skip
    moved = place | {"latitude": 52.6}
    assert said(house.says("device_tracker.ada_phone", "home", **moved)) == [("location ±12", 52.6)]
    assert said(house.says("person.bob", "away", **place)) == [("person.bob", "away")]
    assert said(house.says("zone.ada_home", "1", **place)) == [("zone.ada_home", "1")]
    with pytest.raises(DecodeError, match="latitude_deg"):
        house.says("person.ada", "away", **place | {"latitude": 95})


BAND = {
    "~": "band/1", "stat_t": "~/state", "unit_of_meas": "bpm", "uniq_id": "Ada Heart Rate",
    "val_tpl": "{{ value_json.body['hr'] | float(0) }}",
}  # fmt: skip


def test_a_device_that_announces_itself_is_read_where_it_says() -> None:
    house = House()
    assert house.hear("band/1/state", '{"body": {"hr": 60}}') == []
    assert house.announces(**BAND) == []
    house.hear("band/1/state", '{"body": {"hr": 60}}')
    assert said(house.hear("band/1/state", '{"body": {"hr": 72}}')) == [("heart_rate", 72)]
    assert house.hear("band/1/state", '{"battery": 3}') == []
    with pytest.raises(DecodeError, match="band/1/state"):
        house.hear("band/1/state", "hello")


def test_several_values_of_one_message_are_several_entities() -> None:
    house = House()
    for name in ("contact", "tamper"):
        config = {
            "state_topic": "zigbee2mqtt/door",
            "value_template": f"{{{{ value_json.{name} }}}}",
        }
        topic = f"homeassistant/binary_sensor/0x1/{name}/config"
        house.hear(topic, json.dumps(config | {"object_id": f"door_{name}"}))
    events = house.hear("zigbee2mqtt/door", '{"contact": false, "tamper": true}')
    assert said(events) == [
        ("binary_sensor.door_contact", "off"), ("binary_sensor.door_tamper", "on"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("config", "why"),
    [
        ({"stat_t": "a", "val_tpl": "{{ 1 if value_json.x else 0 }}"}, "more than value_json"),
        ({"stat_t": "a", "val_tpl": "{{ value_json.x }}{% for a in b %}"}, "more than value_json"),
    ],
)
def test_a_template_that_computes_is_not_run(config: dict[str, str], why: str) -> None:
    with pytest.raises(DecodeError, match=why):
        House().announces(**config)


def test_what_is_heard_of_is_bounded() -> None:
    house = House()
    for number in range(ENTITIES_MAX + 50):
        house.hear(f"homeassistant/light/l{number}/state", "on")
        house.hear(f"homeassistant/sensor/s{number}/config", f'{{"stat_t": "s/{number}"}}')
    assert len(house.reader._entities) == ENTITIES_MAX
    assert len(house.reader._announced) <= ENTITIES_MAX
    assert said(house.hear("homeassistant/light/l1/state", "off")) == [("light.l1", "off")]


@pytest.mark.parametrize(
    "topic",
    ["homeassistant/status", "homeassistant/light/a/brightness", "other/a/b", "", "x" * 999],
)
def test_other_topics_are_no_events(topic: str) -> None:
    assert House().hear(topic, "7") == []


LEVELS = st.sampled_from(["sensor", "ada_heart_rate", "state", "config", "latitude", "longitude"])
TOPICS = st.lists(LEVELS, max_size=4).map(lambda levels: "/".join(["homeassistant", *levels]))
PAYLOADS = st.binary(max_size=40) | st.sampled_from(
    [b"7", b"nan", b"1e400", b'"bpm"', b'{"~": 7, "stat_t": "a"}', b'{"stat_t": "~/x", "~": "a"}']
)


@given(st.lists(st.tuples(TOPICS | st.just("a"), PAYLOADS), max_size=6))
def test_any_messages_are_read_or_refused_and_nothing_else(
    messages: list[tuple[str, bytes]],
) -> None:
    reader = HomeAssistant(Settings(mine=("ada",)))
    for topic, payload in messages:
        with suppress(DecodeError):
            assert len(reader.decode(topic, payload, AT)) <= 3
