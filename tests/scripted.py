"""A language model that says what a test tells it, or fails, and a pipeline for it to speak in."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from agent.app.answering import Device, Told
from agent.app.clocks import VirtualClock
from agent.app.pipeline import Parts, Pipeline
from agent.errors import ModelError
from agent.events import Answered, Input
from agent.ports import Completion, LanguageModel, Prompt
from agent.router import Candidate, Moment
from agent.store import open_store
from tests.days import KEY, Wearer, at, day

DIED = "it has died"
NONE = json.dumps({"tool": "none"})
"""No tool, as a model chooses it."""
NOON = 420
SPEAKS = Device(lambda wanted, _: Moment(wanted=wanted), lambda _: Candidate(size_mb=1000))
"""A device that spares nothing and has both models."""


class Says:
    """It replies one thing, or one after another; it can die or never come to an end."""

    def __init__(
        self,
        *replies: str | None,
        chooses: str | None = None,
        piece: int = 3,
        dies_after: int | None = None,
        waits: bool = False,
    ) -> None:
        """None instead of a reply fails; *chooses* is what it replies where a schema is given.

        It dies after so many pieces, or waits for ever behind its last one.
        """
        self._replies, self._chooses, self._piece = list(replies), chooses, piece
        self._dies_after, self._waits = dies_after, waits
        self.asked: list[Prompt] = []
        self.waiting = asyncio.Event()
        self.freed = 0
        """How often it was left while it waited."""

    async def complete(self, system: str, user: str, *, tokens_max: int) -> str:
        """Fail: nothing asks this way."""
        raise AssertionError("not asked this way")

    async def generate(self, prompt: Prompt) -> Completion:
        """Return the reply at once."""
        chooses = self._chooses is not None and bool(prompt.schema)
        text = self._chooses if chooses else self._next()
        self.asked.append(prompt)
        if self._waits and not chooses:
            await self._wait()
        if text is None:
            raise ModelError(DIED)
        return Completion(
            text=text, tokens_prompt=9, tokens_reused=0, tokens_made=9, finish="stop",
            chance=None, first_ms=1, ms=2,
        )  # fmt: skip

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """Yield the reply in pieces."""
        self.asked.append(prompt)
        text = self._next()
        if text is None:
            raise ModelError(DIED)
        for count, start in enumerate(range(0, len(text), self._piece)):
            if count == self._dies_after:
                raise ModelError(DIED)
            yield text[start : start + self._piece]
        if self._waits:
            await self._wait()

    def _next(self) -> str | None:
        return self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]

    async def _wait(self) -> None:
        self.waiting.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.freed += 1


class Here:
    """One pipeline on a store of its own, at noon of a lived day."""

    def __init__(
        self,
        folder: Path,
        *,
        words: LanguageModel | None = None,
        large: LanguageModel | None = None,
        device: Device = SPEAKS,
        events: Sequence[Input] = (),
    ) -> None:
        self.large = large
        self.clock = VirtualClock()
        self.clock.move_to(at(NOON))
        self.db = open_store(folder / "carpal.db", key=KEY)
        self.pipeline = Pipeline(
            Parts(
                db=self.db, clock=self.clock, notifier=Wearer(), words=words, large=large,
                device=device,
            )
        )  # fmt: skip
        lived = [one for one in day() if one.at <= at(NOON)]
        self.pipeline.bus.publish([*lived, *events])
        self.shown: list[str] = []

    def ask(self, question: str) -> Told:
        """Return the answer, and note the parts that came before it."""

        async def show(part: str) -> None:
            self.shown.append(part)

        return asyncio.run(self.pipeline.ask(question, show=show))

    def kept(self) -> list[Answered]:
        """Return the answers on record."""
        found = self.pipeline.memory.events("answered", since=at(-600))
        return [one for one in found if isinstance(one, Answered)]
