"""The daemon's life: how it starts, ends, reloads, and answers."""

import json
import signal
import socket
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from agent.app.clocks import WorldClock
from agent.bench.stage import POLICY as QUIET
from agent.bench.visits import arrival, away
from agent.control import SOCKET
from tests.broker import Broker, broker, mosquitto
from tests.daemons import Daemon, daemon, listening, lonely, wait_for

__all__ = ["broker", "daemon", "lonely"]
pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]


def sample(value: float, number: int) -> tuple[str, bytes]:
    at = WorldClock().now().isoformat()
    content = {"time": at, "value": value, "unit": "bpm", "sequence": number}
    return "carpal/ada/band/heart_rate", json.dumps(content).encode()


def test_the_end_loses_nothing_that_was_acknowledged(daemon: Daemon) -> None:
    daemon.start()
    daemon.publish(*[sample(60, number) for number in range(500)])
    wait_for(lambda: daemon.kept("sample/heart_rate") > 0, "a first sample")
    begun_s = time.monotonic()
    assert daemon.stop() == 0
    spent_s = time.monotonic() - begun_s
    print(f"stopped in {spent_s:.2f} s")  # noqa: T201  # a figure to read, not to judge by
    daemon.start()
    wait_for(lambda: daemon.kept("sample/heart_rate") == 500, "every sample, once")


def test_a_second_daemon_is_refused_and_told_who_holds_the_store(lonely: Daemon) -> None:
    lonely.start()
    assert lonely.process is not None
    second = lonely.carpal("run")
    assert second.returncode == 2
    assert f"(process {lonely.process.pid}) uses {lonely.store}" in second.stderr
    assert second.stderr.count("\n") == 1
    assert lonely.call("status")["running"] is True


def test_without_a_broker_it_starts_says_so_and_connects_when_there_is_one(
    tmp_path: Path,
) -> None:
    mosquitto()
    absent = Broker(tmp_path)
    waiting = Daemon(tmp_path, absent)
    try:
        waiting.start()
        wait_for(lambda: bool(_mqtt(waiting)["error"]), "the error to be told")
        assert _mqtt(waiting)["connected"] is False
        absent.start()
        wait_for(lambda: _mqtt(waiting)["connected"] is True, "a connection", at_most_s=60)
        assert not _mqtt(waiting)["error"]
    finally:
        waiting.close()
        absent.stop()


def _mqtt(running: Daemon) -> dict[str, object]:
    mqtt = running.ask_status()["mqtt"]
    assert isinstance(mqtt, dict)
    return dict(mqtt)


def test_a_hangup_reloads_the_rules_as_an_event_and_a_wrong_file_keeps_the_old_ones(
    lonely: Daemon,
) -> None:
    lonely.start()
    assert lonely.kept("settings_changed") == 1
    lonely.configure(QUIET.replace("nudges_per_day = 100", "nudges_per_day = 5"))
    lonely.signal(signal.SIGHUP)
    wait_for(lambda: lonely.kept("settings_changed") == 2, "the new rules")
    for wrong in (QUIET.replace("= 100", "= 100000"), "[policy]\nmood = 3\n", "][", "[skills.no]"):
        before = lonely.told.count("the settings stay as they were")
        lonely.configure(wrong)
        lonely.signal(signal.SIGHUP)
        wait_for(
            lambda before=before: (  # type: ignore[misc]  # mypy cannot infer a bound default
                lonely.told.count("the settings stay as they were") > before
            ),
            "the refusal",
        )
    assert lonely.kept("settings_changed") == 2
    assert "Traceback" not in lonely.told
    assert lonely.stop() == 0


def test_systemd_is_told_of_readiness_life_reloading_and_the_end(
    lonely: Daemon, tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(20)
        lonely.launch(NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="200000")
        heard = [systemd.recv(1000).decode()]
        while heard.count("WATCHDOG=1") < 3:
            heard.append(systemd.recv(1000).decode())
        assert heard[0] == "READY=1"
        lonely.signal(signal.SIGHUP)
        while not heard[-1].startswith("RELOADING=1"):
            heard.append(systemd.recv(1000).decode())
        while heard[-1] != "READY=1":
            heard.append(systemd.recv(1000).decode())
        lonely.signal(signal.SIGTERM)
        while heard[-1] != "STOPPING=1":
            heard.append(systemd.recv(1000).decode())
    assert lonely.stop() == 0


@pytest.mark.parametrize("running", [True, False], ids=["running", "stopped"])
def test_commands_answer_with_the_daemon_and_without_it(lonely: Daemon, *, running: bool) -> None:
    lonely.start()
    if not running:
        assert lonely.stop() == 0
    status = json.loads(lonely.carpal("status", "--json").stdout)
    assert status["running"] is running
    asked = json.loads(lonely.carpal("ask", "what are my reminders?", "--json").stdout)
    assert asked["text"] == "You have no reminders set."
    assert lonely.carpal("remind", "2099-03-02T14:30", "Call Ann").returncode == 0
    asked = json.loads(lonely.carpal("ask", "what are my reminders?", "--json").stdout)
    assert "Call Ann" in asked["text"]
    assert "nothing was said" in lonely.carpal("why").stdout
    assert "checks" in json.loads(lonely.carpal("doctor", "--json").stdout)
    answered = lonely.carpal("feedback", "accepted")
    assert answered.returncode == 2
    assert "nothing was said yet" in answered.stderr
    kept = json.loads(lonely.carpal("status", "--json").stdout)["kept"]
    assert (kept["utterance_heard"], kept["answered"], kept["reminder_set"]) == (2, 2, 1)


def test_a_question_over_mqtt_is_answered_over_mqtt(daemon: Daemon, broker: Broker) -> None:
    daemon.start()
    with listening(broker, "carpal/ada/answer") as answers:
        daemon.publish(("carpal/ada/ask", b"what are my reminders?"))
        wait_for(lambda: len(answers()) > 0, "the answer")
        told = json.loads(answers()[0])
    assert told == {"question": "what are my reminders?", "text": "You have no reminders set."}
    wait_for(lambda: daemon.kept("answered") == 1, "the answer on record")
    assert daemon.kept("utterance_heard") == 1


def test_a_visit_is_told_on_the_wearers_device_and_its_answer_becomes_an_event(
    daemon: Daemon, broker: Broker
) -> None:
    daemon.start()
    begun = WorldClock().now() - timedelta(seconds=60)
    visits = [*away(begun, 0, standing=True), arrival(begun, 0)]
    with listening(broker, "carpal/ada/notify") as nudges:
        daemon.publish(("carpal/ada/list/grocery", b'{"items": ["milk"]}'))
        daemon.publish(*[(topic.replace("/me/", "/ada/"), payload) for topic, payload in visits])
        wait_for(lambda: len(nudges()) > 0, "the nudge")
        nudge = json.loads(nudges()[0])
    assert nudge["text"] == "You are at the shop: milk."
    answer = json.dumps({"id": nudge["id"], "answer": "dismissed"}).encode()
    daemon.publish(("carpal/ada/feedback", answer))
    wait_for(lambda: daemon.kept("feedback_given") == 1, "the wearer's answer")
    spoken = daemon.call("why")["spoken"]
    assert isinstance(spoken, dict)
    assert spoken["id"] == nudge["id"]
    assert daemon.call("feedback", answer="accepted")["judgement"] == nudge["id"]


@pytest.mark.broker
def test_what_was_missed_while_the_daemon_was_down_is_told_over_the_broker_too(
    daemon: Daemon,
) -> None:
    daemon.start()
    due = WorldClock().now() + timedelta(seconds=1)
    daemon.call("remind", text="Take the pill", due=due.isoformat())
    assert daemon.stop() == 0
    assert not (daemon.store / SOCKET).exists(), "nothing is left that nobody answers on"
    wait_for(lambda: WorldClock().now() > due, "its time to pass")
    assert daemon.broker is not None
    with listening(daemon.broker, "carpal/ada/notify") as heard:
        daemon.start()
        wait_for(lambda: len(heard()) == 1, "the late reminder")
        assert b"Take the pill" in heard()[0]


def test_a_reminder_that_was_missed_is_told_late_and_marked(lonely: Daemon) -> None:
    lonely.start()
    due = WorldClock().now() + timedelta(seconds=1.5)
    lonely.call("remind", text="Take the pill", due=due.isoformat())
    lonely.kill()
    wait_for(lambda: WorldClock().now() > due, "its time to pass")
    lonely.start()
    wait_for(lambda: lonely.kept("notified") == 1, "the reminder")
    assert "Take the pill" in lonely.told
    lonely.kill()
    long_ago = WorldClock().now() - timedelta(hours=5)
    lonely.start()
    lonely.call("remind", text="Call Ann", due=long_ago.isoformat())
    wait_for(lambda: lonely.kept("notified") == 2, "the second reminder")
    shown = lonely.call("why")["shown"]
    assert isinstance(shown, dict)
    assert shown["late"] is True
    assert "(late: it was for" in str(shown["text"])
    assert lonely.stop() == 0
    lonely.start()
    assert lonely.kept("notified") == 2  # and is not told again
