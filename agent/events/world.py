"""What the body, the place and the things around the wearer say.  Pure."""

from typing import Literal, Self

from pydantic import Field, model_validator

from agent.events.base import Event, Instant, PlaceKind, Quality
from agent.signals import LOCATION, SIGNALS


class SampleMeasured(Event):
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


class LocationMeasured(Event):
    """Where the wearer was at one time (WGS 84)."""

    kind: Literal["location_measured"] = "location_measured"
    latitude_deg: float = Field(ge=-90, le=90)
    longitude_deg: float = Field(ge=-180, le=180)
    accuracy_m: float = Field(default=20, ge=0, le=100_000)
    source: str = Field(max_length=64)
    source_sequence: int | None = None
    quality: Quality = "good"


class SourceSynced(Event):
    """A source that delivers in batches ended one: what was late may now be considered."""

    kind: Literal["source_synced"] = "source_synced"
    source: str = Field(max_length=64)


class GapDetected(Event):
    """Something is missing before the next input of a source: it jumped, or was silent."""

    kind: Literal["gap_detected"] = "gap_detected"
    source: str
    missing: int = Field(default=0, ge=0)
    """By how much its numbers jumped; 0 where it counts none."""
    since: Instant | None = None
    """When it was heard last, where it was silent for much longer than usual."""


# Where: what tells where the wearer is in words.


class ZoneChanged(Event):
    """The wearer is in another time zone now."""

    kind: Literal["zone_changed"] = "zone_changed"
    zone: str


class PlaceNamed(Event):
    """A place got a name: by the wearer, or by an app that the wearer marked it in."""

    kind: Literal["place_named"] = "place_named"
    source: str = Field(max_length=64)
    name: str = Field(min_length=1, max_length=64)
    place: PlaceKind = "other"
    latitude_deg: float = Field(ge=-90, le=90)
    longitude_deg: float = Field(ge=-180, le=180)
    radius_m: float = Field(default=60, ge=10, le=5000)


class PlaceForgotten(Event):
    """A name that was given to a place holds no more."""

    kind: Literal["place_forgotten"] = "place_forgotten"
    source: str = Field(max_length=64)
    name: str = Field(min_length=1, max_length=64)


class RegionCrossed(Event):
    """A phone says that it came into a named place, or left it, by a geofence of its own."""

    kind: Literal["region_crossed"] = "region_crossed"
    source: str = Field(max_length=64)
    name: str = Field(min_length=1, max_length=64)
    entered: bool


# Around: what other devices of the wearer say.  Their text is anyone's: it is shown and counted,
# and nothing follows from it.


class NotificationReceived(Event):
    """Another device showed a notification."""

    kind: Literal["notification_received"] = "notification_received"
    source: str = Field(max_length=64)
    id: str = Field(max_length=128)
    app: str = Field(default="", max_length=128)
    title: str = Field(default="", max_length=256)
    text: str = Field(default="", max_length=2000)
    urgent: bool = False


class NotificationCleared(Event):
    """That notification is gone: it was read, or taken back."""

    kind: Literal["notification_cleared"] = "notification_cleared"
    source: str = Field(max_length=64)
    id: str = Field(max_length=128)


class EntityChanged(Event):
    """A thing at home is in another state: a lamp, a door, a presence."""

    kind: Literal["entity_changed"] = "entity_changed"
    source: str = Field(max_length=64)
    entity: str = Field(min_length=1, max_length=128)
    state: str = Field(max_length=255)


World = SampleMeasured | LocationMeasured | SourceSynced | GapDetected
Where = ZoneChanged | PlaceNamed | PlaceForgotten | RegionCrossed
Around = NotificationReceived | NotificationCleared | EntityChanged
