"""Synthetic voices that say a wake phrase: espeak-ng and flite, where they are installed.

Some voices are held out: what is said of a head is said of these alone, and none learns from them.
"""

import io
import shutil
import subprocess
import wave
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.voice.ears.resampling import Resampler, mono
from agent.voice.wake_training.mixing import as_samples, stretched

Samples = NDArray[np.int16]

SAY_MAX_S = 60
QUIET = 0.01  # of the peak: what a synthesizer adds before and after its words lies below


@dataclass(frozen=True, slots=True)
class Voice:
    """One synthetic voice: the program, its name there, and how fast and high it speaks."""

    program: str
    name: str
    speed: float = 1.0
    pitch: int = 50
    """0 to 99; flite's is an octave higher for 50 more."""
    throat: float = 1.0
    """How much smaller: what is over 1 sounds as if said by a child."""

    def __str__(self) -> str:
        """Return a name for tables."""
        return f"{self.program} {self.name} x{self.speed:g}"


@dataclass(frozen=True, slots=True)
class Trial:
    """One phrase as it was said, and by whom."""

    said: Samples
    voice: Voice


ACCENTS = (
    "en-us",
    "en-gb",
    "en-gb-x-rp",
    "en-029",
    "en-gb-x-gbclan",
    "en-us-nyc",
    "en-gb-x-gbcwmd",
)
VARIANTS = (
    *("m1", "m2", "m4", "m5", "m6", "m8", "f1", "f2", "f4", "f5"),
    *("Alex", "Andy", "Annie", "Denis", "Gene", "Hugo", "Lee", "Michael", "Mike"),
    *("adam", "anika", "belinda", "boris", "caleb", "david", "ed", "linda", "max", "michel"),
    *("norbert", "pablo", "quincy", "rob", "sandro", "shelby", "steph", "travis", "victor"),
)
TRAINED_FLITE = ("slt", "kal16", "kal")
HELD_OUT_ESPEAK = ("en-us+f3", "en-us+m3", "en-gb+m7", "en-gb-scotland+Andrea", "en-us+Mario")
HELD_OUT_FLITE = ("rms", "awb")
HELD_OUT_SPEEDS = (0.8, 1.0, 1.15)


def held_out() -> list[Voice]:
    """Return the voices that nothing is trained on, each at several speeds."""
    espeak = [Voice("espeak-ng", name, s) for name in HELD_OUT_ESPEAK for s in HELD_OUT_SPEEDS]
    flite = [Voice("flite", name, s) for name in HELD_OUT_FLITE for s in HELD_OUT_SPEEDS]
    return [one for one in (*flite, *espeak) if shutil.which(one.program)]


def trained(chance: np.random.Generator, count: int, *, flite: float = 0.5) -> Iterator[Voice]:
    """Yield *count* voices that are not held out, a share of them flite's."""
    has_flite = shutil.which("flite") is not None
    for _ in range(count):
        throat = float(chance.uniform(0.8, 1.15))
        if has_flite and chance.random() < flite:
            name, speed = str(chance.choice(TRAINED_FLITE)), float(chance.uniform(0.75, 1.25))
            yield Voice("flite", name, speed, int(chance.integers(20, 85)), throat)
        else:
            name = f"{chance.choice(ACCENTS)}+{chance.choice(VARIANTS)}"
            speed, pitch = float(chance.uniform(0.7, 1.3)), int(chance.integers(25, 80))
            yield Voice("espeak-ng", name, speed, pitch, throat)


def say(text: str, voice: Voice) -> Samples:
    """Return what *voice* makes of *text* at 16 kHz, without the silence around it."""
    rate = voice.speed / voice.throat  # a throat changes the pace as well: this undoes it
    if voice.program == "flite":
        told = {"duration_stretch": 1 / rate, "f0_shift": 2 ** ((voice.pitch - 50) / 50)}
        options = [part for name, value in told.items() for part in ("--setf", f"{name}={value}")]
        command = ["flite", "-voice", voice.name, *options, "-t", text, "-o", "/dev/stdout"]
    else:
        speed, pitch = str(round(165 * rate)), str(voice.pitch)
        command = ["espeak-ng", "-v", voice.name, "-s", speed, "-p", pitch, "--stdout", text]
    done = subprocess.run(  # noqa: S603 (no shell; the text is ours)
        command, capture_output=True, check=True, timeout=SAY_MAX_S
    )
    said = trimmed(from_wav(done.stdout))
    return said if voice.throat == 1 else as_samples(stretched(said, voice.throat))


def from_wav(content: bytes) -> Samples:
    """Return the samples of a WAV file at 16 kHz, one channel."""
    # A program that writes into a pipe does not know the size: it says too much.
    with wave.open(io.BytesIO(content)) as file:
        rate_hz, channels = file.getframerate(), file.getnchannels()
        frames = file.readframes(len(content))
    return resampled(mono(frames, channels), rate_hz)


def resampled(samples: Samples, rate_hz: int) -> Samples:
    """Return *samples* at 16 kHz, with the filter's tail."""
    made = Resampler(rate_hz)
    return np.concatenate([made.feed(samples), made.feed(np.zeros(rate_hz // 50, dtype=np.int16))])


def trimmed(samples: Samples) -> Samples:
    """Return *samples* without the silence before and after."""
    size = np.abs(samples.astype(np.int32))
    loud = np.nonzero(size > QUIET * max(1, int(size.max(initial=0))))[0]
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples[:0]
