"""A bare yes is for the nudge that was just said: it tells which, and is not for an old one."""

import asyncio
from pathlib import Path

import pytest

from agent.app.commands import Commands
from agent.app.settings import load
from agent.control import Reply
from agent.errors import ControlError
from agent.events import ReminderSet, ScheduleDue
from tests.days import at
from tests.scripted import NOON, Here


async def nobody(_: str) -> None:
    """Show a part of an answer to no one."""


def answered(here: Here, **arguments: str) -> Reply:
    commands = Commands(here.pipeline, here.clock, settings=lambda: load(None, {}).settings)
    return asyncio.run(commands.handle("feedback", {"answer": "accepted", **arguments}, nobody))


@pytest.fixture
def here(tmp_path: Path) -> Here:
    wish = ReminderSet(at=at(NOON - 20), id="tea", due=at(NOON - 1), text="Make tea")
    due = ScheduleDue(at=at(NOON - 1), name="reminder/tea", due=at(NOON - 1))
    return Here(tmp_path, events=(wish, due))


def test_a_yes_tells_which_nudge_it_answered(here: Here) -> None:
    reply = answered(here)
    assert (reply["skill"], "Make tea" in str(reply["text"])) == ("reminder", True)


def test_a_bare_yes_is_not_for_a_nudge_of_hours_ago_unless_it_is_named(here: Here) -> None:
    here.clock.move_to(at(NOON + 5 * 60))
    with pytest.raises(ControlError, match="5 hours ago.*Make tea.*--id") as refused:
        answered(here)
    id_ = here.pipeline.bus.state.context.shown[-1].judgement
    assert id_ in str(refused.value)
    assert "Make tea" in str(answered(here, id=id_)["text"])
