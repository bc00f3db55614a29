"""Latency: from the publishing of the deciding message to the nudge at the wearer's device."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from agent.app.clocks import WorldClock
from agent.bench.stage import WEARER, Stage, staged
from agent.bench.visits import LIST, arrival, away
from agent.figures import Table, at_most, percentile, shown, table
from agent.mqtt import Link, publishing
from agent.wire import notify_topic

NUDGES = 100  # as many as a wearer can allow in a day
P99_MS_MAX = 50
ANSWER_S_MAX = 10
PAUSE_S = (0.03, 0.15)  # between two messages: a device sends when something happens
BACK = timedelta(seconds=100)  # the fixes end as much after the present as they begin before


def run(short: bool) -> Table:
    """Return the percentiles of the time to a nudge worded by rule."""
    nudges = NUDGES // 10 if short else NUDGES
    spent_ms = asyncio.run(_measure(nudges))
    return table(
        "latency",
        "publish to notification over a private mosquitto, each nudge on record before it is shown",
        nudges,
        [
            shown("p50", percentile(spent_ms, 0.5), unit="ms", n=nudges),
            at_most("p99", percentile(spent_ms, 0.99), P99_MS_MAX, unit="ms", n=nudges),
            shown("longest", max(spent_ms), unit="ms", n=nudges),
        ],
    )


@dataclass
class Watch:
    """A device that shows what it is told, and notes when."""

    link: Link
    shown_s: "asyncio.Queue[float]"


async def _measure(nudges: int) -> list[float]:
    random = Random(1)  # noqa: S311  # pauses, not secrets
    async with staged() as (stage, daemon):
        await daemon.start()
        async with _watch(stage) as watch, publishing(stage.device("p"), client_id="phone") as link:
            await (await link.post(*LIST))
            begun = WorldClock().now() - BACK
            spent_ms = []
            for number in range(nudges):
                for outside in away(begun, number, standing=True):
                    await (await link.post(*outside))
                await asyncio.sleep(random.uniform(*PAUSE_S))
                spent_ms.append(await _visit(link, watch, begun, number))
            return spent_ms


async def _visit(link: Link, watch: Watch, begun: datetime, number: int) -> float:
    """Return the milliseconds from publishing that the wearer is at the shop to the nudge."""
    topic, payload = arrival(begun, number)
    start_s = time.perf_counter()
    await link.post(topic, payload)
    async with asyncio.timeout(ANSWER_S_MAX):
        return (await watch.shown_s.get() - start_s) * 1000


@asynccontextmanager
async def _watch(stage: Stage) -> AsyncIterator[Watch]:
    queue: asyncio.Queue[float] = asyncio.Queue()
    link = Link(stage.device("watch"), heard=lambda _: queue.put_nowait(time.perf_counter()))
    await link.open()
    try:
        await link.subscribe([notify_topic(WEARER)])
        yield Watch(link, queue)
    finally:
        link.close()
