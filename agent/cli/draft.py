"""What a command writes with `--out`: beside the file that it becomes, and never over its source.

An older file of that name stays as it is until the new one is whole, or as whole as it will be.
"""

import io
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from agent.errors import ConfigError

OPTION = "--out"
PRIVATE = 0o600
PLAIN = 0o666  # less what the wearer's umask takes


class Draft(io.StringIO):
    """Text that counts once it is flushed; what is not, a failed command never said."""

    def __init__(self, to: IO[str], out: Path | None = None) -> None:
        """*out* is what the wearer named; None: the screen."""
        super().__init__()
        self._to, self._out = to, out
        self.kept = False
        """Whether any of it counts."""

    def flush(self) -> None:
        """Let all that was written until now count; raise ConfigError where there is no room."""
        held = self.getvalue()
        if not held:
            return
        self.seek(0)
        self.truncate()
        try:
            self._to.write(held)
            self._to.flush()
        except BrokenPipeError:  # who reads has enough
            raise
        except OSError as error:
            if self._out is None:
                raise
            raise unwritable(self._out, error) from error
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
        draft = Draft(to, out)
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
    try:
        whole = _whole(out, source)
        part = Part(out if whole is None else _begun(whole))
    except OSError as error:
        raise unwritable(out, error) from error
    if whole is None:
        yield part
        return
    try:
        yield part
    finally:
        _end(part, whole, out)


def _whole(out: Path, source: Path | None) -> Path | None:
    """Return the file itself that *out* may be a link to; None where there is nothing to keep.

    Raise OSError where it cannot be looked at, ConfigError where it may not be written.
    """
    if out.exists() and not out.is_file():  # a pipe, such as /dev/stdout, or a folder
        return None
    whole = Path(os.path.realpath(out))
    if source is not None and _same(whole, source):
        raise ConfigError(OPTION, str(out), f"it would be written over {source} itself")
    if whole.exists() and not os.access(whole, os.W_OK):
        raise ConfigError(OPTION, str(out), "cannot be written: it is read-only")
    return whole


def _begun(whole: Path) -> Path:
    """Return a new file in the folder of *whole*, which nobody else has; raise OSError."""
    path = whole.with_name(f".{whole.name[:40]}.{secrets.token_hex(8)}.part")  # of 255 bytes
    mode = PRIVATE if whole.exists() else PLAIN
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
    return path


def _end(part: Part, whole: Path, out: Path) -> None:
    """Let what is worth it be *whole*; raise ConfigError where that fails."""
    try:
        if part.worth:
            if whole.exists():
                shutil.copymode(whole, part.path)  # what was private stays private
            part.path.replace(whole)
    except OSError as error:
        raise unwritable(out, error) from error
    finally:
        part.path.unlink(missing_ok=True)


@contextmanager
def _opened(path: Path, out: Path) -> Iterator[IO[str]]:
    try:
        to = path.open("w", encoding="utf-8")
    except OSError as error:
        raise unwritable(out, error) from error
    try:
        yield to
    finally:
        with suppress(OSError):  # what counts was flushed, and told if it could not be
            to.close()


def unwritable(out: Path, error: OSError) -> ConfigError:
    """Return what says why *out* cannot be written."""
    return ConfigError(OPTION, str(out), f"cannot be written: {error.strerror}")


def _same(path: Path, source: Path) -> bool:
    return path.exists() and source.exists() and path.samefile(source)
