"""The wearer's speech as samples while it goes on: a second behind, not a sentence.

The pace between two transcripts is that of the syllables heard in the sound, in words as the last
transcripts had them: every voice has its own words for each nucleus that is found.
"""

from collections import deque
from collections.abc import Sequence
from datetime import datetime

from agent.events import SampleMeasured
from agent.ports import Transcript
from agent.signals import FILLER_RATE, SOUND_LEVEL, SPEECH_RATE, SPEECH_SHARE, Signal
from agent.voice.coaching.delivery import Delivery, delivery, joined
from agent.voice.coaching.fillers import fillers
from agent.voice.coaching.nearness import Conversation, Nearness
from agent.voice.coaching.nuclei import Nuclei
from agent.voice.coaching.syllables import Pronounced
from agent.voice.ears.events import Loudness

SOURCE = "coach"
WINDOW_S = 4.0  # of speech: a sentence; a change of pace is seen after a second of it
SPEECH_MIN_S = 1.2  # before that a syllable more or less is a third
PRIOR_WPM, PRIOR_S = 140.0, 0.4  # conversation; as much of it as a breath
WORDS_PER_NUCLEUS = 0.75  # conversation: a word has a syllable and a quarter
CALIBRATED_BY = 0.3  # of each transcript; more of the first ones
CALIBRATION = (0.5, 2.0)
NUCLEI_MIN = 6  # fewer say nothing of a voice
SHARE_S = 60.0
LEVEL_S = 5.0
FILLER_S = 60.0
FILLER_MIN_S = 10.0  # one "um" in three seconds is no rate
BLOCK_BYTES = 16_000  # half a second leaves the window at once


class Coach:
    """Measures one talk.  Every method returns the samples that are due."""

    def __init__(
        self, *, full_scale_db: float = 120.0, pronounced: Pronounced | None = None
    ) -> None:
        """*full_scale_db*: the sound level at the microphone's limit (see `voice`)."""
        self._pronounced = pronounced
        self._talk = delivery(())
        self._full_scale_db = full_scale_db
        self.words_per_nucleus = WORDS_PER_NUCLEUS
        """Of this speaker, as the transcripts so far had it."""
        self._transcripts = 0
        self._window: deque[tuple[float, int]] = deque()
        """(seconds of speech, nuclei) of each block of sound."""
        self._levels: deque[Loudness] = deque()
        self._filled: deque[tuple[float, int]] = deque()
        """(seconds, fillers) of each transcript."""
        self._nuclei = Nuclei()
        self._nearness = Nearness()
        self._taken_bytes = self._counted = 0
        self._ended: tuple[float, int] | None = None
        """(seconds, nuclei) of the sentence that ended and was not transcribed yet."""

    @property
    def talk(self) -> Delivery:
        """Return what was measured of the whole talk so far, of the words that had times."""
        return self._talk

    def conversation(self) -> Conversation | None:
        """Return how two spoke with each other; None where they cannot be told apart."""
        return self._nearness.conversation()

    def begin(self) -> None:
        """Someone begins to speak: what comes is the sound of another sentence."""
        self._nuclei = Nuclei()
        self._taken_bytes = self._counted = 0

    def goes_on(self, pcm: bytes, *, at: datetime) -> Sequence[SampleMeasured]:
        """Take the sentence so far, all of it (16 kHz, 16 bit), as the ears tell it."""
        if len(pcm) < self._taken_bytes:
            self.begin()
        fresh = pcm[self._taken_bytes :]
        self._taken_bytes = len(pcm)
        return self.feed(fresh, at=at)

    def feed(self, pcm: bytes, *, at: datetime) -> Sequence[SampleMeasured]:
        """Take the sound that came since."""
        for place in range(0, len(pcm), BLOCK_BYTES):
            found, spoken_s = self._nuclei.feed(pcm[place : place + BLOCK_BYTES])
            self._counted += len(found)
            self._window.append((spoken_s, len(found)))
            while sum(one for one, _ in self._window) - self._window[0][0] >= WINDOW_S:
                self._window.popleft()
        return _samples((SPEECH_RATE, self._rate_wpm()), at=at)

    def ended(self, pcm: bytes, *, at: datetime) -> Sequence[SampleMeasured]:
        """Take the whole sentence: what of it was not taken yet."""
        samples = self.goes_on(pcm, at=at) if len(pcm) > self._taken_bytes else ()
        self._nearness.sentence(pcm)
        # Its transcript comes later, when somebody may have begun the next one.
        self._ended = (self._nuclei.span_s, self._counted)
        return samples

    def heard(self, transcript: Transcript, *, at: datetime) -> Sequence[SampleMeasured]:
        """Take what was said in the sentence that ended: fillers, and the words of a nucleus."""
        span_s, counted = self._ended or (self._nuclei.span_s, self._counted)
        self._ended = None
        told = delivery(transcript.words, self._pronounced, spoken_s=span_s)
        self._talk = joined(self._talk, told) if transcript.words else self._talk
        words = len(transcript.text.split())
        if words and counted >= NUCLEI_MIN:
            found = max(CALIBRATION[0], min(CALIBRATION[1], words / counted))
            self._transcripts += 1
            weight = max(CALIBRATED_BY, 1 / (self._transcripts + 1))
            self.words_per_nucleus += weight * (found - self.words_per_nucleus)
        self._filled.append((transcript.audio_s, len(fillers(transcript.text))))
        while sum(one for one, _ in self._filled) - self._filled[0][0] >= FILLER_S:
            self._filled.popleft()
        seconds = sum(one for one, _ in self._filled)
        count = sum(one for _, one in self._filled)
        rate = 60 * count / seconds if seconds >= FILLER_MIN_S else None
        return _samples((FILLER_RATE, rate), at=at)

    def loudness(self, loudness: Loudness, *, at: datetime) -> Sequence[SampleMeasured]:
        """Take how loud a second was; give the level of speech, and its share of a minute."""
        self._levels.append(loudness)
        while loudness.at_s - self._levels[0].at_s >= SHARE_S:
            self._levels.popleft()
        seconds = sum(one.seconds for one in self._levels)
        share = sum(one.seconds * one.speech for one in self._levels) / max(seconds, 1e-9)
        return _samples((SPEECH_SHARE, share), (SOUND_LEVEL, self._level_db(loudness)), at=at)

    def _level_db(self, newest: Loudness) -> float | None:
        """Return the mean level of the last seconds in which somebody spoke."""
        spoken = [
            one.dbfs
            for one in self._levels
            if newest.at_s - one.at_s < LEVEL_S and one.speech >= 0.5
        ]
        return max(0.0, sum(spoken) / len(spoken) + self._full_scale_db) if spoken else None

    def _rate_wpm(self) -> float | None:
        spoken_s = sum(one for one, _ in self._window)
        if spoken_s < SPEECH_MIN_S:
            return None
        words = sum(one for _, one in self._window) * self.words_per_nucleus
        return 60 * (words + PRIOR_WPM / 60 * PRIOR_S) / (spoken_s + PRIOR_S)


def _samples(*values: tuple[Signal, float | None], at: datetime) -> tuple[SampleMeasured, ...]:
    return tuple(
        SampleMeasured(
            at=at,
            source=SOURCE,
            signal=signal.id,
            value=round(max(signal.low, min(signal.high, value)), 3),
        )
        for signal, value in values
        if value is not None
    )
