"""The contract of a sensor, and the border it delivers to.  To add one, see `sensors/`."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol

from agent.events import Input, InputQuarantined, LocationMeasured, SampleMeasured
from agent.signals import SIGNALS

AHEAD_MAX = timedelta(seconds=120)  # a phone's clock may differ by this much, not by more


class Batch(NamedTuple):
    """What came in together, and what to call when it is on disk."""

    events: Sequence[Input]
    acknowledge: Callable[[], None] = lambda: None


class Sensor(Protocol):
    """A live source of events."""

    @property
    def name(self) -> str:
        """Return the name used in the settings and as `source`."""

    def events(self) -> AsyncIterator[Sequence[Input]]:
        """Yield what came in together, until the source ends or the task is cancelled."""


class Importer(Protocol):
    """A kind of file or folder that another system writes: a module of `sensors` is one."""

    @property
    def name(self) -> str:
        """Return the name of the kind."""

    def recognise(self, path: Path) -> bool:
        """Return whether *path* is of this kind, by its form alone; never raise."""

    def read(self, path: Path) -> Sequence[Input]:
        """Return all it holds, in order of time; raise DecodeError, naming file and line."""


def measured(
    signal: str, value: float, *, at: datetime, source: str, source_sequence: int | None = None
) -> SampleMeasured:
    """Return the sample, marked if it is implausible; raise ValidationError if it is none."""
    known = SIGNALS.get(signal)
    good = known is None or known.low <= value <= known.high
    return SampleMeasured(
        at=at,
        signal=signal,
        value=value,
        source=source,
        source_sequence=source_sequence,
        quality="good" if good else "implausible",
    )


def admit(event: Input, *, source: str, arrived: datetime) -> Input:
    """Return *event*, or what stands for it in the journal if its time cannot be true."""
    ahead = event.at - arrived
    if ahead > AHEAD_MAX:
        reason = f"{event.kind} is {ahead.total_seconds():.0f} s ahead of its arrival"
        return InputQuarantined(at=arrived, source=source, reason=reason)
    if event.at.year < EARLIEST_YEAR and isinstance(event, SampleMeasured | LocationMeasured):
        reason = f"{event.kind} of {event.at:%Y-%m-%d}: the device's clock was never set"
        return InputQuarantined(at=arrived, source=source, reason=reason)
    return event


EARLIEST_YEAR = 2000  # clocks that lost their battery start at 1970, 1980 or 2000-01-01
