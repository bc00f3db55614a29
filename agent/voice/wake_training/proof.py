"""How good a head is, said in voices that it never heard: what `carpal voice phrase` tells."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from agent.voice.ears.events import RATE_HZ
from agent.voice.ears.head import HOP, Embedder, Head
from agent.voice.wake_training import mixing
from agent.voice.wake_training.clips import heard
from agent.voice.wake_training.fitting import scores
from agent.voice.wake_training.making import HEARD_S, SAID_S, Samples, Step
from agent.voice.wake_training.texts import sentences
from agent.voice.wake_training.voices import held_out, say

SEED = 7  # no sentence of the training is among these
GAINS = (1.0, 0.1)
NOISE_DB = 12.0
SENTENCES = 120
BEFORE, AFTER = 2 * RATE_HZ, RATE_HZ


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was heard of the phrase, and what else was taken for it."""

    hits: int
    trials: int
    """Each voice at two gains in a quiet room, and in noise at 12 dB."""
    false: int
    minutes: float
    """Of random words, by the same voices."""


def proven(head: Head, embedder: Embedder) -> Generator[Step, None, Proof]:
    """Return how *head* does with the voices that are held out."""
    chance = np.random.default_rng(SEED)
    voices = held_out()

    def wakes(samples: Samples) -> bool:
        found = scores(head, heard(samples, embedder))
        return float(found.max(initial=0)) > head.threshold

    hits, trials = 0, 0
    for voice in voices:
        said = _placed(say(head.phrase, voice))
        noise = mixing.coloured(len(said), 1.0, chance)
        quiet = noise * np.float32(4 / float(noise.std()))
        made = [said * np.float32(gain) + quiet for gain in GAINS]
        made.append(mixing.mixed(said, noise, NOISE_DB))
        hits += sum(wakes(mixing.as_samples(one)) for one in made)
        trials += len(made)
        yield "trying", SAID_S + HEARD_S * len(made)
    false, length = 0, 0
    for number, text in enumerate(sentences(SENTENCES, chance)):
        samples = mixing.as_samples(_placed(say(text, voices[number % len(voices)])))
        false += wakes(samples)
        length += len(samples)
        yield "trying", SAID_S + HEARD_S
    return Proof(hits=hits, trials=trials, false=false, minutes=round(length / RATE_HZ / 60, 1))


def _placed(said: Samples) -> mixing.Floats:
    silence = np.zeros(BEFORE // HOP * HOP, np.float32)
    return np.concatenate([silence, said.astype(np.float32), silence[:AFTER]])
