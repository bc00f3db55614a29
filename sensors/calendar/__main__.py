"""The child that reads one calendar: `python -m sensors.calendar FILE REQUEST`.

The file `-` is standard input.

It prints the events as lines of JSON, or says why it cannot and exits 1.
"""

import resource
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from agent.errors import DecodeError
from agent.events import InputQuarantined
from sensors.calendar.child import MEMORY_BYTES_MAX, NAME, STDIN, Asked
from sensors.calendar.decode import BYTES_MAX, Window, decode


def main(path: str, request: str) -> int:
    """Read *path* as *request* asks; return the exit code."""
    asked = Asked.model_validate_json(request)
    resource.setrlimit(resource.RLIMIT_CPU, (asked.cpu_s, asked.cpu_s))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    window = Window(asked.since, asked.until, ZoneInfo(asked.zone), asked.address)
    try:
        found = decode(_text(path), at=asked.at, source=asked.source, window=window)
    except OSError as error:
        sys.stderr.write(f"{path}: cannot be read: {error.strerror}\n")
        return 1
    except DecodeError as error:
        sys.stderr.write(f"{_placed(str(error))}\n")
        return 1
    except (MemoryError, RecursionError):
        sys.stderr.write(f"{path}: needs more memory than a calendar may\n")
        return 1
    faults = [
        InputQuarantined(at=asked.at, source=NAME, reason=_placed(why)) for why in found.faults
    ]
    for event in (found.changed, *faults):
        sys.stdout.buffer.write(event.model_dump_json().encode() + b"\n")
    return 0


def _text(path: str) -> bytes:
    if path == STDIN:
        return sys.stdin.buffer.read(BYTES_MAX + 1)
    with Path(path).open("rb") as file:
        return file.read(BYTES_MAX + 1)


def _placed(why: str) -> str:
    """Return *why*, which begins with its source, beginning with the path in that."""
    return why.removeprefix(f"{NAME}/")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
