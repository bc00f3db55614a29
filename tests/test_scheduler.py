"""What is due is said once, however late, and what could not be written stays due."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agent import scheduler as scheduler_module
from agent.app.clocks import VirtualClock, WorldClock
from agent.bus import replay
from agent.core import Core
from agent.errors import StoreError
from agent.events import Input, ProposalJudged, ReminderCancelled, ReminderSet, ScheduleDue
from agent.ports import Clock
from agent.scheduler import Scheduler, due_now
from skills import SKILLS

START = datetime(2026, 3, 2, 12, tzinfo=UTC)


def minutes(count: float) -> datetime:
    return START + timedelta(minutes=count)


def reminder(name: str, due: datetime, at: datetime = START) -> ReminderSet:
    return ReminderSet(at=at, id=name, due=due, text=f"do {name}")


class Memory:
    """A bus without a store: it folds, and refuses when it is full."""

    def __init__(self, *events: Input) -> None:
        self.core = Core(SKILLS)
        self.state, _ = replay(self.core, events)
        self.full = False
        self.judged: list[ProposalJudged] = []
        self.published: list[ScheduleDue] = []
        self.told = asyncio.Event()

    def publish(self, batch: Sequence[Input]) -> None:
        if self.full:
            raise StoreError("the disk is full")
        self.state, judged = replay(self.core, batch, start=self.state)
        self.judged += judged
        self.published += [event for event in batch if isinstance(event, ScheduleDue)]
        self.told.set()

    def names(self) -> list[str]:
        return [event.name for event in self.published]

    def scheduler(self, clock: Clock) -> Scheduler:
        return Scheduler(clock, lambda: self.state.context, self.publish)


def started(memory: Memory, *looks: float) -> Memory:
    """Let *memory*'s scheduler start at the first of *looks* (minutes), and look at the others."""

    async def run() -> None:
        clock = VirtualClock()
        clock.move_to(minutes(looks[0]))
        scheduler = memory.scheduler(clock)
        scheduler.start()
        for look in looks[1:]:
            clock.move_to(minutes(look))
            scheduler.check()
        scheduler.stop()

    asyncio.run(run())
    return memory


def test_nothing_is_due_before_its_time() -> None:
    context = Memory(reminder("a", minutes(5))).state.context
    assert due_now(context, minutes(4.9)) is None
    assert due_now(context, minutes(5)) == ScheduleDue(
        at=minutes(5), name="reminder/a", due=minutes(5)
    )


def test_what_is_due_is_published_once_and_in_order() -> None:
    memory = Memory(reminder("b", minutes(6)), reminder("a", minutes(5)), reminder("c", minutes(9)))
    assert started(memory, 0, 5.5, 5.6, 8, 8).names() == ["reminder/a", "reminder/b"]


def test_what_was_missed_while_nobody_ran_is_due_at_the_start_however_late() -> None:
    memory = Memory(reminder("a", minutes(5)))
    assert started(memory, 60 * 24 * 3).names() == ["reminder/a"]
    assert {event.at for event in memory.published} == {minutes(60 * 24 * 3)}


def test_what_is_late_by_much_is_told_in_one_sentence_and_so_are_many_at_once() -> None:
    late = Memory(reminder("a", minutes(5)), reminder("b", minutes(6)))
    assert started(late, 60 * 24 * 3).names() == ["reminders"]
    many = Memory(*(reminder(f"r{n}", minutes(5)) for n in range(5)))
    assert started(many, 0, 5).names() == ["reminders"]
    assert many.state.context.reminders == {}
    assert {one.id for one in many.state.context.due} == {f"r{n}" for n in range(5)}
    few = Memory(*(reminder(f"r{n}", minutes(5)) for n in range(3)))
    assert started(few, 0, 5).names() == ["reminder/r0", "reminder/r1", "reminder/r2"]


@pytest.mark.parametrize("back_days", [-1, 1, 30])
def test_a_clock_that_was_set_loses_nothing_that_is_asked_for_afterwards(back_days: int) -> None:
    lived = reminder("old", minutes(-60), at=minutes(-120))
    memory = Memory(lived, ScheduleDue(at=START, name="reminder/old", due=minutes(-60)))
    now = -60 * 24 * back_days
    memory.publish([reminder("a", minutes(now + 10), at=minutes(now))])
    assert started(memory, now, now + 9).names() == []
    assert started(memory, now + 10, now + 11).names() == ["reminder/a"]
    said = [one for one in memory.state.context.due if one.id == "a"]
    assert [(one.due, one.late_s) for one in said] == [(minutes(now + 10), 0)]
    assert [one.verdict for one in memory.judged if one.text == "do a"] == ["speak"]


def test_what_was_cancelled_is_not_due() -> None:
    memory = Memory(reminder("a", minutes(5)), ReminderCancelled(at=minutes(1), id="a"))
    assert started(memory, 0, 10).names() == []


def test_what_could_not_be_written_stays_due() -> None:
    memory = Memory(reminder("a", minutes(5)))
    memory.full = True
    assert started(memory, 6, 7).names() == []
    memory.full = False
    assert started(memory, 8, 9).names() == ["reminder/a"]


def test_it_wakes_by_itself_when_the_time_has_come() -> None:
    async def run() -> None:
        clock = WorldClock()
        due = clock.now() + timedelta(seconds=0.3)
        memory = Memory(reminder("a", due, at=clock.now()))
        scheduler = memory.scheduler(clock)
        scheduler.start()
        async with asyncio.timeout(20):
            await memory.told.wait()
        scheduler.stop()
        assert memory.names() == ["reminder/a"]
        assert memory.published[0].at >= due

    asyncio.run(run())


def test_a_clock_that_is_set_is_noticed_by_a_heartbeat_that_counts_no_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scheduler_module, "CHECK_S", 0.01)

    async def run() -> None:
        clock = VirtualClock()
        clock.move_to(START)
        memory = Memory(reminder("a", minutes(60 * 24)))
        scheduler = memory.scheduler(clock)
        scheduler.start()  # armed for tomorrow, by whatever clock apscheduler looks at
        clock.move_to(minutes(60 * 24 + 1))
        async with asyncio.timeout(20):
            await memory.told.wait()
        scheduler.stop()
        assert memory.names() == ["reminder/a"]

    asyncio.run(run())


def test_a_skill_is_woken_when_it_said_so_once_and_however_late() -> None:
    memory = Memory()
    wake = {"wake": minutes(5).isoformat()}
    context = replace(memory.state.context, memories={"medication": wake})
    memory.state = replace(memory.state, context=context)
    assert due_now(context, minutes(4)) is None
    assert started(memory, 6000).names() == ["skill/medication"]
    assert memory.state.context.own("medication") == {}
