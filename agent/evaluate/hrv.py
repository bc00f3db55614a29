"""`carpal evaluate hrv`: RMSSD and SDNN from beats against what others computed from them.

The data: `illness/hrv_measurements.csv` (a measurement a row: `rr_data`, the intervals in ms, and
the vendor's `rmssd` and `sdnn`), and `hrv` (two series in NumPy's file format, and the output of
one tool for the short one).  The vendor's figures are those of its series as they stand, with the
n-1 form of SDNN: what it holds for artefacts it had left out of `rr_data` before.  So here no
interval is rejected but by range; what our own rule would reject of it is shown beside.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.errors import DecodeError
from agent.evaluate.arrays import read_array
from agent.figures import Figure, Table, against, at_least, at_most, shown, table
from agent.fusion.beats import Variability, clean, in_range, measure, series

CLOSE = 0.01
CLOSE_AIM = 0.95  # of the rows: an error in the formula would spoil nearly all of them
SHORT, LONG = "SampleNNISeriesShort.npy", "SampleNNISeriesLong.npy"
SERIES_AIM_MS = 0.1  # a tenth of the resolution at which wrists measure beats


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: its intervals, and what the vendor made of them."""

    intervals_ms: tuple[float, ...]
    rmssd_ms: float
    sdnn_ms: float


def evaluate(data: Path) -> Table:
    """Return the figures over *data*; raise DecodeError where it is not as it should be."""
    path, folder = data / "illness" / "hrv_measurements.csv", data / "hrv"
    rows = list(read_rows(path)) if path.is_file() else []
    figures = list(_close(rows)) if rows else []
    if (folder / SHORT).is_file():
        figures += _short(folder)
    if (folder / LONG).is_file():
        figures += _long(folder / LONG)
    if not figures:
        raise DecodeError(str(data), "has neither a measurement in `illness` nor a series in `hrv`")
    return table("hrv", str(data), len(rows), figures)


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the measurements that have beats and both figures; raise DecodeError."""
    try:
        with path.open(newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                found = _row(f"{path}, line {number}", row)
                if found is not None:
                    yield found
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DecodeError(str(path), f"no table of measurements: {error!r}"[:200]) from error


def _row(where: str, row: dict[str, str]) -> Row | None:
    try:
        beats, rmssd, sdnn = row["rr_data"], row["rmssd"], row["sdnn"]
        if not (beats and rmssd and sdnn):
            return None
        # The reader of tables refuses a field beyond 131,072 characters, so this is bounded.
        return Row(tuple(map(float, beats.split(","))), float(rmssd), float(sdnn))
    except (KeyError, TypeError, ValueError) as error:
        raise DecodeError(where, f"is no measurement: {error!r}") from error


def _close(rows: Sequence[Row]) -> Iterator[Figure]:
    ours = [measure(series(row.intervals_ms), rule=in_range) for row in rows]
    strict = [measure(series(row.intervals_ms), rule=clean) for row in rows]
    count = len(rows)
    for name in ("rmssd", "sdnn"):
        share = _share(rows, ours, name)
        yield at_least(f"{name} within 1 %", share, CLOSE_AIM, unit="fraction", n=count)
    for name in ("rmssd", "sdnn"):
        share = _share(rows, strict, name)
        yield shown(f"{name} within 1 % after rejection", share, unit="fraction", n=count)
    kept = [one.clean_share if one else 0.0 for one in strict]
    yield shown("intervals kept by the rule", sum(kept) / count, unit="fraction", n=count)


def _share(rows: Sequence[Row], found: Sequence[Variability | None], name: str) -> float:
    close = 0
    for row, one in zip(rows, found, strict=True):
        wanted = row.rmssd_ms if name == "rmssd" else row.sdnn_ms
        if one is None:
            continue
        value = one.rmssd_ms if name == "rmssd" else one.sdnn_ms
        close += value is not None and abs(value - wanted) <= CLOSE * wanted
    return close / len(rows)


def _short(folder: Path) -> Iterator[Figure]:
    wanted = _expected(folder / "SampleExport.json")
    path = folder / SHORT
    intervals = read_array(path)
    found = measure(series(intervals), rule=in_range)
    if found is None or found.sdnn_ms is None or found.rmssd_ms is None:
        raise DecodeError(str(path), "holds no two beats")
    error = max(abs(found.sdnn_ms - wanted["sdnn"]), abs(found.rmssd_ms - wanted["rmssd"]))
    yield at_most("short series error", error, SERIES_AIM_MS, unit="ms", n=len(intervals))
    yield against(
        shown("SDNN", found.sdnn_ms, unit="ms", n=len(intervals), group="short series"),
        wanted["sdnn"],
    )
    yield against(
        shown("RMSSD", found.rmssd_ms, unit="ms", n=len(intervals), group="short series"),
        wanted["rmssd"],
    )


def _long(path: Path) -> Iterator[Figure]:
    intervals = read_array(path)
    for name, rule in (("long series", in_range), ("long series after rejection", clean)):
        found = measure(series(intervals), rule=rule)
        if found is not None and found.sdnn_ms is not None and found.rmssd_ms is not None:
            yield shown("SDNN", found.sdnn_ms, unit="ms", n=found.beats, group=name)
            yield shown("RMSSD", found.rmssd_ms, unit="ms", n=found.beats, group=name)


def _expected(path: Path) -> dict[str, float]:
    try:
        told = json.loads(path.read_bytes())
        return {name: float(told[name]) for name in ("sdnn", "rmssd")}
    except (OSError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise DecodeError(str(path), f"no figures of a tool: {error!r}") from error
