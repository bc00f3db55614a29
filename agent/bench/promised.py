"""What was promised, and what of it the wearer's watch has shown."""

import json
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agent.bench.clocked import SetClock
from agent.events import EPOCH, Notified, ProposalJudged

NAME = re.compile(r"\br\d{6}\b")
MARKED = re.compile(r"\blate\b|\bslept\b")
LATE = timedelta(seconds=120)
SLACK = timedelta(seconds=20)  # between noticing and showing
IN_FLIGHT_S = 0.5
EARLY = timedelta(milliseconds=200)


@dataclass(frozen=True)
class Shown:
    """One message on the watch."""

    judgement: str
    text: str
    at: datetime
    """What the device's clock showed then."""
    latest: datetime
    """The latest that it had ever shown: before it was set back, more was due."""


@dataclass
class Watch:
    """What the wearer's watch was given, in order."""

    clock: SetClock
    shown: list[Shown] = field(default_factory=list)
    latest: datetime = EPOCH
    before: datetime = EPOCH
    set_s: float = -IN_FLIGHT_S

    def hear(self, payload: bytes) -> None:
        """Take note of a nudge."""
        told = json.loads(payload)
        now = self.look()
        if time.monotonic() - self.set_s < IN_FLIGHT_S:  # it was sent before the clock was set
            now = min(now, self.before)
        self.shown.append(Shown(str(told["id"]), str(told["text"]), now, self.latest))

    def clock_is_set(self) -> None:
        """Take note of the clock just before it is set; set twice at once, before the first."""
        now, now_s = self.look(), time.monotonic()
        in_flight = now_s - self.set_s < IN_FLIGHT_S
        self.before = min(self.before, now) if in_flight else now
        self.set_s = now_s

    def look(self) -> datetime:
        """Return what the device's clock shows, and take note of it."""
        now = self.clock.now()
        self.latest = max(self.latest, now)
        return now

    @property
    def names(self) -> frozenset[str]:
        """Return every reminder that was named so far."""
        return frozenset(name for one in self.shown for name in NAME.findall(one.text))


@dataclass(frozen=True)
class Weighed:
    """What became of all that was promised."""

    asked: int
    lost: int
    twice: int
    early: int
    unmarked: int
    """Much later than asked for, and not said to be."""
    on_request: int
    """Counted in a sentence of many, and named only when the wearer asks which they were."""
    messages: int


def weigh(
    promised: Mapping[str, datetime],
    shown: Sequence[Shown],
    judged: Sequence[ProposalJudged],
    notified: Sequence[Notified],
) -> Weighed:
    """Return what became of *promised*; *judged* says whom a sentence of many was about.

    When something was shown, the daemon has on record; a watch that is busy hears it later.
    """
    evidence = {one.id: " ".join(one.evidence) for one in judged}
    record = {one.judgement: one.at for one in notified}
    told = Counter[str]()
    early = unmarked = 0
    named = set[str]()
    for one in shown:
        names = set(NAME.findall(one.text))
        named |= names
        every = names | set(NAME.findall(evidence.get(one.judgement, "")))
        told.update(every)
        for name in every & promised.keys():
            early += one.latest < promised[name] - EARLY
            at = min(one.at, record.get(one.judgement, one.at))
            late = at > promised[name] + LATE + SLACK
            unmarked += late and MARKED.search(one.text) is None
    return Weighed(
        asked=len(promised),
        lost=sum(name not in told for name in promised),
        twice=sum(count > 1 for count in told.values()),
        early=early,
        unmarked=unmarked,
        on_request=len((told.keys() & promised.keys()) - named),
        messages=len(shown),
    )
