"""The evaluation of sleep: what it reads, how it trains, and its figures over the recordings."""

from collections.abc import Callable
from math import sin
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import DecodeError
from agent.evaluate.boosting import boosted
from agent.evaluate.lived_nights import lived
from agent.evaluate.nights import read_nights, trained, without
from agent.evaluate.sleep import evaluate
from agent.evaluate.statistics import best_threshold, bootstrap, kappa, specificity_at
from agent.figures import area_under_curve
from agent.fusion.night.account import SHIPPED, judged
from agent.fusion.night.model import NIGHTS
from agent.fusion.night.trees import DEPTH, Trees


def write_night(folder: Path, name: str, seed: int, *, epochs: int = 300) -> None:
    """Write a made-up night: awake for 20 minutes, then asleep with one waking."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = Random(seed)  # noqa: S311  # repeatable
    awake = {*range(40), *range(151, 165)}
    labels = [0 if place in awake else 2 + 3 * (place % 90 > 60) for place in range(epochs)]
    lines = []
    for place, label in enumerate(labels):
        for tick in range(6):
            level = 75 if label == 0 else 58 + 2 * sin(place / 20)
            lines.append(f"{place * 30 + tick * 5:.5f},{level + chance.gauss(0, 2):.0f}")
    (folder / f"{name}_heartrate.txt").write_text("-400.0,90\n" + "\n".join(lines) + "\n")
    told = "\n".join(f"{place * 30},{label}" for place, label in enumerate(labels))
    (folder / f"{name}_labeled_sleep.txt").write_text(told + "\n")


def test_nights_never_seen_are_judged_by_what_ships(tmp_path: Path) -> None:
    for seed in range(3):
        write_night(tmp_path / "sleep", f"made{seed}", seed)
    told = evaluate(tmp_path)
    names = {figure["name"] for figure in told["figures"] if figure["group"] is None}
    assert {
        "kappa",
        "specificity at 90 % sensitivity",
        "AUC",
        "kappa causal",
        "kappa stages",
    } <= names
    assert told["n"] == 900
    assert {figure["group"] for figure in told["figures"]} == {None, "made0", "made1", "made2"}
    aimed = [figure["name"] for figure in told["figures"] if figure["aim"] is not None]
    assert aimed == ["kappa", "specificity at 90 % sensitivity"]


def test_training_finds_what_tells_waking_in_nights_it_has_not_seen(tmp_path: Path) -> None:
    for seed in range(4):
        write_night(tmp_path, f"made{seed}", seed)
    nights = read_nights(tmp_path)
    tested = nights[0]
    assert len(without(nights, tested)) == 3
    models = trained(without(nights, tested), staged=False)
    scores = tested.of_scored(judged(tested.rates_bpm, models).wake_log_odds)
    assert area_under_curve(tested.awake(), scores) > 0.95
    assert trained(without(nights, tested), staged=False) == models, (
        "the same nights, the same trees"
    )


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda rates, _: rates.write_text("1,2,3\n"), "two columns"),
        (lambda rates, _: rates.write_text("0,nan\n"), "no measurement"),
        (lambda rates, _: rates.write_bytes(b"\xff\xfe\x00"), "two columns"),
        (lambda rates, _: rates.write_text("-900,60\n"), "no heart rate within"),
        (lambda _, labels: labels.write_text("0,7\n"), "labels are"),
        (lambda _, labels: labels.write_text("900000000,1\n"), "no longer than a day"),
        (lambda _, labels: labels.write_text(""), "labels are"),
        (lambda _, labels: labels.unlink(), "two columns"),
    ],
)
def test_a_damaged_night_is_named(
    tmp_path: Path, spoil: Callable[[Path, Path], object], why: str
) -> None:
    write_night(tmp_path, "made", 1)
    spoil(tmp_path / "made_heartrate.txt", tmp_path / "made_labeled_sleep.txt")
    with pytest.raises(DecodeError, match=why):
        read_nights(tmp_path)


def test_a_folder_without_nights_is_named(tmp_path: Path) -> None:
    with pytest.raises(DecodeError, match="there is no night"):
        evaluate(tmp_path)


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_two_files_are_a_night_or_a_decode_error(
    tmp_path_factory: pytest.TempPathFactory, rates: bytes, labels: bytes
) -> None:
    folder = tmp_path_factory.mktemp("night")
    (folder / "x_heartrate.txt").write_bytes(rates)
    (folder / "x_labeled_sleep.txt").write_bytes(labels)
    try:
        assert len(read_nights(folder)) == 1
    except DecodeError:
        return


def test_trees_of_random_labels_learn_nothing_that_holds() -> None:
    chance = Random(5)  # noqa: S311  # repeatable
    columns = [[chance.gauss(0, 1) for _ in range(400)] for _ in range(4)]
    trees = boosted(columns, [chance.random() < 0.3 for _ in range(400)])
    fresh = [[chance.gauss(0, 1) for _ in range(400)] for _ in range(4)]
    labels = [chance.random() < 0.3 for _ in range(400)]
    assert abs(area_under_curve(labels, trees.log_odds(fresh)) - 0.5) < 0.1
    assert all(len(row) == 2 * DEPTH + 2**DEPTH for row in trees.rows)


def test_a_tree_asks_its_three_questions() -> None:
    row = (0, 1, 0, 100, 200, 300, 0, 1000, 2000, 3000, 4000, 5000, 6000, 7000)
    trees = Trees(500, (row,))
    assert trees.log_odds([[0, 1.5, 4, 4], [0, 0, 0, 9]]) == [0.5, 1.5, 5.5, 7.5]


def test_kappa_is_cohen_s() -> None:
    told = [True] * 20 + [False] * 5 + [True] * 10 + [False] * 15
    truth = [True] * 25 + [False] * 25
    assert kappa(truth, told) == pytest.approx(0.4)
    assert kappa([1, 2, 3], [1, 2, 3]) == 1
    assert kappa([1, 1], [1, 1]) == 0
    assert kappa([], []) == 0


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=40))
def test_no_other_threshold_agrees_better(pairs: list[tuple[bool, int]]) -> None:
    labels, scores = [a for a, _ in pairs], [float(b) for _, b in pairs]
    best = best_threshold(labels, scores)
    reached = kappa(labels, [score >= best for score in scores])
    for other in scores:
        assert kappa(labels, [score >= other for score in scores]) <= reached + 1e-9


def test_specificity_is_read_where_the_sensitivity_is_reached() -> None:
    positive = [float(value) for value in range(1, 11)]
    assert specificity_at(0.9, positive=positive, negative=[0, 1, 1.5, 2, 9]) == 0.6


def test_an_interval_holds_the_mean_and_is_repeatable() -> None:
    def mean_of(values: object) -> float:
        assert isinstance(values, list)
        return sum(values) / len(values)

    people = [float(value) for value in range(30)]
    low, high = bootstrap(people, mean_of)
    assert low < 14.5 < high
    assert (low, high) == bootstrap(people, mean_of)


def relabel(folder: Path, name: str, label: int) -> None:
    """Say the same of every half minute of the night *name*."""
    path = folder / f"{name}_labeled_sleep.txt"
    rows = path.read_text().splitlines()
    path.write_text("".join(f"{row.split(',')[0]},{label}\n" for row in rows))


def test_a_night_without_a_score_takes_nothing_from_the_others(tmp_path: Path) -> None:
    for seed in range(3):
        write_night(tmp_path / "sleep", f"made{seed}", seed)
    relabel(tmp_path / "sleep", "made1", -1)
    told = evaluate(tmp_path)
    assert told["n"] == 600
    assert {figure["group"] for figure in told["figures"]} == {None, "made0", "made2"}


@pytest.mark.parametrize("label", [-1, 0, 2])
def test_nights_scored_all_alike_are_refused(tmp_path: Path, label: int) -> None:
    for seed in range(2):
        write_night(tmp_path / "sleep", f"made{seed}", seed)
        relabel(tmp_path / "sleep", f"made{seed}", label)
    with pytest.raises(DecodeError, match="no night is scored both asleep and awake"):
        evaluate(tmp_path)


def test_a_night_is_known_again_however_it_is_written(tmp_path: Path) -> None:
    write_night(tmp_path, "made", 1)
    (before,) = read_nights(tmp_path)
    path = tmp_path / "made_heartrate.txt"
    rows = [row.split(",") for row in path.read_text().splitlines()[1:]]
    path.write_bytes("\r\n".join(f"{float(at):.3f} {rate}.0" for at, rate in rows).encode())
    path.rename(tmp_path / "other_heartrate.txt")
    (tmp_path / "made_labeled_sleep.txt").rename(tmp_path / "other_labeled_sleep.txt")
    (after,) = read_nights(tmp_path)
    assert after.fingerprint == before.fingerprint
    assert without([after], before) == []


def test_what_is_told_in_the_morning_of_a_night_trained_on_is_by_the_others(tmp_path: Path) -> None:
    write_night(tmp_path, "made", 1, epochs=1200)
    nights = read_nights(tmp_path)
    sleepless = SHIPPED._replace(wake_log_odds=99.0)
    shipped, own = (
        {one["name"]: one["value"] for one in lived(nights, [models])}
        for models in (SHIPPED, sleepless)
    )
    assert shipped["nights found"] == own["nights found"] == 1
    assert shipped["time asleep error, median"] != own["time asleep error, median"]


@pytest.mark.reference
def test_what_ships_was_trained_on_these_nights(reference: Path) -> None:
    assert {night.fingerprint for night in read_nights(reference / "sleep")} == NIGHTS


@pytest.mark.reference
def test_a_night_left_out_is_told_well(reference: Path) -> None:
    nights = read_nights(reference / "sleep")
    tested = next(night for night in nights if night.name == "5383425")
    models = trained(without(nights, tested)[:8], staged=False)
    scores = tested.of_scored(judged(tested.rates_bpm, models).wake_log_odds)
    told = [score >= models.wake_log_odds for score in scores]
    assert kappa(tested.awake(), told) > 0.5


@pytest.mark.reference
@pytest.mark.slow
def test_the_aims_are_reached(reference: Path) -> None:
    figures = evaluate(reference)["figures"]
    assert all(figure["ok"] for figure in figures if figure["aim"] is not None)
