"""The contract of an importer, kept by each of them: one suite for all who claim to fulfil it."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.app.clocks import WorldClock
from agent.app.days import importers
from agent.errors import DecodeError
from agent.events import EPOCH, Input, InputQuarantined, LocationMeasured, SampleMeasured, load
from agent.sensor import BATCH_MAX, Importer
from tests.test_fit import GOOD
from tests.test_import import APPLE, GPX, NOON, band

KNOWN = {one.name: one for one in importers("Europe/Berlin", WorldClock())}
ICS = """BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Budget
DTSTAMP:20260302T090000Z\r\nDTSTART:20260302T090000Z\r\nDTEND:20260302T100000Z\r\nEND:VEVENT
END:VCALENDAR\r\n"""


def wristband(folder: Path) -> Path:
    recording = folder / "E4"
    recording.mkdir()
    (recording / "HR.csv").write_text(f"{NOON}\n1.0\n60\n61\n")
    (recording / "IBI.csv").write_text(f"{NOON}, IBI\n1.5,0.9\n")
    return recording


def written(name: str, content: str | bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


MADE: dict[str, Callable[[Path], Path]] = {
    "fit": written("a.fit", GOOD),
    "gpx": written("a.gpx", GPX),
    "apple-health": written("export.xml", APPLE),
    "gadgetbridge": lambda folder: band(folder / "Gadgetbridge.db", range(5)),
    "empatica": wristband,
    "calendar": written("a.ics", ICS.replace("\r\n", "\n").replace("\n", "\r\n")),
}


def events(importer: Importer, path: Path) -> list[Input]:
    return [one for batch in importer.read(path) for one in batch]


def test_each_kind_that_can_be_imported_keeps_the_contract() -> None:
    assert set(MADE) == set(KNOWN), "a new importer is held to it as well"


@pytest.mark.parametrize("name", MADE)
def test_a_file_of_its_kind_is_known_by_its_form_and_by_no_other(name: str, tmp_path: Path) -> None:
    path = MADE[name](tmp_path)
    assert [one.name for one in KNOWN.values() if one.recognise(path)] == [name]


@pytest.mark.parametrize("name", MADE)
def test_what_is_read_twice_is_the_same_and_can_be_kept(name: str, tmp_path: Path) -> None:
    path = MADE[name](tmp_path)
    found = events(KNOWN[name], path)
    kept = [one for one in found if one.kind != "calendar_changed"]
    assert found
    assert [one for one in events(KNOWN[name], path) if one.kind != "calendar_changed"] == kept
    assert [load(one.model_dump_json()) for one in kept] == kept
    measured = [one for one in found if isinstance(one, SampleMeasured | LocationMeasured)]
    assert all(one.source and one.at > EPOCH for one in measured)


@pytest.mark.parametrize("name", MADE)
def test_it_comes_in_batches_and_tells_how_far_it_is(name: str, tmp_path: Path) -> None:
    shares = list[float]()
    batches = list(KNOWN[name].read(MADE[name](tmp_path), progress=shares.append))
    assert all(0 < len(batch) <= BATCH_MAX for batch in batches)
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)


@pytest.mark.parametrize("name", MADE)
@settings(max_examples=40, deadline=timedelta(seconds=5))
@given(cut=st.integers(0, 4000), at=st.integers(0, 4000), bits=st.binary(min_size=0, max_size=12))
def test_damage_anywhere_raises_a_decode_error_or_is_told(
    name: str, cut: int, at: int, bits: bytes
) -> None:
    with TemporaryDirectory() as folder:
        path = MADE[name](Path(folder))
        file = sorted(path.iterdir())[cut % 2] if path.is_dir() else path
        whole = file.read_bytes()
        at %= len(whole)
        damaged = (whole[:at] + bits + whole[at + len(bits) :])[: max(1, cut % len(whole))]
        file.write_bytes(damaged)
        assert isinstance(KNOWN[name].recognise(path), bool)
        with suppress(DecodeError):
            found = events(KNOWN[name], path)
            assert all(isinstance(one.at, datetime) for one in found)


@pytest.mark.parametrize("name", MADE)
def test_nothing_is_recognised_where_nothing_is(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "zero").write_bytes(b"")
    for path in (tmp_path / "none", tmp_path / "empty", tmp_path / "zero"):
        assert KNOWN[name].recognise(path) is False
    with pytest.raises(DecodeError):
        events(KNOWN[name], tmp_path / "none")


def test_a_report_of_damage_names_the_file(tmp_path: Path) -> None:
    path = written("a.fit", GOOD[:-3])(tmp_path)
    told = [one.reason for one in events(KNOWN["fit"], path) if isinstance(one, InputQuarantined)]
    assert any("a.fit" in reason for reason in told)
