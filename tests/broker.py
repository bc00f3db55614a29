"""A private mosquitto for a test, on a unix socket and a loopback port; ended by its process id."""

import asyncio
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.mqtt import Settings

WAIT_S = 60.0


def mosquitto() -> str:
    """Return the path of mosquitto, or skip the test."""
    found = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        pytest.skip("mosquitto is not installed")
    return found


def free_port() -> int:
    """Return a loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def until(condition: Callable[[], bool], what: str) -> None:
    """Return when *condition* holds; fail after WAIT_S."""
    deadline = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline, f"waited {WAIT_S} s for {what}"
        await asyncio.sleep(0.002)


class Broker:
    """One mosquitto, which may be killed and started again on the same folder."""

    def __init__(self, folder: Path, conf: str = "") -> None:
        self.folder = folder
        self.socket = folder / "mqtt.sock"
        self.port = free_port()
        self.conf = folder / "test.conf"
        root = "user root\n" if os.geteuid() == 0 else ""
        self.conf.write_text(conf or root + _CONF.format(folder=folder, port=self.port))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def settings(self) -> Settings:
        """Return what reaches it by its unix socket."""
        return Settings(socket=str(self.socket), wearer="ada")

    @property
    def tcp(self) -> Settings:
        """Return what reaches it by loopback."""
        return Settings(port=self.port, wearer="ada")

    def start(self) -> None:
        """Start it and wait until it listens."""
        self.socket.unlink(missing_ok=True)
        log = (self.folder / "test.log").open("ab")
        self._process = subprocess.Popen(
            [mosquitto(), "-c", str(self.conf)], stdout=log, stderr=log
        )
        log.close()
        deadline = time.monotonic() + WAIT_S
        while not self.answers():
            assert self._process.poll() is None, (self.folder / "test.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def answers(self) -> bool:
        """Return whether someone listens on its unix socket."""
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.socket)) == 0

    def stop(self, *, kill: bool = False) -> None:
        """End it, by SIGKILL if *kill*."""
        if self._process is not None:
            self._process.kill() if kill else self._process.terminate()
            self._process.wait(WAIT_S)
            self._process = None


_CONF = """\
persistence true
persistence_location {folder}/
autosave_interval 1
max_queued_messages 0
max_inflight_messages 1000
set_tcp_nodelay true
listener 0 {folder}/mqtt.sock
allow_anonymous true
listener {port} 127.0.0.1
allow_anonymous true
"""


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """Give a running mosquitto that lets everyone in."""
    mosquitto()
    running = Broker(tmp_path)
    running.start()
    yield running
    running.stop()
