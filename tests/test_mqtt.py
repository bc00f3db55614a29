"""What the broker acknowledged to a device is on disk, or comes again."""

import asyncio
import contextlib
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.errors import ConfigError, DeliveryError, StoreError
from agent.events import Input, InputQuarantined, SampleMeasured
from agent.mqtt import Link, Mqtt, Publish, Route, Settings, publishing
from agent.signals import HEART_RATE
from agent.wire import Mapping, encode_samples
from tests.broker import WAIT_S, Broker, broker, until

__all__ = ["broker"]
pytestmark = pytest.mark.broker
HEART = "carpal/ada/band/heart_rate"
ROOT = Path(__file__).parents[1]


class Clock:
    def now(self) -> datetime:
        return datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Kept:
    """A journal in memory that may refuse."""

    def __init__(self) -> None:
        self.events: list[Input] = []
        self.batches: list[int] = []
        self.refuses = False
        self.withholds = False

    def publish(self, events: Sequence[Input], acknowledge: Callable[[], None]) -> None:
        if self.refuses:
            raise StoreError("the disk is full")
        self.events += events
        self.batches.append(len(events))
        if not self.withholds:
            acknowledge()

    @property
    def numbers(self) -> list[int | None]:
        return [one.source_sequence for one in self.events if isinstance(one, SampleMeasured)]


@contextlib.asynccontextmanager
async def running(mqtt: Mqtt, publish: Publish) -> AsyncIterator[None]:
    task = asyncio.create_task(mqtt.run(publish))
    try:
        await until(lambda: mqtt.connected and mqtt.counters.connections > 0, "the connection")
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def subscriber(settings: Settings, *routes: Route) -> Mqtt:
    return Mqtt(settings, clock=Clock(), dead_letter=lambda *_: None, routes=routes)


def sample(number: int) -> SampleMeasured:
    at = Clock().now() - timedelta(seconds=30) + timedelta(milliseconds=number)
    return SampleMeasured(
        at=at, signal=HEART_RATE.id, value=72, source="band", source_sequence=number
    )


async def sent(link: Link, numbers: range) -> None:
    pairs = encode_samples((sample(number) for number in numbers), "ada")
    for topic, payload in pairs:
        await link.post(topic, payload)
    await link.flush()


async def publish_range(settings: Settings, numbers: range) -> None:
    async with publishing(settings, client_id="device") as link:
        await sent(link, numbers)


@pytest.mark.parametrize("way", ["unix", "tcp"])
def test_what_is_published_is_handed_over_in_order(broker: Broker, way: str) -> None:
    settings = broker.settings if way == "unix" else broker.tcp

    async def scenario() -> None:
        kept, mqtt = Kept(), subscriber(settings)
        async with running(mqtt, kept.publish):
            await publish_range(settings, range(300))
            await until(lambda: len(kept.events) == 300, "300 samples")
        assert kept.numbers == list(range(300))
        assert len(kept.batches) < 300
        assert mqtt.counters.acknowledged == 300

    asyncio.run(scenario())


def test_what_is_not_acknowledged_comes_again_to_the_next_who_connects(broker: Broker) -> None:
    async def scenario() -> None:
        first, second = Kept(), Kept()
        first.withholds = True
        async with running(subscriber(broker.settings), first.publish):
            await publish_range(broker.settings, range(20))
            await until(lambda: len(first.events) == 20, "20 samples")
        again = subscriber(broker.settings)
        async with running(again, second.publish):
            await until(lambda: len(second.events) == 20, "20 samples again")
            await again.send("round/trip", b"")  # the broker has read what we said before it
        third = Kept()
        async with running(subscriber(broker.settings), third.publish):
            await publish_range(broker.settings, range(20, 21))
            await until(lambda: len(third.events) == 1, "only the new one")

    asyncio.run(scenario())


def test_a_store_that_refuses_loses_nothing_once_it_is_well_again(broker: Broker) -> None:
    async def scenario() -> None:
        kept, mqtt = Kept(), subscriber(broker.settings)
        async with running(mqtt, kept.publish):
            kept.refuses = True
            await publish_range(broker.settings, range(50))
            await until(lambda: "disk is full" in mqtt.error, "the refusal")
            assert mqtt.counters.acknowledged == 0
            kept.refuses = False
            await until(lambda: len(set(kept.numbers)) == 50, "all of them")
            assert not mqtt.error
            assert mqtt.counters.connections >= 2

    asyncio.run(scenario())


def test_the_session_keeps_what_came_while_we_were_away(broker: Broker) -> None:
    async def scenario() -> None:
        async with running(subscriber(broker.settings), Kept().publish):
            pass
        await publish_range(broker.settings, range(100))
        kept = Kept()
        async with running(subscriber(broker.settings), kept.publish):
            await until(lambda: len(kept.events) == 100, "what came meanwhile")
        assert kept.numbers == list(range(100))

    asyncio.run(scenario())


def test_a_broker_that_is_killed_and_restarted_is_found_again_with_what_it_held(
    broker: Broker,
) -> None:
    async def scenario() -> None:
        kept, mqtt = Kept(), subscriber(broker.settings)
        async with running(mqtt, kept.publish):
            broker.stop(kill=True)
            await until(lambda: not mqtt.connected, "the loss")
            with pytest.raises(DeliveryError):
                await mqtt.send("carpal/ada/notify", b"{}")
            broker.start()
            await until(lambda: mqtt.counters.connections == 2, "the second connection")
            await publish_range(broker.settings, range(10))
            await until(lambda: len(kept.events) == 10, "what came after")

    asyncio.run(scenario())


def test_consumers_killed_at_any_moment_lose_nothing(broker: Broker, tmp_path: Path) -> None:
    out = tmp_path / "kept.txt"
    out.touch()

    def consumer() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.mqtt_consumer", str(broker.socket), str(out)]
        return subprocess.Popen(command, cwd=ROOT)

    def written() -> int:
        return out.read_bytes().count(b"\n")

    async def scenario() -> None:
        child = consumer()
        try:
            async with publishing(broker.settings, client_id="device") as link:
                # A session exists once something has come through it.
                while not written():
                    await sent(link, range(1))
                    await asyncio.sleep(0.05)
                for cut in range(3):
                    before = written()
                    await sent(link, range(1 + cut * 1000, 1 + (cut + 1) * 1000))
                    await until(lambda b=before: written() > b, "some of them")  # type: ignore[misc]
                    child.kill()
                    child.wait(WAIT_S)
                    child = consumer()
                wanted = set(range(3001))
                await until(
                    lambda: wanted <= set(map(int, out.read_text().split())), "every sample"
                )
        finally:
            child.kill()
            child.wait(WAIT_S)

    asyncio.run(scenario())


def test_a_message_that_cannot_be_read_is_quarantined_kept_and_acknowledged(
    broker: Broker, caplog: pytest.LogCaptureFixture
) -> None:
    dead: list[tuple[str, bytes, str]] = []
    caplog.set_level("INFO")

    async def scenario() -> None:
        kept = Kept()
        mqtt = Mqtt(
            broker.settings,
            clock=Clock(),
            dead_letter=lambda topic, first, reason: dead.append((topic, first, reason)),
        )
        async with running(mqtt, kept.publish), publishing(broker.settings, client_id="d") as link:
            for _ in range(3):
                await (await link.post(HEART, b"{" * 1000))
            await sent(link, range(1))
            await until(lambda: len(kept.events) == 4, "all four")
        assert [type(event) for event in kept.events] == [InputQuarantined] * 3 + [SampleMeasured]
        assert mqtt.counters.acknowledged == 4
        assert mqtt.counters.quarantined == 3

    asyncio.run(scenario())
    assert [(topic, len(first)) for topic, first, _ in dead] == [(HEART, 200)] * 3
    assert sum("quarantined" in record.message for record in caplog.records) == 1
    assert sum("can be read again" in record.message for record in caplog.records) == 1


def test_a_payload_of_10_mb_never_reaches_us_and_stops_nothing(broker: Broker) -> None:
    async def scenario() -> None:
        kept, mqtt = Kept(), subscriber(broker.settings)
        async with running(mqtt, kept.publish), publishing(broker.settings, client_id="d") as link:
            await (await link.post(HEART, b"x" * 10_000_000))
            await (await link.post(HEART, b"x" * 300_000))
            await sent(link, range(1))
            await until(lambda: len(kept.events) == 2, "the sample after them")
        assert mqtt.connected is False
        assert [type(event) for event in kept.events] == [InputQuarantined, SampleMeasured]
        assert mqtt.counters.connections == 1

    asyncio.run(scenario())


def test_other_systems_topics_are_read_by_mapping_and_by_route(broker: Broker) -> None:
    mapping = Mapping(
        topic="zigbee2mqtt/+", signal="skin_temperature", unit="degC", path="temperature"
    )
    settings = Settings(socket=str(broker.socket), wearer="ada", mappings=(mapping,))

    def read(topic: str, payload: bytes, arrived: datetime) -> Sequence[Input]:
        return [InputQuarantined(at=arrived, source=topic, reason=payload.decode())]

    async def scenario() -> None:
        kept = Kept()
        mqtt = subscriber(settings, Route("owntracks/ada/#", read))
        async with running(mqtt, kept.publish), publishing(settings, client_id="d") as link:
            await (await link.post("zigbee2mqtt/arm", json.dumps({"temperature": 33.5}).encode()))
            await (await link.post("owntracks/ada/phone", b"here"))
            await until(lambda: len(kept.events) == 2, "both")
        first, second = kept.events
        assert isinstance(first, SampleMeasured)
        assert (first.source, first.value) == ("arm", 33.5)
        assert isinstance(second, InputQuarantined)

    asyncio.run(scenario())


def test_sending_tells_whether_anyone_listens(broker: Broker) -> None:
    async def scenario() -> None:
        kept, mqtt = Kept(), subscriber(broker.settings)
        other = Settings(socket=str(broker.socket), wearer="eve", client_id="other")
        async with running(mqtt, kept.publish):
            assert not await mqtt.send("carpal/eve/notify", b"{}")
            async with running(subscriber(other), Kept().publish):
                assert await mqtt.send("carpal/eve/notify", b"{}")

    asyncio.run(scenario())


def test_without_a_broker_sending_fails_at_once_and_says_where(tmp_path: Path) -> None:
    settings = Settings(socket=str(tmp_path / "none.sock"))

    async def scenario() -> None:
        mqtt = subscriber(settings)
        task = asyncio.create_task(mqtt.run(Kept().publish))
        await until(lambda: bool(mqtt.error), "the failure")
        assert "none.sock" in mqtt.error
        with pytest.raises(DeliveryError, match=r"none\.sock"):
            await mqtt.send("a", b"b")
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        with pytest.raises(DeliveryError, match=r"none\.sock"):
            async with publishing(settings, client_id="d"):
                pass

    asyncio.run(scenario())


def test_files_that_the_settings_name_are_read_before_anything_starts(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    with pytest.raises(ConfigError, match="password_file"):
        subscriber(Settings(username="ada", password_file=missing))
    with pytest.raises(ConfigError, match="tls_ca"):
        subscriber(Settings(tls_ca=missing))
