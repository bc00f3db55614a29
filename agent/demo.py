"""A simulated day through the real pipeline, told as it happens; then three questions about it."""

import asyncio
import json
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

from agent import broker
from agent.app import house
from agent.app.brains import Brains
from agent.app.clocks import VirtualClock
from agent.app.commands import situation
from agent.app.days import DAY, ZONE, gathered, made_up, post, rules_of, sending
from agent.app.pipeline import Parts, Pipeline
from agent.app.settings import Settings
from agent.errors import ConfigError, ModelError
from agent.events import Event, Input, Notified, ProposalJudged
from agent.models.fetch import models_folder
from agent.mqtt import Link, Mqtt
from agent.mqtt import Settings as MqttSettings
from agent.ports import Hints, Nudge
from agent.screen import Screen, dashboard
from agent.shipped import shipped
from sensors import simulated

QUESTIONS = ("What was my heart rate during the last meeting?", "How did I sleep?")
SPOKEN = ("question.wav", "What is on my shopping list?")
HEARD_AS = "Heart rate, stress, meetings, shopping list."
BROKER_S_MAX = 5.0
FRAME_S = 0.1
LIVE_S = 24.0  # an hour a second
CURTAIN = clock_time(21, 30)  # the wearer is at home and awake, and may be asked about the day
WEARER = "me"


@dataclass(frozen=True, kw_only=True)
class Play:
    """What is played, and where it is told."""

    seed: int
    without: frozenset[str]
    folder: Path
    settings: Settings
    write: Callable[[str], None]
    live: bool
    broker: bool = True
    start: date = field(default=DAY)


class Audience:
    """Tell each event that is worth a line, and keep the view below them fresh."""

    def __init__(self, play: Play) -> None:
        self._play = play
        self._screen = Screen(play.write, width=shutil.get_terminal_size().columns - 1)
        self._judged: dict[str, ProposalJudged] = {}
        self._painted_s = 0.0

    async def say(self, nudge: Nudge) -> None:
        """Be reached: the line is told when it is on record that it was shown."""

    def show(self, event: Event) -> None:
        """Tell *event*."""
        match event:
            case ProposalJudged(verdict="speak"):
                self._judged[event.id] = event
            case ProposalJudged():
                self.tell(event.at, f"held {event.skill} ({event.verdict}): {event.text}")
            case Notified():
                judged = self._judged.pop(event.judgement)
                by = " [worded by the model]" if event.wording == "model" else ""
                self.tell(judged.at, f"said {judged.skill}: {event.text}{by}")
            case _:
                pass

    def tell(self, at: datetime, text: str) -> None:
        """Write one line with the wearer's time."""
        line = f"{at.astimezone(ZONE):%H:%M} {text}"
        if self._play.live:
            self._screen.line(line)
        else:
            self._play.write(f"{line}\n")

    def note(self, text: str) -> None:
        """Write one line that belongs to no time of the day."""
        self._play.write(f"{text}\n")

    def paint(self, pipeline: Pipeline, now: datetime) -> None:
        """Refresh the view, not more often than the eye sees."""
        if self._play.live and time.monotonic() - self._painted_s >= FRAME_S:
            self._painted_s = time.monotonic()
            clock = f"{now.astimezone(ZONE):%H:%M}"
            self._screen.stay(dashboard(clock, situation(pipeline.bus.state.context)))

    async def watch(self, now: datetime, begun_s: float) -> None:
        """Let a live view be watched: not faster than LIVE_S for the whole day."""
        if self._play.live:
            midnight = datetime.combine(self._play.start, datetime.min.time(), ZONE)
            passed = (now - midnight) / timedelta(days=1)
            await asyncio.sleep(max(0.0, begun_s + passed * LIVE_S - time.monotonic()))

    def clear(self) -> None:
        """Take the view away."""
        if self._play.live:
            self._screen.clear()


async def run(play: Play) -> None:
    """Play the day, and answer; raise StoreError if *folder* cannot be written."""
    audience, clock = Audience(play), VirtualClock()
    home = house.enter(play.folder, clock=clock)
    brains = Brains(play.settings.models, play.settings.voice)
    if models_folder() is None:
        audience.note("(CARPAL_MODELS=none: without models, plainer)")
    else:
        for name in brains.missing:
            audience.note(f"({name} model: not set up; `carpal models get {name}` brings it)")
    parts = Parts(
        db=home.db,
        clock=clock,
        notifier=audience,
        words=brains.words,
        understandings=brains.understandings,
    )
    stage = Stage(play, Pipeline(parts), clock, audience)
    try:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(brains.close)
            stage.remember_nights()
            stage.pipeline.bus.listen(audience.show)
            await stack.enter_async_context(stage.pipeline.live())
            await stage.live_through(await stack.enter_async_context(stage.way_in()))
            audience.clear()
            await _ask(stage.pipeline, brains, audience)
        stage.pipeline.bus.checkpoint()
    finally:
        home.db.close()


def settings_of(play: Play) -> str:
    """Return the settings (TOML) with which `carpal ask` opens the day that was played."""
    rules = rules_of(play.seed)
    places = "".join(
        "\n[[places]]\n"
        + "".join(f"{key} = {json.dumps(value)}\n" for key, value in place.model_dump().items())
        for place in rules.places
    )
    folder = json.dumps(str(play.folder.absolute()))
    return (
        f'zone = "{rules.zone}"\n\n[store]\nfolder = {folder}\n\n[control]\nfolder = {folder}\n'
        f"{places}"
    )


Send = Callable[[Sequence[Input]], Awaitable[None]]


@dataclass(frozen=True)
class Stage:
    """The pipeline, and the simulated world around it."""

    play: Play
    pipeline: Pipeline
    clock: VirtualClock
    audience: Audience

    def remember_nights(self) -> None:
        """Put seven nights into memory, so that there is a usual to compare with."""
        nights = simulated.nights(seed=self.play.seed, until=self.play.start, zone=ZONE.key)
        self.pipeline.settle(rules_of(self.play.seed))
        for arrival, batch in gathered(nights):
            self.clock.move_to(arrival)
            self.pipeline.bus.publish(batch)
        self.audience.note("(seven simulated nights are in memory; now the day)")

    @asynccontextmanager
    async def way_in(self) -> AsyncIterator[Send]:
        """Give the way that events take: through a broker of our own, or straight to the bus."""
        settings = None
        async with AsyncExitStack() as stack:
            if self.play.broker:
                settings = stack.enter_context(_broker(self.play.folder / "broker", self.audience))
            if settings is None:
                yield self._straight
                return
            mqtt = Mqtt(settings, clock=self.clock, dead_letter=self._dead)
            task = asyncio.create_task(mqtt.run(self.pipeline.bus.publish))
            await mqtt.ready()
            stack.callback(task.cancel)
            link = await stack.enter_async_context(sending(settings))
            yield _ThroughBroker(self.pipeline, link, mqtt).send

    async def live_through(self, send: Send) -> None:
        """Let the day happen, as fast as everything keeps up."""
        batches = made_up(self.play.seed, start=self.play.start, without=self.play.without)
        begun_s, curtain = time.monotonic(), datetime.combine(self.play.start, CURTAIN, ZONE)
        for arrival, batch in gathered(batches):
            if arrival > curtain:
                break
            self.clock.move_to(arrival)
            await send([event for event in batch if event.kind != "settings_changed"])
            self.pipeline.scheduler.check()
            await self.pipeline.speaker.drain()
            self.audience.paint(self.pipeline, arrival)
            await self.audience.watch(arrival, begun_s)

    async def _straight(self, batch: Sequence[Input]) -> None:
        self.pipeline.bus.publish(batch)
        await asyncio.sleep(0)

    def _dead(self, topic: str, payload: bytes, reason: str) -> None:
        self.pipeline.journal.dead_letter(topic, payload, reason, at=self.clock.now())


class _ThroughBroker:
    """Send what happens to the broker, and wait until it has come back to the bus."""

    def __init__(self, pipeline: Pipeline, link: Link, mqtt: Mqtt) -> None:
        self._pipeline, self._link, self._mqtt = pipeline, link, mqtt
        self._sent = 0
        self._came = asyncio.Event()
        pipeline.bus.listen(lambda _: self._came.set())

    async def send(self, batch: Sequence[Input]) -> None:
        answers = await post(self._link, batch, wearer=WEARER)
        self._sent += len(answers)
        await asyncio.gather(*answers)
        async with asyncio.timeout(BROKER_S_MAX):
            while self._mqtt.counters.acknowledged < self._sent:
                self._came.clear()
                if self._mqtt.counters.acknowledged < self._sent:
                    await self._came.wait()


@contextmanager
def _broker(folder: Path, audience: Audience) -> Iterator[MqttSettings | None]:
    """Run a private mosquitto while the block lasts, if one is installed."""
    try:
        broker.write(broker.Plan(folder=folder, wearer=WEARER), at=datetime.fromtimestamp(0, UTC))
        command = broker.command(folder)
    except ConfigError:
        audience.note("(mosquitto is not installed: events go straight to the bus)")
        yield None
        return
    log = (folder / "log").open("wb")
    with log, subprocess.Popen(command, stdout=log, stderr=log) as process:  # noqa: S603  # ours
        try:
            listens = _wait_for(folder / broker.SOCKET, process)
            if not listens:
                audience.note(
                    f"(mosquitto did not start, see {folder / 'log'}: straight to the bus)"
                )
            yield _settings(folder) if listens else None
        finally:
            process.terminate()


def _settings(folder: Path) -> MqttSettings:
    return MqttSettings(
        socket=str(folder / broker.SOCKET),
        username="carpal",
        password_file=str(folder / "carpal.password"),
        wearer=WEARER,
    )


def _wait_for(path: Path, process: "subprocess.Popen[bytes]") -> bool:
    deadline_s = time.monotonic() + BROKER_S_MAX
    while process.poll() is None and time.monotonic() < deadline_s:
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(str(path)) == 0:
                return True
        time.sleep(0.02)
    return False


async def _ask(pipeline: Pipeline, brains: Brains, audience: Audience) -> None:
    name, written = SPOKEN
    spoken = written
    if brains.transcriber is None:
        audience.note("(no speech model: the spoken question is asked in writing)")
    else:
        try:
            heard = await brains.transcriber.transcribe(shipped(name), Hints(prompt=HEARD_AS))
            audience.note(f"(heard in {name}: {heard.text!r})")
            spoken = heard.text
        except ModelError as error:
            audience.note(f"(the spoken question could not be heard, it is written: {error})")
    for question in (*QUESTIONS, spoken):
        audience.note(f"asked: {question}")
        told = await pipeline.ask(question)
        audience.note(f"answered: {told.reply.answer.text}")
