"""What a room, a microphone and other sound make of a clean voice.  All of it synthetic."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agent.voice.ears.events import RATE_HZ

Samples = NDArray[np.int16]
Floats = NDArray[np.float32]
Chance = np.random.Generator

VOICE_RMS = 3_000.0  # of 32,768: a phrase said at an arm's length


def loudness(samples: Floats) -> float:
    """Return the RMS of the parts that are not silent (32 ms; the louder half of them)."""
    whole = len(samples) // 512 * 512
    if not whole:
        return float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0
    energies = np.sort((samples[:whole].reshape(-1, 512) ** 2).mean(axis=1))
    return float(np.sqrt(energies[len(energies) // 2 :].mean()))


def mixed(voice: Floats, noise: Floats, snr_db: float) -> Floats:
    """Return *voice* with *noise* (as long) so much below its speech."""
    level = float(np.sqrt(np.mean(noise**2)))
    if level <= 0:
        return voice
    wanted = loudness(voice) / 10 ** (snr_db / 20)
    total: Floats = voice + noise * np.float32(wanted / level)
    return total


def coloured(length: int, slope: float, chance: Chance) -> Floats:
    """Return noise whose power falls with the frequency to the *slope*: 0 white, 1 pink."""
    spectrum = np.fft.rfft(chance.standard_normal(length))
    frequency = np.maximum(np.fft.rfftfreq(length, 1 / RATE_HZ), 20)
    made: Floats = np.fft.irfft(spectrum / frequency ** (slope / 2), length).astype(np.float32)
    return made


def clatter(length: int, chance: Chance) -> Floats:
    """Return dishes: short ringing strokes at odd times over a pink floor."""
    made = coloured(length, 1.0, chance)
    made *= np.float32(0.2 / max(1e-9, float(np.abs(made).max())))
    for _ in range(int(length / RATE_HZ * chance.uniform(1, 6)) + 1):
        begin, ring_s = int(chance.integers(0, length)), chance.uniform(0.02, 0.3)
        time = np.arange(min(length - begin, int(RATE_HZ * ring_s * 4))) / RATE_HZ
        tones = sum(
            np.sin(2 * np.pi * chance.uniform(600, 6000) * time + chance.uniform(0, 6))
            for _ in range(4)
        )
        made[begin : begin + len(time)] += (
            tones * np.exp(-time / ring_s) * chance.uniform(0.05, 0.5)
        ).astype(np.float32)
    return made


def babble(length: int, voices: Sequence[Samples], chance: Chance) -> Floats:
    """Return several people talking at once."""
    made = np.zeros(length, dtype=np.float32)
    for _ in range(int(chance.integers(2, 6))):
        voice = voices[int(chance.integers(len(voices)))].astype(np.float32)
        repeated = np.resize(voice, length + len(voice)) / max(1.0, loudness(voice))
        begin = int(chance.integers(0, len(voice) + 1))
        made += repeated[begin : begin + length] * np.float32(chance.uniform(0.3, 1))
    return made


def noise(length: int, voices: Sequence[Samples], chance: Chance) -> Floats:
    """Return one of the kinds of noise."""
    kind = chance.random()
    if kind < 0.45 or not voices:
        return coloured(length, float(chance.uniform(0, 2)), chance)
    return clatter(length, chance) if kind < 0.7 else babble(length, voices, chance)


def in_room(voice: Floats, chance: Chance) -> Floats:
    """Return *voice* as a room gives it back: exponentially decaying noise as its answer.

    The statistical model of reverberation (Polack 1988; Habets 2010, section 2.4).
    """
    decay_s = chance.uniform(0.1, 0.7)
    length = int(RATE_HZ * decay_s)
    tail = chance.standard_normal(length) * 10 ** (-3 * np.arange(length) / length)
    tail[: int(RATE_HZ * 0.003)] = 0
    tail *= chance.uniform(0.1, 0.9) / np.sqrt((tail**2).sum())
    tail[0] = 1.0
    size = 1 << (len(voice) + length - 1).bit_length()
    product = np.fft.irfft(np.fft.rfft(voice, size) * np.fft.rfft(tail, size), size)
    made: Floats = product[: len(voice) + length // 2].astype(np.float32)
    return made


def through_microphone(voice: Floats, chance: Chance) -> Floats:
    """Return *voice* with some frequencies more and some less, as small microphones have it."""
    spectrum = np.fft.rfft(voice)
    frequency = np.maximum(np.fft.rfftfreq(len(voice), 1 / RATE_HZ), 1)
    gain_db = chance.uniform(-4, 4) * np.log2(frequency / 1000) / 2
    gain_db += chance.uniform(0, 3) * np.sin(chance.uniform(0, 6) + np.log2(frequency) * 2)
    gain_db -= 12 * np.maximum(0, np.log2(chance.uniform(50, 250) / frequency))
    gain_db -= 12 * np.maximum(0, np.log2(frequency / chance.uniform(3500, 9000)))
    made: Floats = np.fft.irfft(spectrum * 10 ** (gain_db / 20), len(voice)).astype(np.float32)
    return made


def stretched(voice: Samples, factor: float) -> Floats:
    """Return *voice* faster and higher by *factor*, as a smaller throat would say it."""
    places = np.arange(0, len(voice) - 1, factor)
    made: Floats = np.interp(places, np.arange(len(voice)), voice).astype(np.float32)
    return made


def as_samples(voice: Floats) -> Samples:
    """Return *voice* as 16 bit, clipped as a microphone clips."""
    made: Samples = np.clip(np.rint(voice), -32768, 32767).astype(np.int16)
    return made
