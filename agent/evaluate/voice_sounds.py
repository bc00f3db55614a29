"""Recordings as samples, and noise mixed into them."""

import json
import random
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, TypeAdapter, ValidationError

from agent.errors import DecodeError, ModelError
from agent.voice.sound import RATE_HZ, read_sound

Floats = NDArray[np.float32]

NOISE = Path("speech") / "noise" / "kitchen.wav"
CLEAN = "clean"
SNRS_DB = (24, 18, 12, 6)
FRAME = 2048
AUDIO_MAX_S = 600
FILE_MAX_MB = 50


class Label(BaseModel):
    """What a recorded command means."""

    intent: str
    slots: dict[str, str]


_labels = TypeAdapter(dict[str, Label])


def load(path: Path) -> Floats:
    """Return the samples of a recording; raise ModelError."""
    return read_sound(path, file_max_mb=FILE_MAX_MB, audio_max_s=AUDIO_MAX_S)


def pcm(samples: Floats) -> bytes:
    """Return *samples* as a transcriber takes them."""
    return bytes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def seconds(sound: bytes) -> float:
    """Return how long *sound* is."""
    return len(sound) / 2 / RATE_HZ


def labels(folder: Path) -> Mapping[str, dict[str, str]]:
    """Return the slots of each recording in *folder*, in order; raise ModelError, DecodeError."""
    path = folder / "labels.json"
    if not path.is_file():
        raise ModelError(f"there are no labelled commands in {folder}")
    try:
        found = _labels.validate_python(json.loads(path.read_bytes()))
    except (ValueError, ValidationError) as error:
        raise DecodeError(str(path), "has no labels as they should be") from error
    return {
        name: {slot: plain(value) for slot, value in found[name].slots.items()}
        for name in sorted(found)
        if (folder / name).is_file()
    }


def plain(value: str) -> str:
    """Return a slot's value without what only its writing has: blanks, capitals."""
    return " ".join(value.lower().split())


def conditions(recording: Path, noise: Path) -> dict[str, bytes]:
    """Return *recording* as it is, and in *noise* where there is any; raise ModelError."""
    clean = load(recording)
    found = {CLEAN: pcm(clean)}
    if noise.is_file():
        kitchen = load(noise)
        for snr_db in SNRS_DB:
            seed = f"{recording.name} {snr_db}"
            found[f"{snr_db} dB"] = pcm(mixed(clean, kitchen, snr_db, seed=seed))
    return found


def mixed(speech: Floats, noise: Floats, snr_db: float, *, seed: str) -> Floats:
    """Return *speech* in *noise*, a stretch of it that *seed* chooses.

    The ratio is that of the loudest 128 ms of both, as the benchmark measures it that the published
    figures are of (Picovoice, speech-to-intent-benchmark).
    """
    start = random.Random(seed).randrange(max(1, len(noise) - len(speech)))  # noqa: S311 (a place)
    stretch = np.resize(noise[start : start + len(speech)], len(speech))
    below = _loudest(stretch) * 10 ** (snr_db / 10)
    gain = np.sqrt(_loudest(speech) / below) if below > 0 else 0.0
    return np.asarray(speech + np.float32(gain) * stretch, dtype=np.float32)


def _loudest(samples: Floats) -> float:
    whole = len(samples) // FRAME * FRAME
    if not whole:
        return float(np.square(samples).sum())
    return float(np.square(samples[:whole].reshape(-1, FRAME)).sum(axis=1).max())
