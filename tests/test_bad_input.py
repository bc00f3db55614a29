"""What is wrong is refused in one clear line, and nothing else is lost by it."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from agent.app.settings import load
from agent.errors import ConfigError, DecodeError
from agent.events import load as load_event
from sensors.simulated import journal
from tests.days import sample, shopping
from tests.test_cli import carpal, refused

GOOD = (sample(1, "heart_rate", 70), shopping(2, "milk"))
LINES = [one.model_dump_json().encode() for one in GOOD]
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
{}
BEGIN:VEVENT
UID:good
DTSTAMP:20260302T080000Z
DTSTART:20260303T100000Z
DTEND:20260303T103000Z
SUMMARY:Good
END:VEVENT
END:VCALENDAR
"""
BROKEN_RULE = """BEGIN:VEVENT
UID:broken
DTSTAMP:20260302T080000Z
DTSTART:20260303T120000Z
DTEND:20260303T123000Z
RRULE:FREQ=SOMETIMES;INTERVAL=-1
SUMMARY:Broken
END:VEVENT"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A settings file whose store is this test's own."""
    file, folder = tmp_path / "carpal.toml", json.dumps(str(tmp_path / "store"))
    file.write_text(
        f'zone = "Europe/Berlin"\n[store]\nfolder = {folder}\n[control]\nfolder = {folder}\n'
        '[models]\nchat = "none"\nembedding = "none"\n[voice]\nmodel = "none"\n'
    )
    return file


# Settings.


@pytest.mark.parametrize(
    ("text", "key", "value", "reason"),
    [
        ("[policy]\nsilense_min = 3", "policy.silense_min", "3", "silence_min"),
        ("[policy]\nsilence_min = 1441", "policy.silence_min", "1441", "1440"),
        ("[policy]\nsilence_min = 'soon'", "policy.silence_min", "soon", "integer"),
        ("[policy]\nconfidence_min = nan", "policy.confidence_min", "nan", "equal to 1"),
        ("[policy]\nquiet_from = '25:00'", "policy.quiet_from", "25:00", "time"),
        ("zone = 'Europe/Berlim'", "zone", "Europe/Berlim", "IANA"),
        ("zone = '../../etc/passwd'", "zone", "../../etc/passwd", "IANA"),
        ("[[places]]\nname = 'x'\nlatitude_deg = 91\nlongitude_deg = 0",
         "places.0.latitude_deg", "91", "90"),
        ("[voice]\nvoice = 'en; rm'", "voice.voice", "en; rm", "pattern"),
        ("[skills.break]\nrun_min = 1", "run_min", "1", "30"),
        ("[skills.brake]", "skills.brake", "…", "break"),
        ("[poliçy]", "(file)", "carpal.toml", "line 1"),
        ("silence_min = 3", "silence_min", "3", "policy"),
        ("policy = 3", "policy", "3", "dictionary"),
        pytest.param("x = " + "9" * 5000, "(file)", "carpal.toml", "digits", id="digits"),
        pytest.param("x = " + "[" * 5000, "(file)", "carpal.toml", "recursion", id="depth"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named_with_its_value_and_what_is_allowed(
    text: str, key: str, value: str, reason: str, tmp_path: Path
) -> None:
    file = tmp_path / "carpal.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as refusal:
        load(file, {})
    told = str(refusal.value)
    assert key in told
    assert value in told
    assert reason in told
    assert "\n" not in told
    assert len(told) < 600


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("CARPAL_POLICY__SILENSE_MIN", "3", "silense_min"),
        ("CARPAL_POLICY__SILENCE_MIN", "much", "integer"),
        ("CARPAL_ZONE__X", "1", "zone"),
        ("CARPAL_NOWHERE__X", "1", "nowhere"),
    ],
)
def test_a_wrong_variable_is_named(variable: str, value: str, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "carpal.toml"
    file.write_text("zone = 'UTC'\n[policy]\nsilence_min = 3\n")
    with pytest.raises(ConfigError) as refusal:
        load(file, {variable: value})
    assert reason in str(refusal.value)


def test_a_settings_file_that_is_no_text_or_not_there_is_said(tmp_path: Path) -> None:
    file = tmp_path / "carpal.toml"
    file.write_bytes(b"\xff\xfe\x00zone")
    for path in (file, tmp_path, tmp_path / "absent.toml"):
        with pytest.raises(ConfigError, match="(no such file|decode)"):
            load(path, {})


TABLES = st.dictionaries(
    st.sampled_from(("policy", "zone", "places", "voice", "skills", "mqtt", "store")),
    st.none() | st.integers() | st.text(max_size=6) | st.lists(st.integers(), max_size=2),
    max_size=3,
).map(lambda tables: "\n".join(f"{key} = {json.dumps(one)}" for key, one in tables.items()))


@given(text=st.text(max_size=80) | TABLES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_settings_file_is_read_or_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "carpal.toml"
    path.write_text(text, encoding="utf-8", errors="replace")
    with suppress(ConfigError):
        load(path, {})


# Events in a file.


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{broken", "JSON"),
        (b"null", "is no event"),
        (b"[]", "is no event"),
        (b'{"kind": "sample_measured"}', "at"),
        (b'{"kind": "sample_guessed", "at": "2026-03-02T05:00:00Z"}', "sample_guessed"),
        (LINES[0].replace(b"70.0", b"NaN"), "finite"),
        (LINES[0].replace(b"70.0", b"7000"), "not a plausible heart_rate"),
        (LINES[0].replace(b"2026-03-02T05:01:00Z", b"0001-01-01T00:00:00+14:00"), "edge"),
        (LINES[0].replace(b"2026-03-02T05:01:00Z", b"9999-12-31T23:59:59-12:00"), "edge"),
        (LINES[0].replace(b"2026-03-02T05:01:00Z", b"2026-03-02T05:01:00"), "timezone"),
        (b"\xff\xfe", "is no event"),
        (b"[" * 100_000, "is no event"),
        (b" " * (journal.LINE_BYTES_MAX + 1), "longer"),
    ],
)
def test_a_broken_line_of_a_day_is_named_and_nothing_is_written(
    line: bytes, reason: str, tmp_path: Path
) -> None:
    assert line not in LINES
    day, out = tmp_path / "day.jsonl", tmp_path / "out.jsonl"
    day.write_bytes(b"\n".join([LINES[0], line, LINES[1]]))
    with pytest.raises(DecodeError) as refusal:
        list(journal.read(day))
    told = str(refusal.value)
    assert f"{day}, line 2" in told
    assert reason in told
    assert "\n" not in told
    assert not out.exists()


def test_replay_says_which_line_is_broken(tmp_path: Path) -> None:
    day, out = tmp_path / "day.jsonl", tmp_path / "out.jsonl"
    day.write_bytes(LINES[0] + b"\n{broken\n")
    code, told = refused("replay", day, "--out", out)
    assert (code, "line 2" in told, len(told.splitlines())) == (1, True, 1)
    assert not out.exists()


@given(st.binary(max_size=200) | st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(("kind", "at", "signal", "value", "source", "name", "items")), inner,
        max_size=5), max_leaves=8).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_any_line_is_an_event_or_raises_its_own_error(line: bytes) -> None:
    with suppress(ValidationError):
        load_event(line)
    with suppress(DecodeError):
        journal.decode(line, source="x")


# Files of others.


def test_a_broken_rule_of_a_calendar_costs_no_other_meeting(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "work.ics"
    file.write_text(CALENDAR.format(BROKEN_RULE))
    figures = json.loads(carpal("import", file, "--json", "--config", config))
    assert figures["kept"] >= 1
    found = carpal("status", "--json", "--config", config)
    assert json.loads(found)["kept"]["calendar_changed"] == 1


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("work.ics", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nnonsense", "work.ics"),
        ("work.ics", b"\xff\x00\xfe", "work.ics"),
        ("notes.txt", b"hello", "no kind that is known"),
        ("empty", b"", "no kind that is known"),
    ],
)
def test_a_file_that_cannot_be_taken_in_is_named(
    name: str, content: bytes, told: str, config: Path, tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    code, error = refused("import", file, "--config", config)
    assert (code, told in error, len(error.splitlines())) == (1, True, 1), error


def test_a_broken_file_of_a_recording_is_named_and_the_rest_is_kept(
    config: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "S99"
    folder.mkdir()
    (folder / "HR.csv").write_text("1500000000.0\n1.0\n70\n71\nseventy\n72\n")
    (folder / "IBI.csv").write_text("1500000000.0, IBI\n1.0,0.8\n")
    figures = json.loads(carpal("import", folder, "--json", "--config", config))
    assert figures["quarantined"] == 1
    assert "HR.csv, line 5" in figures["reports"][0]
    status = json.loads(carpal("status", "--json", "--config", config))
    assert status["kept"]["sample/ibi"] == 1
    assert status["kept"]["sample/heart_rate"] >= 1


# Questions.


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("", "nothing was asked"),
        ("x" * 50_000, "longer than 2000"),
        ("\x1b[2J\x07", "I can't tell"),
        ("\U0001f600" * 9, "I can't tell"),
        ("\udcff\udc80", "I can't tell"),
        ("Wie hoch ist mein Puls?", "I can't tell"),
    ],
)
def test_an_odd_question_is_answered_and_kept(question: str, told: str, config: Path) -> None:
    reply = json.loads(carpal("ask", question, "--json", "--config", config))
    assert told in reply["text"]
    assert reply["known"] is False
    status = json.loads(carpal("status", "--json", "--config", config))
    assert status["kept"]["answered"] == status["kept"]["utterance_heard"] == 1


def test_a_spoken_question_without_a_speech_model_is_refused(config: Path, tmp_path: Path) -> None:
    code, error = refused("say-to", tmp_path / "absent.wav", "--config", config)
    assert (code, "carpal models get speech" in error) == (1, True)
