"""How a talk was delivered: pace, pauses, fillers, from its words and their times.  Pure.

While a talk goes on the share of talking is that of speech against silence, whoever speaks.  Whose
speech it was is told afterwards, where that can be told at all (see `nearness`).
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from agent.ports import Word
from agent.voice.coaching.fillers import fillers
from agent.voice.coaching.nearness import Conversation
from agent.voice.coaching.syllables import Pronounced, of_all

PAUSE_S = 0.25  # Goldman-Eisler (1968), Psycholinguistics: what is shorter belongs to the sounds

PAUSES_MAX = 5000  # of three hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What was measured of a talk; times in seconds."""

    words: int
    syllables: int
    spoken_s: float
    """From the first word to the last, pauses included."""
    fillers: int
    pauses_s: tuple[float, ...]
    """The longer silences between two words."""

    @property
    def rate_wpm(self) -> float:
        """Return the words a minute; 0 where nothing was said."""
        return 60 * self.words / self.spoken_s if self.spoken_s > 0 else 0.0

    @property
    def rate_spm(self) -> float:
        """Return the syllables a minute, without the pauses: how fast one articulates."""
        voiced_s = self.spoken_s - sum(self.pauses_s)
        return 60 * self.syllables / voiced_s if voiced_s > 0 else 0.0

    @property
    def filler_rate_pm(self) -> float:
        """Return the fillers a minute."""
        return 60 * self.fillers / self.spoken_s if self.spoken_s > 0 else 0.0

    @property
    def pause_mean_s(self) -> float:
        """Return how long a pause is in the mean; 0 where there is none."""
        return sum(self.pauses_s) / len(self.pauses_s) if self.pauses_s else 0.0

    @property
    def pause_longest_s(self) -> float:
        """Return how long the longest pause is; 0 where there is none."""
        return max(self.pauses_s, default=0.0)


def noted(talk: Delivery, conversation: Conversation | None = None) -> dict[str, float]:
    """Return *talk*, and what is known of *conversation*, as the note `delivered` holds it."""
    apart = {} if conversation is None else {
        "own_share": round(conversation.own_share, 2),
        "interruptions": conversation.interruptions,
    }  # fmt: skip
    return {
        **apart,
        "words": talk.words,
        "rate_spm": round(talk.rate_spm, 1),
        "pauses": len(talk.pauses_s),
        "pause_mean_s": round(talk.pause_mean_s, 2),
        "pause_longest_s": round(talk.pause_longest_s, 2),
    }


def joined(one: Delivery, other: Delivery) -> Delivery:
    """Return both as one talk; what was silent between them is no pause of the speaker's."""
    return Delivery(
        words=one.words + other.words,
        syllables=one.syllables + other.syllables,
        spoken_s=one.spoken_s + other.spoken_s,
        fillers=one.fillers + other.fillers,
        pauses_s=(*one.pauses_s, *other.pauses_s)[-PAUSES_MAX:],
    )


def delivery(
    words: Sequence[Word], pronounced: Pronounced | None = None, *, spoken_s: float = 0.0
) -> Delivery:
    """Return what *words*, in the order in which they were said, tell of how.

    *spoken_s* is measured in the sound (`Nuclei.span_s`): a recogniser's first and last word begin
    and end wherever it looked away (by 0.4 s in a sentence of 1.7 s).
    """
    texts = [word.text for word in words if any(sign.isalnum() for sign in word.text)]
    gaps = [after.since_s - one.until_s for one, after in itertools.pairwise(words)]
    return Delivery(
        words=len(" ".join(texts).replace(" '", "'").split()),
        syllables=of_all(texts, pronounced),
        spoken_s=spoken_s or (words[-1].until_s - words[0].since_s if words else 0.0),
        fillers=len(fillers(" ".join(word.text for word in words))),
        pauses_s=tuple(round(gap, 3) for gap in gaps if gap >= PAUSE_S),
    )
