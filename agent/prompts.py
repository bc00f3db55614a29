"""How a model is asked to word a sentence, and whether what it says may be said.  Pure."""

import re
from typing import Literal

from agent.errors import ModelError
from agent.ports import LanguageModel

REWORD = (
    "You rephrase one sentence for a smart watch. Keep every number, time, name and unit exactly "
    "as it is. Add nothing. Answer with one sentence only."
)
TOKENS_MAX = 64
TEMPLATE_MAX = 200  # a list is said as it is: longer than this no model here is right
GIVE_UP = 3
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
    if not worded.isprintable() or len(worded) > LONGER_MAX * len(template) + 10:
        return False
    said, meant = _plain(worded), _plain(template)
    if len(_CUT.findall(said)) != len(_CUT.findall(meant)):
        return False  # "no, meetings today" is not "no meetings today"
    return _claims(said) == _claims(meant)


class Rewording:
    """Asks a model to word sentences, and stops asking one that cannot.

    A small model often answers with something else; after GIVE_UP such answers in a row it costs
    no more time and no more battery until the next start.
    """

    def __init__(self, model: LanguageModel | None) -> None:
        self._model = model
        self._failures = 0

    async def word(self, template: str) -> tuple[str, Literal["model", "template"]]:
        """Return *template* in the model's words where they say the same, else as it is."""
        if self._model is None or self._failures >= GIVE_UP or len(template) > TEMPLATE_MAX:
            return template, "template"
        try:
            worded = await self._model.complete(REWORD, template, tokens_max=TOKENS_MAX)
        except ModelError:
            return template, "template"
        if worded == template or not faithful(template, worded):
            self._failures += 1
            return template, "template"
        self._failures = 0
        return worded, "model"


def _plain(text: str) -> str:
    lower = " ".join(text.lower().replace("\u2019", "'").split())
    return _ALIKE.sub(lambda match: _SAME[match[0]], lower)


def _claims(text: str) -> list[str]:
    return [token for token in _TOKEN.findall(text) if token not in _FREE]
