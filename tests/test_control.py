"""The control socket: its owner's commands, and nothing else's."""

import asyncio
import json
import socket
import stat
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest
from pydantic import JsonValue

from agent.control import SOCKET, Reply, Show, ask, call, serve
from agent.errors import ControlError
from tests.daemons import Daemon, lonely

__all__ = ["lonely"]


def said_to(folder: Path, line: bytes) -> bytes:
    """Send *line* to the daemon, and return what comes back until it ends or a line is whole."""
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(20)
        link.connect(str(folder / "control.sock"))
        try:
            link.sendall(line)
            return link.makefile("rb").readline()
        except (BrokenPipeError, ConnectionResetError):
            return b""


def test_the_socket_is_its_owners_alone(lonely: Daemon) -> None:
    lonely.start()
    assert stat.S_IMODE(lonely.store.stat().st_mode) == 0o700
    assert stat.S_IMODE((lonely.store / "control.sock").stat().st_mode) == 0o600
    assert stat.S_IMODE((lonely.store / "carpal.db").stat().st_mode) == 0o600
    assert stat.S_IMODE((lonely.store / "carpal.key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "line",
    [
        b"hello\n",
        b"\x00\xff\xfe\n",
        b"[]\n",
        b"3\n",
        b"{}\n",
        b'{"command": []}\n',
        b'{"command": [], "arguments": {}}\n',
        b'{"command": "status", "arguments": 3}\n',
        b'{"command": "ask", "arguments": {}}\n',
        b'{"command": "ask", "arguments": {"question": 7}}\n',
        b'{"command": "feedback", "arguments": {"answer": []}}\n',
        b'{"command": "feedback", "arguments": {"answer": "accepted", "id": {}}}\n',
        b'{"command": "why", "arguments": {"id": {}}}\n',
        b'{"command": "remind", "arguments": {"text": "x", "due": "9999-12-31T23:59"}}\n',
        b'{"command": "remind", "arguments": {"text": "x", "due": "0001-01-01T00:00"}}\n',
        b'{"command": "no such thing", "arguments": {}}\n',
        b"[" * 100_000 + b"\n",
        b"x" * 3_000_000,
    ],
    ids=lambda line: repr(line[:60]),
)
def test_what_is_no_command_is_refused_and_the_daemon_goes_on(lonely: Daemon, line: bytes) -> None:
    lonely.start()
    reply = said_to(lonely.store, line)
    assert not reply or "error" in json.loads(reply)
    assert lonely.call("status")["running"] is True
    assert "Traceback" not in lonely.told
    assert lonely.stop() == 0


# A long answer: parts, and who goes away.


class Answers:
    """A handler that says parts, and then waits to be let go on."""

    def __init__(self) -> None:
        self.began, self.go = asyncio.Event(), asyncio.Event()
        self.left = asyncio.Event()

    async def handle(self, command: str, _: Mapping[str, JsonValue], show: Show) -> Reply:
        """Reply to `slow` when it may, to anything else at once."""
        if command != "slow":
            return {"text": command}
        await show("One.")
        await show("Two.")
        self.began.set()
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.left.set()
            raise
        return {"text": "One. Two."}


def through(folder: Path, act: Callable[[Answers], Awaitable[None]]) -> None:
    async def run() -> None:
        answers = Answers()
        server = await serve(folder, answers.handle)
        async with server, asyncio.timeout(20):
            await act(answers)

    asyncio.run(run())


def line_of(command: str) -> bytes:
    return json.dumps({"command": command, "arguments": {}}).encode() + b"\n"


async def connected(folder: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_unix_connection(str(folder / SOCKET))


def test_parts_come_before_the_reply_and_are_passed_on_in_order(tmp_path: Path) -> None:
    async def act(answers: Answers) -> None:
        heard: list[str] = []
        asking = asyncio.create_task(ask(tmp_path, "slow", {}, part=heard.append))
        await answers.began.wait()
        while len(heard) < 2:
            await asyncio.sleep(0)
        assert (heard, asking.done()) == (["One.", "Two."], False)
        answers.go.set()
        assert await asking == {"text": "One. Two."}

    through(tmp_path, act)


@pytest.mark.parametrize("way", [ask, call])
def test_who_ignores_the_parts_gets_the_reply(way: Callable[..., object], tmp_path: Path) -> None:
    async def act(answers: Answers) -> None:
        answers.go.set()
        if way is call:
            assert await asyncio.to_thread(call, tmp_path, "slow", {}) == {"text": "One. Two."}
        else:
            assert await ask(tmp_path, "slow", {}) == {"text": "One. Two."}

    through(tmp_path, act)


def test_who_hangs_up_ends_the_answer_and_the_next_one_is_answered(tmp_path: Path) -> None:
    async def act(answers: Answers) -> None:
        _, writer = await connected(tmp_path)
        writer.write(line_of("slow"))
        await answers.began.wait()
        writer.close()
        await answers.left.wait()
        assert await ask(tmp_path, "next", {}) == {"text": "next"}

    through(tmp_path, act)


def test_who_is_cancelled_hangs_up(tmp_path: Path) -> None:
    async def act(answers: Answers) -> None:
        asking = asyncio.create_task(ask(tmp_path, "slow", {}))
        await answers.began.wait()
        asking.cancel()
        await answers.left.wait()
        assert await ask(tmp_path, "next", {}) == {"text": "next"}

    through(tmp_path, act)


def test_who_has_said_the_last_command_still_hears_the_answer(tmp_path: Path) -> None:
    async def act(answers: Answers) -> None:
        reader, writer = await connected(tmp_path)
        writer.write(line_of("slow"))
        writer.write_eof()
        await answers.began.wait()
        answers.go.set()
        lines = [json.loads(line) async for line in reader]
        assert lines == [{"part": "One."}, {"part": "Two."}, {"text": "One. Two."}]
        writer.close()

    through(tmp_path, act)


def test_commands_that_are_sent_at_once_are_answered_in_turn(tmp_path: Path) -> None:
    async def act(answers: Answers) -> None:
        answers.go.set()
        reader, writer = await connected(tmp_path)
        writer.write(line_of("first") + line_of("slow") + line_of("last"))
        writer.write_eof()
        told = [json.loads(line) async for line in reader]
        assert [one.get("text") for one in told] == ["first", None, None, "One. Two.", "last"]
        writer.close()

    through(tmp_path, act)


@pytest.mark.parametrize("said", [b"", b'{"part": "One."}\n{"tex'])
def test_a_daemon_that_ends_in_the_middle_is_said_to_have(said: bytes, tmp_path: Path) -> None:
    async def dying(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(said)
        writer.close()

    async def run() -> None:
        server = await asyncio.start_unix_server(dying, path=str(tmp_path / SOCKET))
        async with server, asyncio.timeout(20):
            with pytest.raises(ControlError, match="ended before it had answered"):
                await ask(tmp_path, "status", {})
            with pytest.raises(ControlError, match="ended before it had answered"):
                await asyncio.to_thread(call, tmp_path, "status", {})

    asyncio.run(run())


def test_without_a_daemon_there_is_no_reply(tmp_path: Path) -> None:
    assert asyncio.run(ask(tmp_path, "status", {})) is None
    assert asyncio.run(ask(tmp_path / ("x" * 120), "status", {})) is None
