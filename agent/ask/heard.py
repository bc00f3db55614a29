"""A sentence without the noises between its words: "um", "you know", a word said twice.  Pure."""

import re

_NOISE = re.compile(
    r"(?<![\w'])(?:u+m+|u+h+|e+r+m*|h+m+|mhm|you know|i mean)(?![\w'])[,.]?\s*", re.I
)
_ASIDE = re.compile(r"(?<=\w) (?:please|okay|hey)(?= \w)", re.I)
_TWICE = re.compile(r"\b([A-Za-z][\w']*|half)(?:,? \1\b)+(?!')", re.I)
_CLIPPED = re.compile(
    r"\b(morn|even|meet|sleep|breath|say|do|go|buy|walk|beat|shopp|pack|runn|feel|mov|work|stress"
    r"|remind|noth|anyth|someth|gett|hav|tak|mak|com|look|tell|aver)in'?(?=\W|$)",
    re.I,
)
_SPLIT_TIME = re.compile(r"\b(at|by|around|since|from|to) (\d{1,2}) ([0-5]\d)(?= |$)")


def heard(sentence: str) -> str:
    """Return *sentence* as it was meant to be said; nothing is lost that means something."""
    text = " ".join(_NOISE.sub("", sentence).split())
    text = _ASIDE.sub("", text)
    text = _CLIPPED.sub(r"\1ing", text)
    text = _SPLIT_TIME.sub(r"\1 \2:\3", text)
    return _TWICE.sub(r"\1", text) or sentence
