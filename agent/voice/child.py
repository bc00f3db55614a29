"""The worker of faster-whisper: `python -m agent.voice.child DESCRIPTOR`, sealed."""

import ctypes
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.vad import VadOptions, get_speech_timestamps

from agent.errors import ModelError
from agent.models.serving import serve
from agent.ports import Alternative, Hints, Word
from agent.voice.asked import pcm_of, read_hints
from agent.voice.sound import PIECE_MAX_S, RATE_HZ, Samples, pieces, read_sound, samples_of
from agent.voice.window import Language, Window, loops, primed, slowed

Message = dict[str, Any]  # what a frame holds

NEEDED = ("model.bin", "config.json", "tokenizer.json")
SAMPLE_S = 1 / RATE_HZ
VAD = VadOptions(speech_pad_ms=400)
M_MMAP_THRESHOLD = -3  # of mallopt
OWN_BYTES = 2 << 20  # so large a buffer is given back when it is freed; smaller ones cost more time


@dataclass(frozen=True, slots=True)
class Heard:
    """What one sound became."""

    text: str
    language: Language
    alternatives: tuple[Alternative, ...] = ()
    words: tuple[Word, ...] = ()


@dataclass(slots=True)
class _Long:
    """A long file under way."""

    path: str
    pieces: Iterator[tuple[float, Samples]]
    after_s: float


class WhisperHandler:
    """Whisper, int8; its voice activity detection keeps silence from becoming words."""

    def __init__(self, begin: Message) -> None:
        folder = Path(begin["folder"])
        _check_folder(folder)
        self._begin = begin
        self._windows: dict[bool, Window] = {}  # of the last sound, by whether it was slowed
        self._sound = b""
        self._long: _Long | None = None
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
        """Answer one call.

        `transcribe`: {path or pcm, hints} gives a transcript; `score`: {path or pcm, texts,
        hints} gives {scores}; `transcribe_piece`: {path, after_s, hints} gives the transcript of
        the piece that begins there, with {since_s, until_s, is_last}.
        """
        started = time.perf_counter()
        hints = read_hints(arguments)
        if op == "score":
            return {"scores": self._scores(arguments, hints)}
        extra: Message = {}
        if op == "transcribe":
            samples = self._samples(arguments)
        elif op == "transcribe_piece":
            samples, extra = self._piece(arguments)
        else:
            raise ModelError(f"a speech model cannot {op[:64]!r}")
        heard = self._heard(samples, hints, cancelled)
        return {
            "text": heard.text,
            "audio_s": len(samples) / RATE_HZ,
            "spent_s": time.perf_counter() - started,
            "language": heard.language.code,
            "language_p": heard.language.probability,
            "alternatives": [asdict(one) for one in heard.alternatives],
            "words": [asdict(one) for one in heard.words],
            **extra,
        }

    def _samples(self, arguments: Message) -> Samples:
        audio_max_s = float(self._begin["audio_max_s"])
        if "pcm" in arguments:
            return samples_of(pcm_of(arguments), audio_max_s=audio_max_s)
        limit_mb = int(self._begin["file_max_mb"])
        return read_sound(Path(arguments["path"]), file_max_mb=limit_mb, audio_max_s=audio_max_s)

    def _piece(self, arguments: Message) -> tuple[Samples, Message]:
        path, after_s = str(arguments["path"]), float(arguments["after_s"])
        long = self._long
        if long is None:
            keep_small()
        if long is None or (long.path, long.after_s) != (path, after_s):
            long = _Long(path, pieces(Path(path)), 0.0)  # from the beginning: a worker may be new
        for since_s, samples in long.pieces:
            until_s = since_s + len(samples) / RATE_HZ
            if since_s > after_s - SAMPLE_S:
                long.after_s = until_s
                self._long = long
                return samples, {"since_s": since_s, "until_s": until_s, "is_last": False}
        self._long = None
        nothing = np.zeros(0, dtype=np.float32)
        return nothing, {"since_s": after_s, "until_s": after_s, "is_last": True}

    def _heard(self, samples: Samples, hints: Hints, cancelled: Callable[[], bool]) -> Heard:
        spoken = _spoken(samples)
        if spoken is None:
            return Heard("", Language(self._wanted(hints).partition("|")[0] or "en", 0.0))
        if hints.words or len(spoken) > PIECE_MAX_S * RATE_HZ:
            return self._long_heard(samples, hints, cancelled)
        if hints.n_best > 1:
            window = self._window(samples, hints)
        else:
            window = Window(self._whisper, spoken, is_whole=False)
        language = window.language(self._wanted(hints))
        found = window.readings(hints, language.code, beam=int(self._begin["beam"]))
        text = found[0].text if found else ""
        return Heard(text, language, found if hints.n_best > 1 else ())

    def _wanted(self, hints: Hints) -> str:
        return hints.language or str(self._begin["language"])

    def _window(self, samples: Samples, hints: Hints) -> Window:
        """Return the whole window of *samples*, encoded once for all that is asked of it."""
        sound = samples.tobytes()
        if sound != self._sound:
            self._sound, self._windows = sound, {}
        if hints.slowed not in self._windows:
            shown = slowed(samples) if hints.slowed else samples
            self._windows[hints.slowed] = Window(self._whisper, shown, is_whole=True)
        return self._windows[hints.slowed]

    def _long_heard(self, samples: Samples, hints: Hints, cancelled: Callable[[], bool]) -> Heard:
        try:
            segments, info = self._whisper.transcribe(
                samples,
                language=None if "|" in self._wanted(hints) else self._wanted(hints) or None,
                task=hints.task,
                beam_size=1,
                temperature=0.0,
                condition_on_previous_text=False,
                initial_prompt=primed(hints) or None,
                word_timestamps=hints.words,
                vad_filter=True,
            )
        except ValueError as error:
            raise ModelError(f"the speech model knows no such language: {error}"[:200]) from error
        parts: list[str] = []
        words: list[Word] = []
        for segment in segments:
            if cancelled():
                raise ModelError("it was cancelled")
            if not loops(segment.text):
                parts.append(segment.text.strip())
                words += [_word(one) for one in segment.words or ()]
        language = Language(str(info.language), float(info.language_probability))
        return Heard(" ".join(part for part in parts if part), language, (), tuple(words))

    def _scores(self, arguments: Message, hints: Hints) -> list[float]:
        window = self._window(self._samples(arguments), hints)
        language = window.language(self._wanted(hints))
        return window.scores([str(text) for text in arguments["texts"]], hints, language.code)


def keep_small() -> None:
    """Let large buffers go back to the system (glibc), so that an hour takes what a minute takes.

    Else the border moves up to 32 MB by itself, and pieces of different lengths leave gaps.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, OWN_BYTES)


def _spoken(samples: Samples) -> Samples | None:
    """Return *samples*, those of a long sound from its first word to its last; None for none."""
    if not np.any(samples):
        return None
    found = get_speech_timestamps(samples, VAD)
    if not found:
        return None
    if len(samples) <= PIECE_MAX_S * RATE_HZ:
        return samples  # in noise the last word is often no speech to the detector (measured)
    return samples[found[0]["start"] : found[-1]["end"]]


def _word(one: Any) -> Word:
    return Word(
        text=one.word.strip(),
        since_s=float(one.start),
        until_s=float(one.end),
        probability=float(one.probability),
    )


def _check_folder(folder: Path) -> None:
    # Checked first: faster-whisper takes what is no folder for a name to be looked up elsewhere.
    missing = [name for name in NEEDED if not (folder / name).is_file()]
    if missing:
        raise ModelError(f"{folder} is no speech model: it lacks {', '.join(missing)}")


if __name__ == "__main__":
    serve(WhisperHandler)
