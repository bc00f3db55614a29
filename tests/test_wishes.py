"""What the wearer permits, mutes and asks of the skills, as they type it."""

import asyncio
import json
import re
from datetime import date
from pathlib import Path

import pytest

from agent.app import alone
from agent.app.settings import load
from sensors.simulated import simulate
from tests.test_cli import carpal, refused, settings

__all__ = ["settings"]


@pytest.fixture
def lived(settings: Path) -> Path:
    """The settings of a memory that has lived one simulated day."""

    async def live() -> None:
        async with alone.opened(load(settings).settings) as (pipeline, _):
            for _, batch in simulate(seed=5, start=date(2026, 3, 2)):
                pipeline.bus.publish(batch)

    asyncio.run(live())
    return settings


def test_every_skill_is_listed_with_what_it_reads_and_may_do(settings: Path) -> None:
    told = json.loads(carpal("skills", "--config", settings, "--json"))["skills"]
    names = {one["name"] for one in told}
    assert {"grocery", "break", "signs"} <= names
    assert all(one["granted"] and one["what"] and not one["guest"] for one in told)
    shown = carpal("skills", "--config", settings)
    assert "grocery (errands, allowed)" in shown
    assert "may promise, urgent" in shown


def test_what_is_denied_is_told_and_allowed_again(settings: Path) -> None:
    assert "not allowed" in carpal("deny", "grocery", "--config", settings)
    assert "grocery (errands, not allowed)" in carpal("skills", "--config", settings)
    why = carpal("why", "not", "grocery", "--config", settings)
    assert "grocery: not allowed: `carpal allow grocery`" in why
    allowed = carpal("allow", "grocery", "--alone", "note_bought", "--config", settings)
    assert "without asking: note_bought" in allowed
    again = carpal("allow", "grocery", "--alone", "tidy_list", "--config", settings)
    assert "without asking: note_bought, tidy_list" in again
    assert "grocery (errands, allowed)" in carpal("skills", "--config", settings)


def test_what_is_muted_stays_muted_and_comes_back(settings: Path) -> None:
    carpal("mute", "grocery", "--config", settings)
    assert "muted: `carpal mute grocery --off`" in carpal(
        "why", "not", "grocery", "--config", settings
    )
    carpal("mute", "grocery", "--off", "--config", settings)
    assert "muted" not in carpal("skills", "--config", settings)


def test_quiet_is_kept_for_so_long_and_ended(settings: Path) -> None:
    assert "quiet until" in carpal("quiet", "2", "--config", settings)
    assert "you asked for quiet until" in carpal("why", "not", "break", "--config", settings)
    assert "quiet has ended" in carpal("quiet", "0", "--config", settings)


def test_a_week_of_nudges_tells_what_was_said_held_and_answered(lived: Path) -> None:
    told = json.loads(carpal("nudges", "--days", "2", "--config", lived, "--json"))["days"]
    said = [one for day in told.values() for one in day if one["verdict"] == "speak"]
    assert said
    assert "name it" in refused("no", "--config", lived)[1]
    assert "dismissed" in carpal("no", "--id", said[-1]["id"], "--config", lived)
    shown = carpal("nudges", "--week", "--config", lived)
    assert "[dismissed]" in shown
    assert "held: " in shown
    why = carpal("why", "not", said[-1]["skill"], "--config", lived)
    assert "it said: " in why
    worth = json.loads(carpal("skills", "--config", lived, "--json"))["skills"]
    learned = next(one["worth"] for one in worth if one["name"] == said[-1]["skill"])
    assert learned["sorry"] > 0
    carpal("forget-answers", "--config", lived)
    worth = json.loads(carpal("skills", "--config", lived, "--json"))["skills"]
    assert all(one["worth"]["sorry"] == 0 for one in worth)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("deny", "astrology"), "there is no skill 'astrology', but "),
        (("why", "not", "astrology"), "there is no skill"),
        (("mute", ""), "there is no skill ''"),
        (("quiet", "1000"), "quiet lasts 0 to 168 hours"),
        (("nudges", "--days", "0"), "1 to 366 days"),
        (("yes",), "nothing was said yet"),
    ],
)
def test_a_wrong_wish_is_refused_in_one_line(
    words: tuple[str, ...], told: str, settings: Path
) -> None:
    code, line = refused(*words, "--config", settings)
    assert code == 2
    assert told in line


def test_a_skill_tells_what_it_would_have_said_in_the_past_alone(lived: Path) -> None:
    told = carpal("replay", "--skill", "agenda", "--since", "30d", "--config", lived)
    assert "Next is " in told
    assert int(re.findall(r"agenda: (\d+) would have been said", told)[0]) > 1
    found = json.loads(
        carpal("replay", "--skill", "move", "--since", "2d", "--config", lived, "--json")
    )
    assert {one["skill"] for one in found["judged"]} <= {"move"}
    before = carpal("nudges", "--week", "--config", lived)
    assert carpal("nudges", "--week", "--config", lived) == before  # nothing of it is kept


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--skill", "astrology"), "is none of"),
        (("--skill", "grocery", "--since", "yesterday"), "is no span such as 30d or 12h"),
    ],
)
def test_what_cannot_be_tried_is_refused(words: tuple[str, ...], told: str, settings: Path) -> None:
    code, line = refused("replay", *words, "--config", settings)
    assert (code, told in line) == (2, True)
