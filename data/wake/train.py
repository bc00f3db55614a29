"""Train the head of "hey carpal": `python data/wake/train.py MODEL INTO.npz [--kokoro FOLDER]`.

MODEL is the folder of the speech embedding (`carpal models get wake`).  Every voice is synthetic;
those that `agent.evaluate.wake_voices` holds out are not among them.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.evaluate.wake_making import (
    SEED,
    SHORTEST,
    Listened,
    Spoken,
    learnt,
    listened,
    note,
    plain,
)
from agent.evaluate.wake_training import Windows
from agent.voice.ears.head import Embedder
from data.wake.kokoro import Kokoro, ipa
from data.wake.texts import NEAR, PHRASE, SAID, sentences

Samples = NDArray[np.int16]
ACCENTS = ("en-us", "en-gb", "en-us", "en-029")


@dataclass(frozen=True)
class Amount:
    """How many clips of each kind."""

    plain: int = 900
    neural: int = 200
    near: int = 900
    neural_near: int = 120
    other: int = 900
    neural_other: int = 60
    noises: int = 150
    copies: int = 3


def said(amount: Amount, kokoro: Kokoro | None) -> Spoken:
    """Return all that is said."""
    chance = np.random.default_rng(SEED)
    texts = [str(one) for one in chance.choice(SAID, amount.plain)]
    phrases = plain(texts, chance) + neural(SAID[:1] * amount.neural, kokoro, chance)
    note(f"{len(phrases)} phrases")
    texts = [str(one) for one in chance.choice(NEAR, amount.near)]
    some = [str(one) for one in chance.choice(NEAR, amount.neural_near)]
    near = plain(texts, chance) + neural(some, kokoro, chance)
    note(f"{len(near)} near misses")
    texts = sentences(chance, amount.other + amount.neural_other)
    others = plain(texts[: amount.other], chance)
    others += neural(texts[amount.other :], kokoro, chance)
    note(f"{len(others)} others")
    return Spoken(phrases, near, others)


def neural(
    texts: Sequence[str], kokoro: Kokoro | None, chance: np.random.Generator
) -> list[Samples]:
    """Return each text by a neural voice of nobody; none without the model."""
    made = []
    for text in texts if kokoro is not None else ():
        assert kokoro is not None
        accent = ACCENTS[int(chance.integers(len(ACCENTS)))]
        speed = float(chance.uniform(0.75, 1.3))
        made.append(kokoro.say(ipa(text, accent), kokoro.voice(chance), speed))
    return [one for one in made if len(one) > SHORTEST]


def main() -> None:
    """Make the clips, learn, choose the threshold, and say how good it is."""
    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=Path)
    parser.add_argument("into", type=Path)
    parser.add_argument("--kokoro", type=Path)
    parser.add_argument("--keep", type=Path, help="a file of what was heard, for another try")
    parser.add_argument("--tenth", action="store_true", help="a tenth of the clips, for a try")
    told = parser.parse_args()
    amount = Amount()
    if told.tenth:
        amount = Amount(**{name: -(-value // 10) for name, value in vars(amount).items()})
    if told.keep and told.keep.exists():
        every = _load(told.keep)
    else:
        spoken = said(amount, Kokoro(told.kokoro) if told.kokoro else None)
        copies, noises = amount.copies, amount.noises
        embedder = Embedder(told.model)
        every = listened(spoken, embedder, copies=copies, noises=noises, tell=note)
    if told.keep and not told.keep.exists():
        _keep(told.keep, every)
    note(f"threshold {learnt(every, phrase=PHRASE, into=told.into, tell=note).threshold:.3f}")


def _keep(path: Path, every: Listened) -> None:
    streams = [*every.near, *every.back_yes, *every.back_no]
    np.savez(
        path,
        embeddings=every.windows.embeddings.astype(np.float16),
        begins=every.windows.begins,
        labels=every.windows.labels,
        streams=np.concatenate(streams).astype(np.float16),
        lengths=np.array([len(one) for one in streams]),
        counts=np.array([len(every.near), len(every.back_yes)]),
    )


def _load(path: Path) -> Listened:
    held = np.load(path)
    streams = np.split(held["streams"].astype(np.float32), np.cumsum(held["lengths"])[:-1])
    near, yes = (int(one) for one in held["counts"])
    return Listened(
        Windows(held["embeddings"].astype(np.float32), held["begins"], held["labels"]),
        streams[:near],
        streams[near : near + yes],
        streams[near + yes :],
    )


if __name__ == "__main__":
    main()
