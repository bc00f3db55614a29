"""The records of Apple Health's export: quantities with units, times with offsets.  Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from math import isfinite
from typing import NamedTuple

from agent.events import EPOCH, Input, InputQuarantined
from agent.sensor import EARLIEST_YEAR, LeftOut, measured
from agent.wire import Markup

NAME = "apple-health"
SOURCE_LENGTH_MAX = 40
BEAT_APART_MAX = 0.15
"""Two beats are neighbours if the time between them is that of their rate, but for this share."""
BEFORE_MAX = timedelta(seconds=60)
QUARTER = timedelta(minutes=15)  # no two zones differ by less
_QUANTITY = "HKQuantityTypeIdentifier"
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d) ?([+-])(\d\d):?(\d\d)", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):(\d\d):(\d\d)(?:[.,](\d{1,6}))?\s*([AaPp])?")
_NAMED = re.compile(r"name:([^,>]+)")


class _Unit(NamedTuple):
    scale: float = 1.0
    offset: float = 0.0


_RATE = {"count/min": _Unit(), "count/s": _Unit(60), "bpm": _Unit()}
_CELSIUS = {"degC": _Unit(), "degF": _Unit(5 / 9, -160 / 9), "K": _Unit(1, -273.15)}


class _Kind(NamedTuple):
    signal: str
    units: Mapping[str, _Unit]


_KINDS = {
    "HeartRate": _Kind("heart_rate", _RATE),
    "RestingHeartRate": _Kind("resting_heart_rate", _RATE),
    "HeartRateVariabilitySDNN": _Kind("hrv_sdnn", {"ms": _Unit(), "s": _Unit(1000)}),
    "OxygenSaturation": _Kind("spo2", {"%": _Unit()}),
    "RespiratoryRate": _Kind("respiration", _RATE),
    "StepCount": _Kind("steps", {"count": _Unit()}),
    "BodyTemperature": _Kind("body_temperature", _CELSIUS),
    "BasalBodyTemperature": _Kind("body_temperature", _CELSIUS),
    "AppleSleepingWristTemperature": _Kind("skin_temperature", _CELSIUS),
    "EnvironmentalAudioExposure": _Kind("sound_level", {"dBASPL": _Unit()}),
    "ElectrodermalActivity": _Kind("electrodermal", {"mcS": _Unit(), "S": _Unit(1e6)}),
}
FRACTION_MAX = 1.5  # Apple writes 0.97 with the unit "%"; some other programs write 97


class Records:
    """Make events of the records that go by."""

    def __init__(self, name: str) -> None:
        self.markup = Markup(name, opened=self._opened, closed=_ignored)
        self._name = name
        self._found: list[Input] = []
        self._left = LeftOut(name)
        self._last = EPOCH
        self._begun: datetime | None = None
        self._beat: datetime | None = None
        self._source = NAME

    def taken(self) -> Sequence[Input]:
        """Return what was found since the last call."""
        found, self._found = self._found, []
        return found

    def left_out(self) -> Iterator[InputQuarantined]:
        """Return what was not taken in, a report for each reason."""
        return self._left.reports(at=self._last, source=NAME)

    def _opened(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Record":
            self._record(attributes)
        elif name == "InstantaneousBeatsPerMinute" and self._begun is not None:
            self._instantaneous(attributes, self._begun)

    def _record(self, record: dict[str, str]) -> None:
        """Take a quantity; it is dated at its end, when all of it had been measured."""
        self._begun = self._beat = None
        kind = _KINDS.get(record.get("type", "").removeprefix(_QUANTITY))
        if kind is None:
            return
        self._begun, at = instant(record.get("startDate", "")), instant(record.get("endDate", ""))
        unit = kind.units.get(record.get("unit", ""))
        value = _number(record.get("value", ""))
        if at is None or at.year < EARLIEST_YEAR:
            self._leave(f"{kind.signal} at no time")
        elif unit is None:
            self._leave(f"{kind.signal} in the unit {record.get('unit', '')[:16]!r}")
        elif value is None:
            self._leave(f"{kind.signal} without a number")
        else:
            self._last = at.astimezone(UTC)
            self._source = source(record.get("sourceName", ""), record.get("device", ""))
            if kind.signal == "spo2" and value <= FRACTION_MAX:
                value *= 100
            value = round(value * unit.scale + unit.offset, 3)
            self._found.append(measured(kind.signal, value, at=self._last, source=self._source))

    def _instantaneous(self, beat: dict[str, str], begun: datetime) -> None:
        """Take the interval before a beat, where the one before it is known."""
        rate, at = _number(beat.get("bpm", "")), _clock(beat.get("time", ""), begun)
        before, self._beat = self._beat, at
        if at is None or before is None or not rate or rate < 0:
            return
        interval_ms = (at - before) / timedelta(milliseconds=1)
        if abs(interval_ms * rate / 60_000 - 1) <= BEAT_APART_MAX:
            value = round(interval_ms, 1)
            self._found.append(measured("ibi", value, at=at.astimezone(UTC), source=self._source))

    def _leave(self, why: str) -> None:
        self._left.add(why, f"line {self.markup.line}")


def _ignored(name: str, text: str) -> None:
    """Let the end of an element pass: all that counts is in its attributes."""


@lru_cache(maxsize=64)
def source(name: str, device: str) -> str:
    """Return who measured: the device's kind, else the program, and never the wearer's name."""
    given = _NAMED.search(device)
    text = f"{given[1] if given else ''} {name}".lower()
    for kind in ("watch", "iphone", "ipad", "ipod"):
        if kind in text:
            return f"apple-{kind}"
    plain = (given[1] if given else name).lower()[:SOURCE_LENGTH_MAX]
    slug = re.sub(r"[^a-z0-9]+", "-", plain, flags=re.ASCII).strip("-")
    return f"apple-{slug}" if slug else NAME


def instant(text: str) -> datetime | None:
    """Return the time of `2026-03-03 09:00:00 +0100`, with its offset; None if it is none."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    *date, sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    year, month, day, hour, minute, second = map(int, date)
    try:
        zone = timezone(-offset if sign == "-" else offset)
        at = datetime(year, month, day, hour, minute, second, tzinfo=zone)
        at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at


def _clock(text: str, begun: datetime) -> datetime | None:
    """Return the time that the clock in *text*, of twelve or 24 hours, shows after *begun*."""
    found = _CLOCK.match(text)
    if found is None:
        return None
    hour, minute, second, fraction, half = found.groups()
    hours = int(hour) % 12 + 12 * (half in "Pp") if half else int(hour)
    if hours > 23 or int(minute) > 59 or int(second) > 59:
        return None
    at = begun.replace(hour=hours, minute=int(minute), second=int(second), microsecond=0)
    after = at + timedelta(seconds=float(f"0.{fraction or 0}")) - begun
    # The clock may be that of another zone than the export's; a measurement takes a minute or so.
    return begun + (after + BEFORE_MAX) % QUARTER - BEFORE_MAX


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None
