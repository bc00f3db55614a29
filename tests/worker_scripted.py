"""A worker without a model, that does what a test tells it, badly where that is asked."""

import ctypes
import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

from agent.errors import ModelError
from agent.models.frames import Message
from agent.models.serving import Turn, serve


class Scripted:
    def __init__(self, begin: Message) -> None:
        if "refuse" in begin:
            raise ModelError(begin["refuse"])
        if "die" in begin:
            os.abort()

    def handle(self, op: str, arguments: Message, cancelled: Turn) -> Message:
        acts: dict[str, Callable[[Message, Turn], Message]] = {
            "complete": _complete,
            "tokenize": lambda said, _: {"count": len(said["text"].split())},
            "pin": lambda _, __: {},
            "echo": lambda said, _: said,
            "work": _work,
            "stubborn": _stubborn,
            "abort": _abort,
            "raise": _raise,
            "swallow": _swallow,
            "garbage": _garbage,
            "long": lambda said, _: {"said": "x" * said["bytes"]},
            "reach": lambda _, __: {"reached": ways_out()},
            "environment": lambda _, __: {"environment": dict(os.environ)},
        }
        if op not in acts:
            raise ModelError(f"no act {op}")
        return acts[op](arguments, cancelled)


def _complete(said: Message, turn: Turn) -> Message:
    """Repeat the last message word by word, for ever if there are no words to repeat."""
    words = str(said["messages"][-1]["content"]).split()[: said["tokens_max"]]
    if len(said["messages"][-1]["content"]) > 10_000:
        raise ModelError("the question does not fit")
    if said["grammar"] and "root" not in said["grammar"]:
        raise ModelError("the grammar has no rule named root")
    text = " ".join(words)
    for word in words:
        if said.get("stream"):
            turn.say(word if word is words[-1] else f"{word} ")
        until = time.monotonic() + 0.002
        while time.monotonic() < until:
            if turn():
                raise ModelError("it was cancelled")
    return {
        "text": text,
        "tokens_prompt": len(words),
        "tokens_reused": 0,
        "tokens_made": len(words),
        "finish": "length",
        "chance": None,
        "first_ms": 0.0,
        "ms": 1.0,
    }


def _work(said: Message, cancelled: Turn) -> Message:
    until = time.monotonic() + float(said["seconds"])
    while time.monotonic() < until:
        if cancelled():
            raise ModelError("it was cancelled")
    return {"said": "worked"}


def _stubborn(said: Message, _: Callable[[], bool]) -> Message:
    signal.pause()
    return said


def _abort(_: Message, __: Callable[[], bool]) -> Message:
    os.abort()


def _raise(said: Message, _: Callable[[], bool]) -> Message:
    raise ValueError(said["text"])


def _swallow(said: Message, _: Callable[[], bool]) -> Message:
    return {"bytes": len(bytearray(int(said["mb"]) << 20))}


def _garbage(_: Message, __: Callable[[], bool]) -> Message:
    os.write(int(sys.argv[1]), b"\xff" * 64)
    return {}


def ways_out() -> list[str]:
    """Try every way to another process from C, and say which were open."""
    libc = ctypes.CDLL(None, use_errno=True)
    every = itertools.product(range(46), (1, 2, 3, 5))  # the families that Linux numbers
    found = [f"socket({f}, {kind})" for f, kind in every if libc.socket(f, kind, 0) >= 0]
    pair = (ctypes.c_int * 2)()
    if libc.socketpair(1, 1, 0, pair) == 0:
        found.append("socketpair")
    ours = int(sys.argv[1])
    if libc.sendto(ours, b"x", 1, 0, None, 0) >= 0:
        found.append("sendto")
    if libc.listen(ours, 1) == 0:
        found.append("listen")
    if libc.syscall(425, 8, ctypes.create_string_buffer(256)) >= 0:
        found.append("io_uring_setup")
    return found + _by_python() + _by_a_child()


def _by_python() -> list[str]:
    try:
        socket.socket().close()
    except OSError:
        return []
    return ["python"]


def _by_a_child() -> list[str]:
    code = "import socket; socket.socket()"
    done = subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL, check=False)
    return [] if done.returncode else ["a child"]


if __name__ == "__main__":
    serve(Scripted)
