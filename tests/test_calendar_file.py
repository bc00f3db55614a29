"""Calendars come in with their recurrences, again when they change, whatever else is broken."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.errors import DecodeError
from agent.events import CalendarChanged, Input, InputQuarantined, Meeting
from sensors.calendar.decode import OCCURRENCES_MAX, Decoded, Window, decode
from sensors.calendar.files import CalendarFiles, Settings

ZONE = ZoneInfo("Europe/Berlin")
SINCE = datetime(2026, 3, 23, tzinfo=ZONE)
UNTIL = datetime(2026, 4, 2, tzinfo=ZONE)
WINDOW = Window(SINCE, UNTIL, ZONE, "me@example.org")


class Moved:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.at = SINCE + timedelta(hours=32)

    def now(self) -> datetime:
        return self.at.astimezone(UTC)


def calendar(*entries: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//"]
    for index, entry in enumerate(entries):
        uid = "" if "UID:" in entry else f"UID:{index}\n"
        lines += [
            "BEGIN:VEVENT",
            *f"{uid}SUMMARY:Meeting {index}\n{entry}".split("\n"),
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def read(*entries: str) -> Decoded:
    return decode(calendar(*entries), at=SINCE, source="work.ics", window=WINDOW)


def meetings(*entries: str) -> tuple[Meeting, ...]:
    found = read(*entries)
    assert found.faults == []
    return found.changed.meetings


def starts(*entries: str) -> list[str]:
    return [f"{each.start.astimezone(ZONE):%d %H:%M}" for each in meetings(*entries)]


WEEKLY = "DTSTART;TZID=Europe/Berlin:20260105T090000\nDURATION:PT30M\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU"


def test_a_recurrence_keeps_its_wall_clock_when_the_clocks_change() -> None:
    found = meetings(WEEKLY)
    assert starts(WEEKLY) == ["23 09:00", "24 09:00", "30 09:00", "31 09:00"]
    assert [each.start.hour for each in found] == [8, 8, 7, 7]
    assert found[0].end - found[0].start == timedelta(minutes=30)


def test_an_exception_and_a_moved_occurrence_are_respected() -> None:
    moved = (
        "UID:w\nDTSTART;TZID=Europe/Berlin:20260330T150000\nDURATION:PT30M\n"
        "RECURRENCE-ID;TZID=Europe/Berlin:20260330T090000"
    )
    series = f"UID:w\n{WEEKLY}\nEXDATE;TZID=Europe/Berlin:20260324T090000"
    assert starts(series, moved) == ["23 09:00", "30 15:00", "31 09:00"]


def test_an_all_day_entry_spans_the_wearers_days() -> None:
    (found,) = meetings("DTSTART;VALUE=DATE:20260328\nDTEND;VALUE=DATE:20260330")
    assert found.all_day
    assert found.start == datetime(2026, 3, 28, tzinfo=ZONE)
    assert found.end - found.start == timedelta(hours=47)  # the clocks go forward


def test_a_time_without_a_zone_is_the_wearers() -> None:
    assert starts("DTSTART:20260325T100000\nDTEND:20260325T110000") == ["25 10:00"]


@pytest.mark.parametrize(
    ("line", "declined"),
    [
        ("STATUS:CONFIRMED", False),
        ("STATUS:CANCELLED", True),
        ("TRANSP:TRANSPARENT", True),
        ("ATTENDEE;PARTSTAT=DECLINED:MAILTO:Me@example.org", True),
        ("ATTENDEE;PARTSTAT=ACCEPTED:mailto:me@example.org", False),
        ("ATTENDEE;PARTSTAT=DECLINED:mailto:you@example.org", False),
        (
            "ATTENDEE:mailto:you@example.org\nATTENDEE;PARTSTAT=DECLINED:mailto:me@example.org",
            True,
        ),
    ],
)
def test_what_is_declined_cancelled_or_free_is_marked(line: str, *, declined: bool) -> None:
    (found,) = meetings(f"DTSTART:20260325T100000Z\nDTEND:20260325T110000Z\n{line}")
    assert found.declined is declined


def test_only_what_lies_in_the_window_is_kept_in_order() -> None:
    at = "DTSTART:202603{}T{}0000Z\nDURATION:PT1H"
    found = starts(at.format(27, 10), at.format(22, 10), at.format(25, 10), at.format(22, 22))
    assert found == ["25 11:00", "27 11:00"]
    assert starts("DTSTART:20260322T223000Z\nDURATION:PT1H") == ["22 23:30"]


def test_a_broken_rule_loses_only_its_own_entry() -> None:
    found = read(WEEKLY, "DTSTART:20260325T100000Z\nRRULE:FREQ=SOMETIMES")
    assert len(found.changed.meetings) == 4
    (fault,) = found.faults
    assert fault.startswith("work.ics: entry '1' left out: RRULE is damaged")


@pytest.mark.parametrize("often", ["SECONDLY", "MINUTELY"])
def test_an_entry_that_repeats_without_end_is_refused_at_once(often: str) -> None:
    (fault,) = read(WEEKLY, f"DTSTART:20000101T000000Z\nRRULE:FREQ={often}").faults
    assert "repeats every second or minute" in fault


def test_more_occurrences_than_the_limit_are_cut_and_said() -> None:
    minutes = ",".join(str(minute) for minute in range(0, 60, 5))
    rule = f"DTSTART:20260323T000000Z\nDURATION:PT5M\nRRULE:FREQ=HOURLY;BYMINUTE={minutes}"
    found = read(rule)
    assert len(found.changed.meetings) == OCCURRENCES_MAX
    assert "only the first 2000 are kept" in found.faults[0]


@pytest.mark.parametrize("text", [b"", b"hello", b"\xff\xfe", b"BEGIN:VCALENDAR\nX", b"\0" * 99])
def test_what_is_no_calendar_says_so(text: bytes) -> None:
    with pytest.raises(DecodeError, match=r"work\.ics: is no iCalendar"):
        decode(text, at=SINCE, source="work.ics", window=WINDOW)


def test_a_file_of_which_nothing_can_be_read_is_refused() -> None:
    with pytest.raises(DecodeError, match="no entry can be read; the first: .*DTSTART is damaged"):
        read("DTSTART:never")


LINES = st.sampled_from(
    ["DTSTART:", "DTEND:", "RRULE:", "EXDATE:", "DURATION:", "RDATE:", "BEGIN:VEVENT\nDTSTART:"]
)
VALUES = st.text(max_size=20) | st.sampled_from(["20260325T100000Z", "20260325", "FREQ=DAILY"])


@given(
    st.binary(max_size=200)
    | st.lists(st.tuples(LINES, VALUES).map("".join), max_size=5).map(
        lambda lines: calendar("\n".join(lines))
    )
)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_a_file_holds_only_a_decode_error_is_raised(text: bytes) -> None:
    with suppress(DecodeError):
        found = decode(text, at=SINCE, source="work.ics", window=WINDOW)
        assert len(found.changed.meetings) <= OCCURRENCES_MAX


def watching(clock: Moved, *paths: Path) -> AsyncIterator[Sequence[Input]]:
    return CalendarFiles(Settings(paths=paths, poll_s=0.05), clock=clock, zone=ZONE).events()


def changed(batch: Sequence[Input]) -> CalendarChanged:
    (event,) = batch
    assert isinstance(event, CalendarChanged)
    return event


def test_calendars_come_in_at_start_on_change_and_each_day(tmp_path: Path) -> None:
    clock, path = Moved(), tmp_path / "work.ics"
    path.write_bytes(calendar(WEEKLY))

    async def run() -> None:
        live = watching(clock, tmp_path)
        async with asyncio.timeout(60):
            first = changed(await anext(live))
            assert first.source == f"calendar/{path}"
            assert (first.since, first.until) == (SINCE, datetime(2026, 4, 1, tzinfo=ZONE))
            assert [each.start.day for each in first.meetings] == [23, 24, 30, 31]
            path.write_bytes(calendar(WEEKLY, "DTSTART:20260325T100000Z\nDURATION:PT1H"))
            assert len(changed(await anext(live)).meetings) == 5
            clock.at += timedelta(days=1)
            assert changed(await anext(live)).since == SINCE + timedelta(days=1)
            path.unlink()
            assert changed(await anext(live)).meetings == ()

    asyncio.run(run())


def test_a_broken_file_takes_nothing_from_the_others_nor_from_itself(tmp_path: Path) -> None:
    one, other, absent = (tmp_path / name for name in ("a.ics", "b.ics", "c.ics"))
    one.write_bytes(calendar(WEEKLY))
    other.write_bytes(calendar(WEEKLY))

    async def run() -> None:
        live = watching(Moved(), one, other, absent)
        async with asyncio.timeout(60):
            assert changed(await anext(live)).source.endswith("a.ics")
            assert changed(await anext(live)).source.endswith("b.ics")
            (missing,) = await anext(live)
            one.write_bytes(b"BEGIN:VCALENDAR\r\nX")
            (broken,) = await anext(live)
            other.write_bytes(calendar())
            assert changed(await anext(live)).meetings == ()
        assert isinstance(missing, InputQuarantined)
        assert isinstance(broken, InputQuarantined)
        assert "c.ics: cannot be read" in missing.reason
        assert "a.ics: is no iCalendar" in broken.reason

    asyncio.run(run())


def test_a_calendar_can_be_imported_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "work.ics"
    path.write_bytes(calendar(WEEKLY, "DTSTART:never"))
    files = CalendarFiles(Settings(), clock=Moved(), zone=ZONE)
    assert files.recognise(path)
    assert not files.recognise(tmp_path / "absent.ics")
    ((found, fault),) = files.read(path)
    assert isinstance(found, CalendarChanged)
    assert isinstance(fault, InputQuarantined)
    assert "DTSTART is damaged" in fault.reason
    path.write_bytes(b"hello")
    assert not files.recognise(path)
    with pytest.raises(DecodeError, match="is no iCalendar") as refused:
        list(files.read(path))
    assert str(refused.value).startswith(f"calendar: {path}: ")


def test_a_folder_of_calendars_is_imported_and_a_broken_one_takes_nothing(tmp_path: Path) -> None:
    files = CalendarFiles(Settings(), clock=Moved(), zone=ZONE)
    assert not files.recognise(tmp_path)
    for name, text in (("a", calendar(WEEKLY)), ("b", b"hello"), ("c", calendar(WEEKLY))):
        (tmp_path / f"{name}.ics").write_bytes(text)
    (tmp_path / "notes.txt").write_text("no calendar")
    assert files.recognise(tmp_path)
    (first,), (broken,), (last,) = files.read(tmp_path)
    assert isinstance(first, CalendarChanged)
    assert isinstance(last, CalendarChanged)
    assert isinstance(broken, InputQuarantined)
    assert first.source == f"calendar/{tmp_path / 'a.ics'}"
    assert len(last.meetings) == 4
    assert broken.reason.count("b.ics") == 1


TWICE = "DTSTART:20260325T100000Z\nDTSTART:20260325T110000Z"
TIMELESS = "DTSTART:20260325T000000Z\nRDATE;VALUE=TIME:133000Z"


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (TWICE, "it has two start times (DTSTART)"),
        (f"{WEEKLY}\nDURATION:PT5M", "it has two lengths (DURATION)"),
        (TIMELESS, "its RDATE is a time of day without a date"),
    ],
)
def test_an_odd_entry_is_refused_in_words_about_calendars(entry: str, why: str) -> None:
    (fault,) = read("DTSTART:20260325T100000Z", entry).faults
    assert fault == f"work.ics: entry '1' left out: {why}"
    with pytest.raises(DecodeError) as refused:
        read(entry)
    expected = f"work.ics: no entry can be read; the first: entry '0' left out: {why}"
    assert str(refused.value) == expected


def test_a_hostile_rule_costs_the_child_its_life_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "work.ics"
    seconds = ",".join(str(second) for second in range(60))
    rule = f"RRULE:FREQ=HOURLY;BYMINUTE={seconds};BYSECOND={seconds}"
    path.write_bytes(calendar(f"DTSTART:00010101T000000Z\n{rule}"))
    files = CalendarFiles(Settings(cpu_s=1), clock=Moved(), zone=ZONE)
    with pytest.raises(DecodeError, match=r"work\.ics: its reader stopped"):
        list(files.read(path))


PYTHONS = re.compile("unpack|object|instances|literal|argument|NoneType")


@pytest.mark.reference
def test_every_reference_calendar_decodes_or_says_why_not(reference: Path) -> None:
    folder = reference / "ics"
    ages = Window(datetime(1990, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC), ZONE)
    good, bad = 0, list[str]()
    for path in sorted(folder.glob("*.ics")):
        try:
            decode(path.read_bytes(), at=SINCE, source=path.name, window=ages)
            good += 1
        except DecodeError as error:
            bad.append(str(error))
    assert good >= 137
    assert len(bad) <= 20
    assert not any(PYTHONS.search(why) for why in bad)
