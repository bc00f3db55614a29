"""What a command writes with `--out`: beside the file that it becomes, and never over its source.

An older file of that name stays as it is until the new one is whole, or as whole as it will be.
"""

import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from agent.errors import ConfigError

OPTION = "--out"


class Draft(io.StringIO):
    """Text that counts once it is flushed; what is not, a failed command never said."""

    def __init__(self, to: IO[str]) -> None:
        super().__init__()
        self._to = to
        self.kept = False
        """Whether any of it counts."""

    def flush(self) -> None:
        """Let all that was written until now count."""
        held = self.getvalue()
        if held:
            self.seek(0)
            self.truncate()
            self._to.write(held)
            self._to.flush()
            self.kept = True


@contextmanager
def drafted(out: Path | None, screen: IO[str], *, source: Path) -> Iterator[Draft]:
    """Give what writes *out*, or the *screen*; raise ConfigError where *out* cannot be written.

    What was flushed is kept, however the block ends; all of it where the block ends well.
    """
    if out is None:
        draft = Draft(screen)
        yield draft
        draft.flush()
        return
    with beside(out, source=source) as part, _opened(part.path, out) as to:
        draft = Draft(to)
        try:
            yield draft
            draft.flush()
            part.worth = True
        finally:
            part.worth = part.worth or draft.kept


@dataclass(slots=True)
class Part:
    """Where to write, and whether that is worth keeping."""

    path: Path
    worth: bool = False


@contextmanager
def beside(out: Path, *, source: Path | None = None) -> Iterator[Part]:
    """Give where to write what becomes *out*; it is dropped unless it is said to be worth it.

    Raise ConfigError where *out* cannot be written.
    """
    whole = out.resolve()  # the file itself, and no link to it, is replaced
    part = Part(whole.with_name(f"{whole.name}.part"))
    if source is not None and (_same(whole, source) or _same(part.path, source)):
        raise ConfigError(OPTION, str(out), f"it would be written over {source} itself")
    if whole.exists() and not whole.is_file():  # a pipe, or /dev/stdout: there is nothing to keep
        yield Part(whole)
        return
    if whole.exists() and not os.access(whole, os.W_OK):
        raise ConfigError(OPTION, str(out), "cannot be written: it is read-only")
    try:
        yield part
    finally:
        if part.worth:
            _replace(whole, part.path)
        part.path.unlink(missing_ok=True)


def _replace(whole: Path, part: Path) -> None:
    if whole.exists():
        shutil.copymode(whole, part)  # what was private stays private
    part.replace(whole)


@contextmanager
def _opened(path: Path, out: Path) -> Iterator[IO[str]]:
    try:
        to = path.open("w", encoding="utf-8")
    except OSError as error:
        raise unwritable(out, error) from error
    with to:
        yield to


def unwritable(out: Path, error: OSError) -> ConfigError:
    """Return what says why *out* cannot be written."""
    return ConfigError(OPTION, str(out), f"cannot be written: {error.strerror}")


def _same(path: Path, source: Path) -> bool:
    return path.exists() and source.exists() and path.samefile(source)
