"""The store of a daemon when things are bad: damaged, locked, full, or another key's."""

import json
import os
import resource
import sqlite3
import stat
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from agent import key
from agent.app.clocks import WorldClock
from agent.app.house import BACKUP, DATABASE, KEY, House, enter, locked
from agent.bus import Bus, replay
from agent.core import Core
from agent.errors import StoreError
from agent.events import GapDetected, Input
from agent.memory.journal import Journal
from agent.store import back_up
from skills import SKILLS
from tests.broker import Broker, broker
from tests.daemons import Daemon, daemon, lonely, wait_for
from tests.days import DAWN, day
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
    assert "took its place" in news
    assert "saved from the damaged file" in news
    (kept,) = lonely.store.glob("carpal.db.damaged-????????T??????")
    assert kept.read_bytes() == damaged
    assert "Call Ann" in str(lonely.call("ask", question="what are my reminders?")["text"])
    assert lonely.stop() == 0


DAY = day()
HALF = len(DAY) // 2


def entered(folder: Path) -> House:
    """Enter *folder* as at the end of the day."""
    with locked(folder):
        return enter(folder, clock=WorldClock())


def live(folder: Path, inputs: Sequence[Input] = DAY) -> None:
    """Live *inputs* in *folder*, in small batches."""
    home = entered(folder)
    bus = Bus(Core(SKILLS), Journal(home.db))
    for start in range(0, len(inputs), 40):
        bus.publish(inputs[start : start + 40])
    home.db.close()


def flip(file: Path, page: int) -> bytes:
    """Flip three bytes in a *page* of *file*, and return its content."""
    content = bytearray(file.read_bytes())
    for place in range(3):
        content[page * PAGE + 700 + place] ^= 0xFF
    file.write_bytes(content)
    return bytes(content)


def differs(home: House) -> int:
    """Return how many judgements of the journal a replay does not repeat; its sums must agree."""
    journal = Journal(home.db)
    begun = journal.first_replayable()
    lived = list(journal.judgements(after=begun.sequence))
    _, judged = replay(Core(SKILLS), journal.replay(after=begun.sequence), start=begun.state)
    counted, sampled = (
        home.db.execute(query).fetchone()
        for query in (
            "select sum(count), round(sum(total), 3) from rollup where grain_s = 60",
            "select count(*), round(sum(value), 3) from sample where quality = 'good'",
        )
    )
    assert counted == (sampled if sampled[0] else (None, None))
    return sum(a != b for a, b in zip(lived, judged, strict=False)) + abs(len(lived) - len(judged))


def pages(file: Path) -> Sequence[int]:
    """Return some pages after the first, from all over the file."""
    last = file.stat().st_size // PAGE
    return range(1, last, max(1, last // 24))


def inputs_of(home: House) -> list[Input]:
    return list(Journal(home.db).replay())


def journaled() -> list[Input]:
    """Return the day as the journal has it: with the gap that its phone leaves in the evening."""
    with TemporaryDirectory() as folder:
        live(Path(folder))
        home = entered(Path(folder))
        found = inputs_of(home)
        home.db.close()
    return found


def sent(journal: Sequence[Input]) -> int:
    """Return how many of the inputs in *journal* came from outside: gaps are found by the bus."""
    return sum(not isinstance(event, GapDetected) for event in journal)


LIVED = journaled()


@pytest.mark.parametrize("backed_up", [True, False])
def test_whichever_page_is_damaged_what_is_saved_is_a_beginning_that_replays(
    tmp_path: Path, *, backed_up: bool
) -> None:
    first, saved = tmp_path / "first", list[int]()
    live(first, DAY[:HALF])
    if backed_up:
        back_up(first / DATABASE, first / BACKUP, key=key.read(first / KEY))
    live(first, DAY[HALF:])
    for page in pages(first / DATABASE):
        again = tmp_path / f"page-{page}"
        again.mkdir()
        for name in (DATABASE, KEY, *([BACKUP] if backed_up else [])):
            (again / name).write_bytes((first / name).read_bytes())
        damaged = flip(again / DATABASE, page)
        home = entered(again)
        found = inputs_of(home)
        assert differs(home) == 0
        assert found == LIVED[: len(found)]
        assert ("is lost" in str(home.news)) >= (len(found) < len(LIVED))
        (kept,) = again.glob("carpal.db.damaged-????????T??????")
        assert kept.read_bytes() == damaged
        bus = Bus(Core(SKILLS), Journal(home.db))
        bus.publish(DAY[sent(found) :])
        assert inputs_of(home) == LIVED
        home.db.close()
        saved.append(len(found))
    assert min(saved) >= (HALF if backed_up else 0)
    assert len(LIVED) in saved


def test_a_pruned_journal_is_saved_from_a_checkpoint_on(tmp_path: Path) -> None:
    live(tmp_path)
    home = entered(tmp_path)
    journal = Journal(home.db)
    Bus(Core(SKILLS), journal).checkpoint()
    assert journal.prune(DAWN.replace(hour=9)) > 0
    assert journal.first_replayable().sequence > 0
    sums = home.db.execute("select count(*), sum(count) from rollup").fetchone()
    last = journal.last().sequence
    kept, index = (
        inputs_of(home),
        home.db.execute(
            "select rootpage from sqlite_schema where name = 'sample_signal_at'"
        ).fetchone()[0],
    )
    home.db.close()
    flip(tmp_path / DATABASE, index - 1)
    home = entered(tmp_path)
    assert "nothing that was kept is lost" in str(home.news)
    assert inputs_of(home) == kept
    assert home.db.execute("select count(*), sum(count) from rollup").fetchone() == sums
    assert Journal(home.db).last().sequence == last
    assert Bus(Core(SKILLS), Journal(home.db)).state.sequence == last
    home.db.close()


def test_a_first_page_that_is_damaged_leaves_the_backup_alone(tmp_path: Path) -> None:
    live(tmp_path, DAY[:HALF])
    back_up(tmp_path / DATABASE, tmp_path / BACKUP, key=key.read(tmp_path / KEY))
    live(tmp_path, DAY[HALF:])
    flip(tmp_path / DATABASE, 0)
    home = entered(tmp_path)
    assert inputs_of(home) == DAY[:HALF]
    assert "is lost" in str(home.news)
    home.db.close()


def test_a_damaged_first_page_without_a_backup_is_refused_and_left_alone(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    live(tmp_path, DAY[:80])
    damaged = flip(tmp_path / DATABASE, 0)
    with pytest.raises(StoreError, match=r"carpal\.key does not open carpal\.db, and there is no"):
        entered(tmp_path)
    assert (tmp_path / DATABASE).read_bytes() == damaged
    assert capfd.readouterr() == ("", "")


def test_all_that_lies_in_the_house_is_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        live(tmp_path, DAY[:80])
        back_up(tmp_path / DATABASE, tmp_path / BACKUP, key=key.read(tmp_path / KEY))
        modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert modes == dict.fromkeys((DATABASE, BACKUP, KEY, "lock", "reserve"), 0o600)


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
    assert str(lonely.store / "carpal.key") in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
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
