"""Spoken commands and a skill of a third party: understood, asked back, or done wrongly."""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.ask.explain import Explainer
from agent.ask.explain_paths import Pronounce
from agent.evaluate.coffee import Coffee
from agent.evaluate.voice_sounds import CLEAN, seconds
from agent.figures import Figure, against, at_least, at_most, shown
from agent.models.worker import Worker
from agent.ports import Alternative, Hints
from agent.voice.transcriber import Sphinx, Whisper

CLEAN_AIM = 0.99
NOISE_AIM = 0.976  # Rhino's, the best of those published for these recordings and this noise
PUBLISHED = {"Dialogflow": 0.776, "Lex": 0.845, "Watson": 0.868, "LUIS": 0.899, "Rhino": 0.976}
WRONG_AIM = 0.01  # a drink that nobody ordered costs more than a question
RTF_AIM = 0.15  # on one thread
HALVES = ("half A", "half B")
TOOL = "coffee.order"


@dataclass(frozen=True, slots=True)
class Tried:
    """One command, heard."""

    condition: str
    wanted: Mapping[str, str]
    got: Mapping[str, str] | None
    """The slots of what was accepted; None where it was asked back or passed on."""
    text: str
    audio_s: float
    spent_s: float
    """The processor's time, of the worker and of ours: what a free core takes."""
    half: str
    """Every second recording: on `half A` of the reference ones the weights were tuned."""

    @property
    def is_right(self) -> bool:
        """Return whether it was accepted with every slot right, and no other."""
        return self.got == dict(self.wanted)

    @property
    def is_wrong(self) -> bool:
        """Return whether something else would have been done."""
        return self.got is not None and not self.is_right


def explainer(pronounce: Pronounce) -> Explainer:
    """Return the grammar of the skill that is granted, alone."""
    return Explainer({f"{Coffee.name}.{tool.name}": tool for tool in Coffee.tools}, pronounce)


@dataclass(frozen=True, slots=True)
class Said:
    """One command in one condition."""

    condition: str
    wanted: Mapping[str, str]
    sound: bytes
    half: str

    def heard(self, got: Mapping[str, str] | None, text: str, spent_s: float) -> Tried:
        """Return it with what came of it."""
        length_s = seconds(self.sound)
        return Tried(self.condition, self.wanted, got, text, length_s, spent_s, self.half)


async def by_ear(explained: Explainer, whisper: Whisper, second: Sphinx, said: Said) -> Tried:
    """Return what Whisper, a second opinion and the grammar make of a command."""
    began_s = _busy_s(whisper, second)
    outcome = await explained.explain(said.sound, whisper, second=second)
    spent_s = _busy_s(whisper, second) - began_s
    found = outcome.explanation
    got = None
    if found is not None and found.verdict == "accept":
        got = {slot: value for slot, value in found.arguments.model_dump().items() if value}
    return said.heard(got, outcome.heard.text, spent_s)


async def by_sphinx(explained: Explainer, sphinx: Sphinx, said: Said) -> Tried:
    """Return what pocketsphinx alone makes of a command: the grammar is all that it can hear."""
    began_s = _busy_s(sphinx)
    heard = await sphinx.transcribe(said.sound, Hints(grammars=explained.grammars))
    found = explained.candidates([Alternative(text=heard.text, score=0.0)])
    spent_s = _busy_s(sphinx) - began_s
    got = dict(found[0].slots) if found and found[0].cost == 0 else None
    return said.heard(got, heard.text, spent_s)


def _busy_s(*ears: Whisper | Sphinx) -> float:
    """Return the processor's time that their workers and this process took since they began."""
    return time.process_time() + sum(_worked_s(one) for one in ears)


def _worked_s(one: Whisper | Sphinx) -> float:
    worker = one.worker
    assert isinstance(worker, Worker)
    stat = Path(f"/proc/{worker.report.pid}/stat")
    if not stat.is_file():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()  # proc(5): utime and stime are 14 and 15
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def figures(tried: Sequence[Tried]) -> list[Figure]:
    """Return carpal's own figures, and a row for each condition."""
    clean = [one for one in tried if one.condition == CLEAN]
    noisy = [one for one in tried if one.condition != CLEAN]
    wrong = sum(one.is_wrong for one in tried) / len(tried)
    rtf = sum(one.spent_s for one in tried) / sum(one.audio_s for one in tried)
    n = len(tried)
    own = [at_least("accepted clean", _right(clean), CLEAN_AIM, unit="fraction", n=len(clean))]
    if noisy:
        share = at_least(
            "accepted in noise", _right(noisy), NOISE_AIM, unit="fraction", n=len(noisy)
        )
        own.append(against(share, PUBLISHED["Rhino"]))
    own += [
        at_most("wrong action", wrong, WRONG_AIM, unit="fraction", n=n),
        at_most("rtf", rtf, RTF_AIM, unit="s/s", n=n),
    ]
    published = [
        shown("accepted in noise", share, unit="fraction", n=0, group=f"{name} (published)")
        for name, share in PUBLISHED.items()
    ]
    halves: list[Figure] = []
    for half in HALVES:
        halves += _rows([one for one in tried if one.half == half], f"{half}, ")
    return [*own, *_rows(tried, ""), *halves, *published]


def beside(tried: Sequence[Tried], name: str) -> list[Figure]:
    """Return the same figures of another recogniser, as rows."""
    rtf = sum(one.spent_s for one in tried) / sum(one.audio_s for one in tried)
    wrong = sum(one.is_wrong for one in tried) / len(tried)
    return [
        *_rows(tried, f"{name}, "),
        shown("wrong action", wrong, unit="fraction", n=len(tried), group=name),
        shown("rtf", rtf, unit="s/s", n=len(tried), group=name),
    ]


def _rows(tried: Sequence[Tried], prefix: str) -> list[Figure]:
    rows = []
    for condition in dict.fromkeys(one.condition for one in tried):
        some = [one for one in tried if one.condition == condition]
        name = "accepted clean" if condition == CLEAN else "accepted in noise"
        asked = sum(one.got is None for one in some) / len(some)
        wrong = sum(one.is_wrong for one in some) / len(some)
        group, n = f"{prefix}{condition}", len(some)
        rows += [
            shown(name, _right(some), unit="fraction", n=n, group=group),
            shown("asked back or passed on", asked, unit="fraction", n=n, group=group),
            shown("wrong action", wrong, unit="fraction", n=n, group=group),
        ]
    return rows


def _right(tried: Sequence[Tried]) -> float:
    return sum(one.is_right for one in tried) / len(tried) if tried else 0.0
