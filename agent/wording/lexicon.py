"""The words that a sentence around facts may have, and the facts that each goes with.  Pure.

NEUTRAL words claim nothing.  Every other word belongs to facts: by the fact's own name, by its
theme (TOPICS) or by its role in it (ROLES).  What is not here cannot be said by a model: numbers,
units, times, comparisons, negations, names.
"""

import re
from functools import lru_cache

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
    one's while me
    """.split()
)
MINE = frozenset(
    """
    have see count counted measured measure make note noted found find read added add hold held
    keep kept will cancelled took put removed crossed changed dropped mean suspect deleted set
    """.split()
)
"""What carpal says of itself: "I counted {steps}"."""
BEFORE = frozenset("from since to until till before after past than over under between".split())
"""Prepositions that give the fact right after them a role."""
AMOUNTING = frozenset("come comes came amounts amounted".split())
ADVICE = frozenset(
    """
    take easy be gentle kind yourself slow breath breaths breathe walk short fresh air glass water
    stretch rest pause nap drink sip stand move how about would could might help perhaps maybe try
    some calm start go little quick outside out to please stroll legs feet shoes ear ears earplugs
    plugs plug charger charge window back step coat keys bag door gently fancy block stairs roll
    shoulders sit thirsty dim lights book screen aside put fetch round find fill way off get want
    moving hello hey begin do feel like hand tap noted done think shall look need gather things
    """.split()
)
"""What a nudge may suggest in a clause that has no fact."""
TRANSPARENT = frozenset(("when", "sure"))
"""Facts that say of another one when it holds, or how surely: words look past them."""
RELATIVE = frozenset(("when", "sure", "compared with usual", "level"))
"""Facts that are said of the theme of the others."""
_RELATIVE = (
    "comes come came sits makes made compared set against stands reads out from measured counted "
    "figure figures reading measurement taken mean talking count"
)
# Theme: its words, and the facts that belong to it.
_THEMES: tuple[tuple[str, str], ...] = (
    (
        "sleep slept asleep sleeping bed night rest",
        "asleep/bedtime/wake time/usual sleep/asleep needed",
    ),
    (
        "walked walking walk counted count legs feet taken took steps step",
        "steps/goal/left to goal",
    ),
    ("chair seated sat sit sitting", "sitting"),
    ("place", "place/since/stayed/thing"),
    (
        "list lists items item buy get need needs shopping basket put pick grab store",
        "items/count/list/aisle order/added/removed",
    ),
    (
        "meeting meetings calendar diary starts ends way room there's",
        "meeting/start/end/room/time until/with whom/travel time/first meeting",
    ),
    (
        "meeting meetings calendar diary day them they",
        "meetings/time in meetings/titles/longest/next free",
    ),
    ("stress", "stress/level/since/cause"),
    (
        "reminder reminders remind asked remember",
        "reminders/reminder list/next reminder/reminder/due/cancelled",
    ),
    ("timer timing", "time left/timer/ends at"),
    ("medicine dose take took taken taking pill tablet", "medicine/dose/due/taken at"),
    ("parked park car left", "parked at/since/distance"),
    ("met person", "name/relation/last met/note"),
    ("training workout load recovery body trained", "load/recovery/last workout/workout"),
    ("sound noise loud heard ears level", "loudest/time in noise"),
    ("home house room door lights light temperature", "room temperature/front door/lights on"),
    (
        "messages message held waiting notifications wrote",
        "messages/senders/urgent/held during/latest",
    ),
    ("day", "places/visits/highest stress/steps/workout/meetings/asleep"),
    ("heart pulse rate rest resting reads read", "heart rate/usual heart rate"),
    ("battery power charge charger leaves left within", "battery/time left"),
)
_ROLES: dict[str, str] = {
    "asleep": (
        "got get gave came comes come makes made ran all sum behind spent slept began carried start"
    ),
    "bedtime": "from when went go turned turn got bed between began fell asleep down keep puts off",
    "wake time": "woke wake waking awake up got get ended end until till to eyes opened when",
    "usual sleep": "usual rule normally get comes next set against",
    "asleep needed": "need needs get gives give room to",
    "steps": "done made today's covered come comes stand stands from got did shoes legs came",
    "goal": "goal aiming set target reach aim to left asks",
    "left to goal": (
        "left remain remaining go goal reach still between leaves remains to missing away stand"
    ),
    "sitting": "makes comes stretch legs chair sat",
    "place": "from found left near arrived to place where got walked kept may",
    "since": (
        "since from came got arrived began started when where stayed same drink drank glass dry "
        "stress parked tense go"
    ),
    "stayed": "stayed spent makes comes all how total stay counting",
    "items": "list says namely written left buy out where",
    "count": (
        "makes leaves comes holds left all counted count list things total altogether remain to "
        "wanted"
    ),
    "list": "list off to from added changed am reading lost aisle order",
    "aisle order": "order aisle aisles go walk through begin start route shop follow",
    "added": "added put noted went goes done list gone joined now",
    "removed": "removed off took taken crossed out gone went struck rid done lost",
    "meeting": (
        "next goes come comes called begin begins coming ahead up follows then waiting will off "
        "go leave set way reach get until to"
    ),
    "start": "starts start begins begin from kicks opens runs when starting beginning",
    "end": "ends end until till to finishes finish over runs goes closes ending when finished come",
    "room": "room to place takes held where go meet waiting get make want reach opens",
    "time until": (
        "until starts begins start left before away go within to remain remains expects get"
    ),
    "with whom": "meet meeting see join joined together will",
    "travel time": "takes take away travel journey trip road need way leave to",
    "first meeting": (
        "first begin begins start starts comes opens waiting then day meeting began started "
        "opened went"
    ),
    "meetings": (
        "shows show counts count lists see come comes holds hold booked went through sat held "
        "opened run asked"
    ),
    "time in meetings": (
        "take took spend spent all time total comes come came fill filled makes adds after goes "
        "sat gave behind"
    ),
    "titles": "namely called they lists named",
    "longest": "longest takes lasted took one biggest",
    "next free": "free gap slot open next room breathing comes window between",
    "stress": "reads read stands stand comes make measured measures level shows to",
    "level": "level seems see went looks put sits stands reads why tense",
    "cause": (
        "cause causes behind comes from due to put down like likely suspect perhaps linked "
        "reason may looks trace why"
    ),
    "reminders": "hold holding kept set pending waiting noted",
    "reminder list": "namely noted kept set they to wanted",
    "next reminder": "next comes first up coming then says",
    "reminder": "set will remind about noted written to kept tell told done",
    "due": "due set will remind tell come comes hear from until rings asked noted kept take when",
    "cancelled": "cancelled dropped gone off removed deleted crossed taken struck",
    "time left": (
        "left remain remains to go rings done leaves still remaining until gives within find "
        "charger"
    ),
    "timer": "timer running runs called set rings left go until",
    "ends at": "ends end rings ring until runs done goes off finishes to stops",
    "medicine": "called time due dose to waiting asked please mention ready",
    "dose": "dose amount each one due please ready",
    "taken at": "took taken last when swallowed",
    "parked at": "find stands car parked to look",
    "distance": "away from walk distance far off to go",
    "name": "name called meet speaking talking last about note know person",
    "relation": "related know contacts say",
    "last met": "met last saw seen whom",
    "note": "note noted wrote remember about says notes who",
    "load": "load came felt measured",
    "recovery": "recovered recovery stands back reads stood put",
    "last workout": "last did workout behind",
    "workout": "did went out moved exercise got fitted",
    "loudest": "loudest peak peaked reached reaches loud to came got peaks peaking around",
    "time in noise": "spent noise loud time all",
    "room temperature": "reads stands warm room inside",
    "front door": "door front",
    "lights on": "lit burning light",
    "messages": "got came come arrived waiting kept hold held all sent they",
    "senders": "from sent wrote heard they came come",
    "urgent": "urgent pressing matters look first attention see marked please needs",
    "held during": "during held kept back over they came come",
    "latest": "latest last newest came reads from says",
    "places": "went visited places to spent time took moved between way led saw",
    "visits": "visited visits saw dropped met came went made make paid",
    "highest stress": "stress peaked highest peak reached came to point out topped",
    "thing": "left behind check forgotten still look think looks bag kept stayed may",
    "heart rate": "heart rate pulse see reads measured beats",
    "walk": "try would out fresh air go step suit could help outside walking take",
    "usual heart rate": "usual beside where next to comes",
    "battery": "battery power reads stands charge left plug my",
    "when": "over",
}
# A value that could be taken for another one's is said only beside a word that tells which it is.
_MARKED: dict[str, str] = {
    "bedtime": "bed bedtime from fell turned turn began asleep lights down",
    "wake time": "woke wake waking awake up ended end until till to eyes got",
    "usual sleep": "usual rule normally",
    "asleep needed": "need needs to gives",
    "goal": "goal aiming target aim",
    "left to goal": "left remain remaining remains go away missing still leaves between to",
    "since": "since from got arrived came began started parked drink drank dry",
    "start": "starts start begins begin from kicks opens runs starting at beginning to",
    "end": "ends end until till to finishes finish over closes ending finished out",
    "time until": "until in start starts begins left away go have within remain remains",
    "travel time": "takes take travel way journey trip road need away",
    "longest": "longest biggest",
    "next free": "free gap slot open room between",
    "due": "due set will remind until by noted asked rings for tell is",
    "taken at": "took taken had last swallowed",
    "ends at": "ends end rings ring until done goes finishes to stops",
    "distance": "away walk distance far off go here from",
    "last met": "met last saw seen",
    "recovery": "recovered recovery",
    "load": "load training trained",
    "last workout": "last did workout",
    "loudest": "loudest peak peaked peaks peaking reached reaches around here",
    "time in noise": "noise loud spent",
    "room temperature": "room temperature warm inside",
    "battery": "battery power charge",
    "urgent": "urgent pressing first attention matters",
    "latest": "latest last newest",
    "highest stress": "peaked highest peak reached topped",
    "first meeting": "first begin begins start starts began started opened opens open",
    "usual heart rate": "usual",
    "stayed": "been here stayed spent stay total",
    "time left": "left remain remains go rings done leaves still remaining until time within",
    "sitting": "sitting sat seated chair stretch sit",
    "added": "added put on noted went joined list",
    "removed": "removed off out crossed gone struck rid lost took",
    "cancelled": "cancelled dropped gone removed deleted crossed off",
    "cause": "cause causes behind from due to likely suspect perhaps reason looks trace why put",
}
PLAIN = frozenset(
    """
    place items count list meeting room meetings titles stress level reminders
    """.split()
) | {
    "aisle order", "with whom", "compared with usual", "reminder list", "next reminder", "reminder",
    "medicine", "dose", "parked at", "name", "relation", "note", "front door", "lights on",
    "messages", "senders", "held during", "places", "visits", "workout", "thing", "steps", "walk",
    "timer", "when", "sure", "urgent", "last workout", "first meeting", "last met",
}  # fmt: skip
"""Facts whose values say themselves what they are: "4 meetings", "38 min less than usual"."""


@lru_cache(maxsize=1024)
def marks_of(fact: str) -> frozenset[str]:
    """Return the words of which one must stand beside *fact*; none where it says what it is."""
    if fact in PLAIN:
        return frozenset()
    if fact in _MARKED:
        return frozenset(_MARKED[fact].split())
    signal, statistic = _signal_in(fact), fact.partition(" ")[0]
    if signal is not None and statistic in ("highest", "lowest"):
        return frozenset((statistic, *_REACHED[statistic].split()))
    return words_of(fact)


@lru_cache(maxsize=1024)
def words_of(fact: str) -> frozenset[str]:
    """Return the words that go with the fact called *fact*: of its name, theme and role."""
    found = set(re.findall(r"[a-z']+", fact.lower())) | set(_ROLES.get(fact, "").split())
    found |= theme_of(fact)
    if fact in RELATIVE:
        found |= set(_RELATIVE.split())
    signal = _signal_in(fact)
    if signal is not None:
        found |= set(_MEASURED.split()) | {w for name in SIGNALS[signal] for w in name.split()}
        found |= set(_REACHED.get(fact.split(maxsplit=1)[0], "").split())
    return frozenset(found)


@lru_cache(maxsize=1024)
def theme_of(fact: str) -> frozenset[str]:
    """Return the words of the themes that *fact* belongs to."""
    themes = (words for words, facts in _THEMES if fact in facts.split("/"))
    return frozenset(word for words in themes for word in words.split())


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
