"""The two clocks: the world's, and one that a made-up day moves."""

import time
from datetime import UTC, datetime

from agent.events import EPOCH


class WorldClock:
    """The device's own clock."""

    def now(self) -> datetime:
        """Return the current time, in UTC."""
        return datetime.fromtimestamp(time.time(), tz=UTC)


class VirtualClock:
    """A clock that stands still until it is moved, and never goes back."""

    def __init__(self) -> None:
        self._at = EPOCH

    def now(self) -> datetime:
        """Return the time of the made-up day."""
        return self._at

    def move_to(self, at: datetime) -> None:
        """Let it be *at*, unless it is later already."""
        self._at = max(self._at, at)
