"""A consumer for a test to kill: it writes each batch to a file, syncs it, and acknowledges."""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TextIO

from agent.events import Input, SampleMeasured
from agent.mqtt import Mqtt, Settings


class Clock:
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251


async def consume(socket: str, out: TextIO) -> None:
    def publish(events: Sequence[Input], acknowledge: Callable[[], None]) -> None:
        for event in events:
            assert isinstance(event, SampleMeasured), event
            out.write(f"{event.source_sequence}\n")
        out.flush()
        os.fsync(out.fileno())
        acknowledge()

    settings = Settings(socket=socket, wearer="ada")
    await Mqtt(settings, clock=Clock(), dead_letter=lambda *_: None).run(publish)


if __name__ == "__main__":
    with open(sys.argv[2], "a", encoding="ascii") as file:  # noqa: PTH123
        asyncio.run(consume(sys.argv[1], file))
