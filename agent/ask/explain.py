"""What was said, explained by the tools' grammars: done, asked back, or passed on as open speech.

A recogniser's readings are noisy views of one sentence.  Each is taken to the nearest sentences of
the grammars (`explain_paths`); the recogniser then says how well each of those fits the sound, and
the best is accepted where it is near enough and nothing near it means something else.  Where that
is in doubt, the sound is listened to once more, played slower.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ValidationError

from agent.ask.explain_grammar import GrammarError, read
from agent.ask.explain_paths import Paths, Pronounce, normal
from agent.ask.explain_prompt import prompt
from agent.ports import NO_HINTS, Alternative, Hints, Scorer, Sound, Transcriber, Transcript
from agent.skill import Tool

READINGS = 5
PATHS_MAX = 3  # of each reading
CANDIDATES_MAX = 10
COST_MAX = 8.0  # phonemes: farther than this nobody said it
WORDS_MAX = 110  # of the prompt, over all tools
# The weights below were tuned on every second recording of the reference commands, in the clean and
# in kitchen noise, and confirmed on the others (`carpal evaluate voice`).
REPAIR = 2.0  # what a phoneme of repair costs, beside the log-probability of the reading
FIT = 0.5  # of the sentence's own log-probability given the sound
MISSED = 12.0  # log: what a look that did not find a meaning says against it
SURE_MARGIN = 6.0  # log: a first look like this needs no second
ACCEPT_MARGIN = 2.0
ACCEPT_COST = 0.16  # phonemes of repair for each phoneme that was said
ASK_COST = 0.30
# Log, for each word and two more: a primed recogniser may read its prompt out of mere noise, and
# unprimed it then finds that far from the sound (measured: -6 and less; of right orders, over -4).
FIT_MIN = -5.0
Slots = tuple[tuple[str, str], ...]
Meaning = tuple[str, Slots]
Verdict = Literal["accept", "ask"]


class Ear(Transcriber, Scorer, Protocol):
    """What hears and can say how well sentences fit."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence of a tool's grammar that may have been said."""

    tool: str
    slots: Slots
    sentence: str
    cost: float
    """How far it is from what was read, in phonemes, for each phoneme of it."""
    score: float
    """The log-probability of the reading, less the repairs."""

    @property
    def meaning(self) -> Meaning:
        """Return what it would do."""
        return self.tool, self.slots


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the sentence means, and how sure that is."""

    tool: str
    arguments: BaseModel
    sentence: str
    """What was understood, in the grammar's words."""
    verdict: Verdict
    margin: float
    """By how much (log) it fits better than the next meaning."""
    cost: float
    """Phonemes that were repaired, for each that was said."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was heard, and what it means to the tools: None is open speech."""

    heard: Transcript
    explanation: Explanation | None


@dataclass(frozen=True, slots=True)
class Look:
    """What came of listening once: candidates, best first, and how well each sentence fits."""

    candidates: tuple[Candidate, ...]
    fits: Mapping[str, float]
    """The log-probability of each sentence, of other looks' candidates too."""


class Explainer:
    """The grammars of the tools that are granted."""

    def __init__(self, tools: Mapping[str, Tool[Any]], pronounce: Pronounce) -> None:
        """Read the grammars of *tools*, by full name; `refused` says which cannot be read."""
        self.refused: dict[str, str] = {}
        self._tools: dict[str, Tool[Any]] = {}
        self._paths: dict[str, Paths] = {}
        for name, tool in tools.items():
            if not tool.grammar:
                continue
            try:
                automaton = read(tool.grammar, slots=frozenset(tool.arguments.model_fields))
            except GrammarError as error:
                self.refused[name] = str(error)
                continue
            self._tools[name] = tool
            self._paths[name] = Paths(automaton, pronounce)

    @cached_property
    def prompt(self) -> str:
        """Return sentences in the tools' words, for a recogniser to have heard before."""
        share = WORDS_MAX // max(1, len(self._paths))
        return " ".join(prompt(paths, words_max=share) for paths in self._paths.values())

    @property
    def grammars(self) -> tuple[str, ...]:
        """Return the grammars that can be read, for a recogniser that hears nothing else."""
        return tuple(tool.grammar for tool in self._tools.values())

    def candidates(self, readings: Sequence[Alternative]) -> tuple[Candidate, ...]:
        """Return the sentences nearest to *readings*, one for each meaning, best first."""
        best: dict[Meaning, Candidate] = {}
        for reading in readings:
            words = normal(reading.text)
            for name, paths in self._paths.items():
                for path in paths.nearest(words, most=PATHS_MAX, cost_max=COST_MAX):
                    score = reading.score - REPAIR * path.cost
                    cost = path.cost / max(1, paths.length(path.words))
                    one = Candidate(name, path.slots, _sentence(path.words), cost, score)
                    known = best.get(one.meaning)
                    if known is None or known.score < score:
                        best[one.meaning] = one
        ordered = sorted(best.values(), key=lambda one: -one.score)
        return tuple(ordered[:CANDIDATES_MAX])

    def decide(self, looks: Sequence[Look]) -> Explanation | None:
        """Return what *looks* at one sound say together; None where no grammar explains it."""
        totals = _totals(looks)
        if not totals:
            return None
        ordered = sorted(totals.values(), key=lambda one: -one[1])
        best, total = ordered[0]
        margin = min(99.0, total - ordered[1][1]) / len(looks) if len(ordered) > 1 else 99.0
        try:
            arguments = self._tools[best.tool].arguments.model_validate(dict(best.slots))
        except ValidationError:
            return None
        if best.cost > ASK_COST or _fit(best, looks) < FIT_MIN:
            return None
        is_sure = margin >= ACCEPT_MARGIN and best.cost <= ACCEPT_COST
        verdict: Verdict = "accept" if is_sure else "ask"
        return Explanation(best.tool, arguments, best.sentence, verdict, margin, best.cost)

    async def explain(
        self,
        sound: Sound,
        ear: Ear,
        hints: Hints = NO_HINTS,
        *,
        second: Transcriber | None = None,
    ) -> Outcome:
        """Return what is said in *sound* and what it means; raise ModelError.

        Where two meanings fit alike, *second*, which hears by grammars, may side with the better.
        """
        wide = replace(hints, prompt=" ".join((hints.prompt, self.prompt)).strip(), n_best=READINGS)
        heard = await ear.transcribe(sound, wide)
        found = self.candidates(heard.alternatives)
        if not found:
            return Outcome(heard, None)
        looks = [Look(found, await _fits(sound, ear, found, slowed=False))]
        first = self.decide(looks)
        # The first reading may have what no candidate explains: "... and a", and then no more.
        is_whole = self.candidates(heard.alternatives[:1])[:1] == found[:1] and not found[0].cost
        if first is None or first.margin < SURE_MARGIN or first.cost > 0 or not is_whole:
            again = await ear.transcribe(sound, replace(wide, slowed=True))
            looks = await self._both(sound, ear, found, self.candidates(again.alternatives))
        decided = self.decide(looks)
        if second is not None and decided is not None and decided.verdict == "ask":
            decided = await _agreed(sound, second, decided, looks)
        return Outcome(heard, decided)

    async def _both(
        self,
        sound: Sound,
        ear: Ear,
        first: tuple[Candidate, ...],
        second: tuple[Candidate, ...],
    ) -> list[Look]:
        every = (*first, *second)
        plain = await _fits(sound, ear, every, slowed=False)
        slow = await _fits(sound, ear, every, slowed=True)
        return [Look(first, plain), Look(second, slow)]


async def _fits(
    sound: Sound, ear: Ear, candidates: Sequence[Candidate], *, slowed: bool
) -> dict[str, float]:
    # Without the prompt: what was primed is no evidence, and it costs ten times the sentence.
    sentences = list(dict.fromkeys(one.sentence for one in candidates))
    scores = await ear.score(sound, sentences, Hints(slowed=slowed))
    return dict(zip(sentences, scores, strict=True))


async def _agreed(
    sound: Sound, second: Transcriber, decided: Explanation, looks: Sequence[Look]
) -> Explanation:
    """Return it accepted, if *second* chooses its sentence among those that are in question."""
    if decided.cost > ACCEPT_COST:
        return decided
    every = [one.sentence for look in looks for one in look.candidates]
    sentences = [" ".join(normal(one)) for one in dict.fromkeys(every)]
    grammar = f"#JSGF V1.0; grammar told; public <told> = {' | '.join(sentences)};"
    heard = await second.transcribe(sound, Hints(grammars=(grammar,)))
    is_same = normal(heard.text) == normal(decided.sentence)
    return replace(decided, verdict="accept") if is_same else decided


def _totals(looks: Sequence[Look]) -> dict[Meaning, tuple[Candidate, float]]:
    """Return each meaning's likeliest sentence and what all looks say for it."""
    every: dict[Meaning, Candidate] = {}
    for one in (candidate for look in looks for candidate in look.candidates):
        known = every.get(one.meaning)
        if known is None or known.cost > one.cost:
            every[one.meaning] = one
    found = {}
    for meaning, one in every.items():
        total = sum(_said_by(look, meaning) for look in looks)
        total += FIT * sum(look.fits.get(one.sentence, -99.0) for look in looks)
        found[meaning] = (one, total)
    return found


def _fit(one: Candidate, looks: Sequence[Look]) -> float:
    """Return how well a sentence fits the sound by itself, at the look where it fits best."""
    words = len(one.sentence.split()) + 2
    return max(look.fits.get(one.sentence, -99.0) for look in looks) / words


def _said_by(look: Look, meaning: Meaning) -> float:
    if not look.candidates:
        return -MISSED
    best = look.candidates[0].score
    mine = [one.score - best for one in look.candidates if one.meaning == meaning]
    return max(-MISSED, mine[0]) if mine else -MISSED


def _sentence(words: tuple[str, ...]) -> str:
    said = " ".join("I" + word[1:] if word.split("'")[0] == "i" else word for word in words)
    return said[:1].upper() + said[1:] + "."
