"""Acute signs: held for minutes at rest, personal where they must be, over when they are."""

from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from agent.fusion.acute import OWN_MIN, Acute, Sign
from agent.quantiles import Histogram, histogram
from agent.sensor import measured
from tests.days import at, sample

KEPT = TypeAdapter(Acute)


def rested(  # noqa: PLR0913  (as many as the estimate is told)
    rates: Iterable[float],
    *,
    acute: Acute | None = None,
    start: float = 0,
    every: float = 1,
    gated: bool = False,
    known: bool = True,
    asleep: bool = False,
    own: Histogram | None = None,
) -> Acute:
    """Fold a heart rate each *every* minutes, and one of another minute that closes the last."""
    acute, minute = acute or Acute(), start
    usual = own or histogram(low=30, high=130, width=1)
    for rate in (*rates, 70):
        one = sample(minute, "heart_rate", rate)
        acute = acute.fold(one, gated=gated, known=known, asleep=asleep, own=usual)
        minute += every
    return acute


def owned(rate: float) -> Histogram:
    """Return the minutes of a person whose heart beats so slowly for a tenth of them."""
    found = histogram(low=30, high=130, width=1)
    for minute in range(OWN_MIN):
        found = found.add(rate if minute % 5 == 0 else rate + 25)
    return found


def signs(acute: Acute, minute: float) -> list[Sign]:
    return list(acute.at(at(minute)))


def names(acute: Acute, minute: float) -> list[tuple[str, str]]:
    return [(one.name, one.grade) for one in acute.at(at(minute))]


def test_a_fast_heart_at_rest_is_a_sign_after_ten_minutes_and_not_before() -> None:
    assert names(rested([125.0] * 9), 10) == []
    (found,) = signs(rested([125.0, 128.0, *[125.0] * 10]), 12)
    assert (found.name, found.grade, found.since, found.extreme) == (
        "fast_heart",
        "watch",
        at(1),
        128,
    )


def test_one_slow_minute_in_between_begins_anew() -> None:
    assert names(rested([125.0] * 6 + [80.0] + [125.0] * 6), 13) == []


def test_a_very_fast_heart_is_for_a_doctor_and_stays_so_until_it_is_over() -> None:
    found = rested([140.0] * 12)
    assert names(found, 12) == [("fast_heart", "doctor")]
    assert names(rested([124.0] * 3, acute=found, start=12), 15) == [("fast_heart", "doctor")]
    assert names(rested([75.0] * 3, acute=found, start=12), 15) == []


def test_a_sign_is_over_when_two_readings_in_a_row_are_normal_or_none_came() -> None:
    found = rested([125.0] * 12)  # its last reading, of 70, is in a minute that is still open
    assert names(rested([], acute=found, start=13), 14) == [("fast_heart", "watch")]
    assert names(rested([125.0], acute=found, start=13), 14) == [("fast_heart", "watch")]
    assert names(rested([70.0, 70.0], acute=found, start=13), 15) == []
    assert names(found, 40) == [], "long ago"


def test_nothing_is_judged_in_motion_or_where_motion_is_unknown() -> None:
    assert rested([160.0] * 20, gated=True).spells == {}
    assert rested([160.0] * 20, known=False).spells == {}
    moved = Acute()
    for minute in range(20):
        for second, gated in ((0, True), (0.5, False)):
            one = sample(minute + second, "heart_rate", 150)
            moved = moved.fold(one, gated=gated, known=True)
    assert moved.spells == {}, "each minute had some of it"


def test_a_watch_that_measures_every_five_minutes_needs_four_readings() -> None:
    assert names(rested([125.0] * 3, every=5), 16) == []
    assert names(rested([125.0] * 4, every=5), 16) == [("fast_heart", "watch")]
    assert names(rested([125.0] * 9, every=20), 161) == [], "too far apart to be one spell"


def test_a_slow_heart_awake_is_a_sign_unless_it_is_the_persons_own() -> None:
    assert names(rested([37.0] * 12), 12) == [("slow_heart", "watch")]
    assert names(rested([33.0] * 12), 12) == [("slow_heart", "doctor")]
    assert names(rested([37.0] * 12, own=owned(55)), 12) == [("slow_heart", "watch")]
    assert names(rested([37.0] * 12, own=owned(40)), 12) == []
    assert names(rested([32.0] * 12, own=owned(40)), 12) == [("slow_heart", "watch")]


def test_a_sleeper_whose_nights_are_unknown_is_left_alone() -> None:
    assert names(rested([37.0] * 12, asleep=True), 12) == []
    assert names(rested([37.0] * 12, asleep=True, own=owned(40)), 12) == []
    assert names(rested([37.0] * 12, asleep=True, own=owned(55)), 12) == [("slow_heart", "watch")]


def test_beats_alone_give_the_rate_and_impossible_ones_none() -> None:
    acute = Acute()
    for n in range(60 * 12):
        one = sample(n / 60, "ibi", 470 if n % 2 else 2_200)
        acute = acute.fold(one, gated=False, known=True)
    assert names(acute, 12) == [("fast_heart", "watch")]


def oxygen(*readings: tuple[float, float], gated: bool = False) -> Acute:
    acute = Acute()
    for minute, value in readings:
        acute = acute.fold(sample(minute, "spo2", value), gated=gated, known=True)
    return acute


def test_little_oxygen_needs_three_readings_over_two_minutes() -> None:
    assert names(oxygen((0, 88), (1, 87)), 1) == []
    assert names(oxygen((0, 88), (0.5, 87), (1, 87)), 1) == []
    (found,) = signs(oxygen((0, 88), (1, 86), (2, 87)), 2)
    assert (found.name, found.grade, found.extreme, found.readings) == (
        "low_oxygen",
        "watch",
        86,
        3,
    )
    assert names(oxygen((0, 82), (1, 80), (2, 83)), 2) == [("low_oxygen", "doctor")]
    assert names(oxygen((0, 88), (1, 86), (2, 87), gated=True), 2) == []
    assert names(oxygen((0, 88), (1, 86), (2, 87), (3, 97), (4, 96)), 4) == []
    assert names(oxygen((0, 88), (20, 86), (40, 87)), 40) == [], "too far apart"


def test_a_state_that_was_kept_is_the_same_and_small() -> None:
    found = oxygen((0, 82), (1, 80), (2, 83))
    found = rested([140.0] * 12, acute=found)
    kept = KEPT.dump_json(found)
    assert KEPT.validate_json(kept) == found
    assert len(kept) < 2_000


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 120),
            st.sampled_from(["heart_rate", "spo2", "ibi", "motion"]),
            st.floats(0, 1),
            st.booleans(),
        ),
        max_size=120,
    )
)
def test_whatever_comes_in_the_spells_are_in_order(
    found: list[tuple[float, str, float, bool]],
) -> None:
    acute = Acute()
    ranges = {"heart_rate": (25, 250), "spo2": (50, 100), "ibi": (250, 2400), "motion": (0, 100)}
    for minute, signal, share, gated in found:
        low, high = ranges[signal]
        one = measured(signal, low + share * (high - low), at=at(minute), source="band")
        acute = acute.fold(one, gated=gated, known=True)
    for spell in acute.spells.values():
        assert spell.since <= spell.until
        assert spell.severe <= spell.readings
