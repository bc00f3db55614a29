"""Arguments in a sentence, found by code and by the wearer's own words.  Pure.

A slot is found by its name, which is that of the field of a tool's arguments.
"""

import re
from collections.abc import Callable, Mapping

from pydantic import BaseModel

from agent.ask import (
    dues,
    items,
    lengths,
    limits,
    medicines,
    notes,
    presences,
    spans,
    todos,
    windows,
    wishes,
)
from agent.context import Context
from agent.signals import SIGNALS

SIGNAL_WORDS = {
    "heart_rate": (
        "heart rate", "heart", "heartbeat", "heartbeats", "pulse", "bpm", "beats per minute",
        "beats a minute", "heartrate", "hr", "ticker", "beating",
    ),
    "hrv_rmssd": (
        "heart rate variability", "hrv", "variability", "rmssd", "heart variability",
        "heartbeat variability",
    ),
    "skin_temperature": (
        "skin temperature", "temperature", "skin", "warm", "temp", "hot", "cold", "feverish",
        "fever", "degrees", "how warm", "how hot", "body heat", "chilly", "warmer", "warmest",
        "hottest", "coldest",
    ),
    "electrodermal": (
        "skin conductance", "electrodermal activity", "electrodermal", "eda", "sweat", "sweating",
        "sweaty", "clammy", "conductance", "galvanic", "skin response", "clammy was my skin",
        "perspiration", "microsiemens", "gsr",
    ),
    "spo2": (
        "blood oxygen", "oxygen saturation", "oxygen", "saturation", "spo2", "sats", "o2",
        "pulse ox", "oxygen level", "oxygenated",
    ),
    "respiration": (
        "breathing rate", "respiration", "breathing", "breathe", "breaths", "breath",
        "respiratory rate", "breaths per minute", "breaths a minute", "puffing", "panting",
        "inhale", "respiration rate",
    ),
    "steps": (
        "steps", "step count", "walked", "walk", "walking", "step", "pedometer", "paces", "on foot",
        "step counter",
    ),
    "cadence": (
        "cadence", "steps per minute", "steps a minute", "step rate", "stride rate", "walking pace",
        "step frequency", "quick were my steps", "stride",
    ),
    "motion": (
        "motion", "movement", "move", "moved", "moving", "active", "activity", "lazy", "fidget",
        "fidgety", "acceleration", "still", "restless", "movements", "physical activity",
    ),
    "battery": (
        "battery", "charge", "power", "juice", "watch empty", "nearly empty", "charged",
        "battery level", "percent left", "charging",
    ),
    "sound_level": (
        "sound level", "noise", "loud", "noise level", "noisy", "louder", "decibels", "decibel",
        "loudest", "quiet", "loudness", "volume", "sound", "racket", "din", "db", "noisiest",
        "quietest",
    ),
    # The first is what is learnt: "resting" there would draw every question about rest.
    "resting_heart_rate": ("rhr", "resting heart rate", "heart rate at rest", "resting rate"),
    "hrv_sdnn": ("sdnn", "hrv sdnn", "heart rate variability sdnn"),
    "body_temperature": (
        "body temperature", "core temperature", "thermometer", "thermometer reading",
    ),
    "speed": ("speed", "ground speed", "metres a second", "kilometres an hour"),
    "stress_score": ("stress reading", "stress number", "device's stress", "watch's stress"),
}  # fmt: skip
STATISTIC_WORDS = {
    "highest": (
        "highest", "maximum", "max", "peak", "top", "fastest", "how high", "most", "peaked",
        "loudest", "hottest", "warmest", "noisiest", "ceiling", "upper", "biggest", "greatest",
        "strongest", "quickest", "topped", "spike", "maxed", "high point", "how loud did it get",
        "hit its peak", "record",
    ),
    "lowest": (
        "lowest", "minimum", "min", "slowest", "least", "how low", "coldest", "quietest", "bottom",
        "dipped", "smallest", "low point", "floor", "bottomed", "weakest", "dip", "coolest",
    ),
    "total": ("total", "how many", "altogether", "in all", "in total", "overall", "sum"),
    "mean": ("mean", "average", "typical", "usual", "averaged", "on average", "typically"),
}  # fmt: skip
_SHOPPING = re.compile(r"\b(shop\w*|buy\w*|grocer\w*|store|\w*market|bought|food|cook\w*)\b")
_LIST = re.compile(r"\b([a-z]{2,32})(?:'s)? list\b")
_PACK = re.compile(r"\b(pack|packed|suitcase|luggage)\b")
_NO_NAMES = frozenset(
    "the my our your this that a any which what whole full complete to of on off from and for "
    "existing current little long please same".split()
)
_TO = re.compile(
    r"\b(?:to|until|till) (?=(?:\d|half|quarter|noon|one|two|three|four|five|six|seven|eight|nine"
    r"|ten|eleven|twelve)\b(?! \w+ (?:later|earlier)))",
    re.I,
)
WILD = ".{1,160}?"  # as little as can be: "since 9 body temperature" is a time and a signal
Parser = Callable[[str, Context], object | None]


def fill(arguments: type[BaseModel], sentence: str, context: Context) -> dict[str, object]:
    """Return what *sentence* says of each of *arguments*; without those it says nothing of."""
    slots = {name: slot_of(arguments, name) for name in arguments.model_fields}
    found = {n: PARSERS[slot](sentence, context) for n, slot in slots.items() if slot in PARSERS}
    return {name: value for name, value in found.items() if value is not None}


def read(
    arguments: type[BaseModel], phrases: Mapping[str, str], context: Context
) -> dict[str, object]:
    """Return what *phrases*, an own one for each argument, say of *arguments*."""
    known = {name: said for name, said in phrases.items() if name in arguments.model_fields}
    found = {n: PARSERS[slot_of(arguments, n)](said, context) for n, said in known.items()}
    return {name: value for name, value in found.items() if value is not None}


def slot_of(arguments: type[BaseModel], name: str) -> str:
    """Return how the argument *name* is read: by its own name, or as its field says."""
    extra = arguments.model_fields[name].json_schema_extra
    return str(extra.get("slot", name)) if isinstance(extra, dict) else name


def spoken(name: str) -> str:
    """Return the pattern of what may stand for the argument *name* in an example."""
    if name == "list_name":
        return r"[\w'-]{1,32}(?: [\w'-]{1,32})?"
    words = {"signal": SIGNAL_WORDS, "statistic": STATISTIC_WORDS}.get(name)
    if words is None:
        return WILD
    every = sorted((one for also in words.values() for one in also), key=len, reverse=True)
    return "|".join(re.escape(one) for one in every)


def signal(sentence: str, _: Context) -> str | None:
    """Return the signal whose longest name is in *sentence*."""
    if sentence in SIGNALS:
        return sentence
    return _longest(sentence, SIGNAL_WORDS)


def statistic(sentence: str, _: Context) -> str | None:
    """Return the statistic that *sentence* asks for; only steps are counted with "how many"."""
    found = _longest(sentence, STATISTIC_WORDS)
    counted = found == "total" and _longest(sentence, SIGNAL_WORDS) not in ("steps", None)
    return None if counted else found


def list_name(sentence: str, context: Context) -> str | None:
    """Return the wearer's list that *sentence* names; shopping and groceries are one."""
    text = " ".join(sentence.lower().split())
    if todo := todos.named(text, context):
        return todo
    named = [one for one in _LIST.findall(text) if one not in _NO_NAMES]
    if named:  # one that there is not: better to say so than to read another
        return "grocery" if _SHOPPING.match(named[-1]) else named[-1]
    for name in context.list_names:
        if re.search(rf"\b(?:for|to|on|onto|in|off|from|the|my) {re.escape(name.lower())}\b", text):
            return name
        if text == name.lower():
            return name
    if "packing" in context.list_names and _PACK.search(text):
        return "packing"
    return "grocery" if _SHOPPING.search(text) else None


def due(sentence: str, context: Context) -> dues.When | None:
    """Return when *sentence* wants to be said something."""
    return dues.read(sentence, context).when


def moved(sentence: str, context: Context) -> dues.When | None:
    """Return to when *sentence* wants something moved: "to six" is a time there."""
    return dues.read(_TO.sub("at ", sentence), context).when


def later(sentence: str, context: Context) -> dues.When | None:
    """Return when *sentence* wants something again: "for ten minutes" is how long from now."""
    when = dues.read(sentence, context).when
    length = lengths.length(sentence, context) if when is None else None
    return when if length is None else context.now + length


def _longest(sentence: str, words: dict[str, tuple[str, ...]]) -> str | None:
    text = sentence.lower()
    found = [
        (len(word), name)
        for name, spoken in words.items()
        for word in spoken
        if word in text and re.search(rf"\b{re.escape(word)}\b", text)
    ]
    return max(found)[1] if found else None


PARSERS: dict[str, Parser] = {
    "signal": signal,
    "statistic": statistic,
    "window": windows.find,
    "period": windows.planned,
    "spans": spans.spans,
    "list_name": list_name,
    "items": items.items,
    "listed_items": items.listed,
    "text": notes.text,
    "due": due,
    "moved": moved,
    "later": later,
    "length": lengths.length,
    "label": lengths.label,
    "medicine": medicines.medicine,
    "often": medicines.often,
    "which": notes.which,
    "until": wishes.until,
    "topic": wishes.topic,
    "thing": wishes.thing,
    "spot": wishes.spot,
    "sought": wishes.sought,
    "presence": presences.presence,
    "limits": limits.limits,
    "language": limits.language,
    "place_name": wishes.place_name,
    "sender": wishes.sender,
    "title": wishes.title,
    "meeting_title": wishes.meeting_title,
    "note": wishes.note,
}
