"""The sentence embedding and its head, as the daemon sees them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from agent.errors import ModelError
from agent.models.settings import Settings
from agent.models.worker import Worker

FIT_S_PER_EXAMPLE = 0.1  # 3 ms on a laptop, 30 on a small board
_ranked: TypeAdapter[list[tuple[str, float]]] = TypeAdapter(list[tuple[str, float]])
_vectors: TypeAdapter[list[list[float]]] = TypeAdapter(list[list[float]])


def embedding_worker(path: Path, settings: Settings, *, keep: Path | None = None) -> Worker:
    """Return the worker for the GGUF file *path*; it starts at its first call.

    The vectors of what it is taught are kept in the folder *keep*, where one is given.
    """
    limits = settings.limits(idle_min=settings.embedding_idle_min)
    begin = {"path": str(path), "keep": str(keep or "")}
    return Worker("embedding", ["agent.models.child", "embedding"], begin=begin, limits=limits)


class Meaning:
    """An Understanding (see ports); it teaches its worker again after a restart."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self._examples: dict[str, list[str]] = {}

    async def fit(self, examples: Mapping[str, Sequence[str]]) -> None:
        """Learn which sentences mean what; raise ModelError."""
        self._examples = {meaning: list(examples[meaning]) for meaning in sorted(examples)}
        await self._teach()

    async def rank(self, sentence: str) -> Sequence[tuple[str, float]]:
        """Return (meaning, confidence 0-1) pairs, best first; raise ModelError."""
        if not self._count():
            return ()
        answer = await self.worker.call("rank", {"sentence": sentence})
        if not answer.get("fitted"):  # it was restarted since
            await self._teach()
            answer = await self.worker.call("rank", {"sentence": sentence})
        try:
            return _ranked.validate_python(answer.get("ranked"))
        except ValidationError as error:
            raise ModelError("the embedding worker answered without a ranking") from error

    async def embed(self, sentences: Sequence[str]) -> Sequence[Sequence[float]]:
        """Return a unit vector for each sentence; raise ModelError."""
        deadline_s = 10 + FIT_S_PER_EXAMPLE * len(sentences)
        asked = {"sentences": list(sentences)}
        answer = await self.worker.call("embed", asked, deadline_s=deadline_s)
        try:
            return _vectors.validate_python(answer.get("vectors"))
        except ValidationError as error:
            raise ModelError("the embedding worker answered without vectors") from error

    async def _teach(self) -> None:
        if self._count():
            deadline_s = 10 + FIT_S_PER_EXAMPLE * self._count()
            examples = {"examples": self._examples}
            await self.worker.call("fit", examples, deadline_s=deadline_s)

    def _count(self) -> int:
        return sum(len(sentences) for sentences in self._examples.values())
