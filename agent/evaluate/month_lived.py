"""A made-up month lived through the real core: every nudge, and what its wearer answers."""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agent.config import KnownPlace, Rules
from agent.core import Core
from agent.errors import SkillError
from agent.evaluate.truth import Nudge, clock_of
from agent.events import (
    FeedbackGiven,
    FeedbackKind,
    Input,
    Notified,
    ProposalJudged,
    SettingsChanged,
    SkillFaulted,
)
from agent.scheduler import due_now
from agent.skill import Skill
from agent.state import State
from sensors.simulated.chance import stream
from sensors.simulated.month import Month
from sensors.simulated.person import Answering, Pill
from sensors.simulated.worn_month import lived

LOOK_EVERY = timedelta(seconds=30)  # as often it is looked what is due
ANSWERS_WITHIN_S = (15, 240)
ONE_TASTE: Mapping[str, Answering] = {}


@dataclass
class Told:
    """What was said, and what could have been."""

    spoken: list[Nudge] = field(default_factory=list)
    wished: dict[tuple[str, str], Nudge] = field(default_factory=dict)
    """The first time that each (skill, topic) was proposed, whatever became of it."""
    faults: list[str] = field(default_factory=list)
    """What a skill raised, each time."""
    answers: list[tuple[str, datetime]] = field(default_factory=list)
    """Which skill was answered yes or no, and when."""

    def add(self, judged: ProposalJudged) -> None:
        """Keep one judgement."""
        one = Nudge(judged.at, judged.skill, judged.topic, judged.theme, judged.urgency)
        self.wished.setdefault((judged.skill, judged.topic), one)
        if judged.verdict == "speak":
            self.spoken.append(one)


class Life:
    """One person with their device."""

    def __init__(
        self,
        month: Month,
        skills: Sequence[Skill],
        *,
        state: State | None = None,
        tastes: Mapping[str, Answering] = ONE_TASTE,
    ) -> None:
        """*tastes*: how the nudges of a skill are answered, where not as others of its theme."""
        self.month = month
        self.told = Told()
        self.core = Core(skills)
        self.state = state or State()
        self._tastes = tastes
        self._answers: list[tuple[datetime, int, FeedbackGiven]] = []
        self._looked: datetime | None = None

    def live(self, events: Iterable[Input]) -> "Life":
        """Live through *events*; return itself."""
        for event in events:
            self.answer(event.at)
            if self._looked is None or event.at - self._looked >= LOOK_EVERY:
                self.look(event.at)
            self.step(event)
        return self

    def settle(self) -> "Life":
        """Put the person's settings in force; return itself."""
        rules = rules_of(self.month).model_dump(mode="json")
        self.step(SettingsChanged(at=self.month.midnight(0), rules=rules))
        return self

    def answer(self, at: datetime) -> None:
        """Give every answer that the person has given by *at*."""
        while self._answers and self._answers[0][0] <= at:
            self.step(heapq.heappop(self._answers)[2])

    def look(self, at: datetime) -> None:
        """Step whatever has come due by *at*."""
        self._looked = at
        while (due := due_now(self.state.context, at)) is not None:
            self.step(due)

    def step(self, event: Input) -> None:
        """Take one input in; what is said is shown, and answered in a while.

        As in the daemon, a skill that raises on it is not asked about it.
        """
        try:
            self.state, judged = self.core.step(self.state, event)
        except SkillError as error:
            self.told.faults.append(str(error))
            fault = SkillFaulted(at=event.at, skill=error.skill, reason=error.reason)
            self.state, _ = self.core.step(self.state, fault)
            self.step(event)
            return
        for one in judged:
            self.told.add(one)
            if one.verdict == "speak":
                self._shown(one)

    def _shown(self, judged: ProposalJudged) -> None:
        notified = Notified(at=judged.at, judgement=judged.id, text=judged.text, wording="template")
        self.state, _ = self.core.step(self.state, notified)
        random = stream(self.month.seed, "answer", judged.skill, judged.topic)
        habit = self._tastes.get(judged.skill) or self.month.person.answering(judged.theme)
        drawn, after_s = random.random(), random.uniform(*ANSWERS_WITHIN_S)
        if drawn >= habit.accept + habit.dismiss:
            return
        answer: FeedbackKind = "accepted" if drawn < habit.accept else "dismissed"
        at = judged.at + timedelta(seconds=round(after_s))
        self.told.answers.append((judged.skill, at))
        given = FeedbackGiven(at=at, judgement=judged.id, answer=answer)
        heapq.heappush(self._answers, (at, len(self.told.answers), given))


def rules_of(month: Month) -> Rules:
    """Return the settings that the person would have made: places, zone, quiet hours, medicines."""
    person, sleep = month.person, month.person.sleep
    places = tuple(
        KnownPlace.model_validate(
            {
                "name": name,
                "kind": kind,
                "latitude_deg": latitude,
                "longitude_deg": longitude,
                "radius_m": radius_m,
            }
        )
        for name, kind, latitude, longitude, radius_m in month.own.places()
    )
    return Rules.model_validate(
        {
            "zone": person.zone,
            "places": places,
            "policy": {
                "quiet_from": clock_of(sleep.quiet_from_h),
                "quiet_until": clock_of(sleep.quiet_until_h),
            },
            "skills": {"medication": {"medicines": [_medicine(one) for one in person.pills]}},
        }
    )


def fused(month: Month, skills: Sequence[Skill]) -> Told:
    """Return what is said where only the sensors tell what happens."""
    events = lived(month, since=month.midnight(0), until=month.midnight(month.days))
    return Life(month, skills).settle().live(events).told


def _medicine(pill: Pill) -> dict[str, object]:
    times = [f"{clock_of(hour):%H:%M}" for hour in sorted(pill.at_h)]
    return {"name": pill.name, "times": times}
