"""A worker's promises, kept by a child without a model."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from agent.errors import ModelError
from agent.models.frames import FRAME_MAX_BYTES, Message
from agent.models.worker import Limits, Worker

LIMITS = Limits(memory_max_mb=256, load_s=20, call_s=20, cancel_s=0.5, idle_s=60)
SCRIPTED = ["tests.worker_scripted"]
linux = pytest.mark.skipif(sys.platform != "linux", reason="seccomp and prctl are Linux's")


def with_worker(
    act: Callable[[Worker], Awaitable[None]],
    *,
    limits: Limits = LIMITS,
    begin: Message | None = None,
) -> None:
    async def run() -> None:
        worker = Worker("scripted", SCRIPTED, begin=begin or {}, limits=limits)
        try:
            await act(worker)
        finally:
            await worker.close()

    asyncio.run(run())


async def until(true: Callable[[], bool]) -> None:
    until_s = time.monotonic() + 20
    while not true():
        assert time.monotonic() < until_s
        await asyncio.sleep(0.01)


def pid_of(worker: Worker) -> int:
    pid = worker.report.pid
    assert pid is not None
    return pid


def exists(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_calls_made_at_once_are_each_given_their_own_answer() -> None:
    async def act(worker: Worker) -> None:
        answers = await asyncio.gather(*(worker.call("echo", {"n": n}) for n in range(50)))
        assert [answer["n"] for answer in answers] == list(range(50))
        assert worker.starts == 1

    with_worker(act)


def test_a_crash_in_a_call_is_a_model_error_and_the_next_call_is_answered() -> None:
    async def act(worker: Worker) -> None:
        with pytest.raises(ModelError, match="SIGABRT"):
            await worker.call("abort", {})
        assert await worker.call("echo", {"n": 1}) == {"n": 1}
        assert (worker.starts, worker.report.crashes) == (2, 1)

    with_worker(act)


def test_a_worker_killed_in_the_middle_of_a_call_is_a_model_error() -> None:
    async def act(worker: Worker) -> None:
        await worker.start()
        waiting = asyncio.create_task(worker.call("stubborn", {}))
        await asyncio.sleep(0)
        os.kill(pid_of(worker), signal.SIGKILL)
        with pytest.raises(ModelError, match="SIGKILL"):
            await waiting
        assert await worker.call("echo", {"n": 1}) == {"n": 1}

    with_worker(act)


def test_a_worker_killed_between_two_calls_is_started_again_unseen() -> None:
    async def act(worker: Worker) -> None:
        await worker.call("echo", {})
        os.kill(pid_of(worker), signal.SIGKILL)
        await until(lambda: worker.report.pid is None)
        assert await worker.call("echo", {"n": 1}) == {"n": 1}

    with_worker(act)


def test_a_call_that_takes_too_long_is_ended_with_its_worker() -> None:
    async def act(worker: Worker) -> None:
        await worker.start()
        pid = pid_of(worker)
        with pytest.raises(ModelError, match=r"no answer in 0\.3 s"):
            await worker.call("stubborn", {}, deadline_s=0.3)
        await until(lambda: not exists(pid))
        assert await worker.call("echo", {"n": 1}) == {"n": 1}

    with_worker(act)


def test_a_caller_that_waits_too_long_for_its_turn_is_told_and_harms_no_one() -> None:
    async def act(worker: Worker) -> None:
        await worker.start()
        first = asyncio.create_task(worker.call("work", {"seconds": 1}))
        await asyncio.sleep(0)
        with pytest.raises(ModelError, match="busy"):
            await worker.call("echo", {}, deadline_s=0.1)
        assert await first == {"said": "worked"}

    with_worker(act)


def test_a_cancelled_call_stops_and_the_same_worker_answers_the_next() -> None:
    async def act(worker: Worker) -> None:
        await worker.start()
        task = asyncio.create_task(worker.call("work", {"seconds": 600}))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await worker.call("echo", {"n": 1}) == {"n": 1}
        assert (worker.starts, worker.report.crashes) == (1, 0)

    with_worker(act)


def test_a_cancelled_call_that_does_not_stop_is_ended() -> None:
    async def act(worker: Worker) -> None:
        await worker.start()
        pid = pid_of(worker)
        task = asyncio.create_task(worker.call("stubborn", {}))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(lambda: not exists(pid))
        await until(lambda: worker.report.pid is None)
        assert await worker.call("echo", {"n": 1}) == {"n": 1}

    with_worker(act)


def test_calls_cancelled_at_any_moment_leave_no_half_frame_behind() -> None:
    async def act(worker: Worker) -> None:
        big = "x" * 300_000  # many reads and writes a frame
        for turn in range(60):
            task = asyncio.create_task(worker.call("echo", {"n": turn, "big": big}))
            for _ in range(turn % 15):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            answer = await worker.call("echo", {"n": -turn})
            assert answer == {"n": -turn}

    with_worker(act)


def test_three_crashes_in_a_minute_open_the_breaker_and_calls_fail_at_once() -> None:
    async def act(worker: Worker) -> None:
        for _ in range(3):
            with pytest.raises(ModelError, match="SIGABRT"):
                await worker.call("abort", {})
        with pytest.raises(ModelError, match="rests for"):
            await worker.call("echo", {})
        assert worker.starts == 3
        assert worker.report.refused_for_s > 50

    with_worker(act)


def test_a_model_that_cannot_be_loaded_says_why_and_is_not_tried_for_ever() -> None:
    async def act(worker: Worker) -> None:
        for _ in range(3):
            with pytest.raises(ModelError, match="scripted: the file is rotten"):
                await worker.call("echo", {})
        with pytest.raises(ModelError, match=r"rests for .* rotten"):
            await worker.call("echo", {})

    with_worker(act, begin={"refuse": "the file is rotten"})


def test_a_worker_that_dies_while_it_loads_is_a_model_error() -> None:
    async def act(worker: Worker) -> None:
        with pytest.raises(ModelError, match="SIGABRT"):
            await worker.start()

    with_worker(act, begin={"die": True})


def test_a_worker_whose_library_is_missing_says_so() -> None:
    async def run() -> None:
        worker = Worker("absent", ["tests.worker_absent"], begin={}, limits=LIMITS)
        try:
            with pytest.raises(ModelError, match="absent worker ended with 1"):
                await worker.start()
        finally:
            await worker.close()

    asyncio.run(run())


@linux
def test_a_worker_can_open_no_socket_even_from_c() -> None:
    async def act(worker: Worker) -> None:
        assert (await worker.call("reach", {}))["reached"] == []
        assert worker.report.sealed is True
        assert worker.report.open_way is None

    with_worker(act)


@linux
def test_memory_beyond_the_limit_is_a_model_error_and_the_worker_lives() -> None:
    async def act(worker: Worker) -> None:
        with pytest.raises(ModelError, match="more memory"):
            await worker.call("swallow", {"mb": 4000})
        assert await worker.call("swallow", {"mb": 10}) == {"bytes": 10 << 20}
        assert worker.starts == 1

    with_worker(act)


def test_an_idle_worker_is_unloaded_and_started_again_by_the_next_call() -> None:
    async def act(worker: Worker) -> None:
        await worker.call("echo", {})
        pid = pid_of(worker)
        await until(lambda: not exists(pid))
        assert worker.report.pid is None
        assert await worker.call("echo", {"n": 1}) == {"n": 1}
        assert (worker.starts, worker.report.crashes) == (2, 0)

    limits = Limits(memory_max_mb=256, idle_s=0.1)
    with_worker(act, limits=limits)


def test_what_the_wearer_said_is_in_no_error_of_a_crash() -> None:
    async def act(worker: Worker) -> None:
        with pytest.raises(ModelError) as told:
            await worker.call("raise", {"text": "my secret sentence"})
        assert "ValueError" in str(told.value)
        assert "worker_scripted.py" in str(told.value)
        assert "secret" not in str(told.value)

    with_worker(act)


def test_a_worker_inherits_no_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARPAL_PASSPHRASE", "open sesame")

    async def act(worker: Worker) -> None:
        seen = (await worker.call("environment", {}))["environment"]
        assert "CARPAL_PASSPHRASE" not in seen

    with_worker(act)


def test_a_frame_that_is_no_frame_ends_the_worker_and_nothing_else() -> None:
    async def act(worker: Worker) -> None:
        with pytest.raises(ModelError, match="longer than"):
            await worker.call("garbage", {})
        assert await worker.call("echo", {"n": 1}) == {"n": 1}

    with_worker(act)


def test_too_long_a_question_or_answer_is_a_model_error_and_no_crash() -> None:
    async def act(worker: Worker) -> None:
        with pytest.raises(ModelError, match="longer than"):
            await worker.call("echo", {"big": "x" * FRAME_MAX_BYTES})
        with pytest.raises(ModelError, match="longer than"):
            await worker.call("long", {"bytes": FRAME_MAX_BYTES})
        assert await worker.call("echo", {"n": 1}) == {"n": 1}
        assert (worker.starts, worker.report.crashes) == (1, 0)

    with_worker(act)


ORPHAN = """
import asyncio
from agent.models.worker import Worker

async def main():
    worker = Worker("scripted", ["tests.worker_scripted"], begin={})
    await worker.start()
    print(worker.report.pid, flush=True)
    await worker.call("stubborn", {}, deadline_s=600)

asyncio.run(main())
"""


@linux
def test_no_worker_outlives_a_daemon_that_was_killed() -> None:
    root = str(Path(__file__).parents[1])
    command = [sys.executable, "-c", ORPHAN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as daemon:
        assert daemon.stdout is not None
        pid = int(daemon.stdout.readline())
        assert exists(pid)
        daemon.kill()
    until_s = time.monotonic() + 20
    while exists(pid):
        assert time.monotonic() < until_s
        time.sleep(0.01)


def test_the_daemon_side_imports_no_library_of_a_model() -> None:
    code = (
        "import sys, agent.models.chat, agent.models.meaning, agent.models.fetch\n"
        "import agent.voice.transcriber, agent.voice.settings, agent.cli\n"
        "heavy = {'numpy', 'llama_cpp', 'faster_whisper', 'gguf', 'onnxruntime', 'av'}\n"
        "print(', '.join(heavy & set(sys.modules)))"
    )
    root = str(Path(__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=root
    )
    assert (done.stderr, done.stdout.strip()) == ("", "")
