"""A stream of sentences, cut into chapters; never more of it is held than a long chapter."""

import itertools
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.errors import ModelError
from agent.notes import tiling
from agent.notes.sentences import Sentence
from agent.notes.words import words

STRETCH_WORDS = 1800


class Embedding(Protocol):
    """What gives the meaning of sentences as unit vectors, in a worker of its own."""

    async def embed(self, sentences: Sequence[str]) -> Sequence[Sequence[float]]:
        """Return a vector for each sentence; raise ModelError."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Some sentences on one thing."""

    title: str
    """As its source has it; "" where it has none."""
    sentences: tuple[Sentence, ...]


async def chapters(
    sentences: AsyncIterator[Sentence], embedding: Embedding | None = None
) -> AsyncIterator[Chapter]:
    """Yield the chapters of *sentences*; a heading begins one, else the talk of something else."""
    held: list[Sentence] = []
    title, length = "", 0
    async for one in sentences:
        if one.is_heading:
            for chapter in _titled(await _cut(held, embedding), title):
                yield chapter
            held, title, length = [], one.text, 0
            continue
        held.append(one)
        length += len(words(one.text))
        if length >= STRETCH_WORDS:
            *whole, rest = await _cut(held, embedding)
            for chapter in _titled(whole or [rest], title):
                yield chapter
            title = "" if title else title
            held = rest if whole else []
            length = sum(len(words(left.text)) for left in held)
    for chapter in _titled(await _cut(held, embedding), title):
        yield chapter


def _titled(parts: Sequence[list[Sentence]], title: str) -> list[Chapter]:
    found = [Chapter("", tuple(part)) for part in parts if part]
    return [Chapter(title, found[0].sentences), *found[1:]] if found and title else found


async def _cut(held: Sequence[Sentence], embedding: Embedding | None) -> list[list[Sentence]]:
    texts = [one.text for one in held]
    lengths = [len(words(text)) for text in texts]
    if sum(lengths) < 2 * tiling.CHAPTER_WORDS_MIN:
        return [list(held)]
    likeness = tiling.by_words(texts)
    if embedding is not None:
        try:
            likeness = tiling.by_vectors(await embedding.embed(texts))
        except ModelError:
            embedding = None  # the words that they share say it too
    edges = [0, *tiling.beginnings(lengths, likeness), len(held)]
    return [list(held[begin:end]) for begin, end in itertools.pairwise(edges)]
