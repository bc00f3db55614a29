"""Where the car, things and the wearer were: what is not known is said so."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from agent.bus import replay
from agent.context import Context
from agent.core import Core
from agent.evaluate.situation import Nothing
from agent.events import Input, SkillNoted
from agent.fusion.stays import Stay, Stays
from agent.skill import NoArguments, Window
from agent.state import State
from skills.whereis import Whereis
from skills.whereis.tools import (
    Keeping,
    Place,
    Spent,
    Thing,
    keep,
    last_at,
    park_here,
    parked,
    time_at,
    where_is,
)
from tests.days import HOME, SHOP, at, rules, sample
from tests.test_ask_acts import ask
from tests.test_fusion_days import drive, visit, walk

RECALL, NONE = Nothing(), NoArguments()
CORE = Core((Whereis(),))


def lived(*inputs: Input, start: State | None = None) -> State:
    return replay(CORE, [rules(), *inputs] if start is None else inputs, start=start)[0]


def with_stays(context: Context, *stays: Stay) -> Context:
    return replace(context, stays=Stays(stays))


def test_it_never_speaks_by_itself() -> None:
    assert list(replay(CORE, [rules(), *drive(0, 10), *walk(11, 8200)])[1]) == []


@pytest.mark.parametrize(
    "answer",
    [
        parked(NONE, RECALL, State().context),
        park_here(NONE, RECALL, State().context),
        last_at(Place(place_name="gym"), RECALL, State().context),
        last_at(Place(), RECALL, State().context),
        time_at(Spent(place_name="home"), RECALL, State().context),
        where_is(Thing(thing="keys"), RECALL, State().context),
        where_is(Thing(), RECALL, State().context),
    ],
)
def test_what_is_not_known_is_said_so(answer: object) -> None:
    assert str(getattr(answer, "text")).startswith(("I can't tell: ", "I can't keep that: "))  # noqa: B009
    assert not getattr(answer, "known")  # noqa: B009


def test_the_car_is_where_the_drive_ended_seen_from_where_one_is() -> None:
    state = lived(*drive(0, 10), *walk(11, 8200))
    told = parked(NONE, RECALL, state.context)
    assert "I can't tell a car from a bus" in told.text
    assert "m south of you" in told.text
    assert "Your last drive ended today" not in told.text
    assert told.text.startswith("Your last drive ended at 05:")


def test_where_the_wearer_says_to_have_parked_holds_until_the_next_drive() -> None:
    home = lived(*visit(HOME, 0, 6))
    answer = park_here(NONE, RECALL, home.context)
    assert answer.text == "I keep it: you parked here, at home."
    kept = lived(*answer.events, start=home)
    told = parked(NONE, RECALL, kept.context).text
    assert told == "You parked at 05:05, at home, right here."
    away = lived(*drive(60, 10), *walk(71, 8200), start=kept)
    assert "at home" not in parked(NONE, RECALL, away.context).text
    undone = lived(*answer.undo, start=kept)
    assert not parked(NONE, RECALL, undone.context).known


def test_a_drive_to_nowhere_known_ends_what_was_said_of_the_car() -> None:
    home = lived(*visit(HOME, 0, 6))
    kept = lived(*park_here(NONE, RECALL, home.context).events, start=home)
    blind = [sample(60 + minute, "speed", 15) for minute in range(10)]
    after = lived(*blind, sample(70, "cadence", 100), start=kept)
    assert not parked(NONE, RECALL, after.context).known


def test_stays_are_told_by_name_and_by_kind() -> None:
    context = with_stays(
        lived(*visit(HOME, 600, 606)).context,
        Stay(SHOP.name, at(100), at(130)),
        Stay(HOME.name, at(140), at(200)),
        Stay(SHOP.name, at(300), at(345)),
    )
    last = last_at(Place(place_name="supermarket"), RECALL, context)
    assert last.text == "You were last at the corner shop at 10:00, for 45 min."
    today = time_at(Spent(place_name=SHOP.name), RECALL, context)
    assert today.text.startswith("You were at the corner shop for 1 h 15 min today, in 2 stays")
    here = last_at(Place(place_name="home"), RECALL, context)
    assert here.text == "You are at home now; you came at 15:00, 5 min ago."
    unknown = last_at(Place(place_name="gym"), RECALL, context)
    assert "no place called gym" in unknown.text


def test_a_time_from_before_the_first_stay_is_told_with_a_caveat_or_not_at_all() -> None:
    context = with_stays(lived(*visit(HOME, 600, 606)).context, Stay(SHOP.name, at(100), at(130)))
    week = Window(since=at(0) - timedelta(days=7), until=at(700), words="this week")
    told = time_at(Spent(place_name="shop", window=week), RECALL, context)
    assert told.text.endswith("I know of stays only since 06:40.")
    old = Window(since=at(0) - timedelta(days=9), until=at(0) - timedelta(days=8), words="then")
    assert not time_at(Spent(place_name="shop", window=old), RECALL, context).known
    none = Window(since=at(200), until=at(300), words="around nine")
    told = time_at(Spent(place_name="shop", window=none), RECALL, context)
    assert told.text == "You were not at the corner shop around nine."


def test_a_thing_is_kept_found_moved_and_forgotten_again() -> None:
    state = lived(sample(0, "heart_rate", 60))
    first = keep(Keeping(thing="keys", spot="in the blue drawer"), RECALL, state.context)
    state = lived(*first.events, start=state)
    told = where_is(Thing(thing="keys"), RECALL, state.context)
    assert told.text == "Keys: in the blue drawer, as you told me at 05:00."
    second = keep(Keeping(thing="Keys", spot="in the car"), RECALL, state.context)
    moved = lived(*second.events, start=state)
    assert "in the car" in where_is(Thing(thing="my keys"), RECALL, moved.context).text
    back = lived(*second.undo, start=moved)
    assert "blue drawer" in where_is(Thing(thing="keys"), RECALL, back.context).text
    gone = lived(*first.undo, start=state)
    assert not where_is(Thing(thing="keys"), RECALL, gone.context).known


@pytest.mark.parametrize(
    ("said", "data"),
    [
        ("remember that my keys are in the hall", {"thing": "keys", "spot": "in the hall"}),
        ("I put the passport on the top shelf", {"thing": "passport", "spot": "on the top shelf"}),
    ],
)  # fmt: skip
def test_what_is_said_of_a_thing_is_kept_as_said(said: str, data: dict[str, str]) -> None:
    (event,) = ask(said).answer.events
    assert isinstance(event, SkillNoted)
    assert (event.skill, event.name, event.data) == ("whereis", "kept", data)


def test_what_is_kept_is_bounded() -> None:
    state = lived(sample(0, "heart_rate", 60))
    notes: Sequence[Input] = [
        SkillNoted.model_validate(
            {
                "at": at(n),
                "skill": "whereis",
                "name": "kept",
                "data": {"thing": f"{n}", "spot": "\N{SNOWMAN}" * 900},
            }
        )
        for n in range(99)
    ]
    kept = lived(*notes, start=state).context.own("whereis")["kept"]
    assert isinstance(kept, list)
    assert 5 <= len(kept) <= 60
