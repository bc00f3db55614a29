"""A FIT file comes in message by message; what is damaged or says no time is told by its byte."""

import struct
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import DecodeError
from agent.events import Input, InputQuarantined, LocationMeasured, SampleMeasured
from sensors.fit import Fit, decode
from sensors.fit.meaning import FIT_EPOCH

NOON_S = 1_141_000_000
TYPES = {"B": 2, "b": 1, "H": 0x84, "h": 0x83, "I": 0x86, "i": 0x85, "f": 0x88}
ACTIVITY = (0, "0B 1H 2H 253I", (4, 1, 2697, NOON_S))


def crc(data: bytes) -> int:
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value


def message(number: int, form: str, cells: Sequence[float], *, order: str = "<") -> bytes:
    """Return the definition and one message of fields such as `253I` or `0H5`, five at once."""
    definition, layout = b"", order
    for field in form.split():
        at = next(i for i, letter in enumerate(field) if letter.isalpha())
        code, count = field[at], int(field[at + 1 :] or 1)
        size = struct.calcsize(order + code) * count
        definition += bytes((int(field[:at]), size, TYPES[code]))
        layout += f"{count}{code}"
    head = struct.pack(f"{order}BBBHB", 0x40, 0, order == ">", number, len(form.split()))
    return head + definition + b"\0" + struct.pack(layout, *cells)


def file(*messages: tuple[int, str, Sequence[float]] | bytes, order: str = "<") -> bytes:
    """Return a whole file."""
    body = b"".join(
        one if isinstance(one, bytes) else message(*one, order=order) for one in messages
    )
    head = struct.pack("<BBHI4s", 14, 0x20, 2100, len(body), b".FIT")
    whole = head + struct.pack("<H", crc(head)) + body
    return whole + struct.pack("<H", crc(whole))


def read(data: bytes) -> list[Input]:
    return list(decode(data, name="a.fit"))


def samples(data: bytes) -> list[tuple[str, float, float]]:
    return [
        (one.signal, one.value, round((one.at - FIT_EPOCH).total_seconds() - NOON_S, 3))
        for one in read(data)
        if isinstance(one, SampleMeasured)
    ]


def reports(events: Sequence[Input]) -> list[str]:
    return [one.reason for one in events if isinstance(one, InputQuarantined)]


RECORD = (
    20,
    "253I 0i 1i 3B 6H 4B 53B 13b 31B 99B 81B",
    (NOON_S, 1 << 29, 1 << 30, 120, 2500, 85, 64, -5, 4, 15, 150),
)


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_record_is_a_place_and_samples_in_the_units_of_their_signals(order: str) -> None:
    run = (18, "253I 2I 5B", (NOON_S + 9, NOON_S - 9, 1))
    data = file(ACTIVITY, RECORD, run, order=order)
    place, *_ = read(data)
    assert isinstance(place, LocationMeasured)
    assert (place.latitude_deg, place.longitude_deg, place.accuracy_m) == (45, 90, 4)
    assert (place.source, place.at.isoformat()) == ("garmin-2697", "2026-02-26T00:26:40+00:00")
    assert samples(data) == [
        ("speed", 2.5, 0),
        ("cadence", 171, 0),
        ("heart_rate", 120, 0),
        ("device_temperature", -5, 0),
        ("respiration", 15, 0),
        ("battery", 75, 0),
    ]


def test_the_cadence_of_a_bicycle_is_no_steps() -> None:
    cycling = (18, "253I 2I 5B", (NOON_S + 9, NOON_S - 9, 2))
    assert "cadence" not in {one[0] for one in samples(file(ACTIVITY, RECORD, cycling))}
    afoot = (12, "0B", (11,))
    assert "cadence" in {one[0] for one in samples(file(ACTIVITY, afoot, RECORD))}


def test_what_was_not_measured_is_no_sample() -> None:
    nothing = (20, "253I 0i 1i 3B 6H", (NOON_S, 0x7FFFFFFF, 0x7FFFFFFF, 0xFF, 0xFFFF))
    resting = (20, "253I 3B 6H", (NOON_S + 1, 0, 0))
    off_wrist = (227, "1I 0h", (NOON_S + 2, -1))
    assert samples(file(ACTIVITY, nothing, resting, off_wrist)) == [("speed", 0, 1)]


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ((227, "1I 0h", (NOON_S, 34)), ("stress_score", 34, 0)),
        ((269, "253I 0B", (NOON_S, 96)), ("spo2", 96, 0)),
        ((297, "253I 0h", (NOON_S, 1450)), ("respiration", 14.5, 0)),
        ((371, "253I 0H", (NOON_S, 6400)), ("hrv_rmssd", 50, 0)),
        ((211, "253I 0B 1B", (NOON_S, 50, 52)), ("resting_heart_rate", 52, 0)),
        ((398, "253I 4f", (NOON_S, 33.5)), ("skin_temperature", 33.5, 0)),
        ((104, "253I 2B", (NOON_S, 80)), ("battery", 80, 0)),
        ((20, "253I 8B3", (NOON_S, 0x2C, 0x01, 0)), ("speed", 3.0, 0)),
    ],
)
def test_all_day_messages_are_samples(
    given_: tuple[int, str, Sequence[float]], expected: tuple[str, float, float]
) -> None:
    assert samples(file(ACTIVITY, given_)) == [expected]


def test_steps_are_counted_from_midnight_and_each_once() -> None:
    midnight_s = NOON_S - NOON_S % 86_400
    info = (103, "253I 0I", (midnight_s, midnight_s))

    def walked(after_s: int, steps: int, kind: int = 6) -> tuple[int, str, Sequence[float]]:
        return 55, "26H 5B 3I", ((midnight_s + after_s) & 0xFFFF, kind, steps)

    messages = [walked(60, 100), walked(120, 250), walked(120, 40, 1), walked(60_000, 250)]
    data = file(ACTIVITY, info, *messages, walked(86_460, 30))
    assert [(value, at + NOON_S - midnight_s) for _, value, at in samples(data)] == [
        (100, 60), (150, 120), (40, 120), (0, 60_000), (30, 86_460),
    ]  # fmt: skip
    later = (103, "253I 0I", (midnight_s, midnight_s + 7_200))
    assert [value for _, value, _ in samples(file(ACTIVITY, later, *messages))] == [150, 0]


def test_beats_without_a_time_are_dated_by_adding_them_up() -> None:
    beats = (78, "0H5", (800, 900, 1000, 0xFFFF, 0xFFFF))
    later = (20, "253I", (NOON_S + 60,))
    assert samples(file(ACTIVITY, (20, "253I", (NOON_S,)), beats, later, beats)) == [
        ("ibi", 800, 0), ("ibi", 900, 0.9), ("ibi", 1000, 1.9),
        ("ibi", 800, 60), ("ibi", 900, 60.9), ("ibi", 1000, 61.9),
    ]  # fmt: skip


def test_a_chest_strap_that_recorded_by_itself_gives_beats_and_rates() -> None:
    begun = (132, "253I 0H 9I", (NOON_S, 16384, 4000))
    first, second = 4000 + 512, (4000 + 1024) & 0xFFF
    bits = (first & 0xFFF) | second << 12
    packed = message(132, "6B2 10B3", (119, 120, *bits.to_bytes(3, "little")))
    packed = packed.replace(bytes((10, 3, 2)), bytes((10, 3, 13)))  # of the base type "byte"
    found = samples(file(ACTIVITY, begun, packed))
    assert [(name, round(value), round(at, 2)) for name, value, at in found] == [
        ("ibi", 500, 1.0), ("ibi", 500, 1.5), ("heart_rate", 120, 1.5),
    ]  # fmt: skip


def test_a_compressed_timestamp_counts_on_from_the_last() -> None:
    plain = message(20, "253I 3B", (NOON_S, 60))
    short = struct.pack("<BBBHB", 0x41, 0, 0, 20, 1) + bytes((3, 1, 2))
    compressed = bytes((0xA0 | (NOON_S + 3) % 32, 61, 0xA0 | (NOON_S + 34) % 32, 62))
    found = samples(file(ACTIVITY, plain, short, compressed))
    assert found == [("heart_rate", 60, 0), ("heart_rate", 61, 3), ("heart_rate", 62, 34)]


def test_what_is_left_out_is_told_once_with_its_byte_and_count() -> None:
    since_start = (20, "253I 3B", (1000, 60))
    nowhere = (20, "253I 0i 1i", (NOON_S, 0, 0))
    good = (20, "253I 3B", (NOON_S, 60))
    told = reports(read(file(ACTIVITY, good, since_start, since_start, nowhere)))
    assert [reason.partition(": ")[2] for reason in told] == [
        "a message without a time of day: the device's clock was never set (2 left out)",
        "a position at 0, 0 or outside the globe: the receiver had none (1 left out)",
    ]
    assert all(reason.startswith("a.fit, byte ") for reason in told)


def test_fields_of_a_wider_type_than_the_profile_has_are_kept_within_their_bounds() -> None:
    """A damaged definition may give any field any type."""
    maker = (0, "0B 1f 2f 253I", (4, 3e38, -3e38, NOON_S))
    east = (20, "253I 0i 1I", (NOON_S, 600_000_000, 4_000_000_000))
    vague = (20, "253I 0i 1i 31f", (NOON_S, 600_000_000, 100_000_000, -5.0))
    vaguer = (20, "253I 0i 1i 31f", (NOON_S + 1, 600_000_000, 100_000_000, 3e38))
    found = read(file(maker, east, vague, vaguer))
    fixes = [one for one in found if isinstance(one, LocationMeasured)]
    assert [fix.accuracy_m for fix in fixes] == [0, 100_000]
    assert len(fixes[0].source) < 64
    assert reports(found)


GOOD = file(ACTIVITY, RECORD, RECORD)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (GOOD[:-2] + b"\1\1", "its checksum does not match"),
        (GOOD[:-20], "a message is cut off"),
        (GOOD[:-1], "it is cut off: 1 bytes are missing"),
        (GOOD + b"\0" * 20, f"byte {len(GOOD)}: there is no header of a FIT file"),
        (file(ACTIVITY, RECORD, b"\x0b\0"), "a message of type 11 comes before its definition"),
        (file(ACTIVITY, RECORD, b"\x40\0\0"), "a definition is cut off"),
        (file(ACTIVITY, RECORD, b"\x60\0\0\x14\0\0\x09"), "a definition is cut off"),
    ],
)
def test_what_comes_before_damage_is_kept_and_the_damage_told(data: bytes, why: str) -> None:
    found = read(data)
    assert any(isinstance(one, LocationMeasured) for one in found)
    assert any(why in reason for reason in reports(found))


def test_what_holds_nothing_is_refused_with_its_kind(tmp_path: Path) -> None:
    settings = file((0, "0B", (2,)))
    for data, why in ((settings, "is FIT of settings"), (GOOD[:12], "it is cut off")):
        path = tmp_path / "a.fit"
        path.write_bytes(data)
        assert Fit().recognise(path)
        with pytest.raises(DecodeError, match=why):
            list(Fit().read(path))
    assert not any(map(Fit().recognise, (tmp_path, tmp_path / "absent")))


def test_files_behind_one_another_are_one_recording() -> None:
    assert samples(GOOD + GOOD) == samples(GOOD) * 2
    assert read(GOOD) == read(GOOD[:12] + b"\0\0" + GOOD[14:])[:-1]  # but for the checksum


@given(st.binary(max_size=300), st.integers(0, len(GOOD)), st.integers(0, 30))
def test_whatever_a_file_holds_only_a_decode_error_is_raised(
    noise: bytes, start: int, gone: int
) -> None:
    mutated = GOOD[:start] + noise + GOOD[start + gone :]
    for data in (noise, mutated, GOOD[:14] + noise):
        with suppress(DecodeError):
            assert len(read(data)) < 10_000


EMPTY = {
    "Settings", "Settings2", "nametest", "WeightScaleMultiUser", "WeightScaleSingleUser",
    "WorkoutCustomTargetValues", "WorkoutIndividualSteps", "WorkoutRepeatGreaterThanStep",
    "WorkoutRepeatSteps",
}  # fmt: skip
TIMELESS = {"DeveloperData", "antfs-dump.63", "compressed-speed-distance"}
DAMAGED = {
    "activity-activity-filecrc": "byte 1540: its checksum does not match",
    "activity-filecrc": "byte 769: its checksum does not match",
    "activity-settings-corruptheader": "byte 771: there is no header",
    "activity-settings-nodata": "byte 786: it is cut off",
    "activity-unexpected-eof": "byte 768: it is cut off",
    "strava-android-app-201.10-b1218918": "byte 7471: a message of type 11 comes before",
}


@pytest.mark.reference
def test_every_reference_file_gives_samples_or_says_why_not(reference: Path) -> None:
    refused, told = dict[str, str](), dict[str, str]()
    counts = dict[str, Counter[str]]()
    for path in sorted((reference / "fit").glob("*.[fF][iI][tT]")):
        assert Fit().recognise(path)
        try:
            events = list(chain.from_iterable(Fit().read(path)))
        except DecodeError as error:
            refused[path.stem] = str(error)
            continue
        told[path.stem] = "; ".join(reports(events))
        counts[path.stem] = Counter(getattr(one, "signal", one.kind) for one in events)
    assert refused.keys() == EMPTY | TIMELESS
    assert all("nothing in it is measured here" in refused[name] for name in EMPTY)
    assert all("a message without a time of day" in refused[name] for name in TIMELESS)
    assert {name for name, why in told.items() if why} == DAMAGED.keys()
    assert all(why in told[name] for name, why in DAMAGED.items())
    assert counts["garmin-fenix-5-run"] == {
        "location_measured": 21, "speed": 21, "cadence": 21, "heart_rate": 21,
        "device_temperature": 21, "ibi": 113,
    }  # fmt: skip
    assert counts["MonitoringFile"] == {"steps": 81}
    assert counts["event_timestamp"]["ibi"] == 11_288
