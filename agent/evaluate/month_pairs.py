"""The same day lived twice, once after a good night and calm, once vulnerable: who is pressed?

A vulnerable day follows a night that was two hours too short, has an hour or two of strain outside
meetings, and a heart that beats faster, as at the onset of an illness.  All else is the same: the
person, the seed, the days before, the calendar, the list, the phone.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agent.evaluate.month_lived import Life, Told
from agent.skill import Skill
from agent.state import State
from sensors.simulated.month import DAYS, Month, Mood, month
from sensors.simulated.planning import DAY
from sensors.simulated.worn_month import lived

PAIRED_DAYS = (10, 15, 19, 24)  # with a week and more before, so that the usual is known
BEFORE = timedelta(hours=4)  # the evening before is lived anew, too
AFTER = timedelta(hours=29)  # until the small hours
MORNING = timedelta(hours=3)  # who wakes before that has not had the night yet
NEUTRAL = Mood(short=False, strained=False)
VULNERABLE = Mood(short=True, strained=True, ill_bpm=8)


@dataclass(frozen=True)
class Paired:
    """Nudges that nobody asked for, by theme, on matched days."""

    days: int = 0
    neutral: Counter[str] = field(default_factory=Counter)
    vulnerable: Counter[str] = field(default_factory=Counter)

    def plus(self, other: "Paired") -> "Paired":
        """Return both together."""
        return Paired(
            self.days + other.days,
            self.neutral + other.neutral,
            self.vulnerable + other.vulnerable,
        )


def fused_with_pairs(lived_month: Month, skills: Sequence[Skill], seed: int) -> tuple[Told, Paired]:
    """Return what is said in the month, and on days of it that are lived again in two moods."""
    days = [index for index in PAIRED_DAYS if index < lived_month.days - 1]
    life, at = Life(lived_month, skills).settle(), lived_month.midnight(0)
    states = dict[int, State]()
    for index in days:
        mark = lived_month.midnight(index) - BEFORE
        life.live(lived(lived_month, since=at, until=mark))
        states[index], at = life.state, mark
    end = lived_month.midnight(lived_month.days)
    told = life.live(lived(lived_month, since=at, until=end)).told
    paired = Paired()
    for index in days:
        neutral, vulnerable = (
            _by_theme(lived_month, skills, (index, mood, seed), state=states[index])
            for mood in (NEUTRAL, VULNERABLE)
        )
        paired = paired.plus(Paired(1, neutral, vulnerable))
    return told, paired


def _by_theme(
    usual: Month, skills: Sequence[Skill], which: tuple[int, Mood, int], *, state: State
) -> Counter[str]:
    index, mood, seed = which
    again = month(
        usual.person,
        seed=seed,
        start=usual.start,
        days=usual.days,
        moods={usual.start + index * DAY: mood},
    )
    midnight = again.midnight(index)
    events = lived(again, since=midnight - BEFORE, until=midnight + AFTER)
    told = Life(again, skills, state=state).live(events).told
    woke = _woke(again, midnight + MORNING)
    return Counter(one.theme for one in told.spoken if one.at >= woke and one.urgency != "promised")


def _woke(lived_month: Month, after: datetime) -> datetime:
    return next((one.end for one in lived_month.latent.sleeps if one.end > after), after)


def ratio(vulnerable: Mapping[str, int], neutral: Mapping[str, int]) -> float:
    """Return nudges on vulnerable days against neutral ones; 1 where there were none."""
    many, few = sum(vulnerable.values()), sum(neutral.values())
    return many / few if few else 1.0 + many


__all__ = ["DAYS", "Paired", "fused_with_pairs", "ratio"]
