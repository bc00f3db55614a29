"""The worker of llama.cpp: `python -m agent.models.child DESCRIPTOR chat|embedding`, sealed."""

import sys
from collections.abc import Callable

from agent.models.frames import Message
from agent.models.llama import EmbeddingModel
from agent.models.serving import Handler, serve
from agent.models.talking import ChatModel

KINDS: dict[str, Callable[[Message], Handler]] = {"chat": ChatModel, "embedding": EmbeddingModel}

if __name__ == "__main__":
    serve(KINDS[sys.argv[2]])
