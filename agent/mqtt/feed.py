"""What the broker holds for us, as batches that are acknowledged once they are on disk."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import NamedTuple

from agent.errors import ConfigError, DecodeError, DeliveryError, StoreError
from agent.events import Input, InputQuarantined
from agent.mqtt.link import Link, LinkError, Message
from agent.mqtt.settings import Settings, password_of, tls_of
from agent.ports import Clock
from agent.wire import ROOT, decode, decode_foreign, matches, shown

SEND_S_MAX = 5
GATHER_S = 0.010  # under load; a message that follows a pause is handed over at once
EVENTS_MAX = 5_000  # of one transaction
DEAD_BYTES_MAX = 200
DELAY_S = 0.5
DELAY_S_MAX = 60
BAD_TOPICS_MAX = 1_000

Publish = Callable[[Sequence[Input], Callable[[], None]], None]
"""Makes a batch durable, then calls what acknowledges it; raises StoreError if it could not."""
Decode = Callable[[str, bytes, datetime], Sequence[Input]]
"""Turns topic, payload and arrival into events; raises DecodeError."""
DeadLetter = Callable[[str, bytes, str], None]
"""Keeps topic, first bytes and reason of what could not be read."""

_log = logging.getLogger(__name__)


class Route(NamedTuple):
    """Who reads what comes on the topics of one filter."""

    topic: str
    decode: Decode
    ours: bool = False
    """It is among our own topics: it is read before them, and they are subscribed to already."""


@dataclass(slots=True)
class Counters:
    """What has passed since the start."""

    messages: int = 0
    events: int = 0
    batches: int = 0
    acknowledged: int = 0
    quarantined: int = 0
    connections: int = 0


class _Heard(NamedTuple):
    message: Message
    arrived: datetime


class Mqtt:
    """Stay connected; hand over what comes in; send what goes out."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock,
        dead_letter: DeadLetter,
        routes: Sequence[Route] = (),
    ) -> None:
        password_of(settings)  # a file that is missing is told before anything starts
        tls_of(settings)
        self.counters = Counters()
        self.error = ""
        """Why there is no connection; empty while there is one."""
        self._settings = settings
        self._clock = clock
        self._dead_letter = dead_letter
        before = [one for one in routes if one.ours]
        self._routes = (*before, *_routes(settings), *(one for one in routes if not one.ours))
        self._link: Link | None = None
        self._inbox: deque[_Heard] = deque()
        self._woken = asyncio.Event()
        self._failures = 0
        self._subscribed = asyncio.Event()
        self._bad_topics: set[str] = set()

    @property
    def connected(self) -> bool:
        """Return whether the broker has us now."""
        return self._link is not None and self._link.reached and not self._link.lost.is_set()

    async def run(self, publish: Publish) -> None:
        """Hand every message to *publish*, reconnecting for as long as the task lives."""
        while True:
            try:
                await self._serve(publish)
            except (LinkError, StoreError, ConfigError) as error:
                self._tell(str(error))
                # What is not acknowledged comes again, when there is room for it again.
                reached = self._link is not None and self._link.reached
                known = isinstance(error, LinkError) and reached
                self._failures = 0 if known else self._failures + 1
            finally:
                self._close()
            await asyncio.sleep(min(DELAY_S_MAX, DELAY_S * 2 ** min(self._failures, 10)))

    async def ready(self) -> None:
        """Wait for the first connection: from then on the broker keeps what comes for us."""
        await self._subscribed.wait()

    async def send(self, topic: str, payload: bytes, *, qos: int = 1) -> bool:
        """Return whether the broker has someone to give it to; raise DeliveryError."""
        if self._link is None or not self.connected:
            raise DeliveryError(f"MQTT: {self.error or 'not connected'}")
        try:
            async with asyncio.timeout(SEND_S_MAX):
                done = await self._link.post(topic, payload, qos=qos)
                self._link.hurry(done)
                return await done
        except TimeoutError as error:
            raise DeliveryError(f"MQTT: no answer in {SEND_S_MAX} s") from error

    async def _serve(self, publish: Publish) -> None:
        link = self._link = Link(self._settings, heard=self._hear, changed=self._woken.set)
        await link.open()
        refused = await link.subscribe([one.topic for one in self._routes if not one.ours])
        self.counters.connections += 1
        self._subscribed.set()
        self._tell(f"the broker refused to subscribe us to {', '.join(refused)}" if refused else "")
        await self._pump(link, publish)

    async def _pump(self, link: Link, publish: Publish) -> None:
        loop = asyncio.get_running_loop()
        last = 0.0
        while not link.lost.is_set():
            await self._awaken()
            await asyncio.sleep(max(0.0, last + GATHER_S - loop.time()))
            while self._inbox and not link.lost.is_set():
                self._hand_over(link, publish)
                await asyncio.sleep(0)
            last = loop.time()
            link.keep_alive()
        raise LinkError(link.why)

    async def _awaken(self) -> None:
        """Wait for a message, or until it is time to look after the connection."""
        try:
            async with asyncio.timeout(self._settings.keepalive_s / 4):
                await self._woken.wait()
        except TimeoutError:
            return
        self._woken.clear()

    def _hear(self, message: Message) -> None:
        self._inbox.append(_Heard(message, self._clock.now()))
        self._woken.set()

    def _hand_over(self, link: Link, publish: Publish) -> None:
        events, messages = list[Input](), list[Message]()
        while self._inbox and len(events) < EVENTS_MAX:
            heard = self._inbox.popleft()
            events += self._decoded(heard)
            messages.append(heard.message)
        acknowledge = partial(self._acknowledge, link, messages)
        if events:
            publish(events, acknowledge)
        else:
            acknowledge()
        self.counters.batches += 1
        self.counters.messages += len(messages)
        self.counters.events += len(events)

    def _acknowledge(self, link: Link, messages: Sequence[Message]) -> None:
        link.acknowledge(messages)
        self.counters.acknowledged += len(messages)
        self._failures = 0

    def _decoded(self, heard: _Heard) -> Sequence[Input]:
        topic, payload = heard.message.topic, bytes(heard.message.payload)
        try:
            read = next(route.decode for route in self._routes if matches(route.topic, topic))
            events = read(topic, payload, heard.arrived)
        except DecodeError as error:
            self.counters.quarantined += 1
            self._mark(topic, str(error))
            self._dead_letter(topic, payload[:DEAD_BYTES_MAX], str(error))
            source = shown(topic, 256)
            return [InputQuarantined(at=heard.arrived, source=source, reason=str(error))]
        self._mark(topic, "")
        return events

    def _mark(self, topic: str, reason: str) -> None:
        """Log when a topic becomes unreadable and when it can be read again, not each message."""
        if reason and topic not in self._bad_topics and len(self._bad_topics) < BAD_TOPICS_MAX:
            self._bad_topics.add(topic)
            _log.warning("quarantined: %s", reason)
        elif not reason and topic in self._bad_topics:
            self._bad_topics.remove(topic)
            _log.info("%s can be read again", shown(topic, 256))

    def _tell(self, error: str) -> None:
        if error and error != self.error:
            _log.warning("MQTT: %s", error)
        elif self.error and not error:
            _log.info("MQTT: connected again")
        self.error = error

    def _close(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None
        self._inbox.clear()


@asynccontextmanager
async def publishing(settings: Settings, *, client_id: str) -> AsyncIterator[Link]:
    """Give a connection that only sends, for a simulator; on leaving, all of it has arrived.

    Raise DeliveryError without a broker.
    """
    changed = {"client_id": client_id, "session_expiry_s": 0}
    link = Link(Settings.model_validate(settings.model_dump() | changed))
    try:
        await link.open()
        keeper = asyncio.create_task(_keep_alive(link, settings.keepalive_s / 4))
        try:
            yield link
            await link.flush()
        finally:
            keeper.cancel()
    except LinkError as error:
        raise DeliveryError(str(error)) from error
    finally:
        link.close()


async def _keep_alive(link: Link, every_s: float) -> None:
    while not link.lost.is_set():
        await asyncio.sleep(every_s)
        link.keep_alive()


def _routes(settings: Settings) -> Sequence[Route]:
    def ours(topic: str, payload: bytes, arrived: datetime) -> Sequence[Input]:
        return decode(topic, payload, wearer=settings.wearer, arrived=arrived)

    def foreign(topic: str, payload: bytes, arrived: datetime) -> Sequence[Input]:
        return decode_foreign(topic, payload, mappings=settings.mappings, arrived=arrived)

    filters = dict.fromkeys(mapping.topic for mapping in settings.mappings)
    return (
        *(Route(topic, foreign) for topic in filters),
        Route(f"{ROOT}/{settings.wearer}/#", ours),
    )
