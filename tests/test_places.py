"""Places: entered and left, passed by, learned, named; and the ways between them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from agent.config import KnownPlace
from agent.context import Context
from agent.evaluate import places as evaluation
from agent.evaluate.travels import Month
from agent.events import LocationMeasured, PlaceForgotten, PlaceNamed, RegionCrossed
from agent.fold import fold_where, fold_world
from agent.fusion.place import DWELL, FRESH, Place
from agent.fusion.trips import TRIPS_KEPT, Trips
from agent.fusion.visits import NIGHTS_MIN, SPOTS_MAX, Visits
from tests.days import HOME, RULES, SHOP, at, fix

PLACES = (SHOP, HOME)
MINUTE = timedelta(minutes=1)
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def walk(*fixes: LocationMeasured, place: Place | None = None) -> Place:
    after = place or Place()
    for one in fixes:
        after = after.fold(one, PLACES)
    return after


def test_who_walks_through_the_circle_for_two_minutes_and_more_has_not_entered_it() -> None:
    passing = walk(*(fix(n, SHOP, north_m=-60 + 40 * n) for n in range(4)))
    assert passing.here is None
    stayed = walk(*(fix(n, SHOP, north_m=8 * (n % 2)) for n in range(4)))
    assert stayed.here == SHOP


def test_one_fix_far_off_does_not_end_a_stay_that_has_begun() -> None:
    stayed = walk(fix(0, SHOP), fix(1, SHOP, north_m=500), fix(2, SHOP), fix(3, SHOP))
    assert (stayed.here, stayed.since) == (SHOP, at(0))
    gone = walk(fix(0, SHOP), fix(1, SHOP, north_m=500), fix(2, SHOP, north_m=900), fix(3, SHOP))
    assert (gone.here, gone.coming_since) == (None, at(3))


def test_who_came_while_no_fix_came_is_taken_to_have_come_at_the_pace_before() -> None:
    walked = walk(*(fix(n, SHOP, north_m=800 - 80 * n) for n in range(3)))
    assert walked.speed_ms == pytest.approx((80 - 10) / 60, abs=0.05)
    later = walk(fix(14, SHOP), fix(15, SHOP), fix(16, SHOP), place=walked)
    assert later.here == SHOP
    assert at(2) + 8 * MINUTE <= later.since <= at(2) + 10 * MINUTE


def test_silence_of_a_phone_that_always_sends_is_no_stay_and_of_a_sparse_one_it_is() -> None:
    steady = walk(*(fix(n, SHOP, north_m=3000 - 300 * n) for n in range(10)), fix(10, SHOP))
    assert steady.coming == SHOP
    assert steady.look(at(13)).here is None
    sparse = walk(fix(0, SHOP, north_m=3000), fix(10, SHOP))
    assert sparse.look(at(10) + DWELL).here == SHOP
    assert sparse.look(at(11) + FRESH).here is None


def test_a_sparse_phone_is_believed_for_longer_than_one_that_sends_every_minute() -> None:
    steady = walk(*(fix(n, HOME) for n in range(30)))
    assert not steady.known_at(at(60))
    sparse = walk(*(fix(60 * n, HOME) for n in range(5)))
    assert sparse.known_at(at(4 * 60 + 150))
    assert not sparse.known_at(at(4 * 60 + 190))


def test_a_geofence_of_the_phone_begins_a_stay_and_ends_one() -> None:
    entered = RegionCrossed(at=at(0), source="phone", name=SHOP.name, entered=True)
    coming = Place().crossed(entered, PLACES)
    here = coming.look(at(0) + DWELL)
    assert (coming.here, here.here, here.since) == (None, SHOP, at(0))
    left = RegionCrossed(at=at(30), source="phone", name=SHOP.name, entered=False)
    gone = here.crossed(left, PLACES)
    assert (gone.here, gone.last, gone.left_at) == (None, SHOP, at(30))
    assert Place().crossed(entered.model_copy(update={"name": "x"}), PLACES).coming is None


def test_a_name_that_the_wearer_gives_holds_until_it_is_taken_back() -> None:
    named = PlaceNamed(
        at=at(0), source="wearer", name="the pool", latitude_deg=51, longitude_deg=9, radius_m=50
    )
    pool = KnownPlace(name="the pool", latitude_deg=51, longitude_deg=9, radius_m=50)
    context = fold_where(Context(rules=RULES), named)
    for minute in range(4):
        context = fold_world(context, fix(minute, pool))
    assert context.place.here == pool
    forgotten = PlaceForgotten(at=at(5), source="wearer", name="the pool")
    after = fold_where(context, forgotten)
    assert pool not in after.places
    assert after.place.here is None, "nor is the wearer at it any more"


def test_who_names_the_place_where_they_are_is_there_at_once() -> None:
    pool = KnownPlace(name="the pool", latitude_deg=51, longitude_deg=9, radius_m=50)
    context = Context(rules=RULES)
    for minute in range(20):
        context = fold_world(context, fix(minute, pool))
    named = PlaceNamed(
        at=at(20), source="wearer", name="the pool", latitude_deg=51, longitude_deg=9, radius_m=50
    )
    place = fold_where(context, named).place
    assert (place.here, place.since) == (pool, at(0))
    assert fold_where(context, named.model_copy(update={"source": "phone"})).place.here is None
    far = named.model_copy(update={"latitude_deg": 51.01})
    assert fold_where(context, far).place.here is None
    late = named.model_copy(update={"at": at(90)})
    assert fold_where(context, late).place.here is None
    assert fold_where(Context(rules=RULES), named).place.here is None


def test_a_way_between_two_known_places_is_learned() -> None:
    context = Context(rules=RULES)
    for trip in range(3):
        start = trip * 100
        at_shop = [fix(start + n, SHOP) for n in range(20)]
        on_the_way = [fix(start + 20 + n, SHOP, north_m=70 * n) for n in range(1, 15)]
        at_home = [fix(start + 35 + n, HOME) for n in range(20)]
        for one in (*at_shop, *on_the_way, *at_home):
            context = fold_world(context, one)
    usual = context.trips.usual(SHOP.name, HOME.name)
    assert usual is not None
    assert 12 * MINUTE <= usual <= 16 * MINUTE
    assert context.trips.usual(SHOP.name, "x") is None


def test_who_stays_somewhere_on_the_way_does_not_teach_how_long_it_takes() -> None:
    context = Context(rules=RULES)
    at_shop = [fix(n, SHOP) for n in range(20)]
    towards = [fix(20 + n, SHOP, north_m=70 * n) for n in range(1, 8)]
    stayed = [fix(28 + n, SHOP, north_m=500) for n in range(60)]
    onwards = [fix(87 + n, SHOP, north_m=500 + 70 * n) for n in range(1, 8)]
    at_home = [fix(95 + n, HOME) for n in range(20)]
    for one in (*at_shop, *towards, *stayed, *onwards, *at_home):
        context = fold_world(context, one)
    assert context.place.here == HOME
    assert context.place.last == SHOP
    assert not context.trips.minutes


def test_most_trips_arrive_in_the_safe_time_and_few_are_kept() -> None:
    trips = Trips()
    for minutes in (10, 11, 12, 13, 40):
        trips = trips.fold("a", "b", left=at(0), came=at(minutes))
    assert (trips.usual("a", "b"), trips.safe("a", "b")) == (12 * MINUTE, 40 * MINUTE)
    for minutes in range(100):
        trips = trips.fold("a", "b", left=at(0), came=at(5 + minutes % 3))
        trips = trips.fold(f"a{minutes}", "c", left=at(0), came=at(200))
    assert len(trips.minutes["a > b"]) == TRIPS_KEPT
    assert len(trips.minutes) <= 120


def lived(nights: int, *, moved_after: int | None = None) -> Visits:
    """Return the visits of someone who sleeps here and works there."""
    visits = Visits()
    for day in range(nights):
        home = 50.0 if moved_after is None or day < moved_after else 50.2
        for half_hours in range(48):
            hour = half_hours / 2
            latitude = home if hour < 8 or hour >= 18 else 50.05
            visits = visits.fold(spot(day * 24 + hour, latitude), UTC)
    return visits


def spot(hour: float, latitude: float) -> LocationMeasured:
    return LocationMeasured(
        at=MONDAY + timedelta(hours=hour),
        latitude_deg=latitude,
        longitude_deg=8,
        accuracy_m=20,
        source="phone",
    )


def test_home_and_work_are_found_by_when_one_is_there() -> None:
    assert lived(NIGHTS_MIN - 1).anchors == ()
    found = {place.kind: place.latitude_deg for place in lived(6).anchors}
    assert found == {"home": 50.0, "work": 50.05}
    assert {place.kind for place in fold_rules(lived(6))} == {"home", "work"}


def fold_rules(visits: Visits) -> tuple[KnownPlace, ...]:
    return Context(visits=visits).places


def test_a_home_of_the_settings_goes_before_a_learned_one() -> None:
    places = Context(visits=lived(6), rules=RULES).places
    assert [place.name for place in places if place.kind == "home"] == ["home"]
    assert [place.latitude_deg for place in places if place.kind == "home"] == [HOME.latitude_deg]


def test_who_moves_has_another_home_within_two_months() -> None:
    after = {p.kind: p.latitude_deg for p in lived(100, moved_after=40).anchors}
    assert after["home"] == 50.2


def test_a_home_of_many_years_is_left_within_two_months_too() -> None:
    after = {p.kind: p.latitude_deg for p in lived(460, moved_after=400).anchors}
    assert after["home"] == 50.2


@given(
    st.lists(
        st.tuples(st.floats(-90, 90), st.floats(-180, 180), st.integers(1, 10**6)), max_size=60
    )
)
def test_learned_places_are_bounded_and_kept_exactly(
    fixes: list[tuple[float, float, int]],
) -> None:
    visits, place, now = Visits(), Place(), MONDAY
    for latitude, longitude, passed_s in fixes:
        now += timedelta(seconds=passed_s)
        one = LocationMeasured(
            at=now, latitude_deg=latitude, longitude_deg=longitude, source="phone"
        )
        visits, place = visits.fold(one, UTC), place.fold(one, PLACES)
    assert len(visits.spots) <= SPOTS_MAX
    for kind, state in ((Visits, visits), (Place, place)):
        adapter = TypeAdapter(kind)
        assert adapter.validate_json(adapter.dump_json(state)) == state


def test_the_evaluation_counts_what_is_missed_and_what_is_made_up() -> None:
    month = Month(7, days=4)
    stays, fixes = month.stays(), list(month.fixes())
    found = evaluation.entries(fixes, month.places)
    assert len(stays) > 10
    assert {stay.place for stay in stays} >= {"home", "work"}
    assert {entry.place for entry in found} <= {place.name for place in month.places}
    nowhere = evaluation.entries(fixes, ())
    assert nowhere == []
    assert list(Month(7, days=4).fixes()) == fixes, "the same for the same seed"
    other = Month(8, days=4)
    strange = evaluation.judged(evaluation.entries(list(other.fixes()), other.places), stays)
    assert strange.passing > 3, "another's day is no visit of this one"
    assert strange.found < len(stays) / 2


def test_the_figures_of_made_up_months_reach_their_aims() -> None:
    figures = {one["name"]: one for one in evaluation.evaluate(3, short=True)["figures"][:4]}
    assert figures["entered while passing"]["ok"]
    assert figures["entered while passing"]["baseline"] > 0  # type: ignore[operator]  # a number
    assert figures["visits found within 3 min"]["value"] >= 0.97
