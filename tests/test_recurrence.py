"""What comes again comes by the clock on the wall, also where that leaps or shows a time twice."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.ask import dues
from agent.context import Context
from agent.events import Again
from agent.fusion.reminders.recurrence import first_after, following, missed, wall

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/St_Johns",
    "Africa/Cairo", "Asia/Kolkata",
]  # fmt: skip
LEAPS = [
    ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "03:00"),
    ("America/New_York", date(2026, 3, 8), time(2, 30), "03:00"),
    ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "02:30"),
    ("America/St_Johns", date(2026, 3, 8), time(2, 59), "03:00"),
    ("Africa/Cairo", date(2026, 4, 24), time(0, 0), "01:00"),
]
TWICE = [
    ("Europe/Berlin", date(2026, 10, 25), time(2, 30)),
    ("America/New_York", date(2026, 11, 1), time(1, 30)),
    ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45)),
    ("America/St_Johns", date(2026, 11, 1), time(1, 30)),
    ("Africa/Cairo", date(2026, 10, 29), time(23, 30)),
]


def at(day: int, hour: int = 0, minute: int = 0, *, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def times(again: Again, asked: datetime, count: int, zone: ZoneInfo = BERLIN) -> list[str]:
    """Return the first so many times, as the clock shows them."""
    found, one = list[str](), first_after(again, asked=asked, zone=zone)
    while one is not None and len(found) < count:
        found.append(f"{one.astimezone(zone):%a %d %b %H:%M}")
        one = following(again, one, after=one, zone=zone)
    return found


@pytest.mark.parametrize(("name", "day", "clock", "shown"), LEAPS)
def test_a_time_that_the_clock_leaps_over_is_the_first_moment_after_the_leap(
    name: str, day: date, clock: time, shown: str
) -> None:
    zone = ZoneInfo(name)
    moment = wall(day, clock, zone)
    assert f"{moment.astimezone(zone):%H:%M:%S}" == f"{shown}:00"
    before = (moment - timedelta(seconds=1)).astimezone(zone)
    assert before.replace(tzinfo=None) < datetime.combine(day, clock)


@pytest.mark.parametrize(("name", "day", "clock"), TWICE)
def test_a_time_that_the_clock_shows_twice_is_the_first_of_the_two_and_comes_once(
    name: str, day: date, clock: time
) -> None:
    zone = ZoneInfo(name)
    moment = wall(day, clock, zone)
    assert moment.astimezone(zone).fold == 0
    again = Again(unit="day", times=(clock,))
    after = following(again, moment, after=moment, zone=zone)
    assert after is not None
    assert after.astimezone(zone).date() == day + timedelta(days=1)


@pytest.mark.parametrize(
    ("again", "expected"),
    [
        (
            Again(unit="day", times=(time(8),), weekdays=(0, 1, 2, 3, 4)),
            ["Thu 05 Mar 08:00", "Fri 06 Mar 08:00", "Mon 09 Mar 08:00"],
        ),
        (
            Again(unit="day", times=(time(8), time(20))),
            ["Wed 04 Mar 20:00", "Thu 05 Mar 08:00", "Thu 05 Mar 20:00"],
        ),
        (
            Again(unit="minute", step=120, until=at(4, 19)),
            ["Wed 04 Mar 17:10"],
        ),
        (
            Again(unit="week", step=2, weekdays=(4,), times=(time(9),)),
            ["Fri 06 Mar 09:00", "Fri 20 Mar 09:00", "Fri 03 Apr 09:00"],
        ),
        (
            Again(unit="month", day=1, times=(time(8),)),
            ["Wed 01 Apr 08:00", "Fri 01 May 08:00", "Mon 01 Jun 08:00"],
        ),
        (
            Again(unit="month", day=31, times=(time(8),)),
            ["Tue 31 Mar 08:00", "Thu 30 Apr 08:00", "Sun 31 May 08:00"],
        ),
        (
            Again(unit="month", nth=-1, weekdays=(4,), times=(time(8),)),
            ["Fri 27 Mar 08:00", "Fri 24 Apr 08:00", "Fri 29 May 08:00"],
        ),
        (
            Again(unit="year", month=2, day=29, times=(time(8),)),
            ["Sun 28 Feb 08:00", "Tue 29 Feb 08:00", "Wed 28 Feb 08:00"],
        ),
    ],
)
def test_it_comes_on_its_days_at_its_times(again: Again, expected: list[str]) -> None:
    assert times(again, at(4, 15, 10), len(expected) + (len(expected) == 1)) == expected


def test_across_a_change_a_day_keeps_its_time_and_an_hour_its_length() -> None:
    daily = Again(unit="day", times=(time(8),))
    assert times(daily, at(27, 9), 3) == ["Sat 28 Mar 08:00", "Sun 29 Mar 08:00",
                                          "Mon 30 Mar 08:00"]  # fmt: skip
    hourly = Again(unit="minute", step=60)
    assert times(hourly, at(29, 0, 30), 3) == ["Sun 29 Mar 01:30", "Sun 29 Mar 03:30",
                                               "Sun 29 Mar 04:30"]  # fmt: skip


@pytest.mark.parametrize(
    ("now", "said", "shown"),
    [
        (at(28, 23), "remind me at 2:30 am to sleep", "29 03:00 +0200"),
        (at(28, 12), "remind me tomorrow at 2:30 am to sleep", "29 03:00 +0200"),
        (at(28, 12), "remind me tomorrow at 3:30 am to sleep", "29 03:30 +0200"),
        (at(24, 23, month=10), "remind me at 2:30 am to sleep", "25 02:30 +0200"),
        (datetime(2026, 10, 25, 0, 40, tzinfo=UTC), "remind me at 2:50 am to go", "25 02:50 +0200"),
        (datetime(2026, 10, 25, 1, 10, tzinfo=UTC), "remind me at 2:30 am to go", "25 02:30 +0100"),
        (at(28, 12), "remind me in one day to go", "29 12:00 +0200"),
        (at(28, 2, 30), "remind me in 1 day to go", "29 03:00 +0200"),
    ],
)
def test_a_time_that_is_said_is_the_clocks_across_a_change(
    now: datetime, said: str, shown: str
) -> None:
    due = dues.read(said, Context(now=now, zone="Europe/Berlin")).at
    assert due is not None
    assert f"{due.astimezone(BERLIN):%d %H:%M %z}" == shown


def test_what_was_missed_is_counted() -> None:
    hourly = Again(unit="minute", step=60)
    assert missed(hourly, at(4, 9), until=at(4, 12, 30), zone=BERLIN) == 3
    daily = Again(unit="day", times=(time(8),))
    assert missed(daily, at(4, 8), until=at(4, 9), zone=BERLIN) == 0


@given(
    st.sampled_from(ZONES),
    st.integers(0, 4 * 365 * 24 * 60),
    st.lists(st.times().map(lambda one: one.replace(second=0, microsecond=0)), min_size=1,
             max_size=3),
    st.sampled_from(["day", "week", "month", "year"]),
    st.integers(1, 3),
)  # fmt: skip
def test_the_next_time_is_later_and_is_what_the_clock_shows_or_a_leap(
    name: str, minute: int, clocks: list[time], unit: str, step: int
) -> None:
    zone = ZoneInfo(name)
    asked = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    again = Again.model_validate({"unit": unit, "step": step, "times": clocks, "day": 30})
    due = first_after(again, asked=asked, zone=zone)
    for _ in range(4):
        assert due is not None
        shown = due.astimezone(zone)
        leapt = shown.utcoffset() != (shown - timedelta(hours=3)).utcoffset()
        before = (due - timedelta(seconds=1)).astimezone(zone)
        leapt = before.utcoffset() != shown.utcoffset() or leapt
        assert leapt or shown.time() in clocks
        later = following(again, due, after=due, zone=zone)
        assert later is not None
        assert later > due > asked
        due = later
