"""pocketsphinx, told by grammars what it may hear.  Only its own worker imports this."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pocketsphinx

from agent.errors import ModelError
from agent.phonemes import spelled
from agent.voice.sound import RATE_HZ, Samples

GRAMMAR_MAX = 20_000
GRAMMARS_MAX = 64
COMMANDS_ONLY = (
    "pocketsphinx hears commands only: say one, or set voice.model to `default` to be heard freely"
)
RESERVED = ("NULL", "VOID")
# Without sound before the first word its cepstral mean is that of the word (measured: word error
# rate 0.64 without, 0.02 with).
LEAD_S = 0.4
TAIL_S = 0.2
HISS = 0.003
VOICED_MIN_S = 0.18  # the shortest command is longer
LOUD_MIN = 0.001  # -60 dBFS: nobody speaks as softly into a microphone
_NAME = re.compile(r"<([A-Za-z0-9_.]{1,64})>")
_DEFINED = re.compile(r"<([A-Za-z0-9_.]{1,64})>\s*=")
_HEAD = re.compile(r"#JSGF[^;]*;|\bgrammar\s+[A-Za-z0-9_.]+\s*;", re.IGNORECASE)
_PUBLIC = re.compile(r"\bpublic\s*<([A-Za-z0-9_.]{1,64})>")
_TOKEN = re.compile(r"[a-z][a-z'.-]*")


class Recogniser:
    """A decoder whose grammar may change from call to call."""

    def __init__(self) -> None:
        folder = Path(pocketsphinx.get_model_path()) / "en-us"
        # Best path off: over the lattice of a loop it takes minutes, and changes no word.
        config = pocketsphinx.Config(
            hmm=str(folder / "en-us"),
            dict=str(folder / "cmudict-en-us.dict"),
            lm=None,
            bestpath=False,
            samprate=RATE_HZ,
            loglevel="FATAL",
        )
        try:
            self._decoder = pocketsphinx.Decoder(config)
        except RuntimeError as error:
            raise ModelError("the packaged model of pocketsphinx cannot be loaded") from error
        self._known: tuple[str, ...] = ()
        self._hiss = np.random.default_rng(1)

    def hear(self, samples: Samples, grammars: tuple[str, ...]) -> tuple[str, float]:
        """Return the sentence of *grammars* that fits best, and its chance a frame (0-1).

        Raise ModelError where there is none, or one that cannot be used.
        """
        if not grammars:
            raise ModelError(COMMANDS_ONLY)
        if not is_voiced(samples):
            return "", 0.0
        self._take(grammars)
        lead, tail = (self._noise(seconds) for seconds in (LEAD_S, TAIL_S))
        decoder: Any = self._decoder
        decoder.start_utt()
        decoder.process_raw(_pcm(np.concatenate([lead, samples, tail])), full_utt=True)
        decoder.end_utt()
        found = decoder.hyp()
        if found is None:
            return "", 0.0
        return str(found.hypstr).strip(), float(found.score)

    def _take(self, grammars: tuple[str, ...]) -> None:
        if grammars == self._known:
            return
        whole = joined(grammars)
        decoder: Any = self._decoder
        for word in sorted(vocabulary(whole)):
            if decoder.lookup_word(word) is None and spelled(word):
                decoder.add_word(word, " ".join(spelled(word)), False)
        try:
            decoder.add_jsgf_string("told", whole)
            decoder.activate_search("told")
        except (RuntimeError, ValueError) as error:
            self._known = ()
            raise ModelError("pocketsphinx cannot use this grammar") from error
        self._known = grammars

    def _noise(self, seconds: float) -> Samples:
        return self._hiss.normal(0, HISS, int(seconds * RATE_HZ)).astype(np.float32)


def is_voiced(samples: Samples) -> bool:
    """Return whether somebody may speak in *samples*."""
    if not len(samples) or float(np.max(np.abs(samples))) < LOUD_MIN:
        return False
    vad = pocketsphinx.Vad(2, RATE_HZ)  # anew each time: it gets used to what it hears
    pcm, size, run = _pcm(samples), int(vad.frame_bytes), 0.0
    for start in range(0, len(pcm) - size, size):
        run = run + vad.frame_length if vad.is_speech(pcm[start : start + size]) else 0.0
        if run >= VOICED_MIN_S:
            return True
    return False


def joined(grammars: Sequence[str]) -> str:
    """Return one grammar that allows what any of *grammars* does; raise ModelError for none."""
    if not grammars:
        raise ModelError(COMMANDS_ONLY)
    if len(grammars) > GRAMMARS_MAX or any(len(one) > GRAMMAR_MAX for one in grammars):
        raise ModelError("the grammars are too many or too long")
    tops: list[str] = []
    rules: list[str] = []
    for number, grammar in enumerate(grammars):
        tops += [f"<g{number}_{name}>" for name in _PUBLIC.findall(grammar)]
        bare = _PUBLIC.sub(r"<\1>", _HEAD.sub("", grammar))
        rules.append(_renamed(bare, number))
    if not tops:
        raise ModelError("no rule of the grammars is public")
    body = "\n".join(rules)
    # pocketsphinx itself passes over a rule that is not there, and hears less.
    if unmet := set(_NAME.findall(body)) - set(_DEFINED.findall(body)) - set(RESERVED):
        raise ModelError(f"a grammar names the rule <{min(unmet)}> and does not define it")
    return f"#JSGF V1.0;\ngrammar told;\npublic <told> = {' | '.join(tops)};\n{body}"


def _renamed(rules: str, number: int) -> str:
    """Return *rules* under names of their own: two grammars may both know a <size>."""

    def name(found: re.Match[str]) -> str:
        kept = found[1] in RESERVED
        return found[0] if kept else f"<g{number}_{found[1]}>"

    return _NAME.sub(name, rules)


def vocabulary(grammar: str) -> set[str]:
    """Return the words of a grammar that `joined` made."""
    body = grammar.split(";", 2)[2]
    return set(_TOKEN.findall(re.sub(r"<[^>]*>|\{[^}]*\}", " ", body.lower()))) - {"public"}


def _pcm(samples: Samples) -> bytes:
    return bytes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
