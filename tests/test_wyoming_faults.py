"""A Wyoming server whose clients send half characters, never read, or come at a bad moment."""

import asyncio
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from wyoming.info import Info
from wyoming.ping import Pong

from agent.voice.speaking import Piece
from agent.voice.wyoming import read
from agent.voice.wyoming.server import Services, serving
from tests.test_wyoming import ALL


def test_half_characters_reach_nobody_and_end_nothing(tmp_path: Path) -> None:
    async def run() -> None:
        async with serving(f"unix://{tmp_path}/w.sock", ALL):
            reader, writer = await asyncio.open_unix_connection(f"{tmp_path}/w.sock")
            writer.write(b'{"type": "ping", "data": {"text": "a\\ud800"}}\n')
            async with asyncio.timeout(5):
                event = await read(reader)
            assert event is not None
            assert Pong.from_event(event).text == "a?"
            writer.close()

    asyncio.run(run())


def test_a_client_that_never_reads_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.voice.wyoming.server.UNREAD_S_MAX", 0.05)
    ended = asyncio.Event()

    async def endless(_: str) -> AsyncIterator[Piece]:
        try:
            while True:
                yield Piece(bytes(50_000), 22_050)
        finally:
            ended.set()

    async def run() -> None:
        async with serving(f"unix://{tmp_path}/w.sock", Services(info=Info, synthesize=endless)):
            _, writer = await asyncio.open_unix_connection(f"{tmp_path}/w.sock")
            writer.write(b'{"type": "synthesize", "data": {"text": "a"}}\n')
            async with asyncio.timeout(5):
                await ended.wait()
            writer.close()

    asyncio.run(run())


def test_the_mask_of_the_process_is_its_own_while_the_socket_opens(tmp_path: Path) -> None:
    folder = tmp_path / "folder"

    async def run() -> None:
        async def beside() -> None:
            folder.mkdir()

        other = asyncio.create_task(beside())
        async with serving(f"unix://{tmp_path}/w.sock", ALL):
            await other

    asyncio.run(run())
    assert folder.stat().st_mode & stat.S_IXUSR
