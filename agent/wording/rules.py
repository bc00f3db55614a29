"""What may not be said of a fact though every word of it could be: `You left {place}`.  Pure.

The lexicon knows which words go with a fact; here are the pairs of them that turn it round.
"""

import itertools
import re
from collections.abc import Sequence
from typing import NamedTuple

from agent.wording import lexicon
from agent.wording.clauses import Clause

_POINTS = frozenset(
    ("bedtime", "wake time", "start", "end", "since", "due", "taken at", "ends at", "last met")
)
_LENGTHS = frozenset(
    """
    asleep/usual sleep/asleep needed/stayed/time until/time left/travel time/sitting/
    time in meetings/time in noise/walk/distance/left to goal/goal
    """.replace("\n", "")
    .replace("    ", "")
    .split("/")
)
_AHEAD = frozenset(
    (
        *("meeting", "start", "end", "room", "time until", "with whom", "travel time"),
        *("next free", "ends at", "time left", "next reminder", "left to goal"),
    )
)
_NOT_YOU = frozenset(
    (
        *("name", "relation", "note", "medicine", "dose", "reminder", "reminder list", "due"),
        *("meeting", "start", "end", "room", "senders", "front door", "lights on", "thing"),
        *("room temperature", "parked at", "titles", "items", "count", "added", "removed"),
        *("stress", "longest", "next free", "with whom", "timer", "ends at", "time left"),
    )
)
_BE = frozenset("is are was were be been being am it's that's you're there's".split())
_PAST = frozenset("was were had been having did".split())
_GONE = frozenset("over up off out down done gone on open".split())


class Rule(NamedTuple):
    """*words* are a fault in a clause with one of *facts*, without those that make them right."""

    facts: frozenset[str]
    words: frozenset[str]
    beside_facts: frozenset[str]
    beside_words: frozenset[str]

    def fault(self, facts: set[str], words: set[str]) -> str | None:
        """Return what is wrong with a clause of these; None if the rule does not touch it."""
        told, about = self.words & words, self.facts & facts
        if not (told and about) or self.beside_facts & facts or self.beside_words & words:
            return None
        return f"{min(told)!r} makes of {min(about)} what it is not"


def _rule(facts: str, words: str, unless: str = "") -> Rule:
    beside = re.findall(r"\{([^{}]+)\}", unless)
    rest = re.sub(r"\{[^{}]+\}|/", " ", unless)
    return Rule(
        frozenset(facts.split("/")),
        frozenset(words.split()),
        frozenset(beside),
        frozenset(rest.split()),
    )


RULES = (
    _rule("wake time", "bed asleep", "{bedtime} out until till left from ended"),
    _rule("bedtime", "woke awake waking wake", "{wake time}"),
    _rule("asleep", "usual rule normally", "{usual sleep}"),
    _rule("usual sleep", "slept got", "{asleep} usual rule normally"),
    _rule("compared with usual", "usual", "{usual sleep}/{usual heart rate} against"),
    _rule("medicine/dose/due", "took taken had swallowed taking", "{taken at}"),
    _rule("dose", "medicine pill tablet take", "{medicine}/{due} dose"),
    _rule("place", "left near away behind forgotten lost", "{thing}/{parked at}/{distance}"),
    _rule("places", "took", "{time in meetings} you"),
    _rule("goal/steps", "left go remain remaining remains missing away", "{left to goal}"),
    _rule("goal", "walked walking taken took counted", "{steps}/{left to goal}"),
    _rule("left to goal", "walked taken took", "{steps} left"),
    _rule("reminder/reminder list/next reminder", "done told kept me"),
    _rule("next reminder/reminder/reminder list", "timer", "{timer}"),
    _rule("timer", "done", "{time left}/{ends at}"),
    _rule("items/count", "lost bought", "{removed}/{added}"),
    _rule("count/items", "off crossed removed", "{removed}"),
    _rule("items/count", "noted added put", "{added} list basket"),
    _rule("list", "need get buy", "{items}/{count}"),
    _rule("list", "items item", "{items}/{added}/{removed}"),
    _rule("count/items", "aisle order", "{aisle order}"),
    _rule("start/end/time until/meeting", "room", "{room}"),
    _rule("with whom", "goes runs ends", "{meeting}"),
    _rule(
        "meeting/start/end/room/time until/travel time/with whom",
        "meetings",
        "{meetings}/{titles}/{time in meetings}",
    ),
    _rule("urgent", "from", "{messages}/{latest} urgent pressing attention first"),
    _rule("with whom", "meetings at in", "{meeting}/{room}/{start}/{time until} room"),
    _rule("next reminder", "due", "{reminder}/{medicine}"),
    _rule("last met", "from here away in", "{name} met last seen saw"),
    _rule("note/relation", "met last", "{last met}"),
    _rule("parked at", "from away", "{distance}/{since}"),
    _rule("count/aisle order", "items", "{items}/{removed}/{added}"),
    _rule("aisle order", "need get buy", "{items}/{count}"),
    _rule("added", "off lost removed gone crossed struck rid took", "{removed}"),
    _rule("removed", "added put on noted joined", "{added}/{list} off"),
    _rule("cancelled", "set remind kept noted", "{reminder}"),
    _rule("reminder", "cancelled dropped deleted removed", "{cancelled}"),
    _rule("stress", "over down", "{since}/{cause}"),
    _rule("start", "end ends ending until till finish finishes over", "{end}"),
    _rule("end", "start starts starting begin begins kicks", "{start}"),
    _rule("meeting", "gone cancelled over", "{end}"),
    _rule("meeting/first meeting", "up", "next coming first"),
    _rule("with whom", "room starts start begins begin", "{room}/{start}/{meeting}"),
    _rule("meetings/time in meetings/titles", "free gap open", "{next free} opened"),
    _rule("room temperature/lights on", "door front", "{front door}"),
    _rule("front door/lights on", "room temperature warm inside", "{room temperature}"),
    _rule("front door/room temperature", "lights lit light burning", "{lights on}"),
    _rule("last workout/recovery/workout", "load", "{load}"),
    _rule("last workout/load/workout", "recovery recovered", "{recovery}"),
    _rule("load/recovery", "workout last", "{last workout}"),
)
"""A value in another's role, an end that is a beginning, a promise that was kept.

In braces a fact, without them a word: either may stand in the same clause and make it right.
"""
_PAIRS = frozenset(
    (
        *(("behind", "cause"), ("causes", "cause"), ("cause", "cause"), ("will", "reminder")),
        *(
            ("to", "senders"),
            ("wrote", "messages"),
            ("wrote", "senders"),
            ("than", "usual sleep"),
            ("from", "end"),
            ("to", "start"),
        ),
        *(("until", "start"), ("till", "start"), ("to", "bedtime"), ("until", "bedtime")),
        *(
            ("till", "bedtime"),
            ("in", "with whom"),
            ("have", "with whom"),
            ("at", "with whom"),
            ("from", "wake time"),
            ("since", "wake time"),
        ),
    )
)
"""A word and the fact that it may not lead to."""
_YOURS = frozenset((("you", "sent"), ("remind", "me"), ("slept", "me"), ("far", "from")))
"""What the wearer does not do, and nobody to carpal."""
PAIRED = {"start": "end", "bedtime": "wake time"}
"""What begins and what ends: "{start} to {end}" says which is which."""
_TOGETHER = frozenset(
    map(
        frozenset,
        (
            *(("steps", "goal"), ("steps", "left to goal"), ("items", "place"), ("count", "place")),
            *(
                ("stress", "since"),
                ("stress", "cause"),
                ("stress", "level"),
                ("battery", "time left"),
            ),
            *(("meetings", "first meeting"), ("total steps", "goal"), ("list", "place")),
        ),
    )
)
"""Facts of two themes that one clause may have all the same."""
_AFTER = frozenset(
    (
        *(("room", "starts"), ("room", "begins"), ("room", "start"), ("with whom", "starts")),
        *(("room", "ends"), ("room", "opens"), ("with whom", "ends")),
        *(("with whom", "begins"), ("places", "took"), ("with whom", "is"), ("place", "starts")),
        *(("note", "is"), ("note", "called"), ("start", "starts"), ("count", "starts")),
    )
)
"""A fact and the word that may not follow it."""
_FAR = frozenset((("from", "here"), ("to", "go")))
_LEFT = frozenset(("distance", "left to goal", "time left", "time until", "travel time"))
_NOT_YOURS = _POINTS | {"count", "compared with usual", "level", "stress"}
_UNITS = frozenset("beats breaths minute per bpm charge steps dose".split())
_ITEMS_NEED = frozenset("list lists to need needs written down left on get here says note".split())


def broken(clause: Clause) -> str | None:
    """Return what *clause* makes of a fact that it is not; None if it keeps to them."""
    facts, words = set(clause.facts), set(clause.words)
    fault = next(filter(None, (rule.fault(facts, words) for rule in RULES)), None)
    if fault is not None:
        return fault
    if "have" in words and "items" in facts and not words & _ITEMS_NEED:
        return "that the items are there is not known"
    for pair in zip(words_of := clause.words, words_of[1:], strict=False):
        if pair in _YOURS or (pair in _FAR and not facts & _LEFT):
            return f"{' '.join(pair)!r} is the wrong way round"
    checks = (_time_fault, _mixed_fault, _order_fault, _lead_fault, _being_fault)
    return next(filter(None, (check(clause) for check in checks)), None)


def _time_fault(clause: Clause) -> str | None:
    past = _PAST.intersection(clause.words)
    ahead = [fact for fact in clause.facts if fact in _AHEAD]
    if past and ahead and len(ahead) == len(clause.facts):
        return f"{min(past)!r} makes {ahead[0]} a thing of the past"
    return None


def _mixed_fault(clause: Clause) -> str | None:
    """Return the fault of facts in one clause that do not belong together."""
    solid = [fact for fact in clause.facts if fact not in lexicon.RELATIVE]
    for one, other in itertools.combinations(solid, 2):
        if not (lexicon.alike(one, other) or frozenset((one, other)) in _TOGETHER):
            return f"{one} and {other} are not of one thing"
    return None


def _order_fault(clause: Clause) -> str | None:
    for here, after in itertools.pairwise(clause.tokens):
        if here.word == "your" and after.fact in _NOT_YOURS:
            return f"'your' is not said of {after.fact}"
        if here.fact and ((here.fact, after.word) in _AFTER or after.word in _UNITS):
            return f"{after.word!r} does not follow {here.fact}"
    return None


def _lead_fault(clause: Clause) -> str | None:
    for place, token in enumerate(clause.tokens):
        fact = clause.leads(place) if token.word else ""
        if not fact:
            continue
        if token.word in ("over", "past", "under", "than"):
            return f"{token.word!r} compares {fact}"
        if fact == "compared with usual" and token.word in lexicon.LEADING - {"to", "of", "for"}:
            return f"{token.word!r} makes a time of a comparison"
        late = token.word == "in" and fact in _POINTS
        long = token.word in ("at", "since", "by", "from") and fact in _LENGTHS
        if late or long or (token.word, fact) in _PAIRS:
            return f"{token.word!r} does not lead to {fact}"
        if token.word in ("but", "my", "me"):
            return f"{token.word!r} makes of {fact} what it is not"
    return None


def _being_fault(clause: Clause) -> str | None:
    tokens = clause.tokens
    words = [token.word for token in tokens]
    for here, after, then in zip(words, words[1:], range(2, len(words)), strict=False):
        if here != "you" or after not in ("are", "were"):
            continue
        place = then if words[then] in ("in", "at", "on") else then - 1
        fact = clause.leads(place)
        if fact in _NOT_YOU:
            return f"'you {after}' is not said of {fact}"
    ended = len(words) > 1 and words[-1] in _GONE and words[-2] in _BE
    if ended and not {"added", "removed", "cancelled", "lights on"} & set(clause.facts):
        return f"'{words[-2]} {words[-1]}' is a claim of its own"
    return None


def spoken_first(tokens: Sequence[str]) -> bool:
    """Return whether the words after a first fact are of it: "{start} is when it begins"."""
    return tokens[:1] in (["is"], ["was"], ["are"], ["were"]) and tokens[1:2] in (
        ["when"], ["what"], ["where"], ["which"], ["how"],
    )  # fmt: skip
