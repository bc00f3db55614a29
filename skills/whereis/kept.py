"""What is known of where things and the wearer were: notes, parking, stays.  Pure."""

from datetime import datetime, timedelta
from typing import NamedTuple

from agent.context import Context
from agent.fusion.parking import Fix
from agent.fusion.stays import Stay

NAME = "whereis"
KINDS = {
    "home": "home", "house": "home", "flat": "home", "place": "home", "work": "work",
    "office": "work", "job": "work", "shop": "grocery", "store": "grocery",
    "supermarket": "grocery", "grocery": "grocery", "groceries": "grocery", "shops": "grocery",
}  # fmt: skip
"""What people call a place by its kind."""
STALE = timedelta(minutes=15)


class Kept(NamedTuple):
    """A thing, where the wearer said that it is, and when that was said."""

    thing: str
    spot: str
    at: datetime


def kept_of(context: Context) -> list[Kept]:
    """Return what the wearer said of where things are, oldest first."""
    rows = context.own(NAME).get("kept", [])
    found = [[str(part) for part in row] for row in _listed(rows) if isinstance(row, list)]
    return [Kept(thing, spot, datetime.fromisoformat(at)) for thing, spot, at in found]


def parked_of(context: Context) -> tuple[Fix, bool] | None:
    """Return where the vehicle is and whether the wearer said so; None where it is not known."""
    row = context.own(NAME).get("parked", [])
    told = None
    if isinstance(row, list) and len(row) == 3:
        told = Fix(_number(row[0]), _number(row[1]), datetime.fromisoformat(str(row[2])))
    seen = context.parking.parked
    if seen is not None and (told is None or seen.at > told.at + STALE):
        return seen, False
    # Who has driven on since, and nobody knows to where, has it no more where it was said to be.
    if told is None or (seen is None and context.parking.drove_since > told.at):
        return None
    return told, True


def here_of(context: Context) -> Fix | None:
    """Return where the wearer is by a fix that still holds; None where that is not known."""
    place = context.place
    if not place.known_at(context.now):
        return None
    return Fix(place.latitude_deg, place.longitude_deg, place.measured_at)


def place_near(fix: Fix, context: Context) -> str:
    """Return the known place that *fix* lies at; empty where it lies at none."""
    far = [
        (fix.way_from(one.latitude_deg, one.longitude_deg)[0] - one.radius_m, one.name)
        for one in context.places
    ]
    near = min(far, default=(1.0, ""))
    return near[1] if near[0] <= 0 else ""


def places_called(said: str, context: Context) -> set[str]:
    """Return the names of the known places that *said* means: by name, else by kind."""
    folded = " ".join(said.casefold().split())
    named = {one.name for one in context.places if one.name.casefold() == folded}
    named |= {one.name for one in context.stays.past if one.name.casefold() == folded}
    if named:
        return named
    kind = KINDS.get(folded.split(" ")[-1])
    return {one.name for one in context.places if one.kind == kind}


def stays_at(names: set[str], context: Context) -> list[Stay]:
    """Return the stays at any of *names*, the one that goes on last."""
    found = [one for one in context.stays.past if one.name in names]
    here = context.place.here
    if here is not None and here.name in names and context.place.known_at(context.now):
        found.append(Stay(here.name, context.place.since, context.now))
    return found


def is_there(names: set[str], context: Context) -> bool:
    """Return whether the wearer is at one of *names* now."""
    here = context.place.here
    return here is not None and here.name in names and context.place.known_at(context.now)


def _listed(rows: object) -> list[object]:
    return rows if isinstance(rows, list) else []


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
