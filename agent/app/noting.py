"""Notes, joined: a file or a recording, the ears that heard it, and the models that are there."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from agent.app.brains import Brains
from agent.context import Context
from agent.errors import ModelError, StoreError
from agent.models.meaning import Meaning
from agent.models.worker import Limits, Worker
from agent.notes import heard, reading
from agent.notes.chapters import Embedding
from agent.notes.recorder import Recorder, Recording, pieces, unfinished
from agent.notes.taking import Models, Taken, write
from agent.ports import Hints, Transcriber
from agent.voice.recorded import again, heard_in
from skills import notes

CAMERA = "What was shown is not in them: there is no camera."
HINTS = Hints(n_best=2)  # the wider search: nobody waits for notes
PDF_MEMORY_MB = 512
PDF_PAGE_S = 30.0
AGAIN = timedelta(minutes=1)  # a disk that was full may have room again

log = logging.getLogger(__name__)
Begin = Callable[[Coroutine[None, None, None]], None]
"""Lets something run beside."""
Reached = Callable[[float], None]
"""Is told how many seconds of a recording are done."""


def models_of(brains: Brains) -> Models:
    """Return what helps with notes, as far as it is set up."""
    embedding: Embedding | None = next(
        (one for one in brains.understandings if isinstance(one, Meaning)), None
    )
    return Models(embedding=embedding, small=brains.words, large=brains.large)


async def note(
    path: Path, to: IO[str], brains: Brains, *, title: str = "", reached: Reached | None = None
) -> Taken:
    """Write the notes of a recording or a document; raise DecodeError or ModelError."""
    return await note_with(
        path, to, brains.transcriber, models_of(brains), title=title, reached=reached
    )


async def note_with(  # noqa: PLR0913 (what it is of, where it goes, and three that help)
    path: Path,
    to: IO[str],
    transcriber: Transcriber | None,
    models: Models,
    *,
    title: str = "",
    reached: Reached | None = None,
) -> Taken:
    """Write the notes of *path* with these models; raise DecodeError or ModelError."""
    title = title or path.stem
    if not reading.is_written(path):
        told = f"Heard in {path.name} by a model, which may mishear. {CAMERA}"
        parts = _parts(transcriber, path, reached or (lambda _: None))
        return await write(heard.sentences(parts), to, title=title, source=told, models=models)
    limits = Limits(memory_max_mb=PDF_MEMORY_MB, call_s=PDF_PAGE_S)
    pdf = Worker("pdf", list(reading.PDF_COMMAND), begin={}, limits=limits)
    try:
        told = f"From {path.name}."
        return await write(reading.read(path, pdf), to, title=title, source=told, models=models)
    finally:
        await pdf.close()


async def finish(recording: Recording, brains: Brains, secret: bytes) -> Path:
    """Write the notes of *recording*, delete its sound unless it is kept; return where they are.

    *secret* is the key of the store.  Raise ModelError or StoreError; then the recording stays,
    and may be finished another time.
    """
    part = recording.notes.with_suffix(".md.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as to:
            await _note_recorded(recording, to, brains, secret)
        part.replace(recording.notes)
        await asyncio.to_thread(recording.done, secret)  # hours of sound, where it is kept
    except OSError as error:
        raise StoreError(f"the notes cannot be kept: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
    return recording.notes


async def _note_recorded(recording: Recording, to: IO[str], brains: Brains, secret: bytes) -> None:
    if not recording.sealed.is_file():  # of a release that did not seal them
        await note(recording.sound, to, brains, title=recording.title)
        return
    parts = _opened(brains.transcriber, recording, secret)
    told, models = f"Heard by a model, which may mishear. {CAMERA}", models_of(brains)
    title = recording.title
    await write(heard.sentences(parts), to, title=title, source=told, models=models)


async def _opened(
    transcriber: Transcriber | None, recording: Recording, secret: bytes
) -> AsyncIterator[heard.Part]:
    """Yield what is said in a sealed recording; its sound is never in the open."""
    for since_s, pcm in pieces(recording, secret):
        told = await again(transcriber, pcm, HINTS)
        yield heard.Part(since_s, told.text)


async def _parts(
    transcriber: Transcriber | None, path: Path, reached: Reached
) -> AsyncIterator[heard.Part]:
    async for piece in heard_in(transcriber, path, HINTS):
        yield heard.Part(piece.since_s, piece.heard.text)
        reached(piece.until_s)


class NoteTaking:
    """Notes of what is heard live: recorded while the session runs, written when it ends."""

    def __init__(
        self, folder: Path, brains: Brains, begin: Begin, secret: Callable[[], bytes]
    ) -> None:
        """*folder* is private to the wearer; *begin* lets the writing run beside.

        *secret* gives the key of the store, which seals what is recorded; it may raise StoreError.
        """
        self._folder, self._brains, self._begin = folder, brains, begin
        self._secret = secret
        self._recorder: Recorder | None = None
        self._failed: tuple[str, datetime] | None = None
        """Which session's recording failed, and when it was tried last."""

    @property
    def listens(self) -> bool:
        """Return whether every sentence is to be heard, without a wake phrase."""
        return self._recorder is not None

    def resume(self) -> None:
        """Write the notes of recordings that a crash or an absent model left."""
        for recording in unfinished(self._folder):
            self._begin(self._finish(recording))

    def follow(self, context: Context) -> None:
        """Begin, keep the sound, or end, as the wearer's session has it now; raise StoreError.

        What fails is raised once in a session, and tried again once a minute.
        """
        session = notes.running(context)
        since = None if session is None else session.since.isoformat()
        if self._recorder is not None and self._recorder.recording.since != since:
            ended, self._recorder = self._recorder, None
            self._begin(self._finish(ended.finish()))
        if session is None or since is None:
            return
        failed = self._failed if self._failed is not None and self._failed[0] == since else None
        if failed is not None and context.now - failed[1] < AGAIN:
            return
        self._failed = (since, context.now)
        try:
            self._follow(session)
        except StoreError:
            if failed is None:
                raise
        else:
            self._failed = None

    def _follow(self, session: notes.Session) -> None:
        """Record *session*, its sound kept or not; raise StoreError."""
        if self._recorder is None:
            secret, title = self._secret(), session.title
            self._recorder = Recorder.begin(self._folder, secret, title=title, at=session.since)
        if self._recorder.recording.keep != session.keep:
            self._recorder.keep(session.keep)

    def heard(self, pcm: bytes) -> bool:
        """Take a sentence that was said; return whether notes are being taken; raise StoreError."""
        if self._recorder is None:
            return False
        self._recorder.feed(pcm)
        return True

    def stop(self) -> None:
        """carpal ends: the recording stays, and is finished at the next start."""
        if self._recorder is not None:
            self._recorder.finish()
            self._recorder = None

    async def _finish(self, recording: Recording) -> None:
        try:
            path = await finish(recording, self._brains, self._secret())
        except (ModelError, StoreError) as error:
            log.warning("the notes of %s wait for another start: %s", recording.name, error)
        else:
            log.info("notes are in %s", path)
