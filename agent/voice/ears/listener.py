"""Sound in, events out: ring, gate, voice activity, wake phrase, end of speech.

Synchronous and without a clock: the same sound gives the same events, in whatever blocks it comes.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from agent.voice.ears.activity import Silero
from agent.voice.ears.calling import Calling
from agent.voice.ears.echo import Echo
from agent.voice.ears.ending import Began, Ended, Ending, Manner, samples_of
from agent.voice.ears.events import (
    RATE_HZ,
    EarEvent,
    SpeechBegan,
    SpeechEnded,
    SpeechGoesOn,
    SpeechPaused,
)
from agent.voice.ears.gate import FRAME, Gate, quiet_after
from agent.voice.ears.heard import Heard
from agent.voice.ears.meter import Meter
from agent.voice.ears.ring import Ring
from agent.voice.ears.wake import WakeDetector

Samples = NDArray[np.int16]
Floats = NDArray[np.float32]

SPARE_S = 3.0  # the ring holds the longest sentence, what came before it, and this
CATCH_UP = 16  # frames, 0.5 s: what a quiet beginning may have come to before the gate opened
VOICE_AT_ALL = 0.3  # a wake phrase is listened for where a voice is at all likely
KEEP_AFTER = samples_of(0.25)
CALLED_WITHIN = samples_of(2.5)  # in a sentence for us: who says the phrase first, says it at once
FAR = samples_of(10 * 365 * 86400.0)  # no file is that long
PHRASE = samples_of(1.0)  # about: what is before it was said to somebody else
PAUSE = samples_of(0.16)  # of silence, after which what was said may be looked at as a whole


class Listener:
    """One stream of sound at 16 kHz."""

    def __init__(self, heard: Heard, detector: WakeDetector | None) -> None:
        self._heard = heard
        kept_s = heard.speech_max_s + heard.preroll_s + SPARE_S
        self._ring = Ring(samples_of(kept_s) // FRAME * FRAME)
        self._rest = np.zeros(0, dtype=np.int16)
        self._gate, self._voice = Gate(), Silero()
        self._calling = Calling(detector, self._ring) if detector is not None else None
        self._echo = Echo(heard.barge_in_db)
        self._meter = Meter(heard.loudness_s) if heard.loudness_s else None
        self._ending = Ending(_manner(heard))
        self._judged = 0
        """Up to here it is known whether there was a voice."""
        self._told = 0
        self._paused = 0
        """The end of the voice behind which a pause was told."""
        if heard.continuous:
            self.attend(0.0)

    @property
    def now(self) -> int:
        """Return how many samples were taken."""
        return self._ring.end

    def feed(self, samples: Samples) -> Iterator[EarEvent]:
        """Take *samples* and yield what they make happen."""
        waiting = np.concatenate([self._rest, samples]) if len(self._rest) else samples
        whole = len(waiting) // FRAME * FRAME
        self._rest = waiting[whole:].copy()
        for at in range(0, whole, FRAME):
            yield from self._frame(waiting[at : at + FRAME])

    def end(self) -> Iterator[EarEvent]:
        """Take it that no more sound comes for now; yield what was being said."""
        if len(self._rest):
            yield from self.feed(np.zeros(FRAME - len(self._rest), dtype=np.int16))
        ended = self._ending.over(self.now)
        if ended is not None:
            yield self._ended(ended)
        if self._heard.continuous:
            self.attend(0.0)

    def attend(
        self, window_s: float, *, after_s: float = 0.0, for_us: bool = True
    ) -> SpeechEnded | None:
        """Hear the next speech within *window_s* as meant for us; 0: every one, until `rest`.

        Return what was being said while every one was heard that was not *for_us*.
        """
        window = samples_of(window_s) if window_s else None
        if window is not None and self._heard.continuous:
            window = FAR  # a file is heard faster than time goes by
        after = samples_of(after_s)
        ended = self._ending.attend(self.now, after=after, window=window, for_us=for_us)
        return self._ended(ended) if ended is not None else None

    def rest(self) -> None:
        """Drop what is being said, and wait for the wake phrase."""
        self._ending.rest()

    def duck(self, *, speaking: bool) -> None:
        """Note whether we speak ourselves."""
        self._echo.duck(speaking=speaking)

    def _frame(self, frame: Samples) -> Iterator[EarEvent]:
        self._ring.add(frame)
        floats = frame.astype(np.float32) * np.float32(1 / 32768)
        self._gate.add(floats)
        loud = self._echo.add(self._gate.energy)
        chance = 0.0
        if self._gate.open or self._busy():
            for place in self._unjudged():
                chance = self._voice.feed(self._at(place))
                yield from self._judge(place, chance, loud=loud)
        if self._meter is not None:
            speech = chance >= self._heard.voiced_min
            told = self._meter.add(floats, self.now, speech=speech)
            if told is not None:
                yield told

    def _busy(self) -> bool:
        """Return whether someone speaks, or has just spoken: then silence is heard too."""
        late = self._calling is not None and self.now <= self._calling.until
        return late or self._ending.stage == "hearing"

    def _unjudged(self) -> range:
        """Return the places of the frames to look at: with what came before the gate opened."""
        first = max(self._judged, self.now - CATCH_UP * FRAME, 0)
        if first > self._judged:
            self._voice.reset()
        self._judged = self.now
        return range(first, self.now, FRAME)

    def _at(self, place: int) -> Floats:
        return self._ring.part(place, place + FRAME).astype(np.float32) * np.float32(1 / 32768)

    def _judge(self, place: int, chance: float, *, loud: bool) -> Iterator[EarEvent]:
        if self._calling is not None and self._may_be_called(place):
            voice = chance >= VOICE_AT_ALL
            woken = self._calling.frame(place + FRAME, voice=voice)
            if woken is not None:
                begin = self._calling.end_of_phrase(place + FRAME)
                yield from self._before(begin)
                yield woken
                window = samples_of(self._heard.listen_s)
                self._ending.woken(begin, place + FRAME, window=window)
                return
        # Who has begun need not stay louder than we are: we stop.
        counts = loud or self._ending.stage == "hearing"
        changed = self._ending.frame(place, FRAME, chance if counts else 0.0)
        match changed:
            case Began(begin=begin):
                self._told = self.now
                yield SpeechBegan(begin / RATE_HZ)
            case Ended():
                yield self._ended(changed)
            case None:
                yield from self._going_on(place + FRAME)

    def _may_be_called(self, place: int) -> bool:
        """Return whether the wake phrase may be said now: in a question of its own it is not."""
        ending = self._ending
        begins = place - ending.begin <= CALLED_WITHIN
        return ending.stage != "hearing" or ending.is_uncalled or begins

    def _before(self, called: int) -> Iterator[SpeechEnded]:
        """Yield what was said before the wake phrase that ended at *called*, to somebody else."""
        ending, last = self._ending, called - PHRASE
        if ending.is_uncalled and last - ending.first > PAUSE:
            yield self._ended(Ended(ending.begin, last, last, "called"))

    def _going_on(self, now: int) -> Iterator[EarEvent]:
        ending = self._ending
        if ending.stage != "hearing":
            return
        if now - ending.voiced >= PAUSE and ending.voiced != self._paused:
            self._paused = ending.voiced
            yield SpeechPaused(self._ring.part(ending.begin, now).tobytes())
        every = samples_of(self._heard.partial_s)
        if every and self.now - self._told >= every:
            self._told = self.now
            yield SpeechGoesOn(self._ring.part(ending.begin, self.now).tobytes())

    def _ended(self, ended: Ended) -> SpeechEnded:
        last = ended.now if ended.why == "long" else min(ended.now, ended.voiced + KEEP_AFTER)
        pcm = self._ring.part(ended.begin, last)
        said = self._ring.part(ended.begin, ended.voiced).astype(np.float32) * np.float32(1 / 32768)
        voiced = ended.voiced - quiet_after(said, self._gate.floor)
        return SpeechEnded(pcm.tobytes(), voiced / RATE_HZ, ended.now / RATE_HZ, ended.why)


def _manner(heard: Heard) -> Manner:
    return Manner(
        voiced_min=heard.voiced_min,
        end_silence=samples_of(heard.end_silence_s),
        longest=samples_of(heard.speech_max_s),
        preroll=samples_of(heard.preroll_s),
    )
