"""At most 30 s of sound before Whisper: its readings, and how well given sentences fit it.

Only the speech worker imports this.  Encoding costs three quarters of a short sentence, and most
of that is the silence which a model trained on 30 s is fed behind it.  Where one reading will do,
there is less of it; not little, for with 5 s behind its sound the model says every second sentence
twice, and in noise each second that lacks costs words (measured).
"""

import math
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from ctranslate2 import StorageView
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer

from agent.errors import ModelError
from agent.ports import Alternative, Hints
from agent.voice.sound import PIECE_MAX_S, RATE_HZ, Samples

FRAMES_S = 100
SLOWED = 0.92  # of its speed: other errors than at its own, and no more of them (measured)
WINDOW_MIN_S = 20
ROOM_S = 8.0
PROMPT_TOKENS_MAX = 200
PROMPT_MAX = 2000
TOKENS_PER_S_MAX = 8  # the fastest speakers say five words a second
ECHO_WORDS_MIN = 3  # "no, no, no" is said
ECHO_S_MAX = 8.0  # so long is a command
ECHO_WORDS_PER_S_MIN = 4.0  # faster than people speak
BEAM_MAX = 10
TEXTS_MAX = 64
# Whisper's own bounds (Radford et al. 2022, section 4.5) on what is no speech and what loops.
NO_SPEECH_MIN = 0.6
MEAN_CHANCE_MIN = -1.0
COMPRESSION_MAX = 2.4
UNLIKELY_MEAN_CHANCE = -1.6  # so unsure of every token, it makes the words up


@dataclass(frozen=True, slots=True)
class Language:
    """Which language a window is in."""

    code: str
    probability: float


class Window:
    """One encoded stretch of sound; what is asked of it after that is cheap."""

    def __init__(self, whisper: WhisperModel, samples: Samples, *, is_whole: bool) -> None:
        """Encode *samples*; with all the silence behind them where *is_whole*."""
        self._whisper = whisper
        self._seconds = min(PIECE_MAX_S, len(samples) / RATE_HZ)
        least = PIECE_MAX_S if is_whole else WINDOW_MIN_S
        room = max(least, math.ceil(self._seconds + ROOM_S))
        frames = min(PIECE_MAX_S, room) * FRAMES_S
        features = whisper.feature_extractor(samples[: PIECE_MAX_S * RATE_HZ])[:, :frames]
        padded = np.pad(features, ((0, 0), (0, frames - features.shape[1])))
        self._encoded: Any = whisper.model.encode(_view(padded[None]), to_cpu=True)

    def language(self, wanted: str) -> Language:
        """Return *wanted*, or the one that is heard; an English model hears English.

        Of several, as in `de|en`, the likelier one that is heard.
        """
        if not self._whisper.model.is_multilingual:
            return Language("en", 1.0)
        among = wanted.split("|") if wanted else []
        if len(among) == 1:
            return Language(wanted, 1.0)
        for name, probability in self._whisper.model.detect_language(self._encoded)[0]:
            code = name.strip("<|>")
            if not among or code in among:
                return Language(code, float(probability))
        return Language(among[0], 0.0)

    def readings(self, hints: Hints, language: str, *, beam: int) -> tuple[Alternative, ...]:
        """Return up to `n_best` readings, best first; () where nothing was said.

        Where more than one is wanted the search is *beam* wide, and at least as wide as they are.
        """
        tokenizer, start = self._begin(hints, language)
        wide = hints.n_best > 1
        width = min(BEAM_MAX, max(beam, hints.n_best)) if wide else 1
        (result,) = self._whisper.model.generate(
            self._encoded,
            [start],
            beam_size=width,
            num_hypotheses=min(width, hints.n_best) if wide else 1,
            length_penalty=1,
            max_length=min(448, len(start) + 16 + int(self._seconds * TOKENS_PER_S_MAX)),
            return_scores=True,
            return_no_speech_prob=True,
            suppress_blank=True,
        )
        found: dict[str, float] = {}
        for tokens, score in zip(result.sequences_ids, result.scores, strict=True):
            text = once(tokenizer.decode(tokens).strip(), self._seconds)
            if text and _is_said(text, score, result.no_speech_prob):
                found.setdefault(text, score * max(1, len(tokens)))
        return tuple(Alternative(text=text, score=score) for text, score in found.items())

    def scores(self, texts: list[str], hints: Hints, language: str) -> list[float]:
        """Return the log-probability of each of *texts* after the prompt, end of text included."""
        tokenizer, start = self._begin(hints, language)
        tokens = [tokenizer.encode(" " + text.strip()) for text in texts[:TEXTS_MAX]]
        if not tokens or not all(tokens):
            raise ModelError("there is no text to score")
        copies = np.repeat(np.asarray(self._encoded), len(tokens), axis=0)
        frames = int(self._seconds * FRAMES_S) or 1
        # `align` adds what stands between the start and the text by itself.
        found = self._whisper.model.align(_view(copies), start[:-1], tokens, frames)
        return [
            sum(math.log(max(float(chance), 1e-20)) for chance in one.text_token_probs)
            for one in found
        ]

    def _begin(self, hints: Hints, language: str) -> tuple[Tokenizer, list[int]]:
        multilingual = self._whisper.model.is_multilingual
        try:
            tokenizer = Tokenizer(
                self._whisper.hf_tokenizer, multilingual, task=hints.task, language=language
            )
        except ValueError as error:
            raise ModelError(f"the speech model knows no language {language!r}") from error
        start = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        prompt = primed(hints)
        if prompt:
            tokens = tokenizer.encode(" " + prompt)[-PROMPT_TOKENS_MAX:]
            start = [tokenizer.sot_prev, *tokens, *start]
        return tokenizer, start


def slowed(samples: Samples) -> Samples:
    """Return *samples* played slower: longer, and lower (Ko et al. 2015, "Audio augmentation")."""
    length = int(len(samples) / SLOWED)
    places = np.arange(length) * SLOWED
    played = np.interp(places, np.arange(len(samples)), samples)
    return np.asarray(played, dtype=np.float32)


def primed(hints: Hints) -> str:
    """Return what the model is told to have heard before: its vocabulary follows it."""
    hot = ", ".join(word.strip() for word in hints.hotwords if word.strip())
    return " ".join(part for part in (hot, hints.prompt.strip()) if part)[:PROMPT_MAX]


def _is_said(text: str, mean_chance: float, no_speech: float) -> bool:
    if no_speech > NO_SPEECH_MIN and mean_chance < MEAN_CHANCE_MIN:
        return False
    return mean_chance > UNLIKELY_MEAN_CHANCE and not loops(text)


def loops(text: str) -> bool:
    """Return whether *text* repeats itself as a model does that has lost the sound."""
    said = text.encode()
    return len(said) / len(zlib.compress(said)) > COMPRESSION_MAX


def once(text: str, seconds: float) -> str:
    """Return *text* without the sentence's own echo: a model that heard one may say it again.

    In a long sound there may be time for all of it: then it was said again.
    """
    words = text.split()
    if seconds > ECHO_S_MAX and len(words) / seconds < ECHO_WORDS_PER_S_MIN:
        return text
    bare = [word.strip(".,!?").lower() for word in words]
    for period in range(ECHO_WORDS_MIN, len(bare) - len(bare) // 3):
        if all(one == other for one, other in zip(bare[period:], bare, strict=False)):
            return " ".join(words[:period])
    return text


def _view(array: "np.ndarray[Any, Any]") -> StorageView:
    return StorageView.from_array(np.ascontiguousarray(array, dtype=np.float32))
