"""The house follows the wearer: it asks first, acts alone where allowed, and opens nothing."""

from collections.abc import Sequence

import pytest

from agent.config import Rules
from agent.core import Core
from agent.events import (
    Action,
    EntityChanged,
    FeedbackGiven,
    FeedbackKind,
    GrantChanged,
    Input,
    Proposal,
    ProposalJudged,
    Publish,
)
from agent.policy import opens
from agent.skill import Context, Skill
from agent.state import State
from skills.home import Home, When, alone, ask_first, house
from tests.days import HOME, RULES, SHOP, at, fix, rules, sample
from tests.test_policy import ROOMY, live

NOON = 420
ROOMY_RULES = Rules(zone="UTC", policy=ROOMY, places=RULES.places)


def start(*, house: bool = True) -> State:
    lamp = EntityChanged(at=at(0), source="home_assistant", entity="light.hall", state="on")
    state, _ = live(Core(()), rules(given=ROOMY_RULES), *([lamp] if house else []), state=State())
    return state


def stay(begin: int, end: int, where: object = HOME, *, north_m: float = 0) -> list[Input]:
    assert where in (HOME, SHOP)
    place = HOME if where is HOME else SHOP
    return [fix(minute, place, north_m=north_m) for minute in range(begin, end)]


def told(judged: Sequence[ProposalJudged]) -> list[tuple[str, str]]:
    return [(one.topic.split()[0], one.verdict) for one in judged]


def test_who_stays_at_home_is_asked_nothing() -> None:
    _, judged = live(Core((Home(),)), *stay(NOON + 40, NOON + 120), state=start())
    assert [one for one in told(judged) if one[0] == "away"] == []
    _, judged = live(Core((Home(),)), *(sample(NOON + n, "heart_rate", 60) for n in range(30)))
    assert judged == []  # no position, no word


def test_who_has_no_house_that_listens_is_not_asked() -> None:
    way = [*stay(NOON, NOON + 40), *stay(NOON + 40, NOON + 80, SHOP)]
    _, judged = live(Core((Home(),)), *way, state=start(house=False))
    assert judged == []


def test_leaving_and_coming_home_are_asked_about_once_each() -> None:
    way = [
        *stay(NOON, NOON + 40),
        *stay(NOON + 40, NOON + 80, SHOP),
        *stay(NOON + 80, NOON + 110),
    ]
    _, judged = live(Core((Home(),)), *way, state=start())
    said = [one for one in told(judged) if one[1] == "speak"]
    assert said == [("home", "speak"), ("away", "speak"), ("home", "speak")]


def test_the_bins_are_no_leaving() -> None:
    out = [fix(NOON + 40, HOME, north_m=120), fix(NOON + 41, HOME, north_m=120)]
    way = [*stay(NOON, NOON + 40), *out, *stay(NOON + 42, NOON + 60)]
    _, judged = live(Core((Home(),)), *way, state=start())
    assert told(judged)[1:] == []


def test_after_a_yes_the_house_is_told_and_without_one_it_is_not() -> None:
    core = Core((Home(),))
    way = [*stay(NOON, NOON + 40), *stay(NOON + 40, NOON + 50, SHOP)]
    state, judged = live(core, *way, state=start())
    asked = next(one for one in judged if one.topic.startswith("away"))
    yes = FeedbackGiven(at=at(NOON + 51), judgement=asked.id, answer="accepted")
    _, done = live(core, yes, state=state)
    (act,) = [one for one in done if one.verdict == "act"]
    assert act.action is not None
    assert isinstance(act.action.deed, Publish)
    assert act.action.deed.topic == "presence"
    assert act.action.deed.payload["state"] == "away"
    no = FeedbackGiven(at=at(NOON + 51), judgement=asked.id, answer="dismissed")
    _, done = live(core, no, state=state)
    assert not [one for one in done if one.verdict == "act"]


def test_what_the_wearer_allowed_is_done_without_a_word_even_asleep() -> None:
    core = Core((Home(),))
    answer = alone(When(presence=("away",)), None, Context(now=at(NOON)))  # type: ignore[arg-type]
    assert answer.weighty
    state, _ = live(core, *answer.events, state=start())
    assert state.context.own("home")["alone"] == ["away"]
    way = [*stay(NOON + 1, NOON + 40), *stay(NOON + 40, NOON + 50, SHOP)]
    state, judged = live(core, *way, state=state)
    assert ("away", "act") in told(judged)
    assert "without asking when you leave" in house(None, None, state.context).text  # type: ignore[arg-type]
    state, _ = live(core, *ask_first(None, None, state.context).events, state=state)  # type: ignore[arg-type]
    assert state.context.own("home")["alone"] == []


@pytest.mark.parametrize(("given", "later"), [("accepted", ["act"]), ("dismissed", [])])
def test_each_change_is_asked_about_once_and_the_answer_holds(
    given: FeedbackKind, later: list[str]
) -> None:
    core = Core((Home(),))
    way = [*stay(NOON, NOON + 40), *stay(NOON + 40, NOON + 60, SHOP)]
    state, judged = live(core, *way, state=start())
    asked = next(one for one in judged if one.topic.startswith("away"))
    answer = FeedbackGiven(at=at(NOON + 61), judgement=asked.id, answer=given)
    state, _ = live(core, answer, state=state)
    again = [*stay(NOON + 100, NOON + 140), *stay(NOON + 140, NOON + 160, SHOP)]
    _, judged = live(core, *again, state=state)
    assert [one.verdict for one in judged if one.topic.startswith("away")] == later


@pytest.mark.parametrize(
    ("action", "opening"),
    [
        (Action(name="away", deed=Publish(topic="presence", payload={"state": "away"})), False),
        (Action(name="unlock", deed=Publish(topic="presence")), True),
        (Action(name="x", deed=Publish(topic="front-door")), True),
        (Action(name="x", deed=Publish(topic="x", payload={"do": "Disarm"})), True),
        (Action(name="x", deed=Publish(topic="x"), guarded=True), True),
    ],
)
def test_what_opens_something_is_known_by_name_and_content(action: Action, opening: bool) -> None:
    assert opens(action) == opening


class Opens(Skill):
    """Would open the door at every input."""

    name = "opens"
    does = frozenset(("publish",))

    def __init__(self, reads: Sequence[str]) -> None:
        self.reads = frozenset(reads)

    def consider(self, context: Context, settings: object) -> Sequence[Proposal]:
        door = Action(name="open_door", deed=Publish(topic="door"))
        return (
            Proposal(
                topic="door",
                glance="Door?",
                text="Open the door?",
                evidence=(),
                evidence_at=context.now,
                action=door,
            ),
        )


@pytest.mark.parametrize(
    ("reads", "verdict"), [(("place",), "unsafe"), (("place", "entities"), "speak")]
)
def test_no_door_opens_on_a_location_alone_and_none_without_a_yes(
    reads: Sequence[str], verdict: str
) -> None:
    allowed = GrantChanged(at=at(NOON), skill="opens", granted=True, alone=("open_door",))
    _, judged = live(Core((Opens(reads),)), allowed, state=start())
    assert [one.verdict for one in judged] == [verdict]
