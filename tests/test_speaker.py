"""What was admitted is said once, in words that are true, or dropped with a reason."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from agent import speaker
from agent.app.clocks import VirtualClock
from agent.errors import DeliveryError
from agent.events import Fact, Input, Notified, NudgeDropped, ProposalJudged
from agent.phrases import TOLD_LATE
from agent.ports import LanguageModel, Nudge
from agent.speaker import QUEUE_LENGTH_MAX, Edges, Speaker
from agent.wording.worder import Worder
from tests.days import Wearer, at, day, open_bus
from tests.scripted import Says

TEXT = "You slept 7 h 05 min, 12 min less than usual."


def judged(number: int = 0, *, minute: float = 0, due: float | None = None) -> ProposalJudged:
    return ProposalJudged(
        at=at(minute),
        id=f"j{number}",
        skill="morning",
        topic=f"t{number}",
        glance="glance",
        text=TEXT,
        verdict="speak",
        situation="short night",
        facts=(
            Fact(name="asleep", value="7 h 05 min"),
            Fact(name="compared with usual", value="12 min less than usual"),
        ),
        due=None if due is None else at(due),
    )


def spoken(edges: Edges, *events: ProposalJudged) -> list[Notified | NudgeDropped]:
    told: list[Input] = []

    async def publish(batch: Sequence[Input]) -> None:
        told.extend(batch)

    async def run() -> None:
        mouth = Speaker(edges)
        for event in events:
            mouth.show(event)
        task = asyncio.create_task(mouth.run(publish))
        async with asyncio.timeout(10):
            await mouth.drain()
        task.cancel()

    asyncio.run(run())
    assert all(isinstance(event, Notified | NudgeDropped) for event in told)
    return [event for event in told if isinstance(event, Notified | NudgeDropped)]


def edges(wearer: "Wearer", model: LanguageModel | None = None, *, minute: float = 0) -> Edges:
    clock = VirtualClock()
    clock.move_to(at(minute))
    return Edges(clock=clock, notifier=wearer, worder=Worder(model))


TRUE = "Slept {asleep} | You got {asleep} of sleep, {compared with usual}."
LIE = "Slept {asleep} | You slept {asleep}, which is more than usual."


def test_what_the_model_says_around_the_facts_is_said_in_its_words() -> None:
    wearer = Wearer()
    (told,) = spoken(edges(wearer, Says(TRUE)), judged())
    assert isinstance(told, Notified)
    worded = "You got 7 h 05 min of sleep, 12 min less than usual."
    assert (told.text, told.wording, told.late) == (worded, "model", False)
    assert wearer.said == [worded]


def test_a_model_that_fails_lies_or_is_slow_leaves_the_template(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(speaker, "WORDING_S_MAX", 0.02)
    wearer = Wearer()
    for model in (None, Says(None), Says(LIE), Says(TRUE, waits=True)):
        (told,) = spoken(edges(wearer, model), judged())
        assert isinstance(told, Notified)
        assert (told.text, told.wording) == (TEXT, "template")
    assert wearer.said == [TEXT] * 4


def test_what_the_wearer_asked_for_is_said_as_it_was_written_and_late_is_marked() -> None:
    wearer = Wearer()
    (told,) = spoken(edges(wearer, Says(TRUE), minute=60), judged(due=0))
    assert isinstance(told, Notified)
    assert (told.text, told.late) == (f"{TEXT} (late by 1 h 00 min)", True)
    (told,) = spoken(edges(wearer, Says(TRUE), minute=1), judged(due=0))
    assert isinstance(told, Notified)
    assert not told.late


def test_a_full_queue_gives_up_its_oldest_and_says_so() -> None:
    wearer = Wearer()
    told = spoken(edges(wearer), *(judged(n) for n in range(QUEUE_LENGTH_MAX + 2)))
    dropped = [one.judgement for one in told if isinstance(one, NudgeDropped)]
    shown = [one.judgement for one in told if isinstance(one, Notified)]
    assert dropped == ["j0", "j1"]
    assert shown == ["j2", "j3", "j4", "j5"]


def test_a_nudge_whose_moment_has_passed_is_dropped_and_the_next_is_said() -> None:
    wearer = Wearer()
    old, fresh = spoken(edges(wearer, minute=30), judged(0), judged(1, minute=29))
    assert isinstance(old, NudgeDropped)
    assert "30 min ago" in old.reason
    assert isinstance(fresh, Notified)


def test_a_screen_that_does_not_answer_is_on_record() -> None:
    (told,) = spoken(edges(Wearer(deaf=True)), judged())
    assert isinstance(told, NudgeDropped)
    assert told.reason == "no screen"


def test_what_says_itself_that_it_is_late_is_not_said_to_be_twice() -> None:
    marked = judged(due=0).model_dump() | {"evidence": (TOLD_LATE,), "text": "Go (late: 05:00)"}
    (told,) = spoken(edges(Wearer(), minute=60), ProposalJudged.model_validate(marked))
    assert isinstance(told, Notified)
    assert (told.text, told.late) == ("Go (late: 05:00)", True)


def test_a_promise_that_was_admitted_by_a_clock_set_back_since_is_marked_by_the_clock_of_now() -> (
    None
):
    ahead = judged(minute=60 * 24 * 30, due=0)
    (told,) = spoken(edges(Wearer(), minute=60), ahead)
    assert isinstance(told, Notified)
    assert told.text.endswith("(late by 1 h 00 min)")


def test_no_promise_is_given_up_for_a_full_queue() -> None:
    wearer = Wearer()
    promised = [judged(n, due=0) for n in range(QUEUE_LENGTH_MAX * 3)]
    others = [judged(100 + n) for n in range(QUEUE_LENGTH_MAX + 1)]
    told = spoken(edges(wearer), *promised, *others)
    dropped = [one.judgement for one in told if isinstance(one, NudgeDropped)]
    shown = [one.judgement for one in told if isinstance(one, Notified)]
    assert dropped == ["j100"]
    assert shown == [one.id for one in (*promised, *others[1:])]


def test_a_promise_that_reached_nobody_is_said_when_someone_is_there_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(speaker, "AGAIN_S", 0.001)

    class Absent(Wearer):
        tries = 0

        async def say(self, nudge: Nudge) -> None:
            self.tries += 1
            if self.tries < 4:
                raise DeliveryError("no screen")
            await super().say(nudge)

    async def run() -> list[Input]:
        told: list[Input] = []
        done = asyncio.Event()

        async def publish(batch: Sequence[Input]) -> None:
            told.extend(batch)
            done.set()

        mouth = Speaker(edges(Absent()))
        mouth.show(judged(due=0))
        task = asyncio.create_task(mouth.run(publish))
        async with asyncio.timeout(10):
            await done.wait()
        task.cancel()
        return told

    (said,) = asyncio.run(run())
    assert isinstance(said, Notified)


def test_what_was_not_admitted_is_not_said() -> None:
    wearer = Wearer()
    held = ProposalJudged.model_validate(judged().model_dump() | {"verdict": "cooldown"})
    assert spoken(edges(wearer), held) == []
    assert wearer.said == []


def test_what_was_admitted_but_not_said_before_a_stop_is_there_after_the_start(
    tmp_path: Path,
) -> None:
    path = tmp_path / "carpal.db"
    bus = open_bus(path)
    bus.publish(day())
    waiting = dict(bus.state.pending)
    assert waiting
    again = open_bus(path)
    assert again.state.pending == waiting
    wearer = Wearer()
    told = spoken(edges(wearer, minute=900), *waiting.values())
    again.publish(told)
    assert again.state.pending == {}
    assert open_bus(path).state.pending == {}
