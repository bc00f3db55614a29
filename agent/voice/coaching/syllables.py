"""How many syllables a word has.  Pure.

One for each vowel of its pronunciation in the CMU dictionary (Weide 1998), where that is there;
else one for each group of written vowels, a mute e left out.
"""

import re
from collections.abc import Callable, Sequence

Pronounced = Callable[[str], tuple[str, ...]]
"""A word's phonemes (ARPAbet, without stress); () where they are not known."""
VOWELS = frozenset("AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW".split())
_GROUP = re.compile(r"[aeiouy]+")
_MUTE = re.compile(r"(?<=[^aeiouy])(?:e|es|ed)$")
_WORD = re.compile(r"[a-z']+")


def syllables(word: str, pronounced: Pronounced | None = None) -> int:
    """Return the syllables of *word*, at least one; 0 for what has no letter."""
    count = 0
    for part in _WORD.findall(word.lower().replace("\u2019", "'")):
        sounds = pronounced(part) if pronounced is not None else ()
        spoken = sum(sound in VOWELS for sound in sounds)
        count += spoken or max(1, len(_GROUP.findall(_unmuted(part))))
    return count


def of_all(words: Sequence[str], pronounced: Pronounced | None = None) -> int:
    """Return the syllables of all *words*."""
    return sum(syllables(word, pronounced) for word in words)


def _unmuted(word: str) -> str:
    heard = word.endswith(("ted", "ded", "ses", "ces", "ges", "zes", "ches", "shes", "le"))
    return word if heard else _MUTE.sub("", word)
