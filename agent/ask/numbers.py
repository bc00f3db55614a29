"""Numbers as they are spoken: "twenty five", "a dozen", "two and a half".  Pure."""

import re

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = dict(
    zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10),
        strict=True)
)  # fmt: skip
_SPECIAL = {
    "half a dozen": 6.0, "a dozen": 12.0, "dozen": 12.0, "a couple of": 2.0, "a couple": 2.0,
    "a pair of": 2.0, "half an": 0.5, "half a": 0.5, "half": 0.5, "a quarter of an": 0.25,
    "quarter of an": 0.25, "three quarters of an": 0.75, "an": 1.0, "a": 1.0,
}  # fmt: skip
WORDS = {word: float(n) for n, word in enumerate(_SMALL)} | {
    word: float(n) for word, n in _TENS.items()
}
_ONES = "|".join(_SMALL[1:10])
_SINGLE = "|".join(sorted((*_SPECIAL, *WORDS), key=len, reverse=True))
NUMBER = (
    rf"(?:\d{{1,4}}(?:[.,]\d{{1,2}})?|(?:{'|'.join(_TENS)})[ -](?:{_ONES})|{_SINGLE})"
    r"(?: and a half)?"
)
"""A pattern for one number, without groups."""


def number(said: str) -> float | None:
    """Return the number that *said* is, or None."""
    text = " ".join(said.lower().replace("-", " ").split())
    half = text.endswith(" and a half")
    text = text.removesuffix(" and a half")
    found = _whole(text)
    return None if found is None else found + (0.5 if half else 0.0)


def _whole(text: str) -> float | None:
    if re.fullmatch(r"\d{1,4}(?:[.,]\d{1,2})?", text):
        return float(text.replace(",", "."))
    if text in _SPECIAL:
        return _SPECIAL[text]
    if text in WORDS:
        return WORDS[text]
    tens, _, ones = text.partition(" ")
    if tens in _TENS and ones in _SMALL[1:10]:
        return _TENS[tens] + WORDS[ones]
    return None


def shown(value: float) -> str:
    """Return a number in digits: `2`, `2.5`."""
    return f"{value:g}"
