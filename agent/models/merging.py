"""Merge an adapter in a process of its own, where numpy may be: what set-up calls."""

import os
import subprocess
import sys
from pathlib import Path

from agent.errors import ModelError

MERGE_MAX_S = 1800


def merge(base: Path, adapter: Path, to: Path, *, kind: str = "q4_0") -> None:
    """Write *base* with *adapter* merged into it to *to* (see `merge`); raise ModelError."""
    root = str(Path(__file__).parents[2])
    command = [sys.executable, "-m", "agent.models.merge", str(base), str(adapter), str(to), kind]
    try:
        done = subprocess.run(  # noqa: S603 (no shell; our own module)
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=MERGE_MAX_S,
            env=os.environ | {"PYTHONPATH": root, "OPENBLAS_NUM_THREADS": "1"},
        )
    except subprocess.TimeoutExpired as error:
        raise ModelError(
            f"{to.name} was not merged in {MERGE_MAX_S // 60} min: try again"
        ) from error
    if done.returncode:
        said = done.stderr.strip().splitlines()[-1:] or [f"it ended with {done.returncode}"]
        raise ModelError(f"{to.name} was not made: {said[0][:300]}")
