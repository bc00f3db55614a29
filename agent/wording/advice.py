"""What a clause without a fact may say: a suggestion, a greeting, and nothing about anybody.  Pure.

The words are few (`lexicon.ADVICE`), but some of them make claims of each other: "You need rest".
"""

from agent.wording import lexicon
from agent.wording.clauses import Clause

_ASKING = frozenset("would could might can shall do may".split())
_CLAIMING = frozenset(
    "is are was were am been being had has having it's that's you're you've".split()
)
_QUESTIONED = frozenset("thirsty fancy want need feel like".split())
_EMPTY = frozenset(("it is", "that is", "that is it", "this is it", "here it is", "there it is"))


def fault(clause: Clause) -> str | None:
    """Return why *clause*, which has no fact, may not be said; None if it may."""
    words = clause.words
    strange = [w for w in words if w not in lexicon.NEUTRAL and w not in lexicon.ADVICE]
    if strange:
        return f"{strange[0]!r} stands beside no fact"
    said = " ".join(word for word in words if word not in ("and", "so", "but", "or", "with"))
    if said in _EMPTY:
        return None
    claims = _CLAIMING.intersection(words)
    if claims:
        return f"{min(claims)!r} claims something of no fact"
    if clause.end != "?" and _QUESTIONED.intersection(words):
        return f"{min(_QUESTIONED.intersection(words))!r} is only ever asked"
    return _you_fault(words)


def _you_fault(words: list[str]) -> str | None:
    for place, word in enumerate(words):
        asked = place and words[place - 1] in (*_ASKING, "please", "off")
        pleased = place > 1 and words[place - 2] in _ASKING  # "a walk might please you"
        if word == "you" and not (asked or pleased or "how" in words[:place]):
            return "'you' without a fact is a claim about the wearer"
        if word in ("have", "be", "i") and place and words[place - 1] not in (
            *_ASKING, "please", "to", "and", "so", "or", "maybe", "perhaps", "you",
        ):  # fmt: skip
            return f"{word!r} claims something of no fact"
    return None
