"""Figures: one object a table, the same form for every evaluation and benchmark.  Pure."""

from collections.abc import Sequence
from typing import TypedDict


class Figure(TypedDict):
    """One figure; *aim* and *ok* only for carpal's own overall ones."""

    name: str
    value: float
    unit: str
    aim: float | None
    ok: bool | None
    baseline: float | None
    n: int
    group: str | None
    """Names the person, model or night of a row; None for the overall figure."""


class Table(TypedDict):
    """What one evaluation or benchmark prints."""

    name: str
    data: str
    n: int
    figures: list[Figure]


def at_least(name: str, value: float, aim: float, *, unit: str, n: int) -> Figure:
    """Return carpal's own overall figure, which is good when it is *aim* or more."""
    return {**shown(name, value, unit=unit, n=n), "aim": aim, "ok": value >= aim}


def at_most(name: str, value: float, aim: float, *, unit: str, n: int) -> Figure:
    """Return carpal's own overall figure, which is good when it is *aim* or less."""
    return {**shown(name, value, unit=unit, n=n), "aim": aim, "ok": value <= aim}


def shown(name: str, value: float, *, unit: str, n: int, group: str | None = None) -> Figure:
    """Return a figure without an aim; *group* names the person, model or night of a row."""
    return {
        "name": name,
        "value": round(value, 4),
        "unit": unit,
        "aim": None,
        "ok": None,
        "baseline": None,
        "n": n,
        "group": group,
    }


def against(figure: Figure, baseline: float) -> Figure:
    """Return *figure* with what it is compared to."""
    return {**figure, "baseline": round(baseline, 4)}


def table(name: str, data: str, n: int, figures: Sequence[Figure]) -> Table:
    """Return one table."""
    return {"name": name, "data": data, "n": n, "figures": list(figures)}


def joined(name: str, tables: Sequence[Table]) -> Table:
    """Return *tables* as one: the figures of all, in their order."""
    data = "; ".join(one["data"] for one in tables)
    figures = [figure for one in tables for figure in one["figures"]]
    return table(name, data, sum(one["n"] for one in tables), figures)


def area_under_curve(labels: Sequence[bool], scores: Sequence[float]) -> float:
    """Return the chance (0-1) that a labelled one scores above another; ties count half.

    The Mann-Whitney form (Hanley & McNeil 1982, Radiology 143).  0.5 where one class is absent.
    """
    order = sorted(range(len(scores)), key=lambda index: scores[index])
    ranks = [0.0] * len(scores)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and scores[order[end]] == scores[order[start]]:
            end += 1
        for place in range(start, end):
            ranks[order[place]] = (start + end - 1) / 2 + 1
        start = end
    yes = sum(labels)
    no = len(labels) - yes
    if not yes or not no:
        return 0.5
    above = sum(rank for rank, label in zip(ranks, labels, strict=True) if label)
    return (above - yes * (yes + 1) / 2) / (yes * no)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which *share* (0-1) of *values* lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]
