"""Train the head of "hey carpal": `python -m data.wake.train MODEL INTO.npz`.

MODEL is the folder of the speech embedding (`carpal models get wake`).  Every voice is synthetic:
espeak-ng's and flite's, but for those that `agent.voice.wake_training.voices` holds out.  The
same programs on the same kind of processor make the same file, to the bit.
"""

import argparse
import os
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

import numpy as np

from agent.voice.ears.head import Embedder
from agent.voice.wake_training.clips import Windows
from agent.voice.wake_training.fitting import written
from agent.voice.wake_training.making import (
    SEED,
    Amount,
    Listened,
    Step,
    Texts,
    learnt,
    listened,
    spoken,
)
from data.wake.texts import NEAR, PHRASE, SAID, sentences

THREADS = "OPENBLAS_NUM_THREADS"
AMOUNT = Amount(phrases=1000, near=1000, others=3600, noises=150, copies=3, other_copies=1)
MadeT = TypeVar("MadeT")


def clips(amount: Amount, model: Path) -> Generator[Step, None, Listened]:
    """Return what all clips sound like."""
    chance = np.random.default_rng(SEED)
    texts = Texts(
        [str(one) for one in chance.choice(SAID, amount.phrases)],
        [str(one) for one in chance.choice(NEAR, amount.near)],
        sentences(chance, amount.others),
    )
    said = yield from spoken(texts, (), chance)
    return (yield from listened(said, Embedder(model), amount, chance))


def main() -> None:
    """Make the clips, learn, choose the threshold, and say how good it is."""
    if os.environ.get(THREADS) != "1":  # sums are as they are added: on one thread always alike
        again = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, again, {**os.environ, THREADS: "1"})  # noqa: S606 (ourselves)
    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=Path)
    parser.add_argument("into", type=Path)
    parser.add_argument("--keep", type=Path, help="a file of what was heard, for another try")
    parser.add_argument("--tenth", action="store_true", help="a tenth of the clips, for a try")
    told = parser.parse_args()
    amount = AMOUNT
    if told.tenth:
        amount = amount.part(0.1)
    if told.keep and told.keep.exists():
        every = _load(told.keep)
    else:
        every = through(clips(amount, told.model))
    if told.keep and not told.keep.exists():
        _keep(told.keep, every)
    made = through(learnt(every, phrase=PHRASE, heads=amount.heads))
    for line in made.told:
        note(line)
    told.into.write_bytes(written(made.weights))
    note(f"threshold {float(made.weights['threshold']):.3f}")


def through(work: Generator[Step, None, MadeT]) -> MadeT:
    """Do *work* and return what it makes, a line for each kind of it."""
    doing, count = "", 0
    while True:
        try:
            now, _ = next(work)
        except StopIteration as ended:
            note(f"{count} x {doing}")
            made: MadeT = ended.value
            return made
        if now != doing and doing:
            note(f"{count} x {doing}")
        count = count + 1 if now == doing else 1
        doing = now


def note(text: str) -> None:
    """Print *text* with the processor time spent so far."""
    sys.stdout.write(f"{time.process_time():7.0f} s  {text}\n")
    sys.stdout.flush()


def _keep(path: Path, every: Listened) -> None:
    streams = [*every.near, *every.back_yes, *every.back_no]
    np.savez(
        path,
        embeddings=every.windows.embeddings,
        begins=every.windows.begins,
        labels=every.windows.labels,
        streams=np.concatenate(streams),
        lengths=np.array([len(one) for one in streams]),
        counts=np.array([len(every.near), len(every.back_yes)]),
    )


def _load(path: Path) -> Listened:
    held = np.load(path)
    streams = np.split(held["streams"], np.cumsum(held["lengths"])[:-1])
    near, yes = (int(one) for one in held["counts"])
    return Listened(
        Windows(held["embeddings"], held["begins"], held["labels"]),
        streams[:near],
        streams[near : near + yes],
        streams[near + yes :],
    )


if __name__ == "__main__":
    main()
