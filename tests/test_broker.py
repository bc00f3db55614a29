"""The broker that we configure keeps what it took, and is closed to everyone else."""

import asyncio
import contextlib
import os
import ssl
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent import broker as brokers
from agent.errors import ConfigError, DeliveryError
from agent.events import Input
from agent.mqtt import Link, Mqtt, Settings, publishing
from tests.broker import Broker, free_port, mosquitto, until

pytestmark = pytest.mark.broker
HEART = "carpal/ada/band/heart_rate"
GOOD = b'{"time":1772452790,"value":72,"unit":"bpm"}'


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251


class Clock:
    def now(self) -> datetime:
        return now()


class Started(Broker):
    """The broker of a folder that `brokers.write` wrote."""

    def __init__(self, plan: brokers.Plan) -> None:
        super().__init__(plan.folder, conf=" ")
        brokers.write(plan, at=now())
        self.conf = plan.folder / brokers.CONF
        self.tls_port = plan.tls_port
        self.start()

    def settings_of(self, user: str, **more: object) -> Settings:
        plain = {
            "socket": str(self.socket),
            "username": user,
            "password_file": str(self.folder / f"{user}.password"),
            "wearer": "ada",
            "client_id": user,
        }
        return Settings.model_validate(plain | more)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    mosquitto()
    plan = brokers.Plan(
        folder=tmp_path,
        wearer="ada",
        tls_names=("localhost", "127.0.0.1"),
        tls_port=free_port(),
        topics=("zigbee2mqtt/+",),
    )
    running = Started(plan)
    yield running
    running.stop()


async def hears(settings: Settings, act: Callable[[], object], count: int = 1) -> Sequence[Input]:
    """Return what a consumer hears when *act* (a coroutine function) is done."""
    events: list[Input] = []

    def publish(batch: Sequence[Input], acknowledge: Callable[[], None]) -> None:
        events.extend(batch)
        acknowledge()

    mqtt = Mqtt(settings, clock=Clock(), dead_letter=lambda *_: None)
    task = asyncio.create_task(mqtt.run(publish))
    try:
        await until(lambda: mqtt.counters.connections > 0, f"the connection ({mqtt.error})")
        done = act()
        if asyncio.iscoroutine(done):
            await done
        await until(lambda: len(events) >= count, "what was published")
        return events
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def post(settings: Settings, topic: str, payload: bytes = GOOD) -> bool:
    async with publishing(settings, client_id="poster") as link:
        return await (await link.post(topic, payload))


def test_a_device_reaches_us_over_the_unix_socket(started: Started) -> None:
    device = started.settings_of("device")
    events = asyncio.run(hears(started.settings_of("carpal"), lambda: post(device, HEART)))
    assert len(events) == 1


def test_a_device_reaches_us_over_tls_and_checks_who_we_are(started: Started) -> None:
    ca = str(started.folder / "ca.pem")
    for host in ("localhost", "127.0.0.1"):
        device = started.settings_of(
            "device", socket="", host=host, port=started.tls_port, tls_ca=ca
        )
        assert asyncio.run(hears(started.settings_of("carpal"), lambda d=device: post(d, HEART)))  # type: ignore[misc]


def test_many_messages_arrive_over_tls(started: Started) -> None:
    over_tls = {
        "socket": "",
        "host": "localhost",
        "port": started.tls_port,
        "tls_ca": str(started.folder / "ca.pem"),
    }

    async def many() -> None:
        settings = started.settings_of("device", **over_tls)
        async with publishing(settings, client_id="poster") as link:
            posted = [await link.post(HEART, GOOD) for _ in range(2000)]
            await asyncio.gather(*posted)

    events = asyncio.run(hears(started.settings_of("carpal", **over_tls), many, 2000))
    assert len(events) == 2000


def test_packets_that_share_one_record_of_tls_are_all_read(tmp_path: Path) -> None:
    mosquitto()
    brokers.write(brokers.Plan(folder=tmp_path, wearer="ada", tls_names=("127.0.0.1",)), at=now())
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")
    heard: list[bytes] = []

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        accepted, message = bytes([0x20, 3, 0, 0, 0]), bytes([0x30, 5, 0, 1, 97, 0, 98])
        writer.write(accepted + message * 3)
        await reader.read()
        writer.close()

    async def scenario() -> None:
        server = await asyncio.start_server(greet, "127.0.0.1", 0, ssl=context)
        port = server.sockets[0].getsockname()[1]
        link = Link(
            Settings(port=port, tls_ca=str(tmp_path / "ca.pem")),
            heard=lambda message: heard.append(bytes(message.payload)),
        )
        await link.open()
        await until(lambda: len(heard) == 3, "all that the record held")
        link.close()
        server.close()
        await server.wait_closed()

    asyncio.run(scenario())
    assert heard == [b"b"] * 3


def test_a_broker_with_another_ca_is_refused(started: Started, tmp_path: Path) -> None:
    other = tmp_path / "other"
    brokers.write(brokers.Plan(folder=other, wearer="ada", tls_names=("localhost",)), at=now())
    wrong = started.settings_of(
        "device", socket="", host="localhost", port=started.tls_port, tls_ca=str(other / "ca.pem")
    )
    with pytest.raises(DeliveryError, match="certificate verify failed"):
        asyncio.run(post(wrong, HEART))


def test_a_name_that_the_certificate_does_not_bear_is_refused(started: Started) -> None:
    wrong = started.settings_of(
        "device",
        socket="",
        host="127.0.0.2",
        port=started.tls_port,
        tls_ca=str(started.folder / "ca.pem"),
    )
    with pytest.raises(DeliveryError, match="certificate verify failed"):
        asyncio.run(post(wrong, HEART))


def test_nobody_enters_without_the_password(started: Started) -> None:
    with pytest.raises(DeliveryError, match="sock: refused: Not authorized"):
        asyncio.run(post(Settings(socket=str(started.socket)), HEART))
    (started.folder / "device.password").write_text("guess")
    with pytest.raises(DeliveryError, match="sock: refused: Not authorized"):
        asyncio.run(post(started.settings_of("device"), HEART))


@pytest.mark.parametrize("topic", ["carpal/eve/band/heart_rate", "carpal/ada/notify", "other"])
def test_a_device_may_not_write_what_is_another_wearers_or_ours(
    started: Started, topic: str
) -> None:
    with pytest.raises(DeliveryError, match="refused"):
        asyncio.run(post(started.settings_of("device"), topic))


def test_a_device_hears_what_we_show_and_not_what_other_devices_measure(started: Started) -> None:
    heard: list[Input] = []

    async def scenario() -> None:
        settings = started.settings_of("device", client_id="spy")
        spy = Mqtt(settings, clock=Clock(), dead_letter=lambda *_: None)
        task = asyncio.create_task(spy.run(lambda batch, _: heard.extend(batch)))
        await until(lambda: spy.counters.connections > 0, "the connection")
        await post(started.settings_of("device"), HEART)
        await post(started.settings_of("carpal"), "carpal/ada/notify")
        await until(lambda: spy.counters.messages > 0, "what we show")
        task.cancel()
        await asyncio.wait([task])
        assert spy.counters.messages == 1

    asyncio.run(scenario())
    assert not heard


def test_other_systems_topics_that_were_named_may_be_written(started: Started) -> None:
    assert asyncio.run(post(started.settings_of("device"), "zigbee2mqtt/arm")) is False
    assert asyncio.run(post(started.settings_of("device"), "owntracks/ada/phone")) is False


def test_what_came_while_we_and_then_the_broker_were_down_is_still_there(
    started: Started,
) -> None:
    carpal, device = started.settings_of("carpal"), started.settings_of("device")

    async def first() -> None:
        await hears(carpal, lambda: post(device, HEART))

    async def meanwhile() -> None:
        for _ in range(5):
            await post(device, HEART)

    asyncio.run(first())
    asyncio.run(meanwhile())
    started.stop()
    started.start()
    asyncio.run(meanwhile())
    assert len(asyncio.run(hears(carpal, lambda: None, 10))) == 10


def test_secrets_are_readable_by_their_owner_alone(started: Started) -> None:
    assert started.folder.stat().st_mode & 0o077 == 0
    for name in ("carpal.password", "device.password", "passwords", "server.key", "acl"):
        assert (started.folder / name).stat().st_mode & 0o077 == 0
    hashed = (started.folder / "passwords").read_text()
    assert (started.folder / "device.password").read_text().strip() not in hashed
    assert not (started.folder / "ca.key").exists()


def test_a_folder_that_is_written_is_not_written_again_without_force(tmp_path: Path) -> None:
    mosquitto()
    plan = brokers.Plan(folder=tmp_path, wearer="ada")
    brokers.write(plan, at=now())
    before = (tmp_path / "device.password").read_text()
    with pytest.raises(ConfigError, match="--force"):
        brokers.write(plan, at=now())
    assert (tmp_path / "device.password").read_text() == before
    brokers.write(plan, at=now(), force=True)
    assert (tmp_path / "device.password").read_text() != before


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"wearer": "a/b"}, "level of a topic"),
        ({"wearer": "ada l"}, "spaces"),
        ({"folder": Path("/tmp/" + "x" * 120)}, "unix socket"),  # noqa: S108
        ({"topics": ("a\nuser eve",)}, "topic filter"),
        ({"tls_names": ("bücher",)}, "neither an address"),
    ],
)
def test_a_plan_that_cannot_work_is_refused(
    tmp_path: Path, wrong: dict[str, object], why: str
) -> None:
    mosquitto()
    plain: dict[str, object] = {"folder": tmp_path / "b", "wearer": "ada"}
    with pytest.raises(ConfigError, match=why):
        brokers.write(brokers.Plan(**(plain | wrong)), at=now())  # type: ignore[arg-type]
    assert not (tmp_path / "b" / brokers.CONF).exists()


def test_mosquitto_takes_the_configuration_without_complaint(tmp_path: Path) -> None:
    mosquitto()
    started = Started(brokers.Plan(folder=tmp_path, wearer="ada"))
    try:
        assert os.access(started.socket, os.W_OK)
    finally:
        started.stop()  # and its log is whole
    log = (tmp_path / "test.log").read_text()
    assert "Error" not in log
    complaints = [line for line in log.splitlines() if "Warning" in line and "root" not in line]
    assert not complaints
