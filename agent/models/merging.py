"""Merge an adapter in a process of its own, where numpy may be: what set-up calls."""

from pathlib import Path

from agent.models.making import make

MERGE_MAX_S = 1800


def merge(base: Path, adapter: Path, to: Path, *, kind: str = "q4_0") -> None:
    """Write *base* with *adapter* merged into it to *to* (see `merge`); raise ModelError."""
    paths = (str(base), str(adapter), str(to))
    make("agent.models.merge", *paths, kind, what=to.name, limit_s=MERGE_MAX_S)
