"""Rows for the adapter: what the model is asked and what a right answer is, drawn from the texts.

The same rows train it and, from an author that it never saw, examine it.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.evaluate import invented
from agent.evaluate.noise import misheard
from agent.texts import Family, Hint, Note, Question, Said, Text, names_in
from agent.wording import prompts
from agent.wording.guard import fault
from agent.wording.lexicon import SIGNALS, STATISTICS

GENERIC = "@"
WHEN = "when"
ALWAYS = ("when", "sure")
"""Facts that a sentence may not leave out where they are given: they limit the others."""
DISTRACTORS_MAX = 3
JOURNAL_MAX = 7
STATISTICS_ASKED = ("average", "highest", "lowest", "newest")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that the model is asked."""

    job: str
    prompt: str
    target: str
    names: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    missing: bool = False
    question: str = ""
    situation: str = ""


class Generator:
    """Draws rows from some authors' texts; the same seed draws the same rows."""

    def __init__(self, texts: Sequence[Text], seed: int, *, noisy: float = 0.25) -> None:
        self._texts = [_sayable(text) for text in texts]
        self._noisy = noisy
        self.random = random.Random(seed)  # noqa: S311 (training text, no secret)
        names = [f for text in texts for f in text.families.values() if f.questions]
        facts = {n for f in names for n in f.facts if GENERIC not in n}
        self._facts = sorted(facts.difference(ALWAYS))  # those belong to a fact of their own
        self._jobs: list[tuple[float, Callable[[], Row]]] = [
            (0.56, self.answer),
            (0.06, self.unheard_of),
            (0.14, self.nudge),
            (0.07, self.journal),
            (0.04, self.digest),
            (0.05, self.slots),
            (0.05, self.talk),
            (0.03, self.note),
        ]

    def row(self) -> Row:
        """Return the next row of any job, by their weights."""
        weights = [weight for weight, _ in self._jobs]
        return self.random.choices([job for _, job in self._jobs], weights)[0]()

    def answer(self, *, missing: bool | None = None) -> Row:
        """Return a question on some facts, with the sentence that answers it."""
        r = self.random
        family = self._family(lambda f: f.questions and f.answers and f.name != "digest")
        question = r.choice(family.questions)
        pool = [n for n in family.facts if n not in question.asked]
        names = [*question.asked, *(n for n in pool if r.random() < 0.45)]
        missing = r.random() < 0.12 if missing is None else missing
        target = prompts.MISSING
        if missing:
            near = [n for n in pool if r.random() < 0.4] if r.random() < 0.5 else []
            far = [n for n in self._others(r.randint(1, 3)) if n not in family.facts]
            names = [*near, *far]
        else:
            target = self._sentence(family, question, names)
            if r.random() < 0.35:
                others = self._others(r.randint(1, DISTRACTORS_MAX))
                names += [n for n in others if n not in names and n not in family.facts]
        if r.random() < 0.5:
            r.shuffle(names)
        return self._measured(family, question, names, target)

    def nudge(self) -> Row:
        """Return a situation, with its glance and its sentence."""
        r = self.random
        hints = [h for text in self._texts for f in text.families.values() for h in f.hints]
        situation = r.choice(sorted({hint.situation for hint in hints}))
        fitting = [one for one in hints if one.situation == situation]
        every = sorted({n for one in fitting for n in one.facts})
        hint = r.choice(fitting)
        if r.random() < 0.25:
            hint = self._of_fewer(fitting, every) or hint
            every = sorted(hint.facts)
        names = self._nudge_names(hint, every)
        target = f"{hint.glance}{prompts.GLANCE_END}{hint.sentence}"
        prompt = prompts.nudge(situation, names)
        return Row("nudge", prompt, target, tuple(names), situation=situation)

    def unheard_of(self) -> Row:
        """Return a question on a fact whose name no author wrote: names are to be copied."""
        r = self.random
        names = [invented.name(r) for _ in range(r.choice((1, 2, 2, 3)))]
        names += self._others(r.choice((0, 0, 1, 2)))
        question, target = invented.asked(names[0], r)
        asked = names[0]
        if r.random() < 0.12:
            names, target = [*names[1:], *self._others(1)], prompts.MISSING
        r.shuffle(names)
        heard = self._heard(question)
        prompt = prompts.answer(names, heard)
        missing = target == prompts.MISSING
        return Row("answer", prompt, target, tuple(names), (asked,), missing, heard)

    def slots(self) -> Row:
        """Return a sentence, with the words in it that fill a tool's slots."""
        names, said, target = invented.filled(self.random)
        heard = said if self.random.random() < 0.5 else f"{said[0].upper()}{said[1:]}"
        return Row("slots", prompts.slots(names, heard), target, tuple(names), question=heard)

    def journal(self) -> Row:
        """Return the facts of a day, with the entry that joins them."""
        r = self.random
        said = [a for t in self._texts if "day" in t.families for a in t.families["day"].answers]
        r.shuffle(said)
        chosen, names = [], list[str]()
        for one in said:
            if not one.facts & set(names) and len(one.facts) <= 3:
                chosen.append(one.sentence)
                names += sorted(one.facts)
            if len(names) >= r.randint(3, JOURNAL_MAX):
                break
        shown = list(names)
        if r.random() < 0.5:
            r.shuffle(shown)
            chosen.sort(key=lambda s: min(shown.index(n) for n in names_in(s)))
        return Row("journal", prompts.journal(shown), _capitals(" ".join(chosen)), tuple(shown))

    def digest(self) -> Row:
        """Return what is known of held notifications, with the sentence on it."""
        r = self.random
        said = [
            a for t in self._texts if "digest" in t.families for a in t.families["digest"].answers
        ]
        one = r.choice(said)
        names = sorted(one.facts)
        r.shuffle(names)
        target = _capitals(one.sentence)
        return Row("digest", prompts.digest(names), target, tuple(names))

    def talk(self) -> Row:
        """Return something said in small talk, with a reply."""
        turns = [turn for text in self._texts for turn in text.turns]
        said, reply = self.random.choice(turns)
        return Row("talk", prompts.talk(self._heard(said)), reply, question=said)

    def note(self) -> Row:
        """Return a passage, with its notes."""
        one = self.random.choice([note for text in self._texts for note in text.notes])
        return Row("notes", prompts.notes(one.passage), noted(one))

    def _family(self, fits: Callable[[Family], object]) -> Family:
        found = [f for text in self._texts for f in text.families.values() if fits(f)]
        return self.random.choices(found, [len(f.questions) ** 0.7 for f in found])[0]

    def _others(self, count: int) -> list[str]:
        return self.random.sample(self._facts, count)

    def _sentence(self, family: Family, question: Question, names: list[str]) -> str:
        """Return an answer with what was asked, and with what may not be left out."""
        r, asked = self.random, set(question.asked)
        asked |= {n for n in names if n in ALWAYS}
        fitting = [one for one in family.answers if asked <= one.facts <= set(names)]
        if fitting:
            least = [one for one in fitting if one.facts == asked]
            return _capitals(r.choice(least if least and r.random() < 0.7 else fitting).sentence)
        plain = [a for a in family.answers if a.facts == set(question.asked)]
        if not plain:
            return self._one_by_one(family, asked)
        sentence = r.choice(plain).sentence
        for name in ALWAYS:
            sentence = _with(sentence, name) if name in asked - set(question.asked) else sentence
        return _capitals(sentence)

    def _one_by_one(self, family: Family, asked: set[str]) -> str:
        parts = []
        for name in sorted(asked):
            alone = [a.sentence for a in family.answers if a.facts == {name}]
            parts.append(_capitals(self.random.choice(alone or [f"The {name} is {{{name}}}."])))
        return " ".join(parts)

    def _of_fewer(self, hints: Sequence[Hint], every: Sequence[str]) -> Hint | None:
        """Return a hint on some of the facts alone: a calendar may be empty, a usual unknown."""
        r = self.random
        names = set(r.sample(list(every), r.randint(1, len(every))))
        glances = [h.glance for h in hints if names_in(h.glance) and names_in(h.glance) <= names]
        whole = [h.sentence for h in hints if names_in(h.sentence) == names]
        if not glances:
            return None
        sentence = r.choice(whole) if whole else self._joined(names)
        return Hint(hints[0].situation, r.choice(glances), sentence) if sentence else None

    def _joined(self, names: set[str]) -> str:
        """Return a sentence or two on all of *names*, of what the authors say of each; or none."""
        r, left, said = self.random, set(names), list[str]()
        answers = [a for t in self._texts for f in t.families.values() for a in f.answers]
        while left:
            fitting = [a for a in answers if a.facts <= left and a.facts]
            if not fitting:
                return ""
            chosen = r.choice(fitting)
            said.append(chosen.sentence)
            left -= chosen.facts
        r.shuffle(said)
        return _capitals(" ".join(said))

    def _nudge_names(self, hint: Hint, every: list[str]) -> list[str]:
        names = sorted(hint.facts)
        names += [n for n in every if n not in names and self.random.random() < 0.5]
        if self.random.random() < 0.2:
            names += [n for n in self._others(1) if n not in every]
        if self.random.random() < 0.6:
            self.random.shuffle(names)
        return names

    def _measured(self, family: Family, question: Question, names: list[str], target: str) -> Row:
        """Return the row, with a signal and statistic wherever the text has the mark for one."""
        r = self.random
        statistic, signal = r.choice(STATISTICS_ASKED), r.choice(list(SIGNALS))
        fact = f"{statistic} {signal}"
        name = signal if statistic == "newest" else fact
        spoken = f"{r.choice(STATISTICS[statistic])} {r.choice(SIGNALS[signal])}".strip()
        wording = question.wording.replace(GENERIC, spoken if family.name == "measured" else "it")
        names = [fact if n == GENERIC else n for n in dict.fromkeys(names)]
        said = target.replace("{@}", f"{{{fact}}}").replace(GENERIC, name)
        asked = tuple(fact if n == GENERIC else n for n in question.asked)
        heard = self._heard(wording)
        return Row(
            "answer",
            prompts.answer(names, heard),
            _capitals(said),
            tuple(names),
            asked,
            target == prompts.MISSING,
            heard,
        )

    def _heard(self, wording: str) -> str:
        r = self.random
        if r.random() < self._noisy:
            return misheard(wording, r)
        shape = r.random()
        if shape < 0.4:
            return wording
        mark = r.choice(("?", "", ".")) if wording[-1].isalnum() else ""
        return f"{wording[0].upper()}{wording[1:]}{mark}"


def _sayable(text: Text) -> Text:
    """Return *text* with only those sentences that the guard lets through."""
    families = {}
    for key, family in text.families.items():
        answers = [one for one in family.answers if _passes(one, family)]
        hints = [one for one in family.hints if _shown(one)]
        families[key] = Family(family.name, family.questions, answers, hints)
    return Text(text.author, families, text.turns, text.notes)


def _passes(one: Said, family: Family) -> bool:
    fact = "highest heart rate"
    sentence = one.sentence.replace(f"{{{GENERIC}}}", f"{{{fact}}}").replace(GENERIC, fact)
    return fault(sentence, [name.replace(GENERIC, fact) for name in family.facts]) is None


def _shown(hint: Hint) -> bool:
    names = sorted(hint.facts)
    bare = not names_in(hint.glance)
    return fault(hint.sentence, names) is None and (bare or fault(hint.glance, names) is None)


def noted(note: Note) -> str:
    """Return the notes in the form that the model writes them."""
    return " | ".join((note.title, "; ".join(note.terms), *note.questions))


def _with(sentence: str, name: str) -> str:
    """Return *sentence* with a fact behind it: "You slept {asleep} {when}."."""
    body, end = (sentence[:-1], sentence[-1]) if sentence[-1] in ".!?" else (sentence, ".")
    comma = "" if name == WHEN else ","
    return f"{body}{comma} {{{name}}}{end}"


def _capitals(sentence: str) -> str:
    """Return *sentence* with a capital where one begins, names of facts left alone."""
    return re.sub(r"(^|[.!?] )([a-z])", lambda m: m[1] + m[2].upper(), sentence)
