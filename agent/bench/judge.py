"""Judge: what it costs to ask all skills about one input, apart from folding it."""

import gc
import time
from collections.abc import Sequence

from agent.app.days import made_up
from agent.core import LATE_MAX, Core, Judged
from agent.events import Input, Report
from agent.figures import Table, at_most, percentile, shown, table
from agent.skill import Skill
from agent.state import State
from skills import SKILLS

MEAN_US_MAX = 50.0
PROPOSAL_US_MAX = 200.0
ROUNDS = 5  # of each input the least: another process may have been on the core


class _Watched(Core):
    """Takes the time of each judgement, and notes where something was proposed."""

    def __init__(self, skills: Sequence[Skill], *, first: bool) -> None:
        super().__init__(skills)
        self.spent_us: list[float] = []
        self.proposed: list[bool] = []
        self.judged: list[bool] = []
        self._first = first

    def judge(self, state: State, after: State, event: Input) -> Judged:
        began = time.perf_counter_ns()
        found = super().judge(state, after, event)
        self.spent_us.append((time.perf_counter_ns() - began) / 1000)
        self.judged.append(bool(found[1]))
        self.proposed.append(bool(found[1]) or (self._first and self._asks(state, after, event)))
        return found

    def _asks(self, state: State, after: State, event: Input) -> bool:
        """Return whether a skill proposed what had been judged before: they are pure."""
        context = after.context
        if isinstance(event, Report) or context.now - event.at > LATE_MAX:
            return False
        settings = self.settings_of(context.rules)
        turned = state.context.now.minute != context.now.minute
        woken = self.woken_by(event, turned=turned)
        return any(one.consider(context, settings[one.name]) for one in woken)


def run(short: bool) -> Table:
    """Return the mean over all inputs, and the tail of those on which a skill proposed."""
    days = 1 if short else 3
    inputs = [event for _, batch in made_up(1, days=days) for event in batch]
    rounds = [_live(inputs, first=n == 0) for n in range(1 if short else ROUNDS)]
    least = [min(times) for times in zip(*(one.spent_us for one in rounds), strict=True)]
    with_one = [us for us, said in zip(least, rounds[0].proposed, strict=True) if said]
    anew = [us for us, said in zip(least, rounds[0].judged, strict=True) if said]
    return table(
        "judge",
        f"{days} simulated days, {len(SKILLS)} skills",
        len(inputs),
        [
            at_most("mean", sum(least) / len(least), MEAN_US_MAX, unit="us", n=len(least)),
            at_most(
                "p99 with a proposal",
                percentile(sorted(with_one), 0.99),
                PROPOSAL_US_MAX,
                unit="us",
                n=len(with_one),
            ),
            shown("median, judged anew", percentile(sorted(anew), 0.5), unit="us", n=len(anew)),
            shown("p99", percentile(sorted(least), 0.99), unit="us", n=len(least)),
        ],
    )


def _live(inputs: Sequence[Input], *, first: bool) -> _Watched:
    core, state = _Watched(SKILLS, first=first), State()
    gc.collect()
    gc.disable()  # a collection is no judgement
    try:
        for event in inputs:
            state, _ = core.step(state, event)
    finally:
        gc.enable()
    return core
