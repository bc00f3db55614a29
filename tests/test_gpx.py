"""A GPX track comes in point by point; what says no time or no place is counted and told."""

from contextlib import suppress
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import DecodeError
from agent.events import Input, InputQuarantined, LocationMeasured, SampleMeasured
from agent.sensor import BATCH_MAX
from sensors.gpx import Gpx

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="here" '
    'xmlns="http://www.topografix.com/GPX/1/1" xmlns:e="http://example.org/e">\n<trk><trkseg>\n'
)
TAIL = "</trkseg></trk></gpx>\n"
TIME = "<time>2026-03-03T08:00:00Z</time>"


def point(inside: str, lat: str = "52.5", lon: str = "13.4") -> str:
    return f'<trkpt lat="{lat}" lon="{lon}">{inside}</trkpt>\n'


def read(path: Path, text: str | bytes) -> list[Input]:
    file = path / "track.gpx"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(chain.from_iterable(Gpx().read(file)))


def reports(events: list[Input]) -> list[str]:
    return [event.reason for event in events if isinstance(event, InputQuarantined)]


def test_a_point_is_a_place_and_what_was_measured_there(tmp_path: Path) -> None:
    inside = (
        "<ele>3</ele><time>2026-03-03T10:00:00.5+02:00</time><hdop>1.5</hdop><extensions>"
        "<e:TrackPointExtension><e:hr>171</e:hr><e:speed>2.5</e:speed></e:TrackPointExtension>"
        "</extensions>"
    )
    place, *samples = read(tmp_path, HEAD + point(inside) + TAIL)
    assert isinstance(place, LocationMeasured)
    assert place.at.isoformat() == "2026-03-03T08:00:00.500000+00:00"
    assert (place.latitude_deg, place.longitude_deg, place.accuracy_m) == (52.5, 13.4, 7.5)
    found = [(one.signal, one.value) for one in samples if isinstance(one, SampleMeasured)]
    assert found == [("heart_rate", 171), ("speed", 2.5)]


@pytest.mark.parametrize(
    "text",
    [
        f"<gpx><trk><trkseg>{point(TIME)}</trkseg></trk></gpx>",
        f"\ufeff<gpx version='1.0' xmlns='http://www.topografix.com/GPX/1/0'>{point(TIME)}</gpx>",
        f"<gpx>{point('<time>2026-03-03T08:00:00</time>')}</gpx>",  # UTC, as GPX lays down
    ],
)
def test_older_and_plainer_files_are_read_alike(tmp_path: Path, text: str) -> None:
    (place,) = read(tmp_path, text)
    assert place.at.isoformat() == "2026-03-03T08:00:00+00:00"
    assert Gpx().recognise(tmp_path / "track.gpx")


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (point(""), "a track point without a time (2 left out)"),
        (point("<time>noon</time>"), "a track point without a time (2 left out)"),
        (point("<time>0001-01-01T00:00:00+14:00</time>"), "without a time (2 left out)"),
        (point("<time>1901-12-13T20:45:52Z</time>"), "clock was never set (2 left out)"),
        (point(TIME, "0.0", "0"), "0, 0: the receiver had no position (2 left out)"),
        (point(TIME, "91", "0"), "nowhere on Earth (2 left out)"),
        (point(TIME, "nan", "0"), "nowhere on Earth (2 left out)"),
        ('<wpt lat="1" lon="1">' + TIME + "</wpt>\n", "no place of the wearer's (2 left out)"),
    ],
)
def test_what_is_left_out_is_told_once_with_its_line_and_count(
    tmp_path: Path, bad: str, why: str
) -> None:
    place, report = read(tmp_path, HEAD + bad + point(TIME) + bad + TAIL)
    assert isinstance(place, LocationMeasured)
    assert isinstance(report, InputQuarantined)
    assert report.reason.startswith(f"{tmp_path / 'track.gpx'}, line 4: ")
    assert report.reason.endswith(why)
    with pytest.raises(DecodeError, match=r"track\.gpx, line 4"):
        read(tmp_path, HEAD + bad + TAIL)


def test_what_comes_before_a_damaged_place_is_kept(tmp_path: Path) -> None:
    whole = HEAD + point(TIME) + point(TIME) + TAIL
    *places, report = read(tmp_path, whole[: whole.rindex("<time>")])
    assert [event.kind for event in places] == ["location_measured"]
    assert isinstance(report, InputQuarantined)
    assert "line 5: no element found; what came before it is kept" in report.reason


def test_a_file_of_any_length_comes_in_batches(tmp_path: Path) -> None:
    file = tmp_path / "long.gpx"
    times = (f"<time>2026-03-03T{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}Z</time>"
             for n in range(5_000))  # fmt: skip
    file.write_text(HEAD + "".join(map(point, times)) + TAIL)
    shares = list[float]()
    sizes = [len(batch) for batch in Gpx().read(file, progress=shares.append)]
    assert sizes == [BATCH_MAX, BATCH_MAX, 1_000]
    assert shares == sorted(shares)
    assert shares[-1] == 1


ENTITIES = '<!DOCTYPE gpx [<!ENTITY a "b"><!ENTITY b SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (ENTITIES + "<gpx>&a;</gpx>", "line 1: declares an entity"),
        ("<gpx>" + "<!--" + "x" * 3_000_000, "something is longer than"),
        ("<gpx", "unclosed token"),
        ("", "no element found"),
        ("<gpx/>", "holds no track point"),
        ('<?xml version="1.0" encoding="utf-99"?><gpx/>', "its encoding cannot be read"),
    ],
)
def test_a_hostile_or_empty_file_is_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(DecodeError, match=why):
        read(tmp_path, text)


def test_what_is_no_gpx_is_not_recognised(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<HealthData/>")
    assert not any(map(Gpx().recognise, (tmp_path, tmp_path / "a.xml", tmp_path / "absent")))
    (tmp_path / "b.gpx").write_bytes((HEAD + TAIL).replace("UTF-8", "UTF-16").encode("utf-16"))
    assert Gpx().recognise(tmp_path / "b.gpx")


@given(st.binary(max_size=200), st.integers(0, 400), st.integers(0, 40))
def test_whatever_a_file_holds_only_a_decode_error_is_raised(
    noise: bytes, start: int, gone: int
) -> None:
    whole = (HEAD + point(TIME + "<hdop>1</hdop>") * 3 + TAIL).encode()
    with TemporaryDirectory() as folder:
        for text in (noise, whole[:start] + noise + whole[start + gone :]):
            with suppress(DecodeError):
                read(Path(folder), text)


@pytest.mark.reference
def test_every_reference_track_gives_places_or_says_why_not(reference: Path) -> None:
    places, refused = dict[str, int](), dict[str, str]()
    for path in sorted((reference / "gpx").glob("*.gpx")):
        assert Gpx().recognise(path)
        try:
            events = list(chain.from_iterable(Gpx().read(path)))
            places[path.name] = sum(isinstance(one, LocationMeasured) for one in events)
        except DecodeError as error:
            refused[path.name] = str(error)
    assert places == {
        "around-visnjan-with-car.gpx": 104,
        "cerknicko-jezero-with-elevations-zero.gpx": 296,
        "cerknicko-jezero-without-elevations.gpx": 295,
        "cerknicko-without-times.gpx": 5,
        "first_and_last_elevation.gpx": 10,
        "gpx-with-node-with-comments.gpx": 1,
        "gpx1.0_with_all_fields.gpx": 1,
        "gpx1.1_with_all_fields.gpx": 1,
        "track-with-empty-segment.gpx": 9,
        "track-with-less-sec-time.gpx": 2,
        "track_with_speed.gpx": 3,
    }
    assert "clock was never set (184 left out)" in refused["Mojstrovka.gpx"]
    for name, why in refused.items():
        assert "left out)" in why or "holds no track point" in why, name
