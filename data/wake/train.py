"""Train the head of "hey carpal": `python data/wake/train.py MODEL INTO.npz [--kokoro FOLDER]`.

MODEL is the folder of the speech embedding (`carpal models get wake`).  Every voice is synthetic;
those that `agent.evaluate.wake_voices` holds out are not among them.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.evaluate import wake_mixing as mixing
from agent.evaluate.wake_training import (
    Windows,
    fit,
    heard,
    joined,
    made_up,
    save,
    scores,
    spoiled,
    windows_of,
)
from agent.evaluate.wake_voices import say, trained
from agent.voice.ears.events import RATE_HZ
from agent.voice.ears.head import Embedder, Head
from data.wake.kokoro import Kokoro, ipa
from data.wake.texts import NEAR, PHRASE, SAID, sentences

Samples = NDArray[np.int16]
Chance = np.random.Generator
Clip = tuple[Samples, int | None]
Make = Callable[[Samples, Sequence[Samples], Chance], Clip]
SEED = 6
KEPT_BACK = 0.12  # of the clips choose the threshold, and nothing is learnt from them
FALSE_PER_HOUR_MAX = 0.2
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


class Clips:
    """All that is said, made once."""

    def __init__(self, amount: Amount, kokoro: Kokoro | None) -> None:
        chance = np.random.default_rng(SEED)
        self._chance, self._kokoro = chance, kokoro
        said = [str(one) for one in chance.choice(SAID, amount.plain)]
        self.phrases = [*self._plain(said), *self._neural(SAID[:1] * amount.neural)]
        _note(f"{len(self.phrases)} phrases")
        near = [str(one) for one in chance.choice(NEAR, amount.near)]
        some = [str(one) for one in chance.choice(NEAR, amount.neural_near)]
        self.near = [*self._plain(near), *self._neural(some)]
        _note(f"{len(self.near)} near misses")
        texts = sentences(chance, amount.other + amount.neural_other)
        self.other = [
            *self._plain(texts[: amount.other]),
            *self._neural(texts[amount.other :]),
        ]
        _note(f"{len(self.other)} others")

    def _plain(self, texts: list[str]) -> list[Samples]:
        voices = trained(self._chance, len(texts))
        made = [say(text, voice) for text, voice in zip(texts, voices, strict=True)]
        return [one for one in made if len(one) > RATE_HZ // 5]

    def _neural(self, texts: list[str] | tuple[str, ...]) -> list[Samples]:
        if self._kokoro is None:
            return []
        made = []
        for text in texts:
            accent = ACCENTS[int(self._chance.integers(len(ACCENTS)))]
            speed = float(self._chance.uniform(0.75, 1.3))
            made.append(
                self._kokoro.say(ipa(text, accent), self._kokoro.voice(self._chance), speed)
            )
        return [one for one in made if len(one) > RATE_HZ // 5]


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
        kept, back = _load(told.keep)
    else:
        clips = Clips(amount, Kokoro(told.kokoro) if told.kokoro else None)
        kept, back = _windows(clips, Embedder(told.model), amount)
    if told.keep and not told.keep.exists():
        _keep(told.keep, kept, back)
    _note(f"{len(kept.labels)} windows, {int(kept.labels.sum())} with the phrase")
    weights = fit(kept, phrase=PHRASE, seed=SEED)
    weights["threshold"] = np.asarray(_threshold(Head(weights), back), dtype=np.float32)
    save(weights, told.into)
    _note(f"threshold {float(weights['threshold']):.3f}")


@dataclass(frozen=True)
class Back:
    """What chooses the threshold: the scores' streams with the phrase, and without."""

    yes: list[NDArray[np.float32]]
    no: list[NDArray[np.float32]]


def _windows(clips: Clips, embedder: Embedder, amount: Amount) -> tuple[Windows, Back]:
    chance = np.random.default_rng(SEED + 1)
    kept, back = list[Windows](), Back([], [])
    others = clips.other

    def take(make: Make, voices: Iterable[Samples], copies: int) -> None:
        for voice in voices:
            aside = chance.random() < KEPT_BACK
            for _ in range(1 if aside else copies):
                samples, end = make(voice, others, chance)
                embeddings = heard(samples, embedder)
                if aside:
                    (back.no if end is None else back.yes).append(embeddings)
                else:
                    kept.append(windows_of(embeddings, end))
        _note(f"{len(kept)} clips heard")

    take(made_up, clips.phrases, amount.copies)
    take(_without, clips.near, 2)
    take(_other, clips.other, 2)
    take(_as_it_is, _noises(amount.noises, others, chance), 1)
    return joined(kept), back


def _without(voice: Samples, others: Sequence[Samples], chance: Chance) -> Clip:
    return made_up(voice, others, chance)[0], None


def _as_it_is(voice: Samples, _: Sequence[Samples], __: Chance) -> Clip:
    return voice, None


def _other(voice: Samples, others: Sequence[Samples], chance: Chance) -> Clip:
    stretched = mixing.stretched(voice, float(chance.uniform(0.84, 1.2)))
    level = mixing.VOICE_RMS / max(1.0, mixing.loudness(stretched))
    silence = np.zeros(RATE_HZ, np.float32)
    whole = np.concatenate([silence, stretched * np.float32(level), silence[: RATE_HZ // 2]])
    return spoiled(whole, others, chance), None


def _noises(count: int, others: list[Samples], chance: np.random.Generator) -> Iterator[Samples]:
    for _ in range(count):
        made = mixing.noise(10 * RATE_HZ, others, chance)
        level = 10 ** chance.uniform(1, 3.8) / max(1e-9, float(np.sqrt(np.mean(made**2))))
        yield mixing.as_samples(made * np.float32(level))


def _keep(path: Path, kept: Windows, back: Back) -> None:
    streams = [*back.yes, *back.no]
    np.savez(
        path,
        embeddings=kept.embeddings.astype(np.float16),
        begins=kept.begins,
        labels=kept.labels,
        back=np.concatenate(streams),
        lengths=np.array([len(one) for one in streams]),
        yes=np.array(len(back.yes)),
    )


def _load(path: Path) -> tuple[Windows, Back]:
    held = np.load(path)
    embeddings = held["embeddings"].astype(np.float32)
    streams = np.split(held["back"], np.cumsum(held["lengths"])[:-1])
    yes = int(held["yes"])
    kept = Windows(embeddings, held["begins"], held["labels"])
    return kept, Back(streams[:yes], streams[yes:])


def _threshold(head: Head, back: Back) -> float:
    """Return the lowest threshold with few enough false alarms in what was kept back."""
    yes = [float(scores(head, one).max(initial=0)) for one in back.yes]
    no = [float(scores(head, one).max(initial=0)) for one in back.no]
    hours = sum(len(one) for one in back.no) * 0.08 / 3600
    for threshold in (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995):
        false = sum(one > threshold for one in no)
        hits = sum(one > threshold for one in yes) / len(yes)
        _note(f"{threshold:.3f}: {hits:.4f} of {len(yes)}, {false} false in {hours:.2f} h")
        if false / hours <= FALSE_PER_HOUR_MAX:
            break
    return float(threshold)


def _note(text: str) -> None:
    sys.stdout.write(f"{time.process_time():7.0f} s  {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
