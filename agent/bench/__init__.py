"""How fast it is: one file a table of figures."""

from agent.figures import Table


def run(name: str, *, short: bool) -> Table:
    raise NotImplementedError
