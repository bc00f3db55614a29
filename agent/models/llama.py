"""llama.cpp, inside its worker: the chat model and the sentence embedding.

Only a worker imports this: llama.cpp ends the whole process on some inputs.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np

from agent.errors import ModelError
from agent.models.frames import Message
from agent.models.heads import Floats, Head

MAGIC = b"GGUF"
ENCODERS = ("bert", "nomic-bert", "jina-bert-v2", "modern-bert", "xlm-roberta", "gemma-embedding")
# llama_cpp keeps n_batch x vocabulary floats: 12 MB at 64 for 49,152 words.
CHAT_BATCH_TOKENS = 64
SENTENCE_TOKENS = 128  # a question; what is longer is cut
SENTENCES_MAX = 20_000  # 30 MB of vectors


class ChatModel:
    """A chat model that answers greedily: the same question gives the same words."""

    def __init__(self, begin: Message) -> None:
        context_tokens = int(begin["context_tokens"])
        self._llama = opened(
            Path(begin["path"]),
            n_ctx=context_tokens,
            n_batch=CHAT_BATCH_TOKENS,
            n_ubatch=CHAT_BATCH_TOKENS,
            n_threads=int(begin["threads"]),
            n_threads_batch=int(begin["threads"]),
        )
        if architecture(self._llama) in ENCODERS:
            raise ModelError(f"{Path(begin['path']).name} embeds sentences and cannot chat")
        self._context_tokens = context_tokens
        # The first decode shows what this processor cannot run, before anyone waits for an answer.
        self._llama.eval(self._llama.tokenize(b"a"))
        self._llama.reset()  # type: ignore[no-untyped-call]

    def handle(self, op: str, arguments: Message, cancelled: Callable[[], bool]) -> Message:
        """Answer `complete`: {system, user, tokens_max} gives {text}."""
        if op != "complete":
            raise ModelError(f"a chat model cannot {op[:64]!r}")
        messages = [
            {"role": "system", "content": arguments["system"]},
            {"role": "user", "content": arguments["user"]},
        ]
        words: list[str] = []
        for word in self._words(messages, int(arguments["tokens_max"])):
            if cancelled():
                raise ModelError("it was cancelled")
            words.append(word)
        return {"text": "".join(words).strip()}

    def _words(self, messages: list[dict[str, str]], tokens_max: int) -> Any:
        try:
            chunks: Any = self._llama.create_chat_completion(
                messages=messages,  # type: ignore[arg-type]
                max_tokens=tokens_max,
                temperature=0.0,
                stream=True,
            )
            for chunk in chunks:
                yield chunk["choices"][0]["delta"].get("content") or ""
        except ValueError as error:
            too_long = f"the question does not fit into {self._context_tokens} tokens"
            raise ModelError(too_long) from error


class EmbeddingModel:
    """Sentence vectors, and the head that finds meanings among them."""

    def __init__(self, begin: Message) -> None:
        self._llama = opened(
            Path(begin["path"]),
            embedding=True,
            n_ctx=SENTENCE_TOKENS,
            n_batch=SENTENCE_TOKENS,
            n_ubatch=SENTENCE_TOKENS,
            n_threads=1,
            n_threads_batch=1,
        )
        if architecture(self._llama) not in ENCODERS:
            raise ModelError(f"{Path(begin['path']).name} is no model that embeds sentences")
        self._vectors: dict[str, Floats] = {}
        self._head: Head | None = None
        self._embedded("a")

    def handle(self, op: str, arguments: Message, cancelled: Callable[[], bool]) -> Message:
        """Answer `fit`, `rank` and `embed`."""
        match op:
            case "fit":
                return self._fit(arguments["examples"], cancelled)
            case "rank" if self._head is None:
                return {"fitted": False}
            case "rank" if self._head is not None:
                vector = self._embedded(arguments["sentence"])
                return {"fitted": True, "ranked": self._head.rank(vector)}
            case "embed":
                vectors = [self._embedded(sentence) for sentence in arguments["sentences"]]
                return {"vectors": [np.round(vector, 6).tolist() for vector in vectors]}
            case _:
                raise ModelError(f"an embedding cannot {op[:64]!r}")

    def _fit(self, examples: dict[str, list[str]], cancelled: Callable[[], bool]) -> Message:
        vectors, owners = [], []
        for meaning, sentences in examples.items():
            for sentence in sentences:
                if cancelled():
                    raise ModelError("it was cancelled")
                vectors.append(self._kept(sentence))
                owners.append(meaning)
        if not vectors:
            raise ModelError("there is no example to learn from")
        self._head = Head.fit(np.array(vectors), owners)
        return {"examples": len(vectors), "meanings": len(self._head.meanings)}

    def _kept(self, sentence: str) -> Floats:
        if sentence not in self._vectors:
            if len(self._vectors) >= SENTENCES_MAX:
                self._vectors.clear()
            self._vectors[sentence] = self._embedded(sentence)
        return self._vectors[sentence]

    def _embedded(self, sentence: str) -> Floats:
        vector = np.asarray(self._llama.embed(sentence.strip() or "?"), dtype=np.float64)
        if vector.ndim != 1 or not np.isfinite(vector).all():
            raise ModelError("this model gives no vector for a sentence")
        return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-12))


def opened(path: Path, **options: Any) -> llama_cpp.Llama:
    """Return the model in *path*; raise ModelError if there is none that llama.cpp reads.

    The file stays mapped, not copied: the system may drop its pages when memory is short.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(len(MAGIC))
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror}") from error
    if magic != MAGIC:
        raise ModelError(f"{path} is no GGUF file: llama.cpp reads no other")
    try:
        return llama_cpp.Llama(str(path), verbose=False, **options)
    except (ValueError, RuntimeError) as error:
        damaged = f"{path} is damaged, incomplete, or of a kind that this llama.cpp does not know"
        raise ModelError(damaged) from error


def architecture(llama: llama_cpp.Llama) -> str:
    """Return what kind of network the file says it is."""
    return str(llama.metadata.get("general.architecture", ""))
