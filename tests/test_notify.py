"""A nudge reaches the wearer in every way that there is, and an answer comes back."""

import asyncio
import http.server
import io
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from dbus_fast import BusType, Message, MessageType, NameFlag
from dbus_fast.aio import MessageBus

from agent.errors import ConfigError, DeliveryError
from agent.events import FeedbackKind
from agent.notify import Fan
from agent.notify.desktop import PATH, SERVICE, Desktop
from agent.notify.mqtt import Published, payload_of
from agent.notify.ntfy import Ntfy
from agent.notify.ntfy import Settings as NtfySettings
from agent.notify.terminal import Terminal
from agent.ports import Nudge
from tests.broker import until

ANSWERABLE = ("yes", "no", "later")


def nudge(
    number: int = 1, *, skill: str = "break", text: str = "Walk <b>ten</b> minutes."
) -> Nudge:
    return Nudge(
        id=f"j{number}",
        at=datetime(2026, 3, 2, 14, 0, tzinfo=UTC),
        skill=skill,
        glance="Take a walk",
        text=text,
        haptic="double",
        actions=ANSWERABLE,
    )


class Way:
    def __init__(self, fails: str = "") -> None:
        self.fails = fails
        self.shown: list[str] = []

    async def say(self, nudge: Nudge) -> None:
        if self.fails:
            raise DeliveryError(self.fails)
        self.shown.append(nudge.id)


def test_one_way_that_works_is_enough() -> None:
    good = Way()
    asyncio.run(Fan({"bad": Way("is off"), "good": good}).say(nudge()))
    assert good.shown == ["j1"]


def test_when_all_ways_fail_each_reason_is_told() -> None:
    with pytest.raises(DeliveryError, match="one: is off; two: is away"):
        asyncio.run(Fan({"one": Way("is off"), "two": Way("is away")}).say(nudge()))
    with pytest.raises(DeliveryError, match="no way"):
        asyncio.run(Fan({}).say(nudge()))


def test_the_terminal_shows_one_line_in_the_wearers_time() -> None:
    stream = io.StringIO()
    terminal = Terminal(stream, zone=ZoneInfo("Europe/Berlin"))
    asyncio.run(terminal.say(nudge(text="Walk\x1b[2J\nnow")))
    assert stream.getvalue() == "15:00 break: Walk?[2J?now  [yes / no / later: j1]\n"
    stream.close()
    with pytest.raises(DeliveryError):
        asyncio.run(terminal.say(nudge()))


def test_the_message_for_a_device_has_all_that_it_shows() -> None:
    assert json.loads(payload_of(nudge())) == {
        "id": "j1",
        "at": "2026-03-02T14:00:00+00:00",
        "skill": "break",
        "glance": "Take a walk",
        "text": "Walk <b>ten</b> minutes.",
        "haptic": "double",
        "actions": ["yes", "no", "later"],
    }


def test_a_message_that_nobody_has_subscribed_to_is_not_delivered() -> None:
    sent: list[tuple[str, bytes]] = []

    async def send(topic: str, payload: bytes) -> bool:
        sent.append((topic, payload))
        return len(sent) > 1

    way = Published(send, wearer="ada")
    with pytest.raises(DeliveryError, match="carpal/ada/notify"):
        asyncio.run(way.say(nudge()))
    asyncio.run(way.say(nudge()))
    assert [topic for topic, _ in sent] == ["carpal/ada/notify"] * 2


class _Server(http.server.BaseHTTPRequestHandler):
    status: ClassVar = 200
    seen: ClassVar[list[tuple[str | None, dict[str, object]]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.headers["Authorization"], json.loads(body)))
        self.send_response(self.status)
        self.send_header("Location", "http://127.0.0.1:9/")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def ntfy(status: int = 200) -> Iterator[str]:
    _Server.status = status
    _Server.seen.clear()
    with http.server.HTTPServer(("127.0.0.1", 0), _Server) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join()


def test_ntfy_gets_its_json_and_the_token(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("tk_1\n")
    with ntfy() as url:
        settings = NtfySettings(url=url, topic="me", token_file=str(tmp_path / "token"))
        asyncio.run(Ntfy(settings).say(nudge()))
    ((authorization, content),) = _Server.seen
    assert authorization == "Bearer tk_1"
    assert content == {
        "topic": "me",
        "title": "Take a walk",
        "message": "Walk <b>ten</b> minutes.",
        "priority": 4,
        "tags": ["break"],
    }


@pytest.mark.parametrize("status", [302, 403, 500])
def test_ntfy_that_does_not_take_it_is_a_failed_delivery(status: int) -> None:
    with ntfy(status) as url, pytest.raises(DeliveryError, match=str(status)):
        asyncio.run(Ntfy(NtfySettings(url=url)).say(nudge()))
    assert len(_Server.seen) == 1


def test_ntfy_that_is_away_is_a_failed_delivery() -> None:
    with pytest.raises(DeliveryError, match="refused"):
        asyncio.run(Ntfy(NtfySettings(url="http://127.0.0.1:9")).say(nudge()))


@pytest.mark.parametrize(
    "url",
    [
        "http://93.184.216.34",
        "http://169.254.169.254",
        "http://100.64.0.1",
        "http://[2001:4860::1]",
        "http://[::ffff:93.184.216.34]",
        "http://0.0.0.0",
        "https://127.0.0.1",
        "ftp://127.0.0.1",
        "http://127.0.0.1:99999",
        "http://127.0.0.1/elsewhere",
        "127.0.0.1",
    ],
)
def test_ntfy_at_an_address_that_is_not_near_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="url"):
        Ntfy(NtfySettings(url=url))


def test_a_name_that_moved_away_after_the_start_is_not_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    way = Ntfy(NtfySettings(url="http://localhost:9"))
    far = [(2, 1, 6, "", ("93.184.216.34", 9))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: far)
    with pytest.raises(DeliveryError, match="neither loopback nor private"):
        asyncio.run(way.say(nudge()))


class Notifications:
    """The desktop's side of org.freedesktop.Notifications, message by message."""

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus
        self.shown: list[list[object]] = []
        bus.add_message_handler(self._answer)

    def _answer(self, message: Message) -> Message | None:
        if message.interface != SERVICE or message.message_type is not MessageType.METHOD_CALL:
            return None
        if message.member == "GetCapabilities":
            return Message.new_method_return(message, "as", [["actions", "body", "body-markup"]])
        self.shown.append(message.body)
        number = message.body[1] or len(self.shown) + 6
        return Message.new_method_return(message, "u", [number])

    def signal(self, member: str, number: int, word: str | int) -> None:
        signature = "us" if isinstance(word, str) else "uu"
        self._bus.send(Message.new_signal(PATH, SERVICE, member, signature, [number, word]))


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Start a session bus of the test's own."""
    daemon = shutil.which("dbus-daemon")
    if daemon is None:
        pytest.skip("dbus-daemon is not installed")
    running = subprocess.Popen(
        [daemon, "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    address = running.stdout.readline().strip()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    yield address
    running.terminate()
    running.wait(20)
    running.stdout.close()


async def desktop_on(session: str) -> tuple[MessageBus, Notifications]:
    bus = await MessageBus(bus_address=session, bus_type=BusType.SESSION).connect()
    notifications = Notifications(bus)
    await bus.request_name(SERVICE, NameFlag.DO_NOT_QUEUE)
    return bus, notifications


def test_the_desktop_shows_a_nudge_and_its_answers_are_heard(session: str) -> None:
    answers: list[tuple[str, FeedbackKind]] = []

    async def scenario() -> None:
        bus, desktop = await desktop_on(session)
        way = Desktop(lambda judgement, answer: answers.append((judgement, answer)))
        for number, skill in enumerate(("break", "grocery", "morning", "sleep"), 1):
            await way.say(nudge(number, skill=skill))
        desktop.signal("ActionInvoked", 7, "yes")
        desktop.signal("NotificationClosed", 7, 2)
        desktop.signal("ActionInvoked", 8, "later")
        desktop.signal("NotificationClosed", 9, 2)
        desktop.signal("NotificationClosed", 10, 1)
        desktop.signal("ActionInvoked", 99, "yes")
        await until(lambda: len(answers) == 3, "three answers")
        way.close()
        bus.disconnect()
        labels = ["yes", "Yes", "no", "No", "later", "Later"]
        _, replaces, _, summary, body, actions, *_ = desktop.shown[0]
        assert (replaces, summary, actions) == (0, "Take a walk", labels)
        assert body == "Walk &lt;b&gt;ten&lt;/b&gt; minutes."

    asyncio.run(scenario())
    assert answers == [("j1", "accepted"), ("j2", "snoozed"), ("j3", "dismissed")]


def test_a_skills_newer_nudge_replaces_its_older_one(session: str) -> None:
    async def scenario() -> None:
        bus, desktop = await desktop_on(session)
        way = Desktop(lambda *_: None)
        await way.say(nudge(1))
        await way.say(nudge(2, skill="grocery"))
        await way.say(nudge(3))
        way.close()
        bus.disconnect()
        assert [replaces for _, replaces, *_ in desktop.shown] == [0, 0, 7]

    asyncio.run(scenario())


def test_a_desktop_that_restarts_is_found_again(session: str) -> None:
    async def scenario() -> None:
        way = Desktop(lambda *_: None)
        with pytest.raises(DeliveryError, match="no desktop"):
            await way.say(nudge())
        bus, desktop = await desktop_on(session)
        await way.say(nudge())
        way.close()
        bus.disconnect()
        assert len(desktop.shown) == 1

    asyncio.run(scenario())


def test_without_a_bus_the_desktop_is_a_failed_delivery(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    with pytest.raises(DeliveryError, match="no desktop"):
        asyncio.run(Desktop(lambda *_: None).say(nudge()))


@contextmanager
def dunst() -> Iterator[tuple[str, dict[str, str]]]:
    """Run a real desktop on a screen of its own; give its control command and environment."""
    xvfb, server, control = (shutil.which(name) for name in ("Xvfb", "dunst", "dunstctl"))
    if xvfb is None or server is None or control is None:
        pytest.skip("Xvfb or dunst is not installed")
    reading, writing = os.pipe()
    screen = subprocess.Popen(
        [xvfb, "-displayfd", str(writing)], pass_fds=[writing], stderr=subprocess.DEVNULL
    )
    os.close(writing)
    with os.fdopen(reading) as shown:
        environment = os.environ | {"DISPLAY": f":{shown.readline().strip()}"}
    desktop = subprocess.Popen([server], env=environment, stderr=subprocess.DEVNULL)
    try:
        yield control, environment
    finally:
        for process in (desktop, screen):
            process.terminate()
            process.wait(20)


async def said(way: Desktop) -> bool:
    try:
        await way.say(nudge())
    except DeliveryError:
        return False
    return True


def test_a_real_desktop_shows_it_and_tells_that_it_was_closed(session: str) -> None:
    answers: list[tuple[str, FeedbackKind]] = []

    async def scenario(control: str, environment: dict[str, str]) -> None:
        way = Desktop(lambda judgement, answer: answers.append((judgement, answer)))
        async with asyncio.timeout(20):
            while not await said(way):
                await asyncio.sleep(0.05)
        closing = await asyncio.create_subprocess_exec(control, "close", env=environment)
        await closing.wait()
        await until(lambda: bool(answers), "the closing")
        way.close()

    assert session
    with dunst() as (control, environment):
        asyncio.run(scenario(control, environment))
    assert answers == [("j1", "dismissed")]
