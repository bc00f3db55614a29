"""The conversation: what the ears hear goes through the turn, and what it asks for is done."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from agent.errors import AgentError, DeliveryError
from agent.events import FeedbackKind
from agent.voice.deeds import (
    Answers,
    Ask,
    Attend,
    Deed,
    Device,
    Duck,
    Feedback,
    Forget,
    Happening,
    Hush,
    Muted,
    Passed,
    Rest,
    Said,
    Say,
    Transcribe,
    Understood,
    Wanted,
)
from agent.voice.faults import told
from agent.voice.turn import Manners, Phase, Turn, step

GRACE_S = 0.4  # speech that began at the very end of a window is told a moment later
WAITING_MAX = 64
QUIET_S_MAX = 60.0  # a nudge waits so long for a turn to be said aloud
BUSY = ("thinking", "speaking")
SILENT = "nothing is said aloud here and now"
TOO_MUCH = "too much else was to be said, or the microphone was closed meanwhile"
UNFORESEEN = "it could not be said: see the log"
log = logging.getLogger(__name__)


class Ears(Protocol):
    """What the turn asks of the ears."""

    def attend(self, window_s: float, /) -> None:
        """Hear the next speech as meant for us; 0: every speech, until `rest`."""

    def rest(self) -> None:
        """Wait for the wake phrase."""

    def open(self) -> None:
        """Open the microphone."""

    def close(self) -> None:
        """Really close it."""

    def duck(self, on: bool, /) -> None:
        """Know that we speak now, or no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """An answer that has been given."""

    text: str
    asks: bool
    """It asks something back, or offers something."""


Show = Callable[[str], None]


class Speaks(Protocol):
    """The mouth (see `speaking/mouth.py`)."""

    async def speak(self, parts: AsyncIterator[str], *, gain: float = 1.0) -> None:
        """Say *parts* as they come; raise DeliveryError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All that a conversation needs, each of it given from outside."""

    ears: Ears
    mouth: Speaks
    understand: Callable[[bytes], Awaitable[str]]
    """Return what was said in some sound; raise ModelError."""
    answer: Callable[[str, Show], Awaitable[Spoken]]
    """Answer a question, and show each sentence as soon as it may be said; raise AgentError."""
    feedback: Callable[[str, FeedbackKind], None]
    """Keep what the wearer answered to a nudge."""
    forget: Callable[[], None]
    """Wait no more for the answer to our last question."""
    gain: Callable[[bool], float | None]
    """Return how loud we may be, for what was asked for (true) or not; None: be silent."""
    changed: Callable[[Phase], None]
    """Show whose turn it is."""


class Conversation:
    """One conversation, for as long as `run` runs."""

    def __init__(self, world: World, manners: Manners) -> None:
        self._world = world
        self._turn = Turn(manners=manners)
        self._happenings: asyncio.Queue[Happening] = asyncio.Queue()
        self._under_way: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._spoken: dict[str, asyncio.Future[None]] = {}
        self._stepped = asyncio.Event()

    @property
    def phase(self) -> Phase:
        """Return whose turn it is."""
        return self._turn.phase

    def happen(self, happening: Happening) -> None:
        """Take in what happened."""
        if self._happenings.qsize() < WAITING_MAX or isinstance(happening, Muted):
            self._happenings.put_nowait(happening)

    async def say(self, text: str, judgement: str) -> None:
        """Speak a nudge when it is quiet, and return when it was said; raise DeliveryError."""
        if self._world.gain(False) is None:
            raise DeliveryError(SILENT)
        said = asyncio.get_running_loop().create_future()
        self._spoken[judgement] = said
        self.happen(Wanted(text, judgement))
        try:
            async with asyncio.timeout(QUIET_S_MAX):
                await said
        except TimeoutError as error:
            raise DeliveryError(f"it was not quiet for {QUIET_S_MAX:g} s") from error
        finally:
            self._spoken.pop(judgement, None)

    async def settled(self) -> None:
        """Wait until nothing is being said, understood or answered."""
        while self._happenings.qsize() or self._turn.speech or self.phase in BUSY:
            self._stepped.clear()
            await self._stepped.wait()

    async def run(self) -> None:
        """Take one turn after another until cancelled."""
        if self.phase not in ("idle", "muted"):  # what was under way ended with the last run
            self._turn = Turn(manners=self._turn.manners)
            self._world.changed(self.phase)
        try:
            while True:
                self._step(await self._happenings.get())
        finally:
            await self._stop()
            self._set_timer(None)

    def _step(self, happening: Happening) -> None:
        before = self._turn
        self._turn, deeds = step(before, happening)
        for deed in deeds:
            self._do(deed)
        if self._turn.within_s is None:
            self._set_timer(None)
        elif self._turn.speech or any(isinstance(deed, Attend) for deed in deeds):
            self._set_timer(self._turn.within_s + GRACE_S)
        self._give_up(before, happening, deeds)
        self._stepped.set()
        if self._turn.phase != before.phase:
            self._world.changed(self._turn.phase)

    def _give_up(self, before: Turn, happening: Happening, deeds: Sequence[Deed]) -> None:
        """Tell at once who waits for a nudge that will not be said any more."""
        new = (happening,) if isinstance(happening, Wanted) else ()
        said = {deed.judgement for deed in deeds if isinstance(deed, Say)}
        left = said | {one.judgement for one in self._turn.waiting}
        for gone in (*before.waiting, *new):
            if gone.judgement not in left:
                _settle(self._spoken.get(gone.judgement), DeliveryError(TOO_MUCH))

    def _do(self, deed: Deed) -> None:
        world = self._world
        match deed:
            case Attend(window_s=window_s):
                world.ears.attend(window_s)
            case Rest():
                world.ears.rest()
            case Device(open=is_open):
                (world.ears.open if is_open else world.ears.close)()
            case Duck(speaking=speaking):
                world.ears.duck(speaking)
            case Feedback(judgement=judgement, answer=answer):
                world.feedback(judgement, answer)
            case Forget():
                world.forget()
            case Hush():
                self._drop()
            case _:
                self._begin(self._long(deed))

    def _long(self, deed: Transcribe | Ask | Say) -> Coroutine[None, None, None]:
        match deed:
            case Transcribe(pcm=pcm):
                return self._understand(pcm)
            case Ask(text=text):
                return self._answer(text)
            case Say(text=text, judgement=judgement):
                return self._say(text, judgement)

    async def _understand(self, pcm: bytes) -> None:
        try:
            text = await self._world.understand(pcm)
        except AgentError as error:
            log.warning("what was said could not be understood: %s", error)
            text = ""
        self.happen(Understood(text))

    async def _answer(self, question: str) -> None:
        """Speak the answer from its first sentence on, while the rest of it is still made."""
        parts: asyncio.Queue[str | None] = asyncio.Queue()
        speaking = asyncio.create_task(self._speak(parts, asked=True))
        shown = list[str]()

        def show(part: str) -> None:
            shown.append(part)
            parts.put_nowait(part)

        try:
            try:
                spoken = await self._world.answer(question, show)
            except AgentError as error:
                log.warning("a spoken question was not answered: %s", error)
                spoken = Spoken(text="That went wrong: see the log.", asks=False)
            if not shown:
                parts.put_nowait(spoken.text)
            parts.put_nowait(None)
            await speaking
        finally:
            speaking.cancel()
            with suppress(asyncio.CancelledError):
                await speaking
        self.happen(Said(asks=spoken.asks))

    async def _speak(self, parts: "asyncio.Queue[str | None]", *, asked: bool) -> None:
        first = await parts.get()
        if first is None:
            return
        self.happen(Answers())
        gain = self._world.gain(asked)
        if gain is None:
            return
        try:
            await self._world.mouth.speak(_with(first, parts), gain=gain)
        except DeliveryError as error:
            log.warning("an answer was not spoken: %s", error)

    async def _say(self, text: str, judgement: str) -> None:
        said, gain = self._spoken.get(judgement), self._world.gain(not judgement)
        if said is None and judgement:  # nobody waits for it any more
            self.happen(Said(heard=False))
            return
        fault: DeliveryError | None = DeliveryError(SILENT if gain is None else UNFORESEEN)
        try:
            if gain is not None:
                await self._world.mouth.speak(_once(text), gain=gain)
                fault = None
        except DeliveryError as error:
            fault = error
        except asyncio.CancelledError:  # interrupted: it was heard
            fault = None
            raise
        finally:
            _settle(said, fault)
        self.happen(Said(heard=fault is None))

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        self._drop()
        self._under_way = asyncio.create_task(work)
        self._under_way.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """End the turn of a *task* that failed as nobody foresaw: else it would last for ever."""
        error = None if task.cancelled() else task.exception()
        if error is None:
            return
        log.error("a turn failed: %s", told(error))
        if task is self._under_way:
            self.happen(Said(heard=False))

    def _drop(self) -> None:
        task, self._under_way = self._under_way, None
        if task is not None:
            task.cancel()

    async def _stop(self) -> None:
        task = self._under_way
        self._drop()
        if task is not None:
            await asyncio.gather(task, return_exceptions=True)

    def _set_timer(self, after_s: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if after_s is not None:
            loop = asyncio.get_running_loop()
            passed = Passed(speaking=self._turn.speech)
            self._timer = loop.call_later(after_s, self.happen, passed)


def _settle(said: "asyncio.Future[None] | None", error: DeliveryError | None) -> None:
    if said is None or said.done():
        return
    if error is None:
        said.set_result(None)
    else:
        said.set_exception(error)


async def _with(first: str, parts: "asyncio.Queue[str | None]") -> AsyncIterator[str]:
    yield first
    while (part := await parts.get()) is not None:
        yield part


async def _once(text: str) -> AsyncIterator[str]:
    yield text
