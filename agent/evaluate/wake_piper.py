"""The wake phrase as a Piper voice says it, where one is set up: a neural voice, held out too."""

from collections.abc import Sequence
from pathlib import Path

from agent.voice.wake_training.neural import Neural
from agent.voice.wake_training.voices import HELD_OUT_SPEEDS, Trial, Voice

SEED = 1
TAKES = 3  # it says a phrase differently each time


def trials(path: Path, phrases: Sequence[str]) -> list[Trial]:
    """Return each of *phrases* at several speeds by the voice *path*, alike in every run.

    Raise ModelError or DeliveryError where it cannot speak.
    """
    found = []
    for speed in HELD_OUT_SPEEDS:
        voice = Neural(path, speed=speed, seed=SEED)
        for phrase in phrases:
            described = Voice("piper", phrase, speed)
            found += [Trial(voice.say(phrase), described) for _ in range(TAKES)]
    return found
