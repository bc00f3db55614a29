"""The tables of the README, made from the code.  `python -m tests.tables` writes them anew."""

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from typer.main import get_command

from agent import (
    cli,  # noqa: F401  # hangs every command on the root
    events,
)
from agent.app.settings import Settings
from agent.ask.route import tools_of
from agent.cli.root import commands
from agent.router import Candidate, Moment, Question, choose
from agent.signals import SIGNALS
from skills import SKILLS

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
FAMILIES = ("World", "Where", "Around", "Plan", "Wearer", "Report", "ProposalJudged")


def tables() -> dict[str, str]:
    """Return each table's Markdown by its name."""
    return {
        "sensors": _table(("sensor", "what"), _sensors()),
        "skills": _table(("skill", "what it does", "questions"), _skills()),
        "tools": _table(("tool", "what it answers or does", "arguments", "for example"), _tools()),
        "router": _table(("it is understood", "and", "tier", "who speaks", "why"), _router()),
        "estimators": _table(("file", "what it believes, and by what method"), _estimators()),
        "settings": _table(("setting", "default", "range", "what"), _settings(Settings)),
        "commands": _table(("command", "what"), _commands()),
        "events": _table(("event", "family", "what"), _events()),
        "signals": _table(("signal", "unit", "plausible", "holds for", "what"), _signals()),
    }


def written(readme: str, name: str) -> str:
    """Return what the README has between the marks of table *name*."""
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", readme, re.DOTALL)
    assert found, f"the README has no place for the table {name}"
    return found[1]


def rewrite() -> None:
    """Put the tables into the README."""
    readme = README.read_text()
    for name, table in tables().items():
        marks = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        readme = readme.replace(written(readme, name).join(marks), table.join(marks))
    README.write_text(readme)


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _first(text: str | None) -> str:
    assert text, "everything in a table says what it is"
    paragraph = text.strip().split("\n\n")[0]
    return " ".join(paragraph.split()).removesuffix(" Pure.").removesuffix(".")


def _estimators() -> Iterator[Sequence[str]]:
    for path in sorted((ROOT / "agent" / "fusion").iterdir()):
        file = path / "__init__.py" if path.is_dir() else path
        if path.stem.startswith("__") or not file.exists():
            continue
        yield f"`{path.name}`", _first(ast.get_docstring(ast.parse(file.read_text())))


def _sensors() -> Iterator[Sequence[str]]:
    for path in sorted((ROOT / "sensors").iterdir()):
        source = path / "__init__.py" if path.is_dir() else path
        if path.name.startswith("__") or not source.exists():
            continue
        yield f"`{path.stem}`", _first(ast.get_docstring(ast.parse(source.read_text())))


def _skills() -> Iterator[Sequence[str]]:
    for skill in SKILLS:
        module = sys.modules[type(skill).__module__]
        asked = "; ".join(tool.what for tool in skill.tools)
        yield f"`{skill.name}`", _first(module.__doc__), asked


def _tools() -> Iterator[Sequence[str]]:
    for name, tool in tools_of(SKILLS).items():
        fields = ", ".join(f"`{field}`" for field in tool.arguments.model_fields)
        yield f"`{name}`", tool.what, fields or "none", tool.examples[0]


# Each row of the router's table: what is said of it, the question, the moment.
TOOL, OPEN = Question(tier=1, understood=True, facts=3), Question(tier=0, understood=False)
SMALL, LARGE = Candidate(size_mb=145, tokens_s=60), Candidate(size_mb=1100, tokens_s=12)
CASES: tuple[tuple[str, Question, Moment, Candidate | None], ...] = (
    ("it is asked in writing or aloud", TOOL, Moment(), LARGE),
    ("there is nothing to word", replace(TOOL, facts=0), Moment(), LARGE),
    ("a glance is wanted", TOOL, Moment(wanted="glance"), LARGE),
    ("the battery is low", TOOL, Moment(battery_pct=14), LARGE),
    ("the battery is low, but charging", TOOL, Moment(battery_pct=14, charging=True), LARGE),
    ("the device is hot", TOOL, Moment(temperature_c=44), LARGE),
    ("memory is short", TOOL, Moment(memory_free_mb=200), LARGE),
    ("a larger model is set up", OPEN, Moment(), LARGE),
    ("none is", OPEN, Moment(), None),
    ("the battery is not high", OPEN, Moment(battery_pct=25), LARGE),
    ("the device is warm", OPEN, Moment(temperature_c=41), LARGE),
    ("it is asked aloud, and the larger model is slow", OPEN, Moment(wanted="voice"), LARGE),
)


def _router() -> Iterator[Sequence[str]]:
    for when, question, moment, large in CASES:
        choice = choose(question, moment, small=SMALL, large=large)
        speaker = {"none": "the tool's template", "small": "the small model", "large": "yours"}
        understood = "yes" if question.understood else "no"
        who = (
            speaker[choice.model]
            if question.understood or choice.model == "large"
            else "an honest no"
        )
        yield understood, when, str(choice.tier), who, choice.reason


def every_command() -> Iterator[tuple[str, Any]]:
    """Yield (what is typed, the command), in order; a group that does nothing alone is none."""
    group: Any = get_command(commands)
    for name in sorted(group.commands):
        command = group.commands[name]
        inner = getattr(command, "commands", {})
        if not inner or any("--config" in option.opts for option in command.params):
            yield f"carpal {name}", command
        for each in sorted(inner):
            yield f"carpal {name} {each}", inner[each]


def _commands() -> Iterator[Sequence[str]]:
    for path, command in every_command():
        yield f"`{path}`", _first(command.help)


def _events() -> Iterator[Sequence[str]]:
    for family in FAMILIES:
        members = get_args(getattr(events, family)) or (getattr(events, family),)
        for member in members:
            told = "Judgement" if family == "ProposalJudged" else family
            yield f"`{member.__name__}`", told, _first(member.__doc__)


def _signals() -> Iterator[Sequence[str]]:
    for signal in SIGNALS.values():
        plausible = f"{signal.low:g} to {signal.high:g}"
        yield f"`{signal.id}`", signal.unit, plausible, f"{signal.fresh_s} s", signal.what


def _settings(model: type[BaseModel], prefix: str = "") -> Iterator[Sequence[str]]:
    for name, field in model.model_fields.items():
        if model is Settings and name == "skills":
            for skill in SKILLS:
                yield from _settings(skill.settings, f"skills.{skill.name}.")
            continue
        inner = _inner(field)
        many = "tuple" in str(field.annotation)
        if inner is None:
            yield _setting(f"{prefix}{name}", field)
        else:
            yield from _settings(inner, f"{prefix}{name}{'[]' if many else ''}.")


def _setting(key: str, field: FieldInfo) -> Sequence[str]:
    assert field.description, f"{key} has no description"
    default = field.default
    if field.default_factory is not None:
        shown = "the user's own folder" if "folder" in key else "none"
    elif default is PydanticUndefined:
        shown = "(needed)"
    else:
        shown = "none" if default in (None, (), "") else f"`{default}`"
    return f"`{key}`", shown, _bounds(field), field.description.removesuffix(".")


def _bounds(field: FieldInfo) -> str:
    low = high = ""
    for mark in field.metadata:
        match mark:
            case Ge(ge=bound) | Gt(gt=bound):
                low = f"{bound}"
            case Le(le=bound) | Lt(lt=bound):
                high = f"{bound}"
            case MinLen(min_length=bound):
                low = f"{bound} characters" if bound > 1 else ""
            case MaxLen(max_length=bound):
                high = f"{bound} long"
            case _:
                pass
    return f"{low} to {high}" if low and high else low or (f"up to {high}" if high else "")


def _inner(field: FieldInfo) -> type[BaseModel] | None:
    kinds = [field.annotation, *get_args(field.annotation)]
    found = [k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)]
    return found[0] if found else None


if __name__ == "__main__":
    rewrite()
