"""How an English word is likely to be spoken, and how alike two sounds are.  Pure.

Phonemes are those of the CMU dictionary (ARPAbet), without stress.  A word that no dictionary has
is spoken by letters: rules for the commonest spellings, in the manner of Elovitz et al. (1976, NRL
report 7948), far fewer.  They need to be near, not right: they are compared, never said aloud.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

WORD_MAX = 40
LINE_MAX = 200
LINES_MAX = 300_000

_SPELLED: Mapping[str, str] = {
    "tion": "SH AH N", "sion": "ZH AH N", "ture": "CH ER", "ough": "AO", "augh": "AO F",
    "eigh": "EY", "igh": "AY", "tch": "CH", "dge": "JH", "sch": "SH", "ous": "AH S",
    "ch": "CH", "sh": "SH", "th": "TH", "ph": "F", "wh": "W", "ck": "K", "ng": "NG", "qu": "K W",
    "gh": "G", "kn": "N", "wr": "R", "ee": "IY", "ea": "IY", "oo": "UW", "ou": "AW", "ow": "OW",
    "oa": "OW", "oi": "OY", "oy": "OY", "ai": "EY", "ay": "EY", "au": "AO", "aw": "AO", "ie": "IY",
    "ei": "EY", "ey": "IY", "ew": "UW", "ue": "UW", "ar": "AA R", "er": "ER", "ir": "ER",
    "or": "AO R", "ur": "ER", "a": "AE", "b": "B", "c": "K", "d": "D", "e": "EH", "f": "F",
    "g": "G", "h": "HH", "i": "IH", "j": "JH", "k": "K", "l": "L", "m": "M", "n": "N", "o": "AA",
    "p": "P", "q": "K", "r": "R", "s": "S", "t": "T", "u": "AH", "v": "V", "w": "W", "x": "K S",
    "y": "IY", "z": "Z",
}  # fmt: skip
_LONG = {"a": "EY", "e": "IY", "i": "AY", "o": "OW", "u": "UW"}
_SOFT = "eiy"

# Manner, place and voice of consonants; height, backness and length of vowels (Ladefoged 2006).
_CONSONANTS: Mapping[str, tuple[str, int, bool]] = {
    "P": ("stop", 0, False), "B": ("stop", 0, True), "T": ("stop", 3, False),
    "D": ("stop", 3, True), "K": ("stop", 6, False), "G": ("stop", 6, True),
    "CH": ("affricate", 4, False), "JH": ("affricate", 4, True),
    "F": ("fricative", 1, False), "V": ("fricative", 1, True), "TH": ("fricative", 2, False),
    "DH": ("fricative", 2, True), "S": ("fricative", 3, False), "Z": ("fricative", 3, True),
    "SH": ("fricative", 4, False), "ZH": ("fricative", 4, True), "HH": ("fricative", 7, False),
    "M": ("nasal", 0, True), "N": ("nasal", 3, True), "NG": ("nasal", 6, True),
    "L": ("liquid", 3, True), "R": ("liquid", 4, True), "W": ("glide", 0, True),
    "Y": ("glide", 5, True),
}  # fmt: skip
_VOWELS: Mapping[str, tuple[float, float]] = {
    "IY": (0, 0), "IH": (1, 0.5), "EY": (1.5, 0.3), "EH": (2.5, 0.5), "AE": (3.5, 0.5),
    "AA": (4, 3), "AO": (3, 4), "OW": (2, 4), "UH": (1, 3), "UW": (0, 4), "AH": (2.5, 2),
    "ER": (2.2, 2), "AY": (3, 1.5), "AW": (3.2, 2.5), "OY": (2.2, 3),
}  # fmt: skip
_WEAK = {"AH", "IH", "HH", "ER", "T", "D"}  # often swallowed: "ice coffee" for "iced"


def spelled(word: str) -> tuple[str, ...]:
    """Return how *word* is likely to be spoken, by its letters; () for one without any."""
    letters = "".join(one for one in word.lower()[:WORD_MAX] if "a" <= one <= "z")
    if len(letters) > 3 and letters.endswith("e") and letters[-2] not in "aeiou":
        return _of(letters, len(letters) - 1, final=_LONG.get(letters[-3], ""))
    return _of(letters, len(letters), final="")


def _of(letters: str, end: int, *, final: str) -> tuple[str, ...]:
    """Spell *letters* up to *end*; *final* is the sound of the vowel before a mute e."""
    sounds: list[str] = []
    place = 0
    while place < end:
        for length in (4, 3, 2, 1):
            part = letters[place : min(end, place + length)]
            if len(part) == length and part in _SPELLED:
                break
        told = _SPELLED[part].split()
        if part in ("c", "g") and letters[place + 1 : place + 2] in tuple(_SOFT):
            told = ["S"] if part == "c" else ["JH"]
        elif final and place == end - 2 and part in _LONG:
            told = [final]
        sounds += [one for one in told if sounds[-1:] != [one]]  # a doubled letter sounds once
        place += length
    return tuple(sounds)


def read_dictionary(lines: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return each word's first pronunciation in a CMU dictionary; odd lines are passed over."""
    found: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(lines):
        if number > LINES_MAX:
            break
        word, _, sounds = line[:LINE_MAX].strip().partition(" ")
        if word and sounds and "(" not in word:
            found.setdefault(word.lower(), tuple(one.rstrip("012") for one in sounds.split()))
    return found


@lru_cache(maxsize=2048)
def unlike(one: str, other: str) -> float:
    """Return how unlike two phonemes are, from 0 for the same to 1."""
    if one == other:
        return 0.0
    if one in _VOWELS and other in _VOWELS:
        (a, b), (c, d) = _VOWELS[one], _VOWELS[other]
        return min(0.7, 0.15 + 0.12 * abs(a - c) + 0.08 * abs(b - d))
    if one in _CONSONANTS and other in _CONSONANTS:
        (manner, place, voice), (manner2, place2, voice2) = _CONSONANTS[one], _CONSONANTS[other]
        far = 0.25 * (voice != voice2) + 0.45 * (manner != manner2) + 0.1 * abs(place - place2)
        return min(1.0, far)
    return 0.6 if {one, other} <= {"ER", "R", "L", "AH", "W", "OW", "UW", "IY", "Y"} else 1.0


def dropped(sound: str) -> float:
    """Return what it costs that *sound* is missing, or was put in."""
    return 0.45 if sound in _WEAK else 0.8


def distance(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Return the least cost of turning *one* into *other* (Wagner & Fischer 1974, weighted)."""
    row = [0.0]
    for sound in other:
        row.append(row[-1] + dropped(sound))
    for mine in one:
        before, row[0] = row[0], row[0] + dropped(mine)
        for j, sound in enumerate(other, start=1):
            best = min(
                row[j] + dropped(mine), row[j - 1] + dropped(sound), before + unlike(mine, sound)
            )
            before, row[j] = row[j], best
    return row[-1]
