"""From nothing to a skill that is granted, works and is understood: the guide, as it is written."""

import re
import shlex
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from agent.app import scaffold, sources, trials
from agent.app.clocks import WorldClock
from agent.errors import ConfigError
from agent.guests import find
from tests.test_cli import carpal, refused, settings

__all__ = ["settings"]
ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "skills" / "README.md"
COMMANDS = [
    shlex.split(line[2:]) for line in re.findall(r"^\$ carpal .*$", GUIDE.read_text(), re.M)
]
PAGES_MAX = 2
LINES_A_PAGE = 50


def test_the_guide_fits_two_pages() -> None:
    assert len(GUIDE.read_text().splitlines()) <= PAGES_MAX * LINES_A_PAGE


def test_the_guide_leads_from_nothing_to_a_working_granted_skill_that_is_understood(
    settings: Path,
) -> None:
    said = [carpal(*words[1:], "--config", settings) for words in COMMANDS]
    told = dict(zip((" ".join(words[1:]) for words in COMMANDS), said, strict=True))
    assert "tea: all is well" in told["skill test tea"]
    assert "tea (home, not allowed, of a third party)" in told["skills"]
    assert "tea is allowed: it reads latest" in told["allow tea"]
    assert told["ask how full is my tea watch"].startswith("I can't tell: no device has told")
    assert told["ask I charged the tea watch"] == "Noted: charged 1 times.\n"
    assert "0 would have been said" in told["replay --skill tea --since 30d"]
    again = carpal("ask", "the tea watch was charged", "--config", settings)
    assert again == "Noted: charged 2 times.\n"  # its own events, folded by itself
    assert "differs      0" in carpal("replay", "--journal", "--config", settings)


def test_what_is_denied_answers_no_more(settings: Path) -> None:
    for words in (("skill", "new", "tea"), ("allow", "tea"), ("deny", "tea")):
        carpal(*words, "--config", settings)
    told = carpal("ask", "how full is my tea watch", "--config", settings)
    assert "no device has told its charge" not in told


def test_its_own_settings_are_its_own_to_check(settings: Path) -> None:
    carpal("skill", "new", "tea", "--config", settings)
    settings.write_text(settings.read_text() + "\n[skills.tea]\nlow_pct = 30\n")
    assert "tea: all is well" in carpal("skill", "test", "tea", "--config", settings)
    settings.write_text(settings.read_text().replace("skills.tea", "skills.coffee"))
    code, line = refused("skills", "--config", settings)
    assert (code, "there is no such skill" in line) == (2, True)


def test_a_broken_skill_fails_its_test_with_the_reason(settings: Path) -> None:
    path = Path(carpal("skill", "new", "tea", "--config", settings).splitlines()[0])
    path.write_text(path.read_text().replace("charge_pct > settings.low_pct", "charge_pct > 1"))
    code, _ = refused("skill", "test", "tea", "--config", settings)
    assert code == 1
    path.write_text(path.read_text().replace("class Tea", "clas Tea"))
    assert "tea (refused): SyntaxError" in carpal("skills", "--config", settings)


def test_a_grammar_that_cannot_be_read_fails_its_test_with_the_reason(settings: Path) -> None:
    path = Path(carpal("skill", "new", "tea", "--config", settings).splitlines()[0])
    text = path.read_text()
    said = "#JSGF V1.0; grammar tea; public <tea> = how full [is] {} tea [watch];"
    path.write_text(text.replace("now_only=True", f"grammar={said.format('my')!r}"))
    told = carpal("skill", "test", "tea", "--config", settings)
    assert "ok  the grammar of its tool charge can be read" in told
    path.write_text(text.replace("now_only=True", f"grammar={said.format('<mine>')!r}"))
    wrong = {one.what: one.wrong for one in trials.check(path.parents[1], "tea")}
    assert "mine" in wrong["the grammar of its tool charge can be read"]


@pytest.mark.parametrize(
    "name", ["", "x", "Tea", "1tea", "te-a", "class", "json", "agent", "pytest", "grocery", "a/b"]
)
def test_a_name_that_cannot_be_a_module_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="NAME"):
        scaffold.create(tmp_path, name)
    assert not list(tmp_path.iterdir())


def test_a_skill_is_never_written_over(tmp_path: Path) -> None:
    scaffold.create(tmp_path, "tea")
    with pytest.raises(ConfigError, match="there is one already"):
        scaffold.create(tmp_path, "tea")


def test_an_installed_package_is_found_by_its_entry_point_and_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "carpal_tea_package"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('it ran outside its process')")
    (package / "parts.py").write_text("x = 1")
    monkeypatch.syspath_prepend(str(tmp_path))
    point = EntryPoint("tea", "carpal_tea_package.parts:Tea", find.GROUP)
    monkeypatch.setattr(find, "entry_points", lambda group: [point])
    (one,) = find.found(tmp_path / "none")
    assert set(one.texts) == {"carpal_tea_package", "carpal_tea_package.parts"}
    assert one.entry == "carpal_tea_package.parts:Tea"
    assert "carpal_tea_package" not in sys.modules


def test_a_sensor_of_a_package_runs_only_where_it_is_named() -> None:
    assert list(sources.plugins({}, clock=WorldClock())) == []
    with pytest.raises(ConfigError, match=r"plugins\.astrology.*no package offers it"):
        list(sources.plugins({"astrology": {}}, clock=WorldClock()))
