"""Ingest under fire: everything that the broker took is in memory once, whatever is killed."""

import asyncio
import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from agent import key
from agent.app import alone, house
from agent.app.clocks import WorldClock
from agent.app.days import judge_journal
from agent.bench.stage import Daemon, Stage, staged, until
from agent.bench.visits import LIST, arrival, away
from agent.figures import Table, at_least, at_most, shown, table
from agent.mqtt import Link, publishing
from agent.store import open_store

MESSAGES = 50_000
RATE = 1_500  # messages/s
KILLS = 10
STEP = 15  # messages that are sent together, a hundred times a second
VISITS_EVERY = 500  # messages; visits make judgements, which a replay can compare
BACK = timedelta(seconds=100)
WINDOW = 4_000  # futures held at once
DRAIN_S_MAX = 120.0


class Load(NamedTuple):
    """What is sent, and how often the daemon is killed meanwhile."""

    messages: int
    kills: int
    numbered: bool = True
    """Whether each sample has the number that its source gave it."""


class Found(NamedTuple):
    """What memory held in the end, of the *taken* messages that the broker confirmed."""

    taken: int
    kept: int
    different: int
    differs: int
    judgements: int
    messages_per_s: float
    kills: int


def run(short: bool) -> Table:
    """Return what ten kills lose, and what they leave twice."""
    load = Load(MESSAGES // 10, 3) if short else Load(MESSAGES, KILLS)
    found = asyncio.run(measure(load))
    count = found.taken
    return table(
        "ingest",
        f"QoS 1 samples at {RATE}/s, the daemon killed by SIGKILL at random moments",
        count,
        [
            at_most(
                "acknowledged samples lost", count - found.different, 0, unit="samples", n=count
            ),
            at_most("visible duplicates", found.kept - found.different, 0, unit="samples", n=count),
            at_most("differs", found.differs, 0, unit="judgements", n=found.judgements),
            shown("messages/s", found.messages_per_s, unit="messages/s", n=count),
            at_least("kills", found.kills, load.kills, unit="kills", n=load.kills),
        ],
    )


async def measure(load: Load, *, seed: int = 1) -> Found:
    """Send *load* to a daemon that is killed, and return what its memory holds then."""
    async with staged() as (stage, daemon):
        await daemon.start()
        begun_s = time.monotonic()
        shooting = asyncio.create_task(_shoot(daemon, load.kills, Random(seed)))  # noqa: S311
        taken = await _send(stage, load)
        kills = await shooting
        async with contextlib.AsyncExitStack() as stack:
            stack.push_async_callback(daemon.stop)
            counter = Counter(stage)
            await until(lambda: counter.count() >= taken, "the backlog", at_most_s=DRAIN_S_MAX)
            spent_s = time.monotonic() - begun_s
        return await _weigh(stage, taken, taken / spent_s, kills)


@dataclass
class Counter:
    """Ask the daemon how many samples it keeps, not so often that it would keep it busy."""

    stage: Stage
    known: int = 0
    asked_s: float = field(default=0.0)

    def count(self) -> int:
        """Return how many it said last."""
        if time.monotonic() - self.asked_s > 0.5:
            reply = self.stage.call("status") or {}
            kept = reply.get("kept")
            found = kept.get("sample/heart_rate", 0) if isinstance(kept, dict) else 0
            self.known, self.asked_s = int(str(found)), time.monotonic()
        return self.known


async def _shoot(daemon: Daemon, kills: int, random: Random) -> int:
    """Kill the daemon *kills* times, each time somewhere in its work, and start it again."""
    for _ in range(kills):
        await asyncio.sleep(random.uniform(0.05, 2))
        await daemon.kill()
        await daemon.start()
    return kills


async def _send(stage: Stage, load: Load) -> int:
    """Publish all of it at RATE, and return how many samples the broker took."""
    taken, answers = 0, list[asyncio.Future[bool]]()
    begun, begun_s = WorldClock().now() - BACK, time.monotonic()
    async with publishing(stage.device("band"), client_id="band") as link:
        await (await link.post(*LIST))
        for number, message in enumerate(_messages(load, begun)):
            if number % STEP == 0:
                await asyncio.sleep(max(0.0, begun_s + number / RATE - time.monotonic()))
            if number % VISITS_EVERY == 0:
                await _visit(link, begun, number // VISITS_EVERY)
            answers.append(await link.post(*message))
            if len(answers) == WINDOW:
                taken += len(await asyncio.gather(*answers))
                answers.clear()
        return taken + len(await asyncio.gather(*answers))


async def _visit(link: Link, begun: datetime, number: int) -> None:
    for message in (*away(begun, number), arrival(begun, number)):
        await (await link.post(*message))


def _messages(load: Load, begun: datetime) -> Iterator[tuple[str, bytes]]:
    for number in range(load.messages):
        content: dict[str, object] = {
            "time": (begun + timedelta(milliseconds=number)).isoformat(),
            "value": 60 + number % 40,
            "unit": "bpm",
        }
        if load.numbered:
            content["sequence"] = number
        yield "carpal/me/band/heart_rate", json.dumps(content).encode()


async def _weigh(stage: Stage, taken: int, rate: float, kills: int) -> Found:
    async with alone.opened(stage.settings) as (pipeline, _):
        figures = judge_journal(pipeline)
    folder = stage.settings.store.folder
    with house.locked(folder):
        db = open_store(folder / house.DATABASE, key=key.read(folder / house.KEY))
        row = next(db.query("select count(*) as kept, count(distinct at_us) as n from sample"))
        db.close()
    return Found(
        taken=taken,
        kept=row["kept"],
        different=row["n"],
        differs=int(str(figures["differs"])),
        judgements=int(str(figures["judgements"])),
        messages_per_s=rate,
        kills=kills,
    )
