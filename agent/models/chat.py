"""The chat model, as the daemon sees it."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from agent.errors import ModelError
from agent.models import fetch
from agent.models.frames import Message
from agent.models.settings import Settings
from agent.models.worker import Worker
from agent.ports import Completion, Prompt

KEPT = "kept"
"""The folder beside the default models with what workers keep between two starts."""
_completion: TypeAdapter[Completion] = TypeAdapter(Completion)


def chat_worker(
    path: Path,
    settings: Settings,
    *,
    name: str = "chat",
    prefixes: Sequence[Prompt] = (),
    keep: Path | None = None,
) -> Worker:
    """Return the worker for the GGUF file *path*; it starts at its first call.

    *name* tells several of them apart.  *prefixes* are static beginnings of prompts, without a
    word of the wearer's: they are read at the first start, and kept in the folder *keep*.
    """
    begin: Message = {
        "path": str(path),
        "threads": settings.threads,
        "context_tokens": settings.context_tokens,
        "adapter": str(Path(settings.adapter).expanduser()) if settings.adapter else "",
        "keep": str(keep or kept_folder() or ""),
        "prefixes": [_beginning(prefix) for prefix in prefixes],
    }
    limits = settings.limits(idle_min=settings.chat_idle_min)
    return Worker(name, ["agent.models.child", "chat"], begin=begin, limits=limits)


def kept_folder() -> Path | None:
    """Return where workers keep what they read and measured; None where models are forbidden."""
    folder = fetch.models_folder()
    return None if folder is None else folder / KEPT


class Chat:
    """A LanguageModel (see ports)."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker

    async def complete(self, system: str, user: str, *, tokens_max: int) -> str:
        """Return the model's reply (greedy), without surrounding space; raise ModelError."""
        asked = Prompt(messages=(("system", system), ("user", user)), tokens_max=tokens_max)
        return (await self.generate(asked)).text.strip()

    async def generate(self, prompt: Prompt) -> Completion:
        """Return the reply to *prompt*; raise ModelError."""
        return _completed(await self.worker.call("complete", _question(prompt)))

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """Yield the reply in pieces, as they come; raise ModelError."""
        parts: asyncio.Queue[str | None] = asyncio.Queue()  # bounded by the tokens of a reply
        asked = {**_question(prompt), "stream": True}
        call = asyncio.create_task(self.worker.call("complete", asked, hear=parts.put_nowait))
        call.add_done_callback(lambda _: parts.put_nowait(None))
        try:
            while (part := await parts.get()) is not None:
                yield part
            await call
        finally:
            call.cancel()
            with suppress(asyncio.CancelledError, ModelError):
                await call

    async def count(self, text: str) -> int:
        """Return how many tokens *text* has; raise ModelError."""
        found = (await self.worker.call("tokenize", {"text": text})).get("count")
        if not isinstance(found, int):
            raise ModelError("the chat worker did not count")
        return found

    async def pin(self, prompt: Prompt) -> None:
        """Read the static beginning of prompts now, and keep it on disk; raise ModelError.

        It must hold no words of the wearer: what is pinned outlives the day.  A worker that was
        unloaded knows only the *prefixes* of `chat_worker` again.
        """
        await self.worker.call("pin", _beginning(prompt))


def _beginning(prompt: Prompt) -> Message:
    if prompt.messages:
        return {"messages": _listed(prompt)}
    return {"text": prompt.text}


def _question(prompt: Prompt) -> Message:
    asked: Message = {
        "tokens_max": prompt.tokens_max,
        "temperature": prompt.temperature,
        "seed": prompt.seed,
        "stop": list(prompt.stop),
        "grammar": prompt.grammar,
        "schema": prompt.schema,
    }
    if prompt.messages:
        return {**asked, "messages": _listed(prompt)}
    return {**asked, "prompt": prompt.text}


def _listed(prompt: Prompt) -> list[Message]:
    return [{"role": role, "content": content} for role, content in prompt.messages]


def _completed(answer: Message) -> Completion:
    try:
        return _completion.validate_python(answer)
    except ValidationError as error:
        raise ModelError("the chat worker answered without a text") from error
