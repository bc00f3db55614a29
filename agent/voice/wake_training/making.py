"""Make the head of a wake phrase from synthetic voices and, on the device, the wearer's own.

Every part of it is a generator that yields the steps it has done and returns what it made, so
that a bar can be shown and a worker can be told to stop.  The same seed, programs and processor,
on one thread, give the same bits.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from agent.errors import ModelError
from agent.voice.ears.events import RATE_HZ
from agent.voice.ears.head import Embedder, Head
from agent.voice.wake_training import mixing
from agent.voice.wake_training.clips import (
    Windows,
    heard,
    joined,
    made_up,
    spoiled,
    windows_of,
)
from agent.voice.wake_training.fitting import EPOCHS, Weights, fitting, scores, surest
from agent.voice.wake_training.voices import say, trained

Samples = NDArray[np.int16]
Floats = NDArray[np.float32]
Chance = np.random.Generator
Clip = tuple[Samples, int | None]
Make = Callable[[Samples, Sequence[Samples], Chance], Clip]
Step = tuple[str, float]
"""What is done, and how much work that was, in seconds of a slow core."""

SEED = 6
KEPT_BACK = 0.12  # of the clips choose the threshold, and nothing is learnt from them
TOO_NEAR = 0.5
LOST_MAX = 0.01  # of the phrases kept back, to a higher threshold
OWN_CLIPS = 240  # of all recordings of the wearer's together
SHORTEST = RATE_HZ // 5
THRESHOLDS = (0.5, 0.6, 0.7, 0.8)  # over these, phrases in noise are lost before false wakes are
SAID_S, HEARD_S = 0.02, 0.04
EPOCH_S = 15e-6  # for each window
WINDOWS = 35  # in a clip
PROOF_S = 12.0


@dataclass(frozen=True, kw_only=True)
class Amount:
    """How many clips of each kind, and how often each is heard, spoiled differently."""

    phrases: int = 500
    near: int = 400
    others: int = 900
    noises: int = 60
    copies: int = 3
    other_copies: int = 1
    heads: int = 2

    def part(self, share: float) -> Self:
        """Return so much of it, for a try."""
        fewer = (self.phrases, self.near, self.others, self.noises)
        phrases, near, others, noises = (max(1, round(share * one)) for one in fewer)
        return replace(self, phrases=phrases, near=near, others=others, noises=noises)

    @property
    def work_s(self) -> float:
        """Return about how much work all steps are."""
        texts = self.phrases + self.near + self.others
        copied = self.phrases * self.copies + self.others * self.other_copies
        clips = self.near + copied + self.noises
        epochs = EPOCHS * (1 + self.heads)
        return SAID_S * texts + (HEARD_S + EPOCH_S * WINDOWS * epochs) * clips + PROOF_S


@dataclass(frozen=True)
class Texts:
    """What is said: the phrase in some spellings, what sounds like it, everything else."""

    phrases: Sequence[str]
    near: Sequence[str]
    others: Sequence[str]


@dataclass(frozen=True)
class Spoken:
    """What voices said; and the wearer's own recordings of the phrase."""

    phrases: Sequence[Samples]
    near: Sequence[Samples]
    others: Sequence[Samples]
    own: Sequence[Samples] = ()


@dataclass(frozen=True)
class Listened:
    """Embeddings of all clips: to learn from, and kept back to choose the threshold."""

    windows: Windows
    near: list[Floats]
    """Of each clip with what sounds like the phrase."""
    back_yes: list[Floats]
    back_no: list[Floats]


@dataclass(frozen=True)
class Learnt:
    """A head, and how the threshold in it was found."""

    weights: Weights
    told: list[str]


def spoken(texts: Texts, own: Sequence[Samples], chance: Chance) -> Generator[Step, None, Spoken]:
    """Return each of *texts* by a voice that is not held out; raise ModelError."""
    said = []
    for kind, lines in (("phrase", texts.phrases), ("near", texts.near), ("other", texts.others)):
        made = []
        for text, voice in zip(lines, trained(chance, len(lines)), strict=True):
            made.append(say(text, voice))
            yield f"speaking: {kind}", SAID_S
        said.append([one for one in made if len(one) > SHORTEST])
    if not said[0]:
        raise ModelError("nobody says the phrase: espeak-ng is not installed, or says nothing")
    return Spoken(said[0], said[1], said[2], own)


def listened(
    said: Spoken, embedder: Embedder, amount: Amount, chance: Chance
) -> Generator[Step, None, Listened]:
    """Return what all clips sound like to the embedding."""
    own_copies = -(-OWN_CLIPS // max(1, len(said.own)))
    noises = noises_of(amount.noises, said.others, chance)
    kinds: tuple[tuple[Make, Iterable[Samples], int], ...] = (
        (made_up, said.phrases, amount.copies),
        (_own, said.own, own_copies),
        (_other, said.others, amount.other_copies),
        (_as_it_is, noises, 1),
    )
    near, learn = list[Floats](), list[Windows]()
    back_yes, back_no = list[Floats](), list[Floats]()
    for voice in said.near:
        near.append(heard(_without(voice, said.others, chance)[0], embedder))
        yield "hearing: near", HEARD_S
    for make, voices, copies in kinds:
        for voice in voices:
            aside = make is not _own and chance.random() < KEPT_BACK  # of those there are few
            for _ in range(1 if aside else copies):
                samples, end = make(voice, said.others, chance)
                found = heard(samples, embedder)
                if not aside:
                    learn.append(windows_of(found, end))
                else:
                    (back_no if end is None else back_yes).append(found)
                yield "hearing", HEARD_S
    return Listened(joined(learn), near, back_yes, back_no)


def learnt(every: Listened, *, phrase: str, heads: int) -> Generator[Step, None, Learnt]:
    """Return the head that *every* teaches.

    What sounds so like the phrase that a head which never heard it takes it for that teaches only
    to tell one synthesizer from another: with all of it 0.70 of the phrases in voices that are
    held out were heard, without that part 0.97.  It is left out; the rest of the near misses is
    learnt as what is not the phrase.
    """
    windows, told = every.windows, list[str]()
    told.append(f"{len(windows.labels)} windows, {int(windows.labels.sum())} with the phrase")
    first = Head((yield from _fitted(windows, phrase)))
    other = [one for one in every.near if surest(first, one) <= TOO_NEAR]
    told.append(f"{len(other)} of {len(every.near)} near misses are no phrase by their sound")
    whole = joined([windows, *(windows_of(one, None) for one in other)])
    weights = yield from _fitted(whole, phrase, heads=heads)
    weights["threshold"] = np.asarray(threshold_for(Head(weights), every, told), np.float32)
    return Learnt(weights, told)


def threshold_for(head: Head, every: Listened, told: list[str]) -> float:
    """Return the highest threshold that hears as many of the phrases kept back as the lowest.

    False wakes in what was kept back are told, and decide nothing: so few minutes of synthetic
    voices allowed 0.5 for a phrase that three of 120 other sentences were then taken for.
    """
    yes = [float(scores(head, one).max(initial=0)) for one in every.back_yes]
    no = [float(scores(head, one).max(initial=0)) for one in every.back_no]
    hours = max(1, sum(len(one) for one in every.back_no)) * 0.08 / 3600
    chosen, all_hits = THRESHOLDS[0], 0.0
    for threshold in THRESHOLDS:
        false = sum(one > threshold for one in no)
        hits = sum(one > threshold for one in yes) / max(1, len(yes))
        told.append(f"{threshold:.3f}: {hits:.4f} of {len(yes)}, {false} false in {hours:.2f} h")
        all_hits = max(all_hits, hits)
        if hits < all_hits - LOST_MAX:
            break
        chosen = threshold
    return chosen


def noises_of(count: int, others: Sequence[Samples], chance: Chance) -> Iterator[Samples]:
    """Yield *count* clips of ten seconds without a voice alone in them."""
    for _ in range(count):
        made = mixing.noise(10 * RATE_HZ, others, chance)
        level = 10 ** chance.uniform(1, 3.8) / max(1e-9, float(np.sqrt(np.mean(made**2))))
        yield mixing.as_samples(made * np.float32(level))


def _fitted(windows: Windows, phrase: str, *, heads: int = 1) -> Generator[Step, None, Weights]:
    work = fitting(windows, phrase=phrase, seed=SEED, heads=heads)
    while True:
        try:
            next(work)
        except StopIteration as ended:
            found: Weights = ended.value
            return found
        yield "learning", EPOCH_S * len(windows.labels)


def _own(voice: Samples, others: Sequence[Samples], chance: Chance) -> Clip:
    return made_up(voice, others, chance, own=True)


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
