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
# A number with its sign, a word, or any other sign that is not of the punctuation below.
_TOKEN = re.compile(
    r"(?:(?<![\w)])[-\u2212])?\d+(?:[.,:/]\d+)*"
    r"|[^\W\d_]+(?:'[^\W\d_]+)*"
    r"|[^\s.,;:!()\"'\u2013\u2014\u2026-]"
)
_CUT = re.compile(r"\b(?:no|not|nothing|never|none|without|cannot|\w+n't)\s*[^\w\s'(]")
_FREE = frozenset("a an the well okay ok hey hi hello please".split())
_SAME = {
    "you've": "you have",
    "you're": "you are",
    "it's": "it is",
    "isn't": "is not",
    "can't": "cannot",
    "in total": "in all",
    "altogether": "in all",
}
_ALIKE = re.compile("|".join(rf"\b{re.escape(said)}\b" for said in _SAME))


def faithful(template: str, worded: str) -> bool:
    """Return whether *worded* says what *template* says, on one line and not much longer.

    All that carries meaning (numbers, units, names, verbs, prepositions, negations) is there
    again in the same order, and nothing else but words that say nothing.  Whatever is freer than
    that lets something false through: `to` for `from`, `highest` for `lowest`, `I` for `you`.
    """
    if len(worded.splitlines()) != 1 or len(worded) > LONGER_MAX * len(template) + 10:
        return False
    said, meant = _plain(worded), _plain(template)
    if len(_CUT.findall(said)) != len(_CUT.findall(meant)):
        return False  # "no, meetings today" is not "no meetings today"
    return _claims(said) == _claims(meant)


async def reworded(model: LanguageModel, template: str) -> tuple[str, Literal["model", "template"]]:
    """Return *template* in the model's words where they say the same, else as it is."""
    try:
        worded = await model.complete(REWORD, template, tokens_max=TOKENS_MAX)
    except ModelError:
        return template, "template"
    return (worded, "model") if faithful(template, worded) else (template, "template")


def _plain(text: str) -> str:
    lower = " ".join(text.lower().replace("\u2019", "'").split())
    return _ALIKE.sub(lambda match: _SAME[match[0]], lower)


def _claims(text: str) -> list[str]:
    return [token for token in _TOKEN.findall(text) if token not in _FREE]
