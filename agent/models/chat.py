"""The chat model, as the daemon sees it."""

from pathlib import Path

from agent.errors import ModelError
from agent.models.settings import Settings
from agent.models.worker import Worker


def chat_worker(path: Path, settings: Settings) -> Worker:
    """Return the worker for the GGUF file *path*; it starts at its first call."""
    begin = {
        "path": str(path),
        "threads": settings.threads,
        "context_tokens": settings.context_tokens,
    }
    limits = settings.limits(idle_min=settings.chat_idle_min)
    return Worker("chat", ["agent.models.child", "chat"], begin=begin, limits=limits)


class Chat:
    """A LanguageModel (see ports)."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker

    async def complete(self, system: str, user: str, *, tokens_max: int) -> str:
        """Return the model's reply (greedy), without surrounding space; raise ModelError."""
        asked = {"system": system, "user": user, "tokens_max": tokens_max}
        text = (await self.worker.call("complete", asked)).get("text")
        if not isinstance(text, str):
            raise ModelError("the chat worker answered without a text")
        return text
