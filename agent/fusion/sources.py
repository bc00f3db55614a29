"""Who delivers what, how often, and whether it may be believed: wearing, rivals, silences.  Pure.

Two devices that measure one signal at once are not averaged: one of them has the signal, by the
wearer's order of priority or because it was first, until it falls silent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from agent.events import EPOCH, LocationMeasured, Quality, SampleMeasured
from agent.signals import (
    BATTERY,
    DEVICE_TEMPERATURE,
    ELECTRODERMAL,
    HEART_RATE,
    HRV_RMSSD,
    HRV_SDNN,
    IBI,
    LOCATION,
    RESPIRATION,
    SIGNALS,
    SKIN_TEMPERATURE,
    SPO2,
    STRESS_SCORE,
    WORN,
)

OF_THE_DEVICE = frozenset((BATTERY.id, DEVICE_TEMPERATURE.id, WORN.id))
"""Each device has its own: no rival's value is worth less."""
ON_THE_SKIN = frozenset(
    (
        ELECTRODERMAL.id,
        HEART_RATE.id,
        HRV_RMSSD.id,
        HRV_SDNN.id,
        IBI.id,
        RESPIRATION.id,
        SKIN_TEMPERATURE.id,
        SPO2.id,
        STRESS_SCORE.id,
    )
)
HOLD_S_MAX = 600  # a silent device gives a signal up after this, or when its value is stale
SILENCE_S_MIN = 1800  # shorter is no gap
SILENCE_FACTOR = 3  # how many times its usual pause a source is silent before it is a gap
PAUSE_KEPT = 0.999
SOURCES_MAX = 64
NULL_ISLAND_DEG = 0.001  # (0, 0) is what receivers say who do not know
Measured = SampleMeasured | LocationMeasured
ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True)
class Delivery:
    """How one source delivers one signal."""

    newest: datetime
    count: int = 1
    interval_s: float = 0.0
    """The usual time between two of them; 0 before there are two."""

    def fold(self, at: datetime) -> "Delivery":
        """Return the delivery after one more sample, of *at*."""
        gap_s = (at - self.newest).total_seconds()
        if gap_s <= 0:
            return replace(self, count=self.count + 1)
        usual_s = self.interval_s or gap_s
        # A step towards each gap, and never a long one: the median of gaps, nearly.
        step = 1.1 if gap_s > usual_s else 1 / 1.1
        near_s = gap_s if 1 / 1.1 < gap_s / usual_s < 1.1 else usual_s * step
        return Delivery(newest=at, count=self.count + 1, interval_s=round(near_s, 3))


@dataclass(frozen=True, slots=True)
class Silence:
    """When a source was heard last, and how long it usually pauses."""

    newest: datetime
    pause_s: float = 0.0

    def is_gap(self, at: datetime) -> bool:
        """Return whether nothing came for much longer than usual until *at*."""
        silent_s = (at - self.newest).total_seconds()
        return silent_s > max(SILENCE_S_MIN, SILENCE_FACTOR * self.pause_s)

    def fold(self, at: datetime) -> "Silence":
        """Return the silence after a sample of *at*; a pause that comes often is learned."""
        if at <= self.newest:
            return self
        most_s = max(2 * self.pause_s, SILENCE_S_MIN)
        pause_s = min((at - self.newest).total_seconds(), most_s)
        return Silence(at, round(max(pause_s, PAUSE_KEPT * self.pause_s), 3))


@dataclass(frozen=True, slots=True)
class Holder:
    """The source that has a signal, and when it delivered it last."""

    source: str
    at: datetime = EPOCH


@dataclass(frozen=True, slots=True)
class Sources:
    """All sources together."""

    delivered: Mapping[str, Mapping[str, Delivery]] = field(default_factory=dict)
    """By source, then by signal; of the SOURCES_MAX sources that were heard last."""
    silences: Mapping[str, Silence] = field(default_factory=dict)
    holders: Mapping[str, Holder] = field(default_factory=dict)
    off_since: Mapping[str, datetime] = field(default_factory=dict)
    """The sources that say that they are not worn."""

    def quality(self, event: Measured, priority: Mapping[str, Sequence[str]]) -> Quality:
        """Return how good *event* is, which is plausible, beside all that is known.

        *priority* names the sources of a signal that go before others, the best first.
        """
        signal = signal_of(event)
        if isinstance(event, LocationMeasured) and _nowhere(event):
            return "implausible"
        off = self.off_since.get(event.source)
        if off is not None and event.at >= off and signal in ON_THE_SKIN:
            return "off_wrist"
        return "good" if self._may_have(signal, event, priority) else "secondary"

    def among(
        self, event: Measured, rivals: Sequence[str], priority: Mapping[str, Sequence[str]]
    ) -> Quality:
        """Return how good a late *event* is where *rivals* delivered its signal at that time."""
        signal = signal_of(event)
        if signal in OF_THE_DEVICE:
            return "good"
        order = priority.get(signal, ())
        behind = any(_rank(rival, order) <= _rank(event.source, order) for rival in rivals)
        return "secondary" if behind else "good"

    def gap_before(self, event: Measured) -> datetime | None:
        """Return since when its source had been silent for too long; None if it was not."""
        silence = self.silences.get(event.source)
        return silence.newest if silence is not None and silence.is_gap(event.at) else None

    def fold(self, event: Measured) -> "Sources":
        """Return the sources after *event*."""
        signal, source = signal_of(event), event.source
        by_signal = self.delivered.get(source, {})
        before = by_signal.get(signal)
        now = Delivery(event.at) if before is None else before.fold(event.at)
        silence = self.silences.get(source)
        heard = Silence(event.at) if silence is None else silence.fold(event.at)
        after = replace(
            self,
            delivered={**self.delivered, source: {**by_signal, signal: now}},
            silences={**self.silences, source: heard},
        )._bounded()
        if event.quality != "good":
            return after
        if signal == WORN.id and isinstance(event, SampleMeasured):
            return after._wear(event) if self._is_news(event) else after
        return after._held(signal, event)

    def _bounded(self) -> "Sources":
        """Return the sources without the one that was silent for longest, if they are too many."""
        if len(self.silences) <= SOURCES_MAX:
            return self
        oldest = min(self.silences, key=lambda name: (self.silences[name].newest, name))
        return replace(
            self,
            delivered=_without(self.delivered, oldest),
            silences=_without(self.silences, oldest),
            off_since=_without(self.off_since, oldest),
        )

    def _is_news(self, event: SampleMeasured) -> bool:
        """Return whether *event* says of now that it is worn: an old file speaks of the past."""
        told = self.delivered.get(event.source, {}).get(WORN.id)
        if told is not None:
            return event.at >= told.newest
        silence = self.silences.get(event.source)
        return silence is None or silence.newest - event.at <= timedelta(seconds=HOLD_S_MAX)

    def _wear(self, event: SampleMeasured) -> "Sources":
        off = _without(self.off_since, event.source)
        if event.value < 0.5 and event.source in self.silences:
            off[event.source] = self.off_since.get(event.source, event.at)
        return replace(self, off_since=off)

    def _held(self, signal: str, event: Measured) -> "Sources":
        holder = self.holders.get(signal)
        if signal in OF_THE_DEVICE or (holder is not None and event.at < holder.at):
            return self
        return replace(self, holders={**self.holders, signal: Holder(event.source, event.at)})

    def _may_have(
        self, signal: str, event: Measured, priority: Mapping[str, Sequence[str]]
    ) -> bool:
        holder = self.holders.get(signal)
        if signal in OF_THE_DEVICE or holder is None or holder.source == event.source:
            return True
        order = priority.get(signal, ())
        if _rank(event.source, order) < _rank(holder.source, order):
            return True
        apart_s = abs((event.at - holder.at).total_seconds())
        return apart_s > min(HOLD_S_MAX, SIGNALS[signal].fresh_s)


def signal_of(event: Measured) -> str:
    """Return the id of the signal that *event* is of."""
    return event.signal if isinstance(event, SampleMeasured) else LOCATION.id


def _rank(source: str, order: Sequence[str]) -> int:
    return order.index(source) if source in order else len(order)


def _nowhere(fix: LocationMeasured) -> bool:
    return abs(fix.latitude_deg) < NULL_ISLAND_DEG and abs(fix.longitude_deg) < NULL_ISLAND_DEG


def _without(found: Mapping[str, ValueT], name: str) -> dict[str, ValueT]:
    return {key: value for key, value in found.items() if key != name}
