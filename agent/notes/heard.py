"""What a recording says, as sentences with their times."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from agent.notes.sentences import Sentence, Sentences

_THOUSANDS = re.compile(r"(?<![\d,.])(\d{1,3}), (\d{3})\b")


@dataclass(frozen=True, slots=True)
class Part:
    """What was said from a time on, in seconds of the recording."""

    since_s: float
    text: str


async def sentences(parts: AsyncIterator[Part]) -> AsyncIterator[Sentence]:
    """Yield the sentences of *parts*; one may begin in a part and end in the next.

    A part without words is a long silence, and over that nobody goes on with a sentence.
    """
    cutter = Sentences()
    async for part in parts:
        for one in cutter.end() if not part.text.strip() else ():
            yield one
        for one in cutter.feed(mended(part.text), _clock(part.since_s)):
            yield one
    for one in cutter.end():
        yield one


def mended(text: str) -> str:
    """Return *text* with its thousands together: Whisper writes "50, 000" now and then."""
    return _THOUSANDS.sub(r"\1,\2", text)


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}".removeprefix("0:")
