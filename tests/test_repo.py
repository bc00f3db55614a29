"""The repository's own promises, checked like any other behaviour."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent import errors, events
from agent.app.settings import Settings
from agent.core import Core
from agent.events import load
from agent.ports import Hit, Recall
from agent.skill import GLANCE_MAX
from agent.state import State
from skills import SKILLS
from tests import tables

ROOT = Path(__file__).parents[1]
SOURCES = sorted(p for d in ("agent", "sensors", "skills") for p in (ROOT / d).rglob("*.py"))
TRACKED = subprocess.run(
    ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
).stdout.split()
CONTRACTS = {
    contract["name"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
}
BROAD_MAX = 2
LINES_MAX = 330  # a longer one is two
README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_are_short_and_hide_nothing_from_the_checkers(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree), "a module opens with its purpose"
    assert path.read_text().count("\n") <= LINES_MAX
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, node.name
            hidden = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert not hidden, f"{node.name} imports where no contract looks"
        names = {getattr(node, field, None) for field in ("id", "attr", "name")}
        assert "model_copy" not in names, "its keys are not type-checked; dataclasses.replace is"


def test_at_most_two_excepts_are_broad() -> None:
    broad = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
    ]
    assert len(broad) <= BROAD_MAX, broad


def test_imports_keep_their_direction() -> None:
    # In a process of its own: it disables every logger that it finds, and other tests read logs.
    linter = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


def test_all_that_is_not_above_core_is_held_to_purity() -> None:
    layers = CONTRACTS["agent flows one way"]["layers"]
    above = {name.strip() for line in layers[: layers.index("core")] for name in line.split("|")}
    pure = CONTRACTS["everything from core down, and every skill, is pure"]["ignore_imports"]
    excepted = {
        line.split(" ")[0].removesuffix(".**").removeprefix("agent.")
        for line in pure
        if line.endswith("-> *")
    }
    assert excepted == above | {"sensors"}


def test_nothing_tracked_names_a_machine_or_a_registry() -> None:
    banned = re.compile(r"(?<![\w.])/(?:work|farm)/|pypi\.org|pythonhosted|debian\.org|npmjs")
    for name in TRACKED:
        path = ROOT / name
        if path.suffix in (".wav", ".gguf", ".flac") or not path.is_file() or name == HERE:
            continue
        found = banned.search(path.read_text(errors="replace"))
        assert not found, f"{name}: {found}"


HERE = "tests/test_repo.py"


def test_every_error_has_one_root() -> None:
    raised = [error for error in vars(errors).values() if isinstance(error, type)]
    assert all(issubclass(error, errors.AgentError) for error in raised)


@pytest.mark.parametrize("name", ["sensors", "skills", "settings", "commands", "events", "signals"])
def test_the_tables_of_the_readme_are_true(name: str) -> None:
    assert tables.written(README, name) == tables.tables()[name], "run python -m tests.tables"


def test_the_readme_names_every_folder_and_how_to_begin() -> None:
    for name in ("agent/", "sensors/", "skills/", "tests/", "data/"):
        assert f"`{name}`" in README
    for command in ("make demo", "make test"):
        assert command in README


def test_every_top_level_file_of_agent_is_explained_by_its_first_line() -> None:
    for path in sorted((ROOT / "agent").iterdir()):
        source = path / "__init__.py" if path.is_dir() else path
        if source.exists() and not path.name.startswith("__"):
            first = (ast.get_docstring(ast.parse(source.read_text())) or "").split("\n")[0]
            assert len(first) > 10, path


@pytest.mark.parametrize("skill", SKILLS, ids=lambda skill: skill.name)
def test_a_skill_that_knows_nothing_says_nothing_and_answers_honestly(skill: object) -> None:
    assert skill in SKILLS
    one = SKILLS[SKILLS.index(skill)]
    context = State().context
    assert list(one.consider(context, one.settings())) == []
    for tool in one.tools:
        arguments = tool.arguments.model_validate(NEEDED.get(tool.name, {}))
        answer = tool.answer(arguments, _Nothing(), context)
        assert answer.text
        told = answer.text.replace("15 minutes", "")
        assert tool.acts or not any(sign.isdigit() for sign in told), told


_TODAY = {"since": "2026-03-04T00:00:00Z", "until": "2026-03-05T00:00:00Z", "words": "today"}
NEEDED: dict[str, dict[str, object]] = {
    "measured": {"signal": "spo2"},
    "compared": {"signal": "spo2", "spans": [_TODAY, {**_TODAY, "words": "yesterday"}]},
    "trend": {"signal": "spo2"},
    "remind": {"text": "stretch", "due": "2026-03-04T16:00:00Z"},
    "cancel": {"text": "stretch"},
    "interpret": {"language": "pl"},
    "change": {"text": "stretch", "due": "2026-03-04T16:00:00Z"},
    "timer": {"length": "PT5M"},
    "plan": {"medicine": "iron", "often": {"unit": "day"}},
    "stop": {"medicine": "iron"},
    "add": {"items": [{"name": "milk"}]},
    "remove": {"items": [{"name": "milk"}]},
    "note_meeting": {"title": "Budget", "note": "ask Ada"},
    "focus": {"until": "2026-03-04T16:00:00Z"},
    "mute": {"topic": "groceries"},
    "unmute": {"topic": "groceries"},
    "keep": {"thing": "keys", "spot": "in the drawer"},
}
"""What a question cannot do without."""


class _Nothing:
    """A memory without anything in it."""

    def summary(self, signal: str, *, since: datetime, until: datetime) -> None:
        return None

    def search(self, words: Sequence[str], *, limit: int) -> list[Hit]:
        return []

    def calendars(self) -> list[events.CalendarChanged]:
        return []

    def lists(self) -> list[events.ListChanged]:
        return []

    def judgements(self, *, since: datetime) -> list[events.ProposalJudged]:
        return []

    def notified(self, *, since: datetime) -> list[events.Notified]:
        return []


def test_an_empty_memory_is_a_memory() -> None:
    memory: Recall = _Nothing()
    assert memory.summary("steps", since=events.EPOCH, until=events.EPOCH) is None


def test_the_defaults_are_valid_settings_for_every_skill() -> None:
    Core(SKILLS).settings_of(Settings().rules())
    assert len({skill.name for skill in SKILLS}) == len(SKILLS)
    assert all(skill.fresh_min > 0 for skill in SKILLS)
    assert GLANCE_MAX == 40


EVENTS = [kind for family in get_args(events.Input) for kind in (family,)]


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_an_event_comes_back_as_it_was_and_in_utc(kind: type, data: st.DataObject) -> None:
    event = data.draw(_event(kind))
    again = load(event.model_dump_json())
    assert again == event
    assert again.at.tzinfo is UTC or again.at.utcoffset() == UTC.utcoffset(None)


def _event(kind: type) -> st.SearchStrategy[events.Input]:
    times = st.datetimes(
        min_value=datetime(1990, 1, 1),  # noqa: DTZ001  # hypothesis adds the zone
        max_value=datetime(2100, 1, 1),  # noqa: DTZ001
        timezones=st.sampled_from([UTC]),
    )
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    meetings = st.builds(events.Meeting, start=times, end=times, uid=text, title=text, place=text)
    items = st.builds(events.Item, name=text, amount=text)
    given_by_name = {
        "at": times,
        "due": times,
        "since": times,
        "until": times,
        "signal": st.just("heart_rate"),
        "value": st.floats(30, 200),
        "quality": st.just("good"),
        "meetings": st.lists(meetings, max_size=3).map(tuple),
        "items": st.lists(items, max_size=3).map(tuple),
        "rules": st.dictionaries(text, text, max_size=2),
    }
    fields = getattr(kind, "model_fields")  # noqa: B009  # every event is a pydantic model
    chosen = {name: given_by_name[name] for name in fields if name in given_by_name}
    return st.builds(kind, **chosen)


def test_every_command_takes_a_settings_file() -> None:
    for path, command in tables.every_command():
        assert any("--config" in option.opts for option in command.params), path
