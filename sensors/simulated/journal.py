"""Events as lines of JSON in a file, in the order in which they arrived."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from agent.errors import DecodeError
from agent.events import Input, load

LINE_BYTES_MAX = 1 << 20


def write(path: Path, batches: Iterable[tuple[datetime, Sequence[Input]]]) -> int:
    """Write every event of *batches* to *path*, a line each; return how many."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as lines:
        for _, batch in batches:
            for event in batch:
                lines.write(event.model_dump_json() + "\n")
            count += len(batch)
    return count


def read(path: Path) -> Iterator[Input]:
    """Yield every event of *path*; raise DecodeError, naming the line that is none."""
    try:
        with path.open("rb") as lines:
            number = 0
            while line := lines.readline(LINE_BYTES_MAX + 1):
                number += 1
                yield decode(line, source=f"{path}, line {number}")
    except OSError as error:
        raise DecodeError(str(path), f"cannot be read: {error.strerror}") from error


def decode(line: bytes, *, source: str) -> Input:
    """Return the event on *line*; raise DecodeError naming *source* if it is none."""
    if len(line) > LINE_BYTES_MAX:
        raise DecodeError(source, f"is longer than {LINE_BYTES_MAX} bytes: not one event a line")
    try:
        return load(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the line"
        raise DecodeError(source, f"is no event: {where}: {first['msg']}") from error
