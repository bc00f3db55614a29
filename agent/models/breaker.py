"""A breaker: three crashes in a minute, and for a minute no one tries again.  Pure."""

from collections import deque

CRASHES_MAX = 3
WINDOW_S = 60.0
OPEN_S = 60.0


class Breaker:
    """Counts crashes; the caller brings a monotonic time in seconds."""

    def __init__(self) -> None:
        self._crashes: deque[float] = deque(maxlen=CRASHES_MAX)
        self._open_until = float("-inf")

    def crashed(self, at: float) -> None:
        """Note a crash; the third within the window opens the breaker."""
        self._crashes.append(at)
        if len(self._crashes) == CRASHES_MAX and at - self._crashes[0] <= WINDOW_S:
            self._open_until = at + OPEN_S
            self._crashes.clear()

    def open_for(self, at: float) -> float:
        """Return how many seconds it stays open yet: 0 if calls may pass."""
        return max(0.0, self._open_until - at)
