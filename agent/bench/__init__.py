"""How fast it is, and what it loses: one file a table of figures."""

from collections.abc import Callable

from agent.bench import idle, ingest, latency, replay
from agent.errors import ConfigError
from agent.figures import Table

_KNOWN: dict[str, Callable[[bool], Table]] = {
    "ingest": ingest.run,
    "latency": latency.run,
    "idle": idle.run,
    "replay": replay.run,
}


def run(name: str, *, short: bool) -> Table:
    """Return the figures of one benchmark (*short*: a tenth of the load); raise ConfigError.

    Each but `replay` runs a daemon of its own over a broker of its own, and ends both.
    """
    if name not in _KNOWN:
        raise ConfigError("NAME", name, f"is no benchmark: {', '.join(_KNOWN)}")
    return _KNOWN[name](short)
