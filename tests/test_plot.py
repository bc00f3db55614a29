"""Figures as a picture."""

from pathlib import Path
from xml.etree import ElementTree

from typer.testing import CliRunner

from agent.cli.root import commands
from agent.evaluate.plot import svg
from agent.figures import against, at_least, shown, table

SVG = "{http://www.w3.org/2000/svg}"


def test_each_figure_has_a_row_each_person_a_dot_and_the_aim_a_line() -> None:
    figures = [
        against(at_least("AUC", 0.81, 0.8, unit="fraction", n=9), 0.66),
        shown("AUC", 0.7, unit="fraction", n=4, group="S<02>"),
        shown("AUC", 0.9, unit="fraction", n=5, group="S03"),
        shown("count", -2, unit="things", n=1),
    ]
    root = ElementTree.fromstring(svg(table("stress", "x", 9, figures)))  # noqa: S314  # our own
    dots = root.findall(f"{SVG}circle")
    assert len(dots) == 4
    titles = [dot.find(f"{SVG}title") for dot in dots]
    assert [one.text for one in titles if one is not None] == ["S<02>: 0.7", "S03: 0.9"]
    large = [dot for dot in dots if dot.get("r") == "6"]
    assert float(large[0].get("cx", 0)) > float(large[1].get("cx", 0)), "0.81 of 0.9, and -2"
    assert len(list(root.findall(f"{SVG}rect"))) == 2, "the paper and the baseline"


def test_figures_of_groups_alone_are_a_row_with_their_span() -> None:
    rows = [shown("rate", value, unit="Hz", n=1, group=str(value)) for value in (3.0, 1.5, 2.0)]
    root = ElementTree.fromstring(svg(table("x", "x", 3, rows)))  # noqa: S314  # our own
    assert [dot.get("r") for dot in root.findall(f"{SVG}circle")] == ["3", "3", "3"]
    assert "1.5 to 3 Hz" in [one.text for one in root.findall(f"{SVG}text")]


def test_a_benchmark_is_drawn_too(tmp_path: Path) -> None:
    path = tmp_path / "replay.svg"
    told = CliRunner().invoke(commands, ["bench", "replay", "--short", "--plot", str(path)])
    assert told.exit_code == 0, told.output
    assert "judgements" in path.read_text()


def test_the_command_writes_the_picture_and_says_where_it_cannot(tmp_path: Path) -> None:
    path = tmp_path / "places.svg"
    run = ["evaluate", "places", "--short", "--json", "--plot"]
    assert CliRunner().invoke(commands, [*run, str(path)]).exit_code == 0
    assert ElementTree.fromstring(path.read_text()).tag == f"{SVG}svg"  # noqa: S314
    failed = CliRunner().invoke(commands, [*run, str(tmp_path / "no" / "x.svg")])
    assert failed.exit_code != 0
    assert "cannot be written" in str(failed.exception)
    other = CliRunner().invoke(commands, [*run, str(tmp_path / "x.png")])
    assert "end in .svg" in str(other.exception)
