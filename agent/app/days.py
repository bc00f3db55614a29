"""Whole days as files: simulate one, judge one again, publish one."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from agent.app.pipeline import Pipeline
from agent.bus import replay
from agent.config import KnownPlace, Rules
from agent.core import Core
from agent.errors import ConfigError
from agent.events import Input, ProposalJudged, SettingsChanged
from agent.mqtt import Link, publishing
from agent.mqtt import Settings as MqttSettings
from agent.ports import Clock
from agent.sensor import Importer
from agent.wire import encode_samples
from sensors import simulated
from sensors.apple_health import AppleHealth
from sensors.calendar.files import CalendarFiles
from sensors.calendar.files import Settings as CalendarSettings
from sensors.empatica import Empatica
from sensors.fit import Fit
from sensors.gadgetbridge import Gadgetbridge
from sensors.gpx import Gpx, track
from skills import SKILLS

ZONE = ZoneInfo("Europe/Berlin")
DAY = date(2026, 3, 3)  # a Tuesday; any would do, and a fixed one makes a seed's day repeatable
BATCH_MAX = 2000
TOGETHER_MAX = 50
TOGETHER = timedelta(minutes=2)

Arrival = tuple[datetime, Sequence[Input]]


def rules_of(seed: int) -> Rules:
    """Return the settings of the simulated wearer of *seed*: the places, the zone."""
    places = tuple(
        KnownPlace.model_validate(
            {
                "name": name,
                "kind": kind,
                "latitude_deg": latitude,
                "longitude_deg": longitude,
                "radius_m": radius_m,
            }
        )
        for name, kind, latitude, longitude, radius_m in simulated.places(seed)
    )
    return Rules(zone=ZONE.key, places=places)


def made_up(
    seed: int, *, start: date = DAY, days: int = 1, without: frozenset[str] = frozenset()
) -> Iterator[Arrival]:
    """Yield the wearer's settings, then *days* simulated days; raise ConfigError."""
    try:
        batches = simulated.simulate(
            seed=seed, start=start, zone=ZONE.key, days=days, without=without
        )
        first = next(batches)
    except ValueError as error:
        raise ConfigError("--without", ", ".join(sorted(without)), str(error)) from error
    rules = rules_of(seed).model_dump(mode="json")
    yield first[0], [SettingsChanged(at=first[0], rules=rules), *first[1]]
    yield from batches


def gathered(batches: Iterable[Arrival]) -> Iterator[Arrival]:
    """Yield what arrives within some minutes together: a day of them has to pass in seconds."""
    together: list[Input] = []
    first = last = None
    for arrival, batch in batches:
        if first is not None and last is not None and arrival - first >= TOGETHER:
            yield last, together
            together, first = [], None
        first, last = first or arrival, arrival
        together += batch
    if last is not None:
        yield last, together


def judge(inputs: Iterable[Input]) -> tuple[list[ProposalJudged], dict[str, object]]:
    """Return what is judged on *inputs*, and the figures of doing so."""
    given = list(inputs)
    begun = time.perf_counter()
    _, judged = replay(Core(SKILLS), given)
    spent_s = time.perf_counter() - begun
    verdicts = Counter(one.verdict for one in judged)
    figures: dict[str, object] = {
        "inputs": len(given),
        "seconds": round(spent_s, 3),
        "judgements": len(judged),
        "verdicts": dict(sorted(verdicts.items())),
    }
    return judged, figures


def judge_journal(pipeline: Pipeline) -> dict[str, object]:
    """Return the figures of a replay of the journal, and how many judgements `differs`."""
    begun = time.perf_counter()
    first = pipeline.journal.first_replayable()
    lived = list(pipeline.journal.judgements(after=first.sequence))
    inputs = pipeline.journal.replay(after=first.sequence)
    state, judged = replay(pipeline.core, inputs, start=first.state)
    verdicts = Counter(one.verdict for one in judged)
    differs = sum(a != b for a, b in zip(lived, judged, strict=False))
    return {
        "from": first.sequence,
        "inputs": state.sequence - first.sequence,
        "seconds": round(time.perf_counter() - begun, 3),
        "judgements": len(judged),
        "verdicts": dict(sorted(verdicts.items())),
        "differs": differs + abs(len(lived) - len(judged)),
    }


def importers(zone: str, clock: Clock) -> tuple[Importer, ...]:
    """Return every kind of file or folder that can be taken in."""
    return (
        Empatica(),
        Fit(),
        Gadgetbridge(),
        AppleHealth(track),
        Gpx(),
        CalendarFiles(CalendarSettings(), clock=clock, zone=ZoneInfo(zone)),
    )


@asynccontextmanager
async def sending(settings: MqttSettings) -> AsyncIterator[Link]:
    """Give a connection to the broker that only sends; raise DeliveryError."""
    async with publishing(settings, client_id=f"{settings.client_id}-publisher") as link:
        yield link


async def publish(batches: Iterable[Arrival], settings: MqttSettings, *, speed: float) -> int:
    """Send *batches* to the broker, *speed* times as fast as they came; 0 is as fast as it goes.

    Return how many messages the broker has taken; raise DeliveryError if one was refused.
    """
    sent, begun_s, first = 0, time.monotonic(), None
    async with sending(settings) as link:
        answers: list[asyncio.Future[bool]] = []
        for arrival, batch in batches:
            first = first or arrival
            if speed > 0:
                due_s = (arrival - first) / timedelta(seconds=1) / speed
                await asyncio.sleep(max(0.0, begun_s + due_s - time.monotonic()))
            answers += await post(link, batch, wearer=settings.wearer)
            if len(answers) >= BATCH_MAX:
                sent += len(await asyncio.gather(*answers))
                answers.clear()
        return sent + len(await asyncio.gather(*answers))


async def post(link: Link, batch: Sequence[Input], *, wearer: str) -> list["asyncio.Future[bool]"]:
    """Hand *batch* to the connection; each future tells that the broker has one message."""
    messages = encode_samples(batch, wearer, together_max=TOGETHER_MAX)
    return [await link.post(topic, payload) for topic, payload in messages]
