"""The worker's side: answer one call after another over the one descriptor it was given."""

import ctypes
import errno
import os
import select
import socket
import sys
import traceback
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Protocol, runtime_checkable

from agent.errors import ModelError
from agent.models import frames
from agent.models.frames import Message


class Turn(Protocol):
    """What a handler may do while it answers one call."""

    def __call__(self) -> bool:
        """Return whether the call was taken back."""

    def say(self, part: str) -> None:
        """Give a part of the answer before the whole of it."""


class Handler(Protocol):
    """What a kind of worker can do, once it has loaded."""

    def handle(self, op: str, arguments: Message, cancelled: Turn) -> Message:
        """Return the answer to one call; raise ModelError."""


@runtime_checkable
class Telling(Protocol):
    """A handler that has something to tell when it has loaded."""

    def hello(self) -> Message:
        """Return what the daemon should know of it."""


class Channel:
    """Frames over one blocking descriptor; it can look ahead for a cancellation."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._waiting: deque[Message] = deque()
        self._cancelled: set[int] = set()

    def receive(self) -> Message | None:
        """Return the next call, or None when the daemon is gone; raise ModelError."""
        while not self._waiting:
            if not self._take():
                return None
        return self._waiting.popleft()

    def send(self, message: Message) -> None:
        """Write one frame; raise BrokenPipeError when the daemon is gone."""
        rest = memoryview(frames.pack(message))
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def cancelled(self, call: int) -> bool:
        """Return whether the daemon took back that call."""
        while select.select([self._descriptor], [], [], 0)[0] and self._take():
            pass
        return call in self._cancelled

    def forget(self, call: int) -> None:
        """Note that the call was answered."""
        self._cancelled.discard(call)

    def _take(self) -> bool:
        head = self._read(frames.HEAD.size)
        if not head:
            return False
        message = frames.unpack(self._read(frames.length(head)))
        if message.get("op") == "cancel":
            self._cancelled.add(message["id"])
        else:
            self._waiting.append(message)
        return True

    def _read(self, size: int) -> bytes:
        read = bytearray()
        while len(read) < size:
            chunk = os.read(self._descriptor, size - len(read))
            if not chunk:
                return b""
            read += chunk
        return bytes(read)


def serve(load: Callable[[Message], Handler]) -> None:
    """Load, say so, and answer calls until the daemon closes its end.

    The command line's first argument is the descriptor; the first call has the settings.
    """
    sys.excepthook = _without_words
    channel = Channel(int(sys.argv[1]))
    begin = channel.receive()
    if begin is None:
        return
    open_way = way_out(int(sys.argv[1]))
    try:
        handler = load(begin["arguments"])
    except ModelError as error:
        channel.send({"id": begin["id"], "fault": str(error)})
        return
    except MemoryError:
        channel.send({"id": begin["id"], "fault": "the model needs more memory than it may have"})
        return
    hello = handler.hello() if isinstance(handler, Telling) else {}
    seal = {"sealed": open_way is None, "open": open_way}
    channel.send({"id": begin["id"], "ok": {**hello, **seal}})
    try:
        _answer_all(channel, handler)
    except BrokenPipeError:
        return  # the daemon is gone


def way_out(descriptor: int) -> str | None:
    """Return how this process could reach another one, or None if it cannot.

    It is tried from C, for a check inside Python says nothing about libraries in C.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            opened = libc.socket(int(family), int(kind), 0)
            if opened >= 0:
                os.close(opened)
                return f"a {family.name} socket can be opened"
    libc.connect(descriptor, b"\0" * 16, 16)
    return None if ctypes.get_errno() == errno.EPERM else "the descriptor could be connected anew"


def _answer_all(channel: Channel, handler: Handler) -> None:
    while (message := channel.receive()) is not None:
        call = message["id"]
        try:
            channel.send({"id": call, **_answer(handler, message, _Turn(channel, call))})
        except ModelError as error:  # the answer is too long, or no JSON
            channel.send({"id": call, "fault": str(error)})
        channel.forget(call)


class _Turn:
    def __init__(self, channel: Channel, call: int) -> None:
        self._channel = channel
        self._call = call

    def __call__(self) -> bool:
        return self._channel.cancelled(self._call)

    def say(self, part: str) -> None:
        self._channel.send({"id": self._call, "part": part})


def _answer(handler: Handler, message: Message, cancelled: Turn) -> Message:
    if cancelled():
        return {"fault": "it was cancelled"}
    try:
        return {"ok": handler.handle(message["op"], message["arguments"], cancelled)}
    except ModelError as error:
        return {"fault": str(error)}
    except MemoryError:
        return {"fault": "the worker needs more memory than it may have"}


def _without_words(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    # The message of an exception may repeat what the wearer said; its type and place do not.
    place = traceback.extract_tb(trace)[-1:] if trace else []
    where = f" at {Path(place[0].filename).name}:{place[0].lineno}" if place else ""
    sys.stderr.write(f"worker: {kind.__name__}{where}\n")
