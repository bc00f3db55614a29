"""Who speaks, by how near: the wearer's mouth is at the microphone, the other's farther off.  Pure.

At twice the distance a voice is 6 dB softer.  Where the levels of a talk fall into two groups that
lie well apart, the louder one is the wearer's; where they do not, nothing is told.
"""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log10
from statistics import median

RATE_HZ = 16_000
FRAME = RATE_HZ // 10
EVERY = 4  # samples: the level of a tenth of a second needs no more of them
SMOOTH = 5  # frames to either side: who speaks does not change within a syllable
BOUNDARY = 255  # between two sentences
FRAMES_MAX = 3 * 3600 * 10
HANGOVER = 2  # frames to either side of a voice: shorter silence belongs to a word
LOUD_SHARE = 0.95  # of the frames are softer than the loud voice at its loudest
SOFTEST_DB = 30.0  # below that: nobody who talks with us is thirty times as far away
OVER_ROOM_DB = 8.0  # over a sentence's quietest: its first and last frames are the room alone
SPEECH_MIN = 100  # frames: ten seconds
CLASS_MIN = 0.1  # of the speech: less is a cough
APART_DB = 8.0  # of the two groups' means
SEPARATION_MIN = 0.8  # Otsu's eta; one Gaussian cut in two has 0.64, an even spread 0.75
PAUSE_DB = 15.0  # below the softer voice
AROUND = 5  # frames to either side of the change of voices
PAUSE = 2  # frames: people wait for 0.2 s (Stivers et al. 2009, PNAS 106(26))
TURN_MIN = 5  # frames: shorter is a word that agrees


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a talk of two was like."""

    own_share: float
    """Of all that was spoken, what the wearer said (0 to 1)."""
    interruptions: int
    """How often the wearer began before the other had paused."""


class Nearness:
    """Takes the sentences of a talk; keeps a byte for each tenth of a second."""

    def __init__(self) -> None:
        self._levels = bytearray()

    def sentence(self, pcm: bytes) -> None:
        """Take what was said between two silences, by whomever (16 kHz, 16 bit)."""
        if len(self._levels) < FRAMES_MAX:
            self._levels += bytes(_levels_db(pcm)) + bytes([BOUNDARY])

    def conversation(self) -> Conversation | None:
        """Return what it was like; None where the voices cannot be told apart."""
        heard = [bytes(one) for one in self._levels.split(bytes([BOUNDARY])) if one]
        stretches = _stretches(heard)
        smooth = [_smooth(one, SMOOTH) for one in stretches]
        spoken = [level for one in smooth for level in one]
        split = threshold(spoken)
        if split is None:
            return None
        far = [level for level in spoken if level <= split]
        silent_db = sum(far) / len(far) - PAUSE_DB
        own = count = 0
        for levels, smoothed in zip(stretches, smooth, strict=True):
            turns = _turns(smoothed, split)
            own += sum(one.end - one.begin for one in turns if one.near)
            count += _interruptions(levels, turns, silent_db)
        return Conversation(own / len(spoken), count)


@dataclass(frozen=True, slots=True)
class _Turn:
    """Some frames of a sentence in which one of the two spoke."""

    near: bool
    begin: int
    end: int


def threshold(levels_db: Sequence[int]) -> float | None:
    """Return the level between two groups; None where there is but one.

    Otsu (1979), "A threshold selection method from gray-level histograms", IEEE Transactions on
    Systems, Man, and Cybernetics 9(1): the cut with the greatest variance between the groups.
    """
    count, total = len(levels_db), sum(levels_db)
    if count < SPEECH_MIN:
        return None
    mean = total / count
    variance = sum((level - mean) ** 2 for level in levels_db) / count
    best, below, sum_below = (0.0, 0.0, 0.0), 0, 0
    for level, those in sorted(Counter(levels_db).items())[:-1]:
        below, sum_below = below + those, sum_below + level * those
        low, high = sum_below / below, (total - sum_below) / (count - below)
        share = below / count
        between = share * (1 - share) * (high - low) ** 2
        if min(share, 1 - share) >= CLASS_MIN and between > best[0]:
            best = (between, (low + high) / 2, high - low)
    between, middle, apart_db = best
    is_two = apart_db >= APART_DB and between >= SEPARATION_MIN * max(variance, 1e-9)
    return middle if is_two else None


def _levels_db(pcm: bytes) -> Iterator[int]:
    samples = memoryview(pcm[: len(pcm) // 2 * 2]).cast("h")
    for begin in range(0, len(samples) - FRAME + 1, FRAME):
        some = samples[begin : begin + FRAME : EVERY]
        yield round(10 * log10(1 + sum(one * one for one in some) / len(some)))


def _stretches(sentences: Sequence[bytes]) -> list[bytes]:
    """Return what was spoken without a long silence: silence is no soft voice."""
    if not sentences:
        return []
    levels = sorted(itertools.chain.from_iterable(sentences))
    loud_db = levels[int(LOUD_SHARE * (len(levels) - 1))]
    room_db = median(min(one) for one in sentences)
    silent_db = max(loud_db - SOFTEST_DB, room_db + OVER_ROOM_DB)
    found = list[bytes]()
    for sentence in sentences:
        frames = zip(sentence, _smooth(sentence, HANGOVER), strict=True)
        for is_voice, some in itertools.groupby(frames, lambda one: one[1] > silent_db):
            if is_voice:
                found.append(bytes(level for level, _ in some))
    return found


def _smooth(levels_db: Sequence[int], around: int) -> list[int]:
    """Return for each frame the loudest *around* it: a syllable has its soft sounds."""
    count = len(levels_db)
    return [max(levels_db[max(0, at - around) : at + around + 1]) for at in range(count)]


def _turns(smooth: Sequence[int], split: float) -> list[_Turn]:
    """Return who spoke when: the near voice without what smoothing gave it of the other's time."""
    count = len(smooth)
    changes = [at for at in range(1, count) if (smooth[at] > split) != (smooth[at - 1] > split)]
    ends = [at + SMOOTH if smooth[at] > split else at - SMOOTH for at in changes]
    bounds = [0, *(max(0, min(count, end)) for end in ends), count]
    nears = [smooth[at] > split for at in (0, *changes)]
    turns = zip(nears, itertools.pairwise(bounds), strict=True)
    return [_Turn(near, begin, end) for near, (begin, end) in turns if end > begin]


def _interruptions(levels: Sequence[int], turns: Sequence[_Turn], silent_db: float) -> int:
    """Return how often the near voice followed the far one in a sentence without a pause."""
    found = 0
    for one, after in itertools.pairwise(turns):
        is_long = min(one.end - one.begin, after.end - after.begin) >= TURN_MIN
        if is_long and after.near and not one.near and not _pauses(levels, one.end, silent_db):
            found += 1
    return found


def _pauses(levels: Sequence[int], at: int, silent_db: float) -> bool:
    """Return whether it was silent around the frame *at*, where the voices changed."""
    around = levels[max(0, at - AROUND) : at + AROUND]
    silent = "".join("." if level < silent_db else "x" for level in around)
    return "." * PAUSE in silent
