"""The daemon: everything joined, until it is told to stop."""

import asyncio
import json
import logging
import signal
import sys
import time
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from agent.app import doctor, house, resources, sources, systemd, zones
from agent.app.answering import Device
from agent.app.brains import Brains
from agent.app.clocks import WorldClock
from agent.app.commands import Commands
from agent.app.pipeline import Parts, Pipeline
from agent.app.screens import screens
from agent.app.settings import Loaded, Settings, guests, load
from agent.app.voiced import Voice
from agent.control import SOCKET, Reply, serve
from agent.doer import nowhere
from agent.errors import ConfigError, DeliveryError, StoreError
from agent.events import Event, FeedbackGiven, FeedbackKind, Input, ListEdited, UtteranceHeard
from agent.mqtt import Mqtt
from agent.mqtt import Settings as MqttSettings
from agent.store import back_up, release, reserve
from agent.wire import act_topic, encode_edit

HOUSEKEEPING_S = 3600
BACKUP_EVERY = timedelta(days=1)
CONNECT_S_MAX = 2.0
log = logging.getLogger(__name__)


@dataclass
class _Now:
    """The settings in force; SIGHUP replaces them."""

    settings: Settings
    path: Path | None


async def run(loaded: Loaded, *, path: Path | None, clock: WorldClock | None = None) -> None:
    """Live until SIGTERM or SIGINT; raise ConfigError, LockError or StoreError at the start."""
    settings, clock = loaded.settings, clock or WorldClock()
    with house.locked(settings.store.folder):
        home = house.enter(settings.store.folder, clock=clock)
        daemon = Daemon(home, _Now(settings, path), clock)
        try:
            await daemon.live()
        finally:
            home.db.close()


class Daemon:
    """One run of the whole."""

    def __init__(self, home: house.House, now: _Now, clock: WorldClock) -> None:
        self._home, self._now, self._clock = home, now, clock
        self._stop = asyncio.Event()
        self._started = clock.now()
        settings = now.settings
        self._voice = Voice(settings, lambda: self._mqtt, self._begin)
        self._mqtt = self._connection(settings.mqtt) if settings.mqtt else None
        self._brains = Brains(settings.models, settings.voice)
        notifier = screens(settings, mqtt=self._mqtt, answered=self._answered)
        self._pipeline = Pipeline(
            Parts(
                db=home.db,
                clock=clock,
                notifier=notifier,
                words=self._brains.words,
                large=self._brains.large,
                nudges_worded=settings.notify.worded,
                send=self._act,
                understandings=self._brains.understandings,
                device=Device(resources.moment, self._brains.candidate),
            )
        )
        self._commands = Commands(
            self._pipeline, clock, settings=lambda: self._now.settings, extra=self._status
        )
        self._voice.join(
            self._pipeline, self._brains, clock=clock, keep=self._publish, secret=home.key
        )
        self._voice.speak(notifier)
        self._commands.voice = self._voice if self._voice.hears else None
        self._zones = zones.Zones(
            zone=lambda: self._pipeline.present().local.key,
            now=clock.now,
            publish=self._pipeline.persist,
            look_up=zones.look_up,
        )
        self._tasks: asyncio.TaskGroup | None = None

    async def live(self) -> None:
        """Start every part, say that we are ready, and wait for the end."""
        settings, loop = self._now.settings, asyncio.get_running_loop()
        for line in (*self._home.news, *doctor.wrong_models(settings)):
            log.warning("%s", line)
        self._pipeline.seek(guests(settings))
        self._pipeline.settle(settings.rules())
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        loop.add_signal_handler(signal.SIGHUP, self._reload)
        async with AsyncExitStack() as stack:
            server = await serve(settings.control.folder, self._commands.handle)
            stack.callback((settings.control.folder / SOCKET).unlink, missing_ok=True)
            stack.callback(server.close)
            stack.push_async_callback(self._brains.close)
            stack.callback(self._pipeline.host.stop)
            self._tasks = await stack.enter_async_context(asyncio.TaskGroup())
            self._pipeline.bus.listen(self._hear)
            if settings.zone_follows:
                self._pipeline.bus.listen(self._zones.hear)
            connection = await self._connect()
            await stack.enter_async_context(self._pipeline.live())
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(one) for one in self._parts()] + connection
                log.info("carpal is ready: %d inputs kept", self._pipeline.bus.state.sequence)
                systemd.notify("READY=1")
                resources.give_back()
                await self._stop.wait()
                systemd.notify("STOPPING=1")
                for task in tasks:
                    task.cancel()
        self._pipeline.bus.checkpoint()

    async def _connect(self) -> list[asyncio.Task[None]]:
        """Begin to hear the broker, and give it a moment: what is said first shall go there too."""
        if self._mqtt is None or self._tasks is None:
            return []
        task = self._tasks.create_task(self._mqtt.run(self._pipeline.bus.publish))
        ready = self._tasks.create_task(self._mqtt.ready())
        stop = self._tasks.create_task(self._stop.wait())
        first = asyncio.FIRST_COMPLETED
        await asyncio.wait((ready, stop), timeout=CONNECT_S_MAX, return_when=first)
        ready.cancel()
        stop.cancel()
        return [task]

    def _connection(self, settings: MqttSettings) -> Mqtt:
        heard = [*sources.routes(self._now.settings), *self._voice.routes()]
        return Mqtt(settings, clock=self._clock, dead_letter=self._dead, routes=heard)

    def _parts(self) -> list[Coroutine[None, None, None]]:
        parts: list[Coroutine[None, None, None]] = [
            self._pipeline.pump(sensor)
            for sensor in sources.sensors(self._now.settings, clock=self._clock)
        ]
        parts += [self._keep_house(), self._zones.run(), self._voice.run()]
        watched_s = systemd.watchdog_s()
        if watched_s is not None:
            parts.append(_show_life(watched_s))
        return parts

    async def _keep_house(self) -> None:
        while True:
            await self._tidy()
            await asyncio.sleep(HOUSEKEEPING_S)

    async def _tidy(self) -> None:
        """Prune and back up; on a full disk give back the reserve, so that pruning can work."""
        where = self._home.folder
        try:
            self._pipeline.prune(self._now.settings.store.retention_days)
            backup = where / house.BACKUP
            age_s = (
                self._clock.now().timestamp() - backup.stat().st_mtime if backup.exists() else 1e9
            )
            if age_s > BACKUP_EVERY.total_seconds():
                source = where / house.DATABASE
                await asyncio.to_thread(back_up, source, backup, key=self._home.key)
            reserve(where)
        except (StoreError, OSError) as error:
            freed = "full" in str(error) and release(where)
            log.warning("housekeeping failed (%s)%s", error, "; reserve released" if freed else "")

    def _reload(self) -> None:
        systemd.notify(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")
        try:
            settings = load(self._now.path).settings
            changed = self._pipeline.settle(settings.rules())
        except (ConfigError, StoreError) as error:
            log.error("the settings stay as they were: %s", error)  # noqa: TRY400  # no traceback
        else:
            apart = settings.model_dump(exclude=_CORE) != self._now.settings.model_dump(
                exclude=_CORE
            )
            self._now.settings = settings
            log.info("settings reloaded%s", "" if changed else ": the rules are the same")
            if apart:
                log.warning("connections, models and folders change with the next start")
        systemd.notify("READY=1")

    def _hear(self, event: Event) -> None:
        """Answer what was asked over MQTT; what a command asks is answered by that command."""
        if isinstance(event, ListEdited) and self._tasks:
            self._tasks.create_task(self._share(event))
        if (
            isinstance(event, UtteranceHeard)
            and self._tasks
            and not self._pipeline.is_answered(event)
        ):
            self._tasks.create_task(self._reply(event))

    async def _share(self, edited: ListEdited) -> None:
        """Tell whoever keeps that list too, such as Home Assistant, what the wearer changed."""
        if self._mqtt is None or self._now.settings.mqtt is None:
            return
        try:
            topic, body = encode_edit(edited, self._now.settings.mqtt.wearer)
            await self._mqtt.send(topic, body)
        except (ValueError, DeliveryError) as error:
            log.warning("a change of the list %s was not shared: %s", edited.name, error)

    async def _reply(self, heard: UtteranceHeard) -> None:
        told = await self._pipeline.ask(heard.text, heard=True)
        if self._mqtt is None or self._now.settings.mqtt is None:
            return
        topic = f"carpal/{self._now.settings.mqtt.wearer}/answer"
        body = json.dumps({"question": heard.text, "text": told.reply.answer.text}).encode()
        try:
            await self._mqtt.send(topic, body)
        except DeliveryError as error:
            log.warning("an answer could not be sent: %s", error)

    async def _act(self, topic: str, payload: bytes) -> bool:
        """Send what an action publishes; raise DeliveryError."""
        if self._mqtt is None or self._now.settings.mqtt is None:
            return await nowhere(topic, payload)
        return await self._mqtt.send(act_topic(self._now.settings.mqtt.wearer, topic), payload)

    def _answered(self, judgement: str, answer: FeedbackKind) -> None:
        now = self._pipeline.present().now
        self._publish([FeedbackGiven(at=now, judgement=judgement, answer=answer)])

    def _publish(self, events: Sequence[Input]) -> None:
        self._begin(self._pipeline.persist(events))

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        if self._tasks is None:
            work.close()  # nothing runs yet, or any more
        else:
            self._tasks.create_task(work)

    def _dead(self, topic: str, payload: bytes, reason: str) -> None:
        self._pipeline.journal.dead_letter(topic, payload, reason, at=self._clock.now())

    def _status(self) -> Reply:
        mqtt = self._mqtt
        reply: Reply = {
            "running": True,
            "up_s": round((self._clock.now() - self._started).total_seconds()),
            "news": list(self._home.news),
            "models": self._brains.status(),
            "voice": self._voice.status(),
        }
        if mqtt is not None:
            reply["mqtt"] = {
                "connected": mqtt.connected,
                "error": mqtt.error,
                "messages": mqtt.counters.messages,
                "acknowledged": mqtt.counters.acknowledged,
                "quarantined": mqtt.counters.quarantined,
                "connections": mqtt.counters.connections,
            }
        return reply


_CORE = {"zone", "policy", "places", "priority", "skills"}


async def _show_life(every_s: float) -> None:
    while True:
        systemd.notify("WATCHDOG=1")
        await asyncio.sleep(every_s)


def log_to_stderr(*, verbose: bool) -> None:
    """Write the daemon's log to standard error, where systemd and a terminal read it."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.DEBUG if verbose else logging.INFO,
        format="%(levelname).1s %(name)s: %(message)s",
    )
    for loud in ("apscheduler", "asyncio"):
        logging.getLogger(loud).setLevel(logging.WARNING)
