"""What a skill looks at is what it declares: looked up while it judges and answers."""

from collections.abc import Iterator
from dataclasses import fields

import pytest

from agent.bus import replay
from agent.context import Context
from agent.core import Core
from agent.evaluate.situation import Nothing, situation
from agent.events import FocusSet, NotificationReceived, SkillNoted
from agent.skill import Skill
from agent.state import State
from skills import SKILLS
from tests.days import HOME, at, calendar, day, rules
from tests.test_fusion_days import drive, visit, walk
from tests.test_repo import NEEDED
from tests.test_skill_sleep import SHORT, after_nights
from tests.test_skill_training import HARD, lived

OURS = (
    "agenda", "digest", "focus", "journal", "morning", "move", "sleep", "training", "whereis",
)  # fmt: skip
ALWAYS = frozenset(("now", "zone", "rules", "memories"))
"""What everyone may look at: the time, the settings, and one's own notes."""
NAMES = frozenset(one.name for one in fields(Context))


class Watched(Context):
    """A context that notes which of its fields are looked at."""

    seen: set[str] = set()  # noqa: RUF012  # one for all: it is emptied before each use

    def __getattribute__(self, name: str) -> object:
        if name in NAMES:
            Watched.seen.add(name)
        return super().__getattribute__(name)


def watched(context: Context) -> Context:
    return Watched(**{one.name: getattr(context, one.name) for one in fields(Context)})


def contexts() -> Iterator[Context]:
    """Yield a few moments at which one skill or another has something to say or to tell."""
    yield State().context
    yield situation()
    yield replay(Core(SKILLS), day())[0].context
    yield after_nights(*SHORT)
    yield lived(*HARD, resting=62)
    note = NotificationReceived(at=at(9), source="phone", id="a", app="Signal", title="Anna")
    keys = {"thing": "keys", "spot": "in the drawer"}
    noted = SkillNoted(at=at(14), skill="whereis", name="kept", data={**keys})
    quiet = FocusSet(at=at(8), until=at(9.5))
    moved = [*drive(0, 10), *walk(11, 8200), note, noted, quiet]
    context = replay(Core(SKILLS), [rules(), calendar(0, ("Budget", 20, 60)), *moved])[0].context
    yield context
    yield replay(Core(SKILLS), [rules(), *moved, *visit(HOME, 20, 40)])[0].context


@pytest.mark.parametrize("skill", [one for one in SKILLS if one.name in OURS], ids=lambda s: s.name)
def test_a_skill_looks_at_nothing_that_it_did_not_declare(skill: Skill) -> None:
    for context in contexts():
        Watched.seen.clear()
        seen = watched(context)
        Watched.seen.clear()
        skill.consider(seen, skill.settings())
        for tool in skill.tools:
            arguments = tool.arguments.model_validate(NEEDED.get(tool.name, {}))
            tool.answer(arguments, Nothing(), seen)
        assert Watched.seen - ALWAYS <= skill.reads
