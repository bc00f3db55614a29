"""An E4 folder comes in whole, in order, or says which line is damaged."""

from collections.abc import Mapping
from contextlib import suppress
from itertools import chain
from math import hypot
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import DecodeError
from agent.events import Input, InputQuarantined, SampleMeasured
from sensors.empatica import Empatica

START = 1_644_831_900
HEAD = f"{START}.000000\n"
GIVEN = {
    "HR.csv": f"{START + 10}.0\n1.0\n58.00\n300.00\n",
    "IBI.csv": f"{START}.0, IBI\n15.953125,0.859375\n16.765625,0.812500\n",
    "EDA.csv": HEAD + "4.0\n" + "0.1\n0.2\n0.3\n0.4\n1.0\n",
    "TEMP.csv": HEAD + "4.0\n" + "27.73\n" * 4,
    "ACC.csv": f"{START}, {START}, {START}\n32.0, 32.0, 32.0\n" + "0,0,64\n0,0,-96\n" * 16,
    "tags_S06.csv": f"{START + 5}.14\n",
}


def folder(path: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, text in files.items():
        (path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(path: Path) -> list[Input]:
    return list(chain.from_iterable(Empatica().read(path)))


def samples(path: Path) -> dict[str, list[tuple[float, float, str]]]:
    found = dict[str, list[tuple[float, float, str]]]()
    for event in read(path):
        if isinstance(event, SampleMeasured):
            row = (event.at.timestamp() - START, event.value, event.quality)
            found.setdefault(event.signal, []).append(row)
    return found


def test_every_file_becomes_samples_in_the_units_of_its_signal(tmp_path: Path) -> None:
    assert samples(folder(tmp_path, GIVEN)) == {
        "heart_rate": [(10, 58, "good"), (11, 300, "implausible")],
        "ibi": [(15.953125, 859.375, "good"), (16.765625, 812.5, "good")],
        "electrodermal": [(0, 0.25, "good"), (1, 1.0, "good")],
        "skin_temperature": [(0, 27.73, "good")],
        "motion": [(1, 250, "good")],
    }


def test_raw_acceleration_becomes_what_may_be_kept_of_it(tmp_path: Path) -> None:
    still, shock = "0,0,64\n" * 32, "0,0,64\n" * 31 + "90,120,90\n"
    head = f"{START}, {START}, {START}\n32.0, 32.0, 32.0\n"
    found = samples(folder(tmp_path, {"ACC.csv": head + still * 34 + shock}))
    assert [value for _, value, _ in found["motion"][:34]] == [0] * 34
    assert found["motion_peak"] == [(35, round(1000 * hypot(90, 120, 90) / 64, 1), "good")]
    assert [at_s for at_s, angle, _ in found["arm_angle"] if angle == 90][:2] == [5, 10]
    assert [(at_s, counts) for at_s, counts, _ in found["activity_counts"]] == [(30, 0)]
    assert sum(map(len, found.values())) < 60, "nothing of it is kept raw"


def test_acceleration_too_slow_to_tell_steps_by_is_told(tmp_path: Path) -> None:
    slow = f"{START}, {START}, {START}\n2.0, 2.0, 2.0\n0,0,64\n"
    path = folder(tmp_path, {"ACC.csv": slow, "HR.csv": GIVEN["HR.csv"]})
    told = [one.reason for one in read(path) if isinstance(one, InputQuarantined)]
    assert len(told) == 1
    assert "ACC.csv, line 2: 2 Hz is not between 10 and 256 Hz" in told[0]


def test_the_events_are_in_order_of_time(tmp_path: Path) -> None:
    times = [event.at for event in read(folder(tmp_path, GIVEN))]
    assert times == sorted(times)


def test_a_folder_is_recognised_by_its_form(tmp_path: Path) -> None:
    assert not Empatica().recognise(tmp_path)
    assert not Empatica().recognise(tmp_path / "none")
    folder(tmp_path, {"HR.csv": "time,bpm\n"})
    assert not Empatica().recognise(tmp_path)
    assert not Empatica().recognise(tmp_path / "HR.csv")
    folder(tmp_path, {"IBI.csv": GIVEN["IBI.csv"]})
    assert Empatica().recognise(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("HR.csv", HEAD + "1.0\nfifty\n", r"HR\.csv, line 3: 'fifty' is not 1 number$"),
        ("HR.csv", HEAD + "1.0\nnan\n", r"HR\.csv, line 3: 'nan' is not 1 number"),
        ("HR.csv", HEAD + "1.0\n\n59\n", r"HR\.csv, line 3: is blank"),
        ("HR.csv", "time\n1.0\n58\n", r"HR\.csv, line 1: 'time' is no start"),
        ("HR.csv", "86400.0\n1.0\n58\n", r"HR\.csv, line 1: begins in 1970: the device's clock"),
        ("HR.csv", "4102444801\n1.0\n58\n", r"HR\.csv, line 1: begins in 2100"),
        ("HR.csv", "999999999999\n1.0\n58\n", r"HR\.csv, line 1: "),
        ("HR.csv", HEAD, r"HR\.csv, line 2: is missing"),
        ("HR.csv", HEAD + "0\n58\n", r"HR\.csv, line 2: 0 Hz is no rate"),
        ("HR.csv", HEAD + "1.0\n" + "5" * 300, r"HR\.csv, line 3: is longer than"),
        ("HR.csv", HEAD + "1.0\n5e88\n", r"HR\.csv, line 3: '5e88' is beyond"),
        ("IBI.csv", HEAD + "15.9\n", r"IBI\.csv, line 2: '15.9' is not 2 numbers"),
        ("IBI.csv", HEAD + "-4,0.8\n", r"IBI\.csv, line 2: -4 s is no time"),
        ("ACC.csv", f"{START}\n32,32,32\n1,2\n", r"ACC\.csv, line 3: '1,2' is not 3 numbers"),
        ("HR.csv", "", "holds no samples"),
    ],
)
def test_a_damaged_line_is_named(tmp_path: Path, name: str, text: str, reason: str) -> None:
    with pytest.raises(DecodeError, match=reason):
        read(folder(tmp_path, {name: text}))


def test_what_comes_before_a_damaged_line_is_kept_and_so_are_the_other_files(
    tmp_path: Path,
) -> None:
    files = {**GIVEN, "HR.csv": f"{START}.0\n1.0\n58\n59\nfifty\n60\n"}
    found = samples(folder(tmp_path, files))
    assert found["heart_rate"] == [(0, 58, "good")]
    assert len(found["ibi"]) == 2
    (report,) = [one for one in read(tmp_path) if isinstance(one, InputQuarantined)]
    assert "HR.csv, line 5: 'fifty' is not 1 number" in report.reason


def test_other_line_ends_more_decimals_and_blank_lines_at_the_end_harm_nothing(
    tmp_path: Path,
) -> None:
    rates = f"{START}.0\r\n1.000000\r\n58.123456789012345678\r\n59.\r\n\r\n \r\n"
    found = read(folder(tmp_path, {"HR.csv": rates}))
    assert [one.value for one in found if isinstance(one, SampleMeasured)] == [58.123, 59]
    assert len(found) == 2


def test_values_in_other_units_are_kept_and_marked(tmp_path: Path) -> None:
    files = {
        "TEMP.csv": HEAD + "1.0\n88.2\n",  # degrees Fahrenheit
        "IBI.csv": f"{START}.0, IBI\n15.5,859.4\n",  # milliseconds
    }
    found = samples(folder(tmp_path, files))
    assert found == {
        "skin_temperature": [(0, 88.2, "implausible")],
        "ibi": [(15.5, 859400, "implausible")],
    }


def test_an_empty_file_beside_others_is_a_signal_that_was_not_measured(tmp_path: Path) -> None:
    found = samples(folder(tmp_path, {**GIVEN, "IBI.csv": "", "EDA.csv": ""}))
    assert found.keys() == {"heart_rate", "skin_temperature", "motion"}


@given(
    st.sampled_from(["HR.csv", "IBI.csv", "ACC.csv"]),
    st.lists(
        st.binary(max_size=40) | st.floats().map(lambda value: f"{value}".encode()), max_size=9
    ),
)
def test_whatever_a_file_holds_only_a_decode_error_is_raised(name: str, rows: list[bytes]) -> None:
    text = b"\n".join([HEAD.strip().encode(), *rows])
    with TemporaryDirectory() as path, suppress(DecodeError):
        read(folder(Path(path), {name: text}))


@pytest.mark.reference
def test_the_reference_recording_comes_in_whole(reference: Path) -> None:
    path = reference / "stress" / "S06"
    assert Empatica().recognise(path)
    found = samples(path)
    assert {signal: len(rows) for signal, rows in found.items()} == {
        "heart_rate": 3309,
        "ibi": 3128,
        "electrodermal": 3315,
        "skin_temperature": 3322,
    }
    assert {quality for rows in found.values() for _, _, quality in rows} == {"good"}
