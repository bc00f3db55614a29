"""Reminders under fire: each is said once, or reported late, whatever is killed or set.

A real daemon is killed by SIGKILL while reminders are set and come due; its clock is set a day on
and back, and across both changes of summer time in five zones.  What counts is what a watch on the
broker was given.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from agent import control
from agent.app import alone
from agent.bench.clocked import SetClock
from agent.bench.promised import Watch, Weighed, weigh
from agent.bench.stage import START_S_MAX, WEARER, BenchError, Daemon, Stage, staged, until
from agent.errors import ControlError
from agent.events import EPOCH
from agent.figures import Table, at_least, at_most, shown, table
from agent.fusion.reminders.recurrence import wall
from agent.mqtt import Link, publishing
from agent.mqtt.link import Message

REMINDERS = 10_000
KILLS = 100
DAY = timedelta(days=1)
BEGIN = datetime(2026, 1, 10, 9, tzinfo=UTC)
SOON_S = 3.0  # within so many seconds they are due
FAR_SHARE = 0.1  # as many are due in hours: only a clock that is set brings them
LIFE_S = (0.05, 1.2)
TWICE_MAX = 0.001
DRAIN_S_MAX = 60.0
CHANGES = (
    ("Europe/Berlin", date(2026, 3, 29), clock_time(2, 30)),
    ("America/New_York", date(2026, 3, 8), clock_time(2, 30)),
    ("Australia/Lord_Howe", date(2026, 10, 4), clock_time(2, 15)),
    ("America/St_Johns", date(2026, 3, 8), clock_time(2, 30)),
    ("Africa/Cairo", date(2026, 4, 24), clock_time(0, 30)),
    ("Europe/Berlin", date(2026, 10, 25), clock_time(2, 30)),
    ("America/New_York", date(2026, 11, 1), clock_time(1, 30)),
    ("Australia/Lord_Howe", date(2026, 4, 5), clock_time(1, 45)),
    ("America/St_Johns", date(2026, 11, 1), clock_time(1, 30)),
    ("Africa/Cairo", date(2026, 10, 29), clock_time(23, 30)),
)
"""Wall-clock times that the clock leaps over in spring, then those that it shows twice."""


class Load(NamedTuple):
    """How many reminders are set, and how often the daemon is killed meanwhile."""

    reminders: int
    kills: int


@dataclass
class Play:
    """What is going on."""

    stage: Stage
    daemon: Daemon
    clock: SetClock
    watch: Watch
    random: Random
    promised: dict[str, datetime] = field(default_factory=dict)
    """Those that the daemon said it keeps, and when they are due."""
    asked: int = 0
    clocks_set: int = 0

    def set_clock(self, at: datetime) -> None:
        """Set the device's clock."""
        self.watch.clock_is_set()
        self.clock.set_to(at)
        self.clocks_set += 1

    async def remind(self, due: datetime | str) -> None:
        """Ask for one reminder; what was not confirmed is not counted on."""
        self.asked += 1
        name = f"r{self.asked:06}"
        said = due if isinstance(due, str) else due.isoformat()
        folder = self.stage.settings.control.folder
        try:
            reply = await control.ask(folder, "remind", {"text": name, "due": said})
        except ControlError:
            return  # killed in the middle of its answer
        if reply is not None:
            self.promised[name] = datetime.fromisoformat(str(reply["due"]))


def run(short: bool) -> Table:
    """Return what kills and clocks that are set lose, and what they say twice."""
    load = Load(240, 6) if short else Load(REMINDERS, KILLS)
    found, play = asyncio.run(measure(load))
    count = found.asked
    return table(
        "reminders",
        f"{play.asked} reminders asked of a daemon that was killed by SIGKILL {load.kills} times, "
        f"its clock set {play.clocks_set} times: ±1 day, both changes in five zones",
        count,
        [
            at_most("lost", found.lost, 0, unit="reminders", n=count),
            at_most("twice", found.twice / max(count, 1), TWICE_MAX, unit="share", n=count),
            at_most("early", found.early, 0, unit="reminders", n=count),
            at_most("late, not said to be", found.unmarked, 0, unit="reminders", n=count),
            shown("named on request", found.on_request, unit="reminders", n=count),
            shown("nudges", found.messages, unit="nudges", n=count),
            at_least("kills", load.kills, load.kills, unit="kills", n=load.kills),
            shown("clocks set", play.clocks_set, unit="times", n=play.clocks_set),
        ],
    )


async def measure(load: Load, *, seed: int = 1) -> tuple[Weighed, Play]:
    """Return what became of the reminders, and all that happened."""
    async with staged() as (stage, _):
        clock = SetClock(stage.folder / "clock")
        clock.set_to(BEGIN)
        program = ("agent.bench.clocked", str(stage.folder / "clock"))
        watch = Watch(clock)
        random = Random(seed)  # noqa: S311  # moments, not secrets
        play = Play(stage, Daemon(stage, *program), clock, watch, random)
        async with _heard(play), contextlib.AsyncExitStack() as stack:
            stack.push_async_callback(play.daemon.stop)
            await play.daemon.start()
            for number in range(load.kills):
                await _round(play, number, load)
            await _drain(play)
        async with alone.opened(stage.settings) as (pipeline, _):
            judged = pipeline.memory.judgements(since=EPOCH)
            notified = pipeline.memory.notified(since=EPOCH)
        return weigh(play.promised, watch.shown, judged, notified), play


async def _round(play: Play, number: int, load: Load) -> None:
    """Set some, kill the daemon somewhere in that, set its clock now and then, start it again."""
    each = load.reminders // load.kills
    step = max(1, load.kills // len(CHANGES))
    if number % step == step - 1:
        await _across(play, number // step % len(CHANGES))
    setting = asyncio.create_task(_set(play, each))
    await play.daemon.kill_after(play.random.uniform(*LIFE_S))
    await setting
    asleep = play.random.random() < 0.1
    if asleep:  # a device that was off for hours
        play.set_clock(play.clock.now() + play.random.uniform(0.2, 1) * DAY)
    await play.daemon.start()
    for _ in range(each - (play.asked - number * each)):
        await play.remind(_due(play))
    if number % 10 == 4:
        play.set_clock(play.clock.now() + DAY)
    if number % 10 == 7:
        play.set_clock(play.clock.now() - DAY)


async def _set(play: Play, count: int) -> None:
    for _ in range(count):
        before = len(play.promised)
        await play.remind(_due(play))
        if len(play.promised) == before:
            return  # it has been killed


def _due(play: Play) -> datetime:
    far = play.random.random() < FAR_SHARE
    ahead_s = play.random.uniform(600, 80_000) if far else play.random.uniform(0.05, SOON_S)
    return play.clock.now() + timedelta(seconds=ahead_s)


async def _across(play: Play, change: int) -> None:
    """Let the clock go over a change of summer time, with a reminder for what it does there."""
    name, day, at = CHANGES[change]
    zone = ZoneInfo(name)
    play.set_clock(wall(day, at, zone) - timedelta(seconds=2.5))
    async with publishing(play.stage.device("phone"), client_id="phone") as link:
        body = json.dumps({"zone": name}).encode()
        await (await link.post(f"carpal/{WEARER}/zone", body))
    await until(lambda: _zone(play.stage) == name, "the zone to change")
    await play.remind(datetime.combine(day, at).isoformat())
    await asyncio.sleep(max(0.0, (wall(day, at, zone) - play.clock.now()).total_seconds() + 0.1))


def _zone(stage: Stage) -> str:
    reply = stage.call("status") or {}
    context = reply.get("context")
    return str(context.get("zone", "")) if isinstance(context, dict) else ""


async def _drain(play: Play) -> None:
    """Let a week pass, so that all is due, and wait until nothing more is shown."""
    latest = max(play.promised.values(), default=play.clock.now())
    play.set_clock(max(latest, play.clock.now()) + 7 * DAY)
    await play.remind(play.clock.now() + timedelta(seconds=0.5))  # so that it looks at the clock
    quiet_s, begun_s, seen = time.monotonic(), time.monotonic(), -1
    while time.monotonic() - begun_s < DRAIN_S_MAX and time.monotonic() - quiet_s < 3:
        if len(play.watch.shown) != seen:
            seen, quiet_s = len(play.watch.shown), time.monotonic()
        await asyncio.sleep(0.1)


@contextlib.asynccontextmanager
async def _heard(play: Play) -> AsyncIterator[None]:
    """Have the wearer's watch listen, as long as the block lasts."""
    settings = play.stage.device("watch")

    def hear(message: Message) -> None:
        play.watch.hear(bytes(message.payload))
        link.acknowledge([message])

    link = Link(settings, heard=hear)
    async with asyncio.timeout(START_S_MAX):
        await link.open()
        await link.subscribe([f"carpal/{WEARER}/notify"])
    keeper = asyncio.create_task(_keep(link, settings.keepalive_s / 4))
    try:
        yield
    finally:
        keeper.cancel()
        link.close()


async def _keep(link: Link, every_s: float) -> None:
    while not link.lost.is_set():
        await asyncio.sleep(every_s)
        link.keep_alive()
    raise BenchError(f"the watch has lost its broker: {link.why}")
