"""Days to live through, and the edges of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.bus import Bus
from agent.config import KnownPlace, PolicySettings, Rules
from agent.context import Context
from agent.core import Core
from agent.errors import DeliveryError
from agent.events import (
    CalendarChanged,
    Event,
    Input,
    Item,
    ListChanged,
    LocationMeasured,
    Meeting,
    SampleMeasured,
    SettingsChanged,
    SourceSynced,
)
from agent.memory.journal import Journal
from agent.ports import Nudge
from agent.sensor import measured
from agent.skill import NoSettings, Proposal, Skill
from agent.store import open_store
from skills import SKILLS

KEY = bytes(range(32))
DAWN = datetime(2026, 3, 2, 5, tzinfo=UTC)
SHOP = KnownPlace(
    name="the corner shop", kind="grocery", latitude_deg=50.0, longitude_deg=8.0, radius_m=40
)
HOME = KnownPlace(name="home", kind="home", latitude_deg=50.01, longitude_deg=8.0, radius_m=60)
RULES = Rules(
    zone="UTC",
    policy=PolicySettings(silence_min=20, nudges_per_day=3),
    places=(SHOP, HOME),
)


def at(minute: float) -> datetime:
    return DAWN + timedelta(minutes=minute)


def sample(minute: float, signal: str, value: float, *, source: str = "watch") -> SampleMeasured:
    return measured(signal, value, at=at(minute), source=source)


def fix(minute: float, place: KnownPlace, *, north_m: float = 0) -> LocationMeasured:
    return LocationMeasured(
        at=at(minute),
        latitude_deg=place.latitude_deg + north_m / 111_195,
        longitude_deg=place.longitude_deg,
        accuracy_m=10,
        source="phone",
    )


def calendar(minute: float, *meetings: tuple[str, float, float]) -> CalendarChanged:
    found = tuple(
        Meeting(uid=title, title=title, start=at(start), end=at(end))
        for title, start, end in meetings
    )
    return CalendarChanged(
        at=at(minute), source="calendar", since=at(-600), until=at(2880), meetings=found
    )


def shopping(minute: float, *names: str) -> ListChanged:
    items = tuple(Item(name=name, aisle=aisle) for aisle, name in enumerate(names))
    return ListChanged(at=at(minute), source="mealplan", name="grocery", items=items)


def sync(minute: float) -> SourceSynced:
    return SourceSynced(at=at(minute), source="watch")


def rules(minute: float = 0, given: Rules = RULES) -> SettingsChanged:
    return SettingsChanged(at=at(minute), rules=given.model_dump(mode="json"))


def day() -> list[Input]:
    """Return a day with a sleep, meetings under strain, a shop, and a watch that syncs late."""
    inputs: list[Input] = [rules(), shopping(1, "apples", "milk")]
    inputs.append(calendar(2, *((f"m{n}", 240 + 30 * n, 270 + 30 * n) for n in range(9))))
    for minute in range(760):
        asleep, strained = minute < 200, 380 <= minute < 510
        rate = 52 if asleep else 92 if strained else 68 + minute % 3
        inputs.append(sample(minute, "motion", 3 if asleep else 20 if minute % 7 else 25))
        inputs.append(sample(minute, "heart_rate", rate))
        if 205 <= minute < 220:
            inputs.append(sample(minute + 0.2, "motion", 80))
        if 520 <= minute < 640:
            inputs.append(fix(minute + 0.5, SHOP if 560 <= minute < 575 else HOME))
    for minute in range(800, 900, 20):
        inputs.append(sample(minute, "motion", 10, source="phone"))
        inputs += [sample(minute - lag, "heart_rate", 70) for lag in (15, 10, 5)]
        inputs.append(sync(minute))
    return inputs


class Stub(Skill):
    """A skill that always says the same, or raises."""

    def __init__(self, name: str, *, fresh_min: int = 60, raises: bool = False) -> None:
        self.name = name
        self.fresh_min = fresh_min
        self.asked = 0
        self._raises = raises

    def consider(self, context: Context, settings: NoSettings) -> Sequence[Proposal]:
        self.asked += 1
        if self._raises:
            raise ZeroDivisionError(self.name)
        return (
            Proposal(
                topic=f"{self.asked}",
                glance=self.name,
                text=self.name,
                evidence=(),
                evidence_at=context.now,
                worth=0.9,
            ),
        )


def open_bus(path: Path, *skills: Skill) -> Bus:
    """Return a bus on *path*, as after a start."""
    return Bus(Core(skills or SKILLS), Journal(open_store(path, key=KEY)))


class Wearer:
    """A notifier that can be made to fail, and a list of what was seen."""

    def __init__(self, *, deaf: bool = False) -> None:
        self.said: list[str] = []
        self.seen: list[Event] = []
        self.at = DAWN
        self._deaf = deaf

    def now(self) -> datetime:
        return self.at

    async def say(self, nudge: Nudge) -> None:
        if self._deaf:
            raise DeliveryError("no screen")
        self.said.append(nudge.text)
