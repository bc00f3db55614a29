"""The time zone follows the wearer, not a stray fix."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from agent.app.zones import Zones, distance_km, look_up
from agent.events import Input, LocationMeasured, SourceSynced, ZoneChanged

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
BERLIN, LONDON, POTSDAM, OCEAN = (52.5, 13.4), (51.5, -0.12), (52.4, 13.06), (45.0, -30.0)


def fix(place: tuple[float, float], *, minute: int = 0, **changed: object) -> LocationMeasured:
    plain = {
        "at": AT + timedelta(minutes=minute), "source": "phone",
        "latitude_deg": place[0], "longitude_deg": place[1],
    }  # fmt: skip
    return LocationMeasured.model_validate(plain | changed)


def travelled(
    *fixes: LocationMeasured, zone: str = "Europe/Berlin", late: timedelta = timedelta()
) -> tuple[list[str], int]:
    """Return the zones that were published, and how often the map was asked.

    Each fix comes in *late* after its time, and no clock goes back.
    """
    asked, told, clock = list[LocationMeasured](), [zone], [AT]

    async def asking(found: LocationMeasured) -> str:
        asked.append(found)
        known = {13: "Europe/Berlin", 0: "Europe/London", -30: "Etc/GMT+2", 90: "Mars/Olympus"}
        return known.get(int(found.longitude_deg), "")

    async def publish(events: Sequence[Input]) -> None:
        told.extend(event.zone for event in events if isinstance(event, ZoneChanged))

    async def run() -> None:
        zones = Zones(zone=lambda: told[-1], now=lambda: clock[-1], publish=publish, look_up=asking)
        task = asyncio.create_task(zones.run())
        for each in fixes:
            clock.append(max(clock[-1], each.at + late))
            zones.hear(SourceSynced(at=each.at, source="phone"))
            zones.hear(each)
            for _ in range(5):
                await asyncio.sleep(0)
        task.cancel()

    asyncio.run(run())
    return told[1:], len(asked)


def test_the_first_position_is_looked_up_and_the_next_ones_near_it_are_not() -> None:
    day = [fix(BERLIN if minute % 2 else POTSDAM, minute=minute) for minute in range(20)]
    assert travelled(*day) == ([], 1)
    assert travelled(*day, zone="UTC") == (["Europe/Berlin"], 1)


def test_a_journey_changes_the_zone_and_the_way_back_does_too() -> None:
    way = (BERLIN, LONDON, LONDON, LONDON, BERLIN, BERLIN)
    fixes = [fix(place, minute=minute) for minute, place in enumerate(way)]
    assert travelled(*fixes) == (["Europe/London", "Europe/Berlin"], 3)


def test_a_stray_fix_moves_no_clock() -> None:
    way = (BERLIN, LONDON, BERLIN, LONDON, BERLIN, OCEAN, LONDON, POTSDAM)
    assert travelled(*[fix(place, minute=n) for n, place in enumerate(way)]) == ([], 1)


def test_only_a_good_position_of_now_counts() -> None:
    bad = [
        fix(LONDON, minute=-60),
        fix(LONDON, minute=-59),
        fix(LONDON, minute=1, quality="implausible"),
        fix(LONDON, minute=2, quality="secondary"),
        fix(LONDON, minute=3, accuracy_m=50_000),
        fix(LONDON, minute=4, accuracy_m=50_000),
    ]
    assert travelled(fix(BERLIN), *bad) == ([], 1)


def test_an_old_track_that_is_imported_moves_no_clock() -> None:
    track = [fix(LONDON, minute=minute) for minute in range(5)]
    assert travelled(*track, late=timedelta(days=300)) == ([], 0)
    assert travelled(*track, late=timedelta(minutes=5)) == (["Europe/London"], 1)


@pytest.mark.parametrize("place", [OCEAN, (0.0, 90.0), (0.0, 50.0)])
def test_where_no_one_lives_the_clock_stays(place: tuple[float, float]) -> None:
    assert travelled(fix(place)) == ([], 1)


def test_the_map_knows_where_the_wearer_is() -> None:
    async def run() -> list[str]:
        places = (BERLIN, LONDON, OCEAN, (27.7, 85.3), (90.0, 0.0))
        return [await look_up(fix(place)) for place in places]

    berlin, london, ocean, nepal, pole = asyncio.run(run())
    assert (berlin, london, nepal) == ("Europe/Berlin", "Europe/London", "Asia/Kathmandu")
    assert ocean.startswith("Etc/")
    assert len(pole) < 64


def test_distances_are_those_of_the_globe() -> None:
    assert distance_km(fix(BERLIN), fix(LONDON)) == pytest.approx(930, rel=0.01)
    assert distance_km(fix((0, 179.9)), fix((0, -179.9))) == pytest.approx(22, rel=0.02)
    assert distance_km(fix(BERLIN), fix(BERLIN)) == 0
