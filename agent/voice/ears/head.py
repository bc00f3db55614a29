"""A phrase of one's own: a small head on a speech embedding that knows English sounds.

The embedding is the one that Google published for few-shot keywords (Lin, Kilgour, Roblek and
Sharifi 2020, arXiv 2002.01322): 96 numbers for 0.775 s of a mel spectrogram, every 80 ms.
"""

from collections.abc import Mapping
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from agent.errors import ModelError
from agent.voice.ears.activity import session_of
from agent.voice.ears.gain import Gain

Samples = NDArray[np.int16]
Floats = NDArray[np.float32]

HOP = 1280  # samples, 80 ms: eight frames of the spectrogram
MEL_LEAD = 480  # samples before a hop that its spectrogram needs
MELS = 32
WINDOW = 76  # frames of the spectrogram in an embedding
STEP = 8
SIZE = 96
LEVEL = 4_800  # samples, 0.3 s
SPECTROGRAM = "melspectrogram.onnx"
EMBEDDING = "embedding_model.onnx"
HEAD_MAX_BYTES = 8 << 20


class Embedder:
    """Embeddings of a stream; *folder* holds the two models."""

    def __init__(self, folder: Path) -> None:
        self._spectrogram = session_of(folder / SPECTROGRAM)
        self._embedding = session_of(folder / EMBEDDING)
        self._names = [one.get_inputs()[0].name for one in (self._spectrogram, self._embedding)]
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        self._samples = np.zeros(0, dtype=np.float32)
        self._mels = np.zeros((0, MELS), dtype=np.float32)

    def feed(self, samples: Samples) -> Floats:
        """Return the embeddings (n, 96) that *samples* complete."""
        self._samples = np.concatenate([self._samples, samples.astype(np.float32) / 32768.0])
        hops = (len(self._samples) - MEL_LEAD) // HOP
        if hops < 1:
            return np.zeros((0, SIZE), dtype=np.float32)
        used = self._samples[: MEL_LEAD + hops * HOP]
        self._samples = self._samples[hops * HOP :]
        found = self._spectrogram.run(None, {self._names[0]: used[None, :]})[0]
        # The scale that the embedding was trained on: decibels / 10 + 2.
        self._mels = np.concatenate([self._mels, found.reshape(-1, MELS) / 10.0 + 2.0])
        return self._embedded()

    def _embedded(self) -> Floats:
        count = max(0, (len(self._mels) - WINDOW) // STEP + 1)
        windows = [self._mels[at * STEP : at * STEP + WINDOW] for at in range(count)]
        self._mels = self._mels[count * STEP :]
        if not windows:
            return np.zeros((0, SIZE), dtype=np.float32)
        # One by one: many at once are no faster, and would take 30 MB that are not given back.
        made = [
            self._embedding.run(None, {self._names[1]: one[None, ..., None].astype(np.float32)})[0]
            for one in windows
        ]
        return np.asarray(made, dtype=np.float32).reshape(-1, SIZE)


class Head:
    """Two layers over the last embeddings: the chance (0-1) that the phrase has just ended."""

    def __init__(self, weights: Mapping[str, Floats]) -> None:
        try:
            self._in = np.asarray(weights["inner"], dtype=np.float32)
            self._in_bias = np.asarray(weights["inner_bias"], dtype=np.float32)
            self._out = np.asarray(weights["outer"], dtype=np.float32)
            self._out_bias = float(weights["outer_bias"])
            self.mean = np.asarray(weights["mean"], dtype=np.float32)
            self.scale = np.asarray(weights["scale"], dtype=np.float32)
            self.threshold = float(weights["threshold"])
            self.phrase = str(weights["phrase"])
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError("this file is no head of a wake phrase") from error
        rows, columns = self._in.shape if self._in.ndim == 2 else (0, 0)
        self.length = rows // SIZE
        fits = (
            rows and rows == self.length * SIZE and self.mean.shape == self.scale.shape == (SIZE,)
        )
        if not fits or self._in_bias.shape != (columns,) or self._out.shape != (columns,):
            raise ModelError("this file is no head of a wake phrase: its layers do not fit")

    def chances(self, windows: Floats) -> Floats:
        """Return the chance of each of *windows* (n, length, 96)."""
        scaled = ((windows - self.mean) / self.scale).reshape(len(windows), -1)
        inner = np.maximum(scaled @ self._in + self._in_bias, 0)
        outer = np.clip(inner @ self._out + self._out_bias, -30, 30)
        return np.asarray(1 / (1 + np.exp(-outer)), dtype=np.float32)


class HeadWake:
    """A WakeDetector: two chances in a row over the threshold are the phrase."""

    lag_s = 0.16

    def __init__(self, embedder: Embedder, head: Head, threshold: float | None = None) -> None:
        self._embedder = embedder
        self._head = head
        self._gain = Gain()
        self._fresh = True
        self.phrase = head.phrase
        self.threshold = head.threshold if threshold is None else threshold
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        self._embedder.reset()
        self._fresh = True
        self._held = np.zeros((0, SIZE), dtype=np.float32)
        self._before = 0.0
        self.score = 0.0

    def feed(self, samples: Samples) -> list[tuple[str, float]]:
        """Return a hit where the phrase has just ended."""
        if self._fresh:  # what comes first is what came before a voice, and the voice's beginning
            self._fresh = False
            self._gain.reset(samples[-LEVEL:])
        louder = [self._gain.apply(samples[at : at + HOP]) for at in range(0, len(samples), HOP)]
        found = self._embedder.feed(np.concatenate(louder) if louder else samples)
        self._held = np.concatenate([self._held, found])
        count = len(self._held) - self._head.length + 1
        if count < 1:
            return []
        windows = np.stack([self._held[at : at + self._head.length] for at in range(count)])
        self._held = self._held[count:]
        hits: list[tuple[str, float]] = []
        for chance in self._head.chances(windows):
            both, self._before = min(self._before, float(chance)), float(chance)
            self.score = max(self.score, both)
            if both > self.threshold and not hits:
                hits.append((self.phrase, both))
        return hits


def head_from(path: Path) -> Head:
    """Return the head in the file *path*; raise ModelError."""
    try:
        if path.stat().st_size > HEAD_MAX_BYTES:
            raise ModelError(f"{path} is no head of a wake phrase: it is too large")
        # Opened here, for numpy leaves a file open that it cannot read.
        with path.open("rb") as file:
            held = np.load(file, allow_pickle=False)
            return Head(dict(held) if isinstance(held, np.lib.npyio.NpzFile) else {})
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, BadZipFile, EOFError, KeyError) as error:
        raise ModelError(f"{path} is no head of a wake phrase") from error
