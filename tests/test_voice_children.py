"""Children that end just when they are ended: nobody says a word of it."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from agent.errors import DeliveryError
from agent.voice.children import ended
from agent.voice.speaking import Piece
from agent.voice.speaking.player import Player
from tests.test_speaking import player, program

__all__ = ["player"]

SEEN = os.WEXITED | os.WNOWAIT


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let asyncio take a child's status only when it is waited for, though it has ended before."""
    asked, real, wait = threading.Event(), os.waitpid, asyncio.subprocess.Process.wait

    def waitpid(pid: int, options: int) -> tuple[int, int]:
        os.waitid(os.P_PID, pid, SEEN)
        asked.wait()
        return real(pid, options)

    async def waited(self: asyncio.subprocess.Process) -> int:
        asked.set()
        return await wait(self)

    monkeypatch.setattr(os, "waitpid", waitpid)
    monkeypatch.setattr(asyncio.subprocess.Process, "wait", waited)
    yield
    asked.set()


@pytest.mark.usefixtures("late")
def test_a_child_that_has_just_ended_is_left_its_status(caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> int | None:
        child = await asyncio.create_subprocess_exec("false")
        os.waitid(os.P_PID, child.pid, SEEN)  # noqa: ASYNC222 (it has ended)
        await ended(child)
        return child.returncode

    assert asyncio.run(run()) == 1
    assert caplog.text == ""


@pytest.mark.usefixtures("late")
def test_so_is_a_loudspeaker_that_has(player: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def much() -> AsyncIterator[Piece]:
        yield Piece(bytes(4_000_000), 16_000)

    program(player, "aplay", "exit 1")
    with pytest.raises(DeliveryError):
        asyncio.run(Player().play(much()))
    assert caplog.text == ""


def test_one_that_goes_on_is_killed() -> None:
    async def run() -> int | None:
        child = await asyncio.create_subprocess_exec("sleep", "60")
        await ended(child)
        return child.returncode

    assert asyncio.run(run()) == -9
