"""What the wearer agreed to is done once, and reported."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from agent.app.pipeline import Parts, Pipeline
from agent.context import Context
from agent.doer import Send, nowhere
from agent.errors import DeliveryError
from agent.events import (
    Action,
    ActionDone,
    FeedbackGiven,
    Item,
    ListEdited,
    Proposal,
    Publish,
)
from agent.skill import Skill
from agent.store import open_store
from tests.days import KEY, RULES, Wearer, at, sample

HEAT = Action(name="heat", deed=Publish(topic="heating", payload={"target_c": 17}))
LIST = Action(name="milk", deed=ListEdited(at=at(0), name="grocery", added=(Item(name="milk"),)))


class Asks(Skill):
    """Asks once whether something shall be done."""

    name = "asks"
    does = frozenset(("publish", "lists"))
    wakes = frozenset(("battery",))

    def __init__(self, action: Action) -> None:
        self._action = action

    def consider(self, context: Context, settings: object) -> Sequence[Proposal]:
        one = Proposal(
            topic="t",
            glance="Shall I?",
            text="Shall I?",
            evidence=(),
            evidence_at=context.now,
            action=self._action,
        )
        return (one,)


def lived(tmp_path: Path, action: Action, send: Send, *, late_min: float = 0) -> Pipeline:
    """Return a pipeline in which the wearer said yes to *action*, *late_min* before it runs."""
    wearer = Wearer()
    wearer.at = at(420)
    db = open_store(tmp_path / "carpal.db", key=KEY)
    pipeline = Pipeline(
        Parts(db=db, clock=wearer, notifier=wearer, send=send), skills=(Asks(action),)
    )
    pipeline.settle(RULES)
    pipeline.bus.publish([sample(420, "battery", 50)])
    (asked,) = pipeline.bus.state.context.shown
    yes = FeedbackGiven(at=at(421), judgement=asked.judgement, answer="accepted")
    pipeline.bus.publish([yes])  # and the device goes off before anything was done
    assert any(one.verdict == "act" for one in pipeline.bus.state.pending.values())
    wearer.at = at(421 + late_min)

    async def live() -> None:
        async with pipeline.live():
            await pipeline.doer.drain()

    asyncio.run(live())
    return pipeline


def reports(pipeline: Pipeline) -> list[str]:
    found = pipeline.memory.events("action_done", since=at(0))
    return [one.reason for one in found if isinstance(one, ActionDone)]


def test_a_message_is_sent_after_a_yes_even_over_a_restart(tmp_path: Path) -> None:
    sent: list[tuple[str, bytes]] = []

    async def send(topic: str, payload: bytes) -> bool:
        sent.append((topic, payload))
        return True

    pipeline = lived(tmp_path, HEAT, send)
    assert sent == [("asks/heating", b'{"target_c": 17}')]
    assert reports(pipeline) == [""]
    assert not [one for one in pipeline.bus.state.pending.values() if one.verdict == "act"]


def test_a_list_is_changed_once(tmp_path: Path) -> None:
    pipeline = lived(tmp_path, LIST, nowhere)
    items = pipeline.bus.state.context.items("grocery") or ()
    assert [item.name for item in items] == ["milk"]
    assert reports(pipeline) == [""]


async def _deaf(topic: str, payload: bytes) -> bool:
    return False


async def _broken(topic: str, payload: bytes) -> bool:
    raise DeliveryError("MQTT: no answer in 5 s")


@pytest.mark.parametrize(
    ("send", "late_min", "reason"),
    [
        (_deaf, 0, "nothing has subscribed to act/asks/heating"),
        (_broken, 0, "MQTT: no answer in 5 s"),
        (nowhere, 0, "no broker is connected: see [mqtt] in carpal.toml"),
        (nowhere, 30, "its moment has passed"),
    ],
)
def test_what_could_not_be_done_is_on_record(
    send: Send, late_min: float, reason: str, tmp_path: Path
) -> None:
    assert reports(lived(tmp_path, HEAT, send, late_min=late_min)) == [reason]
