"""Vectors of examples are read again as they were kept, or made anew."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.models.meaning import Meaning, embedding_worker
from agent.models.settings import Settings
from tests.default_models import default, needs

pytestmark = needs("llama_cpp", "gguf", "numpy")
EXAMPLES = {"sleep": ["how did I sleep", "was my night good"], "pulse": ["how fast is my heart"]}


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("vectors")


@given(st.binary(max_size=400))
def test_a_damaged_file_is_no_vectors(scratch: Path, content: bytes) -> None:
    vectors = pytest.importorskip("agent.models.vectors")
    path = scratch / "damaged.npz"
    path.write_bytes(content)
    assert vectors.load(path) == {}
    assert vectors.load(scratch / "absent.npz") == {}


def ranked(keep: Path) -> str:
    async def run() -> str:
        meaning = Meaning(embedding_worker(default("embedding"), Settings(), keep=keep))
        try:
            await meaning.fit(EXAMPLES)
            return str(await meaning.rank("did I sleep well"))
        finally:
            await meaning.worker.close()

    return asyncio.run(run())


@pytest.mark.model
def test_what_was_kept_ranks_as_before_and_what_is_damaged_is_made_again(tmp_path: Path) -> None:
    first = ranked(tmp_path)
    (kept,) = tmp_path.glob("vectors-*.npz")
    assert ranked(tmp_path) == first
    kept.write_bytes(kept.read_bytes()[:100])
    assert ranked(tmp_path) == first
    assert kept.stat().st_size > 100
