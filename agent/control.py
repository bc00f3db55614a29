"""The control socket: how a command of the wearer's reaches the running daemon.

One JSON object a line each way, on a unix socket that only its owner can open.  Before its reply
the daemon may send lines with a `part` each: what is already said of an answer.
"""

import asyncio
import json
import os
import select
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from pydantic import JsonValue

from agent.errors import AgentError, ControlError

SOCKET = "control.sock"
PATH_BYTES_MAX = 103
"""What the kernels that we know take as the path of a socket."""
LINE_BYTES_MAX = 1 << 20
ANSWER_S_MAX = 60.0
CONNECT_S_MAX = 5.0
_CREDENTIALS = struct.Struct("3i")

Reply = dict[str, JsonValue]
Show = Callable[[str], Awaitable[None]]
"""Receives a part of an answer before the whole is there."""
Handler = Callable[[str, Mapping[str, JsonValue], Show], Awaitable[Reply]]


async def serve(folder: Path, handler: Handler) -> asyncio.Server:
    """Answer commands on the socket in *folder* until the returned server is closed."""
    path = _free(folder)
    mask = os.umask(0o177)
    try:
        return await asyncio.start_unix_server(
            _Talk(handler).hold, path=str(path), limit=LINE_BYTES_MAX
        )
    finally:
        os.umask(mask)


def _is_too_long(path: Path) -> bool:
    return len(os.fsencode(path)) > PATH_BYTES_MAX


def _free(folder: Path) -> Path:
    """Return where to listen; the lock is ours, so what lies there is a dead daemon's."""
    if _is_too_long(folder / SOCKET):
        raise ControlError(f"{folder} is too long for a socket: set a shorter control.folder")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / SOCKET).unlink(missing_ok=True)
    return folder / SOCKET


class _Talk:
    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    async def hold(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one command after another, until the other side goes."""
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                if _is_owner(writer):
                    await self._talk(reader, writer)
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = await _line(reader)
        while line:
            ahead = asyncio.create_task(_line(reader))
            replying = asyncio.create_task(self._reply(line, writer))
            try:
                await asyncio.wait((ahead, replying), return_when=asyncio.FIRST_COMPLETED)
                if not replying.done() and not ahead.result() and _has_gone(writer):
                    return  # nobody is left to hear it: the model is free for the next one
                await replying
                line = await ahead
            finally:
                ahead.cancel()
                replying.cancel()
                await asyncio.gather(ahead, replying, return_exceptions=True)

    async def _reply(self, line: bytes, writer: asyncio.StreamWriter) -> None:
        async def show(part: str) -> None:
            await _send(writer, {"part": part})

        await _send(writer, await self._answer(line, show))

    async def _answer(self, line: bytes, show: Show) -> Reply:
        try:
            asked = json.loads(line)
            name, arguments = asked["command"], asked["arguments"]
        except (ValueError, TypeError, KeyError, RecursionError):
            name = arguments = None
        if not isinstance(name, str) or not isinstance(arguments, dict):
            return {"error": "a command is one JSON object with `command` and `arguments`"}
        try:
            return await self._handler(name, arguments, show)
        except AgentError as error:
            return {"error": str(error)}


async def _send(writer: asyncio.StreamWriter, message: Reply) -> None:
    writer.write(json.dumps(message).encode() + b"\n")
    await writer.drain()


async def _line(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readline()
    except ValueError:
        return b""  # a line without an end: this talk is over


def _is_owner(writer: asyncio.StreamWriter) -> bool:
    """Return whether the other side runs as us (or as root), where the kernel can tell."""
    peer = writer.get_extra_info("socket")
    if not hasattr(socket, "SO_PEERCRED"):
        return True  # the mode of the socket is the guard there
    raw = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _, user, _ = _CREDENTIALS.unpack(raw)
    return user in (os.getuid(), 0)


def _has_gone(writer: asyncio.StreamWriter) -> bool:
    """Return whether the other side has closed its end, and not only said its last command."""
    watch = select.poll()
    watch.register(writer.get_extra_info("socket").fileno(), 0)
    return bool(watch.poll(0))


async def ask(
    folder: Path,
    command: str,
    arguments: Mapping[str, JsonValue],
    *,
    part: Callable[[str], None] | None = None,
) -> Reply | None:
    """Return what `call` does, while others go on; whoever cancels it hangs up."""
    if _is_too_long(folder / SOCKET):
        return None
    try:
        async with asyncio.timeout(CONNECT_S_MAX):
            opening = asyncio.open_unix_connection(str(folder / SOCKET), limit=LINE_BYTES_MAX)
            reader, writer = await opening
    except (FileNotFoundError, ConnectionRefusedError):
        return None
    except OSError as error:
        raise ControlError(f"the daemon's socket cannot be opened: {error}") from error
    try:
        writer.write(_request(command, arguments))
        return _accepted(await _heard(reader, part))
    except TimeoutError as error:
        raise ControlError(f"the daemon did not answer within {ANSWER_S_MAX:.0f} s") from error
    except (OSError, ValueError) as error:
        raise ControlError(f"the daemon did not answer: {error}") from error
    finally:
        writer.close()


async def _heard(reader: asyncio.StreamReader, part: Callable[[str], None] | None) -> Reply:
    while True:
        async with asyncio.timeout(ANSWER_S_MAX):
            message = _message(await reader.readline())
        if "part" not in message:
            return message
        if part is not None:
            part(str(message["part"]))


def call(
    folder: Path,
    command: str,
    arguments: Mapping[str, JsonValue],
    *,
    part: Callable[[str], None] | None = None,
) -> Reply | None:
    """Return the daemon's reply, or None if none runs; raise ControlError if it refuses.

    *part* receives each part of an answer as it comes.
    """
    if _is_too_long(folder / SOCKET):
        return None  # no daemon can listen there either
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
        link.settimeout(CONNECT_S_MAX)
        try:
            link.connect(str(folder / SOCKET))
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        except OSError as error:
            raise ControlError(f"the daemon's socket cannot be opened: {error}") from error
        link.settimeout(ANSWER_S_MAX)
        try:
            link.sendall(_request(command, arguments))
            with link.makefile("rb") as lines:
                return _accepted(_received(lines, part))
        except (OSError, ValueError) as error:
            raise ControlError(f"the daemon did not answer: {error}") from error


def _request(command: str, arguments: Mapping[str, JsonValue]) -> bytes:
    return json.dumps({"command": command, "arguments": dict(arguments)}).encode() + b"\n"


def _message(line: bytes) -> Reply:
    if not line.endswith(b"\n"):
        raise ControlError("the daemon ended before it had answered: see its log, and ask again")
    message: Reply = json.loads(line)
    return message


def _accepted(reply: Reply) -> Reply:
    if isinstance(reply.get("error"), str):
        raise ControlError(str(reply["error"]))
    return reply


def _received(lines: BinaryIO, part: Callable[[str], None] | None) -> Reply:
    while True:
        message = _message(lines.readline(LINE_BYTES_MAX))
        if "part" not in message:
            return message
        if part is not None:
            part(str(message["part"]))
