"""What a recording of any length says, piece by piece, whoever hears it."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

from agent.errors import ModelError
from agent.ports import Hints, Sound, Transcriber, Transcript, Word
from agent.voice import subtitles
from agent.voice.transcriber import Piece, Whisper


async def heard_in(
    transcriber: Transcriber | None, file: Path, hints: Hints
) -> AsyncIterator[Piece]:
    """Yield what is said in *file*; raise ModelError.

    Only Whisper hears more than `voice.audio_max_s`: the others are given the whole at once.
    """
    if isinstance(transcriber, Whisper):
        async for piece in transcriber.pieces(file, hints):
            yield piece
        return
    heard = await _there(transcriber).transcribe(file, hints)
    yield Piece(0.0, heard.audio_s, heard)


async def again(transcriber: Transcriber | None, sound: Sound, hints: Hints) -> Transcript:
    """Return what is said in *sound*, a piece of something long; raise ModelError.

    A worker may have died of anything: it is asked once more, and an hour's work is not lost.
    """
    there = _there(transcriber)
    try:
        return await there.transcribe(sound, hints)
    except ModelError:
        return await there.transcribe(sound, hints)


def _there(transcriber: Transcriber | None) -> Transcriber:
    if transcriber is None:
        raise ModelError("the speech model is not set up: run `carpal models get speech`")
    return transcriber


def words_of(piece: Piece) -> tuple[Word, ...]:
    """Return the words of *piece*, their times from the recording's beginning."""
    if piece.heard.words:
        return tuple(moved(piece.heard.words, piece.since_s))
    return subtitles.evenly(piece.heard.text, piece.since_s, piece.until_s)


def moved(words: tuple[Word, ...], by_s: float) -> Iterator[Word]:
    """Yield *words* so much later."""
    for word in words:
        yield replace(word, since_s=word.since_s + by_s, until_s=word.until_s + by_s)
