"""Take in what another system recorded: find its kind, keep what is new, and say what it was."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from agent.app.pipeline import Pipeline
from agent.control import Show
from agent.errors import DecodeError
from agent.events import EPOCH, Input, InputQuarantined, LocationMeasured, SampleMeasured
from agent.memory.recall import Memory
from agent.ports import Clock
from agent.sensor import REASON_LENGTH_MAX, SILENT, Importer, Progress, admit, synced
from agent.signals import LOCATION

REFUSED_MAX = 10  # of one import are put on record each; the rest is counted in one more line
REPORTS_SHOWN_MAX = 20
IMPORT = "import"
FILES_MAX = 50_000
TOGETHER_MAX = 250  # as many are published before a daemon looks up again
UNTRUE = "this time cannot be true: the device's clock was wrong"
Report = dict[str, object]


@dataclass
class Found:
    """What was seen while a file went by."""

    read: int = 0
    marked: int = 0
    quarantined: int = 0
    sources: Counter[str] = field(default_factory=Counter[str])
    signals: Counter[str] = field(default_factory=Counter[str])
    first: datetime | None = None
    last: datetime | None = None
    reports: list[str] = field(default_factory=list[str])

    def watch(self, batches: Iterable[Sequence[Input]]) -> Iterator[Input]:
        """Yield each event of *batches*, and count it."""
        for batch in batches:
            for event in batch:
                self.see(event)
                yield event

    def see(self, event: Input) -> None:
        """Count *event*."""
        self.read += 1
        if isinstance(event, InputQuarantined):
            self.quarantined += 1
            if len(self.reports) < REPORTS_SHOWN_MAX:
                self.reports.append(event.reason)
        elif isinstance(event, SampleMeasured | LocationMeasured):
            self._measured(event)

    def _measured(self, event: SampleMeasured | LocationMeasured) -> None:
        self.sources[event.source] += 1
        if isinstance(event, SampleMeasured):
            self.signals[event.signal] += 1
            self.marked += event.quality != "good"
        else:
            self.signals[LOCATION.id] += 1
        self.first = min(self.first or event.at, event.at)
        self.last = max(self.last or event.at, event.at)

    def figures(self) -> Report:
        """Return all of it, for the eye or as JSON."""
        return {
            "read": self.read,
            "sources": dict(sorted(self.sources.items())),
            "signals": dict(sorted(self.signals.items())),
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
            "marked": self.marked,
            "quarantined": self.quarantined,
            "reports": self.reports,
        }


def recorded(
    path: Path, known: Sequence[Importer], *, arrived: datetime, progress: Progress = SILENT
) -> tuple[str, Iterator[Sequence[Input]]]:
    """Return the kind of what another system wrote at *path*, and all of it, batch by batch.

    *arrived* is when it came to us: what claims to be of later is not believed.

    Raise DecodeError if it is of no kind; the batches raise it where nothing can be read.
    """
    if not path.exists():
        raise DecodeError(str(path), "there is no such file or folder")
    importer = _importer(path, known)
    if importer is not None and not _is_mixed(path, importer, known):
        return importer.name, synced(importer.read(path, progress=progress), arrived=arrived)
    inside = _inside(path, known)
    if inside:
        return "folder", synced(_each(inside, known, progress), arrived=arrived)
    kinds = ", ".join(importer.name for importer in known)
    raise DecodeError(str(path), f"it is of no kind that is known here ({kinds})")


def _importer(path: Path, known: Sequence[Importer]) -> Importer | None:
    return next((importer for importer in known if importer.recognise(path)), None)


def _is_mixed(path: Path, importer: Importer, known: Sequence[Importer]) -> bool:
    """Return whether *path* is a folder in which files of other kinds lie beside *importer*'s."""
    every = islice(path.iterdir(), FILES_MAX) if path.is_dir() else ()
    found = (_importer(each, known) for each in every if each.is_file())
    return any(one is not None and one.name != importer.name for one in found)


def _inside(folder: Path, known: Sequence[Importer]) -> Sequence[Path]:
    """Return what is of a known kind in *folder*, in order of names: those of a day sort by time.

    A folder in it counts, as a whole, where none of its files is of a kind by itself.
    """
    every = sorted(islice(folder.rglob("*"), FILES_MAX)) if folder.is_dir() else []
    found = [path for path in every if path.is_file() and _importer(path, known)]
    around = {parent for path in found for parent in path.parents}
    folders = [path for path in every if path.is_dir() and path not in around]
    return sorted([*found, *(path for path in folders if _importer(path, known))])


def _each(
    files: Sequence[Path], known: Sequence[Importer], progress: Progress
) -> Iterator[Sequence[Input]]:
    """Yield what *files* hold; one that cannot be read takes nothing from the others."""
    for number, path in enumerate(files, start=1):
        importer = _importer(path, known)
        if importer is None:
            continue  # it was changed since the first look
        try:
            yield from importer.read(path)
        except DecodeError as error:
            reason = str(error)[:REASON_LENGTH_MAX]
            yield [InputQuarantined(at=EPOCH, source=importer.name, reason=reason)]
        progress(number / len(files))


async def take_in(
    pipeline: Pipeline, path: Path, known: Sequence[Importer], *, clock: Clock, show: Show
) -> Report:
    """Put what lies at *path* into memory, and return what it was; raise DecodeError.

    *show* is told the share that has been read, from 0 to 1, again and again.
    """
    shares = [0.0]  # written by the thread that reads, shown by the loop
    arrived = clock.now()
    kind, batches = recorded(path, known, arrived=arrived, progress=shares.append)

    async def tell() -> None:
        await show(f"{shares[-1]:.4f}")
        del shares[:-1]

    return {"kind": kind, **await keep(pipeline, batches, clock=clock, tell=tell)}


async def _silent() -> None:
    """Tell nobody."""


async def keep(
    pipeline: Pipeline,
    batches: Iterator[Sequence[Input]],
    *,
    clock: Clock,
    tell: Callable[[], Awaitable[None]] = _silent,
) -> Report:
    """Put *batches* into memory; what is known already is left out; return the counts.

    They are read in a thread and published a little at a time, so that a daemon hears and answers
    meanwhile.  Each batch is on disk before the next is read: what was killed in its midst is run
    again, and what is kept then comes to the same.
    """
    before = dict(pipeline.bus.counts)
    found, border = Found(), _Border(pipeline.memory, clock.now())
    while (batch := await asyncio.to_thread(next, batches, None)) is not None:
        for first in range(0, len(batch), TOGETHER_MAX):
            admitted = [border.admitted(one) for one in batch[first : first + TOGETHER_MAX]]
            for event in admitted:
                found.see(event)
            await pipeline.keep([event for event in admitted if border.is_news(event)])
            await asyncio.sleep(0)
        await tell()
    await pipeline.keep(border.rest())
    after = pipeline.bus.counts
    return found.figures() | {
        "kept": after["inputs"] - before.get("inputs", 0),
        "repeated": after["repeated"] - before.get("repeated", 0) + border.repeated,
        "judgements": after["judgements"] - before.get("judgements", 0),
    }


class _Border:
    """Let in what can be true, and put each report on record once."""

    def __init__(self, memory: Memory, now: datetime) -> None:
        self.repeated = 0
        self._memory = memory
        self._now = now
        self._told = set[tuple[str, str]]()
        self._refused = Counter[str]()

    def admitted(self, event: Input) -> Input:
        """Return *event*, or the report that stands for it, as of now."""
        if isinstance(event, InputQuarantined):
            return self._report(event.source, event.reason)
        source = getattr(event, "source", IMPORT)
        if not isinstance(admit(event, source=source, arrived=self._now), InputQuarantined):
            return event
        # The same words each time, so that a second import finds them on record.
        return self._report(source, f"{event.kind} of {event.at:%Y-%m-%d %H:%M:%S}: {UNTRUE}")

    def is_news(self, event: Input) -> bool:
        """Return whether *event* may go on record; of many reports, the first ones do."""
        if not isinstance(event, InputQuarantined):
            return True
        self._refused[event.source] += 1
        return self._refused[event.source] <= REFUSED_MAX and self._is_new(event)

    def rest(self) -> Sequence[InputQuarantined]:
        """Return what is left to say when all has gone by."""
        more = ((source, count - REFUSED_MAX) for source, count in self._refused.items())
        rest = [self._report(name, f"{count} more like these") for name, count in more if count > 0]
        return [report for report in rest if self._is_new(report)]

    def _report(self, source: str, reason: str) -> InputQuarantined:
        return InputQuarantined(at=self._now, source=source, reason=reason)

    def _is_new(self, report: InputQuarantined) -> bool:
        if not self._told:
            known = self._memory.events("input_quarantined", since=EPOCH)
            self._told = {(e.source, e.reason) for e in known if isinstance(e, InputQuarantined)}
        key = (report.source, report.reason)
        new = key not in self._told
        self._told.add(key)
        self.repeated += not new
        return new
