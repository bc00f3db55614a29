"""How words are spoken, by the dictionary that comes with pocketsphinx where it is installed.

The file has 134,000 words: it is searched where it lies, not read into the daemon's memory.
"""

import importlib.util
import mmap
from functools import lru_cache
from pathlib import Path

from agent.phonemes import read_dictionary, spelled

DICTIONARY = Path("model") / "en-us" / "cmudict-en-us.dict"
LINE_MAX_BYTES = 200


def dictionary() -> Path | None:
    """Return where pocketsphinx keeps its dictionary; None where it is not installed."""
    found = importlib.util.find_spec("pocketsphinx")
    if found is None or found.origin is None:
        return None
    path = Path(found.origin).parent / DICTIONARY
    return path if path.is_file() else None


class Pronunciations:
    """A word's phonemes: as the dictionary has them, else by its letters."""

    def __init__(self, path: Path | None = None) -> None:
        """Open the dictionary at *path*, else the one that `dictionary` finds."""
        self._lines: mmap.mmap | None = None
        path = path or dictionary()
        if path is not None:
            with path.open("rb") as file:
                self._lines = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.of = lru_cache(maxsize=4096)(self._look)

    def _look(self, word: str) -> tuple[str, ...]:
        line = self._line(word.lower().encode("utf-8", "replace"))
        found = read_dictionary([line])
        return next(iter(found.values()), None) or spelled(word)

    def _line(self, word: bytes) -> str:
        lines = self._lines
        if lines is None or not word or b" " in word or b"\n" in word:
            return ""
        start = lines.find(b"\n" + word + b" ")
        if start < 0:
            return ""
        line = lines[start + 1 : start + 1 + LINE_MAX_BYTES]
        return line.split(b"\n", 1)[0].decode("utf-8", "replace")
