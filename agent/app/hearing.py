"""What a sound says, and its answer: transcribed with the wearer's own words in mind."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from agent.app.answering import Told
from agent.app.brains import Brains
from agent.app.pipeline import Pipeline
from agent.ask.explain import Explainer
from agent.ask.phrasebook import grammars
from agent.ask.replies import Meant
from agent.ask.vocabulary import names, vocabulary
from agent.control import Show
from agent.errors import ModelError
from agent.ports import Hints, Sound, Transcript
from agent.skill import Tool
from agent.voice.ears.events import RATE_HZ
from agent.voice.pronounced import Pronunciations
from agent.voice.stable import StablePrefix
from agent.voice.transcriber import Sphinx, Whisper

READINGS = 5
WINDOW_S = 8.0  # a longer sentence is shown as it is spoken by looking at its end alone
NEAR = 4.0  # log: a reading that is less likely than this was not said, whatever it says
ENGLISH = "en"
LANGUAGE_P_MIN = 0.6
MORE_BYTES = 3200  # 0.1 s: a sentence that went on after a pause is longer by a word
WARMING = "what time is it"
UNHEARD = "the speech model is not set up: run `carpal models get speech`"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Understood:
    """What was said."""

    text: str
    meant: Meant | None = None
    """What a tool's grammar makes of it."""


class Hearing:
    """Speech to text to answer, on one pipeline."""

    def __init__(self, pipeline: Pipeline, brains: Brains) -> None:
        self._pipeline, self._brains = pipeline, brains
        self._warming: asyncio.Task[None] | None = None
        self._guess: tuple[bytes, asyncio.Task[Understood]] | None = None
        self._pronounce = Pronunciations()
        self._explainer: Explainer | None = None
        self._known: Mapping[str, Tool[Any]] = {}
        self._explained: Understood | None = None

    def warm(self) -> None:
        """Load what hears and understands, while someone still speaks."""
        if self._warming is None or self._warming.done():
            self._warming = asyncio.create_task(self._load())

    async def transcribe(self, sound: Sound, *, language: str = "") -> Transcript:
        """Return the readings of *sound*; raise ModelError."""
        if self._brains.transcriber is None:
            raise ModelError(UNHEARD)
        hints = replace(self.hints(READINGS), language=language)
        return await self._brains.transcriber.transcribe(sound, hints)

    def guess(self, pcm: bytes) -> None:
        """Begin to understand what may be the whole sentence, before it is known to be."""
        self._drop_guess()
        task = asyncio.create_task(self._heard(pcm))
        task.add_done_callback(_seen)
        self._guess = (pcm, task)

    async def understood(self, pcm: bytes) -> str:
        """Return what was said, in English; raise ModelError."""
        guess = self._guess
        if guess is not None and pcm.startswith(guess[0]) and len(pcm) - len(guess[0]) < MORE_BYTES:
            self._guess = None
            self._explained = await guess[1]
        else:
            self._drop_guess()
            self._explained = await self._heard(pcm)
        return self._explained.text

    async def _heard(self, pcm: bytes) -> "Understood":
        """Return what was said; a worker that ended meanwhile is started and asked once more."""
        try:
            return await self._once(pcm)
        except ModelError as error:
            if self._brains.transcriber is None:  # there is nothing to start again
                raise
            log.warning("%s; listening to it again", error)
            return await self._once(pcm)

    async def _once(self, pcm: bytes) -> "Understood":
        """Return what was said, and what it means where a tool's grammar explains it."""
        ear, explainer = self._brains.transcriber, self._of_grammars()
        if explainer is None or not isinstance(ear, Whisper):
            return Understood(await self._english(self._likeliest(await self.transcribe(pcm)), pcm))
        hints, second = self.hints(READINGS), self._brains.second
        outcome = await explainer.explain(pcm, ear, hints, second=second)
        found = outcome.explanation
        if found is None:
            return Understood(await self._english(self._likeliest(outcome.heard), pcm))
        said = found.arguments.model_dump(exclude_unset=True)
        meant = Meant(tool=found.tool, said=said, sure=found.verdict == "accept")
        return Understood(found.sentence, meant)

    def _likeliest(self, heard: Transcript) -> Transcript:
        """Return it with the first reading that is a tool's example to the letter, if one is.

        Not where an answer to a question of ours is waited for: that may be anything.
        """
        route, context = self._pipeline.route, self._pipeline.present()
        if self._pipeline.dialogue.pending is not None:
            return heard
        for one in heard.alternatives:
            near = heard.alternatives[0].score - one.score <= NEAR
            if near and route.literal(one.text, context):
                return replace(heard, text=one.text)
        return heard

    def _of_grammars(self) -> Explainer | None:
        """Return what explains commands by the grammars of the tools that may answer now."""
        if self._known is not self._pipeline.route.tools:
            self._known = self._pipeline.route.tools
            tools = {name: one for name, one in self._known.items() if one.grammar}
            self._explainer = Explainer(tools, self._pronounce.of) if tools else None
            for name, why in (self._explainer.refused if self._explainer else {}).items():
                log.warning("the grammar of %s cannot be read: %s", name, why)
        return self._explainer

    async def _english(self, heard: Transcript, pcm: bytes) -> str:
        """Return what was heard, translated where it is in another language: the tools know one.

        Only a model of many languages ever tells one that is not English.
        """
        transcriber = self._brains.transcriber
        other = heard.language not in ("", ENGLISH) and heard.language_p >= LANGUAGE_P_MIN
        if transcriber is None or not other or not heard.text:
            return heard.text
        hints = Hints(task="translate", language=heard.language)
        return (await transcriber.transcribe(pcm, hints)).text

    def rest(self) -> None:
        """Try to understand no more: the turn is over."""
        self._drop_guess()

    async def close(self) -> None:
        """Stop loading, before what is loaded ends."""
        self._drop_guess()
        if self._warming is not None:
            self._warming.cancel()
            await asyncio.gather(self._warming, return_exceptions=True)

    def _drop_guess(self) -> None:
        guess, self._guess = self._guess, None
        if guess is not None:
            guess[1].cancel()

    async def partial(self, pcm: bytes, before: StablePrefix) -> StablePrefix:
        """Return what is understood of an unfinished sentence, after what was *before*."""
        if self._brains.transcriber is None:
            return before
        window = pcm[int(before.begin_s * RATE_HZ) * 2 :]
        is_long = len(window) > WINDOW_S * RATE_HZ * 2
        hints = replace(self.hints(1), words=is_long)  # their times take longer, and slide it on
        try:
            heard = await self._brains.transcriber.transcribe(window, hints)
        except ModelError:
            return before
        read = before.heard(heard.text)
        return read.slid(heard.words) if is_long else read

    async def answer(self, question: str, *, show: Show) -> Told:
        """Return the answer to a spoken question; raise AgentError."""
        heard, self._explained = self._explained, None
        meant = heard.meant if heard is not None and heard.text == question else None
        return await self._pipeline.ask(question, by="voice", show=show, meant=meant)

    async def _load(self) -> None:
        try:
            if self._brains.speech is not None:
                await self._brains.speech.start()
            await self._pipeline.route.nearest(WARMING, most=1)
        except ModelError as error:
            log.warning("%s", error)

    def hints(self, readings: int) -> Hints:
        """Return what is likely to be heard from this wearer."""
        tools = [tool for skill in self._pipeline.granted() for tool in skill.tools]
        context = self._pipeline.present()
        if isinstance(self._brains.transcriber, Sphinx):
            return Hints(grammars=grammars(tools, context))
        return Hints(prompt=vocabulary(tools), hotwords=names(context), n_best=readings)


def _seen(task: "asyncio.Task[Understood]") -> None:
    """Take note of how a guess ended that nobody asks for any more."""
    if not task.cancelled():
        task.exception()
