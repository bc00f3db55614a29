"""The pipeline: bus, speaker, scheduler and answers around one store.

The daemon, the demo, the benchmarks and a command without a daemon all run this same one; they
differ in clock, sensors and notifier alone.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from importlib.metadata import version
from typing import Literal

from agent.app.answering import IDLE, Answerer, Device, Here, Told, readable
from agent.app.guests import Around, Guests
from agent.ask.dialogue import Dialogue
from agent.ask.larger import Larger, Show
from agent.ask.replies import Meant
from agent.ask.route import Route, tools_of
from agent.ask.words import WordUnderstanding
from agent.bus import Bus
from agent.config import Rules
from agent.context import Context
from agent.core import Core
from agent.doer import Doer, Send, nowhere
from agent.errors import StoreError
from agent.events import (
    EPOCH,
    Answered,
    CalendarChanged,
    EntityChanged,
    Event,
    GrantChanged,
    Input,
    InputQuarantined,
    LocationMeasured,
    RegionCrossed,
    ReminderAwaited,
    ReminderCancelled,
    ReminderSet,
    SettingsChanged,
    SkillFaulted,
    SkillNoted,
    UtteranceHeard,
)
from agent.guests.find import Found
from agent.guests.host import Host
from agent.memory.journal import Journal
from agent.memory.recall import Memory
from agent.ports import Clock, LanguageModel, Notifier, Understanding
from agent.router import Wanted
from agent.scheduler import Scheduler
from agent.sensor import Sensor, admit
from agent.skill import Skill
from agent.speaker import Edges, Speaker
from agent.store import Database
from agent.wording.worder import Worder
from skills import SKILLS

RETRY_S_MAX = 30.0
KEEP_S_MAX = 5.0
STOP_S_MAX = 1.0  # a service is asked to stop within two seconds
QUESTION_KEPT_MAX = 2000
PAST = timedelta(hours=12)
WAKING = (
    CalendarChanged,
    EntityChanged,
    LocationMeasured,
    RegionCrossed,
    ReminderAwaited,
    ReminderCancelled,
    ReminderSet,
    SkillNoted,
)
log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The world that a pipeline stands in."""

    db: Database
    clock: Clock
    notifier: Notifier
    words: LanguageModel | None = None
    """The small model that words what the tools found."""
    large: LanguageModel | None = None
    """The wearer's own, for open questions."""
    understandings: Sequence[Understanding] = field(default_factory=tuple)
    nudges_worded: bool = True
    send: Send = nowhere
    """Sends what an action publishes, by its topic under `carpal/WEARER/act/`."""
    device: Device = IDLE


class Pipeline:
    """One store, and all that happens around it."""

    def __init__(
        self, parts: Parts, *, skills: Sequence[Skill] = SKILLS, host: Host | None = None
    ) -> None:
        """*host*: the process of third parties' skills, if there are any."""
        self.host = host or Host(())
        self.core = Core(skills, self.host.guests)
        self.journal = Journal(parts.db, version=version("carpal"))
        self.bus = Bus(self.core, self.journal)
        self.memory = Memory(parts.db)
        self.worder = Worder(parts.words)
        nudges = self.worder if parts.nudges_worded else Worder(None)
        edges = Edges(clock=parts.clock, notifier=parts.notifier, worder=nudges)
        self.speaker = Speaker(edges)
        self.doer = Doer(parts.clock, parts.send)
        self.scheduler = Scheduler(parts.clock, lambda: self.bus.state.context, self.bus.publish)
        around = Around(core=self.core, state=lambda: self.bus.state, persist=self.persist)
        self.guests = Guests(self.host, around)
        self.bus.listen(self.guests.hear)
        self.route = Route(self.granted(), (*parts.understandings, WordUnderstanding()))
        self._parts = parts
        larger = Larger(parts.large, tools_of(self.core.every)) if parts.large else None
        self._answerer = Answerer(self.route, self.worder, larger, parts.device)
        self.dialogue = Dialogue()
        self._checking = False
        self._answered: set[str] = set()

    @property
    def rules(self) -> Rules:
        """Return the rules in force."""
        return self.bus.state.context.rules

    def seek(self, guests: Sequence[Found]) -> None:
        """Know these skills of third parties from here on, and those that ship."""
        self.host.seek(guests)
        self.core.adopt(self.host.guests)
        self._admit()

    def granted(self) -> Sequence[Skill]:
        """Return the skills that the wearer lets answer."""
        state = self.bus.state
        return [skill for skill in self.core.every if self.core.may(skill, state)]

    def settle(self, rules: Rules) -> bool:
        """Put *rules* in force; return whether they differ from those before.

        Raise ConfigError for a wrong setting of a skill: then the old ones stay.
        """
        self.core.settings_of(rules)
        body = rules.model_dump(mode="json")
        if self.rules.model_dump(mode="json") == body and self.bus.state.sequence:
            return False
        self.bus.publish([SettingsChanged(at=self._parts.clock.now(), rules=body)])
        return True

    @asynccontextmanager
    async def live(self) -> AsyncIterator[None]:
        """Speak and wake for as long as the block lasts; then finish speaking."""
        self.bus.listen(self.speaker.show)
        self.bus.listen(self.doer.show)
        self.bus.listen(self._teach)
        self.bus.listen(self._wake)
        for judged in self.bus.state.pending.values():
            self.speaker.show(judged)  # admitted, but not yet said when the last process ended
            self.doer.show(judged)
        async with asyncio.TaskGroup() as tasks:
            voice = tasks.create_task(self.speaker.run(self.persist), name="speaker")
            beside = tasks.create_task(self.guests.run(), name="guests")
            hands = tasks.create_task(self.doer.run(self.persist), name="doer")
            self.scheduler.start()
            try:
                yield
                with suppress(TimeoutError):  # what is not said now is said after the next start
                    async with asyncio.timeout(STOP_S_MAX):
                        await self.speaker.drain()
                        await self.doer.drain()
            finally:
                self.scheduler.stop()
                voice.cancel()
                hands.cancel()
                beside.cancel()

    async def pump(self, sensor: Sensor) -> None:
        """Publish what *sensor* yields until it ends; what cannot be written is tried again."""
        async for batch in sensor.events():
            now = self._parts.clock.now()
            admitted = [admit(event, source=sensor.name, arrived=now) for event in batch]
            await self.persist(admitted)

    async def persist(self, events: Sequence[Input]) -> None:
        """Publish *events*, waiting for a store that is full or locked to recover."""
        wait_s = 0.5
        while True:
            try:
                self.bus.publish(events)
            except StoreError as error:
                log.warning("%s; trying again in %.0f s", error, wait_s)
                await asyncio.sleep(wait_s)
                wait_s = min(2 * wait_s, RETRY_S_MAX)
            else:
                return

    async def keep(self, events: Sequence[Input]) -> None:
        """Publish *events* for someone who waits; raise StoreError if they cannot be kept soon."""
        try:
            async with asyncio.timeout(KEEP_S_MAX):
                await self.persist(events)
        except TimeoutError as error:
            raise StoreError("it could not be kept: the store refuses, see the log") from error

    async def answer(
        self,
        question: str,
        *,
        wanted: Wanted = "text",
        show: Show | None = None,
        meant: Meant | None = None,
    ) -> Told:
        """Return the answer to *question*, by whom the router chose."""
        context, pending = self.present(), self.dialogue.pending
        goes_on = pending is not None and pending.at > context.now
        if goes_on or meant is not None or self.route.acts(question):
            context = self._by_the_clock()
        here = Here(recall=self.memory, context=context, wanted=wanted, show=show, meant=meant)
        here = replace(here, dialogue=self.dialogue, clocked=self._by_the_clock())
        told = await self._answerer.answer(question, here)
        self.dialogue = told.reply.dialogue
        note = self._note(context)
        done = told.reply.answer.events
        tool = self.route.tools.get(told.reply.tool)
        return told.noted(note) if note and tool and not (done or tool.by_clock) else told

    def present(self) -> Context:
        """Return what is believed now, by the clock; of a past day, as it was.

        A device that was silent for some hours must not take its last heart rate for today's; but
        a recording that was taken in is asked about as if it were that day.
        """
        context, now = self.bus.state.context, self._parts.clock.now()
        if now - context.now > PAST and context.now != EPOCH:
            return context
        return replace(context, now=max(now, context.now))

    def _by_the_clock(self) -> Context:
        """Return what is believed, now: whoever wants something done in ten minutes means from
        now on, even where the last input is of yesterday, or of before the clock was set back."""
        return replace(self.bus.state.context, now=self._parts.clock.now())

    def _note(self, context: Context) -> str:
        if self._parts.clock.now() - context.now <= PAST:
            return ""
        newest = f"{context.local_now:%A %d %B %Y, %H:%M}"
        return f" (As of {newest}: nothing newer has come in.)"

    async def ask(
        self,
        question: str,
        *,
        by: Literal["text", "voice"] = "text",
        heard: bool = False,
        show: Show | None = None,
        meant: Meant | None = None,
    ) -> Told:
        """Return the answer to *question*; both are kept (*heard*: the question is already).

        *show* receives each sentence of an open answer as soon as it may be said.
        """
        question, now = readable(question), self._parts.clock.now()
        asked = question[:QUESTION_KEPT_MAX]
        answered = await self.answer(question, wanted=by, show=show, meant=meant)
        reply = answered.reply
        told = Answered(
            at=self._parts.clock.now(),
            question=asked,
            text=reply.answer.text,
            tool=reply.tool,
            tier=answered.tier,
            reason=reply.reason,
            wording=answered.worded.by,
            choice=answered.choice.reason,
        )
        kept: list[Input] = [*reply.answer.events, told]
        if not heard:
            kept.insert(0, UtteranceHeard(at=now, text=asked, by=by))
            self._answered.add(asked)
        try:
            await self.keep(kept)
        except StoreError as error:
            if reply.answer.events:
                raise  # what was to be done has not been done
            log.warning("an answer is not on record: %s", error)
        finally:
            self._answered.discard(asked)
        return answered

    def is_answered(self, heard: UtteranceHeard) -> bool:
        """Return whether what is being heard just now has its answer with it."""
        return heard.text in self._answered

    def quarantine(self, source: str, reason: str) -> None:
        """Put on record that something was not let in."""
        now = self._parts.clock.now()
        self.bus.publish([InputQuarantined(at=now, source=source, reason=reason[:300])])

    def prune(self, retention_days: int) -> int:
        """Delete raw samples older than *retention_days*, counted from the newest; return how many.

        So a recording of last year that is being lived through is not taken away under our feet.
        """
        newest = min(self._parts.clock.now(), self.bus.state.context.now)
        before = newest - timedelta(days=retention_days)
        return self.journal.prune(before)

    def _teach(self, event: Event) -> None:
        """Understand what the skills that may answer now answer, and nothing else."""
        if isinstance(event, GrantChanged | SkillFaulted):
            self._admit()

    def _admit(self) -> None:
        granted = self.granted()
        self.host.admit([one.name for one in granted if one in self.core.guests])
        self.route.teach(granted)

    def _wake(self, event: Event) -> None:
        if isinstance(event, WAKING) and not self._checking:
            self._checking = True
            asyncio.get_running_loop().call_soon(self._check)

    def _check(self) -> None:
        self._checking = False
        self.scheduler.check()
