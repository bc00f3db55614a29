"""Beats: artefacts are left out, and differences are taken between true neighbours only."""

from math import isfinite
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.fusion.beats import Beat, clean, follows, in_range, measure, series


def test_the_figures_are_those_of_the_textbook() -> None:
    found = measure(series([800, 810, 870, 800]))
    assert found is not None
    assert found.rate_bpm == pytest.approx(60_000 / 820)
    assert found.sdnn_ms == pytest.approx((3400 / 3) ** 0.5)
    assert found.rmssd_ms == pytest.approx(((100 + 3600 + 4900) / 3) ** 0.5)
    assert found.pnn50 == pytest.approx(2 / 3)
    assert (found.beats, found.pairs, found.clean_share) == (4, 3, 1)


@pytest.mark.parametrize("odd", [0, 1600, 400, 5000, 0.8, -800, float("nan"), float("inf")])
def test_one_odd_interval_is_left_out_and_no_difference_is_taken_across_it(odd: float) -> None:
    intervals = [800.0, 810, 800, odd, 810, 800, 810]
    assert clean(intervals) == (True, True, True, False, True, True, True)
    found = measure([Beat(n * 0.8, one) for n, one in enumerate(intervals)])
    assert found is not None
    assert (found.beats, found.pairs) == (6, 4)
    assert found.rmssd_ms == pytest.approx(10)


def test_intervals_in_seconds_are_no_beats_and_break_nothing() -> None:
    assert measure(series([0.8, 0.81, 0.8])) is None
    assert measure([]) is None


def test_a_gap_between_two_beats_gives_no_difference() -> None:
    beats = [Beat(0, 800), Beat(0.8, 800), Beat(30, 900), Beat(30.9, 900)]
    found = measure(beats)
    assert found is not None
    assert (found.pairs, found.rmssd_ms, found.beats) == (2, 0, 4)
    assert not follows(beats[1], beats[2])


def test_one_beat_has_a_rate_and_no_variability() -> None:
    found = measure(series([1000]))
    assert found is not None
    assert (found.rate_bpm, found.sdnn_ms, found.rmssd_ms, found.pnn50) == (60, None, None, None)


def test_breathing_is_no_artefact_and_the_loose_rule_rejects_by_range_alone() -> None:
    breathing = [800, 900, 1000, 900, 800, 700, 800]
    assert all(clean(breathing))
    assert in_range([299, 300, 2000, 2001]) == (False, True, True, False)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=40))
def test_whatever_the_intervals_are_the_figures_are_finite(intervals: list[float]) -> None:
    found = measure([Beat(n, one) for n, one in enumerate(intervals)])
    assert len(clean(intervals)) == len(intervals)
    if found is not None:
        told = [value for value in found if value is not None]
        assert all(isfinite(value) and value >= 0 for value in told)
        assert 0 < found.clean_share <= 1


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30))
def test_as_many_values_lie_below_the_median_as_above(values: list[float]) -> None:
    middle = median(values)
    assert sum(value < middle for value in values) <= len(values) / 2
    assert sum(value > middle for value in values) <= len(values) / 2
