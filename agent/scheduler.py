"""The scheduler: wakes us when something is due, and at least once a minute after a clock jump.

apscheduler only wakes; what is due, and whether it was missed, our own code computes from the
state that the journal accounts for, so that nothing is lost or said twice by a restart.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from agent.context import REMINDER, Context, next_due
from agent.errors import StoreError
from agent.events import Input, ScheduleDue
from agent.ports import Clock

CHECK_S = 60  # a clock that was set, or a device that slept, is noticed within this
LOOK_MAX = timedelta(minutes=5)  # an estimate missed by more is looked at with the next input
WAKE = "wake"
log = logging.getLogger(__name__)

Publish = Callable[[Sequence[Input]], None]


def due_now(context: Context, now: datetime) -> ScheduleDue | None:
    """Return what is due at *now*, or None.  A reminder stays due however late it is."""
    due = next_due(context)
    if due is None or due[1] > now:
        return None
    name, at = due
    if not name.startswith(REMINDER) and now - at > LOOK_MAX:
        return _oldest_reminder(context, now)
    return ScheduleDue(at=now, name=name, due=at)


def _oldest_reminder(context: Context, now: datetime) -> ScheduleDue | None:
    waiting = [(one.due, one.id) for one in context.reminders.values() if one.due <= now]
    if not waiting:
        return None
    due, id_ = min(waiting)
    return ScheduleDue(at=now, name=f"{REMINDER}{id_}", due=due)


class Scheduler:
    """Publish each ScheduleDue when its time has come."""

    def __init__(self, clock: Clock, context: Callable[[], Context], publish: Publish) -> None:
        self._clock = clock
        self._context = context
        self._publish = publish
        self._engine = AsyncIOScheduler(timezone="UTC")
        self._armed: datetime | None = None

    def start(self) -> None:
        """Begin to wake; call it inside the running event loop."""
        self._engine.add_job(
            self._woken, "interval", seconds=CHECK_S, coalesce=True, misfire_grace_time=None
        )
        self._engine.start()
        self.check()

    def stop(self) -> None:
        """Wake no more."""
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
        self.check()

    def _arm(self) -> None:
        due = next_due(self._context())
        if due is None or due[1] == self._armed:
            return
        self._armed = due[1]
        self._engine.add_job(
            self._woken,
            "date",
            run_date=max(due[1], self._clock.now()),
            id=WAKE,
            replace_existing=True,
            misfire_grace_time=None,
            max_instances=2,
        )
