"""A folder that an Empatica E4 wristband exports: a CSV file for each signal.

A file begins with its start (Unix seconds) and its rate (Hz); IBI.csv has no rate, and its rows
are the time of a beat after that start and the interval before it, both in seconds.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from statistics import fmean
from typing import BinaryIO, NamedTuple

from agent.acceleration import RATE_HZ_MAX as ACC_RATE_HZ_MAX
from agent.acceleration import RATE_HZ_MIN, Acceleration
from agent.errors import DecodeError
from agent.events import EPOCH, Input, InputQuarantined, SampleMeasured
from agent.movement import Told
from agent.sensor import REASON_LENGTH_MAX, SILENT, Progress, measured, salvaged

NAME = "empatica"
LINE_BYTES_MAX = 256
ROWS_MAX = 16_000_000  # five days of acceleration at 32 Hz
RATE_HZ_MAX = 256
YEARS = range(2000, 2100)
ACC_UNITS_A_G = 64
_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{0,24})?([eE][+-]?\d{1,2})?", re.ASCII)

Row = tuple[float, ...]


class _Form(NamedTuple):
    """How one file's rows become samples of a signal."""

    signal: str
    columns: int
    reduce: Callable[[Sequence[Row]], float]
    """The rows of one second to a value."""


def _mean(rows: Sequence[Row]) -> float:
    return fmean(row[0] for row in rows)


_FORMS = {
    "HR.csv": _Form("heart_rate", 1, _mean),
    "EDA.csv": _Form("electrodermal", 1, _mean),
    "TEMP.csv": _Form("skin_temperature", 1, _mean),
}
_MOVEMENT = "ACC.csv"
_BEATS = "IBI.csv"


class Empatica:
    """The importer of such folders."""

    name = NAME

    def recognise(self, path: Path) -> bool:
        """Return whether *path* is a folder with at least one such file that begins as they do."""
        return any(_begins(path / name) for name in (*_FORMS, _MOVEMENT, _BEATS))

    def read(self, path: Path, *, progress: Progress = SILENT) -> Iterator[Sequence[Input]]:
        """Yield all samples, reduced to one a second, in order of time.

        A damaged row, told with file and line, ends its own file and no other.  Raise
        DecodeError where there is no sample.
        """
        files = [_samples(path / name, form) for name, form in _FORMS.items()]
        files.append(_movement(path / _MOVEMENT))
        files.append(_beats(path / _BEATS))
        sorted_ = merge(*(_kept(file) for file in files), key=attrgetter("at"))
        none = "holds no samples: all files are missing or empty"
        yield from salvaged(sorted_, path=path, kind=NAME, holds_none=none)
        progress(1)


def _kept(samples: Iterator[SampleMeasured]) -> Iterator[SampleMeasured | InputQuarantined]:
    """Yield *samples* up to the damage in them, if there is any, and what it is."""
    last = EPOCH
    try:
        for sample in samples:
            yield sample
            last = sample.at
    except DecodeError as error:
        yield InputQuarantined(at=last, source=NAME, reason=str(error)[:REASON_LENGTH_MAX])


def _begins(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.readline(LINE_BYTES_MAX)
    except OSError:
        return False
    return _NUMBER.fullmatch(head.decode("ascii", "replace").split(",")[0].strip()) is not None


def _samples(path: Path, form: _Form) -> Iterator[SampleMeasured]:
    lines = _lines(path)
    head = _head(lines, path, columns=form.columns)
    if head is None:
        return
    start, rate_hz = head
    rows = (
        (index / rate_hz, _row(line, form.columns, f"{path}, line {index + 3}"))
        for index, line in enumerate(lines)
    )
    for second, group in groupby(rows, key=lambda row: int(row[0])):
        value = form.reduce([row for _, row in group])
        at = start + timedelta(seconds=second)
        yield measured(form.signal, round(value, 3), at=at, source=NAME)


def _movement(path: Path) -> Iterator[SampleMeasured]:
    """Yield what the raw acceleration amounts to, second by second; nothing of it is kept raw."""
    lines = _lines(path)
    head = _head(lines, path, columns=3)
    if head is None:
        return
    start, rate_hz = head
    if not RATE_HZ_MIN <= rate_hz <= ACC_RATE_HZ_MAX:
        raise DecodeError(
            f"{path}, line 2",
            f"{rate_hz:g} Hz is not between {RATE_HZ_MIN} and {ACC_RATE_HZ_MAX} Hz",
        )
    folded, told = Acceleration(rate_hz), Told(NAME)
    for index, line in enumerate(lines):
        x, y, z = _row(line, 3, f"{path}, line {index + 3}")
        second = folded.add(x / ACC_UNITS_A_G, y / ACC_UNITS_A_G, z / ACC_UNITS_A_G)
        if second is not None:
            at = start + timedelta(seconds=round((index + 1) / rate_hz, 3))
            yield from told.of(second, at=at)


def _head(lines: Iterator[str], path: Path, *, columns: int) -> tuple[datetime, float] | None:
    """Return the start and the rate (Hz); None of a file that is empty or not there."""
    head = list(zip(range(2), lines, strict=False))
    if not head:
        return None
    if len(head) < 2:
        raise DecodeError(f"{path}, line 2", "is missing: it should be the rate in Hz")
    start = _start(head[0][1], f"{path}, line 1")
    rate_hz = _row(head[1][1], columns, f"{path}, line 2")[0]
    if not 0 < rate_hz <= RATE_HZ_MAX:
        raise DecodeError(f"{path}, line 2", f"{rate_hz:g} Hz is no rate up to {RATE_HZ_MAX} Hz")
    return start, rate_hz


def _beats(path: Path) -> Iterator[SampleMeasured]:
    lines = _lines(path)
    head = next(lines, None)
    if head is None:
        return
    start = _start(head, f"{path}, line 1")
    for number, line in enumerate(lines, start=2):
        source = f"{path}, line {number}"
        after_s, interval_s = _row(line, 2, source)
        if not 0 <= after_s <= ROWS_MAX:
            raise DecodeError(source, f"{after_s:g} s is no time after the start")
        at = start + timedelta(seconds=after_s)
        yield measured("ibi", round(interval_s * 1000, 3), at=at, source=NAME)


def _lines(path: Path) -> Iterator[str]:
    """Yield the lines of *path*, nothing if there is no such file."""
    if not path.exists():
        return
    try:
        with path.open("rb") as file:
            yield from _bounded(file, path)
    except OSError as error:
        raise DecodeError(str(path), f"cannot be read: {error.strerror}") from error


def _bounded(file: BinaryIO, path: Path) -> Iterator[str]:
    number = blank = 0
    while line := file.readline(LINE_BYTES_MAX + 1):
        number += 1
        if not line.strip():
            blank += 1  # at the end of a file it says nothing; before a row it is damage
            continue
        if blank:
            raise DecodeError(f"{path}, line {number - 1}", "is blank")
        if len(line) > LINE_BYTES_MAX:
            raise DecodeError(f"{path}, line {number}", f"is longer than {LINE_BYTES_MAX} bytes")
        if number > ROWS_MAX:
            raise DecodeError(str(path), f"has more than {ROWS_MAX} lines")
        yield line.decode("ascii", "replace")


def _start(line: str, source: str) -> datetime:
    text = line.split(",", maxsplit=1)[0].strip()
    if not _NUMBER.fullmatch(text):
        raise DecodeError(source, f"{text[:32]!r} is no start in Unix seconds")
    try:
        start = datetime.fromtimestamp(float(text), tz=UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise DecodeError(source, f"{text[:32]!r} is no start in Unix seconds") from error
    if start.year not in YEARS:
        raise DecodeError(source, f"begins in {start.year}: the device's clock was never set")
    return start


def _row(line: str, columns: int, source: str) -> Row:
    cells = [cell.strip() for cell in line.split(",")]
    if len(cells) != columns or not all(_NUMBER.fullmatch(cell) for cell in cells):
        shown = line.strip()[:48]
        plural = "s" if columns > 1 else ""
        raise DecodeError(source, f"{shown!r} is not {columns} number{plural}")
    row = tuple(float(cell) for cell in cells)
    if any(abs(value) > 1e12 for value in row):
        raise DecodeError(source, f"{line.strip()[:48]!r} is beyond every measure")
    return row
