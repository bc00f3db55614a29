"""One way to write a time: "half past nine" is 9:30, "at eight" is at 8, noon is 12:00.  Pure."""

import re
from re import Match

from agent.ask.numbers import NUMBER, WORDS, number

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_ORDINALS = dict(
    zip(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
        "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth "
        "twentieth".split(),
        range(1, 21),
        strict=True,
    )
) | {f"twenty-{word}": n for n, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth".split(), start=21)} | {
    "thirtieth": 30, "thirty-first": 31,
}  # fmt: skip
_SAME: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b([ap])\.\s?m\b\.?"), r"\1m"),
    (re.compile(r"\b(\d{1,2}) ?h ?(\d{2})\b"), r"\1:\2"),
    (re.compile(r"\b(?:12 |twelve )?(?:noon|midday)\b"), "12:00"),
    (re.compile(r"\b(?:12 |twelve )?midnight\b"), "24:00"),
    (re.compile(r"\b(?:the )?night before last\b"), "the day before yesterday night"),
    (re.compile(r"\bthe eve(?:ning)? before\b"), "yesterday evening"),
)
_WORD_HOURS = "|".join(word for word, value in WORDS.items() if 1 <= value <= 12)
_HOUR = rf"(?:{_WORD_HOURS}|\d{{1,2}})"
_PAST = re.compile(
    rf"(?<!\bfrom )(?<!\bbetween )\b(?:a )?"
    rf"(half|quarter|twenty five|five|ten|twenty|5|10|20|25|{NUMBER} minutes?) (past|to) ({_HOUR})"
    r"\b(?![:.]\d)"
)
_HALF = re.compile(
    rf"\b(at|and|by|to|till|until|since|before|after|around|about|from|for) half ({_HOUR})\b"
)
_MINUTES = r"oh five|fifteen|twenty five|twenty|thirty five|thirty|forty five|forty|fifty five|ten"
_SPELLED = re.compile(rf"\b({_HOUR})[ -]({_MINUTES})\b(?! (?:min|hours?|steps|days?|beats)|%)")
_LEADS = r"at|by|to|since|until|till|about|around|and|from|between|before|after|for"
_AFTER = (
    r"(?= (?:am|pm|o'clock|to|and|until|till|in|on|tomorrow|today|tonight|this|yesterday|sharp"
    r"|please|remind|that|about|next|so|what|was|were|how)\b|[ .?!]*$|[,|])"
)
_LED = re.compile(rf"\b({_LEADS}) ({_WORD_HOURS}){_AFTER}")
_MARKED = re.compile(rf"\b({_WORD_HOURS})(?= ?(?:am|pm|o'clock)\b)")
_NTH = re.compile(
    rf"\b({'|'.join(sorted(_ORDINALS, key=len, reverse=True))}) of (?={'|'.join(MONTHS)})"
)


def plain(sentence: str) -> str:
    """Return *sentence* in small letters, with one way to write a time."""
    text = " ".join(sentence.lower().replace("\u2019", "'").split())
    for pattern, instead in _SAME:
        text = pattern.sub(instead, text)
    text = _PAST.sub(_past, text)
    text = _HALF.sub(lambda m: f"{m[1]} {_digits(m[2])}:30", text)
    text = _SPELLED.sub(_spelled, text)
    text = _LED.sub(lambda m: f"{m[1]} {_digits(m[2])}", text)
    text = _NTH.sub(lambda m: f"{_ORDINALS[m[1]]}th of ", text)
    return _MARKED.sub(lambda m: _digits(m[1]), text)


def _digits(word: str) -> str:
    return word if word.isdigit() else f"{WORDS[word]:.0f}"


def _past(match: Match[str]) -> str:
    """Return "quarter to 8" as 7:45; what is no time stays as it was said."""
    minutes = {"half": 30.0, "quarter": 15.0}.get(match[1]) or number(match[1].split(" minute")[0])
    hour = int(_digits(match[3]))
    if minutes is None or not 1 <= minutes <= 59 or minutes % 1 or not 0 <= hour <= 24:
        return match[0]
    if match[2] == "past":
        return f"{hour}:{minutes:02.0f}"
    return f"{hour - 1 if hour > 1 else 12}:{60 - minutes:02.0f}"


def _spelled(match: Match[str]) -> str:
    minutes = 5.0 if match[2] == "oh five" else number(match[2])
    return match[0] if minutes is None else f"{_digits(match[1])}:{minutes:02.0f}"
