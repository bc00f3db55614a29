"""`carpal evaluate grounding`: what is said is true, with a model that lies and with our own.

The liar (see `liar`) makes an author's faithful sentence untrue in a named way, in situations with
values that nobody trained on; a lie counts when it is what would be said in the end.  Our adapted
model, where it is there, answers an author whom it never saw (see `exam`), and is judged before
the guard by words alone and after it by who spoke.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from agent.evaluate import exam
from agent.evaluate.lied import Situation, lied
from agent.evaluate.rows import ALWAYS, Generator, Row
from agent.evaluate.values import Values
from agent.figures import Figure, Table, at_most, percentile, shown, table
from agent.ports import Completion, LanguageModel, Prompt
from agent.texts import Text, names_in
from agent.wording.prompts import GLANCE_END, MISSING
from agent.wording.worder import GLANCE_MAX, Worded, filled

LIES, LIES_SHORT = 5000, 400
QUESTIONS, QUESTIONS_SHORT = 600, 60
NUDGES_PART = 4  # one nudge for so many questions
FALLBACK_AIM, BEFORE_AIM = 0.10, 0.02
FIRST_S_AIM, WHOLE_S_AIM = 0.35, 0.9


async def evaluate(model: LanguageModel | None, *, seed: int = 1, short: bool = False) -> Table:
    """Return the figures; with *model*, our adapted one, also its own.  Raise DecodeError."""
    texts = exam.authors()
    lies = LIES_SHORT if short else LIES
    figures = await lied(texts, seed=seed, count=lies)
    count = QUESTIONS_SHORT if short else QUESTIONS
    if model is not None:
        figures += await examined(model, seed=seed, count=count)
        figures += await nudged(model, texts, seed=seed, count=count // NUDGES_PART)
    data = f"{lies} generated situations with a liar"
    asked = f", {count} questions of an author never trained on" if model else ""
    return table("grounding", data + asked, lies + (count if model else 0), figures)


class Heard:
    """A LanguageModel that remembers what the one behind it wrote last."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self.text = ""

    async def complete(self, system: str, user: str, *, tokens_max: int) -> str:
        """Return the model's reply; raise ModelError."""
        self.text = await self._model.complete(system, user, tokens_max=tokens_max)
        return self.text

    async def generate(self, prompt: Prompt) -> Completion:
        """Return the model's reply; raise ModelError."""
        self.text = ""
        made = await self._model.generate(prompt)
        self.text = made.text.strip()
        return made

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """Yield the model's reply; raise ModelError."""
        async for part in self._model.stream(prompt):
            yield part


@dataclass(frozen=True, slots=True)
class Answered:
    """One question, what the model wrote, and what was said."""

    group: str
    row: Row
    written: str
    worded: Worded

    @property
    def untrue(self) -> bool:
        """Return whether what was written, before any guard, claims what no fact carries.

        A true sentence about another fact than the one asked is no lie, but beside the question:
        that is counted by itself.
        """
        return exam.judged(self.written, self.row.names) not in (None, "not an answer")

    @property
    def complete(self) -> bool:
        """Return whether all that was asked is in what was written."""
        return set(self.row.asked) <= names_in(self.written)


async def examined(model: LanguageModel, *, seed: int, count: int) -> list[Figure]:
    """Return the figures of so many questions by an author whom the model never saw."""
    heard, values, answers = Heard(model), Values(seed), list[Answered]()
    for group, row in exam.questions(seed, count):
        said = tuple(name for name in ALWAYS if name in row.names)
        situation = Situation(row, row.names, tuple(values.facts(row.names)), said)
        worded = await situation.worded(heard)
        answers.append(Answered(group, row, heard.text, worded))
    figures = _overall(answers)
    for group in ("families", "inventions"):
        figures += [
            {**figure, "aim": None, "ok": None, "group": group}
            for figure in _overall([one for one in answers if one.group == group])
        ]
    return [*figures, *_times([one.worded for one in answers])]


def _overall(answers: Sequence[Answered]) -> list[Figure]:
    there = [one for one in answers if not one.row.missing]
    absent = [one for one in answers if one.row.missing]
    if not there:
        return []
    fallback = _share(one.worded.by == "template" for one in there)
    untrue = _share(one.untrue for one in answers)
    beside = (exam.beside_the_question(one.written, one.row.asked) for one in there)
    wrong = (
        one.worded.by == "model" and exam.beside_the_question(one.written, one.row.asked)
        for one in answers
    )
    figures = [
        at_most("fallback", fallback, FALLBACK_AIM, unit="fraction", n=len(there)),
        at_most("unfaithful before the guard", untrue, BEFORE_AIM, unit="fraction", n=len(answers)),
        shown(
            "asked fact said", _share(one.complete for one in there), unit="fraction", n=len(there)
        ),
        shown("beside the question", _share(beside), unit="fraction", n=len(there)),
        shown(
            "beside the question after the guard", _share(wrong), unit="fraction", n=len(answers)
        ),
    ]
    if absent:
        silent = _share(one.written == MISSING for one in absent)
        figures.append(shown("says so when missing", silent, unit="fraction", n=len(absent)))
    return figures


def _share(found: Iterable[bool]) -> float:
    told = list(found)
    return sum(told) / len(told) if told else 0.0


def _times(worded: Sequence[Worded]) -> list[Figure]:
    spoken = [one for one in worded if one.by == "model"]
    if not spoken:
        return []
    first = percentile([one.first_ms / 1000 for one in spoken], 0.5)
    whole = percentile([one.ms / 1000 for one in spoken], 0.5)
    return [
        at_most("first words", first, FIRST_S_AIM, unit="s", n=len(spoken)),
        at_most("whole sentence", whole, WHOLE_S_AIM, unit="s", n=len(spoken)),
    ]


async def nudged(
    model: LanguageModel, texts: Sequence[Text], *, seed: int, count: int
) -> list[Figure]:
    """Return the figures of so many nudges: situations of the authors, values never trained on."""
    heard, values, rows = Heard(model), Values(seed), Generator(texts, seed)
    by_model = short = untrue = 0
    for _ in range(count):
        row = rows.nudge()
        facts = tuple(values.facts(row.names))
        worded = await Situation(row, row.names, facts, ()).worded(heard)
        glance, bar, sentence = heard.text.partition(GLANCE_END)
        by_model += worded.by == "model"
        untrue += exam.judged(sentence or glance, row.names) is not None
        known = names_in(glance) <= set(row.names)
        short += bool(bar) and known and len(filled(glance, facts)) <= GLANCE_MAX
    return [
        shown("nudge fallback", 1 - by_model / count, unit="fraction", n=count),
        shown("nudge unfaithful before the guard", untrue / count, unit="fraction", n=count),
        shown("glance within 40", short / count, unit="fraction", n=count),
    ]
