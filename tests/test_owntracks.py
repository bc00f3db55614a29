"""A phone tells where it is, what it entered and named, openly or encrypted."""

import base64
import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.secret import SecretBox

from agent.errors import DecodeError
from agent.events import (
    GapDetected,
    Input,
    InputQuarantined,
    LocationMeasured,
    PlaceNamed,
    RegionCrossed,
    SampleMeasured,
)
from sensors.owntracks import decode

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TST = 1772452790
AT = datetime(2026, 3, 2, 11, 59, 50, tzinfo=UTC)
PHONE = "owntracks/ada/phone"
SOURCE = "owntracks-phone"
HERE = {"_type": "location", "tst": TST, "lat": 52.5, "lon": 13.4, "acc": 9}
CAME = {
    "_type": "transition", "tst": TST, "wtst": 1_700_000_000, "lat": 52.5, "lon": 13.4, "acc": 30,
    "event": "enter", "desc": "Work", "t": "c", "tid": "ad",
}  # fmt: skip
SHOP = {"_type": "waypoint", "tst": 1_600_000_000, "desc": "Shop", "lat": 52, "lon": 13, "rad": 80}


def told(payload: object, *, key: str = "") -> Sequence[Input]:
    return decode(PHONE, json.dumps(payload).encode(), NOW, key=key)


def sealed(payload: object, *, key: str) -> dict[str, str]:
    box = SecretBox(key.encode().ljust(32, b"\0"))
    text = bytes(box.encrypt(json.dumps(payload).encode(), bytes(range(24))))
    return {"_type": "encrypted", "data": base64.b64encode(text).decode()}


def test_a_location_tells_speed_in_metres_a_second() -> None:
    fix, speed = told(HERE | {"vel": 36, "m": 1, "inregions": ["Work"], "t": "u"})
    assert isinstance(fix, LocationMeasured)
    assert isinstance(speed, SampleMeasured)
    assert (speed.signal, speed.value, speed.at, speed.source) == ("speed", 10, AT, SOURCE)
    assert [type(event) for event in told(HERE | {"vel": -1})] == [LocationMeasured]


def test_speed_in_another_unit_is_marked() -> None:
    (_, speed) = told(HERE | {"vel": 900})
    assert isinstance(speed, SampleMeasured)
    assert speed.quality == "implausible"


@pytest.mark.parametrize(("event", "entered"), [("enter", True), ("leave", False)])
def test_a_transition_tells_where_a_region_was_crossed(event: str, *, entered: bool) -> None:
    fix, crossed = told(CAME | {"event": event})
    assert crossed == RegionCrossed(at=AT, source=SOURCE, name="Work", entered=entered)
    assert isinstance(fix, LocationMeasured)
    assert (fix.at, fix.accuracy_m) == (AT, 30)
    beacon = {key: value for key, value in CAME.items() if key not in ("lat", "lon")}
    assert [type(event) for event in told(beacon)] == [RegionCrossed]


@pytest.mark.parametrize(("rad", "radius_m"), [(80, 80), (3, 10), (90_000, 5000), (0, 60)])
def test_a_waypoint_names_a_place(rad: int, radius_m: int) -> None:
    (place,) = told(SHOP | {"rad": rad})
    assert place == PlaceNamed(
        at=NOW, source=SOURCE, name="Shop", latitude_deg=52, longitude_deg=13, radius_m=radius_m
    )


def test_a_waypoint_called_home_is_home() -> None:
    kinds = [
        told(SHOP | {"desc": name})[0].model_dump()["place"] for name in ("HOME", "Office", "X")
    ]
    assert kinds == ["home", "work", "other"]


def test_of_several_waypoints_a_damaged_one_takes_nothing_from_the_others() -> None:
    beacon = {"_type": "waypoint", "desc": "Desk", "uuid": "x", "major": 1, "minor": 2}
    several = [SHOP, SHOP | {"lat": 91}, beacon, SHOP | {"desc": " \n "}, 7, SHOP | {"desc": "B"}]
    events = told({"_type": "waypoints", "waypoints": several})
    assert [type(event) for event in events] == [
        PlaceNamed, InputQuarantined, InputQuarantined, InputQuarantined, PlaceNamed,
    ]  # fmt: skip


def test_the_last_will_says_that_the_phone_is_gone() -> None:
    assert told({"_type": "lwt", "tst": TST}) == [GapDetected(at=NOW, source=SOURCE)]


def test_what_is_encrypted_is_read_with_the_apps_key() -> None:
    assert told(sealed(HERE, key="s3cret"), key="s3cret") == told(HERE)
    long = "x" * 32
    assert told(sealed(CAME, key=long), key=long) == told(CAME)


@pytest.mark.parametrize(
    ("payload", "key", "why"),
    [
        (sealed(HERE, key="a"), "", "is encrypted: put the key"),
        (sealed(HERE, key="a"), "b", "does not open with the key"),
        (sealed(HERE, key="a"), "x" * 33, "at most 32 bytes"),
        ({"_type": "encrypted"}, "a", "has no data"),
        ({"_type": "encrypted", "data": "*"}, "a", "no base64"),
        ({"_type": "encrypted", "data": "AAAA"}, "a", "does not open"),
        (sealed(sealed(HERE, key="a"), key="a"), "a", "no message of the app's"),
        (sealed([HERE], key="a"), "a", "no message of the app's"),
        (CAME | {"event": "circle"}, "", "not enter or leave"),
        (CAME | {"desc": 5}, "", "has no name"),
        (CAME | {"tst": None}, "", "tst"),
        (SHOP | {"desc": ""}, "", "desc is empty"),
        ({"_type": "waypoints"}, "", "not an array"),
        ({"_type": "waypoints", "waypoints": [SHOP] * 501}, "", "more than 500"),
        (HERE | {"vel": "fast"}, "", "not a number"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(payload: object, key: str, why: str) -> None:
    with pytest.raises(DecodeError, match=why):
        told(payload, key=key)


KEYS = [
    "_type", "tst", "lat", "lon", "acc", "batt", "vel", "event", "desc", "rad", "waypoints", "data",
    "uuid",
]  # fmt: skip
KINDS = ["location", "transition", "waypoint", "waypoints", "lwt", "encrypted", "card"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=12,
)


@given(
    kind=st.sampled_from(KINDS),
    said=st.dictionaries(st.sampled_from(KEYS[1:]), VALUES | st.just(TST) | st.just("enter")),
    key=st.text(max_size=40),
)
def test_any_message_is_read_or_refused_and_nothing_else(
    kind: str, said: dict[str, object], key: str
) -> None:
    with suppress(DecodeError):
        assert len(told(said | {"_type": kind}, key=key)) <= 11 + 4
    with suppress(DecodeError):
        told(sealed(said | {"_type": kind}, key="a"), key="a")
