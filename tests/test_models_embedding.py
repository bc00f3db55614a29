"""The converted embedding gives the vectors of the weights that it was made from."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from agent.models.meaning import Meaning, embedding_worker
from agent.models.settings import Settings
from tests.default_models import default, needs

pytestmark = [pytest.mark.model, needs("llama_cpp")]
# Mean-pooled, normalised vectors of the packaged float32 weights, run by transformers 4.57.1.
GOLDEN: dict[str, list[float]] = json.loads(
    (Path(__file__).parent / "golden_embedding.json").read_text()
)
COSINE_MIN = 0.9985  # eight-bit weights; 0.959 is what a careless quantization gives


def cosine(a: Sequence[float], b: Sequence[float]) -> float:
    return sum(one * other for one, other in zip(a, b, strict=True))


def test_the_vectors_are_those_of_the_original_weights() -> None:
    async def run() -> list[list[float]]:
        meaning = Meaning(embedding_worker(default("embedding"), Settings()))
        try:
            return [list(vector) for vector in await meaning.embed(list(GOLDEN))]
        finally:
            await meaning.worker.close()

    for (sentence, wanted), found in zip(GOLDEN.items(), asyncio.run(run()), strict=True):
        assert cosine(wanted, found) >= COSINE_MIN, sentence


def test_a_wrong_vector_would_be_noticed() -> None:
    first, second, *_ = GOLDEN.values()
    assert cosine(first, second) < COSINE_MIN
