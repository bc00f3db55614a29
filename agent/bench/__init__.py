"""How fast it is, and what it loses: one file a table of figures."""

from collections.abc import Callable

from agent.bench import (
    decode,
    idle,
    ingest,
    judge,
    latency,
    listening,
    reminders,
    replay,
    ttft,
    voice,
)
from agent.errors import ConfigError
from agent.figures import Table

_KNOWN: dict[str, Callable[[bool], Table]] = {
    "ingest": ingest.run,
    "latency": latency.run,
    "idle": idle.run,
    "replay": replay.run,
    "judge": judge.run,
    "listening": listening.run,
    "reminders": reminders.run,
    "decode": decode.run,
    "ttft": ttft.run,
    "voice": voice.run,
}


def run(name: str, *, short: bool) -> Table:
    """Return the figures of one benchmark (*short*: a tenth of the load); raise ConfigError.

    The first three run a daemon of their own over a broker of their own, and end both; the last
    two run a model in a worker and beside it.
    """
    if name not in _KNOWN:
        raise ConfigError("NAME", name, f"is no benchmark: {', '.join(_KNOWN)}")
    return _KNOWN[name](short)
