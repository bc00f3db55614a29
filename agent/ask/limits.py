"""Limits of speech in a sentence, how fast, how much, how loud, and its languages.  Pure."""

import re

from agent.ask.spelled import plain
from agent.context import Context

_RATE = re.compile(r"\b(\d{2,3}) ?(?:words|wpm)\b")
_LOUD = re.compile(r"\b(\d{2,3}) ?(?:db|decibels?)\b")
_SHARE = re.compile(r"\b(\d{1,2}) ?(?:%|percent|per cent)\b")
_FILLERS = re.compile(r"\b(\d{1,2}) (?:fillers?|ums?|uhs?|likes?)\b")
_HALF = re.compile(r"\bhalf (?:of )?the (?:time|talking)\b")
_THIRD = re.compile(r"\ba third (?:of )?the (?:time|talking)\b")
USUAL = {"rate": 160.0, "loud": 75.0, "share": 0.5, "fillers": 6.0}
_NAMED = {
    "rate": re.compile(r"\b(?:fast|quick(?:ly)?|rush\w*|pace|speed|slow)\b"),
    "loud": re.compile(r"\b(?:loud\w*|shout\w*|volume|noisy)\b"),
    "share": re.compile(r"\b(?:too much|hog\w*|monologu\w*|let (?:others|them)|dominat\w*)\b"),
    "fillers": re.compile(r"\b(?:fillers?|ums?|uhs?|say like)\b"),
}
LANGUAGES = {
    "arabic": "ar", "chinese": "zh", "mandarin": "zh", "czech": "cs", "danish": "da",
    "dutch": "nl", "english": "en", "finnish": "fi", "french": "fr", "german": "de",
    "greek": "el", "hebrew": "he", "hindi": "hi", "hungarian": "hu", "indonesian": "id",
    "italian": "it", "japanese": "ja", "korean": "ko", "norwegian": "no", "persian": "fa",
    "polish": "pl", "portuguese": "pt", "romanian": "ro", "russian": "ru", "spanish": "es",
    "swedish": "sv", "turkish": "tr", "ukrainian": "uk", "vietnamese": "vi",
}  # fmt: skip
"""ISO 639-1 codes, as Whisper names its languages."""
_LANGUAGE = re.compile(rf"\b({'|'.join(LANGUAGES)})\b")


def limits(sentence: str, _: Context) -> dict[str, float] | None:
    """Return the limits that *sentence* sets, by what they limit; the usual where it only names it.

    `rate` in words a minute, `share` of the talking 0-1, `loud` in dB, `fillers` a minute.
    """
    text = plain(sentence.lower())
    told = {
        "rate": _first(_RATE, text),
        "loud": _first(_LOUD, text),
        "share": _share(text),
        "fillers": _first(_FILLERS, text),
    }
    found = {name: value for name, value in told.items() if value is not None}
    named = {name for name, words in _NAMED.items() if words.search(text)} - set(found)
    return {**found, **{name: USUAL[name] for name in sorted(named)}} or None


def language(sentence: str, _: Context) -> str | None:
    """Return the code of the language that *sentence* names, other than English where it can."""
    found = [LANGUAGES[name] for name in _LANGUAGE.findall(sentence.lower())]
    return next((code for code in found if code != "en"), found[0] if found else None)


def _share(text: str) -> float | None:
    percent = _first(_SHARE, text)
    if percent is not None:
        return percent / 100
    if _HALF.search(text):
        return 0.5
    return 0.33 if _THIRD.search(text) else None


def _first(pattern: re.Pattern[str], text: str) -> float | None:
    found = pattern.search(text)
    return float(found[1]) if found else None
