"""When a good assistant would have spoken: from what truly happened alone, and how nudges match it.

An *occasion* of a skill is a span of time in which its sentence would have been of use, by the
skill's stated contract (see `occasions`).  A nudge is **right** if it was spoken inside an occasion
of its skill (BEFORE and AFTER are allowed around it) that has not been spoken to as often as it
allows, and at a moment at which the policy's stated rules let speak; of such moments one within
SLACK is enough, for nobody looks at a clock.  What was asked for (*promised*) may be said at any
moment.  Every other nudge is wrong.

An occasion is **found** if a right nudge fell to it.  It is **excused**, and no miss, if it was not
found and the rules forbade to speak during all of it, or left less than NOTICED: asleep, quiet
hours, in a meeting, in a conversation, at the wheel, in the middle of sport, in a focus that was
asked for.  All of these are read from what truly was, never from an estimate.  A cap, a budget, a
cooldown excuse nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from sensors.simulated.latent import SPORTS, VEHICLES
from sensors.simulated.month import Month

MINUTE = timedelta(minutes=1)
BEFORE, AFTER = 1 * MINUTE, 2 * MINUTE
SLACK = 2 * MINUTE
NOTICED = 3 * MINUTE  # nothing that is measured is noticed sooner
EXERCISE = 2 * MINUTE  # of sport before it is one, as the policy states


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something that was worth a sentence."""

    skill: str
    since: datetime
    until: datetime
    what: str
    most: int = 1
    """So many nudges it is good for."""
    promised: bool = False
    """The wearer asked for it: no moment forbids it."""
    optional: bool = False
    """It may be used or let pass: what it is for lies in other skills, not in what happened."""


@dataclass(frozen=True, slots=True)
class Nudge:
    """A sentence that was spoken, or would have been."""

    at: datetime
    skill: str
    topic: str
    theme: str = ""
    urgency: str = "normal"


@dataclass(frozen=True, slots=True)
class Score:
    """How nudges lie to occasions."""

    spoken: int = 0
    right: int = 0
    occasions: int = 0
    """Without those that are excused."""
    found: int = 0
    excused: int = 0

    def plus(self, other: "Score") -> "Score":
        """Return both together."""
        return Score(
            **{name: getattr(self, name) + getattr(other, name) for name in self.__slots__}
        )

    @property
    def precision(self) -> float:
        """Return right ones among the spoken; 0 where nothing was said."""
        return self.right / self.spoken if self.spoken else 0.0

    @property
    def recall(self) -> float:
        """Return found ones among the occasions; 1 where there was none."""
        return self.found / self.occasions if self.occasions else 1.0


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Which nudges were wrong and which occasions missed, for who wants to know why."""

    score: Score
    wrong: tuple[Nudge, ...]
    missed: tuple[Occasion, ...]


def compared(
    nudges: Sequence[Nudge],
    occasions: Sequence[Occasion],
    month: Month,
    *,
    answered: Sequence[datetime] = (),
) -> Verdicts:
    """Return how the *nudges* of one skill lie to its *occasions*.

    What was promised ends when it is *answered*: whoever asks again then was not heard.
    """
    occasions = [_until_answered(one, answered) for one in occasions]
    left = [one.most for one in occasions]
    wrong = []
    for nudge in sorted(nudges, key=lambda one: one.at):
        fits = [
            (one.optional, one.until, index)
            for index, one in enumerate(occasions)
            if left[index]
            and one.since - BEFORE <= nudge.at <= one.until + AFTER
            and (one.promised or _may_speak(month, nudge.at))
        ]
        place = min(fits)[2] if fits else None  # the one that would be over first
        if place is None:
            wrong.append(nudge)
        else:
            left[place] -= 1
    found = [rest < one.most for rest, one in zip(left, occasions, strict=True)]
    counted = sum(was and not one.optional for was, one in zip(found, occasions, strict=True))
    unfound = [one for one, was in zip(occasions, found, strict=True) if not was]
    missed = tuple(one for one in unfound if not one.optional and not is_excused(one, month))
    passed = sum(one.optional for one in unfound)
    score = Score(
        spoken=len(nudges),
        right=len(nudges) - len(wrong),
        occasions=counted + len(missed),
        found=counted,
        excused=len(unfound) - len(missed) - passed,
    )
    return Verdicts(score, tuple(wrong), missed)


def is_excused(occasion: Occasion, month: Month) -> bool:
    """Return whether the rules forbid to speak in all of *occasion*, but for less than NOTICED."""
    if occasion.promised:
        return False
    at, free = occasion.since, 0
    while at <= occasion.until:
        free += not forbids(month, at)
        at += MINUTE
    return free * MINUTE < min(NOTICED, occasion.until - occasion.since + MINUTE)


def forbids(month: Month, at: datetime) -> str:
    """Return why the stated rules forbid to speak unasked at *at*; empty where they do not."""
    return next((name for name, holds in RULES.items() if holds(month, at)), "")


def is_quiet(month: Month, at: datetime) -> bool:
    """Return whether *at* lies in the quiet hours that the person set."""
    sleep, clock = month.person.sleep, at.astimezone(month.zone).time()
    start, end = clock_of(sleep.quiet_from_h), clock_of(sleep.quiet_until_h)
    return start <= clock < end if start <= end else clock >= start or clock < end


def clock_of(hour: float) -> time:
    """Return the time of day of a decimal *hour*, to the minute."""
    whole = round(hour * 60) % 1440
    return time(whole // 60, whole % 60)


def _exercises(month: Month, at: datetime) -> bool:
    spell = month.latent.spell(at)
    return spell.activity in SPORTS and at - spell.start >= EXERCISE


RULES: Mapping[str, Callable[[Month, datetime], bool]] = {
    "asleep": lambda month, at: month.latent.asleep(at),
    "quiet hours": is_quiet,
    "meeting": lambda month, at: month.latent.in_meeting(at),
    "conversation": lambda month, at: month.latent.talking(at),
    "focus": lambda month, at: month.latent.focused(at),
    "driving": lambda month, at: month.latent.spell(at).activity in VEHICLES,
    "sport": _exercises,
}
"""When the policy says that nobody is spoken to unasked, by what truly is."""


def _until_answered(occasion: Occasion, answered: Sequence[datetime]) -> Occasion:
    within = [at for at in answered if occasion.since <= at <= occasion.until]
    if not within or not occasion.promised or occasion.most == 1:
        return occasion
    return replace(occasion, until=min(within) - AFTER)


def _may_speak(month: Month, at: datetime) -> bool:
    return not all(forbids(month, at + by) for by in (-SLACK, timedelta(), SLACK))
