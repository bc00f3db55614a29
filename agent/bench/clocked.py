"""A daemon whose clock can be set: `python -m agent.bench.clocked CLOCK SETTINGS`.

The file CLOCK holds by how many seconds the clock is set; whoever writes it sets the clock.
"""

import asyncio
import sys
from datetime import datetime, timedelta
from pathlib import Path

from agent.app import daemon
from agent.app.clocks import WorldClock
from agent.app.settings import load


class SetClock(WorldClock):
    """The world's clock, as a file sets it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        """Return the time that this device takes for now, in UTC."""
        return super().now() + timedelta(seconds=float(self._path.read_text()))

    def set_to(self, at: datetime) -> None:
        """Let it be *at* now, all at once for whoever reads it."""
        written = self._path.with_suffix(".new")
        written.write_text(f"{(at - super().now()).total_seconds():.6f}")
        written.replace(self._path)


def main() -> None:
    """Run the daemon."""
    clock, settings = map(Path, sys.argv[1:])
    daemon.log_to_stderr(verbose=False)
    asyncio.run(daemon.run(load(settings), path=settings, clock=SetClock(clock)))


if __name__ == "__main__":
    main()
