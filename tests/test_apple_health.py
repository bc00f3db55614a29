"""Apple Health's export comes in whole, in the units of our signals, each device by itself."""

import io
import tracemalloc
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import DecodeError
from agent.events import Input, InputQuarantined, LocationMeasured, SampleMeasured
from sensors.apple_health import AppleHealth, records
from sensors.apple_health.records import source
from sensors.gpx import track

DTD = (
    "<!DOCTYPE HealthData [\n<!ELEMENT HealthData (Record*)>\n"
    "<!ATTLIST Record type CDATA #REQUIRED>\n]>"
)
HEAD = f'<?xml version="1.0" encoding="UTF-8"?>\n{DTD}\n<HealthData locale="en_GB">\n'
TAIL = "</HealthData>\n"
WATCH = "&lt;&lt;HKDevice: 0x28&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch&gt;"
PHONE = "&lt;&lt;HKDevice: 0x29&gt;, name:iPhone, manufacturer:Apple Inc.&gt;"


def record(kind: str, value: object, unit: str, *, at: str = "09:00:00", inside: str = "") -> str:
    return (
        f'<Record type="HKQuantityTypeIdentifier{kind}" sourceName="Ada Watch" unit="{unit}" '
        f'device="{WATCH}" startDate="2026-03-03 08:59:00 +0100" '
        f'endDate="2026-03-03 {at} +0100" value="{value}">{inside}</Record>\n'
    )


def read(text: str) -> list[Input]:
    return list(records(io.BytesIO(text.encode()), "export.xml"))


def imported(path: Path) -> list[Input]:
    return list(chain.from_iterable(AppleHealth(track).read(path)))


def reports(events: Sequence[Input]) -> list[str]:
    return [one.reason for one in events if isinstance(one, InputQuarantined)]


@pytest.mark.parametrize(
    ("kind", "value", "unit", "signal", "expected"),
    [
        ("HeartRate", 72, "count/min", "heart_rate", 72),
        ("HeartRate", 1.2, "count/s", "heart_rate", 72),
        ("RestingHeartRate", 55, "count/min", "resting_heart_rate", 55),
        ("HeartRateVariabilitySDNN", 47.123, "ms", "hrv_sdnn", 47.123),
        ("HeartRateVariabilitySDNN", 0.047, "s", "hrv_sdnn", 47),
        ("OxygenSaturation", 0.97, "%", "spo2", 97),
        ("OxygenSaturation", 97, "%", "spo2", 97),
        ("RespiratoryRate", 14.5, "count/min", "respiration", 14.5),
        ("StepCount", 112, "count", "steps", 112),
        ("BodyTemperature", 98.6, "degF", "body_temperature", 37),
        ("BodyTemperature", 310.15, "K", "body_temperature", 37),
        ("AppleSleepingWristTemperature", 34.2, "degC", "skin_temperature", 34.2),
        ("EnvironmentalAudioExposure", 62.5, "dBASPL", "sound_level", 62.5),
    ],
)
def test_a_quantity_is_a_sample_at_its_end_in_the_unit_of_its_signal(
    kind: str, value: float, unit: str, signal: str, expected: float
) -> None:
    (sample,) = read(HEAD + record(kind, value, unit) + TAIL)
    assert isinstance(sample, SampleMeasured)
    assert (sample.signal, sample.value, sample.quality) == (signal, expected, "good")
    assert (sample.at.isoformat(), sample.source) == ("2026-03-03T08:00:00+00:00", "apple-watch")


def test_swapped_units_are_kept_and_marked() -> None:
    (sample,) = read(HEAD + record("BodyTemperature", 98.6, "degC") + TAIL)
    assert isinstance(sample, SampleMeasured)
    assert (sample.value, sample.quality) == (98.6, "implausible")


@pytest.mark.parametrize(
    ("name", "device", "expected"),
    [
        ("Ada's Apple Watch", "", "apple-watch"),
        ("Ada's iPhone", PHONE, "apple-iphone"),
        ("Oura", "", "apple-oura"),
        ("Ada", "<<HKDevice: 0x1>, name:Polar H10 7A, model:x>", "apple-polar-h10-7a"),
        ("睡眠", "", "apple-health"),
    ],
)
def test_each_device_or_program_is_a_source_of_its_own(
    name: str, device: str, expected: str
) -> None:
    assert source(name, device) == expected


def test_the_beats_of_a_measurement_come_from_their_clock() -> None:
    clock = ["8:59:30.10 AM", "8:59:30.92 AM", "08:59:31,70", "12:59:34.00 PM", "12:59:34.81 PM"]
    rates = [70, 73, 77, 74, 74]
    beats = "".join(
        f'<InstantaneousBeatsPerMinute bpm="{bpm}" time="{time}"/>'
        for bpm, time in zip(rates, clock, strict=True)
    )
    inside = f"<HeartRateVariabilityMetadataList>{beats}</HeartRateVariabilityMetadataList>"
    events = read(HEAD + record("HeartRateVariabilitySDNN", 40, "ms", inside=inside) + TAIL)
    found = [
        (one.signal, one.value, f"{one.at:%H:%M:%S.%f}"[:11])
        for one in events
        if isinstance(one, SampleMeasured)
    ]
    assert found == [  # between 31.70 and 34.00 beats are missing
        ("hrv_sdnn", 40, "08:00:00.00"),
        ("ibi", 820, "07:59:30.92"),
        ("ibi", 780, "07:59:31.70"),
        ("ibi", 810, "07:59:34.81"),
    ]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (record("HeartRate", "", "count/min"), "heart_rate without a number"),
        (record("HeartRate", "nan", "count/min"), "heart_rate without a number"),
        (record("HeartRate", 60, "count/hr"), "heart_rate in the unit 'count/hr'"),
        (record("HeartRate", 60, "count/min", at="25:00:00"), "heart_rate at no time"),
    ],
)
def test_what_is_left_out_is_told_once_with_its_line_and_count(bad: str, why: str) -> None:
    good, energy = record("StepCount", 5, "count"), record("ActiveEnergyBurned", 1, "kcal")
    sample, *rest = read(HEAD + bad + good + energy + bad + TAIL)
    assert isinstance(sample, SampleMeasured)
    assert reports(rest) == [f"export.xml, line 7: {why} (2 left out)"]


def test_a_truncated_export_is_kept_up_to_where_it_ends(tmp_path: Path) -> None:
    file = tmp_path / "export.xml"
    file.write_text(HEAD + record("StepCount", 5, "count") + record("StepCount", 5, "count")[:60])
    steps, report = imported(file)
    assert isinstance(steps, SampleMeasured)
    assert isinstance(report, InputQuarantined)
    assert report.reason.startswith(f"{file}, line 8: unclosed token")
    assert report.reason.endswith("what came before it is kept")


def test_entities_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE HealthData [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    file = tmp_path / "export.xml"
    file.write_text(bomb + "<HealthData>&b;</HealthData>")
    assert AppleHealth(track).recognise(file)
    with pytest.raises(DecodeError, match="declares an entity"):
        imported(file)


ROUTE = '<gpx><trkpt lat="52.5" lon="13.4"><time>2026-03-03T08:00:00Z</time></trkpt></gpx>'


@pytest.mark.parametrize("packed", [True, False])
def test_a_folder_or_an_archive_brings_its_routes_along(tmp_path: Path, packed: bool) -> None:
    files = {
        "apple_health_export/Exportieren.xml": HEAD + record("StepCount", 5, "count") + TAIL,
        "apple_health_export/export_cda.xml": "<ClinicalDocument/>",
        "apple_health_export/workout-routes/route_1.gpx": ROUTE,
        "apple_health_export/workout-routes/route_2.gpx": ROUTE[:-20],
    }
    path = tmp_path / "export.zip"
    if packed:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in files.items():
                archive.writestr(name, text)
    else:
        path = tmp_path / "unpacked"
        for name, text in files.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_text(text)
    assert AppleHealth(track).recognise(path)
    steps, place, *rest = imported(path)
    assert isinstance(steps, SampleMeasured)
    assert isinstance(place, LocationMeasured)
    assert place.source == "apple-workout"
    assert "route_2.gpx, line 1: " in reports(rest)[0]
    assert path.exists()


def test_a_damaged_archive_gives_what_can_be_read_of_it(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    body = HEAD + "".join(record("StepCount", n, "count") for n in range(2_000)) + TAIL
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("export.xml", body)
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b'value="1999"', b'value="1zzz"'))
    assert reports(imported(path))  # its checksum
    path.write_bytes(whole[: len(whole) // 2])
    assert not AppleHealth(track).recognise(path)
    with pytest.raises(DecodeError, match="cannot be read"):
        imported(path)


class Endless(io.RawIOBase):
    """A long export that is never in memory."""

    def __init__(self, count: int) -> None:
        self._left = count
        self._row = record("HeartRate", 60, "count/min").encode()
        self._pieces = self._made()

    def _made(self) -> Iterator[bytes]:
        yield HEAD.encode()
        for _ in range(self._left // 200):
            yield self._row * 200
        yield TAIL.encode()

    def read(self, size: int = -1) -> bytes:
        return next(self._pieces, b"")


def test_a_long_export_takes_no_more_memory_than_a_short_one() -> None:
    def peak(count: int) -> int:
        file: BinaryIO = Endless(count)  # type: ignore[assignment]  # as much of one as is used
        tracemalloc.start()
        assert sum(1 for _ in records(file, "export.xml")) == count
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    assert peak(6_000) < 1.2 * peak(1_000) + 100_000


def test_what_is_no_export_is_not_recognised(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<gpx/>")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.xml", "<gpx/>")
    importer = AppleHealth(track)
    names = ("a.xml", "a.zip", "absent", "")
    assert not any(importer.recognise(tmp_path / name) for name in names)


WHOLE = (HEAD + record("HeartRateVariabilitySDNN", 40, "ms", inside="<x/>") * 3 + TAIL).encode()


@given(st.binary(max_size=100), st.integers(0, len(WHOLE)), st.integers(0, 40))
def test_whatever_a_file_holds_only_a_decode_error_is_raised(
    noise: bytes, start: int, gone: int
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export.xml"
        for data in (noise, b"PK\3\4" + noise, WHOLE[:start] + noise + WHOLE[start + gone :]):
            path.write_bytes(data)
            AppleHealth(track).recognise(path)
            with suppress(DecodeError):
                imported(path)
