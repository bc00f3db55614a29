"""What every event has: it is frozen, closed, and carries its own time in UTC.  Pure."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Quality = Literal["good", "implausible", "off_wrist", "secondary"]
"""`off_wrist`: the device was not worn; `secondary`: another source has that signal just now."""
Verdict = Literal[
    "speak", "act", "denied", "muted", "expired", "stale", "unsure", "unsafe", "snoozed", "asleep",
    "quiet_hours", "in_meeting", "driving", "exercising", "talking", "focus", "batched",
    "duplicate", "not_worth", "cap", "budget", "theme_budget", "cooldown",
]  # fmt: skip
"""What became of a wish to speak: `speak`, `act` (done without a word), or why it was silent."""
Urgency = Literal["low", "normal", "urgent", "promised"]
"""`low`: in a digest only; `urgent`: a sign of danger; `promised`: asked for at this time."""
Theme = Literal["safety", "promised", "wellbeing", "plans", "errands", "home"]
"""What a nudge is about, as far as a budget counts."""
Gesture = Literal["tap", "double_tap", "shake", "yes", "no", "later"]
Haptic = Literal["tap", "double", "long"]
FeedbackKind = Literal["accepted", "dismissed", "snoozed"]
PlaceKind = Literal["home", "work", "grocery", "other"]


def _utc(at: datetime) -> datetime:
    if at.tzinfo is UTC:
        return at
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is at the edge of the calendar: there is no such time in UTC") from error


# Always UTC: what is read back must be what was judged, to the letter.
Instant = Annotated[AwareDatetime, AfterValidator(_utc)]


class Frozen(BaseModel):
    """A part of an event."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Event(Frozen):
    """What happened at one time."""

    at: Instant
    """When it happened in the world, not when we heard of it."""
