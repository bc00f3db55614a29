"""Words, figures and names in a sentence.  Pure."""

import re

STOP = frozenset(
    """
    a about above after again against all almost also always am an and any anybody anyone anything
    are as at away back be became because been before being below between both but by came can
    could day did do does doing done down during each either else enough even ever every everybody
    everyone everything few first for from further get gets getting give given go goes going good
    got had has have having he hello her here hers him his how i if in into is it its itself just
    know known last later least less let like likes little long look lot made main make makes many
    may me mean means might mine more most much must my need never next nice no nobody none nor
    not nothing now of off often oh ok okay old on once one only onto or other others our out over
    own part people per perhaps please put quite rather really right said same say says second see
    seem seen she should since so some somebody something soon still such sure take taken tell than
    thank thanks that the their them then there therefore these they thing things think this those
    three though through time to today together told too took two um uh under until up upon us use
    used very want was way we well went were what when where whether which while who whole whom
    whose why will with within without would year years yes yesterday yet you your yours hmm
    didn't don't doesn't isn't wasn't won't can't it's that's there's let's i'm you're we're they're
    i've you've we've they've i'll you'll we'll they'll he's she's
    """.split()
)
NEGATIONS = frozenset(
    "no not never nobody none nothing neither nor without cannot hardly "
    "don't doesn't didn't isn't aren't wasn't weren't won't can't couldn't shouldn't "
    "wouldn't haven't hasn't hadn't".split()
)
_UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_ORDINALS = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
        "thirteenth".split(),
        start=1,
    )
} | {"half": 0.5, "twice": 2, "dozen": 12, "twentieth": 20, "thirtieth": 30}
SPELLED = frozenset((*_UNITS, *_TENS, *_SCALES, *_ORDINALS))
MONTHS_AND_DAYS = frozenset(
    "January February March April May June July August September October November December "
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*|\d+(?:[.,:]\d+)*")
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")


def words(text: str) -> list[str]:
    """Return the words and figures of *text*, in lower case."""
    return [word.replace("\u2019", "'").lower() for word in _WORD.findall(text)]


def stem(word: str) -> str:
    """Return *word* without the commonest endings, so that "bridges" is "bridge"."""
    for ending, rest in (("'s", ""), ("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return (word.removesuffix(ending) + rest).rstrip("e")
    return word.rstrip("e") if len(word) > 3 else word


def content(text: str) -> list[str]:
    """Return the stems of the words of *text* that carry its meaning."""
    return [stem(word) for word in words(text) if word not in STOP and len(word) > 1]


def figures(text: str) -> set[str]:
    """Return the numbers of *text* as digits, those that are spelled out too."""
    found = {_plain(one) for one in _FIGURE.findall(text)}
    run: list[str] = []
    for word in (*(part for one in words(text) for part in one.split("-")), ""):
        if word in _UNITS or word in _TENS or (run and word in (*_SCALES, "and")):
            run.append(word)
            continue
        found.update(_told(value) for value in _values(run))
        run = []
        if word in _ORDINALS:
            found.add(_told(_ORDINALS[word]))
    return found


def _values(run: list[str]) -> list[float]:
    """Return the numbers in a run of number words: "two hundred and five", "seven thirty"."""
    found: list[float] = []
    total = group = 0
    begun = False
    for word in run:
        if word in _SCALES:
            scale = _SCALES[word]
            group = (group or 1) * scale
            total, group = (total, group) if scale == 100 else (total + group, 0)
        elif word == "and":
            if group < 100 and not total:
                found, begun = ([*found, total + group], False) if begun else (found, False)
                total = group = 0
        else:
            value = _UNITS.get(word, _TENS.get(word, 0))
            if begun and (group % 10 or (group % 100 and (value > 9 or not value))):
                found.append(total + group)
                total = group = 0
            group, begun = group + value, True
    return [*found, total + group] if begun else found


def names(text: str) -> set[str]:
    """Return the words of *text* that are written as names: a capital not at a beginning."""
    found = set()
    for match in re.finditer(r"[^\W\d_][\w'\u2019-]*", text):
        before = text[: match.start()].rstrip("\"'\u201c\u2018([ ")
        begins = not before or before[-1] in ".!?:\u2026"
        word = match[0].removesuffix("'s").removesuffix("\u2019s")
        if word[0].isupper() and not begins and word != "I" and not word.startswith("I'"):
            found.add(word)
    return found


def _plain(figure: str) -> str:
    grouped = re.fullmatch(r"\d{1,3}(?:,\d{3})+", figure)
    return figure.replace(",", "") if grouped else figure.strip(".,:")


def _told(value: float) -> str:
    return f"{value:g}" if value < 1e6 else f"{value:.0f}"
