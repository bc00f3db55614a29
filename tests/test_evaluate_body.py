"""The evaluations of the body: heart rate variability against others' figures."""

import json
import struct
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import DecodeError
from agent.evaluate import hrv
from agent.evaluate.arrays import decode_array
from agent.figures import Table

HEAD = "user_code,rmssd,sdnn,rr_data\n"


def npy(intervals: list[int], *, descr: str = "<i8") -> bytes:
    head = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': ({len(intervals)},), }}\n"
    body = struct.pack(f"<{len(intervals)}q", *intervals)
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() + body


def recordings(path: Path, rows: str, *, short: bytes = b"") -> Path:
    (path / "illness").mkdir()
    (path / "illness" / "hrv_measurements.csv").write_text(HEAD + rows)
    if short:
        (path / "hrv").mkdir()
        (path / "hrv" / hrv.SHORT).write_bytes(short)
        told = {"sdnn": 10.0, "rmssd": 20.0}
        (path / "hrv" / "SampleExport.json").write_text(json.dumps(told))
    return path


def values(table: Table) -> dict[str, float]:
    return {one["name"]: one["value"] for one in table["figures"] if one["group"] is None}


def test_a_row_counts_if_its_figures_are_within_a_hundredth(tmp_path: Path) -> None:
    rows = 'a,20.1,11.6,"800,820,800"\nb,30,11.5,"800,820,800"\nc,,,\n'
    found = hrv.evaluate(recordings(tmp_path, rows, short=npy([800, 820, 800, 820])))
    assert found["n"] == 2
    told = values(found)
    assert (told["rmssd within 1 %"], told["sdnn within 1 %"]) == (0.5, 1.0)
    assert told["short series error"] == pytest.approx(1.547, abs=0.001)


def test_the_folder_may_lack_the_series_but_not_everything(tmp_path: Path) -> None:
    assert "short series error" not in values(
        hrv.evaluate(recordings(tmp_path, 'a,20,11,"800,820,800"\n'))
    )
    with pytest.raises(DecodeError, match="neither"):
        hrv.evaluate(tmp_path / "none")


@pytest.mark.parametrize("row", ['a,twenty,11,"800,820"', 'a,20,11,"800,x"'])
def test_a_damaged_row_is_named(tmp_path: Path, row: str) -> None:
    with pytest.raises(DecodeError, match=r"hrv_measurements\.csv, line 2: is no measurement"):
        hrv.evaluate(recordings(tmp_path, row + "\n"))


def test_an_array_is_read_as_numpy_wrote_it() -> None:
    assert decode_array(npy([1, 2, 3]), name="a") == (1.0, 2.0, 3.0)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"RIFF....", "is no array"),
        (npy([1, 2])[:-1], "is cut off"),
        (npy([1], descr="|O"), "none of plain numbers"),
        (npy([1]).replace(b"(1,)", b"()  "), "no series"),
        (npy([1]).replace(b"{'", b"{{"), "has no header"),
    ],
)
def test_what_is_no_series_is_refused(payload: bytes, reason: str) -> None:
    with pytest.raises(DecodeError, match=reason):
        decode_array(payload, name="a")


@given(st.binary(max_size=80), st.integers(0, 200))
def test_whatever_an_array_holds_only_a_decode_error_is_raised(noise: bytes, cut: int) -> None:
    for payload in (noise, b"\x93NUMPY" + noise, npy([1, 2])[:cut] + noise):
        with suppress(DecodeError):
            decode_array(payload, name="a")


@pytest.mark.reference
def test_the_reference_figures_are_met(reference: Path) -> None:
    found = hrv.evaluate(reference)
    assert all(one["ok"] for one in found["figures"] if one["aim"] is not None)
