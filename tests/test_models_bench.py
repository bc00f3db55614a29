"""The benchmarks of the models run on a tiny one, and leave no process; speed is not judged."""

import os
import subprocess

import pytest

from agent import bench
from tests.default_models import needs

pytestmark = needs("llama_cpp", "gguf", "numpy")


@pytest.mark.parametrize("name", ["decode", "ttft"])
def test_a_model_is_timed_in_its_worker_and_beside_it(name: str) -> None:
    table = bench.run(name, short=True)
    found = {row["name"]: row for row in table["figures"]}
    assert found[name]["value"] > 0
    assert found[name]["aim"] is not None
    assert "tiny" in table["data"], "what was measured is stated"
    listed = ["ps", "--no-headers", "--ppid", str(os.getpid()), "-o", "args"]
    left = subprocess.run(listed, capture_output=True, text=True, check=True).stdout
    assert "agent.models" not in left
