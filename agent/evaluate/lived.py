"""A simulated week lived through the real pipeline, for what is measured on a whole memory."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from datetime import time as clock_time
from itertools import chain
from pathlib import Path

from agent.app import house
from agent.app.clocks import VirtualClock
from agent.app.days import DAY, ZONE, gathered, made_up, rules_of
from agent.app.pipeline import Parts, Pipeline
from agent.events import EPOCH
from agent.ports import LanguageModel, Nudge, Understanding
from sensors import simulated

QUESTIONS = (
    "What was my heart rate during the last meeting?",
    "How did I sleep?",
    "What is on my shopping list?",
    "How many meetings do I have today?",
    "When did I wake up?",
    "How stressed am I?",
    "Where am I?",
)
EVENING = clock_time(21, 30)


class Nobody:
    """A notifier that reaches its wearer, who looks away."""

    async def say(self, nudge: Nudge) -> None:
        """Be reached."""


@asynccontextmanager
async def day(
    folder: Path,
    *,
    until: clock_time,
    understandings: Sequence[Understanding] = (),
    words: LanguageModel | None = None,
    seed: int = 7,
) -> AsyncIterator[Pipeline]:
    """Live through seven nights and a day of *seed* until then; what is to be said is said."""
    clock = VirtualClock()
    home = house.enter(folder, clock=clock)
    pipeline = Pipeline(
        Parts(
            db=home.db,
            clock=clock,
            notifier=Nobody(),
            words=words,
            understandings=understandings,
        )
    )
    try:
        pipeline.settle(rules_of(seed))
        async with pipeline.live():
            nights = simulated.nights(seed=seed, until=DAY, zone=ZONE.key)
            end = datetime.combine(DAY, until, ZONE)
            for arrival, batch in gathered(chain(nights, made_up(seed))):
                if arrival > end:
                    break
                clock.move_to(arrival)
                pipeline.bus.publish(batch)
                await asyncio.sleep(0)
                pipeline.scheduler.check()
                await pipeline.speaker.drain()
            yield pipeline
    finally:
        home.db.close()


async def worded_share(
    folder: Path, words: LanguageModel, understandings: Sequence[Understanding], *, seed: int = 7
) -> tuple[int, int]:
    """Return how many sentences of a demo's day the model worded, and how many there were.

    They are the nudges of the whole day and the answers to QUESTIONS in its evening.
    """
    async with day(
        folder, until=EVENING, understandings=understandings, words=words, seed=seed
    ) as pipeline:
        by = [one.wording for one in pipeline.memory.notified(since=EPOCH)]
        for question in QUESTIONS:
            told = await pipeline.ask(question)
            if told.reply.answer.known:
                by.append(told.worded.by)
    return by.count("model"), len(by)
