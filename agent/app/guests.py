"""Third parties' skills beside the pipeline: when something they wake on happened, ask them.

What they answer goes through the bus as an input, so that the journal has it and a replay needs no
guest.  An answer that the policy would judge as it did before is not journaled again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from agent import policy
from agent.core import LATE_MAX, Core
from agent.errors import SkillError
from agent.events import (
    Event,
    Input,
    Proposal,
    ProposalJudged,
    SampleMeasured,
    SkillFaulted,
    SkillNoted,
    SkillProposed,
    SourceSynced,
)
from agent.guests.declared import Guest
from agent.guests.host import Host
from agent.skill import MINUTE
from agent.state import State

log = logging.getLogger(__name__)
Persist = Callable[[Sequence[Input]], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Around:
    """What the guests stand beside."""

    core: Core
    state: Callable[[], State]
    persist: Persist


class Guests:
    """Hear what happens, ask whom it concerns, and publish what they say."""

    def __init__(self, host: Host, around: Around) -> None:
        self._host = host
        self._around = around
        self._woken: set[str] = set()
        self._tried: set[str] = set()
        """Which of their own events failed a guest: they are tried again after a restart."""
        self._minute = ""
        self._bell = asyncio.Event()

    def hear(self, event: Event) -> None:
        """Take note of what happened."""
        if not self._host.guests:
            return
        if isinstance(event, SkillProposed | SkillFaulted | ProposalJudged):
            return
        self._woken |= self._woken_by(event)
        if self._woken or isinstance(event, SkillNoted):
            self._bell.set()

    def _woken_by(self, event: Event) -> set[str]:
        """Return who is asked after *event*, as in a trial: history wakes nobody, its end all."""
        present = self._around.state().context.now
        if isinstance(event, SourceSynced):
            return {guest.name for guest in self._host.guests}
        if present - event.at > LATE_MAX:
            return set()
        what = event.signal if isinstance(event, SampleMeasured) else event.kind
        now = f"{present:%Y-%m-%dT%H:%M}"
        kinds = {what} if now == self._minute else {what, MINUTE}
        self._minute = now
        return {one.name for one in self._host.guests if not kinds.isdisjoint(one.wakes)}

    async def run(self) -> None:
        """Ask, for as long as the task lives; first about what the last process left."""
        while True:
            await self.settle()
            await self._bell.wait()
            self._bell.clear()

    async def settle(self) -> None:
        """Ask everyone who was woken, and publish what they say."""
        for note in self._around.state().notes:
            if _key(note) not in self._tried:
                await self._for(note.skill, partial(self._fold, note))
        woken, self._woken = sorted(self._woken), set()
        for name in woken:
            await self._for(name, self._consider)

    async def _for(
        self, name: str, ask: Callable[[Guest], Awaitable[SkillProposed | None]]
    ) -> None:
        guest = next((one for one in self._host.guests if one.name == name), None)
        if guest is None or not self._around.core.may(guest, self._around.state()):
            return
        self._host.ready()
        try:
            said = await ask(guest)
        except SkillError as error:
            log.warning("a skill of a third party failed: %s", error)
            at = self._around.state().context.now
            await self._around.persist(
                [SkillFaulted(at=at, skill=error.skill, reason=error.reason)]
            )
            return
        if said is not None:
            await self._around.persist([said])

    async def _consider(self, guest: Guest) -> SkillProposed | None:
        context = self._around.state().context
        proposals = await asyncio.to_thread(self._host.consider, guest, context)
        news = tuple(one for one in proposals if self._is_news(one, guest))
        return SkillProposed(at=context.now, skill=guest.name, proposals=news) if news else None

    async def _fold(self, note: SkillNoted, guest: Guest) -> SkillProposed:
        context = self._around.state().context
        self._tried.add(_key(note))
        memory = await asyncio.to_thread(self._host.fold, guest, note, context)
        self._tried.discard(_key(note))
        return SkillProposed(at=context.now, skill=guest.name, memory=dict(memory))

    def _is_news(self, proposal: Proposal, guest: Guest) -> bool:
        state = self._around.state()
        if state.ledger.has_said(guest.name, proposal.topic):
            return False
        verdict = policy.judge(proposal, guest, ledger=state.ledger, context=state.context)
        return not state.ledger.tells(guest.name, proposal.topic, verdict)


def _key(note: SkillNoted) -> str:
    return note.model_dump_json()
