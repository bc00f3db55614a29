"""`carpal evaluate places`: whether places are entered when they are, and not when passed by."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from agent.config import KnownPlace
from agent.evaluate.travels import Month, Stay, months
from agent.events import LocationMeasured
from agent.figures import Figure, Table, against, at_least, at_most, shown, table
from agent.fusion.place import ACCURACY_M_MAX, Place, distance_m
from agent.fusion.visits import Visits

FOUND_AIM = 0.99  # one visit of a hundred may hide in a drop-out
FOUND_WITHIN = timedelta(minutes=3)
PEOPLE, DAYS = 6, 30
NEAR_M_MAX = 80
LOOK_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """A place that was entered, by the estimate."""

    place: str
    since: datetime
    told: datetime
    """When it was known."""


@dataclass(frozen=True, slots=True)
class Score:
    """How many visits were found, and what else was."""

    stays: int = 0
    found: int = 0
    told: int = 0
    passing: int = 0
    naive_found: int = 0
    naive_passing: int = 0
    anchors: int = 0
    near: int = 0

    def plus(self, other: "Score") -> "Score":
        """Return both together."""
        return Score(
            **{name: getattr(self, name) + getattr(other, name) for name in self.__slots__}
        )


def evaluate(seed: int, *, short: bool = False) -> Table:
    """Return the figures over made-up months of *seed*."""
    people = months(seed, people=2 if short else PEOPLE, days=DAYS)
    scores = [_score(month) for month in people]
    figures = _figures(_sum(scores), None)
    for index, score in enumerate(scores):
        figures += _figures(score, f"person {index + 1}")
    stays = sum(score.stays for score in scores)
    return table(
        "places", f"made up, seed {seed}, {len(people)} people, {DAYS} days", stays, figures
    )


def entries(fixes: Sequence[LocationMeasured], places: Sequence[KnownPlace]) -> list[Entry]:
    """Return every place that the estimator enters, looked at every minute as the daemon does."""
    place, found = Place(), list[Entry]()
    clock = fixes[0].at
    for fix in fixes:
        while place.due is not None and clock + LOOK_EVERY < fix.at:
            clock = max(clock + LOOK_EVERY, min(place.due, fix.at))
            looked = place.look(clock)
            if looked is not place and looked.here is not None:
                found.append(Entry(looked.here.name, looked.since, clock))
            place = looked
        after = place.fold(fix, places)
        if after.here is not None and after.here is not place.here:
            found.append(Entry(after.here.name, after.since, fix.at))
        place, clock = after, fix.at
    return found


def _score(month: Month) -> Score:
    stays, fixes, places = month.stays(), list(month.fixes()), month.places
    found = judged(entries(fixes, places), stays)
    naive = judged(_naive(fixes, places), stays)
    anchors = _anchors(fixes)
    homes = {place.kind: place for place in places}
    near = sum(_apart_m(one, homes[one.kind]) <= NEAR_M_MAX for one in anchors)
    return replace(
        found, naive_found=naive.found, naive_passing=naive.passing, anchors=2, near=near
    )


def judged(found: Sequence[Entry], stays: Sequence[Stay]) -> Score:
    """Return how well the entries *found* are the *stays* that truly were."""
    within = told = 0
    for stay in stays:
        near = [
            one
            for one in found
            if one.place == stay.place and abs(one.since - stay.came) <= FOUND_WITHIN
        ]
        within += bool(near)
        told += any(one.told - stay.came <= FOUND_WITHIN for one in near)
    passing = sum(not any(_in(one, stay) for stay in stays) for one in found)
    return Score(stays=len(stays), found=within, told=told, passing=passing)


def _in(entry: Entry, stay: Stay) -> bool:
    slack = timedelta(minutes=3)
    return entry.place == stay.place and stay.came - slack <= entry.told <= stay.left + slack


def _naive(fixes: Sequence[LocationMeasured], places: Sequence[KnownPlace]) -> list[Entry]:
    """Return what a plain geofence would say: inside the circle is there, outside is not."""
    found, here = list[Entry](), None
    for fix in fixes:
        if fix.accuracy_m > ACCURACY_M_MAX:
            continue
        inside = next((p for p in places if distance_m(fix, p) <= p.radius_m), None)
        if inside is not None and inside is not here:
            found.append(Entry(inside.name, fix.at, fix.at))
        here = inside
    return found


def _anchors(fixes: Sequence[LocationMeasured]) -> tuple[KnownPlace, ...]:
    visits = Visits()
    for fix in fixes:
        visits = visits.fold(fix, UTC)
    return visits.anchors


def _apart_m(one: KnownPlace, other: KnownPlace) -> float:
    fix = LocationMeasured(
        at=datetime(2026, 1, 1, tzinfo=UTC),
        latitude_deg=one.latitude_deg,
        longitude_deg=one.longitude_deg,
        source="learned",
    )
    return distance_m(fix, other)


def _figures(score: Score, group: str | None) -> list[Figure]:
    found = score.found / score.stays
    told = score.told / score.stays
    near = score.near / score.anchors
    if group is not None:
        return [
            shown(
                "entered while passing", score.passing, unit="entries", n=score.stays, group=group
            ),
            shown("visits found within 3 min", found, unit="fraction", n=score.stays, group=group),
        ]
    passing = at_most("entered while passing", score.passing, 0, unit="entries", n=score.stays)
    within = at_least("visits found within 3 min", found, FOUND_AIM, unit="fraction", n=score.stays)
    return [
        against(passing, score.naive_passing),
        against(within, score.naive_found / score.stays),
        shown("visits told within 3 min", told, unit="fraction", n=score.stays),
        shown("home and work learned", near, unit="fraction", n=score.anchors),
    ]


def _sum(scores: Sequence[Score]) -> Score:
    total = Score()
    for score in scores:
        total = total.plus(score)
    return total
