"""What is to be taken and when, and what of it was confirmed.  Pure.

The plan is the settings' and what the wearer said; a dose is one time of one medicine.  Confirmed
is what the wearer said they took: nothing here knows what was swallowed.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from agent.config import Section
from agent.context import Context, Memory
from agent.events import Again
from agent.fusion.reminders.recurrence import following

NAME = "medication"
NAME_MAX = 40
MEDICINES_MAX = 30
KEPT_MAX = 60  # doses that are remembered as taken or skipped
ASKED_FOR = timedelta(hours=4)  # later than that the next dose may be near: it is asked no more
EARLY = timedelta(hours=2)  # what is taken so long before its time is that dose
LOOKED_MAX = 64


class Medicine(BaseModel):
    """One medicine and when it is taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=NAME_MAX)
    again: Again
    since: datetime | None = None
    """From when on; the first time that counts is after that."""


class Written(Section):
    """One medicine, as the settings have it."""

    name: str = Field(min_length=1, max_length=NAME_MAX, description="What it is called.")
    times: tuple[time, ...] = Field(
        min_length=1, max_length=12, description="When on a day, by your own clock."
    )
    weekdays: tuple[Annotated[int, Field(ge=0, le=6)], ...] = Field(
        default=(), max_length=7, description="On which days alone; Monday is 0."
    )

    @property
    def medicine(self) -> Medicine:
        """Return it with how it comes again."""
        again = Again(unit="day", times=tuple(sorted(self.times)), weekdays=self.weekdays)
        return Medicine(name=self.name, again=again)


class Settings(Section):
    """What the wearer takes."""

    medicines: tuple[Written, ...] = Field(
        default=(), max_length=MEDICINES_MAX, description="What you take; it can be said, too."
    )


class Dose(NamedTuple):
    """One time of one medicine."""

    name: str
    due: datetime


class Kept(NamedTuple):
    """What was confirmed, or refused, of a dose; of none that was planned, *due* is None."""

    name: str
    due: datetime | None
    at: datetime
    taken: bool


def medicines(context: Context) -> tuple[Medicine, ...]:
    """Return what the wearer takes: what they said goes before the settings."""
    memory = context.own(NAME)
    said = {one.name.lower(): one for one in _said(memory)}
    stopped = {str(name) for name in _list(memory, "stopped")}
    written = (one.medicine for one in settings_of(context).medicines)
    found = [one for one in written if one.name.lower() not in (said.keys() | stopped)]
    return (*said.values(), *found)


def settings_of(context: Context) -> Settings:
    """Return the settings in force."""
    return Settings.model_validate(context.rules.skills.get(NAME, {}))


def doses(
    every: tuple[Medicine, ...], context: Context, *, since: datetime, until: datetime
) -> list[Dose]:
    """Return the doses in (since, until], in order."""
    found: list[Dose] = []
    for one in every:
        begun = max(since, one.since) if one.since is not None else since
        anchor = one.since or since
        due = following(one.again, anchor, after=begun, zone=context.local)
        while due is not None and due <= until and len(found) < LOOKED_MAX * MEDICINES_MAX:
            found.append(Dose(one.name, due))
            due = following(one.again, due, after=due, zone=context.local)
    return sorted(found, key=lambda dose: (dose.due, dose.name))


def next_doses(every: tuple[Medicine, ...], context: Context) -> list[Dose]:
    """Return the next dose of each, however far ahead."""
    found = []
    for one in every:
        begun = max(context.now, one.since) if one.since is not None else context.now
        due = following(one.again, one.since or begun, after=begun, zone=context.local)
        found += [] if due is None else [Dose(one.name, due)]
    return found


def open_doses(context: Context, *, ahead: timedelta = timedelta()) -> list[Dose]:
    """Return the doses of the last hours, and *ahead*, that were neither taken nor skipped."""
    now = context.now
    every = doses(medicines(context), context, since=now - ASKED_FOR, until=now + ahead)
    done = {(one.name.lower(), one.due) for one in kept(context.own(NAME))}
    return [dose for dose in every if (dose.name.lower(), dose.due) not in done]


def kept(memory: Memory) -> list[Kept]:
    """Return what was confirmed or refused, oldest first."""
    found = []
    for row in _list(memory, "doses"):
        if isinstance(row, dict):
            due = row.get("due")
            found.append(
                Kept(
                    str(row["name"]),
                    datetime.fromisoformat(str(due)) if due else None,
                    datetime.fromisoformat(str(row["at"])),
                    bool(row["taken"]),
                )
            )
    return found


def with_kept(memory: Memory, new: list[Kept]) -> dict[str, JsonValue]:
    """Return *memory* with *new*; the oldest are forgotten."""
    rows: list[JsonValue] = [
        {
            "name": one.name,
            "due": one.due.isoformat() if one.due else None,
            "at": one.at.isoformat(),
            "taken": one.taken,
        }
        for one in new
    ]
    return {**memory, "doses": [*_list(memory, "doses"), *rows][-KEPT_MAX:]}


def planned(memory: Memory, data: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return *memory* with the medicine that *data* is; one of the same name is replaced."""
    name = str(data["name"]).lower()
    others = [one for one in _said(memory) if one.name.lower() != name]
    rows: list[JsonValue] = [one.model_dump(mode="json") for one in others]
    stopped = [one for one in _list(memory, "stopped") if one != name]
    return {**memory, "medicines": [*rows, dict(data)][-MEDICINES_MAX:], "stopped": stopped}


def stopped(memory: Memory, name: str) -> dict[str, JsonValue]:
    """Return *memory* without the medicine *name*, wherever it was planned."""
    rows: list[JsonValue] = [
        one.model_dump(mode="json") for one in _said(memory) if one.name.lower() != name.lower()
    ]
    names = [one for one in _list(memory, "stopped") if one != name.lower()]
    return {**memory, "medicines": rows, "stopped": [*names, name.lower()][-MEDICINES_MAX:]}


def _said(memory: Memory) -> list[Medicine]:
    return [Medicine.model_validate(one) for one in _list(memory, "medicines")]


def _list(memory: Memory, name: str) -> list[Any]:
    found = memory.get(name)
    return found if isinstance(found, list) else []
