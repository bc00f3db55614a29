"""Arguments in a sentence, found by code and by the wearer's own words.  Pure.

A slot is found by its name, which is that of the field of a tool's arguments.
"""

import re
from collections.abc import Callable

from agent.ask import windows
from agent.context import Context
from agent.signals import SIGNALS

SIGNAL_WORDS = {
    "heart_rate": ("heart rate", "heart", "heartbeat", "pulse", "bpm", "beats per minute"),
    "hrv_rmssd": ("heart rate variability", "hrv", "variability", "rmssd"),
    "skin_temperature": ("skin temperature", "temperature", "skin", "warm"),
    "electrodermal": ("skin conductance", "electrodermal activity", "electrodermal"),
    "spo2": ("blood oxygen", "oxygen saturation", "oxygen", "saturation", "spo2"),
    "respiration": ("breathing rate", "respiration", "breathing", "breathe", "breaths"),
    "steps": ("steps", "step count", "walked", "walk"),
    "cadence": ("cadence",),
    "motion": ("motion", "movement", "move"),
    "battery": ("battery", "charge"),
    "sound_level": ("sound level", "noise", "loud"),
}
STATISTIC_WORDS = {
    "highest": ("highest", "maximum", "max", "peak", "top", "fastest", "how high", "most"),
    "lowest": ("lowest", "minimum", "min", "slowest", "least", "how low"),
    "total": ("total", "how many", "altogether", "in all"),
    "mean": ("mean", "average", "typical", "usual"),
}
_SHOPPING = re.compile(r"\b(shop\w*|buy\w*|grocer\w*|store|\w*market)\b")
_LIST = re.compile(r"\b([a-z]{2,32})(?:'s)? list\b")
_NO_NAMES = frozenset("the my our your this that a any which what whole full complete to".split())
Parser = Callable[[str, Context], object | None]


def fill(names: list[str], sentence: str, context: Context) -> dict[str, object]:
    """Return what *sentence* says of each argument in *names*; without those it says nothing of."""
    found = {name: PARSERS[name](sentence, context) for name in names if name in PARSERS}
    return {name: value for name, value in found.items() if value is not None}


def spoken(name: str) -> str:
    """Return the pattern of what may stand for the argument *name* in an example."""
    words = {"signal": SIGNAL_WORDS, "statistic": STATISTIC_WORDS}.get(name)
    if words is None:
        return ".{1,64}"
    every = sorted((one for also in words.values() for one in also), key=len, reverse=True)
    return "|".join(re.escape(one) for one in every)


def signal(sentence: str, _: Context) -> str | None:
    """Return the signal whose longest name is in *sentence*."""
    if sentence in SIGNALS:
        return sentence
    return _longest(sentence, SIGNAL_WORDS)


def statistic(sentence: str, _: Context) -> str | None:
    """Return the statistic that *sentence* asks for."""
    return _longest(sentence, STATISTIC_WORDS)


def list_name(sentence: str, context: Context) -> str | None:
    """Return the wearer's list that *sentence* names; shopping and groceries are one."""
    text = sentence.lower()
    for name in sorted(context.lists):
        if name.lower() in text:
            return name
    if _SHOPPING.search(text):
        return "grocery"
    named = _LIST.search(text)  # one that there is not: better to say so than to read another
    return named[1] if named and named[1] not in _NO_NAMES else None


def _longest(sentence: str, words: dict[str, tuple[str, ...]]) -> str | None:
    text = sentence.lower()
    found = [
        (len(word), name)
        for name, spoken in words.items()
        for word in spoken
        if re.search(rf"\b{re.escape(word)}\b", text)
    ]
    return max(found)[1] if found else None


PARSERS: dict[str, Parser] = {
    "signal": signal,
    "statistic": statistic,
    "window": windows.find,
    "period": windows.planned,
    "list_name": list_name,
}
