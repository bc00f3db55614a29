"""A table of figures as a picture (SVG): a row a figure, a dot a person, aim and baseline beside.

Pure.  Only figures that have rows by group, an aim or a baseline are drawn; each row has a scale of
its own, for a count and a share have none in common.
"""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from agent.figures import Figure, Table

WIDTH, LEFT, RIGHT, ROW, TOP = 900, 260, 120, 46, 76
BLUE, ORANGE, GREY, GREEN, RED = "#1f5fa8", "#c8641e", "#9aa3ad", "#2c8a4b", "#b3261e"
STYLE = "font-family:sans-serif;font-size:13px"


def svg(table: Table) -> str:
    """Return *table* as one SVG document."""
    overall = [one for one in table["figures"] if one["group"] is None]
    height = TOP + ROW * max(1, len(overall)) + 34
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" style="{STYLE}">'
    )
    rows = [
        _row(one, [g for g in table["figures"] if g["group"] and g["name"] == one["name"]], place)
        for place, one in enumerate(overall)
    ]
    parts = [
        head,
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        _text(20, 28, f"{table['name']}  (n = {table['n']})", size=17),
        _text(20, 50, "dot: carpal; small dots: by person, night or model; "
              "grey bar: baseline; line: aim", fill="#555"),
        *(part for row in rows for part in row),
        "</svg>",
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def _row(one: Figure, groups: Sequence[Figure], place: int) -> Iterator[str]:
    y = TOP + ROW * place + ROW / 2
    values = [one["value"], *(group["value"] for group in groups)]
    marks = [mark for mark in (one["aim"], one["baseline"]) if mark is not None]
    low, high = min(0.0, *values, *marks), max([*values, *marks, 0.0])
    high = high if high > low else low + 1

    def x(value: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (value - low) / (high - low), 1)

    yield _text(20, y + 4, one["name"])
    yield f'<line x1="{x(low)}" y1="{y}" x2="{x(high)}" y2="{y}" stroke="#ddd"/>'
    if one["baseline"] is not None:
        at = x(one["baseline"])
        yield f'<rect x="{at - 3}" y="{y - 9}" width="6" height="18" fill="{GREY}"/>'
    if one["aim"] is not None:
        at = x(one["aim"])
        yield (
            f'<line x1="{at}" y1="{y - 14}" x2="{at}" y2="{y + 14}" '
            f'stroke="{ORANGE}" stroke-width="2"/>'
        )
    for group in groups:
        yield (
            f'<circle cx="{x(group["value"])}" cy="{y}" r="3" fill="{BLUE}" opacity="0.45">'
            f"<title>{escape(str(group['group']))}: {group['value']:g}</title></circle>"
        )
    colour = BLUE if one["ok"] is None else GREEN if one["ok"] else RED
    yield f'<circle cx="{x(one["value"])}" cy="{y}" r="6" fill="{colour}"/>'
    yield _text(WIDTH - RIGHT + 16, y + 4, f"{one['value']:g} {_unit(one['unit'])}")


def _unit(unit: str) -> str:
    return "" if unit == "fraction" else unit


def _text(x: float, y: float, text: str, *, size: int = 13, fill: str = "black") -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}">{escape(text)}</text>'
