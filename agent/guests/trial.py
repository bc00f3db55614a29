"""What a skill would have said: on a scenario of a few minutes, or on what was lived.  Pure steps.

A scenario is TOML: `[[step]]` tables with `minute`, then either `signal` and `value`, or `event`
(an event of the journal without its time), and at most one of `says` (the beginning of a topic
that must be spoken then) and `silent = true`.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError

from agent.config import PolicySettings, Rules
from agent.core import LATE_MAX, Core
from agent.errors import ConfigError
from agent.events import (
    GrantChanged,
    Input,
    ProposalJudged,
    SampleMeasured,
    SettingsChanged,
    SkillNoted,
    SkillProposed,
    SourceSynced,
)
from agent.guests.declared import Guest
from agent.guests.host import Host
from agent.skill import MINUTE, Skill
from agent.state import State

BEGIN = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday noon: no quiet hours
MINUTES_MAX = 60 * 24 * 7
STEPS_MAX = 10_000
_input: TypeAdapter[Input] = TypeAdapter(Input)


class Step(BaseModel):
    """One thing that happens, and what the skill must make of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    minute: float = Field(ge=0, le=MINUTES_MAX)
    signal: str = ""
    value: float = 0
    event: dict[str, JsonValue] = Field(default_factory=dict)
    says: str = ""
    silent: bool = False


class Scenario(BaseModel):
    """What happens, in order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    step: tuple[Step, ...] = Field(min_length=1, max_length=STEPS_MAX)
    settings: dict[str, JsonValue] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step came to."""

    step: Step
    said: tuple[ProposalJudged, ...]

    @property
    def wrong(self) -> str:
        """Return what is not as the scenario says; empty where all is."""
        spoken = [one.topic for one in self.said if one.verdict in ("speak", "act")]
        held = ", ".join(f"{one.topic}: {one.verdict}" for one in self.said)
        if self.step.says and not any(topic.startswith(self.step.says) for topic in spoken):
            return f"minute {self.step.minute:g}: nothing on {self.step.says!r} was said ({held})"
        if self.step.silent and spoken:
            return f"minute {self.step.minute:g}: it said {', '.join(spoken)}"
        return ""


def read_scenario(text: str, *, name: str) -> Scenario:
    """Return the scenario in *text*; raise ConfigError naming what is wrong."""
    try:
        return Scenario.model_validate(tomllib.loads(text))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise ConfigError(f"{name}: {key}", str(first["input"])[:64], first["msg"]) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError("(file)", name, str(error)) from error


class Trial:
    """One skill, granted for the occasion, stepped through what happens."""

    def __init__(
        self, skill: Skill, *, host: Host | None = None, start: State | None = None
    ) -> None:
        guest = isinstance(skill, Guest)
        self._skill, self._host = skill, host
        self._core = Core(() if guest else (skill,), (skill,) if guest else ())
        state = start or State()
        now = state.context.now
        granted = GrantChanged(
            at=now,
            skill=skill.name,
            granted=True,
            reads=tuple(sorted(skill.reads)),
            does=tuple(sorted(skill.does)),
            theme=skill.theme,
            fresh_min=skill.fresh_min,
        )
        self.state, _ = self._core.step(state, granted)

    def step(self, event: Input) -> Sequence[ProposalJudged]:
        """Return what is judged on *event*; raise SkillError."""
        before = self.state.context.now
        self.state, judged = self._core.step(self.state, event)
        return (*judged, *(one for said in self._guest(event, before) for one in said))

    def _guest(self, event: Input, before: datetime) -> Iterator[Sequence[ProposalJudged]]:
        guest, host, context = self._skill, self._host, self.state.context
        if not isinstance(guest, Guest) or host is None:
            return
        if isinstance(event, SkillNoted) and event.skill == guest.name:
            memory = host.fold(guest, event, context)
            yield self._hear(SkillProposed(at=context.now, skill=guest.name, memory={**memory}))
        what = event.signal if isinstance(event, SampleMeasured) else event.kind
        turned = f"{before:%d%H%M}" != f"{context.now:%d%H%M}"
        woken = what in guest.wakes or (turned and MINUTE in guest.wakes)
        late = context.now - event.at > LATE_MAX
        if isinstance(event, SourceSynced) or (woken and not late):
            proposals = host.consider(guest, self.state.context)
            said = SkillProposed(at=context.now, skill=guest.name, proposals=proposals)
            yield self._hear(said)

    def _hear(self, said: SkillProposed) -> Sequence[ProposalJudged]:
        self.state, judged = self._core.step(self.state, said)
        return judged


def play(scenario: Scenario, skill: Skill, *, host: Host | None = None) -> Iterator[Outcome]:
    """Yield what each step comes to; raise ConfigError for a step that is no event, SkillError."""
    rules = Rules(
        policy=PolicySettings(silence_min=0), skills={skill.name: dict(scenario.settings)}
    )
    trial = Trial(skill, host=host)
    trial.step(SettingsChanged(at=BEGIN, rules=rules.model_dump(mode="json")))
    for step in scenario.step:
        yield Outcome(step, tuple(trial.step(_event(step))))


def _event(step: Step) -> Input:
    at = BEGIN + timedelta(minutes=step.minute)
    try:
        if step.signal:
            return SampleMeasured(at=at, signal=step.signal, value=step.value, source="scenario")
        return _input.validate_python({"at": at, **step.event})
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(
            f"minute {step.minute:g}", step.signal or "event", first["msg"]
        ) from error


def relived(
    inputs: Iterable[Input],
    skill: Skill,
    *,
    start: State,
    host: Host | None = None,
    tell: Callable[[int], None] = lambda _: None,
) -> Iterator[ProposalJudged]:
    """Yield what *skill* alone would have said and held on *inputs*, as if it had been allowed.

    *tell* hears how many inputs have passed, now and then.  Raise SkillError.
    """
    trial = Trial(skill, host=host, start=_alone(start, skill))
    for count, event in enumerate(inputs):
        if isinstance(event, GrantChanged | SkillProposed) and event.skill == skill.name:
            continue
        if count % STEPS_MAX == 0:
            tell(count)
        for judged in trial.step(event):
            if judged.skill == skill.name:
                yield judged


def _alone(state: State, skill: Skill) -> State:
    """Return *state* without what the skill said and was told before: as if it were new."""
    ledger = replace(state.ledger, muted=(), spoken=(), said=(), latest={}, snoozed={})
    faults = {name: count for name, count in state.faults.items() if name != skill.name}
    return replace(state, ledger=ledger, faults=faults, excused=())
