"""The worker that learns a phrase: `python -m agent.voice.wake_training.child DESCRIPTOR`, sealed.

It is asked for a second of work at a time, so that who waits can see how far it is and go away.
"""

import base64
import shutil
import wave
from collections.abc import Generator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from agent.errors import ModelError
from agent.models.serving import Turn, serve
from agent.voice.ears.events import RATE_HZ
from agent.voice.ears.head import Embedder, Head
from agent.voice.wake_training.fitting import Weights, written
from agent.voice.wake_training.making import (
    SEED,
    Amount,
    Samples,
    Step,
    Texts,
    learnt,
    listened,
    spoken,
)
from agent.voice.wake_training.proof import Proof, proven
from agent.voice.wake_training.texts import near_misses, sentences
from agent.voice.wake_training.voices import from_wav, trimmed

Message = dict[str, Any]  # what a frame holds

TURN_S = 1.0  # of work by our own estimate, between two answers
OWN_MAX_BYTES = 4 << 20
OWN_MIN, OWN_MAX = RATE_HZ // 4, 4 * RATE_HZ
MARKS = ("", ".", "!", "?")


class Training:
    """One phrase; told at the start: {phrase, folder, part}."""

    def __init__(self, begin: Message) -> None:
        if shutil.which("espeak-ng") is None:
            raise ModelError("espeak-ng is not installed: no voice can say the phrase")
        self._phrase = str(begin["phrase"])
        self._embedder = Embedder(Path(str(begin["folder"])))
        self._amount = Amount().part(float(begin["part"]))
        self._own = list[Samples]()
        self._work: Generator[Step, None, tuple[Weights, Proof]] | None = None
        self._made: tuple[Weights, Proof] | None = None
        self._done_s = 0.0

    def handle(self, op: str, arguments: Message, cancelled: Turn) -> Message:
        """Answer `own` {path}, `step` by {doing, share}, and `head` by {head, threshold, proof}."""
        if op == "own":
            self._own.append(recording(Path(str(arguments["path"]))))
            return {"own": len(self._own)}
        if op == "step" and not cancelled():
            return self._step(cancelled)
        if op == "head" and self._made is not None:
            weights, proof = self._made
            content = base64.b64encode(written(weights)).decode()
            told = {"threshold": float(weights["threshold"]), "own": len(self._own)}
            return {"head": content, **told, **asdict(proof)}
        raise ModelError(f"a training cannot {op[:64]!r}")

    def _step(self, cancelled: Turn) -> Message:
        self._work = self._work or self._all()
        until_s, doing = self._done_s + TURN_S, "ready"
        while self._done_s < until_s and self._made is None and not cancelled():
            try:
                doing, work_s = next(self._work)
            except StopIteration as ended:
                self._made = ended.value
                return {"doing": doing, "share": 1.0}
            self._done_s += work_s
        return {"doing": doing, "share": min(0.99, self._done_s / self._amount.work_s)}

    def _all(self) -> Generator[Step, None, tuple[Weights, Proof]]:
        chance, amount = np.random.default_rng(SEED), self._amount
        phrases = [f"{self._phrase}{one}" for one in chance.choice(MARKS, amount.phrases)]
        near = list(near_misses(self._phrase, amount.near, chance))
        texts = Texts(phrases, near, sentences(amount.others, chance))
        said = yield from spoken(texts, self._own, chance)
        every = yield from listened(said, self._embedder, amount, chance)
        found = yield from learnt(every, phrase=self._phrase, heads=amount.heads)
        proof = yield from proven(Head(found.weights), self._embedder)
        return found.weights, proof


def recording(path: Path) -> Samples:
    """Return the phrase in the WAV file *path*, without silence around it; raise ModelError."""
    try:
        if path.stat().st_size > OWN_MAX_BYTES:
            raise ModelError(f"{path.name} is too long for a recording of one phrase")
        samples = trimmed(from_wav(path.read_bytes()))
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror}") from error
    except (wave.Error, EOFError, ValueError) as error:
        raise ModelError(f"{path.name} is no WAV file, or it is damaged") from error
    if not OWN_MIN <= len(samples) <= OWN_MAX:
        seconds = len(samples) / RATE_HZ
        raise ModelError(f"{path.name} holds {seconds:.1f} s of sound: say the phrase once in it")
    return samples


if __name__ == "__main__":
    serve(Training)
