"""The evaluation of stress: no one is tested by what was learned from them."""

import gzip
import math
import shutil
from pathlib import Path

import pytest

from agent.errors import DecodeError
from agent.evaluate import logistic, stress
from agent.evaluate.strained import read_labels, read_people
from agent.figures import Table
from agent.fusion.stress.model import TRAINED_ON

START = 1_644_228_000
MINUTES = 40
TASK = range(18, 27)


def person(folder: Path, number: int, *, answers: float = 1.0) -> None:
    """Write a recording whose heart and skin answer a task, or the other way round."""
    path = folder / f"S{number:02d}"
    path.mkdir(parents=True)
    rates, conductances = [], []
    for second in range(MINUTES * 60):
        strain = answers * (second // 60 in TASK)
        wave = math.sin(second / 37 + number) + math.sin(second / 301)
        rates.append(70 + number + 3 * wave + 15 * strain)
        conductances.append(2 + 0.1 * wave + 1.2 * strain)
    for name, values in (("HR.csv", rates), ("EDA.csv", conductances)):
        rows = "\n".join(f"{value:.3f}" for value in values)
        (path / name).write_text(f"{START}.0\n1.0\n{rows}\n")


def labels(folder: Path, *numbers: int) -> None:
    with gzip.open(folder / "labels.csv.gz", "wt") as file:
        file.write("Participant,HR,respr,Time(sec),Label\n")
        for number in numbers:
            for second in range(MINUTES * 60):
                file.write(f"{number},70,12,{START + second},{int(second // 60 in TASK)}\n")


def marks_of(folder: Path) -> dict[str, frozenset[str]]:
    return {one.name: one.marks for one in read_people(folder)}


def figure(table: Table, name: str, group: str | None = None) -> float:
    (found,) = (f["value"] for f in table["figures"] if (f["name"], f["group"]) == (name, group))
    return found


def test_people_never_seen_are_tested_by_the_shipped_weights(tmp_path: Path) -> None:
    folder = tmp_path / "stress"
    for number in (1, 2, 3):
        person(folder, number)
    labels(folder, 2, 3)
    found = stress.evaluate(tmp_path)
    assert found["n"] == 2 * (MINUTES - 1), "nor who has no label, nor the minute that never ends"
    assert figure(found, "AUC") > 0.95
    assert figure(found, "balanced accuracy") > 0.9
    assert figure(found, "AUC", "S03") > 0.95
    assert all(one["baseline"] is not None for one in found["figures"])


def test_who_was_learned_from_is_tested_by_what_the_others_teach(tmp_path: Path) -> None:
    folder = tmp_path / "stress"
    for number in (2, 3, 4):
        person(folder, number, answers=-1.0)
    person(folder, 5)
    labels(folder, 2, 3, 4, 5)
    marks = marks_of(folder)
    known = frozenset[str]().union(*marks.values())
    left_out = stress.evaluate(tmp_path, trained_on=known)
    as_shipped = stress.evaluate(tmp_path, trained_on=known - marks["S05"])
    assert figure(left_out, "AUC", "S02") > 0.9, "the others teach that calm is a high rate"
    assert figure(left_out, "AUC", "S05") < 0.1, "and know nothing of the odd one"
    assert figure(as_shipped, "AUC", "S05") > 0.9


def test_one_alone_who_was_learned_from_cannot_be_tested(tmp_path: Path) -> None:
    folder = tmp_path / "stress"
    person(folder, 2)
    labels(folder, 2)
    assert figure(stress.evaluate(tmp_path), "AUC") > 0.9
    with pytest.raises(DecodeError, match="give the whole folder"):
        stress.evaluate(tmp_path, trained_on=marks_of(folder)["S02"])


def test_a_person_is_known_again_however_the_recording_is_written_or_cut(tmp_path: Path) -> None:
    folder = tmp_path / "stress"
    for number in (2, 3):
        person(folder, number)
    labels(folder, 2, 3)
    before = marks_of(folder)
    rates = (folder / "S02" / "HR.csv").read_text().splitlines()
    cut = [f"{START + 300}.000", "1.000", *(f"{float(rate):.4f}" for rate in rates[302:])]
    (folder / "S02" / "HR.csv").write_bytes("\r\n".join(cut).encode())
    assert marks_of(folder)["S02"] & before["S02"]
    (folder / "S02" / "EDA.csv").unlink()
    assert marks_of(folder)["S02"] & before["S02"]
    assert not before["S02"] & before["S03"]


def test_a_person_under_two_names_teaches_nothing_of_themselves(tmp_path: Path) -> None:
    folder = tmp_path / "stress"
    for number in (2, 3, 4):
        person(folder, number)
    person(folder, 5, answers=-1.0)
    shutil.copytree(folder / "S05", folder / "S6")
    labels(folder, 2, 3, 4, 5, 6)
    known = frozenset[str]().union(*marks_of(folder).values())
    found = stress.evaluate(tmp_path, trained_on=known)
    assert figure(found, "AUC", "S05") == figure(found, "AUC", "S6") < 0.1


def test_a_label_that_is_neither_rest_nor_task_is_none(tmp_path: Path) -> None:
    person(tmp_path, 2)
    with gzip.open(tmp_path / "labels.csv.gz", "wt") as file:
        file.write("Participant,Time(sec),Label\n")
        file.writelines(f"2,{START + second},-1\n" for second in range(MINUTES * 60))
    with pytest.raises(DecodeError, match="no person with labels"):
        read_people(tmp_path)


def test_a_folder_without_labels_says_so(tmp_path: Path) -> None:
    person(tmp_path, 2)
    with pytest.raises(DecodeError, match="no table of labels"):
        read_people(tmp_path)
    labels(tmp_path, 3)
    with pytest.raises(DecodeError, match="no person with labels"):
        read_people(tmp_path)


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "Participant,Time(sec),Label\n2,inf,1\n"])
def test_a_damaged_table_of_labels_is_refused_or_empty(tmp_path: Path, text: str) -> None:
    path = tmp_path / "labels.csv.gz"
    path.write_bytes(gzip.compress(text.encode()))
    if not text:
        assert read_labels(path) == {}
        return
    with pytest.raises(DecodeError, match="no table of labels"):
        read_labels(path)


def test_a_table_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv.gz"
    path.write_bytes(gzip.compress(b"Participant,Time(sec),Label\n2,1,1\n" * 99)[:-12])
    with pytest.raises(DecodeError, match="no table of labels"):
        read_labels(path)


def test_a_damaged_archive_of_labels_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv.gz"
    rows = b"".join(b"2,%d,%d\n" % (second * 7919 % 10_007, second % 2) for second in range(9_999))
    packed = gzip.compress(b"Participant,Time(sec),Label\n" + rows)
    path.write_bytes(packed[:5_000] + bytes(byte ^ 255 for byte in packed[5_000:]))
    with pytest.raises(DecodeError, match="no table of labels"):
        read_labels(path)
    path.write_bytes(gzip.compress(b"Participant,Time(sec),Label\n" + b"2" * 200_000))
    with pytest.raises(DecodeError, match="no table of labels"):
        read_labels(path)


def test_at_the_fitted_weights_the_likelihood_is_level() -> None:
    rows = [(math.sin(n), math.cos(3 * n)) for n in range(60)]
    told = [math.sin(n) + math.sin(7 * n) > 0.5 for n in range(60)]
    constant, weights = logistic.fit(rows, told)
    worth = {True: 30 / sum(told), False: 30 / (60 - sum(told))}
    slope = [0.0] + [-logistic.RIDGE * weight for weight in weights]
    for row, label in zip(rows, told, strict=True):
        odds = constant + sum(w * x for w, x in zip(weights, row, strict=True))
        missing = worth[label] * (label - 1 / (1 + math.exp(-odds)))
        slope = [s + missing * x for s, x in zip(slope, (1.0, *row), strict=True)]
    assert slope == pytest.approx([0, 0, 0], abs=1e-6)
    assert weights[0] > 0


def test_a_column_of_nothing_has_no_weight() -> None:
    _, weights = logistic.fit([(0.0, 1.0), (0.0, -1.0), (0.0, 2.0)], [True, False, True])
    assert weights[0] == 0
    assert weights[1] > 0


def test_balanced_accuracy_counts_both_classes_alike() -> None:
    assert stress.balanced([True, False, False, False], [1, -1, -1, 1]) == pytest.approx(5 / 6)
    assert stress.balanced([], []) == 0.5


@pytest.mark.reference
def test_what_ships_was_learned_from_these_people(reference: Path) -> None:
    people = read_people(reference / "stress")
    assert frozenset[str]().union(*(one.marks for one in people)) == TRAINED_ON
    assert all(one.marks for one in people)


@pytest.mark.reference
def test_the_aims_are_met_on_the_reference_recordings(reference: Path) -> None:
    found = stress.evaluate(reference)
    assert figure(found, "balanced accuracy") >= 0.75
    assert figure(found, "AUC") >= 0.80
    assert len({one["group"] for one in found["figures"]}) == 17
