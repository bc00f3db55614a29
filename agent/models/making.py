"""Make a model file in a process of its own, where numpy may be: the daemon never imports it."""

import os
import subprocess
import sys
from pathlib import Path

from agent.errors import ModelError


def make(module: str, *arguments: str, what: str, limit_s: int) -> None:
    """Run our own *module* with *arguments*; raise ModelError with its last words if it fails."""
    root = str(Path(__file__).parents[2])
    try:
        done = subprocess.run(  # noqa: S603 (no shell; our own module)
            [sys.executable, "-m", module, *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=limit_s,
            env=os.environ | {"PYTHONPATH": root, "OPENBLAS_NUM_THREADS": "1"},
        )
    except subprocess.TimeoutExpired as error:
        raise ModelError(f"{what} was not made in {limit_s // 60} min: try again") from error
    if done.returncode:
        said = done.stderr.strip().splitlines()[-1:] or [f"it ended with {done.returncode}"]
        raise ModelError(f"{what} was not made: {said[0][:300]}")
