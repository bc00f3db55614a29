"""How long the wearer has not been on foot, looked at once a minute.  Pure.

What counts as a break is two minutes on foot: with such every twenty minutes Dunstan et al. 2012
(Diabetes Care 35(5), "Breaking up prolonged sitting") found what unbroken sitting does lessened.
A wrist cannot tell sitting from standing still: this says how long nobody walked, and no more.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from agent.events import EPOCH

MINUTE = timedelta(minutes=1)
BREAK_MIN = 2  # minutes on foot in a row that end a spell
GAP_MAX = timedelta(minutes=10)  # after so long without a look or a state nothing is known
RESTS = frozenset(("still", "driving"))


@dataclass(frozen=True, slots=True)
class Seated:
    """The spell that goes on, and the minutes of the day."""

    looked_at: datetime = EPOCH
    known_at: datetime = EPOCH
    """When motion was last known."""
    since: datetime | None = None
    """When the spell began: nobody has walked since; None on foot, asleep, or unknown."""
    foot_run_min: int = 0
    day: str = ""
    """The wearer's date, which the next three are of."""
    known_min: int = 0
    foot_min: int = 0
    longest_min: int = 0

    def look(
        self, at: datetime, *, state: str, effort_at: datetime, asleep: bool, zone: tzinfo
    ) -> "Seated":
        """Return the estimate at *at*, a minute or more after the last look; else this one.

        *state* is that of motion now, *effort_at* when the wearer was last on foot or rode a
        bicycle, *zone* the wearer's.
        """
        if at - self.looked_at < MINUTE:
            return self
        seen = self._of_day(at, zone)
        if state == "unknown" or asleep:
            lost = asleep or at - self.known_at > GAP_MAX
            return replace(seen, looked_at=at, since=None if lost else self.since, foot_run_min=0)
        gone = at - self.known_at > GAP_MAX
        began = at if gone else self.looked_at
        known = replace(seen, looked_at=at, known_at=at, known_min=seen.known_min + 1)
        if state not in RESTS or effort_at > began:
            run = 1 if gone else self.foot_run_min + 1
            since = None if run >= BREAK_MIN or gone else self.since
            return replace(known, since=since, foot_run_min=run, foot_min=known.foot_min + 1)
        since = began if gone or self.since is None else self.since
        spell = (at - since) // MINUTE
        return replace(
            known, since=since, foot_run_min=0, longest_min=max(known.longest_min, spell)
        )

    def at(self, now: datetime) -> timedelta | None:
        """Return how long nobody has walked at *now*; None on foot, asleep, or where unknown."""
        if self.since is None or now - self.known_at > GAP_MAX:
            return None
        return now - self.since

    def _of_day(self, at: datetime, zone: tzinfo) -> "Seated":
        day = f"{at.astimezone(zone):%Y-%m-%d}"
        return (
            self
            if day == self.day
            else replace(self, day=day, known_min=0, foot_min=0, longest_min=0)
        )
