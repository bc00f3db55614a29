"""Where third parties' skills come from: a folder of the wearer's, and installed packages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

GROUP = "carpal.skills"
BYTES_MAX = 1 << 20
FOUND_MAX = 64


@dataclass(frozen=True, slots=True)
class Found:
    """A skill as text: nothing of it has run yet."""

    name: str
    entry: str
    """`module:Name`, or `module` where it has one skill."""
    texts: Mapping[str, str]
    """Its modules, by their full names."""


def found(folder: Path) -> tuple[Found, ...]:
    """Return the skills in *folder* (`NAME/NAME.py`) and of the entry points, by their names.

    One in the folder goes before an installed one of the same name; what cannot be read is left
    out.
    """
    known = {one.name: one for one in _installed()}
    known |= {one.name: one for one in _in_folder(folder)}
    return tuple(known[name] for name in sorted(known)[:FOUND_MAX])


def _in_folder(folder: Path) -> Iterator[Found]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        file = path / f"{path.name}.py"
        if file.is_file() and path.name.isidentifier():
            text = _text(file)
            if text is not None:
                module = f"guest_{path.name}"  # no name of a library, whatever it is called
                yield Found(path.name, module, {module: text})


def _installed() -> Iterator[Found]:
    for point in entry_points(group=GROUP):
        texts = dict(_modules(point))
        if texts:
            yield Found(point.name, point.value, texts)


def _modules(point: EntryPoint) -> Iterator[tuple[str, str]]:
    """Yield the text of each module of the package that *point* lies in; none of it is run."""
    top = point.module.partition(".")[0]
    spec = find_spec(top)
    if spec is None or spec.origin is None:
        return
    file = Path(spec.origin)
    files = [file] if spec.submodule_search_locations is None else sorted(file.parent.rglob("*.py"))
    base = file.parent
    for path in files:
        text = _text(path)
        parts = path.relative_to(base).with_suffix("").parts
        names = [part for part in parts if part != "__init__"]
        name = top if spec.submodule_search_locations is None else ".".join((top, *names))
        if text is not None:
            yield name, text


def _text(path: Path) -> str | None:
    try:
        if path.stat().st_size > BYTES_MAX:
            return None
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
