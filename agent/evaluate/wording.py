"""`carpal evaluate wording`: our adapted model against the templates and against the bare model.

Answers: questions of an author whom the adapter never saw (see `exam`).  The templates are those
of the skills where the families are theirs (sleep, where, list, next meeting, meetings, stress,
reminders; they say the same whatever is asked) and a plain "The X is V." for each fact elsewhere.
The bare model sees the values and writes freely; what it says is read for the asked value and for
figures and names that no fact has.  Nudges: thirty days of the same one.  Journal: four to seven
facts of a day.  Slots: contents and patterns that no training row has.  Notes and small talk: of
the held-out author.  Each job ends with "beats the template": 1 where the model may be used.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.ask.slots import PARSERS
from agent.errors import ModelError
from agent.evaluate import bare, exam
from agent.evaluate.grounding import Heard
from agent.evaluate.lied import Situation, plain
from agent.evaluate.rows import ALWAYS, Generator, Row
from agent.evaluate.situation import situation as asked_in
from agent.evaluate.unseen import slots_unseen
from agent.evaluate.values import Values
from agent.events import Fact
from agent.figures import Figure, Table, against, shown, table
from agent.ports import LanguageModel, Prompt
from agent.texts import Note, names_in
from agent.wording import prompts
from agent.wording.prompts import MISSING
from agent.wording.worder import Worder, filled

ANSWERS, ANSWERS_SHORT = 200, 16
NUDGES, NUDGES_SHORT = 8, 2
DAYS, DAYS_SHORT = 30, 6
JOURNALS, JOURNALS_SHORT = 40, 4
SLOTS, SLOTS_SHORT = 60, 8
JOINED_MIN = 0.95
NOTES_TOKENS = 160
TEMPLATES = {
    "sleep": "You slept {asleep}, {compared with usual}, from {bedtime} to {wake time}.",
    "where": "You are at {place}, since {since}.",
    "list": "{count}: {items}.",
    "next meeting": "Next is {meeting} at {start}, {room}.",
    "meetings": "{meetings}, {time in meetings} in all.",
    "stress": "Your stress is {stress}, {level}.",
    "reminders": "{reminders}: {reminder list}.",
}
_CLAIMS = re.compile(
    r"\d|\byou (?:slept|walked|have \w+ (?:meetings|reminders|steps)|woke|went to bed)\b"
    r"|\byour (?:heart|pulse|sleep|stress|steps|oxygen|temperature) (?:is|was|are|were|rate)\b",
    re.IGNORECASE,
)


async def evaluate(
    model: LanguageModel, bare_model: LanguageModel, *, seed: int = 1, short: bool = False
) -> Table:
    """Return the figures of *model*, our adapted one; raise DecodeError or ModelError."""
    count = ANSWERS_SHORT if short else ANSWERS
    figures = await answers(model, bare_model, seed=seed, count=count)
    figures += await nudges(
        model,
        seed=seed,
        situations=NUDGES_SHORT if short else NUDGES,
        days=DAYS_SHORT if short else DAYS,
    )
    figures += await journals(model, seed=seed, count=JOURNALS_SHORT if short else JOURNALS)
    figures += await slots(model, seed=seed, count=SLOTS_SHORT if short else SLOTS)
    held = exam.held_out_talk()
    figures += await notes(model, held.notes)
    figures += await talk(model, [said for said, _ in held.turns][: 5 if short else None])
    return table("wording", f"{count} questions and other jobs, held out", count, figures)


def template(facts: Sequence[Fact]) -> tuple[str, frozenset[str]]:
    """Return what a template says of *facts*, and which of them it says."""
    names = {fact.name for fact in facts}
    for one in TEMPLATES.values():
        if names_in(one) <= names:
            return filled(one, facts), names_in(one)
    return plain(facts), frozenset(names)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one speaker said to one question."""

    answers: bool
    """All that was asked is in it, and nothing else but what may not be left out."""
    words: int


def _right(said: Iterable[str], row: Row) -> bool:
    return set(row.asked) <= set(said) <= {*row.asked, *ALWAYS}


async def answers(
    model: LanguageModel, bare_model: LanguageModel, *, seed: int, count: int
) -> list[Figure]:
    """Return who answers the question that was asked, and in how many words."""
    heard, values = Heard(model), Values(seed, hostile=0.0)
    ours, plainly, freely = list[Answer](), list[Answer](), list[Answer]()
    for _, row in exam.questions(seed, count):
        if row.missing:
            continue
        facts = tuple(values.facts(row.names))
        must = tuple(name for name in ALWAYS if name in row.names)
        told, stated = template(facts)
        plainly.append(Answer(_right(stated, row), len(told.split())))
        worded = await Situation(row, row.names, facts, must).worded(heard)
        by_model = worded.by == "model"
        said, text = (names_in(heard.text), worded.text) if by_model else (stated, told)
        ours.append(Answer(_right(said, row), len(text.split())))
        free = await bare.say(bare_model, row.question, facts)
        right = _right(bare.stated(free, facts), row)
        freely.append(
            Answer(right and not bare.foreign(free, facts, row.question), len(free.split()))
        )
    name, baseline = "answers the question asked", _answered(plainly)
    figures = [
        against(shown(name, _answered(who), unit="fraction", n=len(who), group=group), baseline)
        for group, who in (("adapter", ours), ("template", plainly), ("bare", freely))
    ]
    words = against(
        shown("words", _words(ours), unit="words", n=len(ours), group="answers"), _words(plainly)
    )
    better = _answered(ours) > baseline and _words(ours) <= _words(plainly)
    return [*figures, words, _verdict("answers", better, n=len(ours))]


def _answered(found: Sequence[Answer]) -> float:
    return _mean(one.answers for one in found)


def _words(found: Sequence[Answer]) -> float:
    return _mean(one.words for one in found)


def _mean(values: Iterable[float]) -> float:
    told = list(values)
    return sum(told) / len(told) if told else 0.0


def _verdict(job: str, better: bool, *, n: int) -> Figure:
    return shown("beats the template", float(better), unit="yes", n=n, group=job)


async def nudges(model: LanguageModel, *, seed: int, situations: int, days: int) -> list[Figure]:
    """Return how many sentences thirty days of the same nudge have, against the template's one."""
    rows, values = Generator(exam.authors(), seed), Values(seed, hostile=0.0)
    variety, by_model, words, plainly = list[float](), 0, list[int](), list[int]()
    for _ in range(situations):
        row, worder = rows.nudge(), Worder(model)
        facts = tuple(values.facts(row.names))
        spoken = [
            await worder.nudge(Situation(row, row.names, facts, ()).judged(f"day {day}"))
            for day in range(days)
        ]
        variety.append(len({one.text for one in spoken}) / days)
        by_model += sum(one.by == "model" for one in spoken)
        words += [len(one.text.split()) for one in spoken]
        plainly.append(len(plain(facts).split()))
    said = situations * days
    name, once = "variety", 1 / days
    return [
        against(shown(name, _mean(variety), unit="fraction", n=said, group="nudges"), once),
        shown("worded by the model", by_model / said, unit="fraction", n=said, group="nudges"),
        against(shown("words", _mean(words), unit="words", n=said, group="nudges"), _mean(plainly)),
        _verdict("nudges", _mean(variety) > once and by_model > said / 2, n=said),
    ]


async def journals(model: LanguageModel, *, seed: int, count: int) -> list[Figure]:
    """Return how many of the facts of a day its entry joins, before any guard, in what length."""
    rows, values, heard = Generator(exam.authors(), seed), Values(seed, hostile=0.0), Heard(model)
    joined, words, plainly, by_model = list[float](), list[int](), list[int](), 0
    while len(joined) < count:
        row = rows.journal()
        if not 4 <= len(row.names) <= 7:
            continue
        facts = tuple(values.facts(row.names))
        worded = await Situation(row, row.names, facts, row.names).worded(heard)
        joined.append(len(names_in(heard.text) & set(row.names)) / len(row.names))
        by_model += worded.by == "model"
        words.append(len(worded.text.split()))
        plainly.append(len(plain(facts).split()))
    better = _mean(joined) >= JOINED_MIN and by_model > count / 2 and sum(words) <= sum(plainly)
    return [
        shown("facts joined", _mean(joined), unit="fraction", n=count, group="journal"),
        shown("worded by the model", by_model / count, unit="fraction", n=count, group="journal"),
        against(shown("words", _mean(words), unit="words", n=count, group="journal"),
                _mean(plainly)),
        _verdict("journal", better, n=count),
    ]  # fmt: skip


async def slots(model: LanguageModel, *, seed: int, count: int) -> list[Figure]:
    """Return how many sentences have all their slots right, by the model and by code."""
    rows = [one for _, one in zip(range(count), slots_unseen(seed), strict=False)]
    context = asked_in()
    by_model = by_code = 0
    for row in rows:
        said = await _complete(model, prompts.slots(list(row.slots), row.said), tokens_max=48)
        by_model += _parsed(said) == {name: words for name, words in row.slots.items() if words}
        by_code += row.same({name: PARSERS[name](row.said, context) for name in row.slots})
    ours, code = by_model / count, by_code / count
    name = "all slots right"
    return [
        against(shown(name, ours, unit="fraction", n=count, group="slots"), code),
        _verdict("slots", ours > code, n=count),
    ]


def _parsed(said: str) -> dict[str, str]:
    parts = (line.partition(":") for line in said.splitlines())
    return {name.strip(): words.strip() for name, _, words in parts if words.strip()}


async def _complete(model: LanguageModel, text: str, *, tokens_max: int) -> str:
    try:
        asked = Prompt(text=text, tokens_max=tokens_max, stop=(prompts.TURN_END,))
        return (await model.generate(asked)).text.strip()
    except ModelError:
        return ""


async def notes(model: LanguageModel, passages: Sequence[Note]) -> list[Figure]:
    """Return how many notes have their form, and how many of their terms the passage has."""
    formed, terms = 0, list[bool]()
    for one in passages:
        said = await _complete(model, prompts.notes(one.passage), tokens_max=NOTES_TOKENS)
        parts = [part.strip() for part in said.split(" | ")]
        formed += len(parts) >= 3 and all(parts) and not re.search(r"\d", parts[0])
        found = [term.strip() for term in parts[1].split(";")] if parts[1:] else []
        terms += [term.lower() in one.passage.lower() for term in found if term]
    right = formed == len(passages) and all(terms)
    return [
        shown("notes well formed", formed / max(1, len(passages)), unit="fraction",
              n=len(passages), group="notes"),
        shown("terms of the passage", _mean(terms), unit="fraction", n=len(terms), group="notes"),
        _verdict("notes", right, n=len(passages)),
    ]  # fmt: skip


async def talk(model: LanguageModel, turns: Sequence[str]) -> list[Figure]:
    """Return how many replies to small talk claim nothing, neither figures nor of the wearer."""
    replies = [await _complete(model, prompts.talk(said), tokens_max=60) for said in turns]
    clean = [bool(one) and one != MISSING and not _CLAIMS.search(one) and "{" not in one
             for one in replies]  # fmt: skip
    share = _mean(clean)
    return [
        shown("claims nothing", share, unit="fraction", n=len(turns), group="talk"),
        shown("different replies", len(set(replies)) / max(1, len(turns)), unit="fraction",
              n=len(turns), group="talk"),
        _verdict("talk", share == 1.0, n=len(turns)),
    ]  # fmt: skip
