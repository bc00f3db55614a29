"""Listening, in a running carpal: ears, conversation and mouth, joined with all the rest."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import JsonValue

from agent.app.ambient import Ambient, Day
from agent.app.brains import Brains
from agent.app.hearing import Hearing
from agent.app.pipeline import Pipeline
from agent.app.pressed import CLOSED, LOST, OPEN, OVER, press
from agent.app.sessions import Attention, Beside, Sessions
from agent.control import Reply, Show
from agent.errors import AgentError, ControlError
from agent.events import Event, FeedbackGiven, FeedbackKind, Input, SkillNoted
from agent.models import fetch
from agent.ports import Clock, Nudge
from agent.voice.conversation import Conversation, Spoken, World
from agent.voice.deeds import Began, Called, Ended, Lost
from agent.voice.ears.events import (
    EarEvent,
    Loudness,
    SourceClosed,
    SourceEnded,
    SourceLost,
    SourceOpened,
    SpeechBegan,
    SpeechEnded,
    SpeechGoesOn,
    SpeechPaused,
    Woken,
)
from agent.voice.ears.listening import NONE, Ears, shipped_head
from agent.voice.settings import Settings
from agent.voice.speaking import manner
from agent.voice.speaking.mouth import Mouth
from agent.voice.stable import StablePrefix
from agent.voice.turn import Manners, Phase

log = logging.getLogger(__name__)
Keep = Callable[[Sequence[Input]], None]
Told = Callable[[str], None]
"""Shows a line of what is going on, to who watches."""
HEAD = ".npz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around the voice of one run."""

    clock: Clock
    keep: Keep
    """Puts events on record."""
    store: Path
    """The wearer's own folder."""
    secret: Callable[[], bytes]
    """Gives its key; may raise StoreError."""
    shown: Callable[[Phase], None] = lambda _: None
    """Shows whose turn it is."""


class Listening:
    """The voice of one run."""

    def __init__(
        self, pipeline: Pipeline, brains: Brains, settings: Settings, around: Around
    ) -> None:
        self._pipeline, self._settings, self._around = pipeline, settings, around
        self._ears = Ears(settings.ears, models=wake_model(settings.ears.wake))
        self._hearing = Hearing(pipeline, brains)
        self._mouth: Mouth = brains.mouth
        self._day: Day | None = None
        if settings.ambient:
            self._day = Day(Ambient(settings), pipeline, around.clock, around.keep)
        self._watchers: list[Told] = []
        self._noting = False
        self.microphone = "not opened yet"
        """Whether it is open, closed or lost, and why."""
        self._partial: asyncio.Task[None] | None = None
        self._read = StablePrefix()
        self.over = asyncio.Event()
        """A file or a stream that was listened to has ended."""
        self.interpreted = ""
        """The last turn that was interpreted, by which path and how sure."""
        self._beside: set[asyncio.Task[None]] = set()
        beside = Beside(
            store=around.store,
            secret=around.secret,
            begin=self._begin,
            speaking=self._speaking,
            gain=lambda: self._gain(True),  # an interpreter is asked for
            shown=self._interpreted,
        )
        self._sessions = Sessions(pipeline, brains, settings, beside)
        self._attention = Attention(self._ears, self._sessions)
        world = World(
            ears=self._attention,
            mouth=self._mouth,
            understand=self._understand,
            answer=self._answer,
            feedback=self._feedback,
            forget=self._forget,
            gain=self._gain,
            changed=self._changed,
        )
        manners = Manners(
            listen_s=settings.ears.listen_s,
            follow_s=settings.follow_s,
            barge_in=settings.barge_in,
        )
        self.conversation = Conversation(world, manners)

    async def run(self) -> None:
        """Listen and talk until cancelled."""
        if not self._noting:
            self._noting = True
            self._pipeline.bus.listen(self._noted)
        self._sessions.resume()
        if self._day is not None:
            self._day.resume()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._ears.run(self._hear), name="ears")
                tasks.create_task(self.conversation.run(), name="conversation")
        finally:
            self._sessions.stop()
            for task in tuple(self._beside):
                task.cancel()
            await asyncio.gather(*self._beside, return_exceptions=True)
            await self._hearing.close()

    async def ready(self) -> None:
        """Wait until something is listened to."""
        await self._ears.ready()

    async def say(self, nudge: Nudge) -> None:
        """Speak *nudge* (a Notifier); raise DeliveryError."""
        await self.conversation.say(nudge.text, nudge.id)

    async def handle(self, act: str, show: Show) -> Reply:
        """Carry out `listen`, `mute` or `unmute`; raise ControlError."""
        if self._settings.ears.source == NONE:
            raise ControlError("nothing is listened to: set voice.ears.source in carpal.toml")
        await press(self, act, show)
        return self.status()

    def status(self) -> Reply:
        """Return how the ears are and whose turn it is."""
        report: dict[str, JsonValue] = {**asdict(self._ears.report)}
        day: Reply = self._day.shown() if self._day is not None else {}
        return {
            "phase": self.conversation.phase,
            "microphone": self.microphone,
            "interpreted": self.interpreted,
            "unspoken": self._mouth.fault,
            **report,
            **day,
        }

    def push(self, source: str, sound: bytes) -> None:
        """Hear a WAV chunk that *source* sent; raise DecodeError."""
        self._ears.push(source, sound)

    def watch(self, told: Told) -> Callable[[], None]:
        """Tell *told* what goes on from here on; return what ends that."""
        self._watchers.append(told)
        return lambda: self._watchers.remove(told)

    def _noted(self, event: Event) -> None:
        if isinstance(event, SkillNoted):
            asyncio.get_running_loop().call_soon(self._follow)

    def _follow(self) -> None:
        """Let the sessions be as the wearer has them; what listens on changes between turns."""
        before = self._sessions.listens
        self._sessions.follow()
        if self._sessions.listens != before and self.conversation.phase == "idle":
            self._attention.rest()

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    def _speaking(self, on: bool) -> None:
        """What we say ourselves is no turn of anybody's."""
        if self.conversation.phase not in OVER:
            return  # the turn knows better when to listen
        self._ears.duck(on)
        (self._ears if on else self._attention).rest()

    def _hear(self, event: EarEvent) -> None:
        """Take what the ears tell: for the sessions between our turns, and for the turn."""
        theirs = isinstance(event, SpeechEnded) and event.why == "called"
        if self._sessions.listens and (theirs or self.conversation.phase == "idle"):
            samples = self._sessions.heard(event, at=self._around.clock.now())
            if samples:
                self._around.keep(samples)
        if not theirs:
            self._heard(event)

    def _heard(self, event: EarEvent) -> None:
        match event:
            case Woken(phrase=phrase, score=score):
                self._tell(f"woken by {phrase} ({score:.2f})")
                self.conversation.happen(Called("phrase"))
            case SpeechBegan():
                self._look_no_more()  # at what was said before
                self._read = StablePrefix()
                self.conversation.happen(Began())
            case SpeechGoesOn(pcm=pcm):
                self._show_partial(pcm)
            case SpeechPaused(pcm=pcm):
                if self.conversation.phase in ("listening", "following"):
                    self._look_no_more()
                    self._hearing.guess(pcm)
            case SpeechEnded(pcm=pcm):
                self._look_no_more()
                self.conversation.happen(Ended(pcm))
            case Loudness():
                self._measured(event)
            case _:
                self._source(event)

    def _source(self, event: SourceOpened | SourceClosed | SourceLost | SourceEnded) -> None:
        match event:
            case SourceOpened(name=name, rate_hz=rate_hz):
                self._told_microphone(f"{OPEN}: {name}, {rate_hz} Hz")
                if self._sessions.listens and self.conversation.phase == "idle":
                    self._attention.rest()  # what was muted attends to nothing
            case SourceClosed():
                self._told_microphone(CLOSED)
            case SourceLost(reason=reason):
                self._told_microphone(f"{LOST}: {reason}")
                self.conversation.happen(Lost())
            case SourceEnded():
                self.microphone = "ended: all of it was heard"
                self.over.set()

    def _told_microphone(self, how: str) -> None:
        self.microphone = how
        self._tell(f"microphone {how}")
        log.info("microphone %s", how)
        self._around.shown(self.conversation.phase)

    def _measured(self, loudness: Loudness) -> None:
        if self._day is not None:
            self._day.heard(loudness)
        self._follow()  # sessions end by themselves, too

    def _show_partial(self, pcm: bytes) -> None:
        """Show what is understood so far, to who watches, one look at a time."""
        if not self._watchers or (self._partial is not None and not self._partial.done()):
            return
        self._partial = asyncio.create_task(self._look(pcm))

    def _look_no_more(self) -> None:
        """The whole is what counts now, and it should not wait for a part."""
        if self._partial is not None:
            self._partial.cancel()

    async def _look(self, pcm: bytes) -> None:
        self._read = await self._hearing.partial(pcm, self._read)
        if self._read.text:
            self._tell(f"hearing: {self._read.text} …")

    async def _understand(self, pcm: bytes) -> str:
        try:
            text = await self._hearing.understood(pcm)
        except AgentError as error:
            self._tell(f"not understood: {error}")
            raise
        self._tell(f"heard: {text}" if text else "heard nothing that is speech")
        return text

    async def _answer(self, question: str, show: Callable[[str], None]) -> Spoken:
        async def shown(part: str) -> None:
            show(part)

        told = await self._hearing.answer(question, show=shown)
        text = told.reply.answer.text
        self._tell(f"answer: {text}")
        return Spoken(text=text, asks=self._pipeline.dialogue.pending is not None)

    def _forget(self) -> None:
        self._pipeline.dialogue = self._pipeline.dialogue.asking(None)

    def _feedback(self, judgement: str, answer: FeedbackKind) -> None:
        now = self._pipeline.present().now
        self._tell(f"{answer}: the nudge {judgement}")
        self._around.keep([FeedbackGiven(at=now, judgement=judgement, answer=answer)])

    def _gain(self, asked: bool) -> float | None:
        quiet = self._sessions.listens and not asked  # a talk, or two who speak with each other
        if self._settings.speak == "none" or quiet:
            return None
        context = self._pipeline.present()
        allowed = manner.gain if asked else manner.unasked
        return allowed(context, self._settings)

    def _changed(self, phase: Phase) -> None:
        if phase == "listening":
            self._hearing.warm()
        if phase in OVER:
            self._hearing.rest()
        self._tell(phase)
        self._around.shown(phase)

    def _interpreted(self, line: str) -> None:
        self.interpreted = line
        self._tell(f"interpreted: {line}")
        self._around.shown(self.conversation.phase)

    def _tell(self, line: str) -> None:
        for told in tuple(self._watchers):
            told(line)


def wake_model(wake: str) -> Path | None:
    """Return the folder of the speech embedding, where the phrase *wake* needs it and it is there.

    The phrases in the wheel of pymicro-wakeword need none.
    """
    if not shipped_head(wake).endswith(HEAD):
        return None
    return fetch.find("wake", fetch.models_folder())
