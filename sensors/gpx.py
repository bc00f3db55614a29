"""GPX tracks: where a watch, a phone or a logger has been, point by point.

Only track points that say their time are taken in: waypoints and routes are places and plans.
GPX 1.0 and 1.1 are read alike, and Garmin's track point extension for heart rate and speed.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import BinaryIO

from agent.errors import DecodeError
from agent.events import EPOCH, Input, InputQuarantined, LocationMeasured
from agent.sensor import EARLIEST_YEAR, SILENT, LeftOut, Progress, measured, salvaged
from agent.wire import Markup

NAME = "gpx"
CHUNK_BYTES = 1 << 16
HEAD_BYTES = 4096
TIME_LENGTH_MAX = 40
RANGE_ERROR_M = 5.0
"""One standard deviation of a civil receiver's range error; times HDOP it is that of a place
(Kaplan and Hegarty, Understanding GPS, 2nd ed. 2006, section 7.3)."""
ACCURACY_M = 20.0  # where a point does not say it
ACCURACY_M_MAX = 100_000.0
UNSET = "a time before 2000: the device's clock was never set"
_NONE = "is GPX, but holds no track point"
_MEASURES = {"hr": "heart_rate", "heartrate": "heart_rate", "speed": "speed"}


class Gpx:
    """The importer of such files."""

    name = NAME

    def recognise(self, path: Path) -> bool:
        """Return whether *path* is a file that begins as GPX does."""
        try:
            with path.open("rb") as file:
                head = file.read(HEAD_BYTES)
        except OSError:
            return False
        return b"<gpx" in head.replace(b"\0", b"")  # UTF-16 has a zero beside each letter

    def read(self, path: Path, *, progress: Progress = SILENT) -> Iterator[Sequence[Input]]:
        """Yield the places and what was measured there, and what was left out and why.

        Raise DecodeError where there is nothing of that.
        """
        try:
            with path.open("rb") as file:
                size = max(1, path.stat().st_size)
                events = track(file, str(path), source=NAME)
                for batch in salvaged(events, path=path, kind=NAME, holds_none=_NONE):
                    yield batch
                    progress(min(1.0, file.tell() / size))
        except OSError as error:
            raise DecodeError(str(path), f"cannot be read: {error.strerror}") from error


def track(file: BinaryIO, name: str, *, source: str) -> Iterator[Input]:
    """Yield what *file*, shown as *name*, says of its wearer; raise DecodeError if damaged.

    What is left out is told at the end, once for each reason, with its first line and its count.
    """
    reader = _Reader(name, source)
    damage: DecodeError | None = None
    for piece in _pieces(file):
        try:
            reader.markup.feed(piece, last=not piece)
        except DecodeError as error:
            damage = error
        yield from reader.taken()
        if damage is not None:
            break
    yield from reader.left_out()
    if damage is not None:
        raise damage


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """Yield all of *file*, and at its end nothing."""
    while piece := file.read(CHUNK_BYTES):
        yield piece
    yield b""


class _Reader:
    """Make events of the track points that go by."""

    def __init__(self, name: str, source: str) -> None:
        self.markup = Markup(name, opened=self._opened, closed=self._closed)
        self._name = name
        self._source = source
        self._point: dict[str, str] | None = None
        self._found: list[Input] = []
        self._left = LeftOut(name)
        self._last = EPOCH

    def taken(self) -> Sequence[Input]:
        """Return what was found since the last call."""
        found, self._found = self._found, []
        return found

    def left_out(self) -> Iterator[InputQuarantined]:
        """Return what was not taken in, a report for each reason."""
        return self._left.reports(at=self._last, source=self._source)

    def _opened(self, name: str, attributes: dict[str, str]) -> None:
        if name == "trkpt":
            self._point = {key: attributes.get(key, "") for key in ("lat", "lon")}
        elif name in {"wpt", "rtept"}:
            self._leave("a waypoint or a point of a route is no place of the wearer's")

    def _closed(self, name: str, text: str) -> None:
        if self._point is None:
            return
        if name == "trkpt":
            self._take(self._point)
            self._point = None
        elif text:
            self._point.setdefault(name, text)

    def _take(self, point: dict[str, str]) -> None:
        at = _instant(point.get("time", ""))
        if at is None or at.year < EARLIEST_YEAR:
            self._leave("a track point without a time" if at is None else UNSET)
            return
        self._last = at
        latitude, longitude = _number(point["lat"]), _number(point["lon"])
        if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
            self._leave("a track point that is nowhere on Earth")
        elif latitude == longitude == 0:
            self._leave("a track point at 0, 0: the receiver had no position")
        else:
            self._found.append(
                LocationMeasured(
                    at=at,
                    latitude_deg=latitude,
                    longitude_deg=longitude,
                    accuracy_m=_accuracy_m(point),
                    source=self._source,
                )
            )
        for name, signal in _MEASURES.items():
            value = _number(point.get(name, ""))
            if value is not None:
                self._found.append(measured(signal, value, at=at, source=self._source))

    def _leave(self, why: str) -> None:
        self._left.add(why, f"line {self.markup.line}")


def _accuracy_m(point: dict[str, str]) -> float:
    dilution = _number(point.get("hdop", ""))
    if dilution is None or dilution <= 0:
        return ACCURACY_M
    return min(ACCURACY_M_MAX, round(dilution * RANGE_ERROR_M, 1))


def _instant(text: str) -> datetime | None:
    """Return the time in *text*; one without an offset is UTC, as GPX lays down."""
    try:
        at = datetime.fromisoformat(text[:TIME_LENGTH_MAX])
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None
