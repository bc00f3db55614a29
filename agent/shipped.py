"""Where the files of `data/` lie."""

from importlib import resources
from pathlib import Path


def shipped(name: str) -> Path:
    """Return where *name* of data/ lies: in the installed package, or else in the checkout."""
    packed = Path(str(resources.files("agent"))) / "data" / name
    return packed if packed.exists() else Path(__file__).parents[1] / "data" / name
