"""The benchmarks run, end what they started, and keep their promises; speed is not judged here."""

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent import bench
from agent.bench import listening
from agent.bench.clocked import SetClock
from agent.bench.promised import Watch
from agent.errors import ConfigError
from agent.figures import Table
from tests.broker import mosquitto
from tests.default_models import default, needs


def figures(name: str) -> dict[str, float]:
    table = bench.run(name, short=True)
    rows = table["figures"]
    assert isinstance(rows, list)
    assert all(row["n"] > 0 for row in rows)
    return {str(row["name"]): float(row["value"]) for row in rows}


def children() -> str:
    """Return what this process has started and not ended."""
    listed = ["ps", "--no-headers", "--ppid", str(os.getpid()), "-o", "args"]
    lines = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.splitlines()
    return "\n".join(line for line in lines if "ps --no" not in line)


def test_a_replay_is_timed() -> None:
    assert figures("replay")["events/s"] > 0


def test_what_judging_costs_is_timed_where_something_was_proposed() -> None:
    found = figures("judge")
    assert 0 < found["mean"] < found["p99 with a proposal"]


@pytest.mark.broker
def test_kills_lose_nothing_and_leave_nothing_twice() -> None:
    mosquitto()
    found = figures("ingest")
    assert found["acknowledged samples lost"] == 0
    assert found["visible duplicates"] == 0
    assert found["differs"] == 0
    assert found["kills"] == 3
    assert not children()


def test_what_is_heard_after_two_settings_of_the_clock_was_sent_before_both(tmp_path: Path) -> None:
    clock = SetClock(tmp_path / "clock")
    begin = datetime(2026, 1, 10, 9, tzinfo=UTC)
    clock.set_to(begin)
    watch = Watch(clock)
    for days in (1, 200):
        watch.clock_is_set()
        clock.set_to(begin + timedelta(days=days))
    watch.hear(json.dumps({"id": "a", "text": "r000001"}).encode())
    assert watch.shown[0].at < begin + timedelta(hours=1)


@pytest.mark.broker
def test_no_kill_and_no_clock_that_is_set_loses_what_was_promised() -> None:
    mosquitto()
    found = figures("reminders")
    assert found["lost"] == 0
    assert found["early"] == 0
    assert found["late, not said to be"] == 0
    assert found["kills"] == 6
    assert not children()


@pytest.mark.broker
def test_latency_is_timed_from_publishing_to_the_wearers_device() -> None:
    mosquitto()
    found = figures("latency")
    assert 0 < found["p50"] <= found["p99"] <= found["longest"]
    assert not children()


@pytest.mark.broker
@pytest.mark.slow
def test_an_idle_daemon_is_weighed() -> None:
    mosquitto()
    found = figures("idle")
    assert 0 < found["idle pss"] <= found["peak rss"]
    assert found["idle cpu"] >= 0
    assert not children()


def test_a_benchmark_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigError, match="no benchmark: ingest, latency, idle, replay"):
        bench.run("speed", short=True)


@pytest.mark.audio
@pytest.mark.model
@needs("faster_whisper", "onnxruntime", "av", "numpy")
def test_a_spoken_question_is_timed_to_the_first_sound_of_its_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    default("speech")
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is not installed")

    def deaf(_: bool) -> Table:
        raise ConfigError("NAME", "listening", "needs pulseaudio")

    monkeypatch.setattr(listening, "run", deaf)  # it has a test of its own
    table = bench.run("voice", short=True)
    assert "listening is not measured: " in table["data"]
    found = {row["name"]: row["value"] for row in table["figures"] if row["group"] is None}
    assert found["p50"] <= found["end of speech to first sound"]
    assert found["p50"] > 0.3  # it waits for the end of speech
    assert not children()
