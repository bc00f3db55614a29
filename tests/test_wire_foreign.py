"""Other systems' messages are read as they are, by mapping or by their own module."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agent.errors import DecodeError
from agent.events import Input, InputQuarantined, LocationMeasured, SampleMeasured
from agent.wire import Mapping, decode_foreign, matches
from sensors import owntracks

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PHONE = "owntracks/ada/phone"
HERE = {"_type": "location", "tst": 1772452790, "lat": 52.5, "lon": 13.4, "acc": 9, "batt": 81}


def mapped(payload: object, **settings: object) -> Sequence[Input]:
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    plain = {"topic": "home/+/state", "signal": "skin_temperature", "unit": "degC"}
    mapping = Mapping.model_validate(plain | settings)
    return decode_foreign("home/arm/state", raw, mappings=[mapping], arrived=NOW)


def values(events: Sequence[Input]) -> list[float]:
    return [event.value for event in events if isinstance(event, SampleMeasured)]


def tracked(payload: object, topic: str = PHONE) -> Sequence[Input]:
    return owntracks.decode(topic, json.dumps(payload).encode(), NOW)


def test_a_bare_number_is_a_sample_of_the_level_that_plus_stood_for() -> None:
    (event,) = mapped(b"33.5")
    assert isinstance(event, SampleMeasured)
    assert (event.value, event.source, event.at) == (33.5, "arm", NOW)


def test_a_path_finds_the_value_and_its_time() -> None:
    payload = {"readings": [{"c": 1}, {"c": "33.5", "ts": 1772452790}]}
    (event,) = mapped(payload, path="readings[1].c", time_path="readings[1].ts")
    assert isinstance(event, SampleMeasured)
    assert event.value == 33.5
    assert event.at == datetime(2026, 3, 2, 11, 59, 50, tzinfo=UTC)


def test_another_unit_is_scaled_and_shifted_into_ours() -> None:
    events = mapped(b"98.6", scale=5 / 9, offset=-160 / 9)
    assert values(events) == [pytest.approx(37.0)]


@pytest.mark.parametrize("payload", [b"unavailable", b"unknown", b"", b"null"])
def test_a_value_that_is_not_available_is_no_event(payload: bytes) -> None:
    assert list(mapped(payload)) == []


@pytest.mark.parametrize("payload", [b"true", b"NaN", b'"warm"', b"{}", b"\xff", b"[" * 9000])
def test_what_is_no_number_is_refused(payload: bytes) -> None:
    with pytest.raises(DecodeError, match="home/arm/state"):
        mapped(payload)


def test_a_path_that_leads_nowhere_is_refused_with_the_path() -> None:
    with pytest.raises(DecodeError, match=r"a\.b"):
        mapped({"a": 1}, path="a.b")


def test_one_of_two_values_that_is_bad_is_quarantined_and_the_other_is_kept() -> None:
    both = [
        Mapping(topic="x", signal="battery", unit="%", path="b"),
        Mapping(topic="x", signal="spo2", unit="%", path="o"),
    ]
    first, second = decode_foreign("x", b'{"b": 80, "o": true}', mappings=both, arrived=NOW)
    assert isinstance(first, SampleMeasured)
    assert isinstance(second, InputQuarantined)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"signal": "mood"}, "heart_rate"),
        ({"signal": "location"}, "heart_rate"),
        ({"unit": "degF"}, "degC"),
        ({"topic": "home/#"}, "whole level"),
        ({"topic": "home/a+/b"}, "whole level"),
        ({"path": "a..b"}, "path"),
        ({"path": "a[x]"}, "path"),
        ({"scale": float("nan")}, "finite"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused(wrong: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        mapped(b"1", **wrong)


@pytest.mark.parametrize(
    ("pattern", "topic", "covers"),
    [
        ("a/b", "a/b", True),
        ("a/+", "a/b", True),
        ("a/+", "a/b/c", False),
        ("a/+/c", "a/b/c", True),
        ("a/#", "a", True),
        ("a/#", "a/b/c", True),
        ("a/#", "b/a", False),
        ("#", "a/b", True),
        ("+", "", True),
        ("a", "a/", False),
    ],
)
def test_a_filter_covers_what_the_standard_says(pattern: str, topic: str, covers: bool) -> None:
    assert matches(pattern, topic) is covers


def test_a_phone_tells_where_it_is_and_its_battery() -> None:
    place, battery = tracked(HERE | {"t": "u", "BSSID": "x"})
    assert place == LocationMeasured(
        at=datetime(2026, 3, 2, 11, 59, 50, tzinfo=UTC),
        latitude_deg=52.5,
        longitude_deg=13.4,
        accuracy_m=9,
        source="owntracks-phone",
    )
    assert isinstance(battery, SampleMeasured)
    assert battery.value == 81


@pytest.mark.parametrize("kind", ["beacon", "card", "cmd", "status"])
def test_other_messages_of_the_app_are_no_events(kind: str) -> None:
    assert list(tracked({"_type": kind, "tst": 1})) == []
    assert list(owntracks.decode(PHONE, b"", NOW)) == []


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        ({"_type": "encrypted", "data": "x"}, "it is encrypted: put the key"),
        ({"_type": "spaceship"}, "spaceship"),
        ({"lat": 1}, "_type"),
        ([], "object"),
        (HERE | {"lat": 91}, "latitude"),
        (HERE | {"lat": True}, "not a number"),
        ({"_type": "location", "lat": 1, "lon": 1}, "tst is missing"),
    ],
)
def test_what_is_no_location_is_refused_with_what_to_do(payload: object, why: str) -> None:
    with pytest.raises(DecodeError, match=why):
        tracked(payload)


def test_a_phone_whose_clock_is_wrong_is_quarantined() -> None:
    assert [type(event) for event in tracked(HERE | {"tst": 10})] == [InputQuarantined] * 2


@given(payload=st.binary(max_size=100), topic=st.text(max_size=30))
def test_any_payload_is_read_or_refused_and_nothing_else(payload: bytes, topic: str) -> None:
    mappings = [Mapping(topic=topic or "x", signal="battery", unit="%")] if topic == "x" else []
    readers: tuple[Callable[[], Sequence[Input]], ...] = (
        lambda: owntracks.decode(topic, payload, NOW),
        lambda: decode_foreign(topic, payload, mappings=mappings, arrived=NOW),
        lambda: mapped(payload, path="a[0].b", time_path="a[1]"),
        lambda: mapped(payload),
    )
    for read in readers:
        try:
            events = read()
        except DecodeError:
            events = ()
        assert len(events) <= 2


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
        lambda inner: st.dictionaries(
            st.sampled_from(["_type", "tst", "lat", "lon", "acc", "batt"]), inner, max_size=6
        ),
        max_leaves=10,
    ),
)
def test_any_location_is_read_or_refused_and_nothing_else(value: object) -> None:
    payload = {"_type": "location", **value} if isinstance(value, dict) else value
    try:
        events = tracked(payload)
    except DecodeError:
        events = ()
    assert len(events) <= 2
