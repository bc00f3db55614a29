"""A table of figures as a picture (SVG): a row a figure, a dot a person, aim and baseline beside.

Pure.  Figures of one name are a row, those of its groups small dots in it; each row has a scale of
its own, for a count and a share have none in common.
"""

from collections.abc import Callable, Iterator, Sequence
from xml.sax.saxutils import escape

from agent.figures import Figure, Table

WIDTH, LEFT, RIGHT, ROW, TOP = 960, 260, 190, 46, 76
BLUE, ORANGE, GREY, GREEN, RED = "#1f5fa8", "#c8641e", "#9aa3ad", "#2c8a4b", "#b3261e"
STYLE = "font-family:sans-serif;font-size:13px"


def svg(table: Table) -> str:
    """Return *table* as one SVG document."""
    names = dict.fromkeys(one["name"] for one in table["figures"])
    height = TOP + ROW * max(1, len(names)) + 34
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" style="{STYLE}">'
    )
    rows = [
        _row([one for one in table["figures"] if one["name"] == name], place)
        for place, name in enumerate(names)
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


def _row(figures: Sequence[Figure], place: int) -> Iterator[str]:
    y = TOP + ROW * place + ROW / 2
    overall = next((one for one in figures if one["group"] is None), None)
    marks = [] if overall is None else [overall["aim"], overall["baseline"]]
    values = [one["value"] for one in figures] + [mark for mark in marks if mark is not None]
    low, high = min(0.0, *values), max(0.0, *values)
    high = high if high > low else low + 1

    def x(value: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (value - low) / (high - low), 1)

    yield _text(20, y + 4, figures[0]["name"])
    yield f'<line x1="{x(low)}" y1="{y}" x2="{x(high)}" y2="{y}" stroke="#ddd"/>'
    if overall is not None and overall["baseline"] is not None:
        at = x(overall["baseline"])
        yield f'<rect x="{at - 3}" y="{y - 9}" width="6" height="18" fill="{GREY}"/>'
    if overall is not None and overall["aim"] is not None:
        at = x(overall["aim"])
        yield (
            f'<line x1="{at}" y1="{y - 14}" x2="{at}" y2="{y + 14}" '
            f'stroke="{ORANGE}" stroke-width="2"/>'
        )
    for group in figures:
        if group["group"] is not None:
            yield (
                f'<circle cx="{x(group["value"])}" cy="{y}" r="3" fill="{BLUE}" opacity="0.45">'
                f"<title>{escape(group['group'])}: {group['value']:g}</title></circle>"
            )
    yield from _end(figures, overall, x, y)


def _end(
    figures: Sequence[Figure], overall: Figure | None, x: Callable[[float], float], y: float
) -> Iterator[str]:
    """Yield the overall figure; where there is none, the span of those that are."""
    unit = _unit(figures[0]["unit"])
    if overall is None:
        values = [one["value"] for one in figures]
        span = f"{min(values):g} to {max(values):g}" if len(values) > 1 else f"{values[0]:g}"
        yield _text(WIDTH - RIGHT + 16, y + 4, f"{span} {unit}", fill="#555", size=11)
        return
    colour = BLUE if overall["ok"] is None else GREEN if overall["ok"] else RED
    yield f'<circle cx="{x(overall["value"])}" cy="{y}" r="6" fill="{colour}"/>'
    yield _text(WIDTH - RIGHT + 16, y + 4, f"{overall['value']:g} {unit}")


def _unit(unit: str) -> str:
    return "" if unit == "fraction" else unit


def _text(x: float, y: float, text: str, *, size: int = 13, fill: str = "black") -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}">{escape(text)}</text>'
