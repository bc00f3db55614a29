"""How long a recording is, by its own header: `python -m agent.voice.length DESCRIPTOR`, sealed.

A damaged file may end the process that opens it, so that is not the one which asks.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av

from agent.errors import ModelError
from agent.models.serving import serve

Message = dict[str, Any]  # what a frame holds
MICROSECONDS = 1_000_000


class LengthHandler:
    """Looks at headers; decodes nothing."""

    def __init__(self, begin: Message) -> None:
        del begin  # there is nothing to be told

    def handle(self, op: str, arguments: Message, cancelled: Callable[[], bool]) -> Message:
        """Answer `length`: {path} gives {seconds}, 0 where the header does not say."""
        if op != "length":
            raise ModelError(f"no one here can {op[:64]!r}")
        path = Path(str(arguments["path"]))
        try:
            with path.open("rb") as file, av.open(file, metadata_errors="ignore") as container:
                duration: int | None = getattr(container, "duration", None)
                return {"seconds": (duration or 0) / MICROSECONDS}
        except (OSError, av.FFmpegError, ValueError):
            return {"seconds": 0.0}


if __name__ == "__main__":
    serve(LengthHandler)
