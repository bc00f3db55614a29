"""The scheduler: wakes us when something is due, and at least once a minute after a clock jump.

apscheduler only wakes; what is due, and whether it was missed, our own code computes from the
state that the journal accounts for, so that nothing is lost or said twice by a restart.  Its waits
end by the clock on the wall, and one that was set back makes it wait a day too long: so a heartbeat
that counts no clock looks each minute, and winds it up anew.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from agent.context import REMINDER, SKILL, Context, due_times, next_due
from agent.errors import StoreError
from agent.events import Input, ScheduleDue
from agent.fusion.reminders import ALL, count_due
from agent.ports import Clock

CHECK_S = 60  # a clock that was set, or a device that slept, is noticed within this
LOOK_MAX = timedelta(minutes=5)  # an estimate missed by more is looked at with the next input
LATE_MUCH = timedelta(minutes=10)  # two that are later are told in one sentence
TOGETHER_MIN = 4  # more at one moment than the speaker holds
WAKE = "wake"
log = logging.getLogger(__name__)

Publish = Callable[[Sequence[Input]], None]


def due_now(context: Context, now: datetime) -> ScheduleDue | None:
    """Return what is due at *now*, or None.  A reminder stays due however late it is.

    Many that are due at once, or late by much, are one event: a device that slept for a week
    wakes with a sentence, not with a hundred.  Where the clock was set back, *at* is the time of
    the context, so that the core does not take it for history.
    """
    waiting = count_due(context.queue, now)
    if waiting >= TOGETHER_MIN or count_due(context.queue, now - LATE_MUCH) > 1:
        return _noticed(ALL, context.queue[0][0], context, now)
    for due, name in sorted(due_times(context)):
        if due <= now and (name.startswith((REMINDER, SKILL)) or now - due <= LOOK_MAX):
            return _noticed(name, due, context, now)
    return None


def _noticed(name: str, due: datetime, context: Context, now: datetime) -> ScheduleDue:
    at = max(now, context.now)
    return ScheduleDue(at=at, name=name, due=due, clock=now if at > now else None)


class Scheduler:
    """Publish each ScheduleDue when its time has come."""

    def __init__(self, clock: Clock, context: Callable[[], Context], publish: Publish) -> None:
        self._clock = clock
        self._context = context
        self._publish = publish
        self._engine = AsyncIOScheduler(timezone="UTC")
        self._armed: datetime | None = None
        self._heartbeat: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to wake; call it inside the running event loop."""
        self._engine.start()
        self._heartbeat = asyncio.get_running_loop().create_task(self._beat(), name="heartbeat")
        self.check()

    def stop(self) -> None:
        """Wake no more."""
        if self._heartbeat is not None:
            self._heartbeat.cancel()
        self._engine.shutdown(wait=False)

    def check(self) -> None:
        """Publish all that is due now, and arm for what comes next.

        What cannot be written now stays due, and is tried again within CHECK_S.
        """
        try:
            while event := due_now(self._context(), self._clock.now()):
                self._publish([event])
        except StoreError as error:
            log.warning("what is due must wait: %s", error)
        self._arm()

    async def _woken(self) -> None:
        """Check in the event loop: what is no coroutine, apscheduler runs in a thread."""
        self._armed = None
        self.check()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(CHECK_S)
            await self._woken()

    def _arm(self) -> None:
        due = next_due(self._context())
        if due is None or due[1] == self._armed:
            return
        self._armed = due[1]
        # Its clock is the device's, and ours may be a made-up one: only the wait is the same.
        wait = max(timedelta(), due[1] - self._clock.now())
        self._engine.add_job(
            self._woken,
            "date",
            run_date=datetime.fromtimestamp(time.time(), tz=UTC) + wait,
            id=WAKE,
            replace_existing=True,
            misfire_grace_time=None,
            max_instances=2,
        )
