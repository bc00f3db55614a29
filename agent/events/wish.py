"""What the wearer permits, mutes and waves at, and what a skill notes for itself.  Pure."""

from typing import Literal

from pydantic import Field, JsonValue

from agent.events.base import Event, Gesture, Instant, Theme

SKILL_MAX = 64
NOTE_MAX = 64


class GrantChanged(Event):
    """The wearer lets a skill read and do what it declares, or no longer."""

    kind: Literal["grant_changed"] = "grant_changed"
    skill: str = Field(min_length=1, max_length=SKILL_MAX)
    granted: bool
    reads: tuple[str, ...] = ()
    """What it may look at: the skill's declaration as the wearer saw it."""
    does: tuple[str, ...] = ()
    """What it may do, likewise."""
    alone: tuple[str, ...] = ()
    """The names of the actions that it may take without asking."""
    theme: Theme = "wellbeing"
    """The budget that its nudges count in, likewise."""
    fresh_min: int = Field(default=10, ge=1)
    """How old its evidence may be, likewise: a replay judges a guest that is gone by this."""


class SkillMuted(Event):
    """The wearer does not want to hear of this any more, or does again."""

    kind: Literal["skill_muted"] = "skill_muted"
    skill: str = Field(min_length=1, max_length=SKILL_MAX)
    muted: bool = True


class WorthReset(Event):
    """What was learned from the wearer's answers is forgotten, of one skill or of all."""

    kind: Literal["worth_reset"] = "worth_reset"
    skill: str = Field(default="", max_length=SKILL_MAX)


class FocusSet(Event):
    """The wearer wants quiet until a time; None ends it."""

    kind: Literal["focus_set"] = "focus_set"
    until: Instant | None = None


class GestureMade(Event):
    """The wearer answered with the hand: on the watch's glass, its buttons, or by a shake."""

    kind: Literal["gesture_made"] = "gesture_made"
    source: str = Field(max_length=64)
    gesture: Gesture


class SkillNoted(Event):
    """A skill notes something of its own; its own reducer makes its state of that."""

    kind: Literal["skill_noted"] = "skill_noted"
    skill: str = Field(min_length=1, max_length=SKILL_MAX)
    name: str = Field(min_length=1, max_length=NOTE_MAX)
    data: dict[str, JsonValue] = Field(default_factory=dict)


Wish = GrantChanged | SkillMuted | WorthReset | FocusSet | GestureMade | SkillNoted
