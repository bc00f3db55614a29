"""What a kill must not cost: neither a sample, nor a judgement, nor a word to the wearer."""

import asyncio
import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from random import Random

import pytest

from agent.app import alone
from agent.app.clocks import WorldClock
from agent.bench import ingest
from agent.bench.visits import SHOP
from agent.events import Item, ListChanged, LocationMeasured
from tests.broker import Broker, broker
from tests.daemons import ROOT, Daemon, daemon, lonely, wait_for

__all__ = ["broker", "daemon", "lonely"]
pytestmark = pytest.mark.broker
KILLS = 4


def differences(stopped: Daemon) -> dict[str, object]:
    done = stopped.carpal("replay", "--journal", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    figures: dict[str, object] = json.loads(done.stdout)
    return figures


@pytest.mark.parametrize("seed", [1, 2])
def test_a_day_published_while_the_daemon_is_killed_is_judged_the_same_again(
    daemon: Daemon, broker: Broker, seed: int
) -> None:
    random = Random(seed)  # noqa: S311  # moments, not secrets
    daemon.start()
    simulate = [sys.executable, "-m", "agent", "simulate", "--publish", "--seed", str(seed)]
    own = {name: value for name, value in os.environ.items() if name[:7] != "CARPAL_"}
    with subprocess.Popen(
        [*simulate, "--config", str(daemon.config)], stdout=subprocess.PIPE, cwd=ROOT, env=own
    ) as published:
        for _ in range(KILLS):
            seen = _sequence(daemon)
            wait_for(lambda seen=seen: _sequence(daemon) > seen, "input")  # type: ignore[misc]
            time.sleep(random.uniform(0, 0.2))  # somewhere in its work, batches being written
            daemon.kill()
            daemon.start()
        out, _ = published.communicate(timeout=120)
    assert b"messages taken by the broker" in out
    _settle(daemon)
    assert daemon.stop() == 0
    figures = differences(daemon)
    assert figures["differs"] == 0
    assert int(str(figures["judgements"])) > 0
    assert figures["from"] == 0
    assert int(str(figures["inputs"])) > 40_000
    with daemon.opened() as db:
        twice = "select count(*) - count(distinct signal || source || at_us) from sample"
        assert db.execute(twice).fetchone() == (0,)


def _sequence(running: Daemon) -> int:
    sequence = running.ask_status().get("sequence", 0)
    assert isinstance(sequence, int)
    return sequence


def _settle(running: Daemon) -> None:
    """Wait until nothing more comes in: the broker has delivered all that it held."""
    seen: list[int] = []

    def is_still() -> bool:
        seen.append(_sequence(running))
        return len(seen) > 100 and seen[-100] == seen[-1]

    wait_for(is_still, "the backlog", at_most_s=120)


def test_samples_without_numbers_are_kept_once_too() -> None:
    found = asyncio.run(ingest.measure(ingest.Load(5_000, 3, numbered=False), seed=3))
    assert (found.taken, found.kept, found.different) == (5_000, 5_000, 5_000)
    assert found.differs == 0


@pytest.mark.parametrize("old_min", [1, 40])
def test_what_was_judged_and_not_said_is_said_or_dropped_with_a_reason(
    lonely: Daemon, old_min: int
) -> None:
    asyncio.run(_judge_a_visit(lonely, ago=timedelta(minutes=old_min)))
    lonely.start()
    outcome = "notified" if old_min < 15 else "nudge_dropped"
    wait_for(lambda: lonely.kept(outcome) == 1, outcome)
    assert lonely.ask_status()["pending"] == 0
    assert ("You are at the shop: milk." in lonely.told) is (outcome == "notified")
    assert lonely.stop() == 0
    with lonely.opened() as db:
        bodies = db.execute("select body from event where kind = 'nudge_dropped'").fetchall()
    assert [("its moment was 40 min ago" in body) for (body,) in bodies] == [True] * (old_min > 15)
    assert differences(lonely)["differs"] == 0


async def _judge_a_visit(stopped: Daemon, *, ago: timedelta) -> None:
    """Leave the store as a daemon leaves it that was killed before it could speak."""
    at = WorldClock().now() - ago
    wanted = ListChanged(
        at=at - timedelta(minutes=4), source="test", name="grocery", items=(Item(name="milk"),)
    )
    stay = [
        LocationMeasured(
            at=at - timedelta(minutes=before),
            latitude_deg=SHOP[0],
            longitude_deg=SHOP[1],
            accuracy_m=5,
            source="phone",
        )
        for before in (3, 0)
    ]
    async with alone.opened(stopped.settings) as (pipeline, _):
        pipeline.bus.publish([wanted, *stay])
        assert len(pipeline.bus.state.pending) == 1
