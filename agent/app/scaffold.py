"""A new skill of the wearer's own: one small file that works, with its test and its scenario."""

import re
from importlib.util import find_spec
from keyword import iskeyword
from pathlib import Path
from string import Template
from sys import stdlib_module_names as stdlib

from agent.errors import ConfigError
from agent.guests.declared import NAME as PATTERN
from skills import SKILLS

SKILL = Template('''"""Say once a day when the watch is nearly empty."""

from pydantic import BaseModel, Field

from agent.events import Input, SkillNoted
from agent.skill import (
    Answer,
    Context,
    Evidence,
    Memory,
    NoArguments,
    Proposal,
    Recall,
    Skill,
    Tool,
    sayings,
)


class Settings(BaseModel):
    """In carpal.toml: `[skills.$name]`."""

    low_pct: float = Field(default=20, ge=1, le=99, description="Nearly empty, in percent.")


def charge(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Answer a question: the sentence, and what it rests on."""
    charge_pct = context.value("battery")
    if charge_pct is None:
        return Answer("I can't tell: no device has told its charge.", known=False)
    told = f"{charge_pct:.0f} %"
    evidence = Evidence(role="charge", value=told, kind="figure")
    return Answer(f"Your watch has {told} left.", (evidence,))


def charged(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Do something: note an event of the skill's own; `fold` makes the state of it."""
    note = SkillNoted(at=context.now, skill="$name", name="charged")
    times = 1 + int(str(context.own("$name").get("times", 0)))
    return Answer(f"Noted: charged {times} times.", events=(note,), offer="note that it is charged")


class $title(Skill):
    """Looks at the charge, and at nothing else."""

    name = "$name"
    what = "says once a day when the watch is nearly empty"
    theme = "home"  # the budget that its nudges count in
    fresh_min = 30  # older evidence than this says nothing
    settings = Settings
    reads = frozenset(("latest",))  # fields of the context: what is not here, it does not see
    wakes = frozenset(("battery",))  # events or signals after which it is asked, or "minute"
    folds = frozenset(("skill_noted",))  # its own events
    does = frozenset(())  # "urgent", "promise", "publish", "lists", "reminders"
    tools = (
        Tool(
            name="charge",
            what="how full the watch is",
            examples=sayings("""
                how full is my $name watch | is the $name watch nearly empty
                what charge does the $name watch have | $name watch charge
            """),
            arguments=NoArguments,
            answer=charge,
            now_only=True,
        ),
        Tool(
            name="charged",
            what="noting that you charged the watch",
            examples=sayings("I charged the $name watch | the $name watch was charged"),
            arguments=NoArguments,
            answer=charged,
            acts=True,
        ),
    )

    def consider(self, context: Context, settings: Settings) -> tuple[Proposal, ...]:
        """Stay quiet first: most of the time there is nothing to say."""
        charge_pct = context.value("battery")
        if charge_pct is None or charge_pct > settings.low_pct:
            return ()
        return (
            Proposal(
                topic=f"low {context.local_now:%Y-%m-%d}",  # a topic is said once
                glance=f"Watch at {charge_pct:.0f} %",
                text=f"Your watch has only {charge_pct:.0f} % left: charge it?",
                evidence=(f"charge {charge_pct:.0f} %",),
                evidence_at=context.latest["battery"].at,
            ),
        )

    def fold(self, memory: Memory, event: Input, context: Context) -> Memory:
        """Its lasting state: a JSON object, made of its own events."""
        return {"times": int(str(memory.get("times", 0))) + 1}
''')

SCENARIO = """# What happens, minute by minute, and what the skill must make of it.
[[step]]
minute = 0
signal = "battery"
value = 80
silent = true

[[step]]
minute = 30
signal = "battery"
value = 15
says = "low"  # the beginning of the topic

[[step]]
minute = 60
signal = "battery"
value = 12
silent = true  # it was said today
"""

TEST = Template('''"""What the skill keeps to, whatever happens: for pytest, in this folder."""

from datetime import UTC, datetime

from agent.context import Context, Latest
from $name import Settings, $title

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_it_is_silent_when_nothing_is_known() -> None:
    assert $title().consider(Context(now=NOON), Settings()) == ()


def test_it_is_silent_about_a_full_watch() -> None:
    full = Context(now=NOON, latest={"battery": Latest(80, NOON, "watch")})
    assert $title().consider(full, Settings()) == ()


def test_it_speaks_of_a_low_one_with_its_evidence() -> None:
    low = Context(now=NOON, latest={"battery": Latest(15, NOON, "watch")})
    (said,) = $title().consider(low, Settings())
    assert said.evidence == ("charge 15 %",)
''')

PACKAGE = Template("""[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "carpal-$name"
version = "0.1.0"
description = "A skill for carpal."
requires-python = ">=3.11"

[project.entry-points."carpal.skills"]
$name = "$name:$title"

[tool.hatch.build]
include = ["$name.py"]
""")


def create(folder: Path, name: str) -> tuple[Path, ...]:
    """Write a skill *name* into *folder*; return its files, the skill first.  Raise ConfigError."""
    if not re.fullmatch(PATTERN, name):
        raise ConfigError(
            "NAME", name, "a name has 2 to 32 small letters, digits or _, a letter first"
        )
    if iskeyword(name) or name in stdlib or find_spec(name) is not None:
        raise ConfigError("NAME", name, "Python or a library has that name: choose another")
    home = folder / name
    if home.exists() or name in {skill.name for skill in SKILLS}:
        raise ConfigError("NAME", name, f"there is one already: choose another name than {name}")
    named = {"name": name, "title": name.title().replace("_", "")}
    texts = {
        f"{name}.py": SKILL.substitute(named),
        f"test_{name}.py": TEST.substitute(named),
        "scenario.toml": SCENARIO,
        "pyproject.toml": PACKAGE.substitute(named),
    }
    home.mkdir(parents=True, mode=0o700)
    for file, text in texts.items():
        (home / file).write_text(text, "utf-8")
    return tuple(home / file for file in texts)
