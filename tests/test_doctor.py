"""What the doctor finds, on real files and a real store."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from pydantic import JsonValue

from agent.app import doctor, house
from agent.app.checks import (
    MODEL_BYTES_MIN,
    model_fault,
)
from agent.app.doctor import Case
from agent.app.settings import Settings
from agent.bus import Bus
from agent.control import Reply
from agent.core import Core
from agent.events import (
    Input,
    InputQuarantined,
    NudgeDropped,
    ReminderSet,
    ScheduleDue,
    SkillFaulted,
)
from agent.memory.journal import Journal
from agent.memory.recall import Memory
from agent.models.fetch import SWITCH
from agent.store import open_store
from skills import SKILLS
from tests.broker import broker
from tests.daemons import Daemon, daemon
from tests.days import KEY, SHOP, at, fix, sample

__all__ = ["broker", "daemon"]  # fixtures
WHOLE = b"GGUF" + bytes(MODEL_BYTES_MIN)
LOADED: Reply = {
    "name": "large",
    "loaded": True,
    "sealed": True,
    "crashes": 0,
    "last_fault": None,
}


def case(
    where: Path,
    events: Sequence[Input] = (),
    /,
    *,
    minute: float = 10,
    known: Reply | None = None,
    **given: object,
) -> Case:
    """Return what the doctor sees of a store with *events*, at *minute* of the day."""
    off = {"models": {"chat": "none", "embedding": "none"}, "voice": {"model": "none"}}
    settings = Settings.model_validate({"store": {"folder": where}} | off | given)
    where.mkdir(exist_ok=True)
    db = open_store(where / house.DATABASE, key=KEY)
    journal = Journal(db)
    bus = Bus(Core(SKILLS), journal)
    bus.publish(events)
    return Case(
        settings=settings,
        memory=Memory(db),
        state=bus.state,
        now=at(minute),
        daemon=known or {},
    )


def examined(seen: Case) -> dict[str, tuple[bool, str]]:
    """Return (ok, detail) of each check by its name."""
    checks = doctor.examine(seen)["checks"]
    assert isinstance(checks, list)
    found = {}
    for one in checks:
        assert isinstance(one, dict)
        found[str(one["name"])] = (bool(one["ok"]), str(one["detail"]))
    return found


def told(
    events: Sequence[Input], where: Path, *, minute: float = 10, **given: object
) -> dict[str, tuple[bool, str]]:
    return examined(case(where, events, minute=minute, known=None, **given))


def test_the_reply_says_of_each_check_its_name_its_state_and_what_to_do(tmp_path: Path) -> None:
    reply = doctor.examine(case(tmp_path))
    checks = reply["checks"]
    assert isinstance(checks, list)
    assert all(isinstance(one, dict) and set(one) == {"name", "ok", "detail"} for one in checks)
    assert all(isinstance(one, dict) and one["detail"] for one in checks)
    assert reply["ok"] is False


@pytest.mark.parametrize(
    ("known", "ok", "says"),
    [
        pytest.param({}, False, "not tried: no daemon runs", id="no daemon"),
        pytest.param({"mqtt": {"connected": True, "error": ""}}, True, "connected to", id="there"),
        pytest.param(
            {"mqtt": {"connected": False, "error": "refused"}}, False, "refused", id="not there"
        ),
    ],
)
def test_the_broker_is_told_of_by_who_holds_its_connection(
    tmp_path: Path, known: Reply, ok: bool, says: str
) -> None:
    found = examined(case(tmp_path, known=known, mqtt={"port": 1999}))["broker"]
    assert found[0] is ok
    assert says in found[1]
    assert "127.0.0.1:1999" in found[1]


def test_a_broker_that_is_not_configured_is_no_fault_where_a_folder_is_watched(
    tmp_path: Path,
) -> None:
    assert examined(case(tmp_path))["broker"][0] is False
    found = examined(case(tmp_path, folder={"paths": [str(tmp_path)]}))["broker"]
    assert (found[0], "not configured" in found[1]) == (True, True)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        pytest.param(None, "does not exist", id="absent"),
        pytest.param(b"PK" + WHOLE, "no GGUF file", id="another format"),
        pytest.param(b"GGUF1234", "too small", id="torn"),
        pytest.param(b"", "no GGUF file", id="empty"),
        pytest.param(WHOLE, "", id="whole"),
    ],
)
def test_a_file_that_can_be_no_model_is_told_with_its_reason(
    tmp_path: Path, body: bytes | None, says: str
) -> None:
    path = tmp_path / "model.gguf"
    if body is not None:
        path.write_bytes(body)
    fault = model_fault("chat", path)
    assert (says in fault, bool(fault)) == (True, bool(says))
    lines = doctor.wrong_models(case(tmp_path / "store", models={"chat": str(path)}).settings)
    assert len([line for line in lines if "the large model" in line]) == bool(says)


@pytest.mark.parametrize(
    ("change", "ok", "says"),
    [
        pytest.param({}, True, "loaded", id="well"),
        pytest.param({"sealed": False}, False, "not sealed", id="open"),
        pytest.param(
            {"loaded": False, "crashes": 3, "last_fault": "no memory"},
            False,
            "no memory",
            id="dead",
        ),
    ],
)
def test_a_worker_is_told_of_with_its_last_fault_and_its_seal(
    tmp_path: Path, change: Reply, ok: bool, says: str
) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(WHOLE)
    models: list[JsonValue] = ["speech: not set up", {**LOADED, **change}]
    seen = case(tmp_path / "store", known={"models": models}, models={"chat": str(path)})
    found = examined(seen)["model large"]
    assert (found[0], says in found[1]) == (ok, True)


def test_a_default_model_that_is_not_there_says_how_to_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SWITCH, str(tmp_path / "models"))
    found = examined(case(tmp_path / "store", models={}, voice={}))
    packages = {"words": "chat", "embedding": "embedding", "speech": "speech"}
    for name, package in packages.items():
        ok, detail = found[f"model {name}"]
        assert (ok, f"carpal models get {package}" in detail) == (False, True)
    monkeypatch.setenv(SWITCH, "none")
    assert examined(case(tmp_path / "store", models={}))["model words"][0] is True


def test_programs_that_are_not_installed_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = examined(case(tmp_path / "store", voice={}))
    assert found["espeak-ng"][0] is False
    assert "install the package espeak-ng" in found["espeak-ng"][1]


def test_the_disk_and_the_database_are_told_in_megabytes(tmp_path: Path) -> None:
    found = examined(case(tmp_path))
    assert "MB free" in found["disk"][1]
    assert found["database"][1].startswith("0.")


def test_paths_of_the_settings_that_are_not_there_are_named(tmp_path: Path) -> None:
    absent = str(tmp_path / "absent")
    folder = {"paths": [absent, str(tmp_path)]}
    seen = case(tmp_path, calendar={"paths": [absent]}, mealplan={"path": absent}, folder=folder)
    found = examined(seen)
    for name in ("calendar", "mealplan", "folder"):
        assert (found[name][0], "does not exist" in found[name][1]) == (False, True)
    there = examined(case(tmp_path, folder={"paths": [str(tmp_path)]}))
    assert there["paths"] == (True, "all 1 of the settings are there")


def test_a_source_that_is_silent_for_more_than_a_day_is_not_well(tmp_path: Path) -> None:
    events = [sample(1, "heart_rate", 70), sample(3000, "motion", 9, source="phone")]
    found = told(events, tmp_path, minute=3001)
    assert found["source watch"][0] is False
    assert "silent for 2 days" in found["source watch"][1]
    assert found["source phone"] == (
        True,
        (
            "acceleration: motion yes, falls no (it needs shocks and acceleration); "
            "motion 1 (1 min old)"
        ),
    )
    lost = told([fix(3, SHOP)], tmp_path / "lost", minute=3001)["source phone"]
    assert (lost[0], "location 1 (2 days old)" in lost[1]) == (False, True)


def test_averages_without_motion_or_location_say_what_cannot_be_told(tmp_path: Path) -> None:
    found = told([sample(1, "heart_rate", 70)], tmp_path)
    assert "averaged heart rate, no beats: stress with low confidence" in found["stress"][1]
    assert (found["stress"][0], "never nudges" in found["stress"][1]) == (False, True)
    assert "no motion: gates nothing" in found["motion"][1]
    assert "no location" in found["places"][1]


def test_beats_motion_and_a_fix_leave_nothing_to_wish(tmp_path: Path) -> None:
    events: list[Input] = [sample(1, "ibi", 800), sample(2, "motion", 9), fix(3, SHOP)]
    found = told(events, tmp_path, places=[SHOP.model_dump()])
    assert found["source phone"] == (True, "location: places yes; location 1 (7 min old)")
    assert all(found[name][0] for name in ("stress", "motion", "places"))


def test_inputs_that_were_not_let_in_are_counted_with_the_last_three_reasons(
    tmp_path: Path,
) -> None:
    bad: list[Input] = [
        InputQuarantined(at=at(n), source="band", reason=f"odd {n}") for n in range(5)
    ]
    ok, detail = told(bad, tmp_path)["quarantined"]
    assert not ok
    assert detail.startswith("5 inputs")
    assert [f"odd {n}" in detail for n in range(5)] == [False, False, True, True, True]
    assert told([], tmp_path, minute=60 * 24 * 30)["quarantined"] == (
        True,
        "none in a week, 5 in all",
    )


def test_a_source_is_named_once_before_what_was_not_let_in(tmp_path: Path) -> None:
    bad = InputQuarantined(at=at(1), source="me/band", reason="me/band: no value")
    assert told([bad], tmp_path)["quarantined"][1].endswith("the last: me/band: no value")


def test_a_dead_letter_of_long_ago_is_no_fault_any_more(tmp_path: Path) -> None:
    assert told([], tmp_path)["payloads"][0] is True
    db = open_store(tmp_path / house.DATABASE, key=KEY)
    Journal(db).dead_letter("carpal/ada/band/mood", b"{}", "no signal", at=at(5))
    db.close()
    ok, detail = told([], tmp_path)["payloads"]
    assert (ok, "carpal/ada/band/mood" in detail) == (False, True)
    assert told([], tmp_path, minute=60 * 24 * 30)["payloads"][0] is True


def test_dropped_nudges_and_resting_skills_are_told(tmp_path: Path) -> None:
    faults: list[Input] = [
        SkillFaulted(at=at(n), skill="pause", reason="division") for n in range(3)
    ]
    dropped = NudgeDropped(at=at(4), judgement="x", reason="no screen took it")
    found = told([sample(0, "heart_rate", 70), *faults, dropped], tmp_path)
    assert "no screen took it" in found["nudges dropped"][1]
    rests = "3 faults, it rests for an hour: report it; the last: division"
    assert found["skill pause"][1] == rests


def test_a_nudge_that_waits_for_a_screen_is_a_fault_after_some_minutes(tmp_path: Path) -> None:
    due = at(3)
    events: list[Input] = [
        ReminderSet(at=at(1), id="r", due=due, text="Call Ann"),
        ScheduleDue(at=due, name="reminder/r", due=due),
    ]
    soon = told(events, tmp_path / "soon", minute=4)["nudges pending"]
    late = told(events, tmp_path / "late", minute=30)["nudges pending"]
    assert (soon[0], late[0]) == (True, False)
    assert "`carpal run` shows them" in late[1]


def test_a_running_daemon_warns_of_a_wrong_model_and_its_doctor_knows_the_broker(
    daemon: Daemon,
) -> None:
    wreck = daemon.folder / "wreck.gguf"
    wreck.write_bytes(b"not a model")
    text = daemon.config.read_text()
    daemon.config.write_text(text.replace('chat = "none"', f"chat = {json.dumps(str(wreck))}"))
    daemon.start()
    checks = str(daemon.call("doctor")["checks"])
    assert "connected to" in checks
    assert "is no GGUF file" in checks
    assert "the large model cannot be used" in daemon.told
    assert daemon.stop() == 0


def test_a_table_that_brings_nothing_is_told_with_what_to_look_at(tmp_path: Path) -> None:
    events = [sample(1, "heart_rate", 60), sample(1, "battery", 50, source="device")]
    found = told(events, tmp_path, phone={}, gpsd={}, device={})
    assert found["sources"] == (
        False,
        "phone is set and mqtt is not: it comes over the broker (`carpal broker`)",
    )
    ok, why = found["source gpsd"]
    assert not ok
    assert why.startswith("has never delivered: does gpsd run")
    assert found["source device"][0]
