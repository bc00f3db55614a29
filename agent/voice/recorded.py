"""What a recording of any length says, piece by piece, whoever hears it."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

from agent.errors import ModelError
from agent.ports import Hints, Transcriber, Word
from agent.voice import subtitles
from agent.voice.transcriber import Piece, Whisper


async def heard_in(
    transcriber: Transcriber | None, file: Path, hints: Hints
) -> AsyncIterator[Piece]:
    """Yield what is said in *file*; raise ModelError.

    Only Whisper hears more than `voice.audio_max_s`: the others are given the whole at once.
    """
    if transcriber is None:
        raise ModelError("the speech model is not set up: run `carpal models get speech`")
    if isinstance(transcriber, Whisper):
        async for piece in transcriber.pieces(file, hints):
            yield piece
        return
    heard = await transcriber.transcribe(file, hints)
    yield Piece(0.0, heard.audio_s, heard)


def words_of(piece: Piece) -> tuple[Word, ...]:
    """Return the words of *piece*, their times from the recording's beginning."""
    if piece.heard.words:
        return tuple(moved(piece.heard.words, piece.since_s))
    return subtitles.evenly(piece.heard.text, piece.since_s, piece.until_s)


def moved(words: tuple[Word, ...], by_s: float) -> Iterator[Word]:
    """Yield *words* so much later."""
    for word in words:
        yield replace(word, since_s=word.since_s + by_s, until_s=word.until_s + by_s)
