"""A nudge as one line of text."""

from datetime import UTC, tzinfo
from typing import TextIO

from agent.errors import DeliveryError
from agent.ports import Nudge


class Terminal:
    """Write to a stream; what could steer a terminal is made visible instead."""

    def __init__(self, stream: TextIO, *, zone: tzinfo = UTC) -> None:
        self._stream = stream
        self._zone = zone

    async def say(self, nudge: Nudge) -> None:
        """Write one line; raise DeliveryError if the stream is closed."""
        line = f"{nudge.at.astimezone(self._zone):%H:%M} {nudge.skill}: {nudge.text}"
        answers = f"  [{' / '.join(nudge.actions)}: {nudge.id}]" if nudge.actions else ""
        plain = "".join(one if one.isprintable() else "?" for one in line + answers)
        try:
            self._stream.write(plain + "\n")
            self._stream.flush()
        except (OSError, ValueError) as error:
            raise DeliveryError(f"the terminal is gone: {error}") from error
