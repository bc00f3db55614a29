"""The command line, as a user types it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent import cli  # noqa: F401  # hangs every command on the root
from agent.cli.root import commands

ROOT = Path(__file__).parents[1]


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A settings file whose store is this test's own."""
    file = tmp_path / "carpal.toml"
    folder = json.dumps(str(tmp_path / "store"))
    file.write_text(
        f'zone = "Europe/Berlin"\n[store]\nfolder = {folder}\n[control]\nfolder = {folder}\n'
        '[models]\nchat = "none"\nembedding = "none"\n[voice]\nmodel = "none"\n'
    )
    return file


def carpal(*arguments: str | Path) -> str:
    """Return what the command prints; it must succeed."""
    done = CliRunner().invoke(commands, [str(one) for one in arguments])
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def refused(*arguments: str | Path, **environment: str) -> tuple[int, str]:
    """Return the exit code and what a command that must fail says, in one line."""
    command = [sys.executable, "-m", "agent", *(str(one) for one in arguments)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stderr.strip()


def test_a_simulated_day_is_judged_the_same_twice_with_four_kinds_of_verdict(
    tmp_path: Path,
) -> None:
    day = tmp_path / "day.jsonl"
    carpal("simulate", "--seed", "7", "--days", "1", "--out", day)
    outs = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    figures = [json.loads(carpal("replay", day, "--out", out, "--json")) for out in outs]
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert len(outs[0].read_text().splitlines()) == figures[0]["judgements"] > 0
    assert len(figures[0]["verdicts"]) >= 4
    assert figures[0]["inputs"] == len(day.read_text().splitlines())


@pytest.mark.parametrize("seed", [0, 3, 11])
def test_any_simulated_day_has_four_kinds_of_verdict(seed: int, tmp_path: Path) -> None:
    day = tmp_path / "day.jsonl"
    carpal("simulate", "--seed", str(seed), "--out", day)
    assert len(json.loads(carpal("replay", day, "--json"))["verdicts"]) >= 4


def said(output: str) -> set[str]:
    return {line.split()[2].rstrip(":") for line in output.splitlines() if line[6:11] == "said "}


def told(output: str) -> list[str]:
    return [line for line in output.splitlines() if re.match(r"\d\d:\d\d ", line)]


@pytest.mark.parametrize(
    ("without", "silent"),
    [
        (None, None),
        ("meetings", "break"),
        ("stress", "break"),
        ("dwell", "grocery"),
        ("list", "grocery"),
    ],
)
def test_taking_one_thing_out_of_the_day_silences_what_depends_on_it_alone(
    without: str | None, silent: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARPAL_MODELS", "none")
    options = ["--without", without] if without else []
    output = carpal("demo", "--plain", "--no-broker", "--seed", "5", *options)
    depends = {"break", "grocery", "morning"}
    assert said(output) & depends == depends - {silent}
    assert output.count("asked: ") == output.count("answered: ") == 3
    assert "without models" in output


@pytest.mark.broker
def test_a_day_through_a_broker_is_told_as_the_day_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARPAL_MODELS", "none")
    through = carpal("demo", "--plain", "--seed", "2", "--stay", "--folder", tmp_path / "day")
    if "mosquitto is not installed" in through:
        pytest.skip("mosquitto is not installed")
    straight = carpal("demo", "--plain", "--no-broker", "--seed", "2")
    # The broker brings a minute or two together, so that the same is said within them.
    both = [[line[6:] for line in told(one) if "said " in line] for one in (through, straight)]
    assert both[0] == both[1]
    assert len(both[0]) >= 4
    config = tmp_path / "day" / "carpal.toml"
    assert json.loads(carpal("replay", "--journal", "--json", "--config", config))["differs"] == 0
    answer = json.loads(carpal("ask", "How did I sleep?", "--json", "--config", config))
    assert answer["tool"] == "morning.last_night"
    assert answer["evidence"]
    why = json.loads(carpal("why", "--json", "--config", config))
    assert why["spoken"]["evidence"]
    assert why["held"]
    assert "because: " in carpal("why", "break", "--config", config)


def test_the_settings_show_their_sources(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARPAL_POLICY__SILENCE_MIN", "7")
    shown = carpal("config", "--config", settings)
    assert "policy.silence_min = 7   # environment CARPAL_POLICY__SILENCE_MIN" in shown
    assert 'zone = "Europe/Berlin"   # file' in shown
    assert "policy.nudges_per_day = 8   # default" in shown
    found = json.loads(carpal("config", "--json", "--config", settings))
    assert found["settings"]["policy"]["silence_min"] == 7


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[policy]\nsilense_min = 3", "policy.silense_min"),
        ("[policy]\nsilence_min = -1", "greater than or equal to 0"),
        ("[policy]\nsilence_min = 99999", "less than or equal to 1440"),
        ('zone = "Europe/Berlim"', "Europe/Berlim"),
        ("[skills.brake]\nrun_min = 3", "skills.brake"),
        ("[skills.break]\nrun_min = 3", "run_min"),
        ("[policy", "(file)"),
        ("[[places]]\nname = 'x'", "latitude_deg"),
    ],
)
def test_a_wrong_setting_ends_with_2_and_says_which_and_why(
    text: str, told: str, tmp_path: Path
) -> None:
    file = tmp_path / "carpal.toml"
    file.write_text(text)
    code, error = refused("config", "--config", file)
    assert code == 2
    assert told in error
    assert len(error.splitlines()) == 1


def test_a_wrong_variable_of_the_environment_is_named() -> None:
    code, error = refused("config", CARPAL_POLICY__SILENSE_MIN="3")
    assert code == 2
    assert "silense_min" in error


def test_a_memory_without_a_daemon_answers_and_takes_feedback(settings: Path) -> None:
    option = ("--config", settings)
    status = json.loads(carpal("status", "--json", *option))
    assert status["running"] is False
    unknown = json.loads(carpal("ask", "what is my heart rate", "--json", *option))
    assert unknown["known"] is False
    assert "can't tell" in unknown["text"]
    assert "no source has delivered" in carpal("doctor", *option)
    assert "Call Tom" in carpal("remind", "2026-03-02T14:30", "Call Tom", *option)
    code, error = refused("feedback", "accepted", *option)
    assert (code, "nothing was said" in error) == (2, True)
    code, error = refused("remind", "soon", "Call Tom", *option)
    assert "is no time" in error


def day_of(folder: Path) -> Path:
    day = folder / "day.jsonl"
    carpal("simulate", "--out", day)
    return day


def test_nothing_to_import_is_said_clearly(settings: Path, tmp_path: Path) -> None:
    _, error = refused("import", tmp_path / "absent", "--config", settings)
    assert "there is no such file" in error
    for command in (("simulate",), ("replay", "--json", day_of(tmp_path))):
        code, error = refused(*command, "--out", tmp_path / "absent" / "x")
        assert (code, "--out" in error) == (2, True)
    odd = tmp_path / "odd.bin"
    odd.write_bytes(b"\x00odd")
    _, error = refused("import", odd, "--config", settings)
    assert "no kind that is known" in error
    _, error = refused("replay", odd)
    assert "line 1" in error


@pytest.mark.reference
def test_a_recording_is_imported_once(settings: Path, reference: Path) -> None:
    option = ("--json", "--config", settings)
    first = json.loads(carpal("import", reference / "stress" / "S06", *option))
    again = json.loads(carpal("import", reference / "stress" / "S06", *option))
    assert first["kept"] == first["read"] > 10_000
    assert (again["kept"], again["repeated"]) == (0, first["read"])
    assert json.loads(carpal("replay", "--journal", *option))["differs"] == 0


def test_a_newcomer_asks_about_the_day_that_the_demo_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARPAL_MODELS", "none")
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    carpal("demo", "--plain", "--no-broker", "--stay")
    assert "the day that the demo left" in carpal("ask", "How did I sleep?")
    assert "accepted" in carpal("feedback", "accepted")
    assert json.loads(carpal("replay", "--journal", "--json").splitlines()[-1])["differs"] == 0
    carpal("doctor")
    assert "You slept" in carpal("ask", "How did I sleep?")
    today = carpal("ask", "what was my average heart rate today", "--json").splitlines()[-1]
    assert json.loads(today)["known"], today
    carpal("demo", "--plain", "--no-broker", "--stay")
    carpal("remind", "2026-03-02T14:30", "Call Tom")
    assert "You slept" not in carpal("ask", "How did I sleep?"), (
        "now there is a memory of one's own"
    )


def test_the_example_settings_are_good() -> None:
    shown = json.loads(carpal("config", "--json", "--config", ROOT / "data" / "carpal.toml"))
    assert shown["settings"]["skills"] == {"break": {"run_min": 240}}
    assert shown["sources"]["mqtt.wearer"] == "file"
