"""What the wearer says and wants, what our own edges did, and what the core made of it.  Pure."""

from typing import Literal

from pydantic import Field, JsonValue

from agent.events.base import (
    Event,
    FeedbackKind,
    Frozen,
    Haptic,
    Instant,
    Theme,
    Urgency,
    Verdict,
)
from agent.events.plan import ListEdited, ReminderSet

FACT_MAX = 400
GLANCE_MAX = 40
TOPIC_MAX = 200
TEXT_MAX = 4000
PROPOSALS_MAX = 16

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


class ActionDone(Event):
    """What the wearer agreed to was done, or could not be."""

    kind: Literal["action_done"] = "action_done"
    judgement: str
    reason: str = ""
    """Why it was not done; empty: it was."""


class Fact(Frozen):
    """One named value that a sentence of a nudge may hold."""

    name: str = Field(min_length=1, max_length=64)
    value: str = Field(max_length=FACT_MAX)


# Guest: what a skill of a third party answered, from its sealed process.


class Publish(Frozen):
    """A message to the broker, under `carpal/act/SKILL/`."""

    kind: Literal["publish"] = "publish"
    topic: str = Field(pattern=r"^[a-z0-9_-]+(/[a-z0-9_-]+)*$", max_length=128)
    payload: dict[str, JsonValue] = Field(default_factory=dict)


class Action(Frozen):
    """Something that is done for the wearer, once they agree, or alone where they allowed that."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)
    """What the wearer allows it by: `heating_down`."""
    deed: Publish | ListEdited | ReminderSet = Field(discriminator="kind")
    guarded: bool = False
    """It opens something, a lock or an alarm: never on a location alone, and never by itself."""
    standing: bool = False
    """The question is asked once: a yes holds from then on, and it is done without asking."""


class Proposal(Frozen):
    """Something a skill would like the wearer to hear."""

    topic: str = Field(min_length=1, max_length=TOPIC_MAX)
    """Names the occasion: one topic is said once, however often it is proposed."""
    glance: str = Field(min_length=1, max_length=GLANCE_MAX)
    """At most 40 characters: what a watch shows."""
    text: str = Field(max_length=TEXT_MAX)
    """One sentence: the wording that is used when no model has a better one."""
    evidence: tuple[str, ...]
    """What it rests on, a line each."""
    evidence_at: Instant
    """The time of the newest measurement that it rests on."""
    confidence: float = Field(default=1.0, ge=0, le=1)
    """0-1: how sure the skill is that the occasion is what it seems."""
    urgency: Urgency = "normal"
    """All but `normal` and `low` must be among what the skill declared in `does`."""
    worth: float = Field(default=0.6, ge=0, le=1)
    """0-1: how often a wearer would be glad of it, before this one has answered."""
    expires: Instant | None = None
    """After that it is no news."""
    about: str = Field(default="", max_length=64)
    """What it comes down to: of two skills that say the same, the first speaks."""
    haptic: Haptic = "tap"
    due: Instant | None = None
    situation: str = ""
    """What kind of occasion it is, for a model that words it: `at the shop`."""
    facts: tuple[Fact, ...] = ()
    """What a model may put into the words, each a complete spoken phrase."""
    gathers: tuple[str, ...] = ()
    """What a digest says for others: `skill/topic` of each."""
    action: Action | None = None
    """What is done if the wearer says yes."""


class SkillProposed(Event):
    """A skill of a third party was asked, and this is what it answered."""

    kind: Literal["skill_proposed"] = "skill_proposed"
    skill: str
    proposals: tuple[Proposal, ...] = Field(default=(), max_length=PROPOSALS_MAX)
    memory: dict[str, JsonValue] | None = None
    """Its state after its own events, if that changed."""


# Judgement: what the core made of the inputs.


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
    theme: Theme = "wellbeing"
    urgency: Urgency = "normal"
    action: Action | None = None
    """What is done if the wearer says yes; with the verdict `act`, what is done now."""


Wearer = UtteranceHeard | FeedbackGiven | SettingsChanged
Report = InputQuarantined | SkillFaulted | Notified | NudgeDropped | Answered | ActionDone
