"""llama.cpp, inside its worker: the sentence embedding.

Only a worker imports this: llama.cpp ends the whole process on some inputs.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np

from agent.errors import ModelError
from agent.models import vectors
from agent.models.files import check_file
from agent.models.frames import Message
from agent.models.heads import Floats, Head, Kept

ENCODERS = ("bert", "nomic-bert", "jina-bert-v2", "modern-bert", "xlm-roberta", "gemma-embedding")
SENTENCE_TOKENS = 128  # a question; what is longer is cut
KEPT_MAX = 16_000  # on disk, 25 MB: all skills together have some seven thousand, filled in
SENTENCES_MAX = 20_000  # 30 MB of vectors


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
        self._vectors: dict[str, Kept] = {}
        keep = str(begin.get("keep") or "")
        self._place = vectors.place(Path(keep), Path(begin["path"])) if keep else None
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
                sentence = arguments["sentence"]
                ranked = self._head.rank(self._embedded(sentence), sentence)
                return {"fitted": True, "ranked": ranked}
            case "embed":
                made = [self._embedded(sentence) for sentence in arguments["sentences"]]
                return {"vectors": [np.round(vector, 6).tolist() for vector in made]}
            case _:
                raise ModelError(f"an embedding cannot {op[:64]!r}")

    def _fit(self, examples: dict[str, list[str]], cancelled: Callable[[], bool]) -> Message:
        if self._place is not None and not self._vectors:
            self._vectors = vectors.load(self._place)
        known, found, owners, said = len(self._vectors), [], list[str](), list[str]()
        for meaning, sentences in examples.items():
            for sentence in sentences:
                if cancelled():
                    raise ModelError("it was cancelled")
                found.append(self._kept(sentence))
                owners.append(meaning)
                said.append(sentence)
        if not found:
            raise ModelError("there is no example to learn from")
        if self._place is not None and len(self._vectors) != known and len(said) <= KEPT_MAX:
            vectors.save(self._place, {vectors.key_of(one): self._kept(one) for one in said})
        self._head = self._fitted(np.array(found, dtype=np.float64), owners, said)
        return {"examples": len(found), "meanings": len(self._head.meanings)}

    def _fitted(self, found: Floats, owners: list[str], said: list[str]) -> Head:
        """Return the head; what took seconds to learn is kept for the next start."""
        if self._place is None or len(said) > KEPT_MAX:
            return Head.fit(found, owners, said)
        place = vectors.head_place(self._place, zip(owners, said, strict=True))
        known = vectors.load_weights(place)
        head = Head.fit(found, owners, said, known=known)
        if head.weights is not known:
            vectors.save_weights(place, head.weights)
        return head

    def _kept(self, sentence: str) -> Kept:
        key = vectors.key_of(sentence)
        if key not in self._vectors:
            if len(self._vectors) >= SENTENCES_MAX:
                self._vectors.clear()
            self._vectors[key] = self._embedded(sentence).astype(np.float32)
        return self._vectors[key]

    def _embedded(self, sentence: str) -> Floats:
        vector = np.asarray(self._llama.embed(sentence.strip() or "?"), dtype=np.float64)
        if vector.ndim != 1 or not np.isfinite(vector).all():
            raise ModelError("this model gives no vector for a sentence")
        return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-12))


def opened(path: Path, **options: Any) -> llama_cpp.Llama:
    """Return the model in *path*; raise ModelError if there is none that llama.cpp reads.

    The file stays mapped, not copied: the system may drop its pages when memory is short.
    """
    check_file(path)
    try:
        return llama_cpp.Llama(str(path), verbose=False, **options)
    except (ValueError, RuntimeError) as error:
        damaged = f"{path} is damaged, incomplete, or of a kind that this llama.cpp does not know"
        raise ModelError(damaged) from error


def architecture(llama: llama_cpp.Llama) -> str:
    """Return what kind of network the file says it is."""
    return str(llama.metadata.get("general.architecture", ""))
