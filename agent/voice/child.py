"""The worker of faster-whisper: `python -m agent.voice.child DESCRIPTOR`, sealed."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper import WhisperModel

from agent.errors import ModelError
from agent.models.serving import serve
from agent.voice.sound import RATE_HZ, Samples, read_sound

Message = dict[str, Any]  # what a frame holds

NEEDED = ("model.bin", "config.json", "tokenizer.json")
PROMPT_MAX = 2000


class WhisperHandler:
    """Whisper, greedy, int8; its voice activity detection keeps silence from becoming words."""

    def __init__(self, begin: Message) -> None:
        folder = Path(begin["folder"])
        _check_folder(folder)
        self._begin = begin
        try:
            self._whisper = WhisperModel(
                str(folder),
                device="cpu",
                compute_type="int8",
                cpu_threads=int(begin["threads"]),
                num_workers=1,
                local_files_only=True,
            )
        except (RuntimeError, ValueError) as error:
            damaged = f"the speech model in {folder} is damaged or of another kind"
            raise ModelError(damaged) from error

    def handle(self, op: str, arguments: Message, cancelled: Callable[[], bool]) -> Message:
        """Answer `transcribe`: {path, prompt} gives {text, audio_s, spent_s, language}."""
        if op != "transcribe":
            raise ModelError(f"a speech model cannot {op[:64]!r}")
        started = time.perf_counter()
        limits = {name: self._begin[name] for name in ("file_max_mb", "audio_max_s")}
        samples = read_sound(Path(arguments["path"]), **limits)
        text, language = self._heard(samples, arguments["prompt"][:PROMPT_MAX], cancelled)
        return {
            "text": text,
            "audio_s": len(samples) / RATE_HZ,
            "spent_s": time.perf_counter() - started,
            "language": language,
        }

    def _heard(
        self, samples: Samples, prompt: str, cancelled: Callable[[], bool]
    ) -> tuple[str, str]:
        if not np.any(samples):  # nothing at all: there is nothing to detect a language in
            return "", self._begin["language"]
        segments, info = self._whisper.transcribe(
            samples,
            language=self._begin["language"] or None,
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            initial_prompt=prompt or None,
            vad_filter=True,
        )
        parts = []
        for segment in segments:
            if cancelled():
                raise ModelError("it was cancelled")
            parts.append(segment.text.strip())
        return " ".join(part for part in parts if part), str(info.language)


def _check_folder(folder: Path) -> None:
    # Checked first: faster-whisper takes what is no folder for a name to be looked up elsewhere.
    missing = [name for name in NEEDED if not (folder / name).is_file()]
    if missing:
        raise ModelError(f"{folder} is no speech model: it lacks {', '.join(missing)}")


if __name__ == "__main__":
    serve(WhisperHandler)
