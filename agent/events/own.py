"""What the wearer says and wants, what our own edges did, and what the core made of it.  Pure."""

from typing import Literal

from pydantic import Field, JsonValue

from agent.events.base import Event, FeedbackKind, Frozen, Haptic, Instant, Verdict

FACT_MAX = 400

# Wearer: what the wearer says and wants.


class UtteranceHeard(Event):
    """The wearer asked something, aloud or in writing."""

    kind: Literal["utterance_heard"] = "utterance_heard"
    text: str
    by: Literal["text", "voice"]


class FeedbackGiven(Event):
    """The wearer answered a nudge."""

    kind: Literal["feedback_given"] = "feedback_given"
    judgement: str
    answer: FeedbackKind
    snooze_min: int = Field(default=30, ge=1, le=1440)


class SettingsChanged(Event):
    """The settings that the core judges by, whole: so a replay needs no file."""

    kind: Literal["settings_changed"] = "settings_changed"
    rules: dict[str, JsonValue]


# Report: what our own border and edges did.


class InputQuarantined(Event):
    """The border let something not in; *at* is its arrival."""

    kind: Literal["input_quarantined"] = "input_quarantined"
    source: str
    reason: str


class SkillFaulted(Event):
    """A skill raised on the input that follows; it was not asked about that one."""

    kind: Literal["skill_faulted"] = "skill_faulted"
    skill: str
    reason: str


class Notified(Event):
    """The wearer was shown one sentence."""

    kind: Literal["notified"] = "notified"
    judgement: str
    text: str
    wording: Literal["model", "template"]
    late: bool = False
    """It was due much earlier, when the device could not speak."""


class NudgeDropped(Event):
    """An admitted sentence was not shown."""

    kind: Literal["nudge_dropped"] = "nudge_dropped"
    judgement: str
    reason: str


class Answered(Event):
    """A question was answered."""

    kind: Literal["answered"] = "answered"
    question: str
    text: str
    tool: str
    tier: int
    reason: str
    """How it was understood."""
    wording: Literal["model", "template"] = "template"
    choice: str = ""
    """Why the router let this tier speak, and no other."""


# Judgement: what the core made of the inputs.


class Fact(Frozen):
    """One named value that a sentence of a nudge may hold."""

    name: str = Field(min_length=1, max_length=64)
    value: str = Field(max_length=FACT_MAX)


class ProposalJudged(Event):
    """A skill wished to speak; the policy answered."""

    kind: Literal["proposal_judged"] = "proposal_judged"
    id: str
    skill: str
    topic: str
    glance: str
    text: str
    verdict: Verdict
    evidence: tuple[str, ...] = ()
    """What it rests on, a line each, as the skill saw it."""
    haptic: Haptic = "tap"
    due: Instant | None = None
    """When it was to be said, where that was promised."""
    situation: str = ""
    """The kind of occasion, for a model that words it."""
    facts: tuple[Fact, ...] = ()


Wearer = UtteranceHeard | FeedbackGiven | SettingsChanged
Report = InputQuarantined | SkillFaulted | Notified | NudgeDropped | Answered
