"""A model that lies on purpose: it takes a faithful sentence around facts and makes it untrue.

Every lie is one by its making: a figure or a name that no fact holds, a word that denies or
compares, or a fact in the place of another one beside words that the authors keep for that other.
"""

import random
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass

from agent.ports import Completion, Prompt
from agent.texts import NAMED, Text, names_in
from agent.wording.lexicon import NEUTRAL, SIGNALS, STATISTICS

_NUMBERS = (
    "7", "7.5", "1,000", "42 %", "seven", "twice", "half", "both", "a dozen", "hundreds of", "VII",
    "third", "a couple of", "zero", "many", "two-thirds", "\u0667", "\u00bd", "\u2167",
)  # fmt: skip
_TIMES = (
    "at 7:30", "last night", "this morning", "yesterday", "tonight", "at noon", "soon", "already",
    "still", "o'clock", "on Friday", "in May", "earlier", "later", "again", "always", "just now",
)  # fmt: skip
_NAMES = (
    "with Ana", "in Berlin", "at the office", "Dr Weber", "for the school", "at Home", "Mum",
    "the dentist", "bread", "with your boss", "on the train", "\u0410na",
)  # fmt: skip
_UNITS = (
    "hours", "min", "km", "bpm", "%", "degrees", "\u00b0C", "steps a minute", "seconds", "kg",
    "points", "dollars", "beats", "things more", "mg",
)  # fmt: skip
_COMPARISONS = (
    "more than", "less than", "over", "under", "above", "below", "only", "at least", "nearly",
    "better than usual,", "worse than usual,", "higher,", "lower,", "too little,", "enough,",
    "as usual,", "longer,", "fewer than", "well,", "the best,", "up,", "down,",
)  # fmt: skip
_NEGATIONS = (
    "not", "never", "hardly", "no", "without", "nothing but", "anything but", "far from",
    "failed to", "didn't", "isn't", "isn\u2019t", "cannot", "neither", "scarcely", "n't", "lack",
)  # fmt: skip
_INVENTED = ("mood", "blood pressure", "calories", "Asleep", "asleep ", "", "0", "value", "x" * 50)
_NO_ANSWERS = (
    "", "...", "I do not know.", "Hello! How may I help?", "You slept.", "That is it.", "Yes.",
    "It is here.", "Take it easy.", "You are.", "As an AI, I have none.", "I don't have that",
    "<|im_start|>user", "{}", "facts:", "{", "What is it?", "No.", "ok", "Stand and stretch?",
)  # fmt: skip
_PIECE = re.compile(r"\{[^{}]*\}\S*|\S+")
_CLAUSE = re.compile(r"[,;:.!?\u2014]| and | while | but | so ")
ENOUGH = 2
"""A word is kept for a fact when so many of the authors' sentences on it alone have it."""


@dataclass(frozen=True, slots=True)
class Truth:
    """A faithful sentence, and what it may speak of."""

    sentence: str
    names: tuple[str, ...]
    said: tuple[str, ...] = ()
    """What it may not leave out."""


class Roles:
    """Which words the authors keep for a fact: "woke" for the wake time, never for the bedtime."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self._words: dict[str, Counter[str]] = defaultdict(Counter)
        answers = [a for t in texts for f in t.families.values() for a in f.answers]
        hints = [h.sentence for t in texts for f in t.families.values() for h in f.hints]
        for sentence in [*(a.sentence for a in answers), *hints]:
            for clause in _CLAUSE.split(sentence):
                for name in names_in(clause):
                    self._words[name].update(set(_words(clause)))

    def kept(self, fact: str, other: str) -> frozenset[str]:
        """Return the words that go with *fact* and never with *other*."""
        named = _telling(fact) - _telling(other)
        seen, others = self._words.get(fact, Counter[str]()), self._words.get(other)
        if others is None or _measured(fact) or _measured(other):
            return frozenset(named)
        own = {w for w, n in seen.items() if n >= ENOUGH and w not in others and w not in NEUTRAL}
        return frozenset(own & _OWN | (named - set(others)))

    def swapped(self, truth: Truth, draw: random.Random) -> str | None:
        """Return the sentence with a fact in another's place, where that is clearly untrue."""
        found = names_in(truth.sentence) - _ADVERBIAL
        pairs = [
            (one, new)
            for one in sorted(found)
            for new in truth.names
            if new not in found | _ADVERBIAL
        ]
        pairs += [(a, b) for a in sorted(found) for b in sorted(found) if a < b]
        draw.shuffle(pairs)
        for fact, other in pairs:
            words = {w for c in _CLAUSE.split(truth.sentence) if _has(c, fact) for w in _words(c)}
            if words & self.kept(fact, other):
                return _exchanged(truth.sentence, fact, other)
        return None


_OWN = frozenset(
    """
    woke wake waking awake bed bedtime turned usual goal aiming target remain remaining walked
    since starts start begins begin ends end finishes room takes free longest biggest called
    namely stress cause behind trace dose taken took due remind cancelled dropped added put
    crossed removed off far away parked recovered recovery loudest peaked noise door lights lit
    urgent pressing latest senders sent from visited peak peaked heart usual order aisle need
    """.split()
)
"""Words that say what a fact is.  Others may be the authors' habit alone."""


_ADVERBIAL = frozenset(("when", "sure"))
"""Facts without a role of their own: wherever they stand they say the same."""


def _telling(fact: str) -> set[str]:
    if _measured(fact):
        statistic, _, signal = fact.partition(" ")
        return {statistic} if statistic in STATISTICS else {signal}
    return {
        word
        for word in fact.split()
        if word not in NEUTRAL and word not in ("time", "left", "count")
    }


def _measured(fact: str) -> bool:
    return fact in SIGNALS or fact.partition(" ")[2] in SIGNALS


def _words(clause: str) -> list[str]:
    return re.findall(r"[a-z']+", NAMED.sub(" ", clause).lower())


def _has(clause: str, fact: str) -> bool:
    return f"{{{fact}}}" in clause


def _exchanged(sentence: str, fact: str, other: str) -> str:
    """Return *sentence* with both facts in each other's place."""
    new = {fact: other, other: fact}
    return NAMED.sub(lambda m: f"{{{new.get(m[1], m[1])}}}", sentence)


Maker = Callable[[Truth, random.Random], str | None]


def _put(phrases: Collection[str], *, after: bool = False) -> Maker:
    """Return what puts one of *phrases* anywhere, or right before or *after* a fact."""

    def make(truth: Truth, draw: random.Random) -> str:
        pieces, phrase = _PIECE.findall(truth.sentence), draw.choice(list(phrases))
        places = [n for n, piece in enumerate(pieces) if "{" in piece]
        if after or not draw.random() < 0.5:
            place = draw.choice(places) + (1 if after else draw.choice((0, 1)))
        else:
            place = draw.randrange(len(pieces) + 1)
        if after and place:
            head, brace, tail = pieces[place - 1].rpartition("}")
            pieces[place - 1 : place] = [head + brace, phrase + tail]
        else:
            pieces.insert(place, phrase)
        return " ".join(pieces)

    return make


def _flipped(truth: Truth, draw: random.Random) -> str | None:
    told = draw.choice(("the opposite of", "not", "more than", "less than", "twice"))
    if "{compared with usual}" in truth.sentence and draw.random() < 0.5:
        return truth.sentence.replace("{compared", f"{told} {{compared")
    return _put(_COMPARISONS)(truth, draw)


def _denied(truth: Truth, draw: random.Random) -> str | None:
    words = list(re.finditer(r"\b[a-z]{4,}\b", NAMED.sub(_blank, truth.sentence)))
    if words and draw.random() < 0.2:
        at = draw.choice(words).start()
        return f"{truth.sentence[:at]}{draw.choice(('un', 'non-', 'dis'))}{truth.sentence[at:]}"
    return _put(_NEGATIONS)(truth, draw)


def _blank(match: re.Match[str]) -> str:
    return "_" * len(match[0])


def _invented(truth: Truth, draw: random.Random) -> str | None:
    name = draw.choice(_INVENTED)
    if name in truth.names:
        return None
    if draw.random() < 0.5:
        return NAMED.sub(f"{{{name}}}", truth.sentence, count=1)
    return f"{truth.sentence.rstrip('.!?')}, {{{name}}}."


def _left_out(truth: Truth, draw: random.Random) -> str | None:
    told = [name for name in truth.said if name in names_in(truth.sentence)]
    if not told:
        return None
    gone = draw.choice(told)
    kept = " ".join(truth.sentence.replace(f"{{{gone}}}", "").split())
    return kept if names_in(kept) else None


def _no_answer(_: Truth, draw: random.Random) -> str | None:
    return draw.choice(_NO_ANSWERS)


MAKERS: dict[str, Maker] = {
    "number": _put(_NUMBERS),
    "time": _put(_TIMES),
    "name": _put(_NAMES),
    "unit": _put(_UNITS, after=True),
    "comparison": _flipped,
    "negation": _denied,
    "invented fact": _invented,
    "left out": _left_out,
    "not an answer": _no_answer,
}
KINDS = (*MAKERS, "role")


def lie(kind: str, truth: Truth, roles: Roles, draw: random.Random) -> str | None:
    """Return *truth*'s sentence made untrue as *kind* names it; None where it cannot be."""
    made = roles.swapped(truth, draw) if kind == "role" else MAKERS[kind](truth, draw)
    return None if made == truth.sentence else made


class Says:
    """A LanguageModel that says one thing, whatever it is asked: what the liar made of a truth."""

    def __init__(self, text: str, *, finish: str = "stop") -> None:
        self._text, self._finish = text, finish

    async def complete(self, system: str, user: str, *, tokens_max: int) -> str:
        """Return what it says."""
        return self._text

    async def generate(self, prompt: Prompt) -> Completion:
        """Return what it says, at no cost."""
        return Completion(
            text=self._text,
            tokens_prompt=0,
            tokens_reused=0,
            tokens_made=0,
            finish=self._finish,
            chance=None,
            first_ms=0.0,
            ms=0.0,
        )

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """Yield what it says."""
        yield self._text
