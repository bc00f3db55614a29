"""What our adapted model is examined on: questions of an author it never saw, and who judges it.

Authors coincide: what another one asked in the same words, or named the same, was trained on and
is left out here.  One thing is not independent: of the checkpoints of a training run that one is
kept which does best on this author's questions (`data/adapter/train.py`).

The judge is no part of the guard and knows none of its words: it looks for what a sentence around
facts may not have (a figure, a time, a unit, a comparison, a negation of its own, a fact that is
not there) and for the facts that were asked.
"""

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from agent.errors import DecodeError
from agent.evaluate.rows import ALWAYS, Generator, Row
from agent.shipped import shipped
from agent.texts import NAMED, Family, Said, Text, examined, names_in, read
from agent.wording import prompts

INVENTED = "x "
"""Families of this beginning are their author's own invention."""
INVENTIONS_SHARE = 0.2
MISSING_SHARE = 0.08
NOISY_SHARE = 0.15
_FORBIDDEN = {
    "number": """
        zero one two three four five six seven eight nine ten eleven twelve dozen half both twice
        hundred thousand third couple several many few
    """,
    "time": """
        today tonight yesterday tomorrow now soon already still yet ago later earlier early late
        always often morning evening afternoon noon midnight monday friday sunday
    """,
    "unit": "hours hour minutes min seconds km metres bpm percent degrees kg points points",
    "comparison": """
        more less fewer most least higher lower highest lowest better worse longer shorter
        above below under than
        enough well good bad great nearly almost only too up down
    """,
    "negation": "no not never none nothing without hardly nor neither cannot lack fail failed",
}
_CLAUSE = re.compile(r"[,;:.!?]| and | while ")
_TELLING = frozenset(
    "bedtime wake usual goal left end ends start due taken longest free highest lowest average "
    "newest added removed cancelled loudest urgent latest recovery load cause dose".split()
)
"""Words of names that say a role: beside another fact's value they give it the wrong one."""
_WORDS = {word: kind for kind, words in _FORBIDDEN.items() for word in words.split()}


def authors() -> list[Text]:
    """Return the texts that the adapter was trained on; raise DecodeError where there are none."""
    folder = shipped("adapter/text")
    texts = [read(path) for path in sorted(folder.glob("*.txt"))]
    if not texts:
        raise DecodeError(str(folder), "there is no author's text")
    return texts


def held_out() -> Text:
    """Return the questions of the author whom the adapter never saw; raise DecodeError."""
    return read(_heldout("wordings.txt"))


def held_out_talk() -> Text:
    """Return small talk and passages that the adapter never saw; raise DecodeError."""
    return read(_heldout("talk.txt"))


def _heldout(name: str) -> Path:
    return shipped(f"heldout/{name}")


def unseen(held: Text, texts: Sequence[Text]) -> Text:
    """Return *held* without questions that *texts* ask in the same words.

    Of its inventions those families are left out whose facts *texts* name too.
    """
    asked = {_plain(q.wording) for t in texts for f in t.families.values() for q in f.questions}
    named = {name for t in texts for f in t.families.values() for name in f.facts}
    families = {}
    for name, family in held.families.items():
        fresh = [one for one in family.questions if _plain(one.wording) not in asked]
        known = name.startswith(INVENTED) and named.intersection(family.facts)
        if fresh and not known:
            families[name] = Family(name, fresh, family.answers, family.hints)
    return Text(held.author, families, held.turns, held.notes)


def _plain(wording: str) -> str:
    return " ".join(re.findall(r"[a-z@']+", wording.lower()))


def inventions(held: Text) -> Text:
    """Return the families that *held*'s author invented, each fact with one plain answer."""
    families = {}
    for name, family in held.families.items():
        if name.startswith(INVENTED):
            plain = [Said(frozenset((n,)), f"The {n} is {{{n}}}.") for n in family.facts]
            families[name] = Family(name, family.questions, plain)
    return Text(held.author, families)


def questions(seed: int, count: int) -> Iterator[tuple[str, Row]]:
    """Yield so many questions in the group that each belongs to."""
    texts = authors()
    held = unseen(held_out(), texts)
    draw = random.Random(seed)  # noqa: S311 (an examination, no secret)
    known = Generator([examined(held, texts)], seed, noisy=NOISY_SHARE)
    unknown = Generator([inventions(held)], seed + 1, noisy=NOISY_SHARE)
    while count:
        missing = draw.random() < MISSING_SHARE
        group = "inventions" if draw.random() < INVENTIONS_SHARE else "families"
        row = (unknown if group == "inventions" else known).answer(missing=missing)
        if row.names:  # else there is nothing to word, and no model is asked
            count -= 1
            yield group, row


def judged(text: str, names: Sequence[str]) -> str | None:
    """Return what *text* claims of its own, around the facts *names*; None where it claims nothing.

    A word that a fact's name has is that fact's: "highest" beside {highest heart rate}.
    """
    if text.strip() == prompts.MISSING:
        return None
    found = names_in(text)
    bare = NAMED.sub(" ", text)
    if found - set(names) or re.search(r"\d", bare):
        return "number" if found <= set(names) else "invented fact"
    lent = set(re.findall(r"[a-z]+", " ".join(found).lower()))
    for word in re.findall(r"[a-z]+(?:['\u2019][a-z]+)?", bare.lower()):
        if word.endswith(("n't", "n\u2019t")):
            return "negation"
        if word in _WORDS and word not in lent:
            return _WORDS[word]
    if any(_in_anothers_role(clause, names) for clause in _CLAUSE.split(text)):
        return "role"
    return None if found else "not an answer"


def _in_anothers_role(clause: str, names: Sequence[str]) -> bool:
    """Return whether *clause* has one fact, and beside it a word of another one's name alone."""
    found = NAMED.findall(clause)
    if len(found) != 1 or found[0] in ALWAYS:
        return False
    words = set(re.findall(r"[a-z]+", NAMED.sub(" ", clause).lower()))
    own = set(found[0].lower().split())
    others = {word for name in names if name != found[0] for word in name.lower().split()}
    return bool(words & (others - own) & _TELLING)


def beside_the_question(text: str, asked: Sequence[str]) -> bool:
    """Return whether *text* states facts, and none of those *asked*."""
    found = names_in(text)
    return bool(found) and found.isdisjoint(asked)
