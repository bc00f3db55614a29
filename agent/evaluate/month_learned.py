"""A wearer who dismisses one skill: how soon it is silent, whether it returns, and what others do.

Lived on a true context, for the estimates have no part in it: the month is lived once as the person
answers, and once with every nudge of one skill dismissed.  Three weeks in, the wearer takes the
learning back (WorthReset), as `carpal` does for "tell me about X again".
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from agent.evaluate.month_lived import Life, Told
from agent.evaluate.month_true import live_truly
from agent.events import WorthReset
from agent.skill import Skill
from sensors.simulated.month import Month
from sensors.simulated.person import Answering

RESET_DAY = 21
SPOKEN_MIN = 8  # in a month: of a skill that speaks more seldom nothing can be learned in one
SILENCES_MIN = 3  # so many occasions let pass in a row are a silence
SKILLS_MAX = 2
DISMISSES = Answering(accept=0.0, dismiss=1.0)


@dataclass(frozen=True, slots=True)
class Learned:
    """What became of one skill that was dismissed every time."""

    skill: str
    dismissals: int
    silent: bool
    returned: bool
    others: int
    """Nudges of other skills in the usual month,"""
    others_kept: int
    """and those of them that were said in this one, too."""


def learned(month: Month, skills: Sequence[Skill], usual: Told) -> list[Learned]:
    """Return what is learned of the skills that speak most in the *usual* month."""
    if month.days <= RESET_DAY:
        return []
    asked = Counter(one.skill for one in usual.spoken if one.urgency in ("low", "normal"))
    often = [name for name, count in asked.most_common() if count >= SPOKEN_MIN]
    return [_dismissed(month, skills, usual, name) for name in often[:SKILLS_MAX]]


def _dismissed(month: Month, skills: Sequence[Skill], usual: Told, name: str) -> Learned:
    reset = WorthReset(at=month.midnight(RESET_DAY), skill=name)
    life = Life(month, skills, tastes={name: DISMISSES}).settle()
    told = live_truly(life, [reset]).told
    before = [one for one in told.spoken if one.skill == name and one.at < reset.at]
    said = {(one.skill, one.topic) for one in told.spoken}
    last = before[-1].at if before else month.midnight(0)
    passed = [
        one
        for one in told.wished.values()
        if one.skill == name and last < one.at < reset.at and (name, one.topic) not in said
    ]
    others = {(one.skill, one.topic) for one in usual.spoken if one.skill != name}
    return Learned(
        skill=name,
        dismissals=len(before),
        silent=len(passed) >= SILENCES_MIN,
        returned=any(one.skill == name and one.at >= reset.at for one in told.spoken),
        others=len(others),
        others_kept=len(others & said),
    )
