"""What is asked of where things are and were: the car, the keys, the wearer's own stays."""

from datetime import timedelta

from pydantic import BaseModel, Field

from agent.context import Context
from agent.events import SkillNoted
from agent.fusion.parking import Fix
from agent.phrases import duration, moment, occasion, plural
from agent.ports import Recall
from agent.skill import Answer, Evidence, NoArguments, Window, when
from skills.whereis.kept import (
    NAME,
    Kept,
    here_of,
    is_there,
    kept_of,
    parked_of,
    place_near,
    places_called,
    stays_at,
)

THING_MAX, SPOT_MAX = 100, 200
NEAR_M = 20.0
KILOMETRE_M = 1000.0
DAY = timedelta(days=1)
NO_CAR = "I can't tell a car from a bus: it is where you left a vehicle"


class Place(BaseModel):
    """Which place, by its name or kind."""

    place_name: str | None = None


class Spent(BaseModel):
    """Which place, and in which time; today by default."""

    place_name: str | None = None
    window: Window | None = None


class Thing(BaseModel):
    """Which thing."""

    thing: str | None = Field(default=None, json_schema_extra={"slot": "sought"})


class Keeping(BaseModel):
    """A thing, and where it is."""

    thing: str = Field(min_length=1, max_length=THING_MAX)
    spot: str = Field(min_length=1, max_length=SPOT_MAX)


def parked(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return where the last drive ended, or where the wearer said to have parked."""
    found = parked_of(context)
    if found is None:
        return Answer("I can't tell: I have seen no drive end at a place I know of.", known=False)
    fix, said = found
    at = occasion(fix.at, context.now, context.local)
    where = _where(fix, context)
    evidence = [
        Evidence(role="parked", value=where, kind="name", since=fix.at, said=True),
        Evidence(role="at", value=at, kind="time", since=fix.at),
        Evidence(role="coordinates", value=_coordinates(fix), kind="text"),
    ]
    if said:
        return Answer(f"You parked {at}, {where}.", tuple(evidence))
    evidence.append(Evidence(role="sure", value=NO_CAR, kind="caveat", said=True))
    return Answer(f"Your last drive ended {at}, {where}. {NO_CAR}.", tuple(evidence))


def park_here(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Keep where the wearer is now as where the car is."""
    here = here_of(context)
    if here is None:
        return Answer("I can't keep that: no location was measured just now.", known=False)
    near = place_near(here, context)
    where = f"at {near}" if near else f"at {_coordinates(here)}"
    data = {"latitude_deg": here.latitude_deg, "longitude_deg": here.longitude_deg}
    before = parked_of(context)
    undo = SkillNoted(at=context.now, skill=NAME, name="unparked")
    if before is not None and before[1]:
        old = before[0]
        body = {"latitude_deg": old.latitude_deg, "longitude_deg": old.longitude_deg}
        undo = SkillNoted(at=context.now, skill=NAME, name="parked", data={**body})
    return Answer(
        f"I keep it: you parked here, {where}.",
        (Evidence(role="parked", value=where, kind="name"),),
        events=(SkillNoted(at=context.now, skill=NAME, name="parked", data={**data}),),
        undo=(undo,),
        offer=f"keep that you parked here, {where}",
    )


def last_at(asked: Place, __: Recall, context: Context) -> Answer:
    """Return when the wearer was last at a place, and for how long."""
    names, unknown = _named(asked.place_name, context)
    if unknown is not None:
        return unknown
    where = _told(names)
    stays = stays_at(names, context)
    if not stays:
        return Answer(f"I can't tell: I have kept no stay at {where}.", known=False)
    stay = stays[-1]
    since = occasion(stay.since, context.now, context.local)
    spent = duration(stay.until - stay.since)
    evidence = (
        Evidence(role="place", value=stay.name, kind="name"),
        Evidence(role="came", value=since, kind="time", since=stay.since),
        Evidence(role="stayed", value=spent, kind="duration", since=stay.since, until=stay.until),
    )
    if is_there(names, context):
        return Answer(f"You are at {stay.name} now; you came {since}, {spent} ago.", evidence)
    return Answer(f"You were last at {stay.name} {since}, for {spent}.", evidence)


def time_at(asked: Spent, __: Recall, context: Context) -> Answer:
    """Return how long the wearer was at a place, today or when asked for."""
    names, unknown = _named(asked.place_name, context)
    if unknown is not None:
        return unknown
    day = context.local_now.replace(hour=0, minute=0, second=0, microsecond=0)
    window = asked.window or Window(since=day, until=day + DAY, words="today")
    first = min((one.since for one in context.stays.past), default=context.place.since)
    if window.until <= first:
        return Answer(f"I can't tell: my stays do not go back to {window.words}.", known=False)
    where = _told(names)
    stays = [one for one in stays_at(names, context) if one.within(window.since, window.until)]
    evidence = [Evidence(role="place", value=where, kind="name"), when(window)]
    if not stays:
        none = Evidence(role="stays", value="none", kind="count")
        return Answer(f"You were not at {where} {window.words}.", (none, *evidence))
    spent = sum((one.within(window.since, window.until) for one in stays), timedelta())
    count = plural(len(stays), "stay")
    evidence = [
        Evidence(role="stayed", value=duration(spent), kind="duration"),
        Evidence(role="stays", value=count, kind="count"),
        *evidence,
    ]
    told = f"You were at {where} for {duration(spent)} {window.words}, in {count}"
    if window.since < first:
        since = moment(first, context.now, context.local)
        evidence.append(Evidence(role="known since", value=since, kind="caveat", said=True))
        return Answer(f"{told}; I know of stays only since {since}.", (*evidence,))
    return Answer(f"{told}.", tuple(evidence))


def keep(wanted: Keeping, _: Recall, context: Context) -> Answer:
    """Keep where a thing is."""
    data = {"thing": wanted.thing.lower(), "spot": wanted.spot}
    before = found(wanted.thing, context)
    if before is None:
        undo = SkillNoted(at=context.now, skill=NAME, name="gone", data={"thing": data["thing"]})
    else:
        old = {"thing": data["thing"], "spot": before.spot}
        undo = SkillNoted(at=context.now, skill=NAME, name="kept", data={**old})
    return Answer(
        f"I keep it: {wanted.thing}, {wanted.spot}.",
        (
            Evidence(role="thing", value=wanted.thing, kind="name"),
            Evidence(role="where", value=wanted.spot, kind="name"),
        ),
        events=(SkillNoted(at=context.now, skill=NAME, name="kept", data={**data}),),
        undo=(undo,),
        offer=f"remember that {wanted.thing}: {wanted.spot}",
    )


def where_is(asked: Thing, __: Recall, context: Context) -> Answer:
    """Return where the wearer said that a thing is."""
    if not asked.thing:
        return Answer("I can't tell: the question does not say which thing.", known=False)
    one = found(asked.thing, context)
    if one is None:
        return Answer(f"I can't tell: you have not told me where {asked.thing} is.", known=False)
    at = occasion(one.at, context.now, context.local)
    evidence = (
        Evidence(role="thing", value=one.thing, kind="name"),
        Evidence(role="where", value=one.spot, kind="name", said=True, since=one.at),
        Evidence(role="said", value=at, kind="time", since=one.at),
    )
    return Answer(f"{one.thing.capitalize()}: {one.spot}, as you told me {at}.", evidence)


def found(thing: str, context: Context) -> Kept | None:
    """Return the newest note of *thing*: the same words, else one that is among them."""
    said = thing.casefold()
    known = list(reversed(kept_of(context)))
    same = [one for one in known if one.thing.casefold() == said]
    near = [one for one in known if one.thing.casefold().split()[-1] in said.split()]
    return next(iter((*same, *near)), None)


def _named(said: str | None, context: Context) -> tuple[set[str], Answer | None]:
    if said is None:
        return set(), Answer("I can't tell: the question names no place.", known=False)
    names = places_called(said, context)
    if names:
        return names, None
    how = "`carpal place NAME` names where you are"
    return names, Answer(f"I can't tell: I know no place called {said}; {how}.", known=False)


def _told(names: set[str]) -> str:
    return " or ".join(sorted(names))


def _where(fix: Fix, context: Context) -> str:
    near, here = place_near(fix, context), here_of(context)
    at = f"at {near}" if near else f"at {_coordinates(fix)}"
    if here is None:
        return at
    far_m, direction = fix.way_from(here.latitude_deg, here.longitude_deg)
    if far_m <= NEAR_M:
        return f"{at}, right here"
    far = f"{far_m / KILOMETRE_M:.1f} km" if far_m >= KILOMETRE_M else f"{round(far_m, -1):.0f} m"
    return f"{at}, about {far} {direction} of you"


def _coordinates(fix: Fix) -> str:
    return f"{fix.latitude_deg:.5f}, {fix.longitude_deg:.5f}"
