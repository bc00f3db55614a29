"""The sound of a talk on disk while notes of it are taken: private, bounded, and safe in a crash.

A recording is a WAV file and a small file of what is known of it.  That one goes last: where it is,
notes are still to be written, whatever ended the program.
"""

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Self

from agent.errors import StoreError

RATE_HZ = 16_000
LONGEST_S = 3 * 3600
PAUSE_S = 0.6  # between two who speak: what was silent there is not kept
HEADER = 44
_PRIVATE = 0o600


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
    def sound(self) -> Path:
        """Return where its sound is."""
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
        """Write what is known of it, whole or not at all."""
        known = {name: value for name, value in asdict(self).items() if name != "folder"}
        part = self.about.with_suffix(".json.part")
        with _private(part) as file:
            file.write(json.dumps(known).encode())
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.about)

    def done(self) -> None:
        """Its notes are written: delete the sound, unless it is kept."""
        if not self.keep:
            self.sound.unlink(missing_ok=True)
        self.about.unlink(missing_ok=True)


class Recorder:
    """Writes what is said, as it is said; every sentence is on disk before the next."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self._left_bytes = LONGEST_S * RATE_HZ * 2
        try:
            recording.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            recording.save()
            self._file = _private(recording.sound)
            self._file.write(_header(0))
        except OSError as error:
            raise StoreError(f"{recording.folder} takes no recording: {error.strerror}") from error

    @classmethod
    def begin(cls, folder: Path, *, title: str, at: datetime) -> Self:
        """Begin to record into *folder*; raise StoreError where that cannot be."""
        name = f"{at:%Y-%m-%d %H.%M.%S}"
        return cls(Recording(folder, name, title, at.isoformat()))

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
            self._file.write(told + bytes(int(PAUSE_S * RATE_HZ) * 2))
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise StoreError(f"the recording stopped: {error.strerror}") from error
        self._left_bytes -= len(told)

    def keep(self, keep: bool) -> None:
        """Keep the sound when the notes are written, or not."""
        self.recording = self.recording.kept(keep)

    def finish(self) -> Recording:
        """Close the file and return the recording, of which notes may now be written."""
        self._file.close()
        mend(self.recording.sound)
        return self.recording


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
        if one.sound.is_file():
            mend(one.sound)
            found.append(one)
        else:
            about.unlink()
    return found


def mend(sound: Path) -> None:
    """Write into the header how long *sound* really is: a crash leaves it as it began."""
    length = max(0, sound.stat().st_size - HEADER)
    with sound.open("r+b") as file:
        file.write(_header(length))


def _header(length: int) -> bytes:
    """Return the 44 bytes before *length* bytes of samples (RIFF, PCM)."""
    whole = (36 + length).to_bytes(4, "little")
    rate = RATE_HZ.to_bytes(4, "little") + (RATE_HZ * 2).to_bytes(4, "little")
    form = (16).to_bytes(4, "little") + b"\1\0\1\0" + rate + b"\2\0\20\0"
    return b"RIFF" + whole + b"WAVEfmt " + form + b"data" + length.to_bytes(4, "little")


def _private(path: Path) -> IO[bytes]:
    """Open *path* for writing, for its owner alone."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE), "wb")
