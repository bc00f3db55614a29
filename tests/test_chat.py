"""`carpal chat` and the whole of `carpal ask`: through a pipe, and at a terminal with Ctrl-C."""

import asyncio
import fcntl
import json
import os
import pty
import select
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.app.commands import Commands
from agent.app.settings import load
from agent.control import serve
from tests.daemons import ROOT
from tests.scripted import NONE, Here, Says
from tests.test_cli import carpal, settings

__all__ = ["settings"]
KEYS = {
    "text", "tier", "tool", "arguments", "evidence", "ms", "wording", "choice", "times",
}  # fmt: skip
EVIDENCE = {"role", "value", "unit", "kind", "since", "until", "samples"}
SLEEP = "How did I sleep?"
OPEN = "who wrote hamlet"
WAIT_S = 20


@contextmanager
def served(folder: Path, here: Here) -> Iterator[None]:
    """Answer commands from *here* on the socket in *folder*, in a thread with its own loop."""
    ready: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
    commands = Commands(here.pipeline, here.clock, settings=lambda: load(None, {}).settings)

    async def run() -> None:
        server, stop = await serve(folder, commands.handle), asyncio.Event()
        async with server:
            ready.set_result((asyncio.get_running_loop(), stop))
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    loop, stop = ready.result(WAIT_S)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(WAIT_S)


@pytest.fixture
def lived(settings: Path) -> Here:
    """Give a pipeline whose large model waits behind its first sentence."""
    folder = settings.parent / "store"
    folder.mkdir()
    large = Says("Hamlet is a play. It is by ", chooses=NONE, waits=True)
    return Here(settings.parent, words=Says("You got {asleep} of sleep."), large=large)


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "agent", *map(str, arguments)]


def piped(said: str, config: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command("chat", "--config", config), input=said, capture_output=True, text=True,
        check=False, cwd=ROOT, timeout=WAIT_S,
    )  # fmt: skip


# `carpal ask`.


def test_the_json_of_an_answer_says_all_that_it_rests_on(lived: Here, settings: Path) -> None:
    with served(settings.parent / "store", lived):
        reply = json.loads(carpal("ask", SLEEP, "--json", "--config", settings))
    assert set(reply) >= KEYS
    assert (reply["tool"], reply["tier"], reply["wording"]) == ("morning.last_night", 2, "model")
    assert reply["evidence"]
    assert all(set(one) == EVIDENCE for one in reply["evidence"])
    assert reply["text"].startswith("You got ")
    assert reply["choice"]
    assert set(reply["times"]) == {"understood_ms", "worded_ms", "first_token_ms"}
    assert reply["ms"] >= reply["times"]["understood_ms"]


def test_why_shows_who_spoke_and_on_what(lived: Here, settings: Path) -> None:
    with served(settings.parent / "store", lived):
        told = carpal("ask", SLEEP, "--why", "--config", settings).splitlines()
    assert told[0].startswith("You got ")
    shown = "\n".join(told[1:])
    for part in ("tier 2, morning.last_night:", "words: model (", "times: understood ", "asleep: "):
        assert part in shown
    assert "worded by the small model" in shown


# `carpal chat`.


def test_a_talk_through_a_pipe_answers_each_line_and_ends_with_exit(settings: Path) -> None:
    done = piped(f"{SLEEP}\n/why\n\nwhat is my next meeting\nexit\n{SLEEP}\n", settings)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    told = done.stdout.splitlines()
    assert told[0].startswith("I can't tell")
    assert told[1].startswith("  tier ")
    assert sum(line.startswith("I can't tell") for line in told) == 2
    assert ">" not in done.stdout


@pytest.mark.parametrize("said", ["", "\n\n", "quit", "/why\n", "BYE\n"])
def test_a_talk_without_a_question_ends_well(said: str, settings: Path) -> None:
    done = piped(said, settings)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert done.stdout == ("Nothing was answered yet.\n" if said == "/why\n" else "")


def test_a_line_that_is_no_text_does_not_end_a_talk(settings: Path) -> None:
    done = subprocess.run(
        command("chat", "--config", settings), input=b"\xff\xfe\x00\x1b[2J\nx\xe2\x82\n" * 2,
        capture_output=True, check=False, cwd=ROOT, timeout=WAIT_S,
    )  # fmt: skip
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr
    assert done.stdout.count(b"I can't tell") == 4
    assert b"\x1b" not in done.stdout


class Terminal:
    """A talk at a pseudo-terminal."""

    def __init__(self, config: Path) -> None:
        self._master, slave = pty.openpty()
        self.process = subprocess.Popen(
            command("chat", "--config", config), stdin=slave, stdout=slave, stderr=slave,
            cwd=ROOT, start_new_session=True, preexec_fn=_take_terminal,  # noqa: PLW1509
        )  # fmt: skip
        os.close(slave)
        self.seen = ""

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def until(self, text: str) -> None:
        """Return when *text* has been shown since the last call."""
        while text not in self.seen:
            assert select.select([self._master], [], [], WAIT_S)[0], f"{text!r}, not {self.seen!r}"
            try:
                self.seen += os.read(self._master, 4096).decode(errors="replace")
            except OSError:  # the other side has gone
                raise AssertionError(f"{text!r} was not shown, but {self.seen!r}") from None
        self.seen = self.seen.split(text, 1)[1]

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(WAIT_S)
        os.close(self._master)


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.fixture
def terminal(settings: Path) -> Iterator[Terminal]:
    """Give a terminal with a talk in it."""
    made = Terminal(settings)
    yield made
    made.close()


def test_ctrl_c_stops_an_answer_and_frees_the_model_and_at_the_prompt_it_ends_the_talk(
    lived: Here, settings: Path
) -> None:
    large = lived.large
    assert isinstance(large, Says)
    with served(settings.parent / "store", lived):
        at = Terminal(settings)
        try:
            at.until("> ")
            at.type(f"{OPEN}\n")
            at.until("Hamlet is a play.")
            at.type("\x03")
            at.until("(stopped)")
            at.until("> ")
            at.type(f"{SLEEP}\n")
            at.until("You got ")
            at.until("> ")
            at.type("\x03")
            assert at.process.wait(WAIT_S) == 0
        finally:
            at.close()
    assert large.freed == 1
    assert [one.question for one in lived.kept()] == [SLEEP]


def test_ctrl_d_at_the_prompt_ends_the_talk(terminal: Terminal) -> None:
    terminal.until("Ask away.")
    terminal.until("> ")
    terminal.type("\x04")
    assert terminal.process.wait(WAIT_S) == 0


def test_a_talk_goes_on_when_the_daemon_has_ended(lived: Here, settings: Path) -> None:
    with served(settings.parent / "store", lived):
        at = Terminal(settings)
        at.until("> ")
    try:
        at.type(f"{SLEEP}\n")
        at.until("carpal: the daemon ")
        at.until("> ")
        at.type("exit\n")
        assert at.process.wait(WAIT_S) == 0
    finally:
        at.close()
