"""What a source can feed, as `carpal doctor` tells it."""

from datetime import timedelta

import pytest

from agent.app.checks import rival_checks, source_check
from agent.app.feeds import WORDS, every, told
from agent.events import LocationMeasured, SampleMeasured
from agent.fusion.sources import SOURCES_MAX, Delivery, Sources
from agent.signals import SIGNALS
from tests.days import HOME, at, fix, sample

HOUR = timedelta(hours=1)


def heard(*events: SampleMeasured | LocationMeasured) -> Sources:
    sources = Sources()
    for event in sorted(events, key=lambda one: one.at):
        sources = sources.fold(event)
    return sources


def test_an_averaged_rate_every_ten_minutes_feeds_sleep_and_no_rhythm() -> None:
    sources = heard(*(sample(10 * n, "heart_rate", 60) for n in range(20)))
    assert told(sources.delivered["watch"]) == (
        "averaged heart rate every 10 min, no beats: stress low confidence, "
        "sleep coarse, without motion, rhythm no (it needs beats), "
        "acute signs no (a heart rate comes too seldom), early illness after some weeks"
    )


def test_a_band_with_beats_skin_and_motion_feeds_all_of_the_body() -> None:
    signals = {"heart_rate": 60, "ibi": 900, "electrodermal": 2, "motion": 5, "motion_peak": 2100}
    sources = heard(*(sample(n / 60, s, v) for n in range(90) for s, v in signals.items()))
    line = told(sources.delivered["watch"])
    assert line.startswith("averaged heart rate every second, beats, electrodermal activity every")
    assert "stress good confidence, sleep yes, rhythm yes, acute signs yes" in line
    assert line.endswith("motion yes, falls yes")


def test_a_phone_feeds_places_and_a_scale_nothing() -> None:
    sources = heard(*(fix(20 * n, HOME) for n in range(5)), sample(1, "battery", 50, source="x"))
    assert told(sources.delivered["phone"]) == (
        "location every 20 min: places late: a fix comes too seldom"
    )
    assert told(sources.delivered["x"]) == "battery"


@pytest.mark.parametrize(
    ("interval_s", "said"),
    [(1, "every second"), (30, "every 30 s"), (600, "every 10 min"), (7200, "every 2 h"),
     (200_000, "once a day or less")],
)  # fmt: skip
def test_how_often_is_said_in_the_unit_that_says_enough(interval_s: float, said: str) -> None:
    assert every(interval_s) == said


def test_the_doctor_says_what_is_not_worn_and_who_counts_of_two() -> None:
    sources = heard(
        sample(0, "heart_rate", 60),
        sample(0.5, "heart_rate", 61, source="strap"),
        sample(1, "heart_rate", 61, source="strap"),
        sample(1, "worn", 0, source="strap"),
    )
    signals = {"heart_rate": (2, at(1))}
    check = source_check("strap", signals, sources, now=at(1) + 2 * HOUR)
    assert check.ok
    assert check.detail.endswith("heart_rate 2 (2 h old); not worn for 2 h")
    (rivals,) = rival_checks(sources, {})
    assert rivals.detail.startswith("strap counts, before watch (the first one counts")


def test_a_usual_interval_is_not_moved_by_one_long_pause() -> None:
    delivery = Delivery(at(0))
    for minute in range(1, 60):
        delivery = delivery.fold(at(minute))
    assert delivery.fold(at(600)).interval_s == pytest.approx(66, abs=1)
    assert delivery.count == 60


def test_sources_are_bounded_and_every_signal_has_a_word_or_its_name() -> None:
    many = heard(*(sample(n, "battery", 1, source=f"s{n}") for n in range(SOURCES_MAX + 9)))
    assert len(many.delivered) == len(many.silences) == SOURCES_MAX
    assert set(WORDS) <= set(SIGNALS)


def test_the_source_that_was_silent_for_longest_gives_way_to_a_new_one() -> None:
    """A topic of a broker is anyone's: new names do not push out the watch that still sends."""
    sources = Sources()
    for n in range(2 * SOURCES_MAX):
        sources = sources.fold(sample(n, "heart_rate", 60, source="watch"))
        sources = sources.fold(sample(n, "worn", 0, source=f"s{n}"))
    assert sources.delivered["watch"]["heart_rate"].count == 2 * SOURCES_MAX
    assert len(sources.silences) == SOURCES_MAX
    assert set(sources.off_since) == set(sources.silences) - {"watch"}
    old = sources.fold(sample(-1, "worn", 0, source="old"))
    assert "old" not in old.off_since


@pytest.mark.parametrize("told_before", [True, False])
def test_an_old_word_that_a_watch_is_off_does_not_take_it_off_now(*, told_before: bool) -> None:
    sources = Sources()
    if told_before:
        sources = sources.fold(sample(0, "worn", 1))
    sources = sources.fold(sample(0, "heart_rate", 60)).fold(sample(-7 * 1440, "worn", 0))
    assert sources.quality(sample(1, "heart_rate", 60), {}) == "good"
    now = sources.fold(sample(1, "worn", 0))
    assert now.quality(sample(2, "heart_rate", 60), {}) == "off_wrist"
