"""The wire says what it was told, and takes nothing that it was not promised."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import DecodeError
from agent.events import (
    CalendarChanged,
    FeedbackGiven,
    GestureMade,
    Input,
    InputQuarantined,
    Item,
    ListChanged,
    LocationMeasured,
    Meeting,
    ReminderCancelled,
    SampleMeasured,
    SourceSynced,
    UtteranceHeard,
    ZoneChanged,
)
from agent.sensor import measured
from agent.signals import LOCATION, SIGNALS
from agent.wire import PAYLOAD_BYTES_MAX, SAMPLES_MAX, decode, encode_samples

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HEART = "carpal/ada/band/heart_rate"
GOOD = {"time": "2026-03-02T11:59:58Z", "value": 72, "unit": "bpm", "sequence": 17}


def heard(topic: str, payload: object) -> Sequence[Input]:
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return decode(topic, raw, wearer="ada", arrived=NOW)


def refused(topic: str, payload: object) -> str:
    with pytest.raises(DecodeError) as caught:
        heard(topic, payload)
    return str(caught.value)


times = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001
    datetime(2026, 3, 2, 12, 2),  # noqa: DTZ001
    timezones=st.just(UTC),
)
levels = st.text(st.characters(categories=["L", "N", "Pd"]), min_size=1, max_size=20).filter(
    lambda text: text.isprintable()
)
sources = levels.filter(lambda text: text != "list")
sequences = st.none() | st.integers(0, 2**63 - 1)
reals = st.floats(-1e9, 1e9)
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
samples = st.builds(
    measured,
    st.sampled_from(sorted(set(SIGNALS) - {LOCATION.id})),
    reals,
    at=times,
    source=sources,
    source_sequence=sequences,
)
places = st.builds(
    LocationMeasured,
    at=times,
    latitude_deg=st.floats(-90, 90),
    longitude_deg=st.floats(-180, 180),
    accuracy_m=st.floats(0, 100_000),
    source=sources,
    source_sequence=sequences,
)
meetings = st.builds(
    Meeting, uid=texts, title=texts, start=times, end=times, place=texts, declined=st.booleans()
)
items = st.builds(
    Item, name=texts, amount=texts, aisle=st.none() | st.integers(0, 99), done=st.booleans()
)
told = st.one_of(
    samples,
    places,
    st.builds(SourceSynced, at=times, source=sources),
    st.builds(
        CalendarChanged,
        at=times,
        source=sources,
        since=times,
        until=times,
        meetings=st.lists(meetings, max_size=3).map(tuple),
    ),
    st.builds(
        ListChanged,
        at=times,
        source=levels,
        name=levels,
        items=st.lists(items, max_size=3).map(tuple),
    ),
    st.builds(
        FeedbackGiven,
        at=times,
        judgement=levels,
        answer=st.sampled_from(["accepted", "dismissed", "snoozed"]),
        snooze_min=st.integers(1, 1440),
    ),
    st.builds(
        UtteranceHeard,
        at=times,
        text=texts.filter(lambda text: bool(text.strip())),
        by=st.sampled_from(["text", "voice"]),
    ),
    st.builds(ZoneChanged, at=times, zone=st.sampled_from(["Europe/Berlin", "Asia/Tokyo"])),
    st.builds(
        GestureMade,
        at=times,
        source=sources,
        gesture=st.sampled_from(["tap", "double_tap", "shake", "yes", "no", "later"]),
    ),
)


@given(events=st.lists(told, max_size=8), together=st.integers(1, 4))
def test_what_is_encoded_decodes_to_the_same(events: list[Input], together: int) -> None:
    messages = encode_samples(events, "ada", together_max=together)
    found = [event for topic, payload in messages for event in heard(topic, payload)]
    assert found == events


@given(
    topic=st.sampled_from(
        [
            HEART,
            "carpal/ada/phone/location",
            "carpal/ada/phone/calendar",
            "carpal/ada/phone/synced",
            "carpal/ada/watch/gesture",
            "carpal/ada/list/food",
            "carpal/ada/feedback",
            "carpal/ada/ask",
            "carpal/ada/zone",
            "carpal/ada/notify",
        ]
    )
    | st.text(max_size=40),
    payload=st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["time", "value", "unit", "sequence", "samples", "items", "text", "zone", "id"]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    ).map(lambda value: json.dumps(value).encode()),
)
def test_any_message_is_decoded_or_refused_and_nothing_else(topic: str, payload: bytes) -> None:
    try:
        events = decode(topic, payload, wearer="ada", arrived=NOW)
    except DecodeError as error:
        events, reason = (), str(error)
    else:
        reason = ""
    assert len(events) <= SAMPLES_MAX
    assert len(reason) < 600


def test_a_sample_is_read_with_its_time_in_either_form() -> None:
    first = heard(HEART, GOOD)
    second = heard(HEART, GOOD | {"time": 1772452798, "unit": "1/min"})
    assert first == second
    assert first == [
        SampleMeasured(
            at=NOW - timedelta(seconds=2),
            signal="heart_rate",
            value=72,
            source="band",
            source_sequence=17,
        )
    ]


def test_a_batch_is_read_as_an_array_or_under_samples() -> None:
    batch = [GOOD | {"sequence": number} for number in range(3)]
    assert heard(HEART, batch) == heard(HEART, {"samples": batch})
    assert len(heard(HEART, batch)) == 3


def test_one_bad_sample_of_a_batch_is_quarantined_and_the_others_are_kept() -> None:
    first, bad, last = heard(HEART, [GOOD, GOOD | {"value": "fast"}, GOOD])
    assert isinstance(first, SampleMeasured)
    assert isinstance(last, SampleMeasured)
    assert isinstance(bad, InputQuarantined)
    assert "sample 1" in bad.reason
    assert bad.at == NOW


def test_a_batch_of_nothing_but_bad_samples_tells_a_few_and_counts_the_rest() -> None:
    events = heard(HEART, [{}] * 1000)
    assert len(events) == 11
    assert isinstance(events[-1], InputQuarantined)
    assert "990 more" in events[-1].reason


def test_an_implausible_sample_is_kept_and_marked() -> None:
    (event,) = heard(HEART, GOOD | {"value": 400})
    assert isinstance(event, SampleMeasured)
    assert event.quality == "implausible"


@pytest.mark.parametrize("time", ["1970-01-01T00:00:10Z", 0, "2100-01-01T00:00:00Z", 4102444800])
def test_a_clock_of_1970_or_2100_is_quarantined(time: object) -> None:
    (event,) = heard(HEART, GOOD | {"time": time})
    assert isinstance(event, InputQuarantined)
    assert event.at == NOW


def test_a_wrong_unit_is_refused_with_the_right_one() -> None:
    reason = refused("carpal/ada/band/skin_temperature", GOOD | {"unit": "degF"})
    assert "'degF'" in reason
    assert "'degC'" in reason


def test_a_topic_of_another_wearer_is_refused() -> None:
    assert "another wearer" in refused("carpal/eve/band/heart_rate", GOOD)


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b'{"time":0,"value":NaN,"unit":"bpm"}', "NaN"),
        (b'{"time":0,"value":1e999,"unit":"bpm"}', "too large"),
        (b'{"time":0,"value":-Infinity,"unit":"bpm"}', "Infinity"),
        (b'{"time":0,"value":1,"value":2,"unit":"bpm"}', "twice"),
        (b'{"time":0,"value":true,"unit":"bpm"}', "not a number"),
        (b'{"time":0,"value":' + b"9" * 5000 + b"}", "digits"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"time":0,"value":72,"unit":"\xff"}', "UTF-8"),
        (b'{"time":1772452798000,"value":72,"unit":"bpm"}', "milliseconds"),
        (b'{"time":"2026-03-02T11:59:58","value":72,"unit":"bpm"}', "offset"),
        (b'{"time":"0001-01-01T00:00:00+23:59","value":72,"unit":"bpm"}', "range"),
        (b'{"time":0,"value":72}', "unit is missing"),
        (b'{"time":0,"value":72,"unit":"bpm","sequnce":1}', "sequnce"),
        (b'{"time":0,"value":72,"unit":"bpm","sequence":-1}', "whole number"),
        (b"", "Expecting value"),
        (b"72", "neither"),
        (b" " * (PAYLOAD_BYTES_MAX + 1), "bytes"),
        (b"x" * 10_000_000, "bytes"),
    ],
)
def test_a_payload_that_is_none_is_refused_with_its_reason(payload: bytes, why: str) -> None:
    assert why in refused(HEART, payload)


def test_half_a_character_is_refused() -> None:
    refused("carpal/ada/ask", b'{"text": "\\ud800"}')


def test_an_unknown_signal_is_refused_with_the_known_ones() -> None:
    assert "heart_rate" in refused("carpal/ada/band/hartrate", GOOD)


def test_a_question_comes_as_plain_text_or_json() -> None:
    assert heard("carpal/ada/ask", b"how did I sleep?") == heard(
        "carpal/ada/ask", {"text": "how did I sleep?"}
    )


def test_an_answer_to_a_nudge_is_feedback() -> None:
    (event,) = heard("carpal/ada/feedback", {"id": "j1", "answer": "snoozed", "minutes": 15})
    assert event == FeedbackGiven(at=NOW, judgement="j1", answer="snoozed", snooze_min=15)
    assert "accepted" in refused("carpal/ada/feedback", {"id": "j1", "answer": "yes"})


def test_a_list_takes_names_and_items() -> None:
    (event,) = heard("carpal/ada/list/food", {"items": ["milk", {"name": "rice", "aisle": 4}]})
    assert isinstance(event, ListChanged)
    assert event.items == (Item(name="milk"), Item(name="rice", aisle=4))


def test_a_calendar_of_another_source_than_its_topic_is_refused() -> None:
    changed = CalendarChanged(at=NOW, source="work", since=NOW, until=NOW, meetings=())
    assert "topic" in refused("carpal/ada/home/calendar", changed.model_dump_json().encode())


def test_a_place_that_is_no_time_zone_is_refused() -> None:
    assert "Atlantis" in refused("carpal/ada/zone", {"zone": "Europe/Atlantis"})


def test_what_we_send_ourselves_is_no_event() -> None:
    assert heard("carpal/ada/notify", b"anything") == []


def test_what_has_no_topic_is_left_out() -> None:
    assert list(encode_samples([ReminderCancelled(at=NOW, id="a")], "ada")) == []


def test_a_button_may_say_its_gesture_in_a_word() -> None:
    (said,) = heard("carpal/ada/watch/gesture", b"double_tap\n")
    assert said == GestureMade(at=NOW, source="watch", gesture="double_tap")
    (timed,) = heard("carpal/ada/watch/gesture", {"gesture": "no", "time": "2026-03-02T11:59:58Z"})
    assert timed == GestureMade(at=NOW - timedelta(seconds=2), source="watch", gesture="no")
    assert "'wave' is not one of tap, double_tap" in refused("carpal/ada/watch/gesture", b"wave")
    assert "gesture is missing" in refused("carpal/ada/watch/gesture", {"time": 1})
