"""What a nudge is worth to this wearer, learned from the answers, and what an interruption costs.

The worth is the chance that the wearer is glad of it: a Beta estimate for each skill and kind of
situation, drawn towards that of the skill in all situations, and this towards the prior that the
skill states (partial pooling: Gelman et al. 2013, Bayesian Data Analysis, 3rd ed., section 5.1).
Answers fade, so that a wearer who has changed is understood anew.  That a change of activity is a
cheap moment: Ho and Intille 2005 (CHI, "Using context-aware computing to reduce the perceived
burden of interruptions").  Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from agent.context import Context
from agent.events import EPOCH

PRIOR_WEIGHT = 4.0  # answers: so many weigh as much as what the skill says of itself
POOL_WEIGHT = 8.0  # answers in one situation that weigh as much as those in all: few, and luck
HALF_LIFE = timedelta(days=90)
SITUATIONS_MAX = 16
IN_A_ROW = 5  # dismissals without a yes in between: whatever a skill thinks of itself, that is a no
GLAD = {"accepted": 1.0, "snoozed": 0.5}
SORRY = {"dismissed": 1.0, "snoozed": 0.5, "ignored": 0.25}
COST = 0.25  # of an interruption, in the unit of worth
COST_AT_CHANGE = 0.2
COST_VULNERABLE = 0.1
CHANGE = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Tally:
    """The answers so far, the older the lighter."""

    glad: float = 0.0
    sorry: float = 0.0
    at: datetime = EPOCH

    def faded(self, at: datetime) -> "Tally":
        """Return what they weigh at *at*."""
        if at <= self.at:
            return self
        keep = 0.5 ** ((at - self.at) / HALF_LIFE)
        return Tally(self.glad * keep, self.sorry * keep, at)

    def add(self, answer: str, at: datetime) -> "Tally":
        """Return them with one more."""
        now = self.faded(at)
        glad, sorry = GLAD.get(answer, 0.0), SORRY.get(answer, 0.0)
        return replace(now, glad=now.glad + glad, sorry=now.sorry + sorry)


@dataclass(frozen=True, slots=True)
class Worth:
    """What was answered to one skill: in all, and by the kind of situation."""

    every: Tally = field(default_factory=Tally)
    within: Mapping[str, Tally] = field(default_factory=dict)
    run: int = 0
    """Dismissals since the last yes."""

    def fold(self, answer: str, situation: str, at: datetime) -> "Worth":
        """Return the estimate after *answer* in *situation*."""
        within = {**self.within, situation: self.within.get(situation, Tally()).add(answer, at)}
        if len(within) > SITUATIONS_MAX:
            within.pop(min(within, key=lambda name: (within[name].at, name)))
        run = 0 if answer == "accepted" else self.run + (answer == "dismissed")
        return Worth(self.every.add(answer, at), within, run)

    def mean(self, prior: float, situation: str, *, at: datetime) -> float:
        """Return the chance (0-1) that the wearer is glad of it in *situation*.

        None is left after IN_A_ROW dismissals, for as long as a half-life.
        """
        if self.run >= IN_A_ROW and at - self.every.at <= HALF_LIFE:
            return 0.0
        every = self.every.faded(at)
        pooled = (PRIOR_WEIGHT * prior + every.glad) / (PRIOR_WEIGHT + every.glad + every.sorry)
        here = self.within.get(situation)
        if here is None:
            return pooled
        here = here.faded(at)
        return (POOL_WEIGHT * pooled + here.glad) / (POOL_WEIGHT + here.glad + here.sorry)


def cost(context: Context, *, vulnerable: bool) -> float:
    """Return what it costs to interrupt now, a *vulnerable* wearer the more."""
    motion = context.motion
    changed = motion.since != EPOCH and context.now - motion.since <= CHANGE
    base = COST_AT_CHANGE if changed else COST
    return base + COST_VULNERABLE if vulnerable else base
