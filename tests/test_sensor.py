"""What sensors share: what a file's reader passes over, and how an outage is told."""

import logging

import pytest

from agent.sensor import LEFT_MAX, REASON_LENGTH_MAX, LeftOut, Outage
from tests.days import at


def test_each_reason_is_told_once_with_its_first_place_and_its_count() -> None:
    left = LeftOut("a.gpx")
    for line in (7, 9, 12):
        left.add("a point without a time", f"line {line}")
    (report,) = left.reports(at=at(0), source="gpx")
    assert report.reason == "a.gpx, line 7: a point without a time (3 left out)"
    assert (report.at, report.source) == (at(0), "gpx")


def test_reasons_without_end_stay_bounded_and_short() -> None:
    left = LeftOut("x" * 1000)
    for number in range(2 * LEFT_MAX):
        left.add(f"reason {number}", "byte 1")
    found = list(left.reports(at=at(0), source="fit"))
    assert len(found) == LEFT_MAX
    assert all(len(one.reason) <= REASON_LENGTH_MAX for one in found)


def test_an_outage_is_told_when_it_begins_and_when_it_ends(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, logger="sensors.gpsd")
    outage = Outage("gpsd")
    for why in ("", "refused", "refused", "no route", "", ""):
        outage.tell(why)
    told = [one.getMessage() for one in caplog.records if one.name == "sensors.gpsd"]
    assert told == ["gpsd: refused; it is tried again", "gpsd: it is heard again"]
