"""`carpal evaluate skills`: whether the right sentence comes at the right moment, and silence else.

A month of six made-up people (`data/persons`), or of others, lived through the real core; the truth
is what truly happened to them, which no estimate or skill sees (`truth`, `occasions`).
"""

import multiprocessing
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial, reduce
from pathlib import Path
from statistics import median

from agent.core import Core
from agent.evaluate import persons
from agent.evaluate.month_learned import Learned
from agent.evaluate.month_lived import rules_of
from agent.evaluate.month_pairs import Paired, ratio
from agent.evaluate.skills_person import ALWAYS, FUSED, NEVER, TRUE, Row, lived_by
from agent.evaluate.truth import Score
from agent.figures import Figure, Table, against, at_least, at_most, shown, table
from sensors.simulated.month import DAYS, month
from sensors.simulated.person import Person
from skills import SKILLS

PRECISION_AIM, RECALL_AIM = 0.8, 0.8  # four of five: below that a wearer stops to listen
A_DAY_AIM = 5.0  # more is what users of such products complain of
RATIO_AIM = 1.0  # who slept badly or is strained is not pressed more than others
DISMISSALS_AIM = 5
SHORT_DAYS = 3
NOBODY = "persuasion on vulnerable days"
UNPRESSING = frozenset(("safety", "promised"))
"""Themes that do not persuade: a sign of danger, and what was asked for."""
WORKERS = 2


def evaluate(seed: int, *, paths: Sequence[Path] = (), short: bool = False) -> Table:
    """Return the figures over a month of each person; raise ConfigError for a wrong file.

    *short*: three days of the first two, in which nothing is learned or paired.
    """
    people = tuple(persons.read(path) for path in paths) or persons.built_in()
    if short:
        people = people[:2]
    days = SHORT_DAYS if short else DAYS
    for person in people:
        # What a skill refuses of their settings is said before minutes are spent.
        Core(SKILLS).settings_of(rules_of(month(person, seed=seed, days=1)))
    rows = _rows(people, seed, days)
    nights = sum(len(row.a_day) for row in rows)
    return table(
        "skills",
        f"made up, seed {seed}, {len(rows)} people, {days} days each",
        nights,
        list(figures(rows)),
    )


def figures(rows: Sequence[Row]) -> Iterator[Figure]:
    """Yield the overall figures, then those by skill, by person and of each comparison."""
    overall = {how: _sum([_over_skills(row.scores[how]) for row in rows])
               for how in (FUSED, ALWAYS, NEVER, TRUE)}  # fmt: skip
    mine = overall[FUSED]
    yield against(
        at_least("precision", mine.precision, PRECISION_AIM, unit="fraction", n=mine.spoken),
        overall[ALWAYS].precision,
    )
    yield against(
        at_least("recall", mine.recall, RECALL_AIM, unit="fraction", n=mine.occasions),
        overall[ALWAYS].recall,
    )
    yield from _how_often(rows)
    yield from _pressed(rows)
    yield from _learnt([one for row in rows for one in row.learned])
    for how in (ALWAYS, NEVER, TRUE):
        yield from _scored(overall[how], how)
    for name in (one.name for one in SKILLS):
        for how in (FUSED, ALWAYS, TRUE):
            score = _sum([row.scores[how].get(name, Score()) for row in rows])
            if score.spoken or score.occasions or score.excused:
                yield from _scored(score, name if how == FUSED else f"{name}, {how}")
    for row in rows:
        yield from _scored(_over_skills(row.scores[FUSED]), row.person)
        a_day = median(row.a_day)
        yield shown("nudges a day", a_day, unit="1/d", n=len(row.a_day), group=row.person)


def _rows(people: Sequence[Person], seed: int, days: int) -> list[Row]:
    one = partial(_row, seed=seed, days=days)
    if len(people) == 1:
        return [one(people[0])]
    # Each by itself in a process: a month is minutes, and people do not meet.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=WORKERS, mp_context=context) as pool:
        return list(pool.map(one, people))


def _row(person: Person, *, seed: int, days: int) -> Row:
    return lived_by(person, seed=seed, days=days, skills=SKILLS)


def _sum(scores: Sequence[Score]) -> Score:
    return reduce(Score.plus, scores, Score())


def _over_skills(scores: Mapping[str, Score]) -> Score:
    return _sum(list(scores.values()))


def _scored(score: Score, group: str) -> Iterator[Figure]:
    yield shown("precision", score.precision, unit="fraction", n=score.spoken, group=group)
    yield shown("recall", score.recall, unit="fraction", n=score.occasions, group=group)
    if score.excused:
        yield shown("excused", score.excused, unit="1", n=score.occasions, group=group)


def _how_often(rows: Sequence[Row]) -> Iterator[Figure]:
    every = [count for row in rows for count in row.a_day]
    yield at_most("nudges a day", median(every), A_DAY_AIM, unit="1/d", n=len(every))
    yield shown("nudges a day, most", max(every), unit="1/d", n=len(every))
    over = sum(row.over_cap for row in rows)
    yield at_most("over the cap", over, 0, unit="days", n=len(every))
    at_night = sum(row.at_night for row in rows)
    faults = sum(len(row.faults) for row in rows)
    yield at_most("faults", faults, 0, unit="1", n=len(rows))
    name = "during sleep or quiet hours, not urgent"
    yield at_most(name, at_night, 0, unit="nudges", n=sum(every))


def _pressed(rows: Sequence[Row]) -> Iterator[Figure]:
    paired = reduce(Paired.plus, (row.paired for row in rows), Paired())
    if not paired.days:
        return
    themes = sorted({*paired.neutral, *paired.vulnerable})
    pressing = [name for name in themes if name not in UNPRESSING]
    vulnerable, neutral = (_of(one, pressing) for one in (paired.vulnerable, paired.neutral))
    found = ratio(vulnerable, neutral)
    yield at_most(NOBODY, found, RATIO_AIM, unit="ratio", n=2 * paired.days)
    for name in themes:
        vulnerable, neutral = (_of(one, [name]) for one in (paired.vulnerable, paired.neutral))
        counted = sum(vulnerable.values()) + sum(neutral.values())
        yield shown(NOBODY, ratio(vulnerable, neutral), unit="ratio", n=counted, group=name)


def _of(counts: Mapping[str, int], themes: Sequence[str]) -> Counter[str]:
    return Counter({name: counts.get(name, 0) for name in themes})


def _learnt(found: Sequence[Learned]) -> Iterator[Figure]:
    """Yield what became of skills that were dismissed; of the silent alone it is known how soon."""
    told = [one for one in found if one.silent or one.dismissals > DISMISSALS_AIM]
    if not told:
        return
    most = max(one.dismissals for one in told)
    yield at_most("dismissals until silent", most, DISMISSALS_AIM, unit="1", n=len(told))
    returned = sum(one.returned for one in told) / len(told)
    yield at_least("returns when asked for", returned, 1.0, unit="fraction", n=len(told))
    others, kept = sum(one.others for one in told), sum(one.others_kept for one in told)
    share = kept / others if others else 1.0
    yield shown("others still heard", share, unit="fraction", n=others)
    for name in sorted({one.skill for one in told}):
        most = max(one.dismissals for one in told if one.skill == name)
        n = sum(one.skill == name for one in told)
        yield shown("dismissals until silent", most, unit="1", n=n, group=name)
