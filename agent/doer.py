"""The doer: carry out what the wearer agreed to, and report what became of it."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from agent.errors import DeliveryError
from agent.events import (
    Action,
    ActionDone,
    Event,
    Input,
    ListEdited,
    ProposalJudged,
    Publish,
    ReminderSet,
)
from agent.ports import Clock

OLD = timedelta(minutes=15)  # who comes home an hour later wants no door of before
Send = Callable[[str, bytes], Awaitable[bool]]
"""Sends a payload to a topic under `carpal/WEARER/act/`; raises DeliveryError."""


async def nowhere(topic: str, payload: bytes) -> bool:
    """Refuse: there is no broker to send it to."""
    raise DeliveryError("no broker is connected: see [mqtt] in carpal.toml")


class Doer:
    """Queue what was agreed to; do it; report."""

    def __init__(self, clock: Clock, send: Send = nowhere) -> None:
        self._clock = clock
        self._send = send
        self._queue: asyncio.Queue[ProposalJudged] = asyncio.Queue()

    def show(self, event: Event) -> None:
        """Queue what is to be done; what came before is done before."""
        if isinstance(event, ProposalJudged) and event.verdict == "act":
            self._queue.put_nowait(event)

    async def run(self, publish: Callable[[Sequence[Input]], Awaitable[None]]) -> None:
        """Do what is queued, and publish what became of it, for as long as the task lives.

        What changes a list or sets a reminder is kept together with its report, so it is done
        once even if we are killed in between; a message may be sent twice, never lost.
        """
        while True:
            judged = await self._queue.get()
            await publish(await self._done(judged))
            self._queue.task_done()

    async def drain(self) -> None:
        """Wait until all that is queued has been dealt with."""
        await self._queue.join()

    async def _done(self, judged: ProposalJudged) -> Sequence[Input]:
        now, action = self._clock.now(), judged.action
        if action is None or now - judged.at > OLD:
            return (ActionDone(at=now, judgement=judged.id, reason="its moment has passed"),)
        reason, events = "", tuple[Input, ...]()
        try:
            events = await self._carry_out(judged.skill, action)
        except DeliveryError as error:
            reason = str(error)
        return (*events, ActionDone(at=self._clock.now(), judgement=judged.id, reason=reason))

    async def _carry_out(self, skill: str, action: Action) -> tuple[Input, ...]:
        deed = action.deed
        if not isinstance(deed, Publish):
            return (_now(deed, self._clock),)
        body = json.dumps(deed.payload, ensure_ascii=False).encode()
        if not await self._send(f"{skill}/{deed.topic}", body):
            raise DeliveryError(f"nothing has subscribed to act/{skill}/{deed.topic}")
        return ()


def _now(deed: ListEdited | ReminderSet, clock: Clock) -> Input:
    return type(deed).model_validate(deed.model_dump() | {"at": clock.now()})
