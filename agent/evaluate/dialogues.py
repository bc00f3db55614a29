"""Two synthetic voices that talk with each other: whose words they are, and who breaks in."""

import itertools
from array import array
from collections.abc import Awaitable, Callable, Sequence

from agent.figures import Figure, at_most, shown
from agent.voice.coaching.nearness import Nearness

Say = Callable[[str, str], Awaitable[bytes]]
"""Returns a text (first) as a voice (second) says it: 16 kHz, 16 bit."""
PAIRS = (("en-us", "en-gb+f3"), ("en-us+m3", "en-us+f2"), ("en-gb", "en-us+m7"))
FARTHER_DB = -12.0  # the mouth at 25 cm of the microphone, the other's at a metre
ALIKE_DB = 0.0
ERROR_AIM = 0.1
MINE = (
    "I will be there on Thursday, if the train is on time.",
    "Most of it takes five minutes, and nobody has to stand up.",
    "If something takes longer, two of us stay for it.",
)
THEIRS = (
    "My sister never wrote down a single one of her songs.",
    "She took a handful of flour, some butter and a little salt.",
    "I would rather have gone there by boat.",
)
PAUSE = bytes(2 * 5600)  # 0.35 s: one waits for the other
QUIET = 200


async def figures(say: Say) -> list[Figure]:
    """Return how far off the wearer's share is, and the interruptions missed or made up."""
    errors, wrong, told, true_count = list[float](), 0, 0, 0
    for pair in PAIRS:
        nearness, share, count = await talk(say, pair, FARTHER_DB)
        found = nearness.conversation()
        if found is not None:
            told += 1
            errors.append(abs(found.own_share - share))
            wrong += abs(found.interruptions - count)
            true_count += count
        alike, _, _ = await talk(say, pair, ALIKE_DB)
        wrong += alike.conversation() is not None
    return [
        at_most("share of own talking, error", max(errors, default=1.0), ERROR_AIM,
                unit="fraction", n=len(PAIRS)),
        at_most("interruptions missed or made up", wrong, 0, unit="count", n=true_count),
        shown("told apart", told / len(PAIRS), unit="fraction", n=len(PAIRS), group="12 dB"),
    ]  # fmt: skip


async def talk(say: Say, pair: Sequence[str], farther_db: float) -> tuple[Nearness, float, int]:
    """Return a talk, the wearer's true share of it, and how often the wearer broke in."""
    nearness, mine, every, count = Nearness(), 0, 0, 0
    for place, (own, other) in enumerate(itertools.product(MINE, THEIRS)):
        near = _trimmed(await say(own, pair[0]))
        far = _softer(_trimmed(await say(other, pair[1])), farther_db)
        mine, every = mine + len(near), every + len(near) + len(far)
        match place % 4:
            case 0:
                nearness.sentence(far + near)  # the wearer does not wait
                count += 1
            case 1:
                nearness.sentence(far + PAUSE + near)
            case 2:
                nearness.sentence(near + far)
            case _:
                nearness.sentence(far)
                nearness.sentence(near)
    return nearness, mine / every, count


def _trimmed(pcm: bytes) -> bytes:
    samples = array("h", pcm)
    loud = [place for place, sample in enumerate(samples) if abs(sample) > QUIET]
    return samples[loud[0] : loud[-1] + 1].tobytes()


def _softer(pcm: bytes, gain_db: float) -> bytes:
    gain = 10 ** (gain_db / 20)
    return array("h", (int(sample * gain) for sample in array("h", pcm))).tobytes()
