"""The vocabulary: every event that the journal may hold, and nothing else.  Pure.

Events are named in the past tense, are immutable, and carry their own time.  Each belongs to
one family; who folds a family matches all of its members, so a new one fails the type checker.
"""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from pydantic import Field, TypeAdapter

from agent.events.base import EPOCH, FeedbackKind, Haptic, Instant, PlaceKind, Quality, Verdict
from agent.events.own import (
    FACT_MAX,
    Answered,
    Fact,
    FeedbackGiven,
    InputQuarantined,
    Notified,
    NudgeDropped,
    ProposalJudged,
    Report,
    SettingsChanged,
    SkillFaulted,
    UtteranceHeard,
    Wearer,
)
from agent.events.plan import (
    CalendarChanged,
    Item,
    ListChanged,
    ListEdited,
    Meeting,
    Plan,
    ReminderCancelled,
    ReminderSet,
    ScheduleDue,
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
    "Answered",
    "Around",
    "CalendarChanged",
    "EntityChanged",
    "Entry",
    "Event",
    "Fact",
    "FeedbackGiven",
    "FeedbackKind",
    "GapDetected",
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
    "PlaceForgotten",
    "PlaceKind",
    "PlaceNamed",
    "Plan",
    "ProposalJudged",
    "Quality",
    "RegionCrossed",
    "ReminderCancelled",
    "ReminderSet",
    "Report",
    "SampleMeasured",
    "ScheduleDue",
    "SettingsChanged",
    "SkillFaulted",
    "SourceSynced",
    "UtteranceHeard",
    "Verdict",
    "Wearer",
    "Where",
    "World",
    "ZoneChanged",
    "load",
]

Input = World | Where | Around | Plan | Wearer | Report
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
