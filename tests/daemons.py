"""A real daemon for a test: `python -m agent run` on a private broker, ended by its process id."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import JsonValue

from agent import control, key
from agent.app import house
from agent.app.settings import Settings, load
from agent.bench.stage import POLICY as QUIET
from agent.control import Reply
from agent.errors import ControlError
from agent.mqtt import Link, publishing
from agent.store import Database, open_store
from tests.broker import WAIT_S, Broker

ROOT = Path(__file__).parents[1]


def wait_for(condition: Callable[[], bool], what: str, *, at_most_s: float = WAIT_S) -> None:
    """Return when *condition* holds; fail after *at_most_s*."""
    deadline_s = time.monotonic() + at_most_s
    while not condition():
        assert time.monotonic() < deadline_s, f"waited {at_most_s} s for {what}"
        time.sleep(0.01)


class Daemon:
    """One `carpal run` after another on the same folder."""

    def __init__(self, folder: Path, broker: Broker | None, *, more: str = QUIET) -> None:
        self.folder = folder
        self.store = folder / "store"
        self.config = folder / "carpal.toml"
        self.log = folder / "daemon.log"
        self.broker = broker
        self.process: subprocess.Popen[bytes] | None = None
        self.configure(more)

    def configure(self, more: str) -> None:
        """Write the settings file anew."""
        where = json.dumps(str(self.store))
        self.config.write_text(
            f'zone = "Europe/Berlin"\n[store]\nfolder = {where}\n[control]\nfolder = {where}\n'
            '[models]\nwords = "none"\nchat = "none"\nembedding = "none"\n[voice]\nmodel = "none"\n'
            + self._mqtt()
            + more
        )

    def _mqtt(self) -> str:
        if self.broker is None:
            return ""
        return f'[mqtt]\nsocket = {json.dumps(str(self.broker.socket))}\nwearer = "ada"\n'

    @property
    def settings(self) -> Settings:
        """Return what the daemon is started with."""
        return load(self.config, {}).settings

    def start(self, **environment: str) -> None:
        """Start it and wait until it answers; with a broker that runs, until it hears it too."""
        self.launch(**environment)
        wait_for(self._is_ready, "the daemon")

    def launch(self, **environment: str) -> None:
        """Start it."""
        own = {name: value for name, value in os.environ.items() if name[:7] != "CARPAL_"}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "agent", "run", "--config", str(self.config)],
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env=own | environment,
            )

    def _is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.told
        reply = self.ask_status()
        if self.broker is None or not self.broker.answers():
            return bool(reply)
        mqtt = reply.get("mqtt")
        return isinstance(mqtt, dict) and mqtt["connected"] is True

    @property
    def told(self) -> str:
        """Return its log so far."""
        return self.log.read_text(errors="replace")

    def ask_status(self) -> Reply:
        """Return its status, or nothing while it does not answer."""
        try:
            return control.call(self.store, "status", {}) or {}
        except ControlError:
            return {}

    def kept(self, what: str) -> int:
        """Return how many inputs of one kind are in its memory."""
        kept = self.ask_status().get("kept")
        found = kept.get(what, 0) if isinstance(kept, dict) else 0
        assert isinstance(found, int)
        return found

    def call(self, command: str, **arguments: JsonValue) -> Reply:
        """Return its reply; it must run."""
        reply = control.call(self.store, command, arguments)
        assert reply is not None, self.told
        return reply

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        """End it by SIGKILL."""
        self.signal(signal.SIGKILL)
        assert self.process is not None
        self.process.wait(WAIT_S)

    def stop(self) -> int:
        """End it by SIGTERM, and return its exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        return self.process.wait(WAIT_S)

    def close(self) -> None:
        """End it, whatever state it is in."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(WAIT_S)

    @contextmanager
    def opened(self) -> Iterator[Database]:
        """Give its store, which it may have open at the same time."""
        secret = key.read(self.store / house.KEY)
        db = open_store(self.store / house.DATABASE, key=secret)
        try:
            yield db
        finally:
            db.close()

    def carpal(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a command with its settings."""
        own = {name: value for name, value in os.environ.items() if name[:7] != "CARPAL_"}
        return subprocess.run(
            [sys.executable, "-m", "agent", *arguments, "--config", str(self.config)],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            env=own,
            timeout=120,
        )

    def publish(self, *messages: tuple[str, bytes]) -> None:
        """Publish, and return when the broker has it all."""
        assert self.broker is not None
        asyncio.run(_publish(self.broker, messages))


async def _publish(broker: Broker, messages: Sequence[tuple[str, bytes]]) -> None:
    async with publishing(broker.settings, client_id="device") as link:
        await asyncio.gather(*[await link.post(*message) for message in messages])


@contextmanager
def listening(broker: Broker, topic: str) -> Iterator[Callable[[], list[bytes]]]:
    """Give a function that returns what has come on *topic* since the block began."""
    loop = asyncio.new_event_loop()
    heard: list[bytes] = []

    async def opened() -> Link:
        changed = {"client_id": "listener", "session_expiry_s": 0}
        settings = broker.settings.model_validate(broker.settings.model_dump() | changed)
        link = Link(settings, heard=lambda message: heard.append(bytes(message.payload)))
        await link.open()
        await link.subscribe([topic])
        return link

    def collect() -> list[bytes]:
        loop.run_until_complete(asyncio.sleep(0.01))
        return heard

    link = loop.run_until_complete(opened())
    try:
        yield collect
    finally:
        link.close()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


@pytest.fixture
def daemon(tmp_path: Path, broker: Broker) -> Iterator[Daemon]:
    """Give a daemon with a broker, not started yet."""
    made = Daemon(tmp_path, broker)
    yield made
    made.close()


@pytest.fixture
def lonely(tmp_path: Path) -> Iterator[Daemon]:
    """Give a daemon without a broker, not started yet."""
    made = Daemon(tmp_path, None)
    yield made
    made.close()
