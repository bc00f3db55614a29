"""How a model is asked to word a sentence, and whether what it says may be said.  Pure."""

import re
from typing import Literal

from agent.errors import ModelError
from agent.ports import LanguageModel

REWORD = (
    "You rephrase one sentence for a smart watch. Keep every number, time, name and unit exactly "
    "as it is. Add nothing. Answer with one sentence only."
)
TOKENS_MAX = 96
LONGER_MAX = 1.4  # a rewording may be so many times as long
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_TURNS = frozenset(
    "no not never none nothing without less more fewer under over above below lower higher up "
    "down before after until since late early first last worse better can't don't isn't cannot "
    "shorter longer raised usual".split()
)
_STOP = frozenset(
    "a an and are as at be been by do for from had has have i in is it its me my of on or so "
    "that the there this to was were with would you your minutes' could should will then how "
    "about please let take took go here now time today".split()
)


def faithful(template: str, worded: str) -> bool:
    """Return whether *worded* says what *template* says, as far as code can tell.

    The same numbers in the same order, the same words that turn a meaning round, no name and no
    content word of its own beyond a few, one line, not much longer.
    """
    if "\n" in worded or not worded or len(worded) > LONGER_MAX * len(template) + 10:
        return False
    if _NUMBER.findall(template) != _NUMBER.findall(worded):
        return False
    said, meant = _words(worded), _words(template)
    if [w for w in said if w in _TURNS] != [w for w in meant if w in _TURNS]:
        return False
    own = {word for word in said if word not in meant and word not in _STOP}
    names = {w for w in _WORD.findall(worded)[1:] if w[0].isupper() and w.lower() not in meant}
    lost = {w.lower() for w in _WORD.findall(template)[1:] if w[0].isupper()} - set(said) - _STOP
    return not names and not lost and len(own) <= max(1, len(meant) // 6)


async def reworded(model: LanguageModel, template: str) -> tuple[str, Literal["model", "template"]]:
    """Return *template* in the model's words where they say the same, else as it is."""
    try:
        worded = await model.complete(REWORD, template, tokens_max=TOKENS_MAX)
    except ModelError:
        return template, "template"
    return (worded, "model") if faithful(template, worded) else (template, "template")


def _words(text: str) -> list[str]:
    return [word.lower().replace("\u2019", "'") for word in _WORD.findall(text)]
