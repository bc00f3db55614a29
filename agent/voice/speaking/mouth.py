"""The mouth: sentences in, sound out, the first of it before the last is there."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, suppress

from agent.errors import DeliveryError
from agent.voice.speaking import Piece, Synthesizer
from agent.voice.speaking.player import Player
from agent.voice.speaking.sentences import complete, sentences

AHEAD_MAX = 8  # pieces that are made before they can be played
log = logging.getLogger(__name__)


class Mouth:
    """Speaks one text at a time; whoever cancels it silences it at once."""

    def __init__(self, voices: Sequence[Synthesizer], player: Player) -> None:
        """*voices*: the best first; while it loads, the first that is ready speaks."""
        self._voices, self._player = list(voices), player
        self._turn = asyncio.Lock()
        self.fault: str | None = None
        """Why what was said last could not be heard; None where it could."""
        self._warming: set[asyncio.Task[None]] = set()

    async def speak(self, parts: AsyncIterator[str], *, gain: float = 1.0) -> None:
        """Say *parts* of a text as they come, and return when all was said.

        Raise DeliveryError where no voice or loudspeaker works.
        """
        self.warm()
        async with self._turn, aclosing(self._sound(parts)) as sound:
            try:
                await self._player.play(sound, gain=gain)
            except DeliveryError as error:
                self.fault = str(error)
                raise
            self.fault = None

    async def say(self, text: str, *, gain: float = 1.0) -> None:
        """Say *text*; raise DeliveryError."""
        await self.speak(_once(text), gain=gain)

    async def sound(self, text: str) -> AsyncGenerator[Piece]:
        """Yield *text* as sound, for someone else to play; raise DeliveryError."""
        self.warm()
        async with aclosing(self._said(_once(text))) as said:
            async for piece in said:
                yield piece

    async def load(self) -> None:
        """Load the best voice that there is, and wait for it."""
        for voice in self._voices:
            if not voice.ready:
                await _warm(voice)
            if voice.ready:
                return

    def warm(self) -> None:
        """Begin to load what is not ready, for the next time."""
        for voice in self._voices:
            if voice.ready or self._warming:
                continue
            task = asyncio.create_task(_warm(voice))
            self._warming.add(task)
            task.add_done_callback(self._warming.discard)

    async def close(self) -> None:
        """Stop loading."""
        for task in tuple(self._warming):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _sound(self, parts: AsyncIterator[str]) -> AsyncGenerator[Piece]:
        """Yield what *parts* sound like, made a little ahead of what is heard."""
        ahead: asyncio.Queue[Piece | None] = asyncio.Queue(AHEAD_MAX)
        making = asyncio.create_task(self._make(parts, ahead))
        try:
            while (piece := await ahead.get()) is not None:
                yield piece
            await making  # raises what went wrong
        finally:
            making.cancel()
            while not ahead.empty():  # else its last word would find no room, for ever
                ahead.get_nowait()
            with suppress(asyncio.CancelledError, DeliveryError):
                await making

    async def _make(self, parts: AsyncIterator[str], ahead: "asyncio.Queue[Piece | None]") -> None:
        try:
            async with aclosing(self._said(parts)) as said:
                async for piece in said:
                    await ahead.put(piece)
        finally:
            await ahead.put(None)

    async def _said(self, parts: AsyncIterator[str]) -> AsyncGenerator[Piece]:
        """Yield *parts* in one voice: the best that is ready, or the next if that cannot begin.

        In the middle none goes on for another: it would be of another rate, and another person.
        """
        voices, begun = [one for one in self._voices if one.ready], False
        if not voices:
            raise DeliveryError("no voice is ready")
        async for sentence in _sentences(parts):
            while True:
                try:
                    async for piece in voices[0].sound(sentence):
                        begun = True
                        yield piece
                    break
                except DeliveryError as error:
                    if begun or len(voices) == 1:
                        raise
                    del voices[0]
                    log.warning("another voice speaks: %s", error)


async def _sentences(parts: AsyncIterator[str]) -> AsyncIterator[str]:
    left = ""
    async for part in parts:
        whole, left = complete(left + part)
        for sentence in whole:
            yield sentence
    for sentence in sentences(left):
        yield sentence


async def _once(text: str) -> AsyncIterator[str]:
    yield text


async def _warm(voice: Synthesizer) -> None:
    try:
        await voice.warm()
    except DeliveryError as error:
        log.warning("a voice is not used: %s", error)
