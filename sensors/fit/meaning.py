"""What the messages of a FIT file say of their wearer.  Pure."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from agent.events import EPOCH, Input, InputQuarantined, LocationMeasured
from agent.sensor import REASON_LENGTH_MAX, LeftOut, measured
from sensors.fit.profile import (
    BEATS,
    FILE_ID,
    HR,
    HRV,
    MAKERS,
    MONITORING,
    MONITORING_INFO,
    ON_FOOT,
    PLAIN,
    RECORD,
    SESSION,
    SPORT,
    STEPPED,
    STRESS,
    TYPES,
)
from sensors.fit.protocol import TIMESTAMP, Damage, Message, Values
from sensors.fit.tallies import Beats, Monitored, Strap

NAME = "fit"
FIT_EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
SINCE_POWER_UP_MAX_S = 0x10000000  # a smaller time counts from when the device was switched on
SEMICIRCLES_A_TURN = 1 << 32
ACCURACY_M = 20.0  # where a record does not say it
ACCURACY_M_MAX = 100_000
SESSIONS_MAX = 1_000
UNTIMED = "a message without a time of day: the device's clock was never set"
NOWHERE = "a position at 0, 0 or outside the globe: the receiver had none"


class Session(NamedTuple):
    """From when to when which sport was done, in seconds of FIT."""

    since_s: float
    until_s: float
    sport: int


def sessions(found: Iterable[Message | Damage]) -> list[Session]:
    """Return the sessions among *found*: they come at the end, and say what cadence means."""
    given = (one.values for one in found if isinstance(one, Message))
    whole = (values for values in given if values.keys() >= {2, 5, TIMESTAMP})
    sorted_ = [Session(v[2][0], v[TIMESTAMP][0], int(v[5][0])) for v in whole]
    return sorted_[:SESSIONS_MAX]


class Meaning:
    """Make events of messages, in their order."""

    def __init__(self, name: str, done: Iterable[Session]) -> None:
        self.source = NAME
        self.kind = "no kind"
        self._name = name
        self._sessions = tuple(done)
        self._sport: int | None = None
        self._last_s = 0.0
        self._beats = Beats()
        self._strap = Strap()
        self._monitored = Monitored()
        self._left = LeftOut(name)

    def events(self, message: Message) -> Iterator[Input]:
        """Yield what *message* says."""
        number, values = message.number, message.values
        if number == FILE_ID:
            self._identify(values)
        elif number == SPORT:
            self._sport = int(values.get(0, (0,))[0])
        elif number == MONITORING_INFO:
            self._monitored.begin(values.get(TIMESTAMP, (0,))[0], values.get(0, (None,))[0])
        elif number in {HRV, BEATS, HR}:
            yield from self._beating(message)
        elif number != SESSION:
            yield from self._timed(message)

    def left_out(self) -> Iterator[InputQuarantined]:
        """Return what was not taken in, a report for each reason."""
        return self._left.reports(at=_instant(self._last_s) or EPOCH, source=self.source)

    def damaged(self, damage: Damage) -> InputQuarantined:
        """Return the report of *damage*."""
        return self._report(f"{self._name}, byte {damage.byte}: {damage.reason}")

    def _report(self, reason: str) -> InputQuarantined:
        at = _instant(self._last_s) or EPOCH
        reason = reason[:REASON_LENGTH_MAX]
        return InputQuarantined(at=at, source=self.source, reason=reason)

    def _identify(self, values: Values) -> None:
        # A damaged definition makes any number of these; the profile has sixteen bits for each.
        kind, maker, model = (int(values.get(field, (0,))[0]) & 0xFFFF for field in (0, 1, 2))
        product = f"-{model}" if 2 in values else ""
        self.kind = TYPES.get(kind, f"type {kind}")
        self.source = f"{MAKERS.get(maker, f'fit-{maker}')}{product}"

    def _timed(self, message: Message) -> Iterator[Input]:
        number, values = message.number, message.values
        at_s = values[TIMESTAMP][0] if TIMESTAMP in values else None
        if number == MONITORING:
            at_s = self._monitored.at_s(values)
        elif number == STRESS and 1 in values:
            at_s = values[1][0]
        at = _instant(at_s or 0.0)
        if at is None or at_s is None:
            self._leave(UNTIMED, message)
            return
        self._last_s = at_s
        if number == RECORD:
            yield from self._record(message, at, at_s)
        for field, signal, scale, least in PLAIN.get(number, ()):
            value = values[field][0] * scale if field in values else None
            if value is not None and value >= least * scale:
                yield measured(signal, round(value, 3), at=at, source=self.source)
        if number == MONITORING and (steps := self._monitored.steps(values)) is not None:
            yield measured("steps", steps, at=at, source=self.source)

    def _record(self, message: Message, at: datetime, at_s: float) -> Iterator[Input]:
        values = message.values
        if 0 in values and 1 in values:
            latitude, longitude = (values[n][0] * 360 / SEMICIRCLES_A_TURN for n in (0, 1))
            outside = abs(latitude) > 90 or abs(longitude) > 180
            if outside or latitude == longitude == 0:
                self._leave(NOWHERE, message)
            else:
                yield LocationMeasured(
                    at=at,
                    latitude_deg=round(latitude, 7),
                    longitude_deg=round(longitude, 7),
                    accuracy_m=min(max(values.get(31, (ACCURACY_M,))[0], 0), ACCURACY_M_MAX),
                    source=self.source,
                )
        speed = _speed(values)
        if speed is not None:
            yield measured("speed", round(speed, 3), at=at, source=self.source)
        if self._on_foot(values, at_s) and (strides := _strides(values)) is not None:
            yield measured("cadence", round(2 * strides, 2), at=at, source=self.source)

    def _on_foot(self, values: Values, at_s: float) -> bool:
        """Return whether what a record calls cadence is strides, not turns of a crank."""
        if 42 in values:
            return values[42][0] in STEPPED
        within = (one.sport for one in self._sessions if one.since_s <= at_s <= one.until_s)
        return next(within, self._sport) in ON_FOOT

    def _beating(self, message: Message) -> Iterator[Input]:
        values = message.values
        if message.number == HR:
            for at_s, interval_s, bpm in self._strap.rates(values):
                yield from self._beat(message, at_s, interval_s)
                if bpm and (at := _instant(at_s)):
                    yield measured("heart_rate", bpm, at=at, source=self.source)
            return
        if message.number == BEATS:
            begun_s = values.get(TIMESTAMP, (0,))[0] + values.get(0, (0,))[0] / 1000
            intervals, beats = values.get(1, ()), Beats()
        else:
            begun_s, intervals, beats = self._last_s, values.get(0, ()), self._beats
        for at_s, interval_s in beats.dated([each / 1000 for each in intervals], begun_s):
            yield from self._beat(message, at_s, interval_s)

    def _beat(self, message: Message, at_s: float, interval_s: float) -> Iterator[Input]:
        at = _instant(at_s)
        if at is None:
            self._leave(UNTIMED, message)
        else:
            yield measured("ibi", round(interval_s * 1000, 1), at=at, source=self.source)

    def _leave(self, why: str, message: Message) -> None:
        self._left.add(why, f"byte {message.byte}")


def _speed(values: Values) -> float | None:
    """Return the speed in m/s, by the most exact field that has it."""
    for field in (73, 6):
        if field in values:
            return values[field][0] / 1000
    if 8 in values and len(values[8]) == 3:  # twelve bits of speed, twelve of distance
        low, high = int(values[8][0]), int(values[8][1]) & 0x0F
        return (low | high << 8) / 100
    return None


def _strides(values: Values) -> float | None:
    """Return strides a minute, two steps each."""
    if 52 in values:
        return values[52][0] / 256
    if 4 in values:
        return values[4][0] + values.get(53, (0,))[0] / 128
    return None


def _instant(seconds: float) -> datetime | None:
    if not SINCE_POWER_UP_MAX_S <= seconds < 1 << 32:
        return None
    return FIT_EPOCH + timedelta(milliseconds=round(seconds * 1000))
