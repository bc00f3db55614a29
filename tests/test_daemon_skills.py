"""Skills in a daemon that runs: a guest speaks and acts over the broker, and survives a kill."""

import json
import sys

import pytest

from agent.app.clocks import WorldClock
from agent.events import ProposalJudged
from agent.memory.journal import Journal
from tests.broker import broker
from tests.daemons import Daemon, daemon, listening, wait_for

__all__ = ["broker", "daemon"]
pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(sys.platform != "linux", reason="guests are sealed by Linux"),
]
GUEST = '''"""Would dim the lights whenever the watch tells its charge."""
from agent.skill import *

class Dim(Skill):
    name = "dim"
    theme = "home"
    reads = frozenset(("latest",))
    wakes = frozenset(("battery",))
    does = frozenset(("publish",))

    def consider(self, context, settings):
        low = context.latest["battery"]
        dim = Action(name="dim", deed=Publish(topic="light", payload={"level": low.value}))
        said = Proposal(topic=f"{low.at}", glance="Dim?", text="Dim the lights?",
                        evidence=("because",), evidence_at=low.at, worth=1.0, action=dim)
        return (said,)
'''


def charge(value: float) -> tuple[str, bytes]:
    content = {"time": WorldClock().now().isoformat(), "value": value, "unit": "%"}
    return "carpal/ada/watch/battery", json.dumps(content).encode()


def install(running: Daemon, text: str = GUEST) -> None:
    folder = running.store / "skills" / "dim"
    folder.mkdir(parents=True)
    (folder / "dim.py").write_text(text)


def judged(running: Daemon) -> list[ProposalJudged]:
    with running.opened() as db:
        return [one for one in Journal(db).judgements() if one.skill == "dim"]


def test_a_guest_is_found_granted_speaks_asks_and_acts_after_a_yes(daemon: Daemon) -> None:
    daemon.start()
    install(daemon)
    daemon.publish(charge(40))
    found = daemon.carpal("skills").stdout  # it is looked for while the daemon runs
    assert "dim (home, not allowed, of a third party)" in found
    assert "dim is allowed" in daemon.carpal("allow", "dim").stdout
    daemon.publish(charge(39))
    wait_for(lambda: [one.verdict for one in judged(daemon)] == ["speak"], "its question")
    assert daemon.broker is not None
    with listening(daemon.broker, "carpal/ada/act/dim/light") as heard:
        assert "accepted" in daemon.carpal("yes").stdout
        wait_for(lambda: bool(heard()), "the message")
        assert json.loads(heard()[0]) == {"level": 39.0}
    wait_for(lambda: daemon.kept("action_done") == 1, "the report")
    daemon.stop()
    again = daemon.carpal("replay", "--journal", "--json")
    assert json.loads(again.stdout)["differs"] == 0


def test_what_was_agreed_to_is_done_after_a_kill(daemon: Daemon) -> None:
    install(daemon)
    daemon.start()
    daemon.carpal("allow", "dim", "--alone", "dim")
    assert daemon.broker is not None
    daemon.publish(charge(30))  # nobody hears it: it cannot be done now, and is told so
    wait_for(lambda: daemon.kept("action_done") == 1, "the report")
    with listening(daemon.broker, "carpal/ada/act/dim/light") as heard:
        for value in range(20, 10, -1):
            daemon.publish(charge(value))
            if value == 15:
                daemon.kill()
                daemon.start()
        wait_for(lambda: {json.loads(one)["level"] for one in heard()} >= {11.0}, "the last one")
        levels = {json.loads(one)["level"] for one in heard()}
    acts = [one for one in judged(daemon) if one.verdict == "act"]
    agreed = {one.action.deed.payload["level"] for one in acts if one.action}  # type: ignore[union-attr]
    assert agreed - levels <= {30.0}
    daemon.stop()


def test_a_guest_that_ends_its_process_leaves_the_daemon_alone(daemon: Daemon) -> None:
    install(daemon, GUEST.replace("low = context", "import os; os._exit(7)\n        low = context"))
    daemon.start()
    daemon.carpal("allow", "dim")
    daemon.publish(*[charge(40 - number) for number in range(5)])
    wait_for(lambda: daemon.kept("skill_faulted") >= 1, "its fault")
    assert daemon.call("status")["running"] is True
    assert "dim" in daemon.carpal("doctor").stdout
    daemon.publish(charge(20))
    wait_for(lambda: daemon.kept("sample/battery") == 6, "every sample")


def test_what_the_wearer_puts_on_a_list_is_told_to_who_else_keeps_it(daemon: Daemon) -> None:
    daemon.start()
    assert daemon.broker is not None
    with listening(daemon.broker, "carpal/ada/act/lists/grocery") as heard:
        daemon.call("ask", question="add milk to the shopping list")
        wait_for(lambda: bool(heard()), "the change")
        assert json.loads(heard()[0]) == {"added": ["milk"], "removed": []}


def test_quiet_hours_asked_for_hold_in_the_daemon(daemon: Daemon) -> None:
    install(daemon)
    daemon.start()
    daemon.carpal("allow", "dim")
    daemon.carpal("quiet", "1")
    daemon.publish(charge(40))
    wait_for(lambda: [one.verdict for one in judged(daemon)] == ["focus"], "its silence")
    assert "you wanted quiet" in daemon.carpal("why", "not", "dim").stdout
