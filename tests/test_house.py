"""The store of a daemon when things are bad: damaged, locked, full, or another key's."""

import json
import resource
import sqlite3
from pathlib import Path

import pytest

from agent.app.clocks import WorldClock
from tests.broker import Broker, broker
from tests.daemons import Daemon, daemon, lonely, wait_for
from tests.test_daemon import sample

__all__ = ["broker", "daemon", "lonely"]
pytestmark = pytest.mark.broker
PAGE = 4096


def damage(file: Path) -> bytes:
    """Flip some bytes in the middle of a page in the middle of the file; return the content."""
    content = bytearray(file.read_bytes())
    start = len(content) // PAGE // 2 * PAGE + PAGE // 2
    for place in range(start, start + 16):
        content[place] ^= 0xFF
    file.write_bytes(content)
    return bytes(content)


def lived(one: Daemon) -> None:
    """Let *one* begin, keep something and end."""
    one.start()
    one.call("remind", text="Call Ann", due="2099-03-02T14:30")
    wait_for((one.store / "carpal.backup.db").exists, "the backup")
    assert one.stop() == 0


def test_a_damaged_database_gives_way_to_its_backup_and_the_news_says_so(lonely: Daemon) -> None:
    lived(lonely)
    (lonely.store / "carpal.backup.db").unlink()
    lonely.start()  # a backup of what is there now
    wait_for((lonely.store / "carpal.backup.db").exists, "a backup")
    assert lonely.stop() == 0
    damaged = damage(lonely.store / "carpal.db")
    lonely.start()
    news = str(lonely.ask_status()["news"])
    assert "the database was damaged" in news
    assert "what came after it is lost" in news
    (kept,) = lonely.store.glob("carpal.db.damaged-????????T??????")
    assert kept.read_bytes() == damaged
    assert "Call Ann" in str(lonely.call("ask", question="what are my reminders?")["text"])
    assert lonely.stop() == 0


def test_a_damaged_database_without_a_backup_is_refused_and_left_alone(lonely: Daemon) -> None:
    lived(lonely)
    (lonely.store / "carpal.backup.db").unlink()
    damaged = damage(lonely.store / "carpal.db")
    refused = lonely.carpal("run")
    assert refused.returncode == 1
    assert "there is no backup" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert (lonely.store / "carpal.db").read_bytes() == damaged


@pytest.mark.parametrize("backed_up", [True, False])
def test_another_key_is_refused_and_nothing_is_moved(lonely: Daemon, *, backed_up: bool) -> None:
    lived(lonely)
    if not backed_up:
        (lonely.store / "carpal.backup.db").unlink()
    other = Daemon(lonely.folder / "other", None) if _made(lonely.folder / "other") else lonely
    lived(other)
    (lonely.store / "carpal.key").write_bytes((other.store / "carpal.key").read_bytes())
    before = {one.name: one.read_bytes() for one in lonely.store.glob("carpal*")}
    refused = lonely.carpal("run")
    assert refused.returncode == 1
    assert "another key's" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert before == {one.name: one.read_bytes() for one in lonely.store.glob("carpal*")}


def _made(folder: Path) -> bool:
    folder.mkdir()
    return True


def test_a_key_that_is_gone_is_told(lonely: Daemon) -> None:
    lived(lonely)
    (lonely.store / "carpal.key").unlink()
    refused = lonely.carpal("run")
    assert refused.returncode == 1
    assert "nothing else opens carpal.db" in refused.stderr
    assert not (lonely.store / "carpal.key").exists()


def test_a_plain_database_in_its_place_is_refused_and_left_alone(lonely: Daemon) -> None:
    lived(lonely)
    (lonely.store / "carpal.backup.db").unlink()
    (lonely.store / "carpal.db").unlink()
    with sqlite3.connect(lonely.store / "carpal.db") as plain:
        plain.execute("create table t (x)")
    plain.close()
    before = (lonely.store / "carpal.db").read_bytes()
    refused = lonely.carpal("run")
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert (lonely.store / "carpal.db").read_bytes() == before


def test_a_store_that_another_program_locks_loses_nothing(daemon: Daemon) -> None:
    daemon.start()
    with daemon.opened() as db:
        db.conn.execute("begin immediate")
        daemon.publish(*[sample(60, number) for number in range(20)])
        wait_for(lambda: "nothing was written" in daemon.told, "the refusal", at_most_s=60)
        db.conn.execute("rollback")
    wait_for(lambda: daemon.kept("sample/heart_rate") == 20, "all of it", at_most_s=60)
    assert "Traceback" not in daemon.told
    assert daemon.stop() == 0


def test_a_full_disk_acknowledges_nothing_and_resumes_by_itself(
    daemon: Daemon, broker: Broker
) -> None:
    daemon.start()
    daemon.publish(sample(60, 0))
    wait_for(lambda: daemon.kept("sample/heart_rate") == 1, "the first")
    assert daemon.process is not None
    fill(daemon)
    daemon.publish(*[sample(60, number) for number in range(1, 2_000)])
    wait_for(lambda: "nothing was written" in daemon.told, "the refusal", at_most_s=60)
    assert daemon.kept("sample/heart_rate") == 1
    resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, UNLIMITED)
    wait_for(lambda: daemon.kept("sample/heart_rate") == 2_000, "all of it", at_most_s=90)
    daemon.call("remind", text="Take the pill", due=WorldClock().now().isoformat())
    wait_for(lambda: daemon.kept("notified") == 1, "a word again")
    assert "Traceback" not in daemon.told
    assert daemon.stop() == 0


UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


def fill(running: Daemon) -> None:
    """Let no file of *running* grow beyond a few pages: its disk is full."""
    assert running.process is not None
    full = (4 * PAGE, resource.RLIM_INFINITY)
    resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, full)


def test_a_full_disk_still_answers_and_says_what_it_cannot_keep(lonely: Daemon) -> None:
    lonely.start()
    fill(lonely)
    asked = lonely.carpal("ask", "what are my reminders?")
    assert asked.stdout == "You have no reminders set.\n"
    refused = lonely.carpal("remind", "2099-03-02T14:30", "Call Ann")
    assert refused.returncode == 2
    assert "could not be kept" in refused.stderr
    assert lonely.process is not None
    resource.prlimit(lonely.process.pid, resource.RLIMIT_FSIZE, UNLIMITED)
    assert lonely.kept("reminder_set") == 0
    assert lonely.carpal("remind", "2099-03-02T14:30", "Call Ann").returncode == 0
    assert lonely.kept("reminder_set") == 1
    assert "Traceback" not in lonely.told
    assert lonely.stop() == 0


def test_dead_letters_are_bounded_and_the_doctor_tells_of_them(daemon: Daemon) -> None:
    daemon.start()
    daemon.publish(*[("carpal/ada/band/heart_rate", b"\xff" * 5_000) for _ in range(500)])
    daemon.publish(*[("carpal/ada/band/mood", b"{}") for _ in range(10)])
    daemon.publish(sample(60, 1))
    wait_for(lambda: daemon.kept("sample/heart_rate") == 1, "what is good")
    wait_for(lambda: daemon.kept("input_quarantined") == 510, "what is bad")
    doctor = json.loads(daemon.carpal("doctor", "--json").stdout)
    assert "carpal/ada/band/mood" in str(doctor["checks"])
    assert daemon.stop() == 0
    with daemon.opened() as db:
        letters = db.execute("select count(*), max(length(payload)) from dead_letter").fetchone()
    assert letters == (200, 200)


def test_a_damaged_model_leaves_answers_by_template(lonely: Daemon) -> None:
    wreck = lonely.folder / "wreck.gguf"
    wreck.write_bytes(b"GGUF" + bytes(range(256)) * 40)
    text = lonely.config.read_text()
    lonely.config.write_text(text.replace('chat = "none"', f"chat = {json.dumps(str(wreck))}"))
    lonely.start()
    lonely.call("remind", text="Call Ann", due="2099-03-02T14:30")
    for _ in range(3):
        reply = lonely.call("ask", question="what are my reminders?")
        assert "Call Ann" in str(reply["text"])
        assert reply["wording"] == "template"
    assert "Traceback" not in lonely.told
    assert lonely.stop() == 0
