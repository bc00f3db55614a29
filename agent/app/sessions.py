"""What else listens while the wearer lets it: the speech coach, the interpreter, and notes."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from agent.app.brains import Brains
from agent.app.noting import Begin, NoteTaking
from agent.app.pipeline import Pipeline
from agent.context import Context
from agent.errors import AgentError, StoreError
from agent.events import Input, SampleMeasured, SkillNoted
from agent.ports import Hints
from agent.signals import SPEECH_SHARE
from agent.voice.coaching import fillers
from agent.voice.coaching.coach import Coach
from agent.voice.coaching.delivery import noted
from agent.voice.ears.events import (
    RATE_HZ,
    EarEvent,
    Loudness,
    SpeechBegan,
    SpeechEnded,
    SpeechGoesOn,
)
from agent.voice.ears.listening import Ears
from agent.voice.interpreting.interpreter import SILENT, Interpreter
from agent.voice.pronounced import Pronunciations
from agent.voice.settings import Settings
from agent.voice.speaking.espeak import Espeak
from agent.voice.speaking.mouth import Mouth
from agent.voice.speaking.player import Player
from skills import interpreter

COACH, INTERPRETER = "coach", "interpreter"
RECORDINGS = "recordings"
WORDS = Hints(words=True, prompt=fillers.PROMPT)
SOURCE = "ears"
MINUTE = timedelta(minutes=1)
SHARE_MIN = 0.001  # one word in a long silence is still a word
BEHIND_MAX = 8  # sentences, 20 s each at most, that wait to be measured or interpreted
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands beside the sessions."""

    store: Path
    """The wearer's own folder."""
    secret: Callable[[], bytes]
    """Gives its key; may raise StoreError."""
    begin: Begin
    """Lets something run beside."""
    speaking: Callable[[bool], None]
    """Is told when something is said aloud, and when no more."""
    gain: Callable[[], float | None]
    """Returns how loud we may be, here and now; None: be silent."""
    shown: Callable[[str], None]
    """Shows what was interpreted, by which path and how sure."""


class Sessions:
    """The sessions that the wearer began, as the context has them now."""

    def __init__(
        self, pipeline: Pipeline, brains: Brains, settings: Settings, beside: "Beside"
    ) -> None:
        self._pipeline, self._brains, self._settings = pipeline, brains, settings
        self._begin, self._beside = beside.begin, beside
        folder = beside.store / RECORDINGS
        self._notes = NoteTaking(folder, brains, beside.begin, beside.secret)
        self._coach: Coach | None = None
        self._coached_since = ""
        self._interpreter: Interpreter | None = None
        self._theirs = ""
        self._reasons = set[str]()
        """Why turns were not translated, as far as it was said aloud in this session."""
        self._turn = asyncio.Lock()
        self._behind = 0
        self._talked_at: datetime | None = None
        self._talked_s = 0.0
        self._words = Pronunciations()

    @property
    def listens(self) -> bool:
        """Return whether every sentence is to be heard, without a wake phrase."""
        speech = self._coach is not None or self._interpreter is not None
        return speech or self._notes.listens

    def resume(self) -> None:
        """Finish what the last run left: notes that are not written yet."""
        self._notes.resume()

    def follow(self) -> None:
        """Begin and end as the wearer has it now."""
        context = self._pipeline.present()
        self._follow_coach(context)
        self._follow_interpreter(context)
        try:
            self._notes.follow(context)
        except StoreError as error:
            log.warning("no notes are taken: %s", error)

    def heard(self, event: EarEvent, *, at: datetime) -> Sequence[Input]:
        """Take what the ears tell while nobody talks to carpal; return what is to be kept of it."""
        match event:
            case SpeechEnded(pcm=pcm):
                self._sentence(pcm, at)
            case _:
                pass
        return self._coached(event, at) if self._coach is not None else self._talked(event, at)

    def stop(self) -> None:
        """End for now: what was recorded stays, and is finished at the next start."""
        self._notes.stop()

    def _follow_coach(self, context: Context) -> None:
        memory = context.own(COACH)
        since = str(memory["since"]) if "since" in memory and "until" not in memory else ""
        if since == self._coached_since:
            return
        self._coached_since = since
        if self._coach is not None:
            self._begin(self._deliver(self._coach, context.now))
        level, words = self._settings.full_scale_db, self._words.of
        self._coach = Coach(full_scale_db=level, pronounced=words) if since else None

    def _follow_interpreter(self, context: Context) -> None:
        runs = interpreter.session(context) is not None
        theirs = str(context.own(INTERPRETER).get("theirs", "")) if runs else ""
        if theirs == self._theirs:
            return
        self._theirs, self._reasons = theirs, set()
        transcriber = self._brains.transcriber
        self._interpreter = None
        if theirs and transcriber is not None:
            self._interpreter = Interpreter(transcriber, self._brains.large, theirs=theirs)

    def _coached(self, event: EarEvent, at: datetime) -> Sequence[Input]:
        coach = self._coach
        if coach is None:
            return ()
        match event:
            case SpeechBegan():
                coach.begin()
            case SpeechGoesOn(pcm=pcm):
                return coach.goes_on(pcm, at=at)
            case SpeechEnded(pcm=pcm):
                return coach.ended(pcm, at=at)
            case Loudness():
                return coach.loudness(event, at=at)
            case _:
                pass
        return ()

    def _talked(self, event: EarEvent, at: datetime) -> Sequence[Input]:
        """Return how much was spoken, once a minute: by it a session knows that it goes on."""
        if self._settings.ambient or not isinstance(event, SpeechEnded):
            return ()  # it is measured already
        before = at - MINUTE if self._talked_at is None else self._talked_at
        self._talked_s += len(event.pcm) / 2 / RATE_HZ
        if at - before < MINUTE:
            return ()
        share = self._talked_s / (at - before).total_seconds()
        self._talked_at, self._talked_s = at, 0.0
        value = round(min(1.0, max(SHARE_MIN, share)), 3)
        return [SampleMeasured(at=at, signal=SPEECH_SHARE.id, value=value, source=SOURCE)]

    def _sentence(self, pcm: bytes, at: datetime) -> None:
        try:
            self._notes.heard(pcm)
        except StoreError as error:
            log.warning("%s", error)
        if self._interpreter is not None:
            self._queue(partial(self._interpret, self._interpreter, pcm))
        elif self._coach is not None:
            self._queue(partial(self._measure, self._coach, pcm, at))

    def _queue(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Let *work* on one sentence have its turn; where too many wait it is passed over."""
        if self._behind >= BEHIND_MAX:
            log.warning("a sentence was passed over: %d wait already", self._behind)
            return
        self._behind += 1
        self._begin(self._next(work))

    async def _next(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        try:
            await work()
        finally:
            self._behind -= 1

    async def _measure(self, coach: Coach, pcm: bytes, at: datetime) -> None:
        if self._brains.transcriber is None:
            return
        async with self._turn:
            try:
                heard = await self._brains.transcriber.transcribe(pcm, WORDS)
                await self._pipeline.persist(coach.heard(heard, at=at))
            except AgentError as error:
                log.warning("a sentence was not measured: %s", error)

    async def _deliver(self, coach: Coach, at: datetime) -> None:
        """Note how the whole talk was delivered, once its last sentence is measured."""
        async with self._turn:
            if coach.talk.words:
                conversation = await asyncio.to_thread(coach.conversation)  # hours, frame by frame
                data = noted(coach.talk, conversation)
                told = SkillNoted(at=at, skill=COACH, name="delivered", data={**data})
                await self._pipeline.persist([told])

    async def _interpret(self, interpreting: Interpreter, pcm: bytes) -> None:
        """Say one turn in the language of the other one; show by which path and how sure."""
        async with self._turn:
            try:
                found = await interpreting.turn(pcm)
                self._beside.shown(f"{found.text} ({found.told})" if found.text else found.told)
                if found.text:
                    await self._said(found.text, found.voice)
                elif found.reason not in self._reasons | {SILENT}:
                    self._reasons.add(found.reason)  # said once: two people wait for each other
                    await self._said(f"Not translated: {found.reason}.", self._settings.voice)
            except AgentError as error:
                log.warning("a turn was not interpreted: %s", error)

    async def _said(self, text: str, voice: str) -> None:
        gain = self._beside.gain()
        if gain is None:
            return
        settings = Settings.model_validate(self._settings.model_dump() | {"voice": voice})
        mouth = Mouth([Espeak(settings)], Player(settings.loudspeaker))
        self._beside.speaking(True)
        try:
            await mouth.say(text, gain=gain)
        finally:
            self._beside.speaking(False)


class Attention:
    """The ears, as a conversation has them: between its turns they belong to the sessions."""

    def __init__(self, ears: Ears, sessions: Sessions) -> None:
        self._ears, self._sessions = ears, sessions
        self.attend, self.duck = ears.attend, ears.duck
        self.open, self.close = ears.open, ears.close

    def rest(self) -> None:
        """Wait for the wake phrase; while a session runs, hear every sentence."""
        if self._sessions.listens:
            self._ears.attend(0.0, for_us=False)
        else:
            self._ears.rest()
