"""`python -m agent.evaluate.wake`: is the wake phrase heard, and is anything else taken for it?

`carpal evaluate wake` runs this in a process of its own and shows what it prints (see `apart`).

The whole ears listen: gate, voice activity, gain, detector.  "false wakes" are counted over every
different recording in `speech` of the folder with the reference data, which no head was trained
on; so few hours say little, so the 95 % upper bound of what they allow is told too.  "wake hits"
are of synthetic voices that are held out (see `agent.voice.wake_training.voices`; a Piper voice
where it is set up), at several speeds, at three gains in a quiet room, and at arm's length in
kitchen noise.
"near phrases" are what sounds like "hey carpal", by the same voices: how many of them wake it.
"""

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, factorial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.errors import DeliveryError, ModelError
from agent.evaluate import wake_piper
from agent.evaluate.apart import NONE
from agent.figures import Figure, Table, at_least, at_most, shown, table
from agent.voice.ears.detectors import detector_of
from agent.voice.ears.events import RATE_HZ, Woken
from agent.voice.ears.heard import Heard
from agent.voice.ears.listener import Listener
from agent.voice.ears.listening import shipped_head
from agent.voice.ears.sources.file import SoundFile
from agent.voice.wake_training.mixing import as_samples, coloured, mixed
from agent.voice.wake_training.voices import Trial, Voice, held_out, say

Samples = NDArray[np.int16]

DEFAULT, OWN = "okay nabu", "hey carpal"
HITS_AIM = 0.95
FALSE_AIM = 0
GAINS = (1.0, 0.3, 0.1)
SNRS_DB = (24, 18, 12, 6)
BEFORE_S, AFTER_S = 2.0, 1.0
ROOM = 4.0  # of 32,768: the noise of a quiet room through a good microphone
ENDINGS = ("*.wav", "*.flac")
CONFIDENCE = 0.95
NEAR_LEARNT = ("hey carpool", "hey cargo", "hey car", "a carpet", "hey marble")
NEAR_NEW = ("hey cardboard", "hey harbor", "hey carnival", "hey market", "a carp in the pool")
"""The first are among what the head learnt as not the phrase, the others are not."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a trial was heard under one condition."""

    trial: Trial
    condition: str
    heard: bool


def evaluate(data: Path, models: Path | None, extra: Sequence[Trial] = ()) -> Table:
    """Return the figures over *data*; *models* is the folder of the model `wake`.

    *extra* are more trials of either phrase, by the name of its voice: those of a Piper voice.
    Raise ModelError where there is nothing to hear or to say.
    """
    phrases = [DEFAULT] if models is None else [DEFAULT, OWN]
    noise = _noise(data)
    recordings = list(_unique(data / "speech"))
    if not recordings:
        raise ModelError(f"there are no recordings in {data / 'speech'}")
    figures = list[Figure]()
    hours = sum(len(one) for one in recordings) / RATE_HZ / 3600
    for phrase in phrases:
        listen = Listening(phrase, models)
        trials = [Trial(say(phrase, voice), voice) for voice in held_out()]
        trials += [one for one in extra if one.voice.name.endswith(phrase)]
        if not trials:
            raise ModelError("nobody says the phrase: neither espeak-ng nor flite is installed")
        figures += _hit_figures(phrase, list(_outcomes(listen, trials, noise)))
        false = sum(listen.wakes(one) for one in recordings)
        figures += _false_figures(phrase, false, hours)
        if phrase == OWN:
            figures += _near_figures(listen)
    return table("wake", f"{data}: {hours:.2f} h unique", len(recordings), figures)


class Listening:
    """The ears with one phrase, in this process."""

    def __init__(self, phrase: str, models: Path | None) -> None:
        folder = "" if models is None else str(models)
        self._heard = Heard(wake=shipped_head(phrase), folder=folder, loudness_s=0)
        self._detector = detector_of(self._heard)

    def wakes(self, samples: Samples) -> int:
        """Return how often the phrase is heard in *samples*."""
        if self._detector is not None:
            self._detector.reset()  # nothing of the recording before it
        listener = Listener(self._heard, self._detector)
        return sum(isinstance(event, Woken) for event in listener.feed(samples))


def upper_bound(count: int) -> float:
    """Return the mean of a Poisson that gives *count* or fewer with a chance of 5 %.

    The exact one-sided bound (Garwood 1936, Biometrika 28), found by halving.
    """
    low, high = 0.0, 10.0 + 3.0 * count
    for _ in range(60):
        middle = (low + high) / 2
        fewer = sum(exp(-middle) * middle**k / factorial(k) for k in range(count + 1))
        low, high = (middle, high) if fewer > 1 - CONFIDENCE else (low, middle)
    return high


def _outcomes(
    listen: Listening, trials: Sequence[Trial], noise: Samples | None
) -> Iterator[Outcome]:
    chance = np.random.default_rng(1)
    for trial in trials:
        for gain in GAINS:
            heard = listen.wakes(_in_room(trial.said, gain, chance)) > 0
            yield Outcome(trial, f"gain {gain:g}", heard)
        for snr_db in SNRS_DB if noise is not None else ():
            assert noise is not None
            heard = listen.wakes(_in_kitchen(trial.said, noise, snr_db, chance)) > 0
            yield Outcome(trial, f"kitchen {snr_db} dB", heard)


def _in_room(said: Samples, gain: float, chance: np.random.Generator) -> Samples:
    quiet = _placed(said.astype(np.float32) * np.float32(gain))
    room = coloured(len(quiet), 1.0, chance)
    return as_samples(quiet + room * np.float32(ROOM / float(room.std())))


def _in_kitchen(
    said: Samples, noise: Samples, snr_db: float, chance: np.random.Generator
) -> Samples:
    voice = _placed(said.astype(np.float32) * np.float32(GAINS[1]))
    begin = int(chance.integers(0, max(1, len(noise) - len(voice))))
    part = np.resize(noise[begin : begin + len(voice)], len(voice)).astype(np.float32)
    return as_samples(mixed(voice, part, snr_db))


def _placed(voice: NDArray[np.float32]) -> NDArray[np.float32]:
    before, after = (np.zeros(int(s * RATE_HZ), np.float32) for s in (BEFORE_S, AFTER_S))
    return np.concatenate([before, voice, after])


def _hit_figures(phrase: str, outcomes: Sequence[Outcome]) -> Iterator[Figure]:
    share = sum(one.heard for one in outcomes) / len(outcomes)
    name = "wake hits" if phrase == DEFAULT else f"wake hits of {phrase}"
    yield at_least(name, share, HITS_AIM, unit="fraction", n=len(outcomes))
    for condition in dict.fromkeys(one.condition for one in outcomes):
        yield _row(f"{phrase}, {condition}", [o for o in outcomes if o.condition == condition])
    for program in dict.fromkeys(_speaker(one.trial.voice) for one in outcomes):
        those = [one for one in outcomes if _speaker(one.trial.voice) == program]
        yield _row(f"{phrase}, {program}", those)


def _speaker(voice: Voice) -> str:
    return voice.program if voice.program == "piper" else f"{voice.program} {voice.name}"


def _row(group: str, those: Sequence[Outcome]) -> Figure:
    share = sum(one.heard for one in those) / len(those)
    return shown("wake hits", share, unit="fraction", n=len(those), group=group)


def _false_figures(phrase: str, count: int, hours: float) -> Iterator[Figure]:
    name = "false wakes" if phrase == DEFAULT else f"false wakes of {phrase}"
    minutes = round(hours * 60)
    yield at_most(name, count, FALSE_AIM, unit=f"in {hours:.2f} h", n=minutes)
    bound = upper_bound(count) / hours
    group = f"{phrase}, at most, 95 %"
    yield shown("false wakes", bound, unit="per hour", n=minutes, group=group)


def _near_figures(listen: Listening) -> Iterator[Figure]:
    chance = np.random.default_rng(2)
    for kind, texts in (("learnt", NEAR_LEARNT), ("new", NEAR_NEW)):
        made = [say(text, voice) for text in texts for voice in held_out()]
        count = sum(listen.wakes(_in_room(said, GAINS[1], chance)) > 0 for said in made)
        group = f"{OWN}, near phrases, {kind}"
        yield shown("false wakes", count, unit=f"of {len(made)}", n=len(made), group=group)


def _noise(data: Path) -> Samples | None:
    path = data / "speech" / "noise" / "kitchen.wav"
    return read(path) if path.is_file() else None


def _unique(folder: Path) -> Iterator[Samples]:
    seen = set[bytes]()
    for path in sorted(path for ending in ENDINGS for path in folder.rglob(ending)):
        samples = read(path)
        digest = hashlib.sha256(samples.tobytes()).digest()
        if digest not in seen:
            seen.add(digest)
            yield samples


def read(path: Path) -> Samples:
    """Return the whole sound file *path* at 16 kHz; raise ModelError."""
    try:
        source = SoundFile(Heard(source=str(path)))
    except DeliveryError as error:
        raise ModelError(str(error)) from error
    pieces = [np.zeros(0, np.int16)]
    while (block := source.read()) is not None:
        pieces.append(block.samples)
    source.close()
    return np.concatenate(pieces)


def main() -> None:
    """Print the table: arguments are the recordings, the model `wake` and a Piper voice, or `-`."""
    data, models, voice = (None if one == NONE else Path(one) for one in sys.argv[1:])
    assert data is not None
    try:
        spoken = [] if voice is None else wake_piper.trials(voice, (DEFAULT, OWN))
        sys.stdout.write(json.dumps(evaluate(data, models, spoken)))
    except (ModelError, DeliveryError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
