"""The contract of a sensor, and the border it delivers to.  To add one, see `sensors/`."""

import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol

from agent.errors import DecodeError
from agent.events import (
    EPOCH,
    Input,
    InputQuarantined,
    LocationMeasured,
    SampleMeasured,
    SourceSynced,
)
from agent.signals import SIGNALS

AHEAD_MAX = timedelta(seconds=120)  # a phone's clock may differ by this much, not by more
BATCH_MAX = 2_000  # so many events of a file are held at once, whatever its length
REASON_LENGTH_MAX = 500
LEFT_MAX = 100  # reasons; a hostile file has as many as it likes
Progress = Callable[[float], None]
"""Is told which share of a file has been read, 0 to 1."""


def _silent(share: float) -> None:
    """Let no one know of *share*."""


SILENT: Progress = _silent


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

    def read(self, path: Path, *, progress: Progress = SILENT) -> Iterator[Sequence[Input]]:
        """Yield what it holds in batches of at most BATCH_MAX, in the order of the file.

        What cannot be read is told as InputQuarantined, naming file and place, and the rest is
        kept; DecodeError is raised, and nothing yielded before, where nothing can be read.
        """


class LeftOut:
    """What a reader passes over in a file: each reason once, with its first place and its count."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._counts = Counter[str]()
        self._places: dict[str, str] = {}

    def add(self, why: str, place: str) -> None:
        """Count *why*, which was seen at *place*; of more than LEFT_MAX reasons none is new."""
        if why in self._counts or len(self._counts) < LEFT_MAX:
            self._places.setdefault(why, place)
            self._counts[why] += 1

    def reports(self, *, at: datetime, source: str) -> Iterator[InputQuarantined]:
        """Yield a report for each reason."""
        for why, count in self._counts.items():
            reason = f"{self._name}, {self._places[why]}: {why} ({count} left out)"
            yield InputQuarantined(at=at, source=source, reason=reason[:REASON_LENGTH_MAX])


class Outage:
    """Logs when a source goes away and when it is back, and not each attempt in between."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._log = logging.getLogger(f"sensors.{name}")
        self._away = False

    def tell(self, why: str) -> None:
        """Take note of why it cannot be heard now; empty: it can."""
        if why and not self._away:
            self._log.warning("%s: %s; it is tried again", self._name, why)
        elif self._away and not why:
            self._log.info("%s: it is heard again", self._name)
        self._away = bool(why)


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


def salvaged(
    events: Iterable[Input], *, path: Path, kind: str, holds_none: str
) -> Iterator[Sequence[Input]]:
    """Yield *events* in batches; damage in their midst ends them and is told as InputQuarantined.

    Raise DecodeError where nothing but reports came before it: for the damage, for what the
    reports say, or because the file *holds_none*.
    """
    batch, measures, last = list[Input](), False, EPOCH
    try:
        for event in events:
            batch.append(event)
            last = event.at
            measures = measures or not isinstance(event, InputQuarantined)
            if measures and len(batch) >= BATCH_MAX:
                yield batch
                batch = []
            elif not measures:
                del batch[REPORTS_MAX:]
    except DecodeError as error:
        if not measures:
            raise
        reason = f"{error}; what came before it is kept"[:REASON_LENGTH_MAX]
        batch.append(InputQuarantined(at=last, source=kind, reason=reason))
    if not measures:
        told = "; ".join(event.reason for event in batch if isinstance(event, InputQuarantined))
        raise (
            DecodeError(kind, told[:REASON_LENGTH_MAX])
            if told
            else DecodeError(str(path), holds_none)
        )
    if batch:
        yield batch


def synced(batches: Iterable[Sequence[Input]], *, arrived: datetime) -> Iterator[Sequence[Input]]:
    """Yield *batches*, the last one with the end of what each source that measured delivered.

    What claims to be of after *arrived* ends nothing: it will not be admitted.
    """
    newest = dict[str, datetime]()
    held: Sequence[Input] = ()
    for batch in batches:
        if held:
            yield held
        held = batch
        for event in batch:
            if not isinstance(event, SampleMeasured | LocationMeasured):
                continue
            if event.at <= arrived + AHEAD_MAX:
                newest[event.source] = max(event.at, newest.get(event.source, EPOCH))
    ends = [SourceSynced(at=at, source=source) for source, at in sorted(newest.items())]
    if held or ends:
        yield [*held, *ends]


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


REPORTS_MAX = 20  # of a file that holds nothing else
EARLIEST_YEAR = 2000  # clocks that lost their battery start at 1970, 1980 or 2000-01-01
