"""The words that a sentence around facts may have, and the facts that each goes with.  Pure.

NEUTRAL words claim nothing.  Every other word belongs to facts: by the fact's own name, by its
theme (TOPICS) or by its role in it (ROLES).  What is not here cannot be said by a model: numbers,
units, times, comparisons, negations, names.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from agent.wording.tables import MARKED, PLAIN, ROLES, THEMES

STATISTICS: dict[str, tuple[str, ...]] = {
    "average": ("average", "mean", "typical", "usual", "on average"),
    "highest": ("highest", "maximum", "max", "peak", "top"),
    "lowest": ("lowest", "minimum", "min", "bottom"),
    "newest": ("", "current", "latest", "newest", "last"),
    "total": ("total", "overall", "whole"),
}
"""Each statistic as it is named in a fact, and how people ask for it."""
SIGNALS: dict[str, tuple[str, ...]] = {
    "heart rate": ("heart rate", "pulse", "heartbeat", "bpm", "heart", "beats per minute"),
    "heart rate variability": ("heart rate variability", "hrv", "variability"),
    "skin temperature": ("skin temperature", "temperature", "skin temp"),
    "electrodermal": ("electrodermal activity", "skin conductance"),
    "oxygen": ("oxygen", "blood oxygen", "oxygen saturation", "spo2", "saturation"),
    "respiration": ("respiration", "breathing rate", "breathing", "breaths per minute"),
    "steps": ("steps", "step count"),
    "cadence": ("cadence", "steps per minute"),
    "motion": ("motion", "movement"),
    "battery": ("battery", "charge", "battery level"),
    "sound level": ("sound level", "noise level", "loudness", "noise"),
    "time between beats": ("time between beats", "beat interval"),
    "stress": ("stress", "stress level", "stress score"),
}
"""Each signal as it is named in a fact, and how people ask for it."""
NEUTRAL = frozenset(
    """
    a an the you your you're you've it it's its that that's this these those there here which what
    is are was were be been being has have had having and or but so with of as in on at i by for
    one's while me my
    """.split()
)
MINE = frozenset(
    """
    have see count trace think counted measured measure make note noted found find read added add
    hold held keep kept will cancelled took put removed crossed changed dropped mean suspect
    deleted set
    """.split()
)
"""What carpal says of itself: "I counted {steps}"."""
BEFORE = frozenset("from since to until till".split())
"""Prepositions that give the fact right after them a role."""
LEADING = BEFORE | frozenset("at in for of by".split())
"""Prepositions that belong to the fact right after them."""
AMOUNTING = frozenset("come comes came amounts amounted ran adds".split())
"""After these a "to" gives no role: "Your sleep came to {asleep}"."""
ADVICE = frozenset(
    """
    take easy be gentle kind yourself slow breath breaths breathe walk short fresh air glass water
    stretch rest pause nap drink sip stand move how about would could might help perhaps maybe try
    some calm start go little quick outside out to please stroll legs feet shoes ear ears earplugs
    plugs plug charger charge window back step coat keys bag door gently fancy block stairs roll
    shoulders sit thirsty dim lights book screen aside put fetch round find fill way off get want
    moving hello hey begin do feel like hand tap noted done think shall look need count
    """.split()
)
"""What a nudge may suggest in a clause that has no fact."""
TRANSPARENT = frozenset(("when", "sure"))
"""Facts that say of another one when it holds, or how surely: words look past them."""
RELATIVE = frozenset(("when", "sure", "compared with usual"))
"""Facts that are said of the theme of the others."""
_RELATIVE = (
    "comes come came sits makes made compared set against stands reads out from measured counted "
    "figure figures reading measurement taken mean talking count"
)


@lru_cache(maxsize=1024)
def marks_of(fact: str) -> frozenset[str]:
    """Return the words of which one must stand beside *fact*; none where it says what it is."""
    if fact in PLAIN:
        return frozenset()
    if fact in MARKED:
        return frozenset(MARKED[fact].split())
    signal, statistic = _signal_in(fact), fact.partition(" ")[0]
    if signal is not None and statistic in ("highest", "lowest", "average"):
        return frozenset((statistic, *_REACHED[statistic].split()))
    return words_of(fact).union(*(_words_of_theme(n) for n in _themes_of(fact)))


@lru_cache(maxsize=1024)
def words_of(fact: str) -> frozenset[str]:
    """Return the words that go with the fact called *fact*: of its name and role.

    A name that nobody here knows brings its words, but none that denies, compares or counts.
    """
    found = set(re.findall(r"[a-z']+", fact.lower())) - CLAIMS | set(ROLES.get(fact, "").split())
    if fact in RELATIVE:
        found |= set(_RELATIVE.split())
    signal = _signal_in(fact)
    if signal is not None:
        found |= set(_MEASURED.split()) | {w for name in SIGNALS[signal] for w in name.split()}
        found |= set(_REACHED.get(fact.split(maxsplit=1)[0], "").split())
    return frozenset(found)


def theme_among(fact: str, names: Sequence[str]) -> frozenset[str]:
    """Return the words of the themes of *fact*; of a since or due those that *names* share."""
    themes = _themes_of(fact)
    shared = [t for t in themes if any(n != fact and t in _themes_of(n) for n in names)]
    kept = shared or themes if fact in _SHARED else themes
    return frozenset[str]().union(*(_words_of_theme(t) for t in kept))


def alike(one: str, other: str) -> bool:
    """Return whether both facts are of one theme, or of none, or of the same signal."""
    if _signal_in(one) or _signal_in(other):
        return _signal_in(one) == _signal_in(other)
    mine, others = _themes_of(one), _themes_of(other)
    return bool(set(mine) & set(others)) or not (mine or others)


def has_usual(fact: str) -> bool:
    """Return whether *fact* is something that can be compared with its usual."""
    return fact in _COMPARED or _signal_in(fact) is not None or not _themes_of(fact)


def known(fact: str) -> bool:
    """Return whether *fact* is of a theme or a signal, and no third party's."""
    return bool(_themes_of(fact)) or _signal_in(fact) is not None or fact in RELATIVE


@lru_cache(maxsize=1024)
def _themes_of(fact: str) -> tuple[int, ...]:
    return tuple(n for n, (_, facts) in enumerate(THEMES) if fact in facts.split("/"))


@lru_cache(maxsize=64)
def _words_of_theme(number: int) -> frozenset[str]:
    return frozenset(THEMES[number][0].split())


_SHARED = frozenset(("since", "due", "time left"))
_COMPARED = frozenset(
    """
    asleep/bedtime/wake time/usual sleep/steps/stress/time in meetings/meetings/load/heart rate
    """.strip().split("/")
)
CLAIMS = frozenset(
    """
    no not never none nothing without less least more most fewer higher lower better worse above
    below under over than only hardly barely half twice double zero one two three four five six
    seven eight nine ten second third today yesterday tomorrow tonight now soon
    """.split()
)
"""Words that no fact's name lends to a sentence."""
_MEASURED = "measured measure comes came come see reads read stands shows showed sits sat at was"
_REACHED = {
    "highest": "peak peaked reached rose topped climbed maximum top to up",
    "lowest": "minimum fell dropped reached down sank dipped bottom to",
    "average": "averaged mean",
    "newest": "current latest last now to",
    "total": "total all counted sum",
}


def _signal_in(fact: str) -> str | None:
    statistic, _, name = fact.partition(" ")
    if statistic in STATISTICS and name in SIGNALS:
        return name
    return fact if fact in SIGNALS else None
