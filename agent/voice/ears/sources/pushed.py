"""Sound that is sent to us, by MQTT or another program on this device.

`python -m agent.voice.ears.sources.pushed DESCRIPTOR`.  The daemon hands the blocks on.
"""

from typing import ClassVar

from agent.voice.ears.child import Block, serve
from agent.voice.ears.events import RATE_HZ
from agent.voice.ears.heard import Heard


class Pushed:
    """Nothing of its own: blocks come with the daemon's words (see `child`)."""

    name = "sent"
    rate_hz = RATE_HZ
    descriptor: int | None = None
    finite: ClassVar[bool] = False
    pushed: ClassVar[bool] = True
    lost_s = 0.0

    def __init__(self, heard: Heard) -> None:
        del heard

    def read(self) -> Block | None:
        """Return the end: nobody reads what is handed over."""
        return None

    def close(self) -> None:
        """Do nothing."""


if __name__ == "__main__":
    serve(Pushed)
