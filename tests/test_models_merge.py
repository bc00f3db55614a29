"""Merging: the file that is made says what its model said with the adapter beside it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from agent.errors import ModelError
from agent.models import merging
from tests.default_models import needs
from tests.tiny_models import ROOT, made, tiny  # noqa: F401 (a fixture)

pytestmark = needs("llama_cpp", "gguf", "numpy")
SCORES = """
import json, sys
from pathlib import Path
from agent.models.engine import Engine
engine = Engine(Path(sys.argv[1]), context_tokens=256, threads=1, adapter=sys.argv[2])
engine.read_prompt(engine.tokens("to be or not to be", begin=True), lambda: False)
told = {key: engine.told(key) for key in ("general.name", "tokenizer.ggml.model")}
print(json.dumps([engine.scores().tolist(), told]))
"""


def scores(model: Path, adapter: Path | str = "") -> tuple[list[float], dict[str, str]]:
    """Return how a model scores the next word after a sentence, and what its file says."""
    command = [sys.executable, "-c", SCORES, str(model), str(adapter)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    found, told = json.loads(done.stdout)
    return found, told


def distance(one: list[float], other: list[float]) -> float:
    """Return how far apart two lists are, relative to the spread of the first."""
    mean = sum(one) / len(one)
    spread = sum((a - mean) ** 2 for a in one) ** 0.5
    return float(sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 / spread)


def test_an_adapter_that_changes_nothing_leaves_the_scores(tiny: Path, tmp_path: Path) -> None:  # noqa: F811
    zero = made("write_zero_adapter", tmp_path / "zero.gguf")
    merged = tmp_path / "merged.gguf"
    merging.merge(tiny, zero, merged, kind="q8_0")
    (before, told), (after, kept) = scores(tiny), scores(merged)
    assert distance(before, after) < 0.05
    assert kept == told


def test_merged_says_what_the_adapter_says_at_run_time(tiny: Path, tmp_path: Path) -> None:  # noqa: F811
    adapter = made("write_adapter", tmp_path / "adapter.gguf")
    merged = tmp_path / "merged.gguf"
    merging.merge(tiny, adapter, merged, kind="q8_0")
    beside, _ = scores(tiny, adapter)
    assert distance(beside, scores(merged)[0]) < 0.1
    assert distance(beside, scores(tiny)[0]) > 0.3, "the adapter does change something"


def test_four_bits_are_smaller_and_keep_the_tables_fine(tiny: Path, tmp_path: Path) -> None:  # noqa: F811
    adapter = made("write_adapter", tmp_path / "adapter.gguf")
    sizes = []
    for kind in ("q4_0", "q8_0"):
        merging.merge(tiny, adapter, tmp_path / kind, kind=kind)
        sizes.append((tmp_path / kind).stat().st_size)
    assert sizes[0] < sizes[1]
    tables = 2 * 259 * 64 * 34 // 32
    assert sizes[0] > tables


def test_what_does_not_fit_is_refused_and_the_old_file_stands(tiny: Path, tmp_path: Path) -> None:  # noqa: F811
    other = made("write_other_adapter", tmp_path / "other.gguf")
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(other.read_bytes()[:300])
    old = tmp_path / "old.gguf"
    old.write_text("old")
    for base, adapter, kind, reason in (
        (tiny, other, "q4_0", "made for another model"),
        (tiny, broken, "q4_0", "damaged"),
        (tiny, tiny, "q4_0", "is no adapter"),
        (other, other, "q4_0", "made for another model"),
        (tmp_path / "absent", other, "q4_0", "No such file"),
        (tiny, other, "q3", "is no kind"),
    ):
        with pytest.raises(ModelError, match=reason):
            merging.merge(base, adapter, old, kind=kind)
    assert old.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "broken.gguf",
        "old.gguf",
        "other.gguf",
    ]
