"""A stage for a benchmark: a folder, a private broker and a real daemon, which all end with it."""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from agent import broker, control
from agent.app.clocks import WorldClock
from agent.app.settings import Settings, load
from agent.control import Reply
from agent.errors import AgentError, ControlError
from agent.mqtt import Settings as MqttSettings

WEARER = "me"
START_S_MAX = 30.0
STOP_S_MAX = 10.0
LOOK_S = 0.02
POLICY = """
[policy]
silence_min = 0
nudges_per_day = 100
theme_per_day = 100
cap_per_day = 200
confidence_min = 0
quiet_from = 00:00:00
quiet_until = 00:00:00

[[places]]
name = "the shop"
kind = "grocery"
latitude_deg = 52.5200
longitude_deg = 13.4050
"""
"""Whoever comes to the shop is told the list at once: no limit holds what is to be timed."""
_SETTINGS = """\
zone = "Europe/Berlin"
[store]
folder = {folder}
[control]
folder = {folder}
[notify]
terminal = false
[models]
words = "none"
chat = "none"
embedding = "none"
[voice]
model = "none"
[mqtt]
socket = {socket}
username = "carpal"
password_file = {password}
wearer = "{wearer}"
{policy}"""


class BenchError(AgentError):
    """A benchmark could not be carried out: what it stands on did not start, or ended."""


@dataclass(frozen=True)
class Stage:
    """Where everything lies, and how to reach it."""

    folder: Path

    @property
    def config(self) -> Path:
        """Return the settings file of the daemon."""
        return self.folder / "carpal.toml"

    @property
    def settings(self) -> Settings:
        """Return the settings of the daemon."""
        return load(self.config, {}).settings

    def device(self, client_id: str) -> MqttSettings:
        """Return how a device of the wearer's signs in at the broker."""
        return MqttSettings(
            socket=str(self.folder / "broker" / broker.SOCKET),
            username="device",
            password_file=str(self.folder / "broker" / "device.password"),
            client_id=client_id,
            wearer=WEARER,
        )

    def call(self, command: str, **arguments: JsonValue) -> Reply | None:
        """Return the daemon's reply, or None while it does not answer."""
        try:
            return control.call(self.settings.control.folder, command, arguments)
        except ControlError:
            return None  # killed in the middle of its answer

    def connected(self) -> bool:
        """Return whether the daemon runs and has its broker."""
        reply = self.call("status")
        mqtt = reply.get("mqtt") if reply else None
        return isinstance(mqtt, dict) and mqtt["connected"] is True


class Daemon:
    """One `carpal run` after another, on the same stage."""

    def __init__(self, stage: Stage, *program: str) -> None:
        """*program*: what is run instead, with the settings file as its last argument."""
        self._stage = stage
        self._program = program or ("agent", "run", "--config")
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """Return the id of the process that runs."""
        if self._process is None:
            raise BenchError("no daemon runs")
        return self._process.pid

    async def start(self) -> None:
        """Start the daemon, and wait until it hears the broker; raise BenchError."""
        own = {key: value for key, value in os.environ.items() if not key.startswith("CARPAL_")}
        with (self._stage.folder / "daemon.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", *self._program, str(self._stage.config)),
                stdout=log,
                stderr=log,
                env=own,
            )
        await until(self._is_ready, "the daemon to hear its broker")

    async def kill(self) -> None:
        """End it by SIGKILL, as a battery does."""
        if self._process is not None:
            self._process.kill()
            await self._process.wait()

    async def kill_after(self, seconds: float) -> None:
        """End it by SIGKILL then, from a process of its own.

        Our own loop wakes when something arrives, and would kill just then, far too often.
        """
        killer = await asyncio.create_subprocess_exec(
            *("sh", "-c", 'sleep "$0"; kill -9 "$1"', f"{seconds:.3f}", str(self.pid))
        )
        await killer.wait()
        if self._process is not None:
            await self._process.wait()

    async def stop(self) -> None:
        """End it by SIGTERM, or by SIGKILL if it does not go."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(STOP_S_MAX):
                await self._process.wait()
        except TimeoutError:
            await self.kill()

    def _is_ready(self) -> bool:
        if self._process is not None and self._process.returncode is not None:
            log = (self._stage.folder / "daemon.log").read_text(errors="replace")
            raise BenchError(f"the daemon ended: {log[-500:]}")
        return self._stage.connected()


async def until(
    condition: Callable[[], bool], what: str, *, at_most_s: float = START_S_MAX
) -> None:
    """Return when *condition* holds; raise BenchError after *at_most_s*."""
    deadline_s = time.monotonic() + at_most_s
    while not condition():
        if time.monotonic() > deadline_s:
            raise BenchError(f"waited {at_most_s:.0f} s in vain for {what}")
        await asyncio.sleep(LOOK_S)


@asynccontextmanager
async def staged(policy: str = POLICY) -> AsyncIterator[tuple[Stage, Daemon]]:
    """Give a stage whose broker runs, and its daemon, not started yet; raise ConfigError."""
    with tempfile.TemporaryDirectory(prefix="carpal-") as folder:
        stage = Stage(Path(folder))
        async with _broker(stage):
            stage.config.write_text(_written(stage, policy))
            daemon = Daemon(stage)
            try:
                yield stage, daemon
            finally:
                await daemon.stop()


@asynccontextmanager
async def _broker(stage: Stage) -> AsyncIterator[None]:
    folder = stage.folder / "broker"
    broker.write(broker.Plan(folder=folder, wearer=WEARER), at=WorldClock().now())
    with (stage.folder / "broker.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *broker.command(folder), stdout=log, stderr=log
        )
    try:
        await until((folder / broker.SOCKET).exists, "the broker")
        yield
    finally:
        process.terminate()
        await process.wait()


def _written(stage: Stage, policy: str) -> str:
    folder = stage.folder / "broker"
    return _SETTINGS.format(
        folder=json.dumps(str(stage.folder / "store")),
        socket=json.dumps(str(folder / broker.SOCKET)),
        password=json.dumps(str(folder / "carpal.password")),
        wearer=WEARER,
        policy=policy,
    )
