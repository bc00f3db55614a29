"""The situation that sentences are understood in: the same one for every row, and documented.

Wednesday 4 March 2026, 15:10 in Berlin.  The calendar has Standup 09:00, Budget 13:00 to 14:00,
Planning 16:00 and Review 17:00; there are the lists grocery, packing and hardware, five reminders,
and the places Home, Office and Gym.  Nothing was measured: understanding is not about values.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from agent.bus import replay
from agent.config import KnownPlace, Rules
from agent.context import Context, reminder_id
from agent.core import Core
from agent.events import (
    CalendarChanged,
    Input,
    Item,
    ListChanged,
    Meeting,
    ReminderSet,
    SettingsChanged,
)
from agent.fusion.lists import folded
from agent.ports import Nothing as Nothing  # noqa: PLC0414  # the situation of who remembers nothing

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 4, 15, 10, tzinfo=ZONE).astimezone(UTC)
MEETINGS = (("Standup", 9, 0, 15), ("Budget", 13, 0, 60), ("Planning", 16, 0, 45),
            ("Review", 17, 0, 30))  # fmt: skip
LISTS = {
    "grocery": ("bread", "milk", "rice", "apples", "coffee"),
    "packing": ("socks", "passport", "charger"),
    "hardware": ("screws", "paint", "batteries"),
}
REMINDERS = (
    ("call Mum", datetime(2026, 3, 4, 18, 0, tzinfo=ZONE)),
    ("water the plants", datetime(2026, 3, 4, 19, 30, tzinfo=ZONE)),
    ("take the bins out", datetime(2026, 3, 4, 21, 0, tzinfo=ZONE)),
    ("book the dentist", datetime(2026, 3, 5, 9, 0, tzinfo=ZONE)),
    ("pay the rent", datetime(2026, 3, 6, 8, 0, tzinfo=ZONE)),
)
PLACES = ("Home", "Office", "Gym")


def situation(also: Sequence[str] = (), *, on: str = "grocery") -> Context:
    """Return what is believed; *also*: items that the list *on* has besides its own."""
    inputs: list[Input] = [SettingsChanged(at=NOW, rules=_rules()), _calendar()]
    for name, items in LISTS.items():
        own = {folded(item) for item in items}
        more = [one for one in also if folded(one) not in own] if name == on else []
        told = tuple(Item(name=one) for one in (*items, *more))
        inputs.append(ListChanged(at=NOW, source="evaluation", name=name, items=told))
    for text, due in REMINDERS:
        id_ = reminder_id(NOW, due=due, text=text)
        inputs.append(ReminderSet(at=NOW, id=id_, due=due, text=text))
    return replay(Core(()), inputs)[0].context


def _rules() -> dict[str, JsonValue]:
    places = tuple(
        KnownPlace(name=name, latitude_deg=52.5, longitude_deg=13.4 + place / 10)
        for place, name in enumerate(PLACES)
    )
    return Rules(zone=ZONE.key, places=places).model_dump(mode="json")


def _calendar() -> CalendarChanged:
    day = datetime(2026, 3, 4, tzinfo=ZONE)
    meetings = tuple(
        Meeting(
            uid=title,
            title=title,
            start=day + timedelta(hours=hour, minutes=minute),
            end=day + timedelta(hours=hour, minutes=minute + length),
        )
        for title, hour, minute, length in MEETINGS
    )
    since, until = day - timedelta(days=30), day + timedelta(days=60)
    return CalendarChanged(at=NOW, source="evaluation", since=since, until=until, meetings=meetings)
