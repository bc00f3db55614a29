"""The sound of a talk on disk while notes of it are taken: private, bounded, and safe in a crash.

A recording is sealed sound (see `sealed`) and a small file of what is known of it.  That one goes
last: where it is, notes are still to be written, whatever ended the program.
"""

import itertools
import json
import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Self

from agent.errors import StoreError
from agent.notes.sealed import BLOCK_MAX, Opened, Sealer, private
from agent.ports import CUT_MAX_S

RATE_HZ = 16_000
LONGEST_S = 3 * 3600
PAUSE_S = 0.6  # between two who speak: what was silent there is not kept
PIECE_MAX = CUT_MAX_S * RATE_HZ * 2
HEADER = 44
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording of which notes are taken, or are to be."""

    folder: Path
    name: str
    title: str
    since: str
    """When it began, in ISO 8601."""
    keep: bool = False
    """Whether the sound stays when the notes are written."""

    @property
    def sealed(self) -> Path:
        """Return where its sound is, until its notes are written."""
        return self.folder / f"{self.name}.sealed"

    @property
    def sound(self) -> Path:
        """Return where its sound stays in the open, if the wearer asked for it."""
        return self.folder / f"{self.name}.wav"

    @property
    def notes(self) -> Path:
        """Return where its notes are, or will be."""
        return self.folder / f"{self.name}.md"

    @property
    def about(self) -> Path:
        """Return where is kept what is known of it, until its notes are written."""
        return self.folder / f"{self.name}.json"

    def kept(self, keep: bool) -> Self:
        """Return it with its sound kept or not, on disk too."""
        found = replace(self, keep=keep)
        found.save()
        return found

    def save(self) -> None:
        """Write what is known of it, whole or not at all; raise OSError."""
        known = {name: value for name, value in asdict(self).items() if name != "folder"}
        part = self.about.with_suffix(".json.part")
        try:
            with private(part) as file:
                file.write(json.dumps(known).encode())
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.about)
        finally:
            part.unlink(missing_ok=True)

    def drop(self) -> None:
        """Delete what was made of it: nothing was recorded."""
        for path in (self.sealed, self.about):
            with suppress(OSError):  # what made us drop it is told, and that alone
                path.unlink(missing_ok=True)

    def done(self, secret: bytes) -> None:
        """Its notes are written: delete the sound, or put it into the open, if it is kept.

        Raise StoreError or OSError; then it is as it was.
        """
        if not self.keep:
            self.sound.unlink(missing_ok=True)
        elif self.sealed.is_file():
            self._unseal(secret)
        self.sealed.unlink(missing_ok=True)
        self.about.unlink(missing_ok=True)

    def _unseal(self, secret: bytes) -> None:
        part = self.sound.with_suffix(".wav.part")
        try:
            with private(part) as file:
                file.write(header(0))
                for block in Opened(self.sealed, secret).blocks():
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
            mend(part)
            part.replace(self.sound)
        finally:
            part.unlink(missing_ok=True)


class Recorder:
    """Writes what is said, as it is said; every sentence is on disk before the next."""

    def __init__(self, recording: Recording, secret: bytes) -> None:
        """Begin *recording*, sealed by the store's *secret*; raise StoreError, leave nothing."""
        self.recording = recording
        self._left_bytes = LONGEST_S * RATE_HZ * 2
        try:
            recording.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            recording.save()
            self._sealer = Sealer(recording.sealed, secret)
        except OSError as error:
            recording.drop()
            raise StoreError(f"{recording.folder} takes no recording: {error.strerror}") from error

    @classmethod
    def begin(cls, folder: Path, secret: bytes, *, title: str, at: datetime) -> Self:
        """Begin to record into *folder*; raise StoreError where that cannot be.

        A session that goes on after a crash has another file: the first one waits for its notes.
        """
        name = f"{at:%Y-%m-%d %H.%M.%S}"
        names = itertools.chain((name,), (f"{name} ({n})" for n in itertools.count(2)))
        free = next(one for one in names if not any(folder.glob(f"{one}.*")))
        return cls(Recording(folder, free, title, at.isoformat()), secret)

    @property
    def is_full(self) -> bool:
        """Return whether it took as much as it ever takes: three hours of speech."""
        return self._left_bytes <= 0

    def feed(self, pcm: bytes) -> None:
        """Take a sentence (16 kHz, one channel, signed 16 bit); raise StoreError on a full disk."""
        told = pcm[: max(0, self._left_bytes) // 2 * 2]
        if not told:
            return
        try:
            for block in _blocks(told + bytes(int(PAUSE_S * RATE_HZ) * 2)):
                self._sealer.write(block)
        except OSError as error:
            raise StoreError(f"the recording stopped: {error.strerror}") from error
        self._left_bytes -= len(told)

    def keep(self, keep: bool) -> None:
        """Keep the sound when the notes are written, or not; raise StoreError."""
        try:
            self.recording = self.recording.kept(keep)
        except OSError as error:
            raise StoreError(f"the recording stays as it was: {error.strerror}") from error

    def finish(self) -> Recording:
        """Close the file and return the recording, of which notes may now be written."""
        self._sealer.close()
        return self.recording


def pieces(recording: Recording, secret: bytes) -> Iterator[tuple[float, bytes]]:
    """Yield (since_s, samples) of whole sentences, at most 16 s together; raise StoreError.

    A longer sentence is a piece of its own, up to 30 s: then it goes on in the next.  One piece is
    held at a time, and none of it lies in the open.
    """
    since, held, opened = 0, b"", Opened(recording.sealed, secret)
    for block in opened.blocks():
        if held and len(held) + len(block) > PIECE_MAX:
            yield since / RATE_HZ / 2, held
            since, held = since + len(held), b""
        held += block
    if held:
        yield since / RATE_HZ / 2, held
    if opened.lost:
        log.warning("%d parts of %s were damaged: no notes of them", opened.lost, recording.name)


def _blocks(pcm: bytes) -> Iterator[bytes]:
    """Yield *pcm* in blocks: a sentence has one, unless it and its pause are longer than 30 s."""
    for begin in range(0, len(pcm), BLOCK_MAX):
        yield pcm[begin : begin + BLOCK_MAX]


def unfinished(folder: Path) -> list[Recording]:
    """Return the recordings in *folder* of which no notes were written, oldest first."""
    found: list[Recording] = []
    for about in sorted(folder.glob("*.json")):
        try:
            known = json.loads(about.read_text("utf-8"))
            one = Recording(
                folder, about.stem, str(known["title"]), str(known["since"]), bool(known["keep"])
            )
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if one.sealed.is_file():
            found.append(one)
        elif one.sound.is_file():  # of a release that did not seal them
            mend(one.sound)
            found.append(one)
        else:
            about.unlink()
    return found


def mend(sound: Path) -> None:
    """Write into the header how long *sound* really is: a crash leaves it as it began."""
    length = max(0, sound.stat().st_size - HEADER)
    with sound.open("r+b") as file:
        file.write(header(length))


def header(length: int) -> bytes:
    """Return the 44 bytes before *length* bytes of samples (RIFF, PCM)."""
    whole = (36 + length).to_bytes(4, "little")
    rate = RATE_HZ.to_bytes(4, "little") + (RATE_HZ * 2).to_bytes(4, "little")
    form = (16).to_bytes(4, "little") + b"\1\0\1\0" + rate + b"\2\0\20\0"
    return b"RIFF" + whole + b"WAVEfmt " + form + b"data" + length.to_bytes(4, "little")
