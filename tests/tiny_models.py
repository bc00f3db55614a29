"""Models of a few kilobytes, made once; in a child, as this process stays without numpy."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = str(Path(__file__).parents[1])


def made(what: str, *paths: Path) -> Path:
    """Return the first of *paths*, after the function *what* of agent.models.tiny wrote it."""
    code = "import sys; from pathlib import Path; from agent.models import tiny; "
    call = f"tiny.{what}(*map(Path, sys.argv[1:]))"
    command = [sys.executable, "-c", code + call, *map(str, paths)]
    subprocess.run(command, check=True, cwd=ROOT)
    return paths[0]


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of a chat model that says nonsense."""
    return made("write_tiny", tmp_path_factory.mktemp("tiny") / "tiny.gguf")
