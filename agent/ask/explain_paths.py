"""What a grammar makes of heard words: its own sentences, nearest first.  Pure.

The words are read from left to right beside the automaton (a beam search, as in Young et al. 1989,
"Token passing").  A word of the grammar may take the place of one to three heard words that sound
near it, and two of it that of one; a word that the grammar does not have may be passed over
outside its slots.  Each has a cost, in phonemes.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from agent.ask import numbers
from agent.ask.explain_grammar import Automaton
from agent.phonemes import distance

WORDS_MAX = 60
BEAM = 32
BEHIND_MAX = 4.0  # phonemes: what lies farther behind the best does not catch up
SPAN_MAX = 3
SPANS_MAX = 4000
NEAR_MAX = 0.62  # of a phoneme, for each phoneme of a word
SHORT = 0.3  # a word of one or two sounds is near to too many
PASSED = 0.5  # for each phoneme of a heard word that is passed over
PASSED_MIN = 0.8
FILLERS = {
    "um": 0.1, "uh": 0.1, "er": 0.1, "hm": 0.1, "please": 0.1, "so": 0.3, "well": 0.3, "okay": 0.3,
    "just": 0.4, "a": 0.4, "an": 0.4, "the": 0.4, "and": 0.6, "of": 0.6, "me": 0.6,
}  # fmt: skip
LACKING = 1.0  # for each phoneme of a grammar's small word that was not heard
LACKING_SOUNDS_MAX = 3
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+")
_UNITS = {"oz": "ounce", "ozs": "ounces"}

Pronounce = Callable[[str], tuple[str, ...]]
_Near = Mapping[str, Sequence[tuple[int, float]]]
Action = tuple[str, str]  # ("open" | "close", slot)


@dataclass(frozen=True, slots=True)
class Path:
    """One sentence of a grammar, and how far what was heard is from it."""

    words: tuple[str, ...]
    slots: tuple[tuple[str, str], ...]
    """Each slot with its value, by name."""
    cost: float


@dataclass(frozen=True, slots=True)
class _Step:
    word: str
    target: int
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """How far a sentence of a grammar has come."""

    node: int = 0
    cost: float = 0.0
    words: tuple[str, ...] = ()
    slots: tuple[tuple[str, str], ...] = ()
    open: str = ""
    value: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """Return what decides how it may go on."""
        return (self.node, self.slots, self.open, self.value)


@dataclass(slots=True)
class Paths:
    """The sentences of one grammar."""

    automaton: Automaton
    pronounce: Pronounce
    _steps: dict[int, tuple[_Step, ...]] = field(default_factory=dict)
    _ends: dict[int, tuple[Action, ...] | None] = field(default_factory=dict)
    _spans: dict[tuple[str, ...], tuple[tuple[str, float], ...]] = field(default_factory=dict)
    _words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._words = tuple(sorted(self.automaton.words()))

    def nearest(self, heard: Sequence[str], *, most: int, cost_max: float) -> list[Path]:
        """Return at most *most* sentences with different slots, nearest first."""
        rows: list[dict[tuple[object, ...], Spoken]] = [{} for _ in range(len(heard) + 1)]
        _keep(rows[0], Spoken(0))
        for place in range(len(heard) + 1):
            near = self._near(heard, place)
            for token in self._pruned(rows[place], cost_max):
                for length, following in self._following(token, heard, place, near):
                    _keep(rows[place + length], following)
        found: dict[tuple[tuple[str, str], ...], Path] = {}
        for token in sorted(rows[-1].values(), key=lambda one: one.cost):
            ended = self.ended(token)
            if ended is not None and ended.cost <= cost_max:
                path = Path(ended.words, tuple(sorted(ended.slots)), ended.cost)
                found.setdefault(path.slots, path)
        return list(found.values())[:most]

    def _pruned(self, row: dict[tuple[object, ...], Spoken], cost_max: float) -> list[Spoken]:
        """Return the best tokens, with those that passed by small words that were not heard."""
        for token in _best(row, cost_max):
            for step in () if token.open else self.steps(token.node):
                sounds = len(self.pronounce(step.word))
                if sounds > LACKING_SOUNDS_MAX:
                    continue
                moved = _moved(token, step, LACKING * sounds)
                if moved is not None and not moved.open:
                    _keep(row, moved)
        return _best(row, cost_max)

    def _following(
        self, token: Spoken, heard: Sequence[str], place: int, near: _Near
    ) -> Iterable[tuple[int, Spoken]]:
        if place < len(heard) and not token.open:
            yield 1, _passed(token, heard[place], self.pronounce)
        for step in self.steps(token.node):
            for length, cost in near.get(step.word, ()):
                moved = _moved(token, step, cost)
                if moved is not None:
                    yield length, moved

    def _near(self, heard: Sequence[str], place: int) -> _Near:
        """Return the words of the grammar that may be what was heard at *place*."""
        spans = [tuple(heard[place:end]) for end in range(place + 1, place + SPAN_MAX + 1)]
        found: dict[str, list[tuple[int, float]]] = {}
        for span in spans[: len(heard) - place]:
            for word, cost in self._meant(span):
                found.setdefault(word, []).append((len(span), cost))
        return found

    def _meant(self, span: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
        if span not in self._spans:
            if len(self._spans) > SPANS_MAX:
                self._spans.clear()
            costs = ((word, self.cost(span, (word,))) for word in self._words)
            self._spans[span] = tuple((word, cost) for word, cost in costs if cost is not None)
        return self._spans[span]

    def length(self, words: Sequence[str]) -> int:
        """Return how many phonemes *words* have."""
        return sum(len(self.pronounce(word)) for word in words)

    def cost(self, heard: tuple[str, ...], said: tuple[str, ...]) -> float | None:
        """Return how far *heard* is from *said* in phonemes; None where it is too far."""
        return 0.0 if heard == said else self._far(heard, said)

    def _far(self, heard: tuple[str, ...], said: tuple[str, ...]) -> float | None:
        mine = tuple(sound for word in heard for sound in self.pronounce(word))
        other = tuple(sound for word in said for sound in self.pronounce(word))
        allowed = NEAR_MAX * len(other) - SHORT
        if not mine or abs(len(mine) - len(other)) * 0.45 > allowed:
            return None
        found = distance(mine, other) + 0.1
        return found if found <= allowed else None

    def steps(self, node: int) -> tuple[_Step, ...]:
        """Return the words that may follow *node*."""
        if node not in self._steps:
            self._look_from(node)
        return self._steps[node]

    def _look_from(self, node: int) -> None:
        found: dict[_Step, None] = {}
        end: tuple[Action, ...] | None = None
        waiting: list[tuple[int, tuple[Action, ...]]] = [(node, ())]
        seen = set(waiting)
        while waiting:
            at, actions = waiting.pop(0)
            if at == 1 and end is None:
                end = actions
            for arc in self.automaton.arcs[at]:
                if arc.word:
                    found.setdefault(_Step(arc.word, arc.target, actions))
                    continue
                after = actions
                after += (("open", arc.opens),) if arc.opens else ()
                after += (("close", arc.closes),) if arc.closes else ()
                if (arc.target, after) not in seen and len(after) <= 4:
                    seen.add((arc.target, after))
                    waiting.append((arc.target, after))
        self._steps[node] = tuple(found)
        self._ends[node] = end

    def on_from(self, token: Spoken) -> Iterable[Spoken]:
        """Yield *token* with each word that may come next."""
        for step in self.steps(token.node):
            moved = _moved(token, step, 0.0)
            if moved is not None:
                yield moved

    def ended(self, token: Spoken) -> Spoken | None:
        """Return *token* as a whole sentence; None where it is not one yet."""
        self.steps(token.node)
        actions = self._ends[token.node]
        return None if actions is None else _acted(token, actions)


def normal(text: str) -> list[str]:
    """Return the words of *text* as a grammar has them: numbers in words, no marks."""
    found: list[str] = []
    for word in _WORD.findall(text.lower().replace("\u2019", "'"))[:WORDS_MAX]:
        found += _spoken(word) if word.isdigit() else [_UNITS.get(word, word)]
    return found[:WORDS_MAX]


def _spoken(digits: str) -> list[str]:
    value = float(digits[:4])
    for word, number in numbers.WORDS.items():
        if number == value:
            return [word]
    return [digits]


def _best(row: dict[tuple[object, ...], Spoken], cost_max: float) -> list[Spoken]:
    best = sorted(row.values(), key=lambda one: one.cost)[:BEAM]
    bound = min(cost_max, best[0].cost + BEHIND_MAX) if best else 0.0
    return [token for token in best if token.cost <= bound]


def _keep(row: dict[tuple[object, ...], Spoken], token: Spoken) -> None:
    known = row.get(token.key)
    if known is None or token.cost < known.cost:
        row[token.key] = token


def _passed(token: Spoken, word: str, pronounce: Pronounce) -> Spoken:
    cost = FILLERS.get(word) or max(PASSED_MIN, PASSED * len(pronounce(word)))
    return Spoken(token.node, token.cost + cost, token.words, token.slots)


def _moved(token: Spoken, step: _Step, cost: float) -> Spoken | None:
    acted = _acted(token, step.actions)
    if acted is None:
        return None
    value = (*acted.value, step.word) if acted.open else ()
    words = (*acted.words, step.word)
    return Spoken(step.target, acted.cost + cost, words, acted.slots, acted.open, value)


def _acted(token: Spoken, actions: tuple[Action, ...]) -> Spoken | None:
    """Return *token* with slots opened and closed; None where one would be filled twice."""
    slots, opened, value = token.slots, token.open, token.value
    for kind, slot in actions:
        if kind == "open":
            if any(name == slot for name, _ in slots):
                return None
            opened, value = slot, ()
        else:
            slots, opened, value = (*slots, (slot, " ".join(value))), "", ()
    return Spoken(token.node, token.cost, token.words, slots, opened, value)
