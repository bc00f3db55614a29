"""The control socket: its owner's commands, and nothing else's."""

import json
import socket
import stat
from pathlib import Path

import pytest

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
