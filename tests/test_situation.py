"""The situation: what is believed of now, what it rests on, and what is missing."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.app import present
from agent.app.clocks import VirtualClock
from agent.app.pipeline import Parts, Pipeline
from agent.context import Context
from agent.errors import ControlError
from agent.events import Input, Meeting, SettingsChanged
from agent.fold import fold_plan, fold_world
from agent.fusion.meetings import Calendar
from agent.fusion.night import Stages
from agent.fusion.sleep import Night, Sleep
from agent.fusion.trips import Trips
from agent.phrases import ordinal
from agent.situation import Part, place_of, situation, travel
from agent.store import open_store
from tests.days import HOME, KEY, RULES, SHOP, Wearer, at, calendar, fix, sample

HOUR = timedelta(hours=1)


def part(context: Context, name: str) -> Part:
    return next(one for one in situation(context).parts if one.name == name)


def told(*events: Input) -> Context:
    context = Context(rules=RULES)
    for event in events:
        if event.kind == "calendar_changed":
            context = fold_plan(context, event)  # by its kind
        else:
            context = fold_world(context, event)  # type: ignore[arg-type]
    return context


def test_of_nothing_nothing_is_said_and_each_part_says_what_it_needs() -> None:
    found = situation(Context())
    assert found.sentence.startswith("nothing is known of now")
    assert all(one.missing and not one.value for one in found.parts)


def test_the_third_meeting_in_a_row_at_a_place_is_said_in_one_line() -> None:
    context = told(
        calendar(0, ("one", 0, 30), ("two", 30, 60), ("Budget", 65, 90), ("later", 200, 230)),
        *(fix(60 + n, HOME) for n in range(10)),
        *(sample(60 + n, "motion", 5) for n in range(10)),
        sample(69, "heart_rate", 72),
    )
    found = situation(context)
    assert found.sentence == (
        "third meeting in a row (Budget, until 06:30), at home, still, heart rate 72 bpm, "
        "next 08:20 later"
    )
    meetings, following = part(context, "meetings"), part(context, "next")
    assert meetings.because[0] == "1 h 04 min of the last 4 h in meetings"
    assert meetings.because[1:] == ("05:00-05:30 one", "05:30-06:00 two", "06:05-06:30 Budget")
    assert following.because == ("free from 06:30 until 08:20",)
    assert [basis.signal for basis in part(context, "motion").bases] == ["motion"]
    assert part(context, "heart").because == (
        "watch at 06:09",
        "not enough data yet to say what is usual for you",
    )


def test_a_heart_rate_is_held_against_the_wearers_own_once_that_is_known() -> None:
    minutes = [
        one
        for n in range(200)
        for one in (sample(n, "motion", 40), sample(n, "heart_rate", 60 + n % 5))
    ]
    usual = told(*minutes, sample(200, "heart_rate", 62))
    assert part(usual, "heart").because[1] == "as usual for you (still: 62 bpm)"
    high = told(*minutes, sample(200, "heart_rate", 90))
    assert "spreads above your usual (still: 62 bpm)" in part(high, "heart").because[1]


def test_what_is_stale_is_not_said() -> None:
    context = told(sample(0, "heart_rate", 70), fix(0, HOME), sample(60, "battery", 50))
    assert part(context, "heart").missing
    assert part(context, "place").missing
    assert situation(context).sentence.startswith("nothing is known")


def test_the_way_to_the_next_meeting_is_that_of_past_trips() -> None:
    context = told(calendar(0, ("Review", 120, 150)), *(fix(n, HOME) for n in range(5)))
    (run,) = context.calendar.runs
    at_shop = run.meetings[0].model_copy(update={"place": "Back room, The Corner Shop"})
    assert place_of(context, at_shop) == SHOP
    assert travel(context, at_shop) is None, "no trips yet"
    trips = Trips()
    for minutes in (20, 25):
        trips = trips.fold(HOME.name, SHOP.name, left=at(0), came=at(minutes))
    known = Context(rules=RULES, now=context.now, place=context.place, trips=trips)
    assert travel(known, at_shop) == (SHOP, timedelta(minutes=25))
    assert travel(known, run.meetings[0]) is None, "it names no place"


def test_the_next_free_time_is_the_first_that_is_long_enough() -> None:
    found = Calendar().fold(calendar(0, ("a", 0, 30), ("b", 40, 90), ("c", 150, 180)))
    half = timedelta(minutes=30)
    assert found.next_free(at(10), at_least=half, within=10 * HOUR) == (at(90), at(150))
    assert found.next_free(at(10), at_least=half / 6, within=10 * HOUR) == (at(30), at(40))
    assert found.next_free(at(10), at_least=2 * HOUR, within=3 * HOUR) is None
    assert found.next_free(at(100), at_least=half, within=10 * HOUR) == (at(100), at(150))
    assert [found.in_a_row(at(n)) for n in (10, 45, 100, 160)] == [1, 2, 0, 1]


def test_what_lasts_all_day_is_told_and_fills_no_time() -> None:
    day = calendar(0)
    meetings = (
        Meeting(uid="h", title="Holiday", start=at(-60), end=at(1380), all_day=True),
        Meeting(uid="d", title="No", start=at(-60), end=at(1380), all_day=True, declined=True),
    )
    context = told(day.model_copy(update={"meetings": meetings}), sample(5, "battery", 3))
    assert context.calendar.meeting_at(at(5)) is None
    assert part(context, "meetings").because == ("all day: Holiday",)
    assert part(context, "meetings").value == "no meeting now"


def test_a_night_is_told_with_its_stages_and_against_the_usual() -> None:
    nights = tuple(
        Night(
            onset=at(1440 * day),
            wake=at(1440 * day + 420 + 10 * day),
            lain_since=at(1440 * day - 20),
            risen=at(1440 * day + 440 + 10 * day),
            stages=Stages(light_min=250, deep_min=70, rem_min=90, confidence=0.7),
        )
        for day in range(7)
    )
    context = Context(now=nights[-1].wake + HOUR, sleep=Sleep(nights=nights))
    night = part(context, "sleep")
    assert night.value == "slept 8 h 00 min"
    assert night.because == (
        "05:00 to 13:00",
        "92% of the time in bed",
        "about 70 minutes deep and 90 minutes of dreams (70% sure)",
        "usually 7 h 25 min (+1.6 spreads)",
    )
    young = part(Context(now=context.now, sleep=Sleep(nights=nights[-1:])), "sleep")
    assert young.because[-1] == "not enough nights yet to say what is usual for you"


def pipeline(folder: Path, *events: Input) -> Pipeline:
    db, clock = open_store(folder / "journal.db", key=KEY), VirtualClock()
    clock.move_to(at(10))
    found = Pipeline(Parts(db=db, clock=clock, notifier=Wearer()))
    rules = RULES.model_dump(mode="json")
    found.bus.publish([SettingsChanged(at=at(0), rules=rules), *events])
    return found


def test_a_meeting_in_a_row_is_counted_as_people_count() -> None:
    counted = {3: "third", 9: "9th", 11: "11th", 21: "21st", 42: "42nd", 73: "73rd", 112: "112th"}
    assert {count: ordinal(count) for count in counted} == counted


def test_now_shows_the_samples_behind_each_part(tmp_path: Path) -> None:
    events = [sample(n, "heart_rate", 70 + n) for n in range(10)]
    found = pipeline(tmp_path, *events, *(fix(n, HOME) for n in range(10)))
    parts: dict[str, Any] = {
        one["name"]: one for one in json.loads(json.dumps(present.now(found)))["parts"]
    }
    (heart,) = parts["heart"]["samples"]
    assert (heart["signal"], heart["count"], heart["mean"]) == ("heart_rate", 1, 79)
    (place,) = parts["place"]["samples"]
    assert place["count"] == 10
    (motion,) = parts["motion"]["samples"]
    assert (parts["motion"]["value"], motion["signal"]) == ("still", "location")
    assert parts["sleep"]["missing"]


def test_the_wearer_names_the_place_where_they_are(tmp_path: Path) -> None:
    spot = SHOP.model_copy(update={"latitude_deg": 51.0})
    found = pipeline(tmp_path, *(fix(n, spot) for n in range(10)))
    named = asyncio.run(present.name_place(found, {"name": "the pool", "kind": "other"}))
    assert (named["name"], named["latitude_deg"]) == ("the pool", 51.0)
    assert "the pool" in [one.name for one in found.bus.state.context.places]
    places = present.places(found)["places"]
    assert isinstance(places, list)
    assert [one["from"] for one in places if isinstance(one, dict)] == ["settings"] * 2 + ["you"]
    asyncio.run(present.name_place(found, {"name": "the pool", "forget": True}))
    assert "the pool" not in [one.name for one in found.bus.state.context.places]


def test_a_place_with_a_name_is_not_listed_among_those_that_have_none(tmp_path: Path) -> None:
    pool = SHOP.model_copy(update={"latitude_deg": 51.0})
    stays = [*(fix(n, HOME) for n in range(20)), *(fix(n, pool) for n in range(30, 50))]
    found = pipeline(tmp_path, *stays, *(fix(n, HOME) for n in range(60, 70)))
    listed = present.places(found)["stays"]
    assert isinstance(listed, list)
    assert [one["latitude_deg"] for one in listed if isinstance(one, dict)] == [51.0]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"name": "x", "forget": True}, "you named: none"),
        ({"name": ""}, "name: "),
        ({"name": "x", "kind": "castle"}, "place: "),
        ({"name": "x", "radius_m": 1}, "radius_m: "),
    ],
)
def test_a_wrong_name_of_a_place_is_refused_with_its_reason(
    tmp_path: Path, arguments: dict[str, object], says: str
) -> None:
    found = pipeline(tmp_path, *(fix(n, SHOP) for n in range(10)))
    with pytest.raises(ControlError, match=says):
        asyncio.run(present.name_place(found, arguments))  # type: ignore[arg-type]  # any JSON


def test_no_place_is_named_where_none_is_known(tmp_path: Path) -> None:
    with pytest.raises(ControlError, match="not known"):
        asyncio.run(present.name_place(pipeline(tmp_path), {"name": "x"}))
