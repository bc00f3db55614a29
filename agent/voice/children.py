"""Child processes that are needed no more."""

import asyncio
import os
import signal
from contextlib import suppress


async def ended(child: asyncio.subprocess.Process) -> None:
    """End *child* at once if it has not ended by itself; return when nothing of it is left."""
    if child.returncode is None:
        # By its number: its own `kill` asks first whether it has ended, and takes the status of
        # one that has from under asyncio, which then says so in the log.
        with suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
    await child.wait()
