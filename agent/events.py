"""The vocabulary: every event that the journal may hold, and nothing else.  Pure.

Events are named in the past tense, are immutable, and carry their own time.  Each belongs to
one family; who folds a family matches all of its members, so a new one fails the type checker.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    TypeAdapter,
    model_validator,
)

from agent.signals import LOCATION, SIGNALS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FACT_MAX = 400
Quality = Literal["good", "implausible", "off_wrist", "secondary"]
"""`off_wrist`: the device was not worn; `secondary`: another source has that signal just now."""
Verdict = Literal[
    "speak", "stale", "unsure", "asleep", "quiet_hours", "in_meeting", "exercising", "snoozed",
    "cooldown", "budget",
]  # fmt: skip
Haptic = Literal["tap", "double", "long"]
FeedbackKind = Literal["accepted", "dismissed", "snoozed"]


def _utc(at: datetime) -> datetime:
    if at.tzinfo is UTC:
        return at
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is at the edge of the calendar: there is no such time in UTC") from error


# Always UTC: what is read back must be what was judged, to the letter.
Instant = Annotated[AwareDatetime, AfterValidator(_utc)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class _Event(_Frozen):
    at: Instant
    """When it happened in the world, not when we heard of it."""


# World: what the body and the place say.


class SampleMeasured(_Event):
    """One signal's value at one time: a sample.  What is implausible is kept, and marked."""

    kind: Literal["sample_measured"] = "sample_measured"
    signal: str
    value: float
    source: str = Field(max_length=64)
    source_sequence: int | None = None
    """The number that the source gave it, counting up by one; None where it gives none."""
    quality: Quality = "good"

    @model_validator(mode="after")
    def _plausible(self) -> Self:
        signal = SIGNALS.get(self.signal)
        if signal is None or signal is LOCATION:
            raise ValueError(f"{self.signal[:64]!r} is no signal that has samples")
        if self.quality == "good" and not signal.low <= self.value <= signal.high:
            raise ValueError(f"{self.value:g} is not a plausible {self.signal}")
        return self


class LocationMeasured(_Event):
    """Where the wearer was at one time (WGS 84)."""

    kind: Literal["location_measured"] = "location_measured"
    latitude_deg: float = Field(ge=-90, le=90)
    longitude_deg: float = Field(ge=-180, le=180)
    accuracy_m: float = Field(default=20, ge=0, le=100_000)
    source: str = Field(max_length=64)
    source_sequence: int | None = None


class SourceSynced(_Event):
    """A source that delivers in batches ended one: what was late may now be considered."""

    kind: Literal["source_synced"] = "source_synced"
    source: str = Field(max_length=64)


class GapDetected(_Event):
    """A source's sequence numbers jumped: *missing* samples before the next input never came."""

    kind: Literal["gap_detected"] = "gap_detected"
    source: str
    missing: int = Field(ge=1)


class ZoneChanged(_Event):
    """The wearer is in another time zone now."""

    kind: Literal["zone_changed"] = "zone_changed"
    zone: str


# Plan: what the calendar, the lists and the clock say.


class Meeting(_Frozen):
    """One occurrence of a calendar entry."""

    uid: str
    title: str
    start: Instant
    end: Instant
    place: str = ""
    all_day: bool = False
    declined: bool = False
    """Declined by the wearer, cancelled, or marked as free time: it claims no one's attention."""


class CalendarChanged(_Event):
    """All occurrences of one calendar in [since, until), in order of their start; it replaces
    what that source said before."""

    kind: Literal["calendar_changed"] = "calendar_changed"
    source: str
    since: Instant
    until: Instant
    meetings: tuple[Meeting, ...]


class Item(_Frozen):
    """One line of a list."""

    name: str
    amount: str = ""
    aisle: int | None = None
    done: bool = False


class ListChanged(_Event):
    """A named list as it is now; it replaces what it was before."""

    kind: Literal["list_changed"] = "list_changed"
    source: str
    name: str
    items: tuple[Item, ...]


class ListEdited(_Event):
    """The wearer put items on a list, or took some off; a source's own changes come after."""

    kind: Literal["list_edited"] = "list_edited"
    name: str = Field(min_length=1, max_length=64)
    added: tuple[Item, ...] = ()
    removed: tuple[str, ...] = ()


class ReminderSet(_Event):
    """The wearer asked to be told something at a time."""

    kind: Literal["reminder_set"] = "reminder_set"
    id: str
    due: Instant
    text: str


class ReminderCancelled(_Event):
    """The wearer does not want that reminder any more."""

    kind: Literal["reminder_cancelled"] = "reminder_cancelled"
    id: str


class ScheduleDue(_Event):
    """A time that was waited for has come; *at* is when it was noticed."""

    kind: Literal["schedule_due"] = "schedule_due"
    name: str
    """`reminder/ID`, or the estimate that asked to be looked at again."""
    due: Instant


# Wearer: what the wearer says and wants.


class UtteranceHeard(_Event):
    """The wearer asked something, aloud or in writing."""

    kind: Literal["utterance_heard"] = "utterance_heard"
    text: str
    by: Literal["text", "voice"]


class FeedbackGiven(_Event):
    """The wearer answered a nudge."""

    kind: Literal["feedback_given"] = "feedback_given"
    judgement: str
    answer: FeedbackKind
    snooze_min: int = Field(default=30, ge=1, le=1440)


class SettingsChanged(_Event):
    """The settings that the core judges by, whole: so a replay needs no file."""

    kind: Literal["settings_changed"] = "settings_changed"
    rules: dict[str, JsonValue]


# Report: what our own border and edges did.


class InputQuarantined(_Event):
    """The border let something not in; *at* is its arrival."""

    kind: Literal["input_quarantined"] = "input_quarantined"
    source: str
    reason: str


class SkillFaulted(_Event):
    """A skill raised on the input that follows; it was not asked about that one."""

    kind: Literal["skill_faulted"] = "skill_faulted"
    skill: str
    reason: str


class Notified(_Event):
    """The wearer was shown one sentence."""

    kind: Literal["notified"] = "notified"
    judgement: str
    text: str
    wording: Literal["model", "template"]
    late: bool = False
    """It was due much earlier, when the device could not speak."""


class NudgeDropped(_Event):
    """An admitted sentence was not shown."""

    kind: Literal["nudge_dropped"] = "nudge_dropped"
    judgement: str
    reason: str


class Answered(_Event):
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


class Fact(_Frozen):
    """One named value that a sentence of a nudge may hold."""

    name: str = Field(min_length=1, max_length=64)
    value: str = Field(max_length=FACT_MAX)


class ProposalJudged(_Event):
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


World = SampleMeasured | LocationMeasured | SourceSynced | GapDetected | ZoneChanged
Plan = CalendarChanged | ListChanged | ListEdited | ReminderSet | ReminderCancelled | ScheduleDue
Wearer = UtteranceHeard | FeedbackGiven | SettingsChanged
Report = InputQuarantined | SkillFaulted | Notified | NudgeDropped | Answered
Input = World | Plan | Wearer | Report
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
