"""What the skills say to one person in a month, scored against what truly happened."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from agent.evaluate.month_learned import Learned, learned
from agent.evaluate.month_lived import Told, rules_of
from agent.evaluate.month_pairs import Paired, fused_with_pairs
from agent.evaluate.month_true import true_context
from agent.evaluate.occasions import occasions
from agent.evaluate.truth import Nudge, Occasion, Score, compared, is_quiet
from agent.skill import Skill
from sensors.simulated.month import Month, month
from sensors.simulated.person import Person

DAY = timedelta(days=1)
FUSED, ALWAYS, NEVER, TRUE = "fused", "always speaks", "never speaks", "true context"
UNASKED = ("low", "normal", "urgent")
Scores = Mapping[str, Score]


@dataclass(frozen=True)
class Row:
    """One person's month."""

    person: str
    scores: Mapping[str, Scores]
    """By comparison, then by skill."""
    a_day: Sequence[int]
    """Nudges that nobody asked for, on each day."""
    over_cap: int
    """Days on which there were more of them than the hard cap, counted over 24 hours."""
    at_night: int
    """Neither asked for nor urgent, while truly asleep or in quiet hours."""
    faults: Sequence[str]
    """What a skill raised, each time."""
    paired: Paired
    learned: Sequence[Learned]


def lived_by(person: Person, *, seed: int, days: int, skills: Sequence[Skill]) -> Row:
    """Return the figures of *days* days of *person*."""
    own = month(person, seed=seed, days=days)
    told, paired = fused_with_pairs(own, skills, seed)
    true = true_context(own, skills)
    names = [one.name for one in skills]
    every: dict[str, Told] = {
        FUSED: told,
        ALWAYS: replace(told, spoken=list(told.wished.values())),
        NEVER: Told(),
        TRUE: true,
    }
    return Row(
        person=person.name,
        scores={how: scored(one, own, names) for how, one in every.items()},
        a_day=_a_day(told, own),
        over_cap=_over_cap(told, own),
        at_night=sum(_disturbs(one, own) for one in told.spoken),
        faults=(*told.faults, *true.faults),
        paired=paired,
        learned=learned(own, skills, true),
    )


def scored(told: Told, own: Month, names: Sequence[str]) -> dict[str, Score]:
    """Return the score of each skill; of one without a stated truth every nudge is wrong."""
    known = occasions(own, names)
    return {name: _of_skill(name, told, own, known.get(name, ())) for name in names}


def _of_skill(name: str, told: Told, own: Month, known: Sequence[Occasion]) -> Score:
    mine = [one for one in told.spoken if one.skill == name]
    answered = [at for skill, at in told.answers if skill == name]
    return compared(mine, known, own, answered=answered).score


def _a_day(told: Told, own: Month) -> list[int]:
    counted: Counter[date] = Counter(
        one.at.astimezone(own.zone).date() for one in told.spoken if one.urgency in UNASKED
    )
    return [counted[own.start + index * DAY] for index in range(own.days)]


def _over_cap(told: Told, own: Month) -> int:
    cap = rules_of(own).policy.cap_per_day
    at = [one.at for one in told.spoken if one.urgency in UNASKED]
    over = {
        one.astimezone(own.zone).date()
        for place, one in enumerate(at)
        if place >= cap and one - at[place - cap] < DAY
    }
    return len(over)


def _disturbs(one: Nudge, own: Month) -> bool:
    idle = one.urgency in ("low", "normal")
    return idle and (own.latent.asleep(one.at) or is_quiet(own, one.at))
