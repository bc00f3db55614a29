"""Rhythm: what is irregular is told after minutes, and what only looks so is not."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from agent.errors import DecodeError
from agent.evaluate import rhythm as figures
from agent.evaluate.irregular import (
    fibrillating,
    grouped,
    jittered,
    look_alikes,
    missed,
    node_of,
    sinus,
)
from agent.events import EPOCH
from agent.fusion.beats import Beat, clean, series
from agent.fusion.rhythm import BEATS_MAX, LONG, WINDOW, Judged, Rhythm, irregular, variation
from agent.sensor import measured
from tests.days import at

KEPT = TypeAdapter(Rhythm)


def chance(seed: int = 3) -> Random:
    return Random(seed)  # noqa: S311  # a repeatable choice


def folded(
    intervals_ms: Sequence[float],
    *,
    rhythm: Rhythm | None = None,
    start_min: float = 0,
    gated: bool = False,
    known: bool = True,
) -> Rhythm:
    rhythm = rhythm or Rhythm()
    for beat in series(intervals_ms):
        when = at(start_min) + timedelta(seconds=beat.at_s)
        one = measured("ibi", min(2400.0, max(250.0, beat.interval_ms)), at=when, source="band")
        rhythm = rhythm.fold(one, gated=gated, known=known)
    return rhythm


def fibrillation(length_s: float, *, rate_bpm: float = 90, seed: int = 3) -> list[float]:
    luck = chance(seed)
    return fibrillating(node_of(rate_bpm, chance=luck), length_s=length_s, chance=luck)


def window(intervals_ms: Sequence[float]) -> list[Beat]:
    return [beat for beat in series(intervals_ms) if beat.at_s < WINDOW.total_seconds()]


@pytest.mark.parametrize("rate_bpm", [70, 90, 120, 140])
def test_an_irregular_rhythm_is_told_within_six_minutes_and_since_when(rate_bpm: int) -> None:
    found = folded(fibrillation(400, rate_bpm=rate_bpm))
    assert found.grade == "watch"
    assert found.at(found.measured_at) == "watch"
    assert found.since is not None
    assert found.since <= at(2)
    assert found.irregular_min() >= 4


def test_a_regular_rhythm_is_called_regular_once_enough_was_heard() -> None:
    assert folded(sinus(200, chance=chance())).at(at(4)) is None
    found = folded(sinus(400, chance=chance()))
    assert found.at(at(7)) == "none"
    assert found.at(at(30)) is None, "that was long ago"


def test_half_an_hour_of_it_is_for_a_doctor_and_its_end_is_noticed() -> None:
    found = folded(fibrillation(1900))
    assert found.grade == "doctor"
    after = folded(sinus(400, chance=chance()), rhythm=found, start_min=40)
    assert after.grade == "none"
    assert after.since is None


def test_nothing_is_judged_in_motion_or_where_motion_is_unknown() -> None:
    irregular_s = fibrillation(500)
    assert folded(irregular_s, gated=True).windows == ()
    assert folded(irregular_s, known=False).windows == ()


def test_a_window_in_which_the_wearer_moved_once_is_lost_whole() -> None:
    rhythm = Rhythm()
    for beat in series(sinus(50, chance=chance())):
        one = measured("ibi", beat.interval_ms, at=at(beat.at_s / 60), source="band")
        rhythm = rhythm.fold(one, gated=2 < beat.at_s < 4, known=True)
    assert rhythm.windows == ()
    assert len(folded(sinus(50, chance=chance())).windows) == 1


def test_windows_of_an_hour_ago_do_not_add_up_with_those_of_now() -> None:
    rhythm = folded(fibrillation(240))
    later = folded(fibrillation(200), rhythm=rhythm, start_min=70)
    assert later.grade == "none"


@pytest.mark.parametrize("name", [name for name, _ in look_alikes(60, chance=chance())])
def test_what_only_looks_irregular_is_never_told(name: str) -> None:
    intervals = dict(look_alikes(3600, chance=chance(8)))[name]
    assert figures.judge([intervals]).alarms == 0


def test_bigeminy_missed_beats_and_jitter_are_no_irregular_windows() -> None:
    calm = sinus(60, chance=chance())
    for regular in (
        grouped(calm, every=2, chance=chance()),
        missed(calm, share=0.1, chance=chance()),
        jittered(calm, by_ms=25, chance=chance()),
    ):
        assert variation([beat.interval_ms for beat in window(regular)]) > 0.03
        assert irregular(window(regular)) is False


def test_the_filter_of_artefacts_would_take_the_irregular_beats_away() -> None:
    beats = fibrillation(300, rate_bpm=110)
    assert sum(clean(beats)) < 0.8 * len(beats), "so it is not used here"


@pytest.mark.parametrize(
    "beats",
    [
        [],
        series([800.0] * 10),
        series([60.0] * 400),
        series([5000.0] * 6),
        [Beat(2.0 * n, 700.0 + 300 * (n % 2)) for n in range(15)],
    ],
)
def test_a_window_without_enough_beats_that_follow_each_other_is_not_judged(
    beats: Sequence[Beat],
) -> None:
    assert irregular(beats) is None


def test_the_live_estimate_judges_the_windows_that_are_evaluated() -> None:
    intervals = fibrillation(300)
    live = folded([*intervals, *[800.0] * 40])
    judged = figures.judge([intervals])
    assert sum(one.irregular for one in live.windows[: judged.windows]) == judged.irregular


def test_a_state_that_was_kept_is_the_same_and_small() -> None:
    found = folded(fibrillation(2000))
    kept = KEPT.dump_json(found)
    assert KEPT.validate_json(kept) == found
    assert len(kept) < 10_000
    many = Rhythm()
    for n in range(3 * LONG):
        many = many.add(Judged(EPOCH + n * WINDOW, irregular=n % 2 == 0))
    assert len(many.windows) == LONG


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(0, 90), st.floats(250, 2400)), max_size=200))
def test_whatever_comes_in_the_state_stays_bounded(found: list[tuple[float, float]]) -> None:
    rhythm = Rhythm()
    for second, value in found:
        one = measured("ibi", value, at=at(second / 60), source="band")
        rhythm = rhythm.fold(one, gated=False, known=True)
    assert len(rhythm.beats) <= BEATS_MAX
    assert len(rhythm.windows) <= LONG


def test_the_made_up_node_beats_as_fast_as_it_is_asked_to_and_irregularly() -> None:
    for rate_bpm in (60, 100, 140):
        intervals = fibrillation(600, rate_bpm=rate_bpm)
        assert 60_000 * len(intervals) / sum(intervals) == pytest.approx(rate_bpm, rel=0.1)
        assert 0.1 < variation(intervals) < 0.5


@pytest.mark.reference
def test_the_real_series_give_no_false_alarm_and_few_irregular_windows(reference: Path) -> None:
    found = figures.judge(figures.read_series(reference))
    assert found.alarms == 0
    assert found.irregular <= 0.01 * found.windows


def test_the_evaluation_tells_both_levels(tmp_path: Path) -> None:
    (tmp_path / "illness").mkdir()
    beats = ",".join(f"{one:.0f}" for one in sinus(300, chance=chance()))
    table = f'rr_data,rmssd,sdnn\n"{beats}",20,20\n'
    (tmp_path / "illness" / "hrv_measurements.csv").write_text(table)
    told = {
        (one["name"], one["group"]): one for one in figures.evaluate(tmp_path, nodes=2)["figures"]
    }
    assert told["false alarms", None]["ok"]
    assert told["recall", None]["value"] > 0.8
    assert told["false alarms", figures.WINDOWS]["value"] == 0
    assert told["recall", figures.WINDOWS]["n"] == 2 * 5 * 20


def test_data_without_any_series_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DecodeError, match="neither"):
        figures.evaluate(tmp_path)
