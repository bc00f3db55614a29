"""The worker of pocketsphinx: `python -m agent.voice.sphinx_child DESCRIPTOR`, sealed."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent.errors import ModelError
from agent.models.serving import serve
from agent.voice.asked import pcm_of, read_hints
from agent.voice.sound import PIECE_MAX_S, RATE_HZ, read_sound, samples_of
from agent.voice.sphinx import Recogniser

Message = dict[str, Any]  # what a frame holds


class SphinxHandler:
    """Commands only: it hears what the grammars allow, and nothing in silence."""

    def __init__(self, begin: Message) -> None:
        self._begin = begin
        self._recogniser = Recogniser()

    def handle(self, op: str, arguments: Message, cancelled: Callable[[], bool]) -> Message:
        """Answer `transcribe`: {path or pcm, hints} gives a transcript."""
        if op != "transcribe":
            raise ModelError(f"pocketsphinx cannot {op[:64]!r}")
        started = time.perf_counter()
        hints = read_hints(arguments)
        audio_max_s = min(PIECE_MAX_S, float(self._begin["audio_max_s"]))
        if "pcm" in arguments:
            samples = samples_of(pcm_of(arguments), audio_max_s=audio_max_s)
        else:
            limit_mb = int(self._begin["file_max_mb"])
            path = Path(arguments["path"])
            samples = read_sound(path, file_max_mb=limit_mb, audio_max_s=audio_max_s)
        text, chance = self._recogniser.hear(samples, hints.grammars)
        return {
            "text": text,
            "audio_s": len(samples) / RATE_HZ,
            "spent_s": time.perf_counter() - started,
            "language": "en",
            "alternatives": [{"text": text, "score": chance}] if text else [],
        }


if __name__ == "__main__":
    serve(SphinxHandler)
