"""llama.cpp in its worker: a tiny model, damaged files, and the default chat model."""

import asyncio
import contextlib
import random
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from agent.errors import ModelError
from agent.models import catalogue
from agent.models.chat import Chat, chat_worker
from agent.models.meaning import Meaning, embedding_worker
from agent.models.settings import Settings
from agent.models.worker import Worker
from tests.default_models import default, needs

pytestmark = needs("llama_cpp", "gguf", "numpy")
SETTINGS = Settings(threads=1, context_tokens=256)
ROOT = str(Path(__file__).parents[1])


def ask(worker_of: Callable[[], Worker], act: Callable[[Worker], Awaitable[None]]) -> None:
    async def run() -> None:
        worker = worker_of()
        try:
            await act(worker)
        finally:
            await worker.close()

    asyncio.run(run())


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tiny") / "tiny.gguf"
    # In a child, as the daemon's process stays without numpy.
    code = "import sys; from pathlib import Path; from agent.models.tiny import write_tiny; "
    command = [sys.executable, "-c", f"{code}write_tiny(Path(sys.argv[1]))", str(path)]
    subprocess.run(command, check=True, cwd=ROOT)
    return path


def refused(path: Path, *, kind: str = "chat") -> str:
    """Return how a worker refuses the file; fail if it takes it."""
    told: list[str] = []

    async def act(worker: Worker) -> None:
        with pytest.raises(ModelError) as error:
            await worker.start()
        told.append(str(error.value))

    made = chat_worker if kind == "chat" else embedding_worker
    ask(lambda: made(path, SETTINGS), act)
    return told[0]


def test_a_tiny_model_runs_and_says_the_same_twice(tiny: Path) -> None:
    async def act(worker: Worker) -> None:
        chat = Chat(worker)
        first = await chat.complete("a", "b", tokens_max=12)
        assert await chat.complete("a", "b", tokens_max=12) == first
        assert worker.report.sealed is (sys.platform == "linux")

    ask(lambda: chat_worker(tiny, SETTINGS), act)


def test_a_question_longer_than_the_context_is_a_model_error_and_the_next_is_answered(
    tiny: Path,
) -> None:
    async def act(worker: Worker) -> None:
        chat = Chat(worker)
        with pytest.raises(ModelError, match="256 tokens"):
            await chat.complete("a", "b" * 5000, tokens_max=4)
        await chat.complete("a", "b", tokens_max=4)
        assert worker.starts == 1

    ask(lambda: chat_worker(tiny, SETTINGS), act)


def test_the_self_test_says_in_one_line_that_llama_runs_here() -> None:
    command = [sys.executable, "-m", "agent.models.selftest"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("llama.cpp runs here")
    assert done.stdout.count("\n") == 1


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "No such file" in refused(tmp_path / "absent.gguf")


def test_a_file_of_another_kind_is_named(tmp_path: Path) -> None:
    (tmp_path / "letter.gguf").write_text("Dear reader")
    assert "is no GGUF file" in refused(tmp_path / "letter.gguf")


def test_a_chat_model_is_refused_as_an_embedding(tiny: Path) -> None:
    assert "no model that embeds" in refused(tiny, kind="embedding")


@pytest.mark.parametrize("share", [0.0005, 0.01, 0.1, 0.5, 0.9, 0.99])
def test_a_file_that_was_cut_off_is_a_model_error(tmp_path: Path, tiny: Path, share: float) -> None:
    content = tiny.read_bytes()
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(content[: max(4, int(len(content) * share))])
    assert "damaged" in refused(cut) or "died" in refused(cut)


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_head_is_a_model_error_or_harmless(tmp_path: Path, tiny: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (a repeatable damage)
    content = bytearray(tiny.read_bytes())
    for _ in range(8):
        content[chance.randrange(4, 9000)] = chance.randrange(256)
    damaged = tmp_path / "damaged.gguf"
    damaged.write_bytes(content)

    async def act(worker: Worker) -> None:
        with contextlib.suppress(ModelError):  # whatever becomes of the worker, nothing worse
            await Chat(worker).complete("a", "b", tokens_max=4)

    ask(lambda: chat_worker(damaged, SETTINGS), act)


@pytest.mark.model
def test_the_default_chat_model_answers() -> None:
    async def act(worker: Worker) -> None:
        answer = await Chat(worker).complete(
            "You are a helpful assistant.", "What is gravity?", tokens_max=24
        )
        assert "gravity" in answer.lower()

    ask(lambda: chat_worker(default("chat"), Settings()), act)


@pytest.mark.model
def test_an_embedding_model_is_refused_as_a_chat_model() -> None:
    assert "cannot chat" in refused(default("embedding"))


@pytest.mark.model
def test_the_embedding_made_here_is_the_one_that_was_pinned() -> None:
    digest = subprocess.run(
        ["sha256sum", str(default("embedding"))], capture_output=True, text=True, check=True
    )
    assert digest.stdout.split()[0] == catalogue.EMBEDDING.made_sha256


@pytest.mark.model
def test_sentences_of_one_meaning_are_near_and_vectors_have_length_one() -> None:
    async def act(worker: Worker) -> None:
        vectors = await Meaning(worker).embed(
            ["what was my pulse", "how fast did my heart beat", "put milk on the list"]
        )
        pulse, heart, milk = vectors
        assert sum(x * x for x in pulse) == pytest.approx(1, abs=1e-3)
        near = sum(a * b for a, b in zip(pulse, heart, strict=True))
        far = sum(a * b for a, b in zip(pulse, milk, strict=True))
        assert near > far + 0.3

    ask(lambda: embedding_worker(default("embedding"), SETTINGS), act)
