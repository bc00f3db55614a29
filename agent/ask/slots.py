"""Arguments in a sentence, found by code and by the wearer's own words.  Pure.

A slot is found by its name, which is that of the field of a tool's arguments.
"""

import re
from collections.abc import Callable

from agent.ask import windows
from agent.context import Context
from agent.signals import SIGNALS

SIGNAL_WORDS = {
    "heart_rate": ("heart rate", "heart", "pulse", "bpm", "beats per minute"),
    "hrv_rmssd": ("heart rate variability", "hrv", "variability", "rmssd"),
    "skin_temperature": ("skin temperature", "temperature"),
    "electrodermal": ("skin conductance", "electrodermal activity", "electrodermal"),
    "spo2": ("blood oxygen", "oxygen saturation", "oxygen", "spo2"),
    "respiration": ("respiration", "breathing rate", "breathing", "breaths"),
    "steps": ("steps", "step count", "walked"),
    "cadence": ("cadence",),
    "motion": ("motion", "movement"),
    "battery": ("battery", "charge"),
    "sound_level": ("sound level", "noise", "loud"),
}
STATISTIC_WORDS = {
    "highest": ("highest", "maximum", "max", "peak", "top", "fastest", "how high", "most"),
    "lowest": ("lowest", "minimum", "min", "slowest", "least", "how low"),
    "total": ("total", "how many", "altogether", "in all"),
    "mean": ("mean", "average", "typical", "usual"),
}
Parser = Callable[[str, Context], object | None]


def fill(names: list[str], sentence: str, context: Context) -> dict[str, object]:
    """Return what *sentence* says of each argument in *names*; without those it says nothing of."""
    found = {name: PARSERS[name](sentence, context) for name in names if name in PARSERS}
    return {name: value for name, value in found.items() if value is not None}


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
    shopping = re.search(r"\b(shop\w*|buy|grocer\w*|store|market)\b", text)
    return "grocery" if shopping else None


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
    "list_name": list_name,
}
