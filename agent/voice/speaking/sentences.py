"""Text that comes in parts, as sentences that can be spoken one by one.  Pure."""

import re

_END = re.compile(r"(?<=[.!?\u2026])[\"')\u201d]*\s+(?=[\"'(\u201c]?[A-Z0-9\u00c0-\u00de])|\n+")
_NO_END = re.compile(r"\b(?:[Mm]r|[Mm]rs|[Mm]s|[Dd]r|[Ss]t|e\.g|i\.e|approx|min|max|no|vs)\.$")
LENGTH_MAX = 300


def complete(text: str) -> tuple[list[str], str]:
    """Return the sentences that *text* has whole, and what of it may go on."""
    found, begun = list[str](), 0
    for end in _END.finditer(text):
        one = text[begun : end.start()].strip()
        if _NO_END.search(one):
            continue
        found += _bounded(one)
        begun = end.end()
    rest = text[begun:]
    *long, rest = _bounded(rest) if len(rest) > 2 * LENGTH_MAX else [rest]
    return found + long, rest


def sentences(text: str) -> list[str]:
    """Return all sentences of *text*, none much longer than LENGTH_MAX."""
    found, rest = complete(text)
    return found + [one for one in _bounded(rest.strip()) if one]


def _bounded(sentence: str) -> list[str]:
    """Return *sentence* in parts of at most LENGTH_MAX letters, cut where one may breathe."""
    parts = []
    while len(sentence) > LENGTH_MAX:
        cut = max(sentence.rfind(mark, 1, LENGTH_MAX) for mark in (", ", "; ", ": ", " "))
        cut = cut + 1 if cut > 0 else LENGTH_MAX
        parts.append(sentence[:cut].strip())
        sentence = sentence[cut:]
    return [one for one in (*parts, sentence) if one.strip()]
