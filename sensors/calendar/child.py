"""The way to the child that decodes calendars.

Text is decoded in a short-lived process, so that neither the library's memory nor a hostile
rule's appetite becomes the daemon's.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from agent.errors import DecodeError
from agent.events import Input, load

NAME = "calendar"
DAYS_BACK, DAYS_AHEAD = 1, 8
DEADLINE_S = 90  # of wall time: more than the processor time that any setting allows
MEMORY_BYTES_MAX = 1 << 30
STDIN = "-"


class Asked(BaseModel):
    """What the child is asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: AwareDatetime
    source: str
    since: AwareDatetime
    until: AwareDatetime
    zone: str
    address: str
    cpu_s: int


def asked_of(source: str, *, now: datetime, zone: ZoneInfo, address: str, cpu_s: int) -> Asked:
    """Return the question for the days around *now*, as the wearer in *zone* counts them."""
    today = midnight(now, zone)
    return Asked(
        at=now,
        source=source,
        since=today - timedelta(days=DAYS_BACK),
        until=today + timedelta(days=DAYS_AHEAD),
        zone=zone.key,
        address=address,
        cpu_s=cpu_s,
    )


def midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """Return when the day of *now* began in *zone*."""
    return datetime.combine(now.astimezone(zone).date(), time(), tzinfo=zone)


def read(asked: Asked, path: Path) -> Sequence[Input]:
    """Return what *path* holds; raise DecodeError."""
    try:
        done = subprocess.run(  # noqa: S603 - our own module; there is no shell
            _command(asked, path),
            capture_output=True,
            env=_environment(),
            timeout=DEADLINE_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_slow(str(path)) from error
    return _outcome(str(path), done.returncode, done.stdout, done.stderr)


async def decoded(asked: Asked, source: Path | bytes) -> Sequence[Input]:
    """Return what a file, or text itself, holds; raise DecodeError."""
    text = source if isinstance(source, bytes) else None
    shown = asked.source if isinstance(source, bytes) else str(source)
    child = await asyncio.create_subprocess_exec(
        *_command(asked, source),
        stdin=subprocess.DEVNULL if text is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(),
    )
    try:
        async with asyncio.timeout(DEADLINE_S):
            out, err = await child.communicate(text)
    except TimeoutError as error:
        raise _too_slow(shown) from error
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return _outcome(shown, child.returncode or 0, out, err)


def _command(asked: Asked, source: Path | bytes) -> Sequence[str]:
    path = STDIN if isinstance(source, bytes) else str(source.absolute())
    return sys.executable, "-P", "-m", "sensors.calendar", path, asked.model_dump_json()


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}


def _too_slow(shown: str) -> DecodeError:
    return DecodeError(shown, f"took more than {DEADLINE_S} s: an entry repeats too often")


def _outcome(shown: str, code: int, out: bytes, err: bytes) -> Sequence[Input]:
    if code == 1 and (said := err.decode(errors="replace").strip().splitlines()):
        raise DecodeError(NAME, said[-1][:500])
    if code:
        raise DecodeError(shown, f"its reader stopped with {code}: is a rule in it hostile?")
    try:
        return [load(line) for line in out.splitlines()]
    except ValidationError as error:
        raise DecodeError(shown, "its reader's answer is damaged") from error
