"""When a sentence that is meant for us begins, and when it is over.  Pure."""

from dataclasses import dataclass
from typing import Literal

from agent.voice.ears.events import RATE_HZ, Why

Stage = Literal["resting", "waiting", "hearing"]

FALL = 0.15  # below the chance that begins a voice: a voice that goes on is sooner believed
VOICED_MIN = 5  # of the last frames (0.16 s) must be a voice: "no" has six
AMONG = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How long is waited, in samples; the chance is a fraction."""

    voiced_min: float
    end_silence: int
    longest: int
    preroll: int


@dataclass(frozen=True, slots=True)
class Began:
    """A sentence began with the sample *begin*."""

    begin: int


@dataclass(frozen=True, slots=True)
class Ended:
    """It is over: samples *begin* to *voiced*, known at *now*."""

    begin: int
    voiced: int
    now: int
    why: Why


class Ending:
    """Takes the chance of a voice frame by frame; all places are counted in samples."""

    def __init__(self, manner: Manner) -> None:
        self._manner = manner
        self.stage: Stage = "resting"
        self.begin = self.first = 0
        """Where the sentence begins, and its first voice: some silence lies between them."""
        self._from = 0
        """Nothing before this belongs to a sentence."""
        self._counted = 0
        """No voice before this begins one: the wake phrase may still be ending."""
        self._until: int | None = 0
        self._endless = self._after_wake = False
        self._theirs = False
        """What is said while every sentence is heard is meant for others."""
        self._called = False
        """The next sentence, or the one that is heard, follows the wake phrase: it is ours."""
        self._voiced = 0
        self._recent: list[int] = []
        """The places of the last frames that were a voice."""

    @property
    def voiced(self) -> int:
        """Return the place behind the last voice of the sentence that is heard."""
        return self._voiced

    @property
    def is_uncalled(self) -> bool:
        """Return whether a sentence is heard only because every one is."""
        return self.stage == "hearing" and self._endless and not self._called

    def attend(
        self, now: int, *, after: int = 0, window: int | None, for_us: bool = True
    ) -> Ended | None:
        """Take the next speech as a sentence, if it begins within *window*; None: every one.

        Where every one was heard and was not *for_us*, the one that is being said is over.
        """
        is_cut = self.is_uncalled and self._theirs and window is not None
        ended = self._end(now, "called") if is_cut else None
        self._endless = window is None
        self._theirs = self._endless and not for_us
        self._until = None if window is None else now + after + window
        # What began behind the wake phrase keeps its beginning.
        if self.stage != "hearing" and not (self.stage == "waiting" and self._after_wake):
            self.stage = "waiting"
            before = 0 if after or is_cut else self._manner.preroll
            self._from = self._counted = now + after - before
        return ended

    def woken(self, begin: int, counted: int, *, window: int) -> None:
        """Take what follows the wake phrase from *begin*, if a voice is heard after *counted*.

        Where every sentence was heard it is so again afterwards, unless we are told otherwise.
        """
        self.stage, self._after_wake, self._called = "waiting", True, True
        self._from, self._counted, self._until = begin, counted, counted + window

    def rest(self) -> None:
        """Drop what is heard and wait for the wake phrase."""
        self.stage = "resting"
        self._after_wake = self._called = self._endless = self._theirs = False

    def frame(self, place: int, size: int, chance: float) -> Began | Ended | None:
        """Take the frame of *size* samples at *place*; return what it changes."""
        if chance >= self._manner.voiced_min:
            self._recent.append(place)
        self._recent = [one for one in self._recent if one > place - AMONG * size]
        if self.stage == "hearing":
            return self._heard(place, size, chance)
        if self.stage == "waiting":
            return self._waited(place, size)
        return None

    def over(self, now: int) -> Ended | None:
        """Return the sentence that was being said when the sound ended."""
        return self._end(now, "source") if self.stage == "hearing" else None

    def _waited(self, place: int, size: int) -> Began | None:
        counted = [one for one in self._recent if one >= self._counted]
        if len(counted) < VOICED_MIN:
            if self._until is not None and place > self._until and not counted:
                self._wait_no_more()
            return None
        self.stage, self._after_wake = "hearing", False
        self.begin = max(self._from, counted[0] - self._manner.preroll, 0)
        self.first, self._voiced = counted[0], counted[-1] + size
        return Began(self.begin)

    def _wait_no_more(self) -> None:
        if self._endless:
            self._until = None
            self._after_wake = self._called = False
        else:
            self.rest()

    def _heard(self, place: int, size: int, chance: float) -> Ended | None:
        now = place + size
        if chance >= self._manner.voiced_min - FALL:
            self._voiced = now
        if now - self._voiced >= self._manner.end_silence:
            return self._end(now, "silence")
        return self._end(now, "long") if now - self.begin >= self._manner.longest else None

    def _end(self, now: int, why: Why) -> Ended:
        ended = Ended(self.begin, self._voiced, now, why)
        self.stage, self._called, self._recent = "resting", False, []
        if self._endless:
            self.stage, self._until = "waiting", None
            # A sentence that was too long goes on in the next one, without a gap.
            self._from = self._counted = now if why == "long" else self._voiced
        return ended


def samples_of(seconds: float) -> int:
    """Return how many samples *seconds* are."""
    return round(seconds * RATE_HZ)
