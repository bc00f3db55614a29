"""The vocabulary: every event that the journal may hold, and nothing else.  Pure.

Events are named in the past tense, are immutable, and carry their own time.  Each belongs to
one family; who folds a family matches all of its members, so a new one fails the type checker.
"""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from pydantic import Field, TypeAdapter

from agent.events.base import (
    EPOCH,
    FeedbackKind,
    Gesture,
    Haptic,
    Instant,
    PlaceKind,
    Quality,
    Theme,
    Urgency,
    Verdict,
)
from agent.events.own import (
    FACT_MAX,
    GLANCE_MAX,
    PROPOSALS_MAX,
    Action,
    ActionDone,
    Answered,
    Fact,
    FeedbackGiven,
    InputQuarantined,
    Notified,
    NudgeDropped,
    Proposal,
    ProposalJudged,
    Publish,
    Report,
    SettingsChanged,
    SkillFaulted,
    SkillProposed,
    UtteranceHeard,
    Wearer,
)
from agent.events.plan import (
    Again,
    Beside,
    CalendarChanged,
    Item,
    ListChanged,
    ListEdited,
    Meeting,
    Occasion,
    Plan,
    ReminderAwaited,
    ReminderCancelled,
    ReminderSet,
    ScheduleDue,
)
from agent.events.wish import (
    FocusSet,
    GestureMade,
    GrantChanged,
    SkillMuted,
    SkillNoted,
    Wish,
    WorthReset,
)
from agent.events.world import (
    Around,
    EntityChanged,
    GapDetected,
    LocationMeasured,
    NotificationCleared,
    NotificationReceived,
    PlaceForgotten,
    PlaceNamed,
    RegionCrossed,
    SampleMeasured,
    SourceSynced,
    Where,
    World,
    ZoneChanged,
)

__all__ = [
    "EPOCH",
    "FACT_MAX",
    "GLANCE_MAX",
    "PROPOSALS_MAX",
    "Action",
    "ActionDone",
    "Again",
    "Answered",
    "Around",
    "Beside",
    "CalendarChanged",
    "EntityChanged",
    "Entry",
    "Event",
    "Fact",
    "FeedbackGiven",
    "FeedbackKind",
    "FocusSet",
    "GapDetected",
    "Gesture",
    "GestureMade",
    "GrantChanged",
    "Haptic",
    "Input",
    "InputQuarantined",
    "Instant",
    "Item",
    "ListChanged",
    "ListEdited",
    "LocationMeasured",
    "Meeting",
    "NotificationCleared",
    "NotificationReceived",
    "Notified",
    "NudgeDropped",
    "Occasion",
    "PlaceForgotten",
    "PlaceKind",
    "PlaceNamed",
    "Plan",
    "Proposal",
    "ProposalJudged",
    "Publish",
    "Quality",
    "RegionCrossed",
    "ReminderAwaited",
    "ReminderCancelled",
    "ReminderSet",
    "Report",
    "SampleMeasured",
    "ScheduleDue",
    "SettingsChanged",
    "SkillFaulted",
    "SkillMuted",
    "SkillNoted",
    "SkillProposed",
    "SourceSynced",
    "Theme",
    "Urgency",
    "UtteranceHeard",
    "Verdict",
    "Wearer",
    "Where",
    "Wish",
    "World",
    "WorthReset",
    "ZoneChanged",
    "load",
]

Input = World | Where | Around | Plan | Wearer | Wish | Report | SkillProposed
Event = Input | ProposalJudged


class Entry(NamedTuple):
    """One input with its place in the sequence and what was judged on it."""

    sequence: int
    event: Input
    judgements: Sequence[ProposalJudged]


_input: TypeAdapter[Input] = TypeAdapter(Annotated[Input, Field(discriminator="kind")])


def load(line: str | bytes) -> Input:
    """Return the input that `model_dump_json` wrote as *line*; raise ValidationError."""
    return _input.validate_json(line)
